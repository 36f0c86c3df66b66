"""Lines alike but for their values are of one kind."""

from __future__ import annotations

from lithify.context.linekinds import line_kinds


def kinds(*lines: str) -> list[tuple[int, str]]:
    return [(kind.count, kind.example) for kind in line_kinds(lines)]


def test_numbers_names_with_digits_and_days_make_no_difference() -> None:
    assert kinds(
        "Jun 14 10:00:00 gate sshd[1]: failed for node-7",
        "Mon Jul  1 11:00:00 gate sshd[23]: failed for node-8",
        "Jun 14 10:00:00 gate sshd[1]: opened",
        "",
    ) == [(2, "Jun 14 10:00:00 gate sshd[1]: failed for node-7"), (1, "Jun 14 10:00:00 gate sshd[1]: opened")]


def test_what_stands_far_behind_makes_no_difference() -> None:
    words = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen"
    assert len(kinds(f"{words} fifteen", f"{words} other")) == 1


def test_a_huge_word_takes_no_time() -> None:
    assert kinds("x" * 1_000_000)[0][0] == 1


def test_no_lines_no_kinds() -> None:
    assert kinds() == []
