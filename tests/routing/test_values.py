"""Where a word stands in the data tells whether it can stand for another."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest

from lithify.context import context_from_value, context_of
from lithify.routing.values import strange_word

LOG = "a user=root id=1\nb user=guest id=2\nc group=wheel user\nsession for root\nfor backup\nrooted\n"
JSONL = '{"level": "warn", "by": "ann"}\n{"level": "fatal", "by": "bob"}\n'
SYSLOG = """Jun 1 10:00:01 dn228 crond[17]: tick for anyone
Jun 1 10:00:02 admin3 sshd[4]: hello from master[17]: ready
"""
CSV = 'shop,kind,n\nnorth,"a, b",1\nsouth,c,2\n'


@pytest.mark.parametrize(
    ("value", "default", "data", "reason"),
    [
        ("guest", "root", LOG, ""),
        ("backup", "root", LOG, ""),
        ("wheel", "root", LOG, "never stands"),
        ("rooted", "root", LOG, "never stands"),
        ("oote", "root", LOG, "does not occur"),
        ("mallory", "root", LOG, "does not occur"),
        ("guest", "mallory", LOG, "does not hold 'mallory'"),
        ("sshd", "crond", SYSLOG, ""),
        ("anyone", "crond", SYSLOG, "never stands"),
        ("master", "crond", SYSLOG, "never stands"),
        ("fatal", "warn", JSONL, ""),
        ("ann", "warn", JSONL, "never stands"),
        ("south", "north", CSV, ""),
        ("c", "north", CSV, "never stands"),
        ("kind", "shop", CSV, ""),
        ("north", "shop", CSV, "no column"),
    ],
)
def test_words(value: str, default: str, data: str, reason: str) -> None:
    found = strange_word(value, default, context_from_value(data))
    assert bool(found) == bool(reason)
    assert reason in found


def test_line_ends_of_every_kind_part_lines() -> None:
    for ends in ("\n", "\r\n", "\r"):
        assert strange_word("south", "north", context_from_value(CSV.replace("\n", ends))) == ""
        assert strange_word("backup", "root", context_from_value(LOG.replace("\n", ends))) == ""


def test_words_beside_a_very_long_line() -> None:
    data = "x" * 1_000_000 + " user=root\nuser=guest\n"
    assert strange_word("guest", "root", context_from_value(data)) == ""


def test_words_of_a_database_and_of_several_inputs() -> None:
    with closing(sqlite3.connect(":memory:")) as opened:
        opened.executescript(
            "CREATE TABLE orders (status TEXT, note TEXT); "
            "INSERT INTO orders VALUES ('shipped', 'late'), ('cancelled', ''), ('open', 'shipped');"
        )
        shop = context_of(opened)
    assert strange_word("cancelled", "shipped", shop) == ""
    assert "does not occur" in strange_word("sent", "shipped", shop)
    assert "never stands" in strange_word("late", "open", shop)
    assert "does not hold" in strange_word("open", "sent", replace(shop, value=b"damaged"))
    several = context_of({"shop": b"", "rows": [{"city": "Oslo"}, {"city": "Bern"}]})
    assert strange_word("Bern", "Oslo", several) == ""
    assert "does not occur" in strange_word("Rome", "Oslo", several)
