from __future__ import annotations

import math
import struct
import tracemalloc

import msgpack
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lithify.records.cell import CellError
from lithify.sandbox.frames import BadFrame, Bound, Calls, Finished, FrameReader, Ready, parse, scan
from lithify.sandbox.guest import wire

STDOUT = 1_000

scalars = (
    st.none()
    | st.booleans()
    | st.integers(min_value=-(2**400), max_value=2**400)
    | st.floats(allow_nan=False)
    | st.text(st.characters(codec=None))
    | st.binary()
)
keys = st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats(allow_nan=False) | st.text()
plain = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(keys, inner, max_size=5),
    max_leaves=20,
)


def result(**changed: object) -> bytes:
    fields: dict[str, object] = {
        "cell": 1,
        "stdout": "",
        "length": 0,
        "error": None,
        "type": "",
        "repr": "",
        "plain": True,
        "value": None,
    }
    return wire.encode(["result", *(fields | changed).values()])


@given(plain)
def test_plain_data_survives_the_wire(value: object) -> None:
    body = wire.encode(value)
    scan(body)
    back = wire.decode(body)
    assert back == value
    assert repr(back) == repr(value)


def test_not_a_number_survives_the_wire() -> None:
    assert math.isnan(wire.decode(wire.encode(float("nan"))))


@settings(max_examples=500)
@given(st.binary(max_size=300))
def test_any_bytes_give_a_message_or_a_bad_frame(body: bytes) -> None:
    try:
        parse(body, STDOUT)
    except BadFrame:
        return


@settings(max_examples=300)
@given(st.data())
def test_a_damaged_result_gives_a_message_or_a_bad_frame(data: st.DataObject) -> None:
    body = bytearray(result(value=data.draw(plain), stdout="out", repr="r"))
    for _ in range(data.draw(st.integers(1, 4))):
        body[data.draw(st.integers(0, len(body) - 1))] = data.draw(st.integers(0, 255))
    try:
        parse(bytes(body), STDOUT)
    except BadFrame:
        return


@settings(max_examples=300)
@given(st.lists(plain, max_size=9))
def test_any_message_of_plain_data_gives_a_message_or_a_bad_frame(fields: list[object]) -> None:
    for kind in ("result", "calls", "ready", "bound"):
        try:
            parse(wire.encode([kind, *fields]), STDOUT)
        except BadFrame:
            continue


@given(st.lists(st.binary(min_size=1, max_size=50), max_size=8), st.data())
def test_frames_are_found_however_the_bytes_come(bodies: list[bytes], data: st.DataObject) -> None:
    stream = b"".join(struct.pack("<I", len(body)) + body for body in bodies)
    reader = FrameReader(100)
    found: list[bytes] = []
    while stream:
        size = data.draw(st.integers(1, len(stream)))
        found += reader.feed(stream[:size])
        stream = stream[size:]
    assert found == bodies
    assert reader.missing == 0


def test_the_reader_says_what_the_frame_lacks() -> None:
    reader = FrameReader(100)
    assert list(reader.feed(struct.pack("<I", 10) + b"abc")) == []
    assert reader.missing == 7


@pytest.mark.parametrize("length", [0, 101, 0xFFFF_FFFF])
def test_frames_of_impossible_length_are_refused_at_once(length: int) -> None:
    with pytest.raises(BadFrame):
        list(FrameReader(100).feed(struct.pack("<I", length) + b"x" * 8))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xc1",
        b"\x01\x01",
        b"\xdd\x7f\xff\xff\xff",
        b"\xdd\x00\x00\x00\x02\xc0",
        b"\xdf\x00\x00\x00\x01\xc0",
        b"\xdb\x00\x00\x00\x05abc",
        b"\xa5ab",
        b"\xcf\x00",
        b"\x91" * 100 + b"\xc0",
        b"\xdd\x7f\xff\xff\xff" * 50,
        b"\x81\x90\xc0",
        b"\x81\xc4\x01a\xc0",
        b"\x81\x80\xc0",
        b"\x81\xd4\x01\x05\xc0",
        b"\xd4\x05x",
        b"\xd6\xff\x00\x00\x00\x00",
        b"\xc9\x00\x01\x00\x00\x01" + b"x" * 65536,
    ],
)
def test_unsound_structures_are_refused(body: bytes) -> None:
    with pytest.raises(BadFrame):
        scan(body)


