"""Which recorded request is nearest, and a diff that fits on a screen."""

from __future__ import annotations

from lithify.models.cassette_file import RecordedCall
from lithify.models.cassette_match import SHOWN_COLUMNS, SHOWN_LINES, difference, nearest
from lithify.records.model import Message, ModelReply, ModelRequest

REPLY = ModelReply(text="ok", model="m", input_tokens=1, output_tokens=1)


def request(*texts: str, temperature: float | None = None) -> ModelRequest:
    return ModelRequest(messages=tuple(Message(role="user", content=t) for t in texts), temperature=temperature)


def calls(*requests: ModelRequest) -> list[RecordedCall]:
    return [RecordedCall(number=n, request=r, outcome=REPLY) for n, r in enumerate(requests, start=1)]


def test_the_longest_common_beginning_wins_over_likeness() -> None:
    recorded = calls(request("the question, slightly changed"), request("start", "something else"))
    found = nearest(request("start", "the question, slightly changed"), recorded)
    assert found is recorded[1]


def test_then_likeness_decides() -> None:
    recorded = calls(request("zzzz"), request("which service restarted?"), request("qqqq"))
    assert nearest(request("which service restarted most?"), recorded) is recorded[1]


def test_an_empty_recording_has_no_nearest() -> None:
    assert nearest(request("x"), []) is None


def test_the_diff_shows_both_sides_and_the_role() -> None:
    shown = difference(request("same", "asked now"), calls(request("same", "asked then"))[0])
    assert shown.split("\n")[:2] == ["--- recorded call 1", "+++ this request"]
    assert {"-asked then", "+asked now", " [user]"} <= set(shown.split("\n"))


def test_a_setting_is_a_difference() -> None:
    assert "+[temperature 0.5]" in difference(request("x", temperature=0.5), calls(request("x"))[0])


def test_the_diff_of_two_huge_requests_stays_short() -> None:
    ours = request("\n".join(f"a {n} " + "x" * 1000 for n in range(20_000)))
    theirs = request("\n".join(f"b {n} " + "y" * 1000 for n in range(20_000)))
    lines = difference(ours, calls(theirs)[0]).split("\n")
    assert len(lines) == SHOWN_LINES + 1
    assert max(len(line) for line in lines) <= SHOWN_COLUMNS + 1


def test_a_difference_far_down_is_found() -> None:
    common = "\n".join(str(n) for n in range(10_000))
    shown = difference(request(common + "\nnow"), calls(request(common + "\nthen"))[0])
    assert {"-then", "+now"} <= set(shown.split("\n"))
