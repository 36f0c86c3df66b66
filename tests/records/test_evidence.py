"""A use is told by a digest that no guess can be tried against, and of which another clone compares a little."""

from __future__ import annotations

from collections import Counter

from lithify.records.evidence import DIGEST_CHARS, PLAIN_CHARS, plain_digest, together, use_digest

KEY, OTHER = b"a" * 32, b"b" * 32


def test_one_clone_tells_its_uses_apart() -> None:
    one = use_digest("which?", "ab" * 32, KEY)
    assert one == use_digest("which?", "ab" * 32, KEY)
    assert len({one, use_digest("which", "ab" * 32, KEY), use_digest("which?", "cd" * 32, KEY)}) == 3
    assert len(one) == DIGEST_CHARS
    assert use_digest("\udcff", "ab", KEY) != use_digest("?", "ab", KEY), "one that is not UTF-8 has one as well"


def test_of_a_use_others_see_one_of_sixteen_drawers_that_the_data_alone_decides() -> None:
    mine, theirs = (use_digest("which?", "ab" * 32, key) for key in (KEY, OTHER))
    assert mine[0] == theirs[0] == use_digest("how many?", "ab" * 32, OTHER)[0]
    assert mine[1:] != theirs[1:]
    drawers = Counter(use_digest("which?", str(number), KEY)[0] for number in range(1_600))
    assert len(drawers) == 16
    assert max(drawers.values()) < 150, "a guess at the data is right and wrong alike for a sixteenth of all data"


def test_people_s_uses_in_one_drawer_may_be_the_same_and_one_person_s_are_not() -> None:
    mine = ["0a", "0b", "3a"]
    assert together([mine]).total() == 3
    assert together([mine, ["0c", "5a"]]).total() == 4
    assert together([mine, ["0c", "0d", "0e"]]).total() == 4
    assert together([]).total() == 0


def test_digests_of_the_first_format_are_told_apart_by_all_of_them() -> None:
    one, two = plain_digest("which?", "1"), plain_digest("which?", "2")
    assert len(one) == PLAIN_CHARS
    assert together([[one, two], [one]]).total() == 2
