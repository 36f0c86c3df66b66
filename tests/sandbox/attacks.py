"""Hostile cells. Each is one cell of a fresh session in the arena (arena.py); PWNED in the output means it worked."""

# ruff: noqa: E501
from __future__ import annotations

from tests.sandbox.arena import CELL_SECONDS, Attack

LIBC = "import ctypes, os, errno\nL = ctypes.CDLL(None, use_errno=True)\nL.syscall.restype = ctypes.c_long\n"
CHANNEL = "import gc, os, struct, sys, msgpack\nwire = sys.modules['lithify_guest.wire']\n"
CALLS = "calls = llm_query.__closure__[0].cell_contents\nchannel = calls._channel\n"


def _attacks(category: str, contained_means: str, *codes: str, seconds: float = CELL_SECONDS) -> list[Attack]:
    return [
        Attack(
            id=f"{category}-{number}", category=category, code=code, contained_means=contained_means, seconds=seconds
        )
        for number, code in enumerate(codes, 1)
    ]


FILES = _attacks(
    "files",
    "no file of the host is read, seen or changed",
    "print(open('@FOLDER@/secret.txt').read())",
    "import builtins\nprint(builtins.open('@FOLDER@/secret.txt').read())",
    "import io\nprint(io.open('@FOLDER@/secret.txt').read())",
    "import _io\nprint(_io.FileIO('@FOLDER@/secret.txt').readall())",
    "import os\nprint(os.read(os.open('@FOLDER@/secret.txt', os.O_RDONLY), 99))",
    "import os\nprint(os.read(os.open('@FOLDER@/secret.txt', os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC), 99))",
    "import os\nfd = os.open('@FOLDER@/secret.txt', os.O_PATH)\nprint('PWNED', fd)",
    "import os\nos.stat('@FOLDER@/secret.txt')\nprint('PWNED')",
    "import os\nprint('PWNED') if os.path.lexists('@FOLDER@') else None",
    "import os\nprint('PWNED') if os.access('@FOLDER@/secret.txt', os.F_OK) else None",
    "import os\nos.chdir('@FOLDER@')\nprint('PWNED', os.listdir('.'))",
    "import os\nprint('PWNED') if set(os.listdir('/')) & {'home', 'root', 'etc', 'proc', 'sys', 'dev'} else None",
    "import glob\nprint('PWNED') if glob.glob('/tmp/*') + glob.glob('/home/*') + glob.glob('/etc/*') else None",
    "import os\nprint(os.readlink('/proc/self/exe'), 'PWNED')",
    "import os, sys\nbase = os.path.dirname(os.__file__)\n"
    "print(os.read(os.open(base + '/../../../../../../../..@FOLDER@/secret.txt', 0), 99))",
    "import os, sys\nd = os.open(os.path.dirname(os.__file__), os.O_RDONLY | os.O_DIRECTORY)\n"
    "print(os.read(os.open('../../../../../../../..@FOLDER@/secret.txt', 0, dir_fd=d), 99))",
    "import os\nd = os.open(os.path.dirname(os.__file__), os.O_RDONLY | os.O_DIRECTORY)\n"
    "os.fchdir(d)\nprint(os.read(os.open('../../../../../../../..@FOLDER@/secret.txt', 0), 99))",
    LIBC + "how = (ctypes.c_uint64 * 3)(0, 0, 0)\n"
    "fd = L.syscall(437, -100, b'@FOLDER@/secret.txt', how, 24)\nprint('PWNED' if fd >= 0 else '')",
    LIBC + "handle = ctypes.create_string_buffer(136)\nhandle[0] = 128\nmount = ctypes.c_int()\n"
    "print('PWNED' if L.syscall(303, -100, b'@FOLDER@/secret.txt', handle, ctypes.byref(mount), 0) == 0 else '')",
    LIBC + "print('PWNED' if L.syscall(428, -100, b'/', 1) >= 0 or L.syscall(430, b'proc', 0) >= 0 else '')",
    LIBC + "print('PWNED' if L.syscall(332, -100, b'@FOLDER@/secret.txt', 0, 0xfff, "
    "ctypes.create_string_buffer(256)) == 0 else '')",
    LIBC + "print('PWNED' if L.syscall(2, b'@FOLDER@/secret.txt', 0) >= 0 else '')",
    LIBC + "b = ctypes.create_string_buffer(99)\n"
    "print('PWNED' if L.syscall(191, b'@FOLDER@/secret.txt', b'user.x', b, 99) not in (-1,) "
    "or ctypes.get_errno() == errno.ENODATA else '')",
    LIBC + "print('PWNED' if L.syscall(137, b'@FOLDER@', ctypes.create_string_buffer(256)) == 0 else '')",
    LIBC
    + "i = L.inotify_init1(0)\nprint('PWNED' if i >= 0 and L.inotify_add_watch(i, b'@FOLDER@', 0xfff) >= 0 else '')",
    "import mmap, os\nfd = os.open('@FOLDER@/secret.txt', 0)\nprint(mmap.mmap(fd, 0, prot=1)[:])",
    "import numpy as np\nprint(np.memmap('@FOLDER@/secret.txt', mode='r')[:].tobytes())",
    "import sqlite3\nprint(sqlite3.connect('file:@FOLDER@/secret.txt?mode=ro', uri=True).execute('select 1').fetchall())",
    "import zipimport, importlib.machinery as m\nprint(m.SourceFileLoader('x', '@FOLDER@/secret.txt').get_data("
    "'@FOLDER@/secret.txt'))",
    "import ctypes\nctypes.CDLL('@FOLDER@/secret.txt')\nprint('PWNED')",
    "import sys\nsys.path.insert(0, '@FOLDER@')\nimport secret\nprint('PWNED')",
    "import linecache, tokenize, traceback\nprint(linecache.getlines('@FOLDER@/secret.txt'))",
    "import logging.config\nlogging.config.fileConfig('@FOLDER@/secret.txt')\nprint('PWNED')",
    "import pathlib, shutil\nshutil.copy('@FOLDER@/secret.txt', '@FOLDER@/copied')",
    "import os\nos.open('@FOLDER@/new', os.O_CREAT | os.O_WRONLY)",
    "import os\nos.open('@FOLDER@/secret.txt', os.O_RDONLY | os.O_TRUNC)",
    "import os\nos.open('@FOLDER@', os.O_TMPFILE | os.O_RDWR)\nprint('PWNED')",
    "import os\nos.mkdir('@FOLDER@/new')",
    "import os\nos.symlink('/etc/passwd', '@FOLDER@/new')",
    "import os\nos.remove('@FOLDER@/secret.txt')",
    "import os\nos.truncate('@FOLDER@/secret.txt', 0)",
    "import os\nos.chmod('@FOLDER@/secret.txt', 0o777)",
    "import os\nos.utime('@FOLDER@/secret.txt', (0, 0))\nprint('PWNED')",
    "import os\nos.mkfifo('@FOLDER@/fifo')",
    "import tempfile\ntempfile.TemporaryFile()\nprint('PWNED')",
    "import os\nlib = os.path.dirname(os.__file__)\nos.open(lib + '/planted.py', os.O_CREAT | os.O_WRONLY)\nprint('PWNED')",
    "import os, shutil\nlib = os.path.dirname(os.__file__)\nos.rename(lib + '/this.py', lib + '/that.py')\nprint('PWNED')",
    LIBC + "f = L.syscall(304, 0, 0, 0)\nprint('PWNED' if ctypes.get_errno() not in (1, 38) else '')",
)

