"""What a model's tokens cost, as a person says it: for models that no price list knows."""

from __future__ import annotations

from decimal import Decimal

from lithify.records.quick import dataclass

_MILLION = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenPrice:
    """US dollars per million tokens."""

    input_per_million: Decimal
    output_per_million: Decimal

    def of(self, input_tokens: int, output_tokens: int) -> Decimal:
        """What that many tokens cost, in US dollars."""
        return (input_tokens * self.input_per_million + output_tokens * self.output_per_million) / _MILLION
