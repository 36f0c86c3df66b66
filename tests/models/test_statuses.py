"""What a status means, and how long a provider asks to wait."""

from __future__ import annotations

import json

import pytest

from lithify.errors import ModelRefused
from lithify.models.retry import AttemptFailed
from lithify.models.statuses import Endpoint, failure_of_status, retry_after

HERE = Endpoint(name="m", host="h:1", secrets=("sk-1",))
NOW = 1_700_000_000.0


def failure(status: int, message: str = "", **headers: str) -> ModelRefused | AttemptFailed:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return failure_of_status(HERE, status, json.dumps({"error": {"message": message}}).encode(), named)


@pytest.mark.parametrize("status", [408, 409, 425, 429, 500, 503, 529])
def test_what_may_pass(status: int) -> None:
    found = failure(status, "busy with sk-1", retry_after="3")
    assert isinstance(found, AttemptFailed)
    assert str(found) == f"m at h:1 answers with status {status}: busy with ***"
    assert (found.retry_after, found.rate_limited) == (3.0, status == 429)


@pytest.mark.parametrize(
    ("status", "message", "remedy"),
    [
        (400, "bad field", "other settings"),
        (400, "This model's maximum context length is 8192 tokens", "model with a larger one"),
        (401, "", "API key"),
        (402, "", "credit"),
        (404, "no such model", "model's name"),
        (429, "You exceeded your current quota, please check your plan", "top it up"),
    ],
)
def test_what_a_person_must_mend(status: int, message: str, remedy: str) -> None:
    found = failure(status, message)
    assert isinstance(found, ModelRefused)
    assert remedy in str(found)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "7"}, 7.0),
        ({"retry-after": "0.5"}, 0.5),
        ({"retry-after-ms": "250", "retry-after": "9"}, 0.25),
        ({"retry-after": "Tue, 14 Nov 2023 22:13:50 GMT"}, 30.0),
        ({"retry-after": "Tue, 14 Nov 2023 22:13:10 GMT"}, 0.0),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "-1"}, None),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "inf"}, None),
    ],
)
def test_how_long_it_asks_to_wait(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after(headers, NOW) == seconds
