"""What a completion gives: rlms' names and fields, and beside them what lithify knows more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from lithify.records.citation import Citation
from lithify.records.plain import Plain

Wire = dict[str, Any]
"""A JSON object in the form that rlms writes."""


@dataclass(slots=True)
class ModelUsageSummary:
    """What one model was asked. total_cost in US dollars; None when a call of it had no known price."""

    total_calls: int = 0
    total_input_tokens: int = 0
    total_output_tokens: int = 0
    total_cost: float | None = None

    def to_dict(self) -> Wire:
        """As rlms writes it: no cost where none is known."""
        counted: Wire = {
            "total_calls": self.total_calls,
            "total_input_tokens": self.total_input_tokens,
            "total_output_tokens": self.total_output_tokens,
        }
        return counted if self.total_cost is None else {**counted, "total_cost": self.total_cost}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> ModelUsageSummary:
        """What to_dict gave."""
        return cls(
            total_calls=data["total_calls"],
            total_input_tokens=data["total_input_tokens"],
            total_output_tokens=data["total_output_tokens"],
            total_cost=data.get("total_cost"),
        )


@dataclass(slots=True)
class UsageSummary:
    """What all models of a completion were asked, sub-calls and child runs included, by model name."""

    model_usage_summaries: dict[str, ModelUsageSummary] = field(default_factory=dict)

    @property
    def total_cost(self) -> float | None:
        """US dollars; None when any call had no known price. (rlms adds up the known ones.)"""
        costs = [one.total_cost for one in self.model_usage_summaries.values()]
        return None if any(cost is None for cost in costs) else sum(cost for cost in costs if cost is not None)

    @property
    def total_input_tokens(self) -> int:
        """Of all models."""
        return sum(one.total_input_tokens for one in self.model_usage_summaries.values())

    @property
    def total_output_tokens(self) -> int:
        """Of all models."""
        return sum(one.total_output_tokens for one in self.model_usage_summaries.values())

    def to_dict(self) -> Wire:
        """As rlms writes it."""
        found: Wire = {
            "model_usage_summaries": {name: one.to_dict() for name, one in self.model_usage_summaries.items()}
        }
        return found if self.total_cost is None else {**found, "total_cost": self.total_cost}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> UsageSummary:
        """What to_dict gave."""
        summaries = data.get("model_usage_summaries", {})
        return cls({name: ModelUsageSummary.from_dict(one) for name, one in summaries.items()})


@dataclass(slots=True, kw_only=True)
class RLMChatCompletion:
    """The end of a completion. The first seven fields are those of rlms.

    response: the answer as text; metadata: how it came about: `run_metadata` and `iterations`, as rlms' logger has them
    answer:   the answer as data
    complete: whether it was submitted; False: a limit was reached, `reason` names it, and it is the best guess
    run_id:   of the run in the ledger: `lithify show RUN`
    """

    root_model: str
    prompt: Plain
    response: str
    usage_summary: UsageSummary
    execution_time: float
    metadata: Wire | None = None
    error: str | None = None
    answer: Any = None
    complete: bool = True
    reason: str = ""
    route: str = "explore"
    run_id: str = ""
    citations: tuple[Citation, ...] = ()

    def to_dict(self) -> Wire:
        """As rlms writes it."""
        found: Wire = {
            "root_model": self.root_model,
            "prompt": self.prompt,
            "response": self.response,
            "usage_summary": self.usage_summary.to_dict(),
            "execution_time": self.execution_time,
        }
        for name in ("metadata", "error"):
            if getattr(self, name) is not None:
                found[name] = getattr(self, name)
        return found

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> RLMChatCompletion:
        """What to_dict gave."""
        return cls(
            root_model=data["root_model"],
            prompt=data["prompt"],
            response=data["response"],
            usage_summary=UsageSummary.from_dict(data["usage_summary"]),
            execution_time=data["execution_time"],
            metadata=data.get("metadata"),
            error=data.get("error"),
            answer=data["response"],
        )
