"""What a tool may not keep between calls, by reading; what constants come to."""

from __future__ import annotations

import ast

import pytest

from lithify.gates.folding import folded
from lithify.gates.state import check_state

KEEPS = (
    "_SEEN = []\ndef f(x):\n    _SEEN.append(x)\n    return _SEEN",
    "_SEEN = {}\ndef f(x):\n    _SEEN[x] = 1\n    return _SEEN",
    "_SEEN = {}\ndef f(x):\n    _SEEN['a']['b'].update(x)",
    "_N: list[int] = [0]\ndef f(x):\n    _N[0] += 1",
    "_N = [0]\ndef f(x):\n    del _N[0]",
    "def f(x):\n    f.calls = 1",
    "class _C:\n    n = 0\ndef f(x):\n    _C.n += 1",
    "class _C:\n    n = []\ndef f(x):\n    _C.n.append(x)",
    "_S = set()\ndef f(x):\n    return [_S.add(y) for y in x]",
    "_S = set()\ndef _g(x):\n    _S.discard(x)\ndef f(x):\n    _g(x)",
)
KEEPS_NOTHING = (
    "_WORDS = ['a']\ndef f(x):\n    return x in _WORDS and _WORDS[0] and _WORDS.index(x)",
    "def f(x):\n    seen = []\n    seen.append(x)\n    seen[0] = 1\n    return seen",
    "_SEEN = [1]\ndef f(x):\n    _SEEN = []\n    _SEEN.append(x)\n    return _SEEN",
    "class _C:\n    def __init__(self, n):\n        self.n = n\n        self.all = {}\n        self.all[n] = n",
    "_T = {}\ndef f(_T):\n    _T['a'] = 1\n    return _T",
)


@pytest.mark.parametrize("source", KEEPS)
def test_what_stays_until_the_next_call(source: str) -> None:
    (complaint, *_) = check_state(ast.parse(source))
    assert "stays so until the next call" in complaint.what


@pytest.mark.parametrize("source", KEEPS_NOTHING)
def test_what_is_made_anew(source: str) -> None:
    assert list(check_state(ast.parse(source))) == []


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("182", 182),
        ("91 * 2", 182),
        ("-(3 - 4)", 1),
        ("'ss' + 'hd'", "sshd"),
        ("'ab' * 3", "ababab"),
        ("''.join(['ss', 'hd'])", "sshd"),
        ("f'ss{\"hd\"}{1}'", "sshd1"),
        ("int('b6' + '')", None),
        ("int('182')", 182),
        ("len('abc')", 3),
        ("str(18) + str(2)", "182"),
        ("len(x)", None),
        ("x + 1", None),
        ("True", None),
        ("1 / 0", None),
        ("'a' * 10**9", None),
        ("10**11 * 10**11 * 10**11", None),
    ],
)
def test_what_constants_come_to(expression: str, value: object) -> None:
    assert folded(ast.parse(expression, mode="eval").body) == value
