"""What the use cases work with. app.py builds it; tests build it with fakes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from typing import Protocol

from lithify.ports import Library, Model, Observer, Recall, Sandbox, SandboxFactory
from lithify.records.fixtures import FixturePolicy
from lithify.records.gating import Bounds
from lithify.records.quick import dataclass
from lithify.records.run import Limits, RunId
from lithify.records.setup import RunSetup
from lithify.settings import Keep


@dataclass(frozen=True, slots=True, kw_only=True)
class Models:
    """The model of the root loop, the model of `llm_query`, and further ones that cells may ask by name."""

    root: Model
    sub: Model
    named: Mapping[str, Model] = field(default_factory=dict)

    @property
    def all(self) -> tuple[Model, ...]:
        """Each of them."""
        return (self.root, self.sub, *self.named.values())


class OpenSandbox(Protocol):
    """Gives the shared sandbox with some modules preloaded besides the usual ones."""

    async def __call__(self, modules: Sequence[str] = ()) -> Sandbox:
        """See Workbench."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Workbench:
    """Ports and settings of one library.

    open_library gives the library, read at first use: the pure RLM needs none.
    models opens the models at first use and raises NoModel when none is configured: a replay needs none.
    sandbox gives the shared sandbox, started at first use; start_sandbox starts fresh ones for the gates.
    """

    open_library: Callable[[], Library]
    observer: Observer
    models: Callable[[], Models]
    model_name: str
    sandbox: OpenSandbox
    start_sandbox: SandboxFactory
    limits: Limits
    keep: Keep
    clock: Callable[[], float]
    new_run_id: Callable[[], RunId]
    person: Callable[[], str]
    """Who approves, as git would name them."""
    setup: RunSetup | None = None
    """What the runs are started with, as far as it is the same for all; None: none of them can be resumed."""
    recall: Recall | None = None
    """What the run that is resumed got before."""
    bounds: Bounds = field(default_factory=Bounds)
    """What the gates may spend and ask for."""
    streaming: bool = False
    """Tell the model's words as they come."""
    fixtures: FixturePolicy = field(default_factory=FixturePolicy)
    """What of the data may lie in the library."""

    @property
    def library(self) -> Library:
        """The library."""
        return self.open_library()
