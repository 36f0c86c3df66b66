"""Gate: a tool is small enough to be read by a person, and its fixtures to be kept for good."""

from __future__ import annotations

from lithify.gates.gate import Finding, Subject, Workers

MAX_SOURCE = 64 * 1024
MAX_LINES = 600
MAX_FIXTURES = 4 * 1024 * 1024
MAX_EXAMPLES = 50
MAX_FILES = 300


class SizeGate:
    """Bytes and lines of source, bytes of fixtures, number of examples."""

    name = "size"

    async def judge(self, subject: Subject, bench: Workers) -> Finding:
        """See Gate."""
        source = subject.files["tool.py"]
        lines = source.count(b"\n")
        kept = ("tests/", "holdout/")
        fixtures = sum(len(data) for path, data in subject.files.items() if path.startswith(kept))
        examples = len(subject.candidate.examples)
        seen = f"{lines} lines, {len(source)} bytes of source, {examples} examples with {fixtures} bytes"
        limits = (
            (len(source), MAX_SOURCE, "bytes of source", "split the tool, or move data out of the code"),
            (lines, MAX_LINES, "lines of source", "split the tool, or move data out of the code"),
            (fixtures, MAX_FIXTURES, "bytes of fixtures", "record smaller extracts of the input"),
            (examples, MAX_EXAMPLES, "examples", "keep the examples that differ from one another"),
            (len(subject.files), MAX_FILES, "files", "keep what the tests need"),
        )
        for found, limit, what, remedy in limits:
            if found > limit:
                return Finding(outcome="fail", evidence=f"{seen}; at most {limit} {what} are kept", remedy=remedy)
        if not examples:
            return Finding(
                outcome="fail",
                evidence=f"{seen}; without an example nothing can be checked, now or later",
                remedy="record at least one use with its answer",
            )
        return Finding(outcome="pass", evidence=seen)