NETWORK = _attacks(
    "network",
    "nothing arrives at a listener",
    "import socket\nsocket.create_connection(('127.0.0.1', @PORT@), 2)",
    "import socket\nsocket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', @PORT@))",
    "import socket\nsocket.socket(socket.AF_UNIX).connect('\\0lithify-@PORT@')",
    "import socket\nsocket.socket(socket.AF_UNIX, socket.SOCK_DGRAM).sendto(b'x', '@FOLDER@/dgram')",
    "import socket\na, b = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)\na.sendto(b'x', '@FOLDER@/dgram')",
    "import socket\na, b = socket.socketpair()\na.connect('\\0lithify-@PORT@')\nprint('PWNED')",
    "import socket\na, b = socket.socketpair()\na.sendto(b'x', '\\0lithify-@PORT@')\na.sendmsg([b'x'], [], 0, "
    "'@FOLDER@/dgram')",
    "import urllib.request\nurllib.request.urlopen('http://127.0.0.1:@PORT@/')",
    "import asyncio\nasyncio.run(asyncio.open_connection('127.0.0.1', @PORT@))",
    "import socket\nsocket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0)\nprint('PWNED')",
    "import socket\nsocket.socket(socket.AF_PACKET, socket.SOCK_RAW)\nprint('PWNED')",
    "import socket\nsocket.socket(40, socket.SOCK_STREAM)\nprint('PWNED vsock')",
    "import socket\nsocket.socket(38, socket.SOCK_SEQPACKET)\nprint('PWNED alg')",
    "import socket\na, b = socket.socketpair()\na.listen()\nprint('PWNED')",
    "import socket\nsocket.getaddrinfo('localhost', 80)\nprint('PWNED')",
    "import socket\nprint(*('PWNED' for i in socket.if_nameindex()))",
    LIBC + "print('PWNED' if L.socket(2, 1, 0) >= 0 or L.syscall(41, 10, 2, 0) >= 0 else '')",
)

