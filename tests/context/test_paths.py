"""The structure of nested data in lines."""

from __future__ import annotations

from lithify.context.paths import keys_of, paths_of


def test_lists_of_objects_are_described_together() -> None:
    orders = [{"id": n, "user": {"name": f"u{n % 3}"}, **({"note": "x"} if n % 4 == 0 else {})} for n in range(40)]
    assert paths_of({"orders": orders}) == [
        "  $: object; 1 key",
        "  $.orders: list; 40 elements",
        "  $.orders[]: object; 2 to 3 keys",
        "  $.orders[].id: number; all different, 0 to 39, median 19, e.g. 0, 1, 2",
        "  $.orders[].user: object; 1 key",
        "  $.orders[].user.name: text; values 'u0' ×14, 'u1' ×13, 'u2' ×13",
        "  $.orders[].note: text, missing in 75%; values 'x' ×10",
    ]


def test_keys_that_are_data_are_described_together() -> None:
    lines = paths_of({f"host-{n}": {"load": n / 2} for n in range(30)})
    assert lines == [
        "  $: object; 30 keys",
        "  $ has 30 keys: 'host-0', 'host-1', 'host-2', …",
        "  $.*: object; 1 key",
        "  $.*.load: number; all different, 0 to 14.5, median 7, e.g. 0, 0.5, 1",
    ]


def test_an_object_of_many_different_things_is_no_map() -> None:
    lines = paths_of({f"field {n}": n if n % 2 else str(n) for n in range(20)})
    assert "  $.field 0: \"9\"; '0'" in lines
    assert "  $.field 1: number; 1" in lines


def test_mixed_values_say_their_shares() -> None:
    assert keys_of([{"v": 1}, {"v": None}, {"v": [1, 2]}, {"v": {"w": 3}}]) == [
        "  'v': number 25%, null 25%, list 25%, object 25%; 1 key, 2 elements; values 1 ×1",
        "  'v'.w: number; 3",
        "  'v'[]: number; values 1 ×1, 2 ×1",
    ]


def test_deep_and_wide_data_is_bounded() -> None:
    deep: object = "end"
    for _ in range(200):
        deep = {"a": [deep]}
    assert len(paths_of(deep)) < 20
    wide = {f"k{n}": {f"j{m}": [m] * n for m in range(n % 9)} for n in range(400)}
    assert len(paths_of([wide, {"other": wide}])) <= 61


def test_bytes_and_tuples_of_python() -> None:
    assert paths_of({"raw": b"ab", "pair": (1, 2)}) == [
        "  $: object; 2 keys",
        "  $.raw: bytes; b'ab'",
        "  $.pair: list; 2 elements",
        "  $.pair[]: number; values 1 ×1, 2 ×1",
    ]
