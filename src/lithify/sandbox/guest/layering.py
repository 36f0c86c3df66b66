"""Which layers this machine gives, laid once for all workers of a zygote, and what the report says of them."""

# Plain os calls, since pathlib would be imported into every worker for nothing:
# ruff: noqa: PTH100, PTH110, PTH123
from __future__ import annotations

import os
from typing import Any

from . import kernel, landlock, limits, namespaces, seccomp
from .broker import FILE_CALLS, THREAD_CALLS, Broker
from .confine import Confinement

_LEFT_OUT = "no: left out by the settings"
_NOT_NEEDED = "not needed: the root holds the libraries only"
_OUTSIDE = ("/etc/passwd", "/etc/hostname", "/proc/version", "/etc")


class Layering:
    """Lays the layers of one zygote, in order; `report` says for each how it holds, or why not."""

    def __init__(self, settings: dict[str, Any]) -> None:
        self.report: dict[str, str] = {}
        self.broker: Broker | None = None
        self.pid_namespace = -1
        self.outside = next(path for path in _OUTSIDE if os.path.exists(path))
        self._settings = settings
        self._own_namespaces = False
        self._has_root = False
        self._as_root = os.getuid() == 0
        self._intercepted: tuple[str, ...] = ()
        self.processes = -1
        self._ruleset = -1
        self._base = (0, 0)
        self._paths: list[str] = []
        self._links: list[tuple[str, str]] = []
        self._null = -1
        with open("/proc/sys/kernel/cap_last_cap", encoding="ascii") as file:
            self._last_capability = int(file.read())

    def _wanted(self, layer: str) -> bool:
        """Whether the settings leave the layer in; the report says so otherwise."""
        if layer in self._settings["without"]:
            self.report[layer] = _LEFT_OUT
            return False
        return True

    def enter_namespaces(self, close_in_parent: tuple[int, ...]) -> None:
        """Before anything is imported: a process with threads cannot leave its user namespace."""
        if self._wanted("namespaces"):
            try:
                namespaces.enter(close_in_parent)
                self._own_namespaces = True
                self.report["namespaces"] = "yes"
            except OSError as error:
                self.report["namespaces"] = f"no: {error.strerror or error}"
        self._null = os.open(os.devnull, os.O_RDWR)
        self.processes = os.open("/proc", os.O_RDONLY | os.O_DIRECTORY)
        if self._own_namespaces:
            self.pid_namespace = os.open("/proc/self/ns/pid", os.O_RDONLY)

    def find_libraries(self) -> None:
        """Before the preload, which may map libraries from anywhere: their folders are not meant."""
        readable = [os.path.abspath(path) for path in self._settings["readable"]]
        self._paths = namespaces.library_paths(readable)
        self._links = namespaces.links_to(self._paths, readable)

    def confine_files(self) -> None:
        """Fix what workers may read: by a new root, else by the broker, and by Landlock in any case."""
        paths, links = self._paths, self._links
        self._base = limits.current_memory()
        self._enter_root(paths, links)
        self._prepare_landlock(paths)
        self._choose_intercepted()
        if self._intercepted:
            self.broker = Broker(paths, links, self._settings["threads"])
        if self._wanted("seccomp"):
            self.report["seccomp"] = "yes" if seccomp.available() else f"no: no table for {kernel.MACHINE}"
        if self._wanted("rlimits"):
            self.report["rlimits"] = "yes"
        self._decide_no_open()

    def _enter_root(self, paths: list[str], links: list[tuple[str, str]]) -> None:
        if not self._wanted("root"):
            return
        if not self._own_namespaces:
            self.report["root"] = "no: needs namespaces"
            return
        try:
            namespaces.enter_new_root(paths, links)
            self._has_root = True
            self.report["root"] = "yes"
        except OSError as error:
            self.report["root"] = f"no: {error}"

    def _prepare_landlock(self, paths: list[str]) -> None:
        if not self._wanted("landlock"):
            return
        version = landlock.abi()
        self.report["landlock"] = f"abi {version}" if version else "no: not in this kernel"
        if version:
            self._ruleset = landlock.prepare(paths, version)

    def _choose_intercepted(self) -> None:
        """File calls where there is no new root, new threads where RLIMIT_NPROC does not count a session's own."""
        counted = self._own_namespaces and not self._as_root  # for root, the kernel does not count
        if not counted and self._sees_workers and seccomp.available() and self._wanted("rlimits"):
            self._intercepted += THREAD_CALLS
        if not self._wanted("broker"):
            return
        if self._has_root:
            self.report["broker"] = _NOT_NEEDED
        elif not seccomp.available():
            self.report["broker"] = f"no: no table of system calls for {kernel.MACHINE}"
        elif not self._sees_workers:
            self.report["broker"] = "no: /proc does not show the workers"
        else:
            self._intercepted += FILE_CALLS
            self.report["broker"] = "yes"

    def _decide_no_open(self) -> None:
        confined = self._has_root or self._brokered  # Landlock alone lets names and sizes of files be seen
        self.report["no-open"] = "not needed: files are confined by name" if confined else "yes"

    @property
    def _sees_workers(self) -> bool:
        """Whether /proc shows this process, and so its workers, by the ids that it knows itself."""
        return os.readlink("self", dir_fd=self.processes) == str(os.getpid())

    @property
    def _brokered(self) -> bool:
        return "openat" in self._intercepted

    def give_up_interception(self, why: str) -> None:
        """Calls of workers cannot be answered on this machine."""
        if self._brokered:
            self.report["broker"] = f"no: {why}"
        self.broker, self._intercepted = None, ()
        self._decide_no_open()

    @property
    def plan(self) -> Confinement:
        """What every worker is confined by."""
        return Confinement(
            own_namespaces=self._own_namespaces,
            ruleset=self._ruleset,
            interception=seccomp.build_interception(self._intercepted) if self._intercepted else b"",
            brokered=self._brokered,
            with_filter=self.report["seccomp"] == "yes",
            with_limits=self.report["rlimits"] == "yes",
            no_open=self.report["no-open"] == "yes",
            base=self._base,
            memory=self._settings["memory"],
            threads=self._settings["threads"],
            last_capability=self._last_capability,
            null=self._null,
        )

    def judge(self, found: dict[str, bool]) -> None:
        """Take back what the probe disproved (see probe.py): a layer holds when what it forbids has failed."""
        plan = self.plan
        refutations = {
            "seccomp": ("write a file", "open a socket", "start a process", "send a signal", "execute memory"),
            "rlimits": ("use unlimited memory",),
            "landlock": ("read a file of the host",),
            "root": ("read a file of the host", "see a file of the host"),
            "broker": ("read a file of the host", "see a file of the host"),
            "no-open": ("read a file of the host",),
        }
        reads = found["read a library"] or plan.no_open
        if plan.interception and not (reads and found["start a thread"]):
            self.give_up_interception("workers could not read a library or start a thread through it")
            return
        for layer, actions in refutations.items():
            done = [action for action in actions if found[action]]
            if done and self._holds(layer):
                self.report[layer] = f"no: a worker could {done[0]} all the same"

    def _holds(self, layer: str) -> bool:
        return self.report[layer] == "yes" or self.report[layer].startswith("abi ")