PROCESSES = _attacks(
    "processes",
    "no process is started, replaced, signalled or read",
    "import os\nif os.fork() == 0:\n    os._exit(0)\nprint('PWNED')",
    "import os\nprint('PWNED') if os.system('true') == 0 else None",
    "import os\nos.execv('/bin/sh', ['sh', '-c', 'echo PWNED'])",
    "import os\nos.posix_spawn('/bin/true', ['true'], {})\nprint('PWNED')",
    "import subprocess\nsubprocess.Popen(['/bin/true'])\nprint('PWNED')",
    "import _posixsubprocess, subprocess\nprint(subprocess.getoutput('echo PW' + 'NED'))",
    LIBC + "print('PWNED' if L.vfork() > 0 else '')",
    LIBC + "for flags in (0x11, 0x100 | 0x11, 0x4100 | 0x11, 0x10000 | 0x100 | 0x800 | 0x10000000):\n"
    "    r = L.syscall(56, flags, 0, 0, 0, 0)\n    if r == 0: L._exit(0)\n    if r > 0: print('PWNED', hex(flags))",
    LIBC + "args = (ctypes.c_uint64 * 11)(0x100, 0, 0, 0, 17)\nr = L.syscall(435, args, 88)\n"
    "if r == 0: L._exit(0)\nprint('PWNED' if r > 0 else '')",
    LIBC + "print('PWNED' if L.syscall(322, 3, b'', 0, 0, 0x1000) == 0 else '')",
    "import os\nfor p in (-1, 0, 1, 2, os.getppid() or 1):\n    try:\n        os.kill(p, 0)\n        print('PWNED', p)\n"
    "    except OSError:\n        pass",
    "import os, signal\nos.killpg(0, signal.SIGTERM)\nprint('PWNED')",
    LIBC + "info = ctypes.create_string_buffer(128)\nprint('PWNED' if L.syscall(129, 1, 10, info) == 0 else '')",
    LIBC + "print('PWNED' if L.syscall(200, 1, 0) == 0 or L.syscall(234, 2, 2, 0) == 0 else '')",
    LIBC + "fd = L.syscall(434, 1, 0)\nprint('PWNED' if fd >= 0 else '')",
    LIBC
    + "print('PWNED' if L.ptrace(0, 0, 0, 0) == 0 or any(L.ptrace(16, p, 0, 0) == 0 for p in range(1, 500)) else '')",
    LIBC + "b = ctypes.create_string_buffer(8)\nv = (ctypes.c_uint64 * 2)(ctypes.addressof(b), 8)\n"
    "print('PWNED' if any(L.syscall(n, p, v, 1, v, 1, 0) > 0 for n in (310, 311) for p in range(1, 200)) else '')",
    LIBC + "print('PWNED' if L.syscall(438, 3, 0, 0) >= 0 or L.syscall(440, 3, 0, 0, 4, 0) == 0 else '')",
    LIBC + "print('PWNED' if L.syscall(312, 1, 2, 0, 0, 0) >= 0 else '')",
    "import os\nos.setuid(0)\nprint('PWNED') if os.getuid() == 0 and os.geteuid() != os.getuid() else None",
    LIBC + "print('PWNED' if L.setns(3, 0) == 0 or L.unshare(0x10000000) == 0 or L.chroot(b'/') == 0 else '')",
    LIBC + "print('PWNED' if L.mount(b'none', b'/', b'tmpfs', 0, 0) == 0 or L.umount2(b'/', 2) == 0 else '')",
    LIBC + "print('PWNED' if L.prctl(4, 1, 0, 0, 0) == 0 or L.prctl(1, 0, 0, 0, 0) == 0 else '')",
    LIBC + "print('PWNED' if L.prctl(0x59616d61, -1, 0, 0, 0) == 0 or L.personality(0x0040000) >= 0 else '')",
    LIBC + "print('PWNED' if L.capset(b'\\x22\\x05\\x08\\x20\\0\\0\\0\\0', b'\\xff' * 24) == 0 else '')",
    "import resource\nresource.setrlimit(resource.RLIMIT_DATA, (-1, -1))\nprint('PWNED')",
    "import os\nos.nice(-5)\nprint('PWNED')",
    "import os\nos.sched_setaffinity(0, {0})\nprint('PWNED')",
)

KERNEL = _attacks(
    "kernel",
    "kernel interfaces beyond computing are refused",
    LIBC + "print('PWNED' if L.syscall(425, 8, ctypes.create_string_buffer(256)) >= 0 else '')",
    LIBC + "print('PWNED' if L.syscall(426, 3, 1, 0, 0, 0, 0) >= 0 or L.syscall(427, 3, 0, 0, 0) >= 0 else '')",
    LIBC + "print('PWNED' if L.syscall(323, 1) >= 0 or L.syscall(323, 0x80000) >= 0 else '')",
    LIBC
    + "print('PWNED' if any(L.syscall(321, c, ctypes.create_string_buffer(256), 128) >= 0 for c in range(6)) else '')",
    LIBC + "print('PWNED' if L.syscall(298, ctypes.create_string_buffer(128), 0, -1, -1, 0) >= 0 else '')",
    LIBC + "print('PWNED' if any(L.syscall(319, b'x', f) >= 0 for f in (0, 1, 2, 4, 8, 16)) else '')",
    LIBC + "print('PWNED' if L.syscall(248, b'user', b'a', b'b', 1, -3) >= 0 or L.syscall(250, 0, -3, 1) >= 0 else '')",
    LIBC + "print('PWNED' if L.syscall(317, 0, 0, 0) == 0 or L.syscall(317, 1, 0, 0) == 0 else '')",
    LIBC + "print('PWNED' if L.syscall(444, 0, 0, 1) >= 0 else '')",
    LIBC
    + "print('PWNED' if L.syscall(29, 0, 4096, 0o1600) >= 0 or L.syscall(240, b'/q', 0o102, 0o600, 0) >= 0 else '')",
    LIBC
    + "print('PWNED' if L.syscall(222, 0, 0, ctypes.create_string_buffer(8)) == 0 or L.syscall(37, 1) == 0 else '')",
    LIBC + "print('PWNED' if L.syscall(283, 0, 0) >= 0 or L.syscall(282, -1, b'\\0' * 8, 8, 0) >= 0 else '')",
    LIBC + "print('PWNED' if L.syscall(175, 0, 0, 0) == 0 or L.syscall(246, 0, 0, 0, 0) == 0 else '')",
    LIBC + "print('PWNED' if L.syscall(169, 0, 0, 0, 0) == 0 or L.syscall(170, b'x', 1) == 0 else '')",
    LIBC + "print('PWNED' if L.syscall(103, 3, ctypes.create_string_buffer(4096), 4096) >= 0 else '')",
    LIBC + "print('PWNED' if L.syscall(227, 0, ctypes.create_string_buffer(16)) == 0 else '')",
    LIBC + "print('PWNED' if L.syscall(324, 1 << 3, 0, 0) == 1 else '')",
    LIBC + "print('PWNED' if L.syscall(447, 0) >= 0 else '')",
    LIBC + "p = L.mmap(0, 4096, 7, 0x22, -1, 0)\nprint('PWNED' if p not in (-1, 0xffffffffffffffff) else '')",
    LIBC + "L.mmap.restype = ctypes.c_void_p\np = L.mmap(None, 4096, 3, 0x22, -1, 0)\n"
    "print('PWNED' if L.mprotect(ctypes.c_void_p(p), 4096, 5) == 0 or L.mprotect(ctypes.c_void_p(p), 4096, 7) == 0 "
    "else '')",
    LIBC + "print('PWNED' if L.syscall(329, 0, 4096, 5, -1) == 0 else '')",
    "import mmap\nmmap.mmap(-1, 1 << 20)\nprint('PWNED')",
    "import multiprocessing.shared_memory as s\ns.SharedMemory(create=True, size=100)\nprint('PWNED')",
    LIBC + "print('PWNED' if L.ioctl(0, 0x5412, b'x') == 0 or L.ioctl(3, 0x8912, ctypes.create_string_buffer(64)) == 0 "
    "else '')",
    LIBC
    + "print('PWNED' if L.fcntl(3, 8, 1) == 0 or L.fcntl(3, 1024, 1) == 0 or L.fcntl(3, 1031, 1 << 20) >= 0 else '')",
)

