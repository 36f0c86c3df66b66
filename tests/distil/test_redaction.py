"""What is redacted, what stays, and that the same original has the same substitute."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lithify.distil.redaction import Redactor
from lithify.records.fixtures import FixturePolicy

TOKEN = "ghp_" + "a1B2" * 9


def redacted(text: str, **policy: tuple[str, ...]) -> str:
    return Redactor(FixturePolicy(**policy)).text(text)


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        ("mail from ada.l+x@corp.example.com to bob@x.io", ["ada", "corp", "bob"]),
        ("sshd: failed for root from 81.2.69.142 port 22", ["81.2.69"]),
        ("peer fe80::1ff:fe23:4567:890a up", ["fe23", "890a"]),
        ("2a02:26f0:1700:1b1::eed said hello", ["26f0"]),
        ("if 3c:22:fb:9a:01:7e down", ["3c:22:fb"]),
        (f"clone with {TOKEN}", [TOKEN[4:]]),
        ("key AKIAIOSFODNN7EXAMPLE used", ["IOSFODNN7"]),
        ("login password=hunter2hunter ok", ["hunter2hunter"]),
        ('{"api_key": "zxcvb-12345"}', ["zxcvb-12345"]),
        ("Authorization: Bearer abc.def-ghi123", ["abc.def"]),
        ("-----BEGIN RSA PRIVATE KEY-----\nMIIabc\n-----END RSA PRIVATE KEY-----", ["MIIabc"]),
    ],
)
def test_it_goes(text: str, gone: list[str]) -> None:
    found = redacted(text)
    assert not [piece for piece in gone if piece in found], found
    assert redacted(found) is not None


@pytest.mark.parametrize(
    "text",
    [
        "Jun 14 15:16:01 combo sshd(pam_unix)[19939]: authentication failure; uid=0 euid=0",
        "2025-03-03T10:00:01.123Z took 12 ms",
        "10:00:01:500 and 1:2:3",
        "listening on 127.0.0.1:8080 and 0.0.0.0",
        "built 1.2.3 of lib 10.4",
        "def::method and std::vector",
        "the token was refused; password: no",
    ],
)
def test_it_stays(text: str) -> None:
    assert redacted(text) == text


def test_the_same_original_has_the_same_substitute_in_every_text() -> None:
    redactor = Redactor(FixturePolicy())
    first = redactor.text("81.2.69.142 ada@x.io 81.2.69.7 9.9.9.9")
    second = redactor.text("9.9.9.9 and 81.2.69.142 and ada@x.io")
    one, mail, near, far = first.split()
    assert second == f"{far} and {one} and {mail}"
    assert one != near
    assert one.rpartition(".")[0] == near.rpartition(".")[0] != far.rpartition(".")[0]
    assert redactor.plain({"81.2.69.142": [("ada@x.io", 3)], "n": 1.5}) == {one: [[mail, 3]], "n": 1.5}
    assert redactor.replaced == 3


def test_a_substitute_says_nothing_of_its_original() -> None:
    other = TOKEN.replace("a1B2", "z9Y8")
    assert redacted(TOKEN) == redacted(other)
    assert len(redacted(TOKEN)) == len(TOKEN)


def test_names_of_ones_own() -> None:
    names = ("Ada Lovelace", "Ada", "acme")
    assert redacted("Ada Lovelace of acme met Ada, not Adam", names=names) == "Name1 of name2 met Name3, not Adam"


def test_only_the_rules_that_are_asked_for() -> None:
    text = "ada@x.io at 81.2.69.142"
    assert redacted(text, rules=()) == text
    assert redacted(text, rules=("emails",)).endswith("81.2.69.142")


@given(st.text(), st.text())
def test_any_text_is_redacted_the_same_twice(one: str, other: str) -> None:
    redactor = Redactor(FixturePolicy(names=("x",)))
    assert redactor.text(one) == redactor.text(one)
    assert Redactor(FixturePolicy()).text(other) == Redactor(FixturePolicy()).text(other)
