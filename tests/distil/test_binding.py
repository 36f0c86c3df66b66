"""Parameters in place of constants."""

from __future__ import annotations

import ast
import re

import pytest

from lithify.distil.binding import Value, bind
from lithify.distil.source import code_of

LEVEL = Value(name="level", type="str", default="ERROR")
WEAK = Value(name="user", type="str", default="root", weak=True)
NUMBER = Value(name="limit", type="int", default=100)
THREE = Value(name="top", type="int", default=3)
ONE = Value(name="top", type="int", default=1)

BOUND: dict[str, tuple[Value, str, str]] = {
    "a whole text": (LEVEL, "x == 'ERROR'", "x == level"),
    "a word in a text": (LEVEL, "' ERROR ' in x", "f' {level} ' in x"),
    "a word in an f-string": (LEVEL, "f'{a} ERROR {b}'", "f'{a} {level} {b}'"),
    "braces stay braces": (LEVEL, "'{} ERROR'", "f'{{}} {level}'"),
    "a word in a pattern": (
        LEVEL,
        r"import re" + "\n" + r"re.findall(r'\bERROR\b (\d+)', x)",
        "import re\n" + r"""re.findall(rf"\b{re.escape(level)}\b (\d+)", x)""",
    ),
    "a pattern by way of a variable": (
        LEVEL,
        "import re\n" + r"p = r'^\S+ ERROR'" + "\nre.search(p, x)",
        "import re\n" + r'p = rf"^\S+ {re.escape(level)}"' + "\nre.search(p, x)",
    ),
    "a function of re by its own name": (
        LEVEL,
        "from re import findall as f\nf('ERROR.', x)",
        "import re\nfrom re import findall as f\nf(f'{re.escape(level)}.', x)",
    ),
    "a pattern of pandas": (
        LEVEL,
        "d['m'].str.contains('ERROR')",
        "import re\nd['m'].str.contains(re.escape(level))",
    ),
    "a text of pandas": (LEVEL, "d['m'].str.contains('ERROR', regex=False)", "d['m'].str.contains(level, regex=False)"),
    "an address in a pattern": (
        Value(name="host", type="str", default="10.0.0.1"),
        "import re\n" + r"re.search(r'from 10\.0\.0\.1 ', x)",
        "import re\nre.search(f'from {re.escape(host)} ', x)",
    ),
    "case folded by the code": (
        LEVEL,
        "'error' in x.lower() or ' error:' in x.lower()",
        "level.lower() in x.lower() or f' {level.lower()}:' in x.lower()",
    ),
    "a number compared": (NUMBER, "x > 100 and y[100]", "x > limit and y[100]"),
    "a number assigned, given by name, given to a function": (
        NUMBER,
        "a = 100\nf(100)\ng(x, n=100)\nround(100)",
        "a = limit\nf(limit)\ng(x, n=limit)\nround(100)",
    ),
    "a number that counts": (THREE, "c.most_common(3)\nx[:3]\ny[3]", "c.most_common(top)\nx[:top]\ny[3]"),
    "a tiny number in one telling place": (ONE, "c.most_common(1)\nx[1] + 1", "c.most_common(top)\nx[1] + 1"),
}


@pytest.mark.parametrize("name", BOUND)
def test_the_parameter_stands_where_the_value_stood(name: str) -> None:
    value, code, expected = BOUND[name]
    bound = bind(ast.parse(code).body, value)
    assert code_of(bound.nodes) == expected
    assert bound.places


UNBOUND: dict[str, tuple[Value, str]] = {
    "part of a word": (LEVEL, "'ERRORS' in x or 'MY_ERROR' in x"),
    "another case that the code does not fold": (LEVEL, "x == 'error'"),
    "inside a class of characters": (LEVEL, "import re\nre.search('[ERROR]', x)"),
    "a group's name": (LEVEL, "import re\nre.search('(?P<ERROR>x)', x)"),
    "a repeated letter": (LEVEL, "import re\nre.search('ERROR+', x)"),
    "an escape before it": (Value(name="w", type="str", default="shd"), "import re\nre.search('\\\\shd', x)"),
    "a tiny number in two places": (ONE, "c.most_common(1)\nx == 1"),
    "a bool": (ONE, "x == True"),
    "an index": (THREE, "x[3]"),
    "a number of another type": (NUMBER, "x > 100.0"),
    "a key in a pattern": (WEAK, r"import re" + "\n" + r"re.findall(r'root=(\w+)', x)"),
    "what a group follows": (WEAK, r"import re" + "\n" + r"re.findall(r'root (\w+)', x)"),
    "one of several alternatives": (WEAK, "import re\nre.findall('root|admin', x)"),
}


@pytest.mark.parametrize("name", UNBOUND)
def test_nothing_is_put_where_it_cannot_be_told(name: str) -> None:
    value, code = UNBOUND[name]
    bound = bind(ast.parse(code).body, value)
    assert bound.places == 0
    assert code_of(bound.nodes) == code_of(ast.parse(code).body)


def test_bound_code_gives_what_it_gave() -> None:
    """The default in place of the constant changes nothing, whatever characters it holds."""
    for default in ("a.b", "x{1}", "q'uote", 'dou"ble', "back\\slash", "(p)", "$5"):
        pattern = f"<{re.escape(default)}>"
        code = f"import re\nre.findall({pattern!r}, x), {default!r} in x, f'<{{n}}> ' + {default!r}"
        bound = bind(ast.parse(code).body, Value(name="value", type="str", default=default))
        assert bound.places >= 2
        space: dict[str, object] = {"x": f"<{default}> {default}", "n": 1, "value": default}
        tree = ast.parse(code_of(bound.nodes))
        exec(compile(ast.Module(tree.body[:-1], []), "bound", "exec"), space)
        last = tree.body[-1]
        assert isinstance(last, ast.Expr)
        found, contained, text = eval(compile(ast.Expression(last.value), "bound", "eval"), space)
        assert (found, contained, text) == ([f"<{default}>"], True, f"<1> {default}")