ENVIRONMENT = _attacks(
    "environment",
    "nothing of the host's environment, descriptors or memory is to be found",
    "import os\nprint(dict(os.environ))",
    "import ctypes\nL = ctypes.CDLL(None)\nL.getenv.restype = ctypes.c_char_p\nprint(L.getenv(b'SBX_CANARY_SECRET'))",
    "import os\nopen_ones = []\nfor fd in range(4096):\n    try:\n        os.fstat(fd)\n        open_ones.append(fd)\n"
    "    except OSError:\n        pass\nprint('PWNED', open_ones) if [fd for fd in open_ones if fd > 3] else None",
    "import os\nfor fd in range(3):\n    try:\n        print(os.read(fd, 100) and 'PWNED')\n    except OSError:\n        pass",
    "import gc\nfor o in gc.get_objects():\n    if isinstance(o, dict) and 'VICTIM' in o:\n        print('PWNED', o['VICTIM'])",
    "import sys\nf = sys._getframe()\nwhile f:\n    for scope in (f.f_locals, f.f_globals):\n"
    "        if 'TOKEN' in scope or 'VICTIM' in scope:\n            print('PWNED')\n    f = f.f_back",
    "import ctypes\nmaps = None\ntry:\n    maps = __import__('io').open('/proc/self/maps').read()\nexcept OSError:\n    pass\n"
    "print('PWNED' if maps else '')",
    "import os\nfor p in range(1, 400):\n    for n in ('environ', 'cmdline', 'mem', 'root', 'cwd'):\n        try:\n"
    "            os.open(f'/proc/{p}/{n}', 0)\n            print('PWNED')\n        except OSError:\n            pass",
    "import os\nos.open('/proc/self/mem', os.O_RDWR)\nprint('PWNED')",
    "import os\nos.open('/proc/self/fd/3', 0)\nprint('PWNED')",
    "import os, platform\nprint('PWNED') if os.uname().nodename not in ('sandbox', platform.node()) else None",
    "import os\nprint('PWNED') if os.path.exists('/run') or os.path.exists('/var') else None",
    "import sys, os\nwrong = [m for m in sys.modules if m.split('.')[0] in ('lithify', 'pydantic', 'click', 'sqlalchemy')]\n"
    "print('PWNED', wrong) if wrong else None",
    "import random, numpy as np\nprint('PWNED') if np.random.get_state()[1][0] == 0 else None",
    "import getpass, pwd\nprint('PWNED' if pwd.getpwall() else '')",
)

LANGUAGE = _attacks(
    "language",
    "no way through Python's own objects leads out",
    "for c in ().__class__.__base__.__subclasses__():\n    if c.__name__ == '_wrap_close':\n"
    "        c.__init__.__globals__['system']('touch @FOLDER@/pwned')",
    "import sys\nsys.modules['posix'].open('@FOLDER@/pwned', 65)",
    "print('{0.__globals__}'.format(llm_query))",
    "import pickle\npickle.loads(b\"cposix\\nsystem\\n(S'touch @FOLDER@/pwned'\\ntR.\")",
    "def f(): pass\nf.__code__ = compile(\"__import__('os').system('touch @FOLDER@/pwned')\", 'x', 'exec')\nf()",
    "__builtins__['__import__']('os').system('touch @FOLDER@/pwned')",
    "import sys\nhook = lambda name, args: None\nsys.addaudithook(hook)\nprint(open.__self__.__class__.__init__.__globals__"
    "['builtins'].open('@FOLDER@/secret.txt').read())",
    "import importlib\nimportlib.reload(importlib.import_module('os')).system('touch @FOLDER@/pwned')",
    "try:\n    1/0\nexcept Exception as e:\n    f = e.__traceback__.tb_frame\n    while f.f_back: f = f.f_back\n"
    "    print(f.f_builtins['open']('@FOLDER@/secret.txt').read())",
    "import codecs\ncodecs.open('@FOLDER@/secret.txt').read() and print('PWNED')",
    "import pandas as pd\nprint(pd.read_csv('@FOLDER@/secret.txt', header=None))",
    "import pandas as pd\npd.DataFrame({'a': [1]}).to_csv('@FOLDER@/pwned.csv')",
    'import pandas as pd\npd.eval(\'@__import__("os").system("touch @FOLDER@/pwned")\')',
    "import numpy as np\nnp.save('@FOLDER@/pwned.npy', np.arange(3))",
    "import numpy as np\nnp.load('@FOLDER@/secret.txt', allow_pickle=True)\nprint('PWNED')",
    "import webbrowser\nprint('PWNED') if webbrowser.open('http://127.0.0.1:@PORT@/') else None",
)

