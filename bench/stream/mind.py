"""The recorded mind: serves what was answered by hand, by question, as an OpenAI-compatible model.

    python bench/stream/mind.py NAME --port 8940        NAME: logs, tables or further; then --base-url http://127.0.0.1:8940/v1

Tokens are characters / 4, as they were counted when the replies were written. A call that nobody was asked before gets
"none of them" (adapt), or a reply without code (explore).
"""

from __future__ import annotations

import argparse
import json
import re
import threading
from pathlib import Path

from lithify.testing.model_server import ModelServer, ReceivedRequest
from lithify.testing.wire_replies import Answer

_QUESTION = re.compile(r"(?m)^Question: (.*)$")
_OFFERED = re.compile(r"(?m)^## (\S+)$")
_ADAPT = "one of these kept tools answers it"


class Mind:
    """Replies by question and turn; choices among kept tools by question and what was offered."""

    def __init__(self, path: Path) -> None:
        self.replies: dict[str, list[str]] = {}
        self.choices: dict[tuple[str, tuple[str, ...]], str] = {}
        for line in path.read_text(encoding="utf-8").splitlines():
            found = json.loads(line)
            if "offered" in found:
                self.choices[found["question"], tuple(found["offered"])] = found["reply"]
            else:
                self.replies[found["question"]] = found["replies"]

    def __call__(self, request: ReceivedRequest) -> Answer:
        texts = [(one["role"], _text(one["content"])) for one in request.body["messages"]]
        reply = self._reply(texts)
        sent = "\n".join(text for _, text in texts)
        return Answer(text=reply, input_tokens=len(sent) // 4, output_tokens=len(reply) // 4)

    def _reply(self, texts: list[tuple[str, str]]) -> str:
        asked = next(match[1] for role, text in texts if role == "user" and (match := _QUESTION.search(text)))
        if len(texts) == 1 and _ADAPT in texts[0][1]:
            offered = tuple(_OFFERED.findall(texts[0][1]))
            return self.choices.get((asked, offered), '{"tool": null, "why": "this choice was not recorded"}')
        turn = sum(role == "assistant" for role, _ in texts)
        known = self.replies.get(asked, [])
        return known[turn] if turn < len(known) else "Nothing was recorded for this."


def _text(content: object) -> str:
    if isinstance(content, str):
        return content
    return "".join(part.get("text", "") for part in content) if isinstance(content, list) else ""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("name", choices=["logs", "tables", "further"])
    parser.add_argument("--port", type=int, default=8940)
    given = parser.parse_args()
    mind = Mind(Path(__file__).parent / "replies" / f"{given.name}.jsonl")
    with ModelServer(mind, port=given.port) as server:
        print(server.base_url, flush=True)
        threading.Event().wait()


if __name__ == "__main__":
    main()
