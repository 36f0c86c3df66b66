"""Slices of random programs give what the whole programs give."""

from __future__ import annotations

import ast
import contextlib
import copy
import io
import random
from collections.abc import Callable

import pytest

from lithify.distil.program import parse_expression
from lithify.distil.slice import Reach, backward_slice

NUMBERS = ("n", "m", "k")
LISTS = ("a", "b", "c")
DICTS = ("d", "e")
PRELUDE = """
import contextlib
n = m = k = 1
a, b, c = [1], [2], [3]
d, e = {}, {}
calls = []
class Box:
    def __init__(self, items):
        self.items = items
        self.total = 0
    def add(self, x):
        print('add')
        self.total += x
        self.items.append(x)
@contextlib.contextmanager
def keep(xs):
    yield xs
def gen(xs):
    for x in list(xs):
        print(x)
        yield x
def put(xs, x):
    xs.append(x)
def pick(p, q):
    print('pick')
    return p if len(p) > len(q) else q
def bump(x):
    global n
    unused = 3
    n += x
def note(xs, x):
    def inner(y):
        b.append(y)
        print(y)
    if x > 1:
        inner(x)
    calls.append(len(xs))
def tally(x, store=[]):
    store.append(x)
    return len(store)
it = iter([1, 2, 3])
box = Box([0])
"""


class Writer:
    """Writes a random program of the statements that models write, over a few numbers, lists and dicts."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def program(self) -> str:
        return PRELUDE + "\n".join(self.statement(0) for _ in range(self.random.randint(5, 12)))

    def one(self, *choices: str) -> str:
        return self.random.choice(choices)

    def number(self) -> str:
        r = self.random
        return self.one(
            str(r.randint(0, 5)),
            r.choice(NUMBERS),
            f"len({r.choice(LISTS)})",
            f"sum(x for x in {r.choice(LISTS)} if isinstance(x, int))",
            f"({r.choice(NUMBERS)} + {r.randint(1, 3)})",
        )

    def list(self) -> str:
        some, other = self.random.choice(LISTS), self.random.choice(LISTS)
        return self.one(
            f"[{self.number()}, {self.number()}]", "[]", some, f"list({some})", f"{some}[1:]",
            f"[x for x in {some}]",
            f"{some} + {other}", f"sorted({some}, key=str)", f"pick({some}, {other})", f"list(gen({some}))",
            "box.items",
        )  # fmt: skip

    def simple(self) -> str:
        r = self.random
        some, other, table, count = r.choice(LISTS), r.choice(LISTS), r.choice(DICTS), r.choice(NUMBERS)
        return self.one(
            f"{count} = {self.number()}", f"{count} += {self.number()}", f"{some} = {self.list()}",
            f"{some}.append({self.number()})", f"{table}[{r.randint(0, 2)}] = {self.number()}",
            f"{table}[{r.randint(0, 2)}] = {some}", f"{table} = {r.choice(DICTS)}", f"{table} = {{}}",
            f"print({self.number()})", f"put({some}, {self.number()})", f"bump({self.number()})",
            f"{some} += [{self.number()}]", f"{count}, {some} = {self.number()}, {self.list()}",
            f"{some}.sort(key=str)", f"if {some}: {other} = {other}[:2]", f"{count} = (t := {self.number()}) + t",
            f"note({some}, {self.number()})", f"{count} = next(it, {r.randint(0, 3)})", f"box.add({self.number()})",
            f"{count} = box.total", f"box = Box({some})", f"{some}, {other} = {other}, {some}",
            f"*{some}, {count} = [1, {self.number()}]", f"del {some}[:1]", f"[{some}.append(z) for z in range(2)]",
            f"print({some}.pop() if {some} else 0)", f"({some} if {count} > 1 else {other}).append({self.number()})",
            f"{count} = tally({self.number()})", f"{table}.update({r.choice(DICTS)})",
            f"with keep({some}) as kept:\n    kept.append({self.number()})",
            f"for key, val in {table}.items():\n    if isinstance(val, list): val.append(key)",
        )  # fmt: skip

    def statement(self, depth: int) -> str:
        compound: list[Callable[[], str]] = [
            lambda: f"for i in range({self.random.randint(1, 3)}):\n{self.block(depth)}",
            lambda: f"if {self.number()} > 2:\n{self.block(depth)}\nelse:\n{self.block(depth)}",
            lambda: (
                f"for q in list({self.random.choice(LISTS)}):\n    if q == {self.random.randint(0, 4)}:\n"
                f"        {self.one('continue', 'break')}\n{self.block(depth)}"
            ),
            lambda: f"try:\n{self.block(depth)}\n    [][0]\nexcept IndexError:\n{self.block(depth)}",
            lambda: f"w = 2\nwhile w > 0:\n    w -= 1\n{self.block(depth)}",
        ]
        if depth < 2 and self.random.random() < 0.35:
            return self.random.choice(compound)()
        return self.simple()

    def block(self, depth: int) -> str:
        lines = [line for _ in range(self.random.randint(1, 3)) for line in self.statement(depth + 1).split("\n")]
        return "\n".join(f"    {line}" for line in lines)


def value(code: str, expression: str) -> str:
    namespace: dict[str, object] = {}
    with contextlib.redirect_stdout(io.StringIO()):
        exec(code, namespace)
        return repr(copy.deepcopy(eval(expression, namespace)))


@pytest.mark.parametrize("start", range(0, 120, 20))
def test_a_slice_gives_what_the_program_gives(start: int) -> None:
    for seed in range(start, start + 20):
        code = Writer(seed).program()
        for expression in random.Random(seed).sample((*NUMBERS, *LISTS, "calls"), 2):
            whole = value(code, expression)
            for reach in (Reach.CAREFUL, Reach.TOUCHING):
                found = backward_slice(ast.parse(code).body, parse_expression(expression), reach)
                sliced = "\n".join(ast.unparse(node) for node in found.statements)
                assert value(sliced, expression) == whole, f"seed {seed}, {reach.name}, {expression}"
