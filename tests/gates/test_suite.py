"""The tests gate: recorded examples, property tests, a person's own tests."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from lithify.gates import Bounds
from lithify.gates.gate import Finding
from lithify.gates.suite import TestsGate
from lithify.records.tool import Candidate, Example, Signature
from lithify.testing.candidates import LOG, SOURCE, make_candidate

PutTo = Callable[..., Finding]
LOAD = """\
import importlib.util
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent
spec = importlib.util.spec_from_file_location("tool", FOLDER.parent / "tool.py")
tool = importlib.util.module_from_spec(spec)
spec.loader.exec_module(tool)
LOG = "09:00 web restarted\\n09:01 db ready\\n"
"""


def with_test(text: str, path: str = "tests/test_mine.py", **data: bytes) -> Candidate:
    return replace(make_candidate(), extra={path: (LOAD + text).encode(), **data})


GOOD = {
    "an answer": "def test_it():\n    assert tool.most_restarted_service(LOG) == ['web']\n",
    "an exception by name": (
        "def test_it():\n    with pytest.raises(IndexError):\n"
        "        tool.most_restarted_service('x restarted\\nrestarted')\n"
    ),
    "data beside it": "def test_it():\n    text = (FOLDER / 'data.log').read_text()\n"
    "    assert tool.most_restarted_service(text) == ['db']\n",
    "parameters": "@pytest.mark.parametrize('top', [0, 1])\ndef test_it(top):\n"
    "    assert len(tool.most_restarted_service(LOG, top=top)) == top\n",
    "a large input": "def test_it():\n    assert tool.most_restarted_service(LOG * 5000) == ['web']\n",
    "a property": "from hypothesis import given, strategies as st\n\n"
    "@given(st.lists(st.sampled_from(LOG.splitlines())))\n"
    "def test_it(lines):\n    text = '\\n'.join(lines)\n"
    "    assert tool.most_restarted_service(text) == tool.most_restarted_service(text + '\\n' + text)\n",
}
BAD = {
    "always true": "def test_it():\n    assert True\n",
    "looks at nothing": "def test_it():\n    tool\n",
    "catches its own failure": "def test_it():\n    try:\n        assert tool.most_restarted_service(LOG) == ['db']\n"
    "    except BaseException:\n        pass\n",
    "catches what fails": "def test_it():\n    with pytest.raises(BaseException):\n"
    "        assert tool.most_restarted_service(LOG) == ['db']\n",
    "compares the tool with itself, failures and all": "def one():\n    try:\n"
    "        return tool.most_restarted_service(LOG)\n"
    "    except BaseException as error:\n        return repr(error)\n\n\ndef test_it():\n    assert one() == one()\n",
    "skipped": "@pytest.mark.skip\ndef test_it():\n    assert tool.most_restarted_service(LOG) == ['db']\n",
    "skipped as it runs": "def test_it():\n    pytest.skip('no')\n",
    "skipped as a module": "pytest.skip('no', allow_module_level=True)\n",
    "expected to fail": "@pytest.mark.xfail\ndef test_it():\n    assert tool.most_restarted_service(LOG) == ['db']\n",
    "no case at all": "@pytest.mark.parametrize('x', [])\n"
    "def test_it(x):\n    assert tool.most_restarted_service(LOG) == x\n",
    "fails": "def test_it():\n    assert tool.most_restarted_service(LOG) == ['db']\n",
    "cannot be imported": "import nowhere\n",
    "ends the run": "def test_it():\n    pytest.exit('done', 0)\n",
    "ends the process": "import os\nos._exit(0)\n",
    "leaves": "raise SystemExit(0)\n",
    "reads the tool": "def test_it():\n    assert 'Counter' in (FOLDER.parent / 'tool.py').read_text()\n",
    "reads the tool's code": "import inspect\n\ndef test_it():\n    assert 'sorted' in inspect.getsource(tool)\n",
    "reads the tool's constants": (
        "def test_it():\n    assert 'restarted' in str(tool.most_restarted_service.__code__.co_consts)\n"
    ),
    "wants a private name": "def test_it():\n    assert tool.Counter('aab')['a'] == 2\n",
    "puts another tool in its place": "tool.most_restarted_service = lambda *a: ['db']\n"
    "def test_it():\n    assert tool.most_restarted_service(LOG) == ['db']\n",
    "replaces the reports": "import _pytest.reports as r\n_old = r.TestReport.from_item_and_call.__func__\n"
    "def _new(cls, item, call):\n    report = _old(cls, item, call)\n"
    "    report.outcome, report.longrepr = 'passed', None\n"
    "    return report\nr.TestReport.from_item_and_call = classmethod(_new)\n"
    "def test_it():\n    assert tool.most_restarted_service(LOG) == ['db']\n",
    "replaces main's answer": "import gc, sys\nfor one in gc.get_objects():\n"
    "    if type(one).__name__ == 'Counter' and hasattr(one, 'counts'):\n"
    "        one.pytest_runtest_logreport = lambda report: None\n"
    "def test_it():\n    assert tool.most_restarted_service(LOG) == ['db']\n",
    "replaces the builtins": "import builtins\nbuiltins.AssertionError = type('Fine', (BaseException,), {})\n"
    "def test_it():\n    assert tool.most_restarted_service(LOG) == ['db']\n",
    "passes today": "import datetime\n\ndef test_it():\n"
    "    assert tool.most_restarted_service(LOG) == ['web'] and datetime.date.today().year < 2031\n",
    "answers the host itself": "import sys\nsys.modules['__lithify_bridge__'].call = lambda *a: {'value': ['db']}\n"
    "def test_it():\n    assert tool.most_restarted_service(LOG) == ['db']\n",
}


@pytest.mark.parametrize("name", GOOD)
def test_a_further_test_runs(put_to: PutTo, name: str) -> None:
    candidate = with_test(GOOD[name], **{"tests/data.log": b"1 db restarted\n"})
    finding = put_to(TestsGate(), candidate)
    assert finding.outcome == "pass", finding.evidence
    assert "further ones" in finding.evidence


@pytest.mark.parametrize("name", BAD)
def test_a_further_test_that_proves_nothing(put_to: PutTo, name: str) -> None:
    finding = put_to(TestsGate(), with_test(BAD[name]), None, Bounds(seconds=10.0, tests_seconds=20.0))
    assert finding.outcome == "fail", finding.evidence
    assert finding.evidence
    assert finding.remedy


def test_what_behaves_differently_beside_its_tests(put_to: PutTo) -> None:
    source = SOURCE.replace(
        "    counts =", "    import sys\n    if 'pytest' in sys.modules:\n        return ['db']\n    counts ="
    )
    finding = put_to(TestsGate(), make_candidate(source=source))
    assert finding.outcome == "fail"
    assert "may not behave differently when it is tested" in finding.remedy


def test_the_sealed_uses_are_out_of_reach(put_to: PutTo) -> None:
    sealed = Example(name="sealed", context=LOG, arguments={"top": 1}, expected=["web"])
    candidate = with_test(
        "def test_it():\n    assert not (FOLDER.parent / 'holdout').exists()\n"
        "    assert tool.most_restarted_service(LOG) == ['web']\n"
    )
    assert put_to(TestsGate(), replace(candidate, holdout=(sealed,))).outcome == "pass"


def test_an_example_whose_answer_is_wrong(put_to: PutTo) -> None:
    signature = Signature(
        function="count_it", context_parameter="log", context_kind="text", parameters=(), returns="int"
    )
    source = "def count_it(log: str) -> int:\n    return len(log)\n"
    examples = (Example(name="it", context="abc", arguments={}, expected=4),)
    finding = put_to(TestsGate(), make_candidate(source=source, signature=signature, examples=examples))
    assert finding.outcome == "fail"
    assert "3 instead of 4" in finding.evidence
