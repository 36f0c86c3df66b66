from __future__ import annotations

from lithify.cli.doctor import layer_findings

LAYERS = {
    "namespaces": "no: Operation not permitted",
    "landlock": "abi 4",
    "broker": "yes",
    "root": "no: needs namespaces",
    "no-open": "not needed: files are confined by name",
    "interpreter": "yes",
}


def test_a_missing_layer_is_a_note_with_its_remedy() -> None:
    found = {finding.text.partition(":")[0]: finding for finding in layer_findings(LAYERS)}
    assert list(found) == list(LAYERS)
    assert {name for name, finding in found.items() if finding.state == "note"} == {"namespaces", "root"}
    assert "Operation not permitted. It would mean: no other process" in found["namespaces"].text
    assert "kernel.unprivileged_userns_clone=1" in found["root"].text
    assert found["landlock"].text == "landlock: abi 4"
