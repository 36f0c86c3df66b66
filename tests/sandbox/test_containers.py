"""As in a container: a filter above the host's process refuses what Docker's and Podman's default profiles refuse."""

from __future__ import annotations

import platform
import struct
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the kernel sandbox needs Linux")

# unshare, setns, mount, umount2, pivot_root, pidfd_getfd, process_vm_readv, process_vm_writev, ptrace, kcmp
REFUSED = {
    "x86_64": (272, 308, 165, 166, 155, 438, 310, 311, 101, 312),
    "aarch64": (97, 268, 40, 39, 41, 438, 270, 271, 117, 272),
}
LOAD, IF_EQUAL, RETURN, ALLOW, REFUSE = 0x20, 0x15, 0x06, 0x7FFF_0000, 0x0005_0001

STORY = """
import asyncio, sys
from lithify.ports import SandboxSpec
from lithify.sandbox import start_sandbox
from lithify.sandbox.guest import kernel, seccomp
from tests.sandbox.test_containers import profile

kernel.forbid_new_privileges()
if sys.argv[1] == "listened to":
    listener = seccomp.install_interception(seccomp.build_interception(("getcpu",)))
seccomp.install(profile())

async def main():
    sandbox = await start_sandbox(SandboxSpec(preload=("json",), threads=5))
    print({name: how[:3] for name, how in sandbox.layers.items()})
    session = await sandbox.open_session({"text": "x" * 100_000})
    for code in ("import colorsys\\n[1, len(text)]", f"import os\\nos.stat({sys.argv[2]!r})",
                 f"import io\\nio.open({sys.argv[2]!r}).read()", "import os\\nos.fork()"):
        result = await session.run(code, timeout=60)
        print(result.value, result.error and result.error.kind)
    await sandbox.close()

asyncio.run(main())
"""


def profile() -> bytes:
    """The filter, as BPF: these give EPERM, all else is allowed."""
    code = [struct.pack("=HBBI", LOAD, 0, 0, 0)]
    for number in REFUSED[platform.machine()]:
        code += [struct.pack("=HBBI", IF_EQUAL, 0, 1, number), struct.pack("=HBBI", RETURN, 0, 0, REFUSE)]
    return b"".join([*code, struct.pack("=HBBI", RETURN, 0, 0, ALLOW)])


def told(kind: str, secret: Path) -> list[str]:
    secret.write_text("secret")
    ended = subprocess.run(
        [sys.executable, "-c", STORY, kind, str(secret)], capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout.splitlines()


def test_the_broker_stands_in(tmp_path: Path) -> None:
    layers, *results = told("plain", tmp_path / "secret")
    assert "'namespaces': 'no:'" in layers
    assert "'broker': 'yes'" in layers
    assert "'no-open': 'not'" in layers
    assert results == ["[1, 100000] None", "None FileNotFoundError", "None FileNotFoundError", "None PermissionError"]


def test_where_somebody_listens_already_nothing_is_opened(tmp_path: Path) -> None:
    """One process can have one listener; whoever started this one took it."""
    layers, first, *others = told("listened to", tmp_path / "secret")
    assert "'broker': 'no:'" in layers
    assert "'no-open': 'yes'" in layers
    assert first == "None ModuleNotFoundError"
    assert others == ["None FileNotFoundError", "None PermissionError", "None PermissionError"]
