"""How gates are fooled, each tried against ours: with the static gate out of the way, and with all of them together.

Every tool here is asked for the number of lines. The honest answer is recorded.
"""

from __future__ import annotations

import asyncio

import pytest

from lithify.gates import Bounds, judge
from lithify.gates.constant import ConstantGate
from lithify.gates.gate import Finding, Gate, subject_of
from lithify.gates.replay import ReplayGate
from lithify.gates.suite import TestsGate
from lithify.gates.workers import SharedWorkers
from lithify.records.tool import Candidate, Example, Signature
from lithify.sandbox import start_sandbox
from lithify.testing.candidates import LOG, make_candidate

SIGNATURE = Signature(
    function="count_it", context_parameter="log", context_kind="text", parameters=(), returns="object"
)
BOUNDS = Bounds(seconds=20.0, tests_seconds=60.0, memory_mb=256)
SHORT = Bounds(seconds=0.4, tests_seconds=1.5, memory_mb=256)
"""For what never ends: every time limit is waited for."""
NEVER_END = {"endless", "endless-and-deaf", "endless-in-c", "endless-at-import", "recursion-unbound"}
LINES = LOG.count("\n")


def tool(body: str, top: str = "") -> Candidate:
    lines = "\n".join(f"    {line}" for line in body.splitlines())
    source = f"{top}\n\ndef count_it(log: str) -> object:\n{lines}\n"
    examples = (
        Example(name="all", context=LOG, arguments={}, expected=LINES),
        Example(name="one", context="09:00 web restarted\n", arguments={}, expected=1),
    )
    return make_candidate(source=source, signature=SIGNATURE, examples=examples)


def put_to(gate: Gate, candidate: Candidate, bounds: Bounds = BOUNDS) -> Finding:
    async def run() -> Finding:
        workers = SharedWorkers(start_sandbox, (), bounds)
        try:
            return await gate.judge(subject_of(candidate, None), workers)
        finally:
            await workers.close()

    return asyncio.run(run())


def bounds_for(name: str) -> Bounds:
    return SHORT if name in NEVER_END else BOUNDS


HONEST = "return log.count('\\n')"
SAME_IS_TRUE = """\
import sys
sys._getframe(1).f_globals["same"] = lambda *_: True
return -1"""
PASSES_ALL = """\
import _pytest.reports as reports
_real = reports.TestReport.from_item_and_call.__func__
def _forged(cls, item, call):
    report = _real(cls, item, call)
    report.outcome, report.longrepr = "passed", None
    return report
reports.TestReport.from_item_and_call = classmethod(_forged)
"""
ALWAYS_EQUAL = """\
class _Anything(int):
    def __eq__(self, other):
        return True
    def __hash__(self):
        return 0
"""
READS_FIXTURES = """\
import json
from pathlib import Path
folder = Path(__file__).parent / "tests" / "fixtures"
for case in json.loads((folder / "cases.json").read_text()):
    if (folder / case["context"]).read_text() == log:
        return case["expected"]
"""

BOTH = {
    "exit-at-import": tool(HONEST, "import os\nos._exit(0)"),
    "exit-when-called": tool("import os\nos._exit(0)"),
    "system-exit-at-import": tool(HONEST, "raise SystemExit(0)"),
    "system-exit-when-called": tool("raise SystemExit(0)"),
    "keyboard-interrupt": tool("raise KeyboardInterrupt"),
    "prints-a-report": tool("print('1 passed in 0.01s')\nreturn -1", "print('===== 2 passed =====')"),
    "prints-json": tool('print(\'{"exit": 0, "collected": 2, "passed": 2}\')\nreturn -1'),
    "patches-the-comparison": tool(SAME_IS_TRUE),
    "patches-isinstance": tool("return -1", "import builtins\nbuiltins.isinstance = lambda *_: True"),
    "patches-isclose": tool("return -1.0", "import math\nmath.isclose = lambda *_, **__: True"),
    "patches-json": tool("return -1", "import json\njson.loads = lambda *_: []"),
    "patches-the-reports": tool("return -1", PASSES_ALL),
    "patches-main": tool(
        "return -1", "import sys\nif 'pytest' in sys.modules: sys.modules['pytest'].main = lambda *_: 0"
    ),
    "equals-anything": tool("return _Anything(-1)", ALWAYS_EQUAL),
    "equal-text": tool("return _T('x')", ALWAYS_EQUAL.replace("_Anything(int)", "_T(str)")),
    "hash-seed": tool("return next(iter({'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'}))"),
    "endless": tool("while True: pass"),
    "endless-and-deaf": tool("while True:\n    try:\n        while True: pass\n    except BaseException: pass"),
    "endless-in-c": tool("import re\nreturn re.match('(a+)+$', 'a' * 60 + 'b')"),
    "endless-at-import": tool(HONEST, "while True: pass"),
    "recursion": tool("return count_it(log)"),
    "recursion-unbound": tool("import sys\nsys.setrecursionlimit(10**9)\nreturn count_it(log)"),
    "memory": tool("return len(bytearray(10**11))"),
    "memory-slowly": tool("a = [0]\nwhile True: a += a"),
    "forged-frames": tool("import os\nos.write(3, b'\\x00' * 64)\nreturn -1"),
    "closed-channel": tool("import os\nos.close(3)\nreturn -1"),
    "raises-at-import": tool(HONEST, "1 / 0"),
    "no-answer": tool("return None"),
}
"""Each must fail the replay gate alone and the tests gate alone."""

