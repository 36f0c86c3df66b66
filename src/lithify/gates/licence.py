"""Gate: code that says it is somebody's needs a person's word before it is kept."""

from __future__ import annotations

import re

from lithify.gates.gate import Finding, Subject, Workers

NAMED = {
    "a GNU licence (copyleft)": r"\bGNU (?:(?:Affero|Lesser|Library) )?General Public License|\b[AL]?GPL-?[23v]",
    "the Mozilla licence (copyleft by file)": r"\bMozilla Public License|\bMPL-2",
    "a Creative Commons licence": r"\bCreative Commons|\bCC[- ]BY",
    "the Apache licence": r"\bApache License|\bApache-2\.0",
    "the MIT licence": r"\bMIT License|Permission is hereby granted, free of charge",
    "a BSD licence": r"\bBSD[- ][23]-Clause|Redistribution and use in source and binary forms",
}
"""Licences that headers name, and how."""

UNNAMED = (
    r"\bSPDX-License-Identifier\b",
    r"\bcopyright\s+(?:\(c\)|©|\d{4})",
    r"(?:\(c\)|©)\s*(?:copyright\s*)?\d{4}",
    r"\ball rights reserved\b",
    r"\blicen[cs]ed under\b",
    r"\bunder the terms of the\b.{0,60}\blicen[cs]e\b",
    r"@licen[cs]e\b",
    r"\bdo not (?:copy|distribute|redistribute)\b",
    r"\b(?:copied|adapted|borrowed|taken) from https?://",
    r"\bstackoverflow\.com/(?:a|questions)/\d",
)
"""Signs that code comes from elsewhere, without the licence."""


class LicenceGate:
    """Reads code, not fixtures: logs speak of copyright without anybody having copied them."""

    name = "licence"

    def __init__(self) -> None:
        self._named = {what: re.compile(pattern, re.IGNORECASE) for what, pattern in NAMED.items()}
        self._unnamed = re.compile("|".join(UNNAMED), re.IGNORECASE)

    async def judge(self, subject: Subject, bench: Workers) -> Finding:
        """See Gate."""
        texts = {path: data.decode("utf-8", "replace") for path, data in subject.files.items() if path.endswith(".py")}
        found = [line for path, text in texts.items() for line in self._signs(path, text)]
        if not found:
            return Finding(outcome="pass", evidence=f"{len(texts)} modules name no licence and no other author")
        return Finding(
            outcome="needs-person",
            evidence="\n".join(found),
            remedy="see that this library may hold the code under that licence, or write it anew and drop the header",
        )

    def _signs(self, path: str, text: str) -> list[str]:
        signs = [(what, match) for what, pattern in self._named.items() if (match := pattern.search(text))]
        if not signs and (unknown := self._unnamed.search(text)):
            signs = [("an author or source, and no licence that is known here", unknown)]
        return [f"{path}, line {text.count(chr(10), 0, one.start()) + 1}: {what} ({one[0]!r})" for what, one in signs]
