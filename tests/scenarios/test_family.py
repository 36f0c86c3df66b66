"""Two solved questions of one family become one tool, and the third costs no model call."""

from __future__ import annotations

from pathlib import Path

from tests.scenarios.test_the_whole_way import lab
from tests.scenarios.world import log

CELL = """```repl
n = 0
for line in context.splitlines():
    if "{}" in line.split(": ", 1)[-1]:
        n += 1
print(n)
FINAL(n)
```"""


def question(word: str) -> str:
    return f"How many lines mention {word}?"


def text(seed: int) -> str:
    return log(seed) + "2026-06-30 10:00:00 host1 sshd[7]: refused once\n" * seed


def counted(word: str, data: str) -> int:
    return sum(word in line.split(": ", 1)[-1] for line in data.splitlines())


def test_the_third_question_of_a_family(tmp_path: Path) -> None:
    with lab(tmp_path, CELL.format("restarted"))[0] as first:
        assert first.ask(question("restarted"), text(1)).answer == counted("restarted", text(1))
        (item,) = first.review()
        tool = first.approve(item)
        assert tool.recipes[0].slots == ()
    none = '{"tool": null, "why": "another word"}'
    with lab(tmp_path, none, CELL.format("handled"))[0] as second:
        result = second.ask(question("handled"), text(4))
        assert (result.route, result.answer) == ("explore", counted("handled", text(4)))
        (item,) = second.review()
        assert item.verdict.outcome != "fail", item.verdict
        better = second.approve(item)
    assert (better.name, better.version) == (tool.name, 2)
    with lab(tmp_path)[0] as third:
        assert [one.name for one in third.tools()] == [tool.name]
        for word in ("refused", "restarted", "handled"):
            result = third.ask(question(word), text(3))
            assert (result.route, result.usage.model_calls) == ("replay", 0), result.why
            assert result.answer == counted(word, text(3))
