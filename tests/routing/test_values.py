"""Where a word stands in the data tells whether it can stand for another."""

from __future__ import annotations

import pytest

from lithify.context import context_from_value
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
