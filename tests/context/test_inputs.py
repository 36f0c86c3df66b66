"""Several inputs as one context."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lithify.context import context_from_value
from lithify.context.inputs import MAX_CHARS, context_of_inputs, shared_room
from lithify.context.plaindata import context_of_data
from lithify.errors import ProgrammerMustAct

LOG = replace(context_from_value("2024-01-01 10:00:00 INFO started\n" * 400, notes=("odd",)), name="log")
CONFIG = context_of_data({"level": 3}, name="config")


def test_each_keeps_its_name_preview_and_fingerprint() -> None:
    context = context_of_inputs([LOG, CONFIG])
    assert (context.kind, context.name, context.size) == ("inputs", "context", LOG.size + CONFIG.size)
    assert [one.name for one in context.variables] == ["log", "config"]
    assert context.preview == f"== log ==\n{LOG.preview}\n\n== config ==\n{CONFIG.preview}"
    assert dict(context.fingerprint.members) == {"log": LOG.fingerprint, "config": CONFIG.fingerprint}
    assert context.notes == ("log: odd",)


def test_the_digest_is_of_names_and_contents() -> None:
    digests = {
        context_of_inputs([LOG, CONFIG]).digest,
        context_of_inputs([replace(LOG, name="other"), CONFIG]).digest,
        context_of_inputs([LOG, replace(CONFIG, digest="0" * 64)]).digest,
        context_of_inputs([LOG]).digest,
    }
    assert len(digests) == 4


def test_names_must_differ() -> None:
    with pytest.raises(ProgrammerMustAct, match="different names"):
        context_of_inputs([LOG, LOG])
    with pytest.raises(ProgrammerMustAct, match="1 to 40"):
        context_of_inputs([])


def test_long_previews_share_the_room_that_short_ones_leave() -> None:
    assert shared_room([100, 5_000, 5_000], 6_100) == [100, 3_000, 3_000]
    assert shared_room([10, 20], 1_000) == [10, 20]
    many = context_of_inputs([replace(LOG, name=f"log{n}", preview="x" * 4_000) for n in range(20)])
    assert len(many.preview) <= MAX_CHARS
