"""Reading whether an answer depends on the context."""

from __future__ import annotations

import ast

import pytest

from lithify.gates.dependence import Dependence, dependence_of

COMPUTED, CHOSEN, NONE = Dependence.COMPUTED, Dependence.CHOSEN, Dependence.NONE


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("return 42", NONE),
        ("return 'sshd'", NONE),
        ("return", NONE),
        ("pass", NONE),
        ("lines = log.splitlines()\nreturn 42", NONE),
        ("for line in log.splitlines():\n    print(line)\nreturn ['a', 'b']", NONE),
        ("def inner():\n    return log\nreturn 42", NONE),
        ("answer = {'a': 1}\nanswer['b'] = 2\nreturn answer", NONE),
        ("return log", COMPUTED),
        ("return len(log.splitlines())", COMPUTED),
        ("n = 0\nfor line in log.splitlines():\n    n += 1\nreturn n", COMPUTED),
        ("n = 0\nfor line in log.splitlines():\n    if 'x' in line:\n        n = n + 1\nreturn n", CHOSEN),
        ("found = []\nfor line in log.splitlines():\n    found.append(line)\nreturn found", COMPUTED),
        ("counts = {}\nfor w in log.split():\n    counts[w] = counts.get(w, 0) + 1\nreturn counts", COMPUTED),
        ("counts = {}\nfor w in log.split():\n    counts[w] = 1\nreturn counts", COMPUTED),
        ("a = log\nb = a\nc = [b]\nreturn c[0]", COMPUTED),
        ("b = 0\nwhile True:\n    a = b\n    b = log\n    if a:\n        break\nreturn a", COMPUTED),
        ("if (n := len(log)) > 3:\n    return n\nreturn 0", COMPUTED),
        ("return [w for w in log.split() if w]", COMPUTED),
        ("heap = []\nheappush(heap, log)\nreturn heap", COMPUTED),
        ("def inner():\n    return log\nreturn inner()", COMPUTED),
        ("def inner(text):\n    return text\nreturn inner(log)", COMPUTED),
        ("with open_it(log) as f:\n    return f.read()", COMPUTED),
        ("match log.split():\n    case [first, *rest]:\n        return rest\nreturn []", COMPUTED),
        ("try:\n    return int(log)\nexcept ValueError:\n    return 0", COMPUTED),
        ("n = 0\ndef hit(m):\n    nonlocal n\n    n += 1\nre.sub('x', hit, log)\nreturn n", COMPUTED),
        ("out = []\nn = fill(out, log)\nreturn out", COMPUTED),
        ("return 'yes' if 'x' in log else 'no'", CHOSEN),
        ("if 'x' in log:\n    return True\nreturn False", CHOSEN),
        ("for line in log.splitlines():\n    if 'x' in line:\n        return True\nreturn False", CHOSEN),
        ("answer = 'no'\nif 'x' in log:\n    answer = 'yes'\nreturn answer", CHOSEN),
        ("if log:\n    return 'sshd'", CHOSEN),
        ("if not log:\n    raise ValueError\nreturn 'sshd'", NONE),
        ("try:\n    int(log)\nexcept ValueError:\n    return 'no'\nreturn 'yes'", CHOSEN),
    ],
)
def test_how_the_answer_depends(body: str, expected: Dependence) -> None:
    lines = "\n".join(f"    {line}" for line in body.splitlines())
    tree = ast.parse(f"def answer_it(log: str, top: int = 3) -> object:\n{lines}\n")
    assert dependence_of(tree, "answer_it", ["log"]) is expected


def test_a_parameter_is_not_the_context() -> None:
    tree = ast.parse("def answer_it(log: str, top: int = 3) -> object:\n    return top * 2\n")
    assert dependence_of(tree, "answer_it", ["log"]) is NONE
    assert dependence_of(tree, "answer_it", ["top"]) is COMPUTED
    assert dependence_of(tree, "something_else", ["top"]) is NONE
