"""`from lithify import RLM`: the interface of rlms (Zhang et al., https://github.com/alexzhang13/rlm) over lithify."""

from __future__ import annotations

from lithify.dropin.client import RLM
from lithify.dropin.results import ModelUsageSummary, RLMChatCompletion, UsageSummary

__all__ = ["RLM", "ModelUsageSummary", "RLMChatCompletion", "UsageSummary"]
