"""A use is told by a digest that is the same for everybody and says neither question nor data."""

from __future__ import annotations

from lithify.records.evidence import use_digest


def test_the_same_use_has_the_same_digest_and_another_has_another() -> None:
    one = use_digest("which?", "ab" * 32)
    assert one == use_digest("which?", "ab" * 32)
    assert len({one, use_digest("which", "ab" * 32), use_digest("which?", "cd" * 32)}) == 3
    assert len(one) == 16
    assert use_digest("\udcff", "ab") != use_digest("?", "ab"), "a question that is not UTF-8 has one as well"
