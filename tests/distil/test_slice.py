"""The backward slice, on programs as models write them."""

from __future__ import annotations

import ast

import pytest

from lithify.distil.program import parse_expression
from lithify.distil.slice import Reach, Slice, backward_slice


def cut(source: str, expression: str, reach: Reach = Reach.MINIMAL) -> Slice:
    return backward_slice(ast.parse(source).body, parse_expression(expression), reach)


def kept(source: str, expression: str, reach: Reach = Reach.MINIMAL) -> str:
    return "\n".join(ast.unparse(node) for node in cut(source, expression, reach).statements)


CASES = {
    "a refusal of what the code does not cover": (
        "rows = context.split()\nif not rows:\n    raise ValueError('nothing to count')\nn = len(rows)",
        "n",
        "rows = context.split()\nif not rows:\n    raise ValueError('nothing to count')\nn = len(rows)",
    ),
    "a refusal that names this input's result": (
        "n = len(context)\nif n != 145:\n    raise ValueError('another count')",
        "n",
        "n = len(context)",
    ),
    "a refusal about what nobody needs": (
        "n = len(context)\nbad = context.count('?')\nif bad:\n    raise ValueError(bad)",
        "n",
        "n = len(context)",
    ),
    "a value that was computed again": ("a = 1\nb = a\na = 2\nc = a", "c", "a = 2\nc = a"),
    "augmented assignment": ("n = 0\nm = 5\nn += 2\nm += n", "n", "n = 0\nn += 2"),
    "a method that changes its list": ("a = []\nb = []\na.append(1)\nb.append(2)", "a", "a = []\na.append(1)"),
    "a subscript store": ("d = {}\ne = {}\nd['x'] = 1\ne['x'] = 2", "d", "d = {}\nd['x'] = 1"),
    "an attribute store": ("p = Box()\np.x = 1\nq = 2", "p.x", "p = Box()\np.x = 1"),
    "a change through another name": ("a = []\nb = a\nb.append(1)\nc = 3", "a", "a = []\nb = a\nb.append(1)"),
    "a change of what another name holds": (
        "rows = [{}]\nfor r in rows:\n    r['x'] = 1\nother = []",
        "rows",
        "rows = [{}]\nfor r in rows:\n    r['x'] = 1",
    ),
    "lists that hold the same lines are not the same list": (
        "lines = context.split()\nbad = []\nfor line in lines:\n    bad.append(line)",
        "lines",
        "lines = context.split()",
    ),
    "setdefault": (
        "d = {}\nfor k, v in pairs:\n    d.setdefault(k, []).append(v)\n    print(k)",
        "d",
        "d = {}\nfor k, v in pairs:\n    d.setdefault(k, []).append(v)",
    ),
    "prints and dead counts inside a loop": (
        "n = 0\ndead = 0\nfor x in context:\n    dead += 1\n    print(x)\n    if x == 'a':\n        print('hit')\n"
        "        n += 1",
        "n",
        "n = 0\nfor x in context:\n    if x == 'a':\n        n += 1",
    ),
    "a guard that skips": (
        "n = 0\nfor x in context:\n    if not x:\n        skipped += 1\n        continue\n    n += 1",
        "n",
        "n = 0\nfor x in context:\n    if not x:\n        continue\n    n += 1",
    ),
    "the loop's own state": (
        "i = 0\nwhile i < 3:\n    i += 1\n    last = i\n    log.append(i)",
        "last",
        "i = 0\nwhile i < 3:\n    i += 1\n    last = i",
    ),
    "only the branch that matters": (
        "if flag:\n    print('yes')\nelse:\n    x = 1",
        "x",
        "if not flag:\n    x = 1",
    ),
    "helper functions with what they read": (
        "LIMIT = 3\nUNUSED = 4\ndef f(x):\n    print(x)\n    dead = 5\n    return x > LIMIT\ny = f(2)",
        "y",
        "LIMIT = 3\ndef f(x):\n    return x > LIMIT\ny = f(2)",
    ),
    "a function that changes a global": (
        "seen = set()\ndef note(x):\n    seen.add(x)\ndef idle():\n    pass\nnote(1)\nidle()",
        "seen",
        "seen = set()\ndef note(x):\n    seen.add(x)\nnote(1)",
    ),
    "a function that changes its argument": (
        "a = []\nb = []\ndef put(xs, x):\n    xs.append(x)\nput(a, 1)\nput(b, 2)",
        "a",
        "a = []\ndef put(xs, x):\n    xs.append(x)\nput(a, 1)",
    ),
    "a global that a function counts": (
        "n = 0\ndef hit():\n    global n\n    n += 1\nhit()",
        "n",
        "n = 0\ndef hit():\n    global n\n    n += 1\nhit()",
    ),
    "a class": (
        "class P:\n    def __init__(self):\n        self.n = 0\n        print('made')\n    def feed(self, x):\n"
        "        self.n += x\np = P()\np.feed(3)\nq = 1",
        "p.n",
        "class P:\n\n    def __init__(self):\n        self.n = 0\n\n    def feed(self, x):\n        self.n += x\n"
        "p = P()\np.feed(3)",
    ),
    "comprehension variables are their own": (
        "x = 5\ny = [x for x in context]",
        "y",
        "y = [x for x in context]",
    ),
    "a walrus": (
        "import re\nif (m := re.search('a', context)):\n    print(m)\nz = 3",
        "m",
        "import re\nif (m := re.search('a', context)):\n    pass",
    ),
    "the last of two functions of a name": (
        "def f():\n    return 1\ndef f():\n    return 2\nx = f()",
        "x",
        "def f():\n    return 2\nx = f()",
    ),
    "unpacking": ("a, (b, *c) = context\nd = c", "d", "a, (b, *c) = context\nd = c"),
    "an iterator that is advanced": (
        "rows = iter(context)\nhead = next(rows)\nrest = list(rows)",
        "rest",
        "rows = iter(context)\nhead = next(rows)\nrest = list(rows)",
    ),
    "del of a name, and of an item": ("d = {}\nt = 1\ndel t\ndel d['x']", "d", "d = {}\ndel d['x']"),
    "a print that does something": ("q = [1]\nprint(q.pop())\nprint(len(q))", "q", "q = [1]\nq.pop()"),
    "output into a buffer": (
        "b = io()\nprint(1, file=b)\nprint(2)",
        "b.getvalue()",
        "b = io()\nprint(1, file=b)",
    ),
    "try stays, its prints and dead counts go": (
        "bad = 0\ntry:\n    print('trying')\n    x = int(context)\nexcept ValueError as e:\n    print(e)\n"
        "    bad += 1",
        "x",
        "try:\n    x = int(context)\nexcept ValueError as e:\n    pass",
    ),
    "what may raise inside try": (
        "ok = 0\nfor x in context:\n    try:\n        print(int(x))\n        ok += 1\n    except ValueError:\n"
        "        pass",
        "ok",
        "ok = 0\nfor x in context:\n    try:\n        int(x)\n        ok += 1\n    except ValueError:\n        pass",
    ),
    "asserts at the top": ("n = len(context)\nassert n == 17\nm = n", "m", "n = len(context)\nm = n"),
    "with": (
        "import decimal\nwith decimal.localcontext() as c:\n    c.prec = 3\n    x = 1\n    y = 2",
        "x",
        "import decimal\nwith decimal.localcontext() as c:\n    c.prec = 3\n    x = 1",
    ),
    "in-place pandas": ("df = read()\ndf.sort_values('a', inplace=True)\ndf.head()", "df",
                        "df = read()\ndf.sort_values('a', inplace=True)"),
    "functions handed on": (
        "import re\ndef key(x):\n    return re.sub('a', '', x)\ntop = max(context, key=key)",
        "top",
        "import re\ndef key(x):\n    return re.sub('a', '', x)\ntop = max(context, key=key)",
    ),
    "closures": (
        "def outer(rows):\n    found = []\n    def add(r):\n        found.append(r)\n    for r in rows:\n"
        "        print(r)\n        add(r)\n    return found\nx = outer(context)",
        "x",
        "def outer(rows):\n    found = []\n\n    def add(r):\n        found.append(r)\n    for r in rows:\n"
        "        add(r)\n    return found\nx = outer(context)",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_the_minimal_slice(name: str) -> None:
    source, expression, expected = CASES[name]
    assert kept(source, expression) == expected


def test_what_nothing_defines_is_missing() -> None:
    found = cut("import re\nx = re.findall(pattern, context)", "len(x)")
    assert found.missing == {"pattern", "context"}


def test_the_next_larger_slice_keeps_what_only_reads() -> None:
    source = "it = make(context)\nfor x in it:\n    print(x)\nother = 3\nrest = list(it)"
    assert "for x in it" not in kept(source, "rest")
    larger = kept(source, "rest", Reach.TOUCHING)
    assert "for x in it" in larger
    assert "other" not in larger


def test_the_largest_slice_is_all_but_displays() -> None:
    source = "a = 1\nprint(a)\nb = 2\nassert b == 2"
    assert kept(source, "b", Reach.EVERYTHING) == "a = 1\nb = 2"


def test_slicing_leaves_the_program_as_it_was() -> None:
    source = "for x in context:\n    print(x)\n    y = x"
    program = ast.parse(source).body
    backward_slice(program, parse_expression("y"), Reach.MINIMAL)
    assert "\n".join(ast.unparse(node) for node in program) == source
