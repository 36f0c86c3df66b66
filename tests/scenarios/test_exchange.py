"""A log of rlms becomes runs, a run becomes a tool, and both become lines for training."""

from __future__ import annotations

import json
from pathlib import Path

from lithify.testing.model_server import ModelServer
from tests.scenarios.world import QUESTION, SOLUTION, command, log

LOG = Path(__file__).parents[1] / "export" / "fixtures" / "rlms_0.1.3.jsonl"


def test_runs_of_rlms_are_imported_once_and_learned_from(tmp_path: Path) -> None:
    first = command(tmp_path, ["import", "rlms", str(LOG), "--library", "lib", "--json"])
    assert first.code == 0, first.err
    imported = first.json["imported"]
    assert isinstance(imported, list)
    assert [(one["turns"], one["complete"], one["new"], one["gates"]) for one in imported] == [
        (2, True, True, "pass")
    ] * 2
    again = command(tmp_path, ["import", "rlms", str(LOG), "--library", "lib"])
    assert again.out.count("imported before") == 2
    assert len(json.loads(command(tmp_path, ["runs", "--library", "lib", "--json"]).out)["runs"]) == 2

    exported = command(tmp_path, ["export", "trajectories", "--library", "lib", "--out", "t.jsonl"])
    assert "2 trajectories written to t.jsonl" in exported.err
    lines = [json.loads(line) for line in (tmp_path / "t.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [(line["origin"], line["answer"], line["reward"]["gates"]["replay"]) for line in lines] == [
        ("rlms", 10, "pass"),
        ("rlms", 11, "pass"),
    ]
    roles = [message["role"] for message in lines[0]["messages"]]
    assert roles == ["system", "user", "assistant", "user", "assistant"]


def test_an_ephemeral_run_is_learned_from_when_asked_and_only_over_its_own_data(tmp_path: Path) -> None:
    (tmp_path / "app.log").write_text(log(3), encoding="utf-8")
    (tmp_path / "other.log").write_text(log(4), encoding="utf-8")
    with ModelServer([SOLUTION]) as server:
        asked = command(
            tmp_path, ["ask", QUESTION, "app.log", "--ephemeral", "--json", "--library", "lib"], server.base_url
        )
    run_id = str(asked.json["run_id"])
    other = command(tmp_path, ["distil", run_id, "other.log", "--library", "lib"])
    assert (other.code, "was asked over other data" in other.err) == (5, True)
    learned = command(tmp_path, ["distil", run_id[:6], "app.log", "--library", "lib", "--json"])
    assert learned.code == 0, learned.err
    assert learned.json["gates"] == "pass", learned.json


def test_garbage_is_refused_and_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "garbage.jsonl").write_text(LOG.read_text(encoding="utf-8") + "garbage\n", encoding="utf-8")
    refused = command(tmp_path, ["import", "rlms", "garbage.jsonl", "--library", "lib"])
    assert refused.code == 5
    assert "garbage.jsonl, line 6: it is not JSON" in refused.err
    assert not (tmp_path / "lib").exists()
