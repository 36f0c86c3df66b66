"""The process of a zygote, up to the moment when it is told its settings."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

_GUEST = Path(__file__).parent / "guest"
_PACKAGE = "lithify_guest"
_BOOT = (
    "import sys, importlib.util as u\n"
    "folder = sys.argv[2]\n"
    f"s = u.spec_from_file_location({_PACKAGE!r}, folder + '/__init__.py', submodule_search_locations=[folder])\n"
    "m = u.module_from_spec(s)\n"
    f"sys.modules[{_PACKAGE!r}] = m\n"
    "s.loader.exec_module(m)\n"
    "sys.path += sys.argv[3:]\n"
    f"from {_PACKAGE}.zygote import main\n"
    "main(int(sys.argv[1]))\n"
)


def _environment(hash_seed: int | None) -> dict[str, str]:
    """Built from nothing: what the libraries need, and no more."""
    environment = {
        "PATH": "/usr/bin:/bin",
        "HOME": "/",
        "LC_ALL": "C.UTF-8",
        "TZ": "UTC",
        "MPLBACKEND": "Agg",
        "ARROW_DEFAULT_MEMORY_POOL": "system",
        "POLARS_MAX_THREADS": "2",
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "PYTEST_ADDOPTS": "--capture=sys -p no:cacheprovider -p no:faulthandler -p no:logging",
    }
    environment |= dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    if "LD_LIBRARY_PATH" in os.environ:  # an interpreter may need it to start at all
        environment["LD_LIBRARY_PATH"] = os.environ["LD_LIBRARY_PATH"]
    if hash_seed is not None:
        environment["PYTHONHASHSEED"] = str(hash_seed)
    return environment


def _site_folders() -> list[str]:
    """Where this interpreter finds installed packages; not the folders of editable installs."""
    return [entry for entry in sys.path if Path(entry).name in ("site-packages", "dist-packages")]


class Booted:
    """A zygote's process that waits for its settings.

    control: the host's end of its socket; said: the file that it writes its errors to.
    """

    def __init__(self, hash_seed: int | None) -> None:
        """Start it. Raises OSError when this user may not execute the interpreter."""
        self.hash_seed = hash_seed
        self.said = tempfile.TemporaryFile()  # noqa: SIM115 - closed by its taker; a pipe that nobody reads could fill up
        self.control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.control.setblocking(False)
        command = [sys.executable, "-s", "-S", "-P", "-c", _BOOT, str(theirs.fileno()), str(_GUEST), *_site_folders()]
        try:
            with theirs:  # it alone keeps this end
                self.process = subprocess.Popen(
                    command,
                    env=_environment(hash_seed),
                    pass_fds=[theirs.fileno()],
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=self.said,
                    cwd="/",
                    start_new_session=True,  # Ctrl-C in the terminal is for the host alone
                )
        except OSError:
            self.control.close()
            self.said.close()
            raise

    def discard(self) -> None:
        """End it unused."""
        self.control.close()
        self.said.close()
        self.process.kill()
        self.process.wait()


_early: list[Booted] = []


def early(hash_seed: int | None) -> None:
    """Start the process of the next zygote now, beside whatever is done until there is one.

    For a command that knows that it will need a sandbox before it has read what for. What can go wrong is told when
    the zygote is started.
    """
    if sys.platform == "linux" and not _early:
        with contextlib.suppress(OSError):
            _early.append(Booted(hash_seed))


def take(hash_seed: int | None) -> Booted:
    """The process that was started early, if it fits; else a new one. Raises OSError."""
    while _early:
        found = _early.pop()
        if found.hash_seed == hash_seed and found.process.poll() is None:
            return found
        found.discard()
    return Booted(hash_seed)


def discard() -> None:
    """End what was started early and not taken."""
    while _early:
        _early.pop().discard()