PROTOCOL = _attacks(
    "protocol",
    "the host does not crash, grow, believe another session's result, or serve what it did not offer",
    "import os, struct\nos.write(3, struct.pack('<I', 0xfffffff0) + b'A' * 1000)",
    "import os\nos.write(3, b'\\0\\0\\0\\0')",
    "import os\nos.write(3, b'\\xff' * 100000)",
    "import os, struct\nbody = b'\\xdd\\x7f\\xff\\xff\\xff' * 1000\nos.write(3, struct.pack('<I', len(body)) + body)",
    "import os, struct\nbody = b'\\x91' * 100000 + b'\\xc0'\nos.write(3, struct.pack('<I', len(body)) + body)",
    "import os, struct\nbody = b'\\xdd' + struct.pack('>I', 1 << 22) + b'\\x90' * (1 << 22)\n"
    "data = struct.pack('<I', len(body)) + body\nimport socket\ns = socket.socket(1, 1, 0, 3)\ns.setblocking(True)\n"
    "s.sendall(data)",
    CHANNEL + "body = wire.encode(['result', 1, 'forged', 6, None, '', '', True, {'for': 'ged'}])\n"
    "os.write(3, struct.pack('<I', len(body)) + body)\nos.write(3, struct.pack('<I', len(body)) + body)\nraise SystemExit",
    CHANNEL + "body = wire.encode(['result', 2, 'x', 3, None, '', '', True, None])\n"
    "os.write(3, struct.pack('<I', len(body)) + body)",
    CHANNEL + "body = wire.encode(['result', 1, 'x' * 10_000_000, 3, None, '', '', True, None])\n"
    "import socket\ns = socket.socket(1, 1, 0, 3)\ns.setblocking(True)\ns.sendall(struct.pack('<I', len(body)) + body)",
    CHANNEL + "body = wire.encode(['result', 1, 'x', -3, ['k', 'm', -1, None], 7, [], 'no', None])\n"
    "os.write(3, struct.pack('<I', len(body)) + body)",
    CHANNEL + "body = wire.encode(['calls', 'os.system', [wire.encode([1, ['touch @FOLDER@/pwned'], {}])]])\n"
    "os.write(3, struct.pack('<I', len(body)) + body)",
    CHANNEL + "body = wire.encode(['calls', '__class__', [wire.encode([1, [], {}])]])\n"
    "os.write(3, struct.pack('<I', len(body)) + body)",
    CHANNEL
    + "for bad in ([1], [1, 2, 3], ['x', [], {}], [-1, [], {}], [1, {}, []], [1, [], {1: 2}], [True, [], {}]):\n"
    "    body = wire.encode(['calls', 'llm_query', [wire.encode(bad)]])\n"
    "    os.write(3, struct.pack('<I', len(body)) + body)",
    CHANNEL + "body = wire.encode(['calls', 'llm_query', []])\nos.write(3, struct.pack('<I', len(body)) + body)",
    CHANNEL + "for kind in ('ready', 'bound', 'answers', 'run', 'bind', ''):\n    body = wire.encode([kind])\n"
    "    os.write(3, struct.pack('<I', len(body)) + body)",
    CHANNEL + "body = msgpack.packb(['result', 1, '', 0, None, '', '', True, msgpack.ExtType(5, b'x')])\n"
    "os.write(3, struct.pack('<I', len(body)) + body)",
    CHANNEL + "body = msgpack.packb(['result', 1, '', 0, None, '', '', True, msgpack.Timestamp(1)])\n"
    "os.write(3, struct.pack('<I', len(body)) + body)",
    CHANNEL + "big = msgpack.ExtType(1, b'\\x7f' * 1_000_000)\n"
    "body = msgpack.packb(['result', 1, '', 0, None, '', '', True, big])\nimport socket\n"
    "s = socket.socket(1, 1, 0, 3)\ns.setblocking(True)\ns.sendall(struct.pack('<I', len(body)) + body)",
    CHANNEL + "body = msgpack.packb(['result', 1, '', 0, None, '', '', True, {b'k': 1}])\n"
    "os.write(3, struct.pack('<I', len(body)) + body)",
    "import os\nos.write(3, b'\\x10')",
    "import os\nos.close(3)",
    "import socket\nsocket.socket(1, 1, 0, 3).shutdown(2)",
    "import os\nwhile os.read(3, 1 << 20): pass",
    "import os\nnull = os.open(os.__file__, 0)\nos.dup2(null, 3)\nprint('PWNED')",
    "import socket, array\ns = socket.socket(1, 1, 0, 3)\n"
    "s.sendmsg([b'x'], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array('i', [0]))])\nprint('PWNED')",
    "import socket\ns = socket.socket(1, 1, 0, 3)\nprint('PWNED', s.getsockopt(1, 17, 12))",
    CALLS + "calls._max_message = 1 << 40\nllm_query('x' * (20 << 20))",
    CALLS + "channel._expected.clear()\nllm_query('x')",
    CALLS + "channel.send(b'')\nllm_query('x')",
    "import sys\nsys.modules['lithify_guest.wire'].encode = lambda *a: b'\\xc1'\n1",
    "import sys\nsys.modules['lithify_guest.repl'].Repl.run = None\nsys.modules['lithify_guest.worker']._answer = None\n1",
    "import sys\nsys.modules['lithify_guest.tracebacks'].describe = lambda *a: ('PW' + 'NED' * 0, 'x' * 10**7, 0, '')\n1/0",
    "import __main__, sys\nsys.stdout = sys.stderr = None\nprint('x')\n1/0",
    "import builtins\nfor name in list(vars(builtins)):\n    if name not in ('delattr', 'setattr'):\n"
    "        try: delattr(builtins, name)\n        except Exception: pass",
)

