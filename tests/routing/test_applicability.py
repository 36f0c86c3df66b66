"""Another part of the same data is recognised, other data and drifted data are not. All samples are invented."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import cache

import pandas as pd
import pytest

from lithify.context import context_from_value
from lithify.context.fingerprint import fingerprint
from lithify.context.frames import context_of_frame
from lithify.records.context import Fingerprint, LineShape
from lithify.routing.applicability import REQUIRED_SHARE, covers

MONTHS = ("Jun", "Jul", "Aug")
LEVELS = ("INFO", "WARN", "ERROR")
MESSAGES = (
    "connection from 10.0.{n}.7 port {n} closed",
    "session opened for user root by (uid=0)",
    "Retry {n} of 5 failed: no route to host",
    "cache hit ratio 0.{n}",
    "authentication failure; logname= uid=0 user=guest",
)


def clock(n: int) -> str:
    return f"{n // 3600 % 24:02}:{n // 60 % 60:02}:{n % 60:02}"


def message(n: int) -> str:
    return MESSAGES[n * 7 % len(MESSAGES)].format(n=n % 250)


def syslog(n: int) -> str:
    program = ("sshd[{n}]", "su(pam_unix)[{n}]", "kernel", "crond[{n}]")[n % 4].format(n=1000 + n)
    return f"{MONTHS[n // 900]} {n // 40 % 30 + 1:>2} {clock(n * 97)} gate {program}: {message(n)}"


def laptop(n: int) -> str:
    program = ("kernel[0]", "com.example.cts[43]", "Text Editor[{n}]", "WindowServer[184]")[n % 4].format(n=n)
    return f"Jul {n // 40 % 9 + 1:>2} {clock(n * 97)} rooms-10-105-{n % 200} {program}: {message(n)}"


def service(n: int) -> str:
    at = f"2024-0{n // 500 + 1}-{n // 40 % 28 + 1:02} {clock(n * 97)},{n % 1000:03}"
    return f"{at} {LEVELS[n % 3]} [worker-{n % 9}] app.Core: {message(n)}"


def access(n: int) -> str:
    day = f"{n // 40 % 28 + 1:02}/{MONTHS[n // 900]}/2024:{clock(n * 97)} +0000"
    return f'10.1.{n % 200}.{n % 99} - - [{day}] "GET /item/{n} HTTP/1.1" {(200, 404, 500)[n % 3]} {n * 31}'


def phone(n: int) -> str:
    at = f"03-{n // 90 + 1:02} {clock(n * 97)}.{n % 1000:03}"
    return f"{at} {1000 + n % 7:>5} {2000 + n:>5} {'DIWE'[n % 4]} Manager{n % 5}: {message(n)}"


def piped(n: int) -> str:
    at = f"20240{n // 500 + 1}{n // 40 % 28 + 1:02}-{n % 24}:{n % 60}:{n % 59}:{n % 1000}"
    return f"{at}|Step_{'ABC'[n % 3]}|3000{n}|{message(n)}"


def cluster(n: int) -> str:
    return f"- {1_700_000_000 + n * 60} 2024.01.{n // 40 % 28 + 1:02} node-{n % 64} {message(n)}"


def logfmt(n: int) -> str:
    return f'time=2024-01-{n // 40 % 28 + 1:02}T{clock(n * 97)}Z level={LEVELS[n % 3].lower()} msg="{message(n)}" n={n}'


SYSTEMS: dict[str, Callable[[int], str]] = {
    maker.__name__: maker for maker in (syslog, laptop, service, access, phone, piped, cluster, logfmt)
}


def part(name: str, start: int, stop: int) -> str:
    return "".join(SYSTEMS[name](n) + "\n" for n in range(start, stop))


@cache
def shape(name: str, start: int, stop: int) -> Fingerprint:
    return fingerprint(part(name, start, stop))


@pytest.mark.parametrize("lines", [5, 300])
@pytest.mark.parametrize("name", SYSTEMS)
def test_a_later_part_of_the_same_log_is_covered(name: str, lines: int) -> None:
    known = shape(name, 0, lines)
    coverage = covers([known], shape(name, 1000, 1300))
    assert coverage.covered, coverage.why
    assert coverage.share >= REQUIRED_SHARE


@pytest.mark.parametrize("name", SYSTEMS)
def test_a_short_part_is_covered_by_a_long_one(name: str) -> None:
    assert covers([shape(name, 0, 400)], fingerprint(part(name, 1100, 1105))).covered


@pytest.mark.parametrize("name", SYSTEMS)
def test_no_other_log_is_covered(name: str) -> None:
    known = shape(name, 0, 400)
    shares = {other: covers([known], shape(other, 0, 400)).share for other in SYSTEMS if other != name}
    assert max(shares.values()) < 0.5, shares


def other_dates(text: str) -> str:
    text = re.sub(r"(?m)^(\w{3}) +(\d+) ", r"2024-06-\2T", text)
    text = re.sub(r"\b(\d{4})-(\d\d)-(\d\d)", r"\3/\2/\1", text)
    text = re.sub(r"\b(\d\d)/(\w{3})/(\d{4}):", r"\3-06-\1 ", text)
    text = re.sub(r"(?m)^(\d\d)-(\d\d) ", r"\2.\1. ", text)
    text = re.sub(r"(?m)^(\d{4})(\d\d)(\d\d)-", r"\1-\2-\3 ", text)
    return re.sub(r"\b(\d{4})\.(\d\d)\.(\d\d)\b", r"\2/\3/\1", text)


DRIFTS: dict[str, Callable[[str], str]] = {  # line by line
    "another date style": other_dates,
    "as JSON lines": lambda text: json.dumps({"line": text}),
    "tabs for spaces": lambda text: text.replace(" ", "\t", 6).replace("|", "\t"),
    "a new first field": lambda text: f"host7 {text}",
    "without the first field": lambda text: "".join(
        re.split(r"[ |]", line, maxsplit=1)[1] + "\n" for line in text.splitlines()
    ),
}


@pytest.mark.parametrize("drift", DRIFTS)
@pytest.mark.parametrize("name", SYSTEMS)
def test_a_drifted_log_is_not_covered(name: str, drift: str) -> None:
    known = shape(name, 0, 400)
    text = "\n".join(map(DRIFTS[drift], part(name, 1000, 1200).splitlines()))
    coverage = covers([known], fingerprint(text))
    assert not coverage.covered
    assert coverage.why


@pytest.mark.parametrize("name", SYSTEMS)
def test_a_log_with_lines_of_another_system_in_it_is_not_covered(name: str) -> None:
    names = list(SYSTEMS)
    other = names[(names.index(name) + 3) % len(names)]
    mixed = "".join(part(other if n % 10 < 3 else name, n, n + 1) for n in range(1000, 1200))
    coverage = covers([shape(name, 0, 400)], fingerprint(mixed))
    assert coverage.share == pytest.approx(0.7, abs=0.01)
    assert "only 70% of lines have a known shape" in coverage.why


def test_levels_in_other_letters_are_not_covered() -> None:
    text = part("service", 0, 500)
    assert not covers([fingerprint(text)], fingerprint(text.lower())).covered


def table(start: int, stop: int, *, header: str = "day,item,price,left,shop", delimiter: str = ",") -> str:
    rows = [
        f"2024-03-{n % 28 + 1:02},item {n},{n * 1.25},{n % 7},{'north' if n % 2 else 'south'}"
        for n in range(start, stop)
    ]
    return "".join(line.replace(",", delimiter) + "\n" for line in (header, *rows))


@pytest.mark.parametrize("rows", [5, 300])
def test_other_rows_of_the_same_table_are_covered(rows: int) -> None:
    assert covers([fingerprint(table(0, rows))], fingerprint(table(500, 900))).covered


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (table(500, 600, delimiter=";"), "the delimiter is ';', the tool knows ','"),
        (table(500, 600, delimiter="\t"), "the delimiter is '\\t'"),
        (table(500, 600, header="day,item,cost,left,shop"), "missing 'price'; unknown 'cost'"),
        (table(500, 600, header="day,item,Price,left,shop"), "missing 'price'; unknown 'Price'"),
        (table(500, 600, header="day,item,left,price,shop"), "in another order"),
        (re.sub(r"(?m)$(?<=.)", ",x", table(500, 600)), "the columns differ: unknown 'x'"),
        (re.sub(r"(?m),[a-z]+$", "", table(500, 600)), "missing 'shop'"),
        (re.sub(r"(\d{4})-(\d\d)-(\d\d)", r"\3/\2/\1", table(500, 600)), "'day' has values of a new kind in 100%"),
        (re.sub(r"(\d)\.(\d)", r"\1_\2", table(500, 600)), "'price' has values of a new kind"),
        (re.sub(r",[0-6],", ",,", table(500, 600)), "'left' has values of a new kind in 100%: empty"),
        ("\n".join(json.dumps({"day": "2024-03-01", "price": n}) for n in range(50)), "the context is jsonl"),
    ],
    ids=str,
)
def test_a_drifted_table_is_not_covered(text: str, why: str) -> None:
    coverage = covers([fingerprint(table(0, 300))], fingerprint(text))
    assert why in coverage.why


def test_the_order_of_day_and_month_is_told_apart() -> None:
    def dated(order: str) -> str:
        rows = (order.format(day=n % 28 + 1, month=n % 12 + 1, n=n) for n in range(100))
        return "day,count\n" + "\n".join(rows)

    day_first, month_first = dated("{day}/{month}/2024,{n}"), dated("{month}/{day}/2024,{n}")
    known = fingerprint(day_first)
    assert covers([known], fingerprint("day,count\n3/4/2024,1\n5/6/2024,2\n")).covered
    assert not covers([known], fingerprint(month_first)).covered
    assert not covers([fingerprint("day,count\n3/4/2024,1\n")], known).covered


def test_whole_numbers_are_covered_where_floats_are_known_and_not_the_other_way() -> None:
    whole, broken = fingerprint("a,b\n1,2\n3,4\n"), fingerprint("a,b\n1.5,2\n3.5,4\n")
    assert covers([broken], whole).covered
    assert not covers([whole], broken).covered


def test_texts_that_are_numbers_are_another_column() -> None:
    texts, broken, numbers = (context_of_frame(pd.DataFrame({"a": a})).fingerprint for a in (["1"], ["1.5"], [1]))
    assert covers([broken], texts).covered
    assert not covers([numbers], texts).covered
    assert not covers([texts], numbers).covered


def records(start: int, stop: int, **changed: object) -> str:
    made = (
        {"at": f"2024-01-01T{clock(n)}Z", "level": "info", "ms": n * 1.5, "user": {"id": n}} for n in range(start, stop)
    )
    return "\n".join(json.dumps({**record, **changed}) for record in made)


@pytest.mark.parametrize("wrap", [str, lambda text: "[" + text.replace("\n", ",") + "]"], ids=["lines", "list"])
def test_json_records(wrap: Callable[[str], str]) -> None:
    known = fingerprint(wrap(records(0, 50)))
    assert covers([known], fingerprint(wrap(records(900, 999)))).covered
    assert "'at'" in covers([known], fingerprint(wrap(records(0, 9).replace('"at"', '"time"')))).why
    assert "'ms'" in covers([known], fingerprint(wrap(records(0, 9, ms="fast")))).why.replace("[].", "")
    assert "'extra'" in covers([known], fingerprint(wrap(records(0, 9, extra=1)))).why.replace("[].", "")
    assert not covers([known], fingerprint(wrap(records(0, 9, at="01/02/2024")))).covered


def test_a_json_document() -> None:
    known = fingerprint(json.dumps({"name": "x", "items": [{"id": 1, "tags": ["a"]}]}))
    assert covers(
        [known], fingerprint(json.dumps({"name": "y", "items": [{"id": n, "tags": []} for n in range(9)]}))
    ).covered
    assert not covers([known], fingerprint(json.dumps({"name": "y", "items": [{"id": "1", "tags": []}]}))).covered
    assert "missing: 'items'" in covers([known], fingerprint(json.dumps({"name": "y"}))).why


PROSE = "It was a day like any other in the town by the sea.\nNobody had thought of rain that morning.\n\n"


def test_prose_needs_the_same_headings() -> None:
    book = "".join(f"CHAPTER {n}\n\n" + PROSE * 9 for n in range(1, 20))
    known = fingerprint(book)
    assert known.format == "prose"
    assert covers([known], fingerprint("".join(f"CHAPTER {n}\n\n" + PROSE * 8 for n in range(1, 9)))).covered
    assert "which the tool knows" in covers([known], fingerprint(PROSE * 50)).why
    assert not covers([known], fingerprint("Ann\nBob\nCarl\n" * 20)).covered


def files(**texts: str) -> Fingerprint:
    return context_from_value({name.replace("_", "."): text for name, text in texts.items()}).fingerprint


def test_files_need_every_known_kind_and_no_other() -> None:
    known = files(app_log=part("service", 0, 50), sales_csv=table(0, 50))
    assert covers([known], files(other_log=part("service", 200, 250), x_csv=table(70, 90), y_csv=table(90, 99))).covered
    assert ".csv (delimited) are missing" in covers([known], files(app_log=part("service", 0, 50))).why
    assert "files .md" in covers([known], files(app_log=part("service", 0, 50), sales_csv=table(0, 9), a_md=PROSE)).why
    drifted = files(app_log=part("phone", 0, 50), sales_csv=table(0, 50))
    assert "files .log: only 0% of lines" in covers([known], drifted).why
    assert not covers([known], fingerprint(part("service", 0, 50))).covered


def test_several_known_shapes_are_taken_together() -> None:
    known = [fingerprint(part("service", 0, 50)), fingerprint(part("phone", 0, 50)), fingerprint(table(0, 9))]
    assert covers(known, fingerprint(part("service", 90, 99) + part("phone", 90, 99))).covered
    assert covers(known, fingerprint(table(90, 99))).covered


def test_an_empty_context_is_never_covered() -> None:
    empty = fingerprint("")
    assert covers([empty], empty).why == "the context is empty"


def test_without_a_known_shape_nothing_is_covered() -> None:
    assert "no recorded shape" in covers([], fingerprint("a b c")).why


def test_the_required_share_is_a_floor() -> None:
    def lines(share: float) -> Fingerprint:
        shapes = (LineShape(pattern="9 tag:", share=share), LineShape(pattern="other", share=1 - share))
        return Fingerprint(format="lines", shapes=shapes)

    known = Fingerprint(format="lines", shapes=(LineShape(pattern="9 tag:", share=1.0),))
    assert covers([known], lines(REQUIRED_SHARE)).covered
    assert covers([known], lines(REQUIRED_SHARE - 0.001)).why.endswith('new: "other"')
