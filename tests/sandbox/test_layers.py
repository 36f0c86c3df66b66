from __future__ import annotations

import asyncio

import pytest

from lithify.errors import BadSettings, SandboxUnavailable
from lithify.ports import Sandbox, SandboxSpec
from lithify.sandbox import evidence, explain, layers, start_sandbox
from tests.sandbox.support import with_sandbox

FULL = {
    "namespaces": "yes",
    "root": "yes",
    "landlock": "abi 7",
    "broker": "not needed: x",
    "seccomp": "yes",
    "rlimits": "yes",
}


def test_the_floor_is_met() -> None:
    layers.require(FULL, ("seccomp", "rlimits", "files", "landlock", "root"))


@pytest.mark.parametrize(
    ("report", "floor", "missing"),
    [
        (FULL | {"seccomp": "no: left out"}, (), "seccomp"),
        (FULL | {"landlock": "no: not in this kernel"}, ("landlock",), "landlock"),
        ({"seccomp": "yes"}, ("files",), "files"),
        (FULL, ("broker",), "broker"),
        ({}, (), "seccomp"),
    ],
)
def test_below_the_floor_nothing_starts(report: dict[str, str], floor: tuple[str, ...], missing: str) -> None:
    with pytest.raises(SandboxUnavailable, match=f"{missing} missing.*For {missing}: "):
        layers.require(report, floor)


@pytest.mark.parametrize("name", ["root", "landlock", "broker", "no-open"])
def test_any_layer_over_files_will_do(name: str) -> None:
    layers.require({"seccomp": "yes", name: "yes"}, ("files",))


def test_unknown_layers_are_bad_settings() -> None:
    with pytest.raises(BadSettings, match="firewall"):
        layers.check_names(("firewall",), ())
    with pytest.raises(BadSettings, match="seccomp"):
        layers.check_names((), ("seccomp",))


def test_they_are_explained_one_by_one() -> None:
    states = {state.layer.name: state for state in explain(FULL)}
    assert states["landlock"].holds
    assert states["landlock"].how == "abi 7"
    assert not states["broker"].holds
    assert not states["broker"].needed
    assert all(state.layer.does and state.layer.remedy for state in states.values())


def test_a_real_sandbox_refuses_below_its_floor_and_leaves_nothing() -> None:
    spec = SandboxSpec(without=("namespaces",), floor=("namespaces",))
    with pytest.raises(SandboxUnavailable, match="namespaces missing"):
        asyncio.run(start_sandbox(spec))


def test_a_real_sandbox_reports_every_layer() -> None:
    async def story(sandbox: Sandbox) -> set[str]:
        return set(sandbox.layers)

    assert with_sandbox(story) == {layer.name for layer in layers.BY_NAME.values()}


def test_a_status_is_read() -> None:
    confined = dict.fromkeys(("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"), "0000000000000000")
    status = confined | {"NoNewPrivs": "1", "Seccomp": "2"}
    assert evidence.seen(status) == {"capabilities": "yes", "no-new-privs": "yes"}
    assert evidence.seen(status | {"CapEff": "0000000000000001"})["capabilities"].startswith("no: CapEff")
    assert evidence.seen(status | {"NoNewPrivs": "0"})["no-new-privs"].startswith("no")
    assert evidence.seen(status | {"Seccomp": "0"})["seccomp"].startswith("no")
    assert evidence.seen({}) == {}
