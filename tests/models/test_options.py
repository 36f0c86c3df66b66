"""Options that cannot be used are refused when they are made; the key does not show."""

from __future__ import annotations

import re

import pytest

from lithify.errors import BadSettings
from lithify.models import ModelOptions


@pytest.mark.parametrize(
    "url", ["localhost:8000", "ftp://host/v1", "http://", "/v1", "http:host", "http://[::1/v1", "http://host:99999/v1"]
)
def test_a_base_url_must_be_http(url: str) -> None:
    with pytest.raises(BadSettings, match=re.escape(f"base_url is {url!r}")):
        ModelOptions(base_url=url)


@pytest.mark.parametrize("seconds", [0.0, -1.0, float("nan")])
def test_a_timeout_must_be_positive(seconds: float) -> None:
    with pytest.raises(BadSettings, match="timeout"):
        ModelOptions(timeout=seconds)


def test_the_key_does_not_show() -> None:
    assert "sk-secret" not in repr(ModelOptions(api_key="sk-secret"))


def test_at_least_one_request_must_be_allowed() -> None:
    with pytest.raises(BadSettings, match="at_once is 0"):
        ModelOptions(at_once=0)
