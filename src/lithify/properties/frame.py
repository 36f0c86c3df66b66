"""The test file of a tool's properties: readable hypothesis tests, for plain pytest and for the gate."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Sequence
from typing import Literal, TypeAlias

from lithify.layout import Form, form_of, uses_text
from lithify.properties.relation import Relation
from lithify.records.quick import dataclass
from lithify.records.tool import Signature

PATH = "tests/test_properties.py"

HEADING = '''\
"""Properties of @FUNCTION@: what must come out when a recorded input is changed in a known way.

Written by lithify, which tried each of them. Drop one in `lithify review`; put tests of your own into another file.
`pytest` in the folder of the tool runs them; hypothesis is needed, lithify is not.
"""
'''
SETTING = """\
TOOL = load_tool()
USES = [case for case in CASES if case["name"] in @NAMES@]
"""

HELPERS = '''\
uses = st.sampled_from(USES)


def answer(context, use, **changed):
    """What the tool answers with the arguments of a recorded use, or with some of them changed."""
    arguments = {**use["arguments"], **changed}
    return recorded(TOOL(@CONTEXT@, **arguments@LLM@))


def answer_if_any(context, use):
    """The same; None when the tool refuses the input."""
    try:
        return answer(context, use)
    except Exception:  # a refusal may be any exception
        return None
'''

LINES = '''\
def lines_of(use):
    """(header, lines) of a recorded input@NOTE@."""
    lines = context_of(use).removesuffix("\\n").split("\\n")
    return @PARTS@


def joined(head, lines):
    """Lines as a text."""
    return "".join(line + "\\n" for line in [*head, *lines])
'''

ELEMENTS = '''\
def lines_of(use):
    """(nothing, the elements of a recorded list, each as its text)."""
    return [], [json.dumps(one) for one in json.loads(context_of(use))]


def joined(head, lines):
    """Elements as a list."""
    return "[" + ",".join(lines) + "]"
'''

WORKBOOK = '''\
HEADER = @HEADER@


def lines_of(use):
    """(the workbook with @SHEET@ up to its header, the rows below it, each as its text)."""
    book = json.loads(context_of(use))
    rows = next(one["rows"] for one in book if one["sheet"] == @SHEET@)
    start = rows.index(HEADER) + 1
    lines = [json.dumps(row) for row in rows[start:]]
    del rows[start:]
    return [json.dumps(book)], lines


def joined(head, lines):
    """Rows put back below the header."""
    book = json.loads(head[0])
    rows = next(one["rows"] for one in book if one["sheet"] == @SHEET@)
    rows += [json.loads(line) for line in lines]
    return json.dumps(book)
'''


ONE_OF_SEVERAL = '''\
def lines_of(use):
    """(all inputs, of @NAME@ @HEADER@; the lines of @NAME@)."""
    texts = dict(context_of(use))
    lines = texts["@NAME@"].removesuffix("\\n").split("\\n")
    texts["@NAME@"] = "".join(line + "\\n" for line in lines[:@HEAD@])
    return [json.dumps(texts)], lines[@HEAD@:]


def joined(head, lines):
    """All inputs, with these lines in @NAME@."""
    texts = json.loads(head[0])
    texts["@NAME@"] += "".join(line + "\\n" for line in lines)
    return texts
'''


@dataclass(frozen=True, slots=True)
class OneOf:
    """The input, of several, that is cut into lines; head: how many of them stay."""

    name: str
    head: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """The sheet of a workbook that is cut into the rows below its header."""

    name: str
    header: tuple[str, ...]


Parts: TypeAlias = Literal["lines", "header", "elements"] | Sheet | OneOf
"""What an input is cut into: lines, lines below a header, a list's elements, a sheet's rows; one of several inputs."""

_HYPOTHESIS = "from hypothesis import given, settings\nfrom hypothesis import strategies as st\n"
MODULES = ("csv", "io", "json", "os", "time")


def module_text(
    relations: Sequence[Relation], signature: Signature, uses: Sequence[str], *, parts: Parts, linked: bool
) -> str:
    """tests/test_properties.py with one test for each relation.

    uses: the names of the recorded uses that they start from; parts: what their inputs are cut into; linked: as for the
    test file of the recorded uses.
    """
    function, asks, form = signature.function, signature.needs_llm, form_of(signature)
    body = "\n\n\n".join(test_text(relation, parts=parts) for relation in relations)
    shared = uses_text(function, linked=linked, asks=asks, form=form)
    imports = [
        f"import {module}\n" for module in MODULES if f"{module}." in body and f"import {module}\n" not in shared
    ]
    shared = (
        shared[shared.index("\n\nimport ") :]
        .strip("\n")
        .replace("import json\n", "import json\n" + "".join(imports), 1)
    )
    hypothesis = ("import pytest\n" if "pytest." in body else "") + _HYPOTHESIS
    shared = shared.replace("\n\nFOLDER", f"\n\n{hypothesis}\nFOLDER", 1)
    names = ", ".join(repr(name).replace("'", '"') for name in uses)
    setting = SETTING.replace("@NAMES@", f"({names},)" if len(uses) == 1 else f"({names})")
    helpers = helpers_text(relations, form, parts=parts, asks=asks).strip("\n")
    return f"{HEADING.replace('@FUNCTION@', function)}\n{shared}\n\n\n{setting}{helpers}\n\n\n{body}\n"


def helpers_text(relations: Sequence[Relation], form: Form, *, parts: Parts, asks: bool) -> str:
    """The functions that the tests share, as far as they need them."""
    bodies = "\n".join(relation.test for relation in relations)
    text = HELPERS.replace("@LLM@", ", llm=recorded_llm(use)" if asks else "")
    text = text.replace("@CONTEXT@", _given(form))
    if "answer_if_any(" not in bodies:
        text = text[: text.index("\n\ndef answer_if_any")]
    if "lines_of(" in bodies:
        text = f"{text}\n\n{_lines(parts)}"
    return text


def _given(form: Form) -> str:
    """What stands in the call for the context, as it is written in a recorded use."""
    opened = form.opened("context") if form.written else "context"
    return f"**{opened}" if form.parts else opened


def test_text(relation: Relation, *, parts: Parts) -> str:
    """One test."""
    parameters, _, body = relation.test.strip("\n").partition("\n")
    says = f'"""{relation.says}"""'
    code = textwrap.indent(f"{says}\n{textwrap.dedent(body)}", "    ")
    decorators = f"@settings(deadline=None)\n@given({relation.given})\n" if relation.given else ""
    return f"{decorators}def test_{relation.name}({parameters}):\n{code}".rstrip()


def trial_text(relations: Sequence[Relation], form: Form, *, parts: Parts, asks: bool) -> str:
    """The same tests for a session: without the files, and with a count of what they tried."""
    helpers = helpers_text(relations, form, parts=parts, asks=asks)
    lines = "" if "def lines_of" in helpers else f"\n\n{_lines(parts)}"
    tests = "\n\n\n".join(test_text(relation, parts=parts) for relation in relations)
    return f"{helpers}{lines}\n\n{tests}\n"


def _lines(parts: Parts) -> str:
    if isinstance(parts, OneOf):
        said = "the header alone" if parts.head else "nothing"
        text = ONE_OF_SEVERAL.replace("@NAME@", parts.name).replace("@HEADER@", said)
        return text.replace("[:@HEAD@]", f"[:{parts.head}]").replace("[@HEAD@:]", f"[{parts.head or ''}:]")
    if isinstance(parts, Sheet):
        header = f"[{', '.join(map(_quoted, parts.header))}]"
        return WORKBOOK.replace("@HEADER@", header).replace("@SHEET@", _quoted(parts.name))
    if parts == "elements":
        return ELEMENTS
    note, cut = ("", "lines[:1], lines[1:]") if parts == "header" else (", which has no header", "[], lines")
    return LINES.replace("@NOTE@", note).replace("@PARTS@", cut)


def _quoted(text: str) -> str:
    """A text as source, in double quotes."""
    return json.dumps(text, ensure_ascii=not text.isprintable())