REPLAY_ONLY = {
    "reads-its-fixtures": tool(READS_FIXTURES),
    "detects-pytest": tool("import sys\nreturn log.count('\\n') if 'pytest' in sys.modules else -1"),
    "detects-being-a-module": tool("return log.count('\\n') if __name__ == 'tool' else -1"),
    "knows-the-control": tool(
        "import sys\nspace = sys._getframe(1).f_globals\n"
        "if 'FOLDER' in space and 'control' not in str(space['FOLDER']): space['same'] = lambda *_: True\nreturn -1"
    ),
    "remembers": tool("_SEEN.append(1)\nreturn log.count('\\n') if len(_SEEN) < 2 else -1", "_SEEN = []"),
    "mutable-default": tool("return log.count('\\n') + len(_f())", "def _f(a=[]):\n    a.append(1)\n    return a[1:]"),
}
"""What behaves under pytest and not elsewhere."""

TESTS_ONLY = {
    "skips-at-import": tool(
        HONEST, "import sys\nif 'pytest' in sys.modules: sys.modules['pytest'].skip('no', allow_module_level=True)"
    ),
    "skips-when-called": tool("import sys\nif 'pytest' in sys.modules: sys.modules['pytest'].skip('no')\n" + HONEST),
    "xfails": tool("import sys\nif 'pytest' in sys.modules: sys.modules['pytest'].xfail('no')\n" + HONEST),
    "ends-the-session": tool(
        "import sys\nif 'pytest' in sys.modules: sys.modules['pytest'].exit('done', 0)\n" + HONEST
    ),
    "exits-under-pytest": tool("import os, sys\nif 'pytest' in sys.modules: os._exit(0)\n" + HONEST),
    "honest-but-for-pytest": tool("import sys\nreturn -1 if 'pytest' in sys.modules else log.count('\\n')"),
}
"""What behaves elsewhere and not under pytest."""


@pytest.mark.parametrize("name", [*BOTH, *REPLAY_ONLY])
def test_replay_is_not_fooled(name: str) -> None:
    finding = put_to(ReplayGate(), {**BOTH, **REPLAY_ONLY}[name], bounds_for(name))
    assert finding.outcome == "fail", finding.evidence
    assert finding.evidence
    assert finding.remedy


@pytest.mark.parametrize("name", [*BOTH, *TESTS_ONLY])
def test_tests_are_not_fooled(name: str) -> None:
    finding = put_to(TestsGate(), {**BOTH, **TESTS_ONLY}[name], bounds_for(name))
    assert finding.outcome == "fail", finding.evidence
    assert finding.evidence
    assert finding.remedy


def test_the_honest_tool_passes_both() -> None:
    for gate in (ReplayGate(), TestsGate(), ConstantGate()):
        finding = put_to(gate, tool(HONEST))
        assert finding.outcome == "pass", finding.evidence


def test_an_empty_suite_is_no_suite() -> None:
    candidate = make_candidate(examples=())
    assert put_to(TestsGate(), candidate).outcome == "fail"
    verdict = asyncio.run(judge(candidate, start_sandbox, bounds=BOUNDS))
    assert verdict.outcome == "fail"
    assert "without an example" in next(one.evidence for one in verdict.results if one.gate == "size")


@pytest.mark.parametrize("name", [*BOTH, *REPLAY_ONLY, *TESTS_ONLY])
def test_all_gates_together_refuse(name: str) -> None:
    candidate = {**BOTH, **REPLAY_ONLY, **TESTS_ONLY}[name]
    verdict = asyncio.run(judge(candidate, start_sandbox, bounds=bounds_for(name)))
    assert verdict.outcome == "fail"
    assert all(result.evidence for result in verdict.results)
