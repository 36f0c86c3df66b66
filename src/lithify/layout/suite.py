"""The test file of a tool: plain pytest for a person without lithify, and what the tests gate runs."""

from __future__ import annotations

from lithify.layout.written import Form, opening

SUITE_PATH = "tests/test_examples.py"
CASES_PATH = "tests/fixtures/cases.json"
FIXTURES = "tests/fixtures/"
PROPERTIES_PATH = "tests/test_properties.py"
"""Relations between inputs and answers that were found to hold, as tests."""
HOLDOUT = "holdout/"
HOLDOUT_CASES_PATH = "holdout/cases.json"
"""Sealed uses, in the form of the recorded ones: the gates read them, prompts never do."""

_SUITE = '''\
"""The recorded examples of @FUNCTION@: each must still give its recorded answer.

Written by lithify; the cases stand in fixtures/cases.json. Put tests of your own into another file beside this one.
`pytest` in the folder of the tool runs it; lithify is not needed.
"""

import base64
import importlib.util
import json
import math
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent
CASES = json.loads((FOLDER / "fixtures" / "cases.json").read_text(encoding="utf-8"))


def load_tool():
    """The function @FUNCTION@ of ../tool.py."""
    spec = importlib.util.spec_from_file_location("tool", FOLDER.parent / "tool.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.@FUNCTION@


def context_of(case):
    """The input of a case: a text, or a mapping of path to text."""
    text = (FOLDER / "fixtures" / case["context"]).read_bytes().decode("utf-8", "surrogatepass")
    return json.loads(text) if case["context"].endswith(".json") else text


def recorded(value):
    """An answer as it is recorded: JSON, with a "$" form for what JSON cannot hold."""
    for name in ("tolist", "isoformat", "_asdict"):  # numpy; dates; named tuples
        value = getattr(value, name)() if hasattr(value, name) else value
    if isinstance(value, float) and not math.isfinite(value):
        return {"$float": repr(value)}
    if isinstance(value, bytes):
        return {"$bytes": base64.b64encode(value).decode("ascii")}
    if isinstance(value, dict):
        if all(isinstance(key, str) and not key.startswith("$") for key in value):
            return {key: recorded(item) for key, item in value.items()}
        return {"$items": [[recorded(key), recorded(item)] for key, item in value.items()]}
    if isinstance(value, (list, tuple)):
        return [recorded(item) for item in value]
    if isinstance(value, (set, frozenset)):
        return sorted(recorded(item) for item in value)
    return str(value) if isinstance(value, (Decimal, timedelta)) else value


def same(expected, found):
    """Equal in type and value; floats to nine digits, the order of a dict does not matter."""
    if isinstance(expected, float) and isinstance(found, float):
        return math.isclose(expected, found, rel_tol=1e-9, abs_tol=1e-9)
    if isinstance(expected, dict) and isinstance(found, dict):
        if expected.keys() == found.keys() == {"$items"}:
            return same(sorted(expected["$items"], key=repr), sorted(found["$items"], key=repr))
        return expected.keys() == found.keys() and all(same(expected[key], found[key]) for key in expected)
    if isinstance(expected, list) and isinstance(found, list):
        return len(expected) == len(found) and all(map(same, expected, found))
    return type(expected) is type(found) and expected == found


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_example(case):
    found = recorded(load_tool()(context_of(case), **case["arguments"]))
    assert same(case["expected"], found), f"{found!r} instead of {case['expected']!r}"
'''

COMPARISON = _SUITE[_SUITE.index("def recorded(") : _SUITE.index("@pytest.mark")]
"""The functions `recorded` and `same` of the test file: an answer in its recorded form, and when two are the same."""

_LOADING = """\
    spec = importlib.util.spec_from_file_location("tool", FOLDER.parent / "tool.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.@FUNCTION@
"""
_LOADING_LINKED = """\
    # A package of the folders of all tools, from which this one imports others.
    for name, folder in (("kept_tools", FOLDER.parents[1]), ("kept_tools.this", FOLDER.parent)):
        sys.modules[name] = types.ModuleType(name)
        sys.modules[name].__path__ = [str(folder)]
    return importlib.import_module("kept_tools.this.tool").@FUNCTION@
"""


_SAYING = '"""The input of a case: a text, or a mapping of path to text."""'
_RETURNING = 'return json.loads(text) if case["context"].endswith(".json") else text\n'
_OPENING_SAYING = '"""The input of a case: what its text says."""'
_WRITTEN_SAYING = '"""The input of a case as it is written; `opened` makes of it what the tool is called on."""'

_READING = 'text = (FOLDER / "fixtures" / case["context"]).read_bytes().decode("utf-8", "surrogatepass")\n'
_READING_SEVERAL = """\
texts = {
        name: (FOLDER / "fixtures" / path).read_bytes().decode("utf-8", "surrogatepass")
        for name, path in case["context"].items()
    }
"""

_CALL = 'load_tool()(context_of(case), **case["arguments"])'
_CALL_ASKING = 'load_tool()(context_of(case), **case["arguments"], llm=recorded_llm(case))'
_ASKING = """\
def recorded_llm(case):
    \"\"\"Stands in for the language model: it knows the recorded prompts, and nothing else.\"\"\"
    replies = dict(case.get("replies", []))

    def llm(prompt, **options):
        return replies[prompt] if isinstance(prompt, str) else [replies[one] for one in prompt]

    return llm


def recorded(value):
"""


def suite_text(
    function: str, *, linked: bool = False, asks: bool = False, form: Form | None = None, opens: bool = True
) -> str:
    """tests/test_examples.py for a tool whose public function is called so.

    linked: it imports other kept tools; asks: it asks a language model; form: what it reads, where that is no text;
    opens: context_of gives what the tool is called on, else how it is written.
    """
    text = _SUITE
    if asks:
        text = text.replace(_CALL, _CALL_ASKING).replace("def recorded(value):\n", _ASKING)
    if form is not None and form.written:
        held = "texts" if form.parts else "text"
        returned = f"return {form.opened(held) if opens else held}\n\n\n{opening(form)}"
        text = text.replace(_SAYING, _OPENING_SAYING if opens else _WRITTEN_SAYING).replace(_RETURNING, returned)
        if form.parts:
            text = text.replace(_READING, _READING_SEVERAL).replace("()(context_of(case)", "()(**context_of(case)")
    if linked:
        text = text.replace(_LOADING, _LOADING_LINKED).replace("import importlib.util\n", "import importlib\n")
        text = text.replace("import math\n", "import math\nimport sys\nimport types\n")
    return text.replace("@FUNCTION@", function)


def uses_text(function: str, *, linked: bool = False, asks: bool = False, form: Form | None = None) -> str:
    """The test file without its tests, for other test files to import: load_tool, CASES, context_of, recorded, same.

    Where a recorded use holds a text that is opened, context_of gives the text, and `opened` opens it.
    """
    text = suite_text(function, linked=linked, asks=asks, form=form, opens=False)
    code = text[text.index("\n\nimport ") : text.index("@pytest.mark")].rstrip() + "\n"
    heading = f'"""The recorded uses of {function}, and how answers are compared: for the tests beside this."""'
    return heading + code.replace("import pytest\n\n", "")
