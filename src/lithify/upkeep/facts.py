"""All that is known of one tool when its library is looked at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import field
from datetime import date

from lithify.curves import Share, share
from lithify.records.cases import Case
from lithify.records.evidence import ToolEvidence, together
from lithify.records.nearness import Nearness
from lithify.records.quick import dataclass
from lithify.records.tool import Tool
from lithify.upkeep.checkup import Checkup
from lithify.upkeep.drift import Drift


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known of one tool.

    evidence:  how these contents did, here and with others who share the library
    last_used: the day of the last use of any version, by anybody; entered: the day on which the tool came into the
               library; None: not known, or never
    callers:   the tools that import it and are in use
    near:      how it stands to the kept tool that is most like it; None when none is
    tried:     the versions of Python and packages that it was let in with, by name; none where that is not known
    cases:     what it should answer and does not, and no next version does
    """

    tool: Tool
    checkup: Checkup
    drift: Drift
    evidence: tuple[ToolEvidence, ...] = ()
    last_used: date | None = None
    entered: date | None = None
    callers: tuple[str, ...] = ()
    near: Nearness | None = None
    tried: Mapping[str, str] = field(default_factory=dict)
    cases: tuple[Case, ...] = ()

    @property
    def answered(self) -> int:
        """Distinct uses that it answered, at least."""
        return together(one.answered for one in self.evidence).total()

    @property
    def failed(self) -> int:
        """Distinct uses in which it failed, at least."""
        return together(one.failed for one in self.evidence).total()

    @property
    def agreement(self) -> Share:
        """Of the answers that were checked, those that a fresh derivation confirmed and nobody contradicted."""
        refuted = together(one.refuted for one in self.evidence)
        agreed: Counter[str] = Counter()
        for one in self.evidence:  # one's own uses are known to be different ones
            agreed |= together([one.agreed]) - together(other.refuted for other in self.evidence if other is not one)
        return share(agreed.total(), agreed.total() + refuted.total())

    def idle(self, today: date) -> int | None:
        """Days since it was last used, or came, whichever is later; None when neither is known."""
        days = [one for one in (self.last_used, self.entered) if one is not None]
        return (today - max(days)).days if days else None