def test_a_small_frame_cannot_cost_much_memory() -> None:
    """Arrays that claim a million elements, nested: decoding them unseen would reserve gigabytes."""
    body = (b"\xdd" + struct.pack(">I", 1 << 20)) * 60 + b"\xc0" * 1000
    tracemalloc.start()
    with pytest.raises(BadFrame):
        parse(body, STDOUT)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 1 << 20


def test_too_many_elements_are_refused() -> None:
    body = b"\xdd" + struct.pack(">I", 500_000) + b"\x90" * 500_000
    with pytest.raises(BadFrame):
        scan(body)


def test_a_result() -> None:
    error = ["ValueError", "no", 2, "Traceback"]
    assert parse(result(cell=7, stdout="hi", length=9, error=error, type="int", repr="5", value=5), STDOUT) == Finished(
        7, "hi", 9, CellError(kind="ValueError", message="no", line=2, traceback="Traceback"), "int", "5", True, 5
    )


@pytest.mark.parametrize(
    "changed",
    [
        {"cell": -1},
        {"cell": True},
        {"cell": "1"},
        {"cell": 1.0},
        {"stdout": b"x"},
        {"stdout": "x" * (STDOUT + 1)},
        {"length": -1},
        {"length": 2**70},
        {"error": "no"},
        {"error": ["a", "b", 1]},
        {"error": ["a", "b", -1, "c"]},
        {"error": ["a" * 5000, "b", 1, "c"]},
        {"type": None},
        {"repr": "x" * 30_000},
        {"plain": 1},
        {"plain": None},
        {"more": 1},
    ],
)
def test_results_of_wrong_types_and_sizes_are_refused(changed: dict[str, object]) -> None:
    with pytest.raises(BadFrame):
        parse(result(**changed), STDOUT)


def test_texts_for_people_hold_no_lone_surrogates() -> None:
    finished = parse(result(stdout="a\ud800b", repr="\udfff"), STDOUT)
    assert isinstance(finished, Finished)
    assert (finished.stdout, finished.value_repr) == ("a\\ud800b", "\\udfff")


def test_calls() -> None:
    message = parse(wire.encode(["calls", "f", [wire.encode([1, ["a"], {"k": 2}])]]), STDOUT)
    assert isinstance(message, Calls)
    assert message.name == "f"
    assert (message.calls[0].number, message.calls[0].args, message.calls[0].kwargs) == (1, ["a"], {"k": 2})


@pytest.mark.parametrize(
    "call",
    [[1], [1, [], {}, 0], ["1", [], {}], [-1, [], {}], [True, [], {}], [1, {}, {}], [1, [], []], [1, [], {1: 2}], None],
)
def test_calls_of_wrong_shape_are_refused(call: object) -> None:
    with pytest.raises(BadFrame):
        parse(wire.encode(["calls", "f", [wire.encode(call)]]), STDOUT)


@pytest.mark.parametrize(
    "message",
    [
        [],
        ["calls", "f", []],
        ["calls", "f", ["x"]],
        ["calls", 1, [b"x"]],
        ["calls", "f", [b"\x90"] * 2000],
        ["run", 1, ""],
        {"ready": 1},
        "ready",
        ["ready", 1],
        ["bound"],
        ["bound", 1],
    ],
)
def test_other_messages_are_refused(message: object) -> None:
    with pytest.raises(BadFrame):
        parse(wire.encode(message), STDOUT)


def test_the_elements_of_all_calls_in_a_frame_count_together() -> None:
    body = wire.encode([1, [[None] * 1000], {}])
    parse(wire.encode(["calls", "f", [body] * 100]), STDOUT)
    with pytest.raises(BadFrame):
        parse(wire.encode(["calls", "f", [body] * 1000]), STDOUT)


def test_greetings() -> None:
    assert parse(wire.encode(["ready"]), STDOUT) == Ready()
    assert parse(wire.encode(["bound", None]), STDOUT) == Bound(None)
    assert parse(wire.encode(["bound", "no memory"]), STDOUT) == Bound("no memory")


def test_what_is_not_plain_cannot_be_encoded() -> None:
    for value in (object(), {1: {2, 3}}, 2**20_000, msgpack.Timestamp(1)):
        with pytest.raises((TypeError, ValueError)):
            wire.encode({"a": object(), "b": value})


def test_what_a_dying_worker_says_steers_no_terminal() -> None:
    with pytest.raises(BadFrame) as error:
        list(FrameReader(100).feed(b"\0\0\0\0OSError: \x1b[2J\xe2\x80\xae"))
    assert "OSError: " in str(error.value)
    assert str(error.value).isprintable()
    assert str(error.value).isascii()
