from __future__ import annotations

import linecache

import pytest

from lithify.sandbox.guest.tracebacks import describe


def described(source: str, name: str = "<cell 1>") -> tuple[str, str, int, str]:
    linecache.cache[name] = (len(source), None, source.splitlines(True), name)
    try:
        exec(compile(source, name, "exec"), {})
    except BaseException as error:  # noqa: BLE001 - the cell's own, whatever it is
        return describe(error, name)
    raise AssertionError("nothing was raised")


def test_the_cells_own_lines_are_shown() -> None:
    kind, message, line, shown = described("def f(x):\n    return 1 / x\n\nf(0)")
    assert (kind, message, line) == ("ZeroDivisionError", "division by zero", 2)
    assert shown.splitlines() == [
        "Traceback (most recent call last):",
        "  … 1 frames in libraries …",
        "  cell 1, line 4",
        "    f(0)",
        "  cell 1, line 2, in f",
        "    return 1 / x",
        "ZeroDivisionError: division by zero",
    ]


def test_library_frames_are_counted_only() -> None:
    shown = described("import json\njson.loads('{')")[3]
    assert "… 3 frames in libraries …" in shown
    assert "decoder.py" not in shown


def test_deep_recursion_is_short() -> None:
    _, _, line, shown = described("def f(n): f(n + 1)\nf(0)")
    assert line == 1
    assert len(shown) < 2_000
    assert "more frames" in shown


def test_a_syntax_error_points_at_the_place() -> None:
    kind, _, line, shown = described("x = 1\ny = = 2")
    assert (kind, line) == ("SyntaxError", 2)
    assert "y = = 2" in shown
    assert "^" in shown


def test_what_was_being_handled_is_named() -> None:
    assert (
        "while handling KeyError"
        in described("try:\n    {}['a']\nexcept KeyError as e:\n    raise ValueError('b') from e")[3]
    )


@pytest.mark.parametrize(
    ("source", "hint"),
    [
        ("import socket\nraise PermissionError(1, 'x')", "only computes"),
        ("import nonexistent_module_x", "Nothing can be installed"),
    ],
)
def test_hints_say_what_to_do_instead(source: str, hint: str) -> None:
    assert hint in described(source)[3]


def test_hostile_exceptions_are_described_too() -> None:
    kind, message, _, shown = described(
        "class Bad(Exception):\n    def __str__(self): raise ValueError\nBad.__name__ = 'x' * 10_000\nraise Bad"
    )
    assert len(kind) < 300
    assert "no message" in message
    assert len(shown) < 10_000
    assert len(described("raise ValueError('m' * 10**6)")[1]) < 5_000
