"""Trust by use: three distinct replays make a tool trusted, and the library's history says which."""

from __future__ import annotations

from pathlib import Path

from tests.scenarios.test_the_whole_way import kept, lab
from tests.scenarios.world import QUESTION, log


def test_three_distinct_uses_make_it_trusted(tmp_path: Path) -> None:
    kept(tmp_path)
    with lab(tmp_path)[0] as reuser:
        for seed in (3, 3, 4):
            assert reuser.ask(QUESTION, log(seed)).route == "replay"
        (tool,) = reuser.tools()
        assert tool.status == "provisional", "a retry proves nothing new"
        assert reuser.ask(QUESTION, log(5)).route == "replay"
        trusted = reuser.tool(tool.name)
        assert (trusted.status, trusted.version) == ("trusted", tool.version)
        assert reuser.library.revisions.history(tool.name)[0].reason.startswith("3 distinct uses, in runs ")
        assert reuser.ask(QUESTION, log(6)).route == "replay"
