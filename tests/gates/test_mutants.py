"""Faults put into a source, one at a time."""

from __future__ import annotations

import ast

import pytest

from lithify.gates.mutants import mutants_of, rewritten, sampled
from lithify.testing.candidates import SOURCE


def faults(body: str, top: str = "") -> set[str]:
    """What the line of a one-line function becomes."""
    source = f"{top}def f(text: str, n: int = 3) -> object:\n    {body}\n"
    return {mutant.after for mutant in mutants_of(source, "f")}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("return n < 5", {"return n <= 5", "return n < 6"}),
        ("return (n) == (n)", {"return (n) != (n)"}),
        ("return text in 'ab'", {"return text not in 'ab'", "return text in 'XXab'"}),
        ("return text not in n", {"return text in n"}),
        ("return n is None", {"return n is not None"}),
        ("return n + n // n", {"return n - n // n", "return n + n * n"}),
        ("return n and n or text", {"return n or n or text", "return n and n and text"}),
        ("return not n", {"return  n"}),
        ("return -n", {"return n"}),
        ("return True", {"return False"}),
        ("return text[1:n]", {"return text[:n]", "return text[1:]", "return text[2:n]"}),
        ("return max(text, key=len)", {"return min(text, key=len)", "return max(text)"}),
        (
            "return sorted(text, key=len, reverse=True)",
            {"return sorted(text, reverse=True)", "return sorted(text, key=len)"},
        ),
        ("return text.strip()", {"return text"}),
        ("return (text).strip()", set()),
        ("return text.split(',')", {"return text.split('XX,')"}),
        ("return text.split(',', n)", {"return text.rsplit(',', n)"}),
        ("return [c for c in text if c]", {"return [c for c in text if True]"}),
        ("return text if text.isdigit() else n", {"return text if not (text.isdigit()) else n"}),
        (
            r"return re.match(r'^\d+\s$', text)",
            {r'return re.match(r"\d+\s$", text)', r'return re.match(r"^\d+\s", text)'},
        ),
        (r"return re.match(r'^\d+', text)", {r'return re.match(r"^\d", text)', r"return re.fullmatch(r'^\d+', text)"}),
        ("return text", {"return None"}),
    ],
)
def test_kinds(body: str, expected: set[str]) -> None:
    found = faults(body)
    squeezed = {" ".join(one.split()) for one in expected}
    assert squeezed <= found, found
    if not expected:
        assert found == {"return None"}


def test_an_order_that_no_answer_shows_is_no_fault() -> None:
    assert faults("return dict(sorted(counts(text).items(), key=lambda kv: (-kv[1], kv[0])))") == {"return None"}
    assert faults("return frozenset(sorted(text, reverse=True))") == {"return None"}


def test_an_order_that_an_answer_shows_is_one() -> None:
    assert faults("return dict(sorted(pairs(text), reverse=True))"), "the last one of equal keys stays"
    assert faults("return list(sorted(counts(text).items(), reverse=True))")


def test_what_an_exception_says_is_no_fault() -> None:
    source = "def f(text: str) -> str:\n    if text:\n        raise ValueError('nothing', text[1:])\n    return text\n"
    found = {mutant.after for mutant in mutants_of(source, "f")}
    assert "pass" in found
    assert "raise ValueError('nothing', text[2:])" in found
    assert not any("XXnothing" in one for one in found)


def test_statements() -> None:
    source = (
        "def f(text: str) -> object:\n    n = 0\n    for line in text:\n        if not line:\n            continue\n"
        "        n += 1\n        seen.add(line)\n        if n:\n            break\n"
        "        if line:\n            return 3\n"
        "    if not n:\n        raise ValueError\n    return n\n"
    )
    found = {(mutant.line, mutant.after) for mutant in mutants_of(source, "f")}
    assert {(5, "break"), (6, "pass"), (6, "n -= 1"), (7, "pass"), (9, "continue"), (11, "pass"), (13, "pass")} <= found


@pytest.mark.parametrize(
    "source",
    [
        '"""Docs > 1."""\n\n\ndef f(text: str) -> "list[int]":\n    """More < docs."""\n    return text\n',
        "def f(text: str, n: int = 3, *, m: str = 'a') -> object:\n    return text\n",
        "def f(text: str) -> object:\n    return f'{text:>3} {1 + 2}'\n",
        "import re\n\n\ndef f(text: 'str') -> object:\n    n: 'int'\n    return text\n",
    ],
)
def test_what_does_not_run_is_left_alone(source: str) -> None:
    assert [mutant.kind for mutant in mutants_of(source, "f")] == ["result"]


def test_each_is_another_program_with_one_line_changed() -> None:
    original = ast.dump(ast.parse(SOURCE))
    mutants = mutants_of(SOURCE, "most_restarted_service")
    assert len(mutants) > 5
    lines = SOURCE.splitlines()
    for mutant in mutants:
        assert ast.dump(ast.parse(mutant.source)) != original
        changed = [
            n for n, (one, other) in enumerate(zip(lines, mutant.source.splitlines(), strict=True), 1) if one != other
        ]
        assert changed == [mutant.line]
        assert mutant.before == " ".join(lines[mutant.line - 1].split())
        assert str(mutant) == f"line {mutant.line}: {mutant.before}  →  {mutant.after}"
    assert len({mutant.source for mutant in mutants}) == len(mutants)


def test_letters_of_several_bytes_do_not_move_the_place() -> None:
    assert "return text.count('XXé→') + 1" in faults("return text.count('é→') + 1")
    assert "return text.count('é→') - 1" in faults("return text.count('é→') + 1")


def test_a_sample_is_the_same_each_time_and_has_every_kind() -> None:
    source = (
        "def f(text: str) -> object:\n" + "".join(f"    n = text + {n}\n" for n in range(30)) + "    return n > 1\n"
    )
    mutants = mutants_of(source, "f")
    assert sampled(mutants, 10) == sampled(tuple(reversed(mutants)), 10)
    assert {mutant.kind for mutant in sampled(mutants, 3)} == {"arithmetic", "constant", "relation"}
    assert set(sampled(mutants, 1000)) == set(mutants)


def test_the_same_program_written_another_way() -> None:
    again = rewritten(SOURCE, "most_restarted_service")
    assert again != SOURCE
    assert "nothing" in again
    space: dict[str, object] = {}
    exec(compile(again, "tool.py", "exec"), space)
    found = space["most_restarted_service"]
    assert callable(found)
    assert found("a web restarted\na db restarted\nb web restarted\n") == ["web"]
    assert found.__doc__ == "The services that restarted most often, most frequent first."
