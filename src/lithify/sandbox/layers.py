"""Which layers confine the code, what each is for, and whether they are enough. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lithify.errors import BadSettings, SandboxUnavailable
from lithify.records.quick import dataclass

FILES = "files"
"""In a floor: any one of root, landlock, broker and no-open."""
ALWAYS = "seccomp"
"""Never left out: without it, nothing runs, whatever the floor says."""
_FILE_LAYERS = ("root", "landlock", "broker", "no-open")
_OPTIONAL = ("namespaces", "root", "landlock", "broker", "rlimits")


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """One layer: what it does, and how a machine comes to have it."""

    name: str
    does: str
    remedy: str


_USER_NAMESPACES = (
    "allow unprivileged user namespaces (sysctl kernel.unprivileged_userns_clone=1; on Ubuntu "
    "kernel.apparmor_restrict_unprivileged_userns=0; in a container --security-opt seccomp=unconfined)"
)
_STAND_IN = "nothing to do: it stands in where the root cannot be changed"
_BUG = "nothing to do: it always holds, please report this as a bug"
_ALL = (
    Layer(
        name="namespaces",
        does="no other process, network interface, mount or user is visible; killing a session kills all in it",
        remedy=_USER_NAMESPACES,
    ),
    Layer(
        name="root",
        does="the file system holds the Python libraries, read-only, and nothing else",
        remedy=_USER_NAMESPACES,
    ),
    Layer(
        name="landlock",
        does="the kernel refuses every file but the libraries, TCP, abstract sockets, signals outwards",
        remedy="use a kernel from 5.13 with landlock in its lsm= list",
    ),
    Layer(
        name="broker",
        does="every file call is answered by the zygote, which knows the libraries only",
        remedy=_STAND_IN,
    ),
    Layer(name="no-open", does="nothing can be opened or looked up; only preloaded modules work", remedy=_STAND_IN),
    Layer(
        name="seccomp",
        does="system calls by allowlist: no sockets, programs, processes, writing, signals, kernel interfaces",
        remedy="use x86-64 or aarch64 Linux with CONFIG_SECCOMP_FILTER",
    ),
    Layer(name="rlimits", does="memory, threads, descriptors, file size are limited per session", remedy=_BUG),
    Layer(name="capabilities", does="every capability set is empty", remedy=_BUG),
    Layer(name="no-new-privs", does="no program could gain privileges", remedy=_BUG),
)
BY_NAME = {layer.name: layer for layer in _ALL}


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerState:
    """A layer on this machine. how is "yes", "abi 7", or why not; needed whether something else stands in for it."""

    layer: Layer
    holds: bool
    how: str
    needed: bool


def explain(report: Mapping[str, str]) -> tuple[LayerState, ...]:
    """A sandbox's `layers`, layer by layer, as `lithify doctor` shows them."""
    return tuple(
        LayerState(
            layer=layer,
            holds=holds(report, layer.name),
            how=report[layer.name],
            needed=not report[layer.name].startswith("not needed"),
        )
        for layer in _ALL
        if layer.name in report
    )


def holds(report: Mapping[str, str], name: str) -> bool:
    """Whether a layer of the report holds."""
    if name == FILES:
        return any(holds(report, layer) for layer in _FILE_LAYERS)
    how = report.get(name, "no: unknown")
    return how == "yes" or how.startswith("abi ")


def check_names(floor: Sequence[str], without: Sequence[str]) -> None:
    """Raise BadSettings for a layer that does not exist, or cannot be left out."""
    for name in floor:
        if name not in BY_NAME and name != FILES:
            raise BadSettings(f"no sandbox layer is called {name!r}; there are {', '.join(BY_NAME)} and {FILES}")
    for name in without:
        if name not in _OPTIONAL:
            raise BadSettings(f"the sandbox layer {name!r} cannot be left out; {', '.join(_OPTIONAL)} can")


def require(report: Mapping[str, str], floor: Sequence[str]) -> None:
    """Raise SandboxUnavailable unless every layer of the floor holds; it says what is missing and the remedy."""
    missing = [name for name in dict.fromkeys((ALWAYS, *floor)) if not holds(report, name)]
    if missing:
        found = "; ".join(f"{name}: {how}" for name, how in report.items())
        remedies = " ".join(f"For {name}: {_remedy(name)}." for name in missing)
        raise SandboxUnavailable(
            f"This machine does not confine code to the configured floor: {', '.join(missing)} missing ({found}). "
            f"{remedies} Code is never run unconfined."
        )


def _remedy(name: str) -> str:
    return "use a kernel with Landlock (5.13) or allow user namespaces" if name == FILES else BY_NAME[name].remedy
