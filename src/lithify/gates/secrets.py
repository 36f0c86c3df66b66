"""Gate: no key, token or password in what would be committed."""

from __future__ import annotations

import re

from lithify.gates.gate import Finding, Subject, Workers
from lithify.layout import render_candidate, render_recipes

CERTAIN = {
    "a private key": r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY",
    "an AWS access key": r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b",
    "a GitHub token": r"\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{40,})",
    "a GitLab token": r"\bglpat-[A-Za-z0-9_-]{20,}",
    "an OpenAI or Anthropic key": r"\bsk-[A-Za-z0-9_-]{20,}",
    "a Slack token": r"\bxox[abeprs]-[A-Za-z0-9-]{10,}",
    "a Google key": r"\bAIza[0-9A-Za-z_-]{35}\b",
    "a Stripe key": r"\b[rs]k_live_[0-9A-Za-z]{16,}",
    "a signed token (JWT)": r"\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}",
}
"""Formats that nothing but a secret has."""

LIKELY = {
    "a password or key in the clear": (
        r"(?i)\b(?:api[_-]?key|secret[_-]?key|access[_-]?key|client[_-]?secret|password|passwd|auth[_-]?token)\b"
        r"""["']?\s*[=:]\s*["']?(?![<*x]{3})[^\s"',;]{8,}"""
    ),
    "a password in an address": r"\b[a-z][a-z0-9+.-]{1,20}://[^\s/:@]{1,80}:[^\s/:@]{3,80}@",
}
"""What a person must look at: logs speak of passwords without telling any."""

_SHOWN = 4


class SecretsGate:
    """Looks through every file of the candidate and its recipe."""

    name = "secrets"

    def __init__(self) -> None:
        self._certain = {what: re.compile(pattern) for what, pattern in CERTAIN.items()}
        self._likely = {what: re.compile(pattern) for what, pattern in LIKELY.items()}

    async def judge(self, subject: Subject, bench: Workers) -> Finding:
        """See Gate."""
        candidate = subject.candidate
        kept = render_candidate(candidate)  # as it would be kept: private uses are left out
        files = {**kept, "recipe": render_recipes(candidate.signature.function, [candidate.recipe])}
        texts = {path: data.decode("utf-8", "replace") for path, data in files.items()}
        certain, likely = _found(self._certain, texts), _found(self._likely, texts)
        if certain:
            return Finding(
                outcome="fail",
                evidence="; ".join(certain),
                remedy="take it out of code and fixtures, and revoke it: it was in an input, and may be in its source",
            )
        if likely:
            return Finding(
                outcome="needs-person",
                evidence="; ".join(likely),
                remedy="look at the place; replace the value in the fixture if it is real",
            )
        return Finding(outcome="pass", evidence=f"{len(files)} files hold no key, token or password")


def _found(patterns: dict[str, re.Pattern[str]], texts: dict[str, str]) -> list[str]:
    """One line per file and kind; of the secret itself only the beginning."""
    lines = []
    for path, text in texts.items():
        for what, pattern in patterns.items():
            match = pattern.search(text)
            if match is not None:
                line = text.count("\n", 0, match.start()) + 1
                lines.append(f"{path}, line {line}: {what} ({match[0][:_SHOWN]}…)")
    return lines