CALLBACKS = _attacks(
    "callbacks",
    "calls are bounded, answered and cannot hold or starve the host",
    "for _ in range(10**9):\n    try: llm_query('x')\n    except BaseException: pass",
    "llm_query_batched(['x'] * 10**7)",
    "llm_query('x' * (1 << 28))",
    "llm_query_batched(['x' * 1_000_000] * 2_000)\nNone",
    "llm_query(object())",
    "x = []\nx.append(x)\nllm_query(x)",
    "llm_query(**{'x' * 1_000_000: 1})",
    "llm_query({i: i for i in range(200_000)})",
    "import threading\nfor _ in range(40):\n    threading.Thread(target=lambda: [llm_query('x') for _ in range(10**6)], "
    "daemon=True).start()\nwhile True: pass",
    "import threading\n[threading.Thread(target=llm_query, args=('x' * 10_000_000,)).start() for _ in range(30)]\n1",
    CHANNEL + "body = wire.encode(['calls', 'llm_query', [wire.encode([i, ['x'], {}]) for i in range(5000)]])\n"
    "import socket\ns = socket.socket(1, 1, 0, 3)\ns.setblocking(True)\n"
    "while True: s.sendall(struct.pack('<I', len(body)) + body)",
    CHANNEL + "one = wire.encode([7, ['x'], {}])\nbody = wire.encode(['calls', 'llm_query', [one] * 1000])\n"
    "os.write(3, struct.pack('<I', len(body)) + body)\n1",
    "import asyncio\nasync def all():\n    await asyncio.gather(*[llm_query_async('x') for _ in range(10**5)])\n"
    "asyncio.run(all())",
    "import sys\nsys.setrecursionlimit(10**6)\ndef deep(n): return llm_query('x') and deep(n + 1)\ndeep(0)",
)

ENDLESS = _attacks(
    "endless",
    "it ends at its limit; host and other sessions do not notice",
    "while True: pass",
    "while True:\n    try:\n        while True: pass\n    except BaseException: pass",
    "def f():\n    try: f()\n    finally: f()\nf()",
    "import signal\nsignal.signal(signal.SIGUSR1, signal.SIG_IGN)\nwhile True: pass",
    "import signal\nsignal.pthread_sigmask(signal.SIG_BLOCK, range(1, 64))\nwhile True: pass",
    "import signal\nfor s in range(1, 65):\n    try: signal.signal(s, lambda *a: None)\n    except (OSError, ValueError): pass\n"
    "while True: pass",
    "import time\ntime.sleep(10**6)",
    "import re\nre.match(r'(a|aa)+$', 'a' * 60 + 'b')",
    "10**10**8",
    "int('9' * 10**7) if not __import__('sys').set_int_max_str_digits(0) else 0",
    "sum(range(10**12))",
    "'x' in ('x' * 0 for _ in iter(int, 1))",
    "import os\nwhile True: os.stat(os.__file__)",
    "import os, threading\ndef spin():\n    while True: os.path.exists('/etc')\n"
    "for _ in range(30): threading.Thread(target=spin, daemon=True).start()\nspin()",
    "while True: print('spam' * 1000)",
    "class E(Exception):\n    def __str__(self):\n        while True: pass\nraise E",
    "class R:\n    def __repr__(self):\n        while True: pass\nR()",
    "class D:\n    def __del__(self):\n        while True: pass\nd = D()\ndel d",
    seconds=0.2,
)

