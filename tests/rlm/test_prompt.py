from __future__ import annotations

import pytest

from lithify.errors import ProgrammerMustAct
from lithify.rlm.prompt import PLACEHOLDERS, digest, fill, template


@pytest.mark.parametrize("name", sorted(PLACEHOLDERS))
def test_every_prompt_has_exactly_its_declared_placeholders(name: str) -> None:
    assert template(name)


def test_a_value_that_looks_like_a_placeholder_stays_text() -> None:
    filled = fill("lost", {"reason": "{{ names }}", "names": "context"})
    assert "{{ names }}" in filled


def test_missing_and_unknown_values_are_refused() -> None:
    with pytest.raises(ProgrammerMustAct, match="takes"):
        fill("lost", {"reason": "x"})


def test_the_digest_is_stable_within_a_version() -> None:
    assert digest() == digest()
    assert len(digest()) == 16
