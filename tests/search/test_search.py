"""Finding tools by words, keeping the index true, and the crowding alarm."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from pathlib import Path

import pytest

from lithify.records.search import SearchDocument
from lithify.search import crowds, open_index
from lithify.search.semantic import is_installed
from lithify.search.words import expression, telling, words

TOOLS = (
    SearchDocument(
        name="count_failed_logins",
        description="Count the failed logins of each user in an auth log.",
        questions=("how many failed logins does each user have",),
        parameters=("log", "top"),
    ),
    SearchDocument(name="slowest_requests", description="The requests with the longest response time."),
    SearchDocument(name="mean_response_time", description="The mean response time of requests, by endpoint."),
    SearchDocument(name="dedupe_rows", description="Drop duplicate records that share the same values in key columns."),
)


def never() -> Iterable[SearchDocument]:
    raise AssertionError("the documents were read though nothing changed")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "search.db"


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("failed logins per user", "count_failed_logins"),
        ("duplicates", "dedupe_rows"),
        ("mean_response_time", "mean_response_time"),
        ("which requests are the slowest?", "slowest_requests"),
        ("MeanResponseTime", "mean_response_time"),
        ('failed" NEAR "logins', "count_failed_logins"),
    ],
)
def test_words_find_their_tool_first(file: Path, query: str, first: str) -> None:
    index = open_index(file)
    index.update("one", lambda: TOOLS)
    assert index.find(query)[0].name == first
    index.close()


@pytest.mark.parametrize("query", ["", "  ", "?!*", "zebra"])
def test_no_known_word_finds_nothing(file: Path, query: str) -> None:
    index = open_index(file)
    index.update("one", lambda: TOOLS)
    assert index.find(query) == ()
    index.close()


def test_an_index_that_is_up_to_date_reads_nothing(file: Path) -> None:
    index = open_index(file)
    index.update("one", lambda: TOOLS)
    index.update("one", never)
    index.close()
    again = open_index(file)
    again.update("one", never)
    assert again.find("duplicate")[0].name == "dedupe_rows"
    again.close()


def test_what_changed_or_went_is_found_no_more(file: Path) -> None:
    index = open_index(file)
    index.update("one", lambda: TOOLS)
    changed = SearchDocument(name="dedupe_rows", description="Remove repeated lines.")
    index.update("two", lambda: (*TOOLS[:2], changed))
    assert [hit.name for hit in index.find("repeated")] == ["dedupe_rows"]
    assert index.find("duplicate") == ()
    assert index.find("endpoint") == ()
    index.close()


@pytest.mark.parametrize("content", [b"not a database at all" * 100, b""])
def test_a_damaged_index_is_made_anew(file: Path, content: bytes) -> None:
    file.parent.mkdir()
    file.write_bytes(content)
    index = open_index(file)
    index.update("one", lambda: TOOLS)
    assert index.find("logins")
    index.close()


def test_an_index_of_another_version_is_made_anew(file: Path) -> None:
    file.parent.mkdir()
    db = sqlite3.connect(file)
    db.execute("pragma user_version = 99")
    db.close()
    index = open_index(file)
    index.update("one", lambda: TOOLS)
    assert index.find("logins")
    index.close()


def test_two_processes_may_update_one_index(file: Path) -> None:
    first, second = open_index(file), open_index(file)
    first.update("one", lambda: TOOLS)
    second.update("two", lambda: TOOLS[:1])
    assert [hit.name for hit in first.find("requests logins")] == ["count_failed_logins"]
    first.close()
    second.close()


def test_words_come_apart() -> None:
    assert words("mostRestarted_service2") == ["most", "restarted", "service", "2"]
    assert telling("Which of the services is it?") == ["services"]
    assert telling("what is it") == ["what", "is", "it"]
    assert expression('a "b" OR c*') == '"b" OR "c"'


def test_near_twins_raise_the_alarm_and_others_do_not() -> None:
    twin = SearchDocument(
        name="count_failed_login",
        description="Count the failed logins of users in an auth log.",
        questions=TOOLS[0].questions,
    )
    found = crowds((*TOOLS, twin))
    assert [(crowd.name, crowd.other) for crowd in found] == [("count_failed_logins", "count_failed_login")]
    assert crowds(TOOLS) == ()
    assert crowds(()) == ()


@pytest.mark.skipif(not is_installed(), reason="the semantic extra is not installed")
def test_meaning_finds_what_words_do_not(file: Path) -> None:
    index = open_index(file, semantic=True)
    index.update("one", lambda: TOOLS)
    assert index.by_meaning
    assert index.find("who could not sign in")[0].name == "count_failed_logins"
    assert index.find("throw away repeated entries")[0].name == "dedupe_rows"
    index.close()
    again = open_index(file, semantic=True)
    again.update("one", never)
    assert again.find("who could not sign in")[0].name == "count_failed_logins"
    again.close()