RESOURCES = _attacks(
    "resources",
    "it ends in time and within its memory; host and other sessions do not notice",
    "x = []\nwhile True: x.append(bytearray(1 << 24))",
    "x = 'x' * (1 << 40)",
    "import numpy as np\nx = [np.ones(1 << 24) for _ in range(10**6)]",
    LIBC + "L.malloc.restype = ctypes.c_void_p\nwhile L.malloc(1 << 24): pass",
    LIBC + "L.mmap.restype = ctypes.c_void_p\nn = 0\nwhile L.mmap(None, 1 << 30, 1, 0x4022, -1, 0) != (1 << 64) - 1:\n"
    "    n += 1\nprint('PWNED' if n > 1000 else '')",
    LIBC + "L.mmap.restype = ctypes.c_void_p\np = L.mmap(None, 1 << 34, 3, 0x4022, -1, 0)\n"
    "print('PWNED' if p not in (None, (1 << 64) - 1) else '')",
    "import threading, time\nwhile True: threading.Thread(target=time.sleep, args=(10**6,), daemon=True).start()",
    "import threading\ndef spin():\n    while True: pass\nfor _ in range(60): threading.Thread(target=spin, daemon=True).start()\n"
    "1",
    "import os\nfds = []\nwhile True: fds.append(os.pipe())",
    "import socket\npairs = []\nwhile True: pairs.append(socket.socketpair())",
    "import os\nwhile True:\n    r, w = os.pipe()\n    os.set_blocking(w, False)\n    try:\n"
    "        while True: os.write(w, b'x' * 65536)\n    except BlockingIOError: pass",
    "import sys\nsys.setrecursionlimit(10**9)\ndef f(): return f()\nf()",
    "x = []\nfor _ in range(10**6): x = [x]\nrepr(x)",
    "x = {}\nfor _ in range(10**5): x = {'a': x}\nx",
    "eval('(' * 10**5 + ')' * 10**5)",
    "print('A' * (1 << 29))",
    "'A' * (1 << 28)",
    "[0] * 10**7",
    "{str(i): [i] * 10 for i in range(10**5)}",
    "raise ValueError('E' * (1 << 28))",
    "class E(BaseException):\n    def __str__(self): raise self\n    __repr__ = __str__\nraise E",
    "class R:\n    def __repr__(self): return 'A' * (1 << 28)\n[R()] * 5",
    "type('A' * 10**7, (), {})()",
    "raise type('E' * 10**7, (Exception,), {})('x')",
    "class D(dict):\n    def items(self):\n        while True: yield 1, 1\nD()",
    "class L(list):\n    def __iter__(self): return iter(int, 1)\nL()",
    "import atexit\natexit.register(lambda: print('PWNED'))\nraise SystemExit",
    "import os\nos._exit(0)",
    "import os\nos.abort()",
    "import ctypes\nctypes.string_at(0)",
    "import sys\nsys.exit('x')",
    "raise KeyboardInterrupt",
    "raise GeneratorExit",
    "import signal, os\nsignal.raise_signal(signal.SIGSTOP)",
    "import signal, os\nfor s in (6, 9, 11, 15): signal.raise_signal(s)",
    "import sys\nsys.settrace(lambda *a: 1/0)\nfor i in range(10): pass",
    "import gc\ngc.freeze()\ngc.disable()\nx = []\nx.append(x)",
    "import faulthandler\nfaulthandler.dump_traceback_later(0.1, exit=True)\nwhile True: pass",
)

EVASIONS = _attacks(
    "evasions",
    "what the filter allows by name is refused in the forms that evade a limit or reach deep into the kernel",
    LIBC
    + "L.mmap.restype = ctypes.c_void_p\np = L.mmap(None, 4 << 30, 3, 0x122, -1, 0)\n"
    + "print('PWNED: a stack is not counted' if p not in (None, (1 << 64) - 1) else '')",
    LIBC
    + "L.mmap.restype = ctypes.c_void_p\np = L.mmap(None, 4 << 20, 3, 0x40022, -1, 0)\n"
    + "print('PWNED' if p not in (None, (1 << 64) - 1) or ctypes.get_errno() != errno.EPERM else '')",
    "import socket\na, b = socket.socketpair()\na.send(b'x', socket.MSG_OOB)\nprint('PWNED')",
    "import socket\na, b = socket.socketpair()\nb.setblocking(False)\ntry:\n    b.recv(1, socket.MSG_OOB)\n    print('PWNED')\n"
    "except PermissionError: pass\nexcept OSError: print('PWNED')",
    LIBC
    + "word = ctypes.c_uint32(0)\n"
    + "for command in (6, 7, 8, 11, 12, 13, 2):\n    ctypes.set_errno(0)\n"
    + "    L.syscall(202, ctypes.byref(word), command | 128, 0, 0, 0, 0)\n"
    + "    print('PWNED' if ctypes.get_errno() != errno.EPERM else '')",
    "import time\nfor pid in (1, 2, 100):\n    try:\n        time.clock_gettime((~pid << 3) | 2)\n        print('PWNED')\n"
    "    except OSError: pass",
    LIBC + "print('PWNED' if L.syscall(324, 1, 0, 0) == 0 or L.syscall(324, 2, 0, 0) == 0 else '')",
    LIBC
    + "L.mmap.restype = ctypes.c_void_p\np = L.mmap(None, 1 << 20, 3, 0x22, -1, 0)\n"
    + "print(*('PWNED' for a in (9, 10, 11, 12, 20, 21, 25, 100, 101, 102) "
    + "if L.madvise(ctypes.c_void_p(p), 1 << 20, a) == 0))",
    LIBC
    + "L.mmap.restype = L.mremap.restype = ctypes.c_void_p\np = L.mmap(None, 4096, 3, 0x22, -1, 0)\n"
    + "q = L.mremap(ctypes.c_void_p(p), 4096, 4096, 5)\nprint('PWNED' if q not in (None, (1 << 64) - 1) else '')",
    "import os\nfor pid in range(1, 300):\n    if pid != os.getpid():\n        try:\n            os.sched_getaffinity(pid)\n"
    "            print('PWNED')\n        except OSError: pass",
    LIBC + "print('PWNED' if L.prctl(3, 0, 0, 0, 0) >= 0 or L.prctl(22, 1, 0, 0, 0) == 0 else '')",
    LIBC
    + "L.mmap.restype = ctypes.c_void_p\nfor kind in (0, 1, 3, 4, 8, 10, 12):\n    ctypes.set_errno(0)\n"
    + "    L.mmap(None, 4096, 3, 0x20 | kind, -1, 0)\n"
    + "    print('PWNED' if kind and ctypes.get_errno() != errno.EPERM else '')",
    LIBC
    + "stat = ctypes.create_string_buffer(256)\n"
    + "print(*('PWNED' for flags in (0, 0x100, 0x800, 0x1000, 0x1900) if L.syscall(262, -100, b'@FOLDER@/secret.txt', stat, "
    + "flags) == 0))",
    "import resource\nprint(*('PWNED' for what in (resource.RLIMIT_DATA, resource.RLIMIT_AS, resource.RLIMIT_STACK, "
    "resource.RLIMIT_NOFILE, resource.RLIMIT_FSIZE) if resource.getrlimit(what)[1] == resource.RLIM_INFINITY))",
)

