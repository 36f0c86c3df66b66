"""What a seeded session draws; that the numbers are the same again at all is in the conformance suite."""

from __future__ import annotations

import sys

import pytest

from lithify.ports import Sandbox, SandboxSpec
from lithify.records.plain import Plain
from tests.sandbox.support import with_sandbox

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the kernel sandbox needs Linux")

DRAWS = (
    "random.random()",
    "random.Random().random()",
    "random.SystemRandom().random()",
    "random.seed() or random.random()",
    "secrets.token_hex()",
    "os.urandom(8)",
    "uuid.uuid4().hex",
    "numpy.random.random()",
    "numpy.random.default_rng().random()",
    "pandas.Series(range(100)).sample(5).tolist()",
    "list({'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'})",
)
CODE = f"import os, random, secrets, uuid, numpy, pandas\n[{', '.join(DRAWS)}]"


def drawn(spec: SandboxSpec, seeds: tuple[int | None, ...]) -> list[Plain]:
    async def story(sandbox: Sandbox) -> list[Plain]:
        values = []
        for seed in seeds:
            session = await sandbox.open_session({"context": "x"}, seed=seed)
            result = await session.run(CODE, timeout=60)
            assert result.error is None, result.error
            values.append(result.value)
            await session.close()
        return values

    return with_sandbox(story, spec)


@pytest.mark.parametrize("preload", [("random", "numpy", "pandas"), ()], ids=["preloaded", "imported by the cell"])
def test_every_way_of_drawing_through_python_is_seeded(preload: tuple[str, ...]) -> None:
    spec = SandboxSpec(preload=preload, hash_seed=5)
    first, again, other = drawn(spec, (1, 1, 2))
    (elsewhere,) = drawn(spec, (1,))
    assert first == again == elsewhere
    assert isinstance(first, list)
    assert isinstance(other, list)
    assert [name for name, one, two in zip(DRAWS[:-1], first, other, strict=False) if one == two] == []


def test_with_the_standard_library_it_is_as_if_random_were_seeded() -> None:
    async def story(sandbox: Sandbox) -> Plain:
        session = await sandbox.open_session(seed=9)
        return (
            await session.run(
                "import random\nfirst = random.random()\nrandom.seed(9)\nfirst == random.random()", timeout=60
            )
        ).value

    assert with_sandbox(story) is True
