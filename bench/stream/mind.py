"""The recorded mind: serves what was answered by hand, by question, as an OpenAI-compatible model.

    python bench/stream/mind.py NAME --port 8940        NAME: of a stream; then --base-url http://127.0.0.1:8940/v1

Tokens are characters / 4, as they were counted when the replies were written. A call that nobody was asked before gets
"none of them" (adapt), or a reply without code (explore). One process serves one arm: what is asked a second time may
get another reply ("again"), as the mistakes of a model are not always the same.
"""

from __future__ import annotations

import argparse
import json
import re
import threading
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from lithify.testing.model_server import ModelServer, ReceivedRequest
from lithify.testing.wire_replies import Answer

HERE = Path(__file__).parent
NONE = '{"tool": null}'
PROBE = "I look at the data first.\n\n```repl\nprint(len(context))\nprint(context[:1500])\n```"
"""What a model does that was shown nothing."""
_QUESTION = re.compile(r"(?m)^Question: (.*)$")
_OFFERED = re.compile(r"(?m)^- (\w+): (.*)$")
_PARAMETER = re.compile(r"\{(\w+)=([^{}]*)\}")
_ADAPT = "one of these kept tools answer"


@dataclass(frozen=True)
class Pick:
    """A choice among kept tools: the one of this name, or whose questions hold this pattern.

    values: by the defaults of the parameters that take them
    """

    name: str = ""
    pattern: str = ""
    arguments: Mapping[str, object] | None = None
    values: Mapping[str, object] | None = None

    def reply(self, offered: Sequence[tuple[str, str]]) -> str:
        """The choice among these tools with what they answer; none where the one that was picked is not there."""
        for name, answers in offered:
            if name == self.name:
                return json.dumps({"tool": name, "arguments": self.arguments or {}})
            if self.pattern and re.search(self.pattern, answers, re.IGNORECASE):
                known = {default: parameter for parameter, default in _PARAMETER.findall(answers)}
                wanted = {known.get(default, ""): value for default, value in (self.values or {}).items()}
                given = {parameter: value for parameter, value in wanted.items() if parameter}
                fixed = self.values and not given and not known.keys() & set(map(str, self.values.values()))
                return NONE if fixed else json.dumps({"tool": name, "arguments": given})
        return NONE


class Mind:
    """Replies by question and turn; choices among kept tools by question."""

    def __init__(self, path: Path, *, probes: bool = False) -> None:
        self.probes = probes
        self.replies: dict[str, list[list[str]]] = {}
        self.picks: dict[str, Pick] = {}
        self.asked: Counter[str] = Counter()
        for found in map(json.loads, path.read_text(encoding="utf-8").splitlines()):
            question = found["question"]
            if "offered" in found:
                choice = json.loads(found["reply"])
                if choice["tool"]:
                    self.picks[question] = Pick(name=choice["tool"], arguments=choice.get("arguments"))
            elif "picks" in found:
                self.picks[question] = Pick(pattern=found["picks"], values=found["values"])
            else:
                self.replies[question] = [found["replies"], *([found["again"]] if "again" in found else [])]

    def __call__(self, request: ReceivedRequest) -> Answer:
        texts = [(one["role"], _text(one["content"])) for one in request.body["messages"]]
        reply = self._reply(texts)
        sent = "\n".join(text for _, text in texts)
        return Answer(text=reply, input_tokens=len(sent) // 4, output_tokens=len(reply) // 4)

    def _reply(self, texts: list[tuple[str, str]]) -> str:
        asked = next(match[1] for role, text in texts if role == "user" and (match := _QUESTION.search(text)))
        if len(texts) == 1 and _ADAPT in texts[0][1]:
            pick = self.picks.get(asked)
            return NONE if pick is None else pick.reply(_OFFERED.findall(texts[0][1]))
        turn = sum(role == "assistant" for role, _ in texts) - self.probes
        if turn < 0:
            return PROBE
        self.asked[asked] += turn == 0
        known = self.replies.get(asked, [[]])
        replies = known[min(max(self.asked[asked], 1), len(known)) - 1]
        return replies[turn] if turn < len(replies) else "Nothing was recorded for this."


def _text(content: object) -> str:
    if isinstance(content, str):
        return content
    return "".join(part.get("text", "") for part in content) if isinstance(content, list) else ""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("name", choices=sorted(path.stem for path in (HERE / "replies").glob("*.jsonl")))
    parser.add_argument("--port", type=int, default=8940)
    parser.add_argument("--probes", action="store_true", help="looks at the data first: for the arm bare")
    given = parser.parse_args()
    with ModelServer(Mind(HERE / "replies" / f"{given.name}.jsonl", probes=given.probes), port=given.port) as server:
        print(server.base_url, flush=True)
        threading.Event().wait()


if __name__ == "__main__":
    main()