BROKER = _attacks(
    "broker",
    "whatever a worker passes to a file call, the process that answers goes on for the others, and stays in its libraries",
    LIBC
    + "for address in (1, 8, 4096, 1 << 47, (1 << 63) - 1, 1 << 63, (1 << 64) - 1, (1 << 64) - 4096):\n"
    + "    for number in (4, 6, 89, 80, 2):\n        L.syscall(number, ctypes.c_void_p(address), ctypes.c_void_p(address), 100)\n"
    + "    for number in (257, 262, 267, 332):\n"
    + "        L.syscall(number, -100, ctypes.c_void_p(address), ctypes.c_void_p(address), 0)",
    LIBC
    + "L.syscall(4, b'/', ctypes.c_void_p(1 << 63))\nL.syscall(89, b'/lib', ctypes.c_void_p(0), ctypes.c_size_t(1 << 63))",
    LIBC
    + "path = b'/' + b'a' * 100_000\nL.syscall(4, path, ctypes.create_string_buffer(256))\nL.syscall(257, -100, path, 0)",
    LIBC + "page = ctypes.create_string_buffer(b'/' * 70_000, 70_000)\nL.syscall(257, -100, page, 0)",
    "import os\nfor name in (b'\\xff\\xfe', b'', b'.', b'..', b'//', b'/../..', b'a/../../etc/passwd', '/\ud800'):\n"
    "    for call in (os.stat, os.lstat, os.readlink, os.listdir, os.chdir):\n        try: call(name)\n"
    "        except (OSError, ValueError): pass",
    "import os, threading, ctypes\nlib = os.__file__.encode()\nname = ctypes.create_string_buffer(lib, 4096)\n"
    "target = b'@FOLDER@/secret.txt\\0'\nL = ctypes.CDLL(None)\n"
    "def swap():\n    while True:\n        ctypes.memmove(name, target, len(target))\n        ctypes.memmove(name, lib + b'\\0', len(lib) + 1)\n"
    "threading.Thread(target=swap, daemon=True).start()\n"
    "while True:\n    fd = L.open(name, 0)\n    if fd >= 0:\n        if b'TOKEN' in os.read(fd, 40): print('PW' + 'NED')\n        os.close(fd)",
    "import os\nlib = os.path.dirname(os.__file__)\nfor link in ('/proc/self/root', '/proc/1/root', '/dev/fd/3'):\n"
    "    try:\n        os.open(link + '@FOLDER@/secret.txt', 0)\n        print('PWNED')\n    except OSError: pass",
    "import os, threading\ndef flood():\n    while True:\n        try: os.stat('/nowhere')\n        except OSError: pass\n"
    "for _ in range(50): threading.Thread(target=flood, daemon=True).start()\nflood()",
)

RANDOM = _attacks(
    "random",
    "system calls by chance, with addresses, descriptors and sizes by chance, disturb nobody",
    *(
        LIBC
        + f"import random\nchance = random.Random({seed})\n"
        + "names = (b'/etc/passwd', b'/', b'@FOLDER@/secret.txt', b'@FOLDER@/new', b'')\n"
        + "areas = [ctypes.addressof(area) for area in [ctypes.create_string_buffer(n, 65536) for n in names]]\n"
        + "values = [0, 1, 2, 3, 4, 5, -1, -100, 4096, 1 << 31, 1 << 40, 1 << 63, (1 << 64) - 1, *areas]\n"
        + "spared = {1, 3, 9, 10, 11, 12, 13, 14, 15, 25, 28, 60, 231, 273, 318, 334, 335, 218, 20, 44, 0, 17, 19, 45, 47}\n"
        + "for _ in range(20_000):\n    number = chance.randrange(470)\n    if number not in spared:\n"
        + "        L.syscall(number, *[ctypes.c_void_p(chance.choice(values) % (1 << 64)) for _ in range(6)])"
        for seed in range(6)
    ),
)

CROSS_SESSION = _attacks(
    "cross-session",
    "what one session does to its libraries is not seen by another",
    "import json, builtins\njson.loads = lambda *a: 'PW' + 'NED'\nbuiltins.len = lambda x: 7",
    "import sys\nsys.modules['json'] = None\nsys.modules.clear()",
    "import ctypes\ncontext_address = id(context)\nctypes.memset(context_address, 65, 64)",
    "import ctypes\nctypes.memset(id(1), 0, 16)\n1 + 1",
    "import sys\nsys.path[:] = ['@FOLDER@']\nsys.path_importer_cache.clear()\nimport os\nos.environ.clear()",
    "import re\nre.purge()\nre._compile = None\nimport linecache\nlinecache.cache.clear()",
)

ATTACKS: list[Attack] = [
    *FILES,
    *NETWORK,
    *PROCESSES,
    *KERNEL,
    *ENVIRONMENT,
    *LANGUAGE,
    *PROTOCOL,
    *CALLBACKS,
    *ENDLESS,
    *RESOURCES,
    *EVASIONS,
    *BROKER,
    *RANDOM,
    *CROSS_SESSION,
]
