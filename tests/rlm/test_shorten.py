from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from lithify.records.model import Message
from lithify.rlm.shorten import shortened, size_of

texts = st.one_of(st.text(max_size=200), st.text("ab1{é漢🙂", min_size=500, max_size=4_000))


def conversation(contents: list[str]) -> tuple[Message, ...]:
    return tuple(
        Message(role="system" if at == 0 else "assistant" if at % 2 == 0 else "user", content=content)
        for at, content in enumerate(contents)
    )


@settings(max_examples=60, deadline=None)
@given(st.lists(texts, min_size=3, max_size=8), st.integers(min_value=0, max_value=12_000))
def test_it_fits_and_keeps_what_matters_most(contents: list[str], tokens: int) -> None:
    whole = conversation(contents)
    short = shortened(whole, tokens)
    if size_of(whole) <= tokens:
        assert short == whole
    elif short is not None:
        assert size_of(short) <= tokens
        assert (short[0], short[-1]) == (whole[0], whole[-1])
        assert [message.role for message in short[:2]] == [message.role for message in whole[:2]]


def test_the_latest_messages_stay_and_a_gap_is_named() -> None:
    whole = conversation(["system", "question", *(f"{at}" * 1_000 for at in range(8)), "last"])
    short = shortened(whole, 1_700)
    assert short is not None
    head, gap, latest = short[:2], short[2], short[3:]
    assert head == whole[:2]
    assert "left out" in gap.content
    assert latest == whole[-4:]


def test_of_a_question_that_is_too_long_both_ends_stay() -> None:
    whole = conversation(["system", "HEAD " + "x" * 50_000 + " TAIL", "told", "last"])
    short = shortened(whole, 2_000)
    assert short is not None
    assert short[1].content.startswith("HEAD")
    assert short[1].content.endswith("TAIL")


def test_too_little_for_anything() -> None:
    assert shortened(conversation(["system " * 500, "question", "last"]), 200) is None
    assert shortened(conversation(["s" * 100, "q" * 100]), 10) is None


def test_text_of_any_kind_is_counted_rather_high() -> None:
    assert size_of(conversation(["a" * 1_000])) >= 500
    assert size_of(conversation(["漢" * 1_000])) >= 1_500
    assert size_of(conversation(["🙂" * 1_000])) >= 2_000
    assert size_of(conversation(["\ud800"])) > 0
