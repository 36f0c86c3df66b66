"""Recording loses nothing; replaying takes nothing but what was recorded."""

from __future__ import annotations

import asyncio
import resource
from decimal import Decimal
from pathlib import Path

import pytest

from lithify.errors import CassetteProblem, ModelFailed, ModelRefused, ProgrammerMustAct
from lithify.models import CassetteModel, ModelOptions, Recording, RecordingModel, ScriptedModel, open_model
from lithify.models.cassette import read_cassette
from lithify.ports import Model
from lithify.records.model import Message, ModelReply, ModelRequest
from lithify.testing.model_conformance import question
from lithify.testing.model_server import ModelServer
from lithify.testing.wire_replies import Answer

PRICED = ModelReply(
    text="dear", model="openai:m", input_tokens=9, output_tokens=4, cost=Decimal("0.5"), seconds=3.0, attempts=2
)


def record(path: Path, *script: object, prompts: tuple[str, ...], note: str = "") -> list[ModelReply]:
    async def main() -> list[ModelReply]:
        model = RecordingModel(ScriptedModel(script, name="openai:m"), path, note=note)
        try:
            return [await model.ask(question(prompt)) for prompt in prompts]
        finally:
            await model.close()

    return asyncio.run(main())


def ask(model: Model, *prompts: str) -> list[ModelReply]:
    async def main() -> list[ModelReply]:
        return [await model.ask(question(prompt)) for prompt in prompts]

    return asyncio.run(main())


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "recordings" / "session.cassette"


def test_a_replay_gives_what_was_recorded_and_says_that_it_is_one(path: Path) -> None:
    record(path, "one", PRICED, prompts=("a", "b"), note="for the demo")
    model = CassetteModel(path)
    first, second = ask(model, "a", "b")
    assert (first.text, first.model) == ("one", "openai:m")
    assert (second.text, second.input_tokens, second.output_tokens, second.cost) == ("dear", 9, 4, Decimal("0.5"))
    assert (second.attempts, second.seconds) == (2, 0.0)
    assert model.name == "cassette:session.cassette"
    assert (model.header.model, model.header.note) == ("openai:m", "for the demo")


def test_requests_may_come_in_another_order_and_all_at_once(path: Path) -> None:
    prompts = tuple(f"p{n}" for n in range(20))
    record(path, *[f"r{n}" for n in range(20)], prompts=prompts)
    model = CassetteModel(path)

    async def main() -> list[str]:
        replies = await asyncio.gather(*(model.ask(question(prompt)) for prompt in reversed(prompts)))
        return [reply.text for reply in replies]

    assert asyncio.run(main()) == [f"r{n}" for n in reversed(range(20))]


def test_the_same_request_recorded_twice_gives_its_replies_in_order_and_then_no_more(path: Path) -> None:
    record(path, "first", "second", prompts=("same", "same"))
    model = CassetteModel(path)
    assert [reply.text for reply in ask(model, "same", "same")] == ["first", "second"]
    with pytest.raises(CassetteProblem, match=r"no further reply.*used once"):
        ask(model, "same")


def test_a_request_that_differs_is_shown_against_the_nearest(path: Path) -> None:
    record(path, "one", "two", prompts=("something else entirely", "line 1\nwhich service?\nline 3"))
    with pytest.raises(CassetteProblem) as caught:
        ask(CassetteModel(path), "line 1\nwhich server?\nline 3")
    message = str(caught.value)
    assert "session.cassette does not hold this request." in message
    assert "0 of its 2 calls are used so far. The nearest recorded request:" in message
    assert "--- recorded call 2" in message
    assert "-which service?\n+which server?" in message


def test_settings_are_part_of_a_request(path: Path) -> None:
    record(path, "one", prompts=("a",))
    warmer = ModelRequest(messages=(Message(role="user", content="a"),), temperature=1.0)
    with pytest.raises(CassetteProblem, match=r"\+\[temperature 1\.0\]"):
        asyncio.run(CassetteModel(path).ask(warmer))


def test_going_beyond_the_end_says_that_it_ends(path: Path) -> None:
    record(path, "one", prompts=("a",))
    model = CassetteModel(path)
    ask(model, "a")
    with pytest.raises(CassetteProblem, match="1 of its 1 calls are used so far, it ends here"):
        ask(model, "b")


def test_a_recording_without_calls_holds_nothing(path: Path) -> None:
    record(path, prompts=())
    with pytest.raises(CassetteProblem, match="0 of its 0 calls are used so far, it ends here"):
        ask(CassetteModel(path), "a")


def test_a_missing_recording_says_so(tmp_path: Path) -> None:
    with pytest.raises(CassetteProblem, match="there is no recording"):
        CassetteModel(tmp_path / "none.cassette")


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"", b"hello"], ids=["not utf-8", "empty", "not json"])
def test_a_file_that_is_no_recording_is_named(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.cassette").write_bytes(content)
    with pytest.raises(CassetteProblem, match=r"x\.cassette cannot be"):
        CassetteModel(tmp_path / "x.cassette")


def test_a_folder_is_no_recording(tmp_path: Path) -> None:
    with pytest.raises(CassetteProblem, match="cannot be read"):
        CassetteModel(tmp_path)
    with pytest.raises(CassetteProblem, match="cannot be written"):
        RecordingModel(ScriptedModel([]), tmp_path)


def test_every_call_is_in_the_file_before_its_reply_is_handed_on(path: Path) -> None:
    model = RecordingModel(ScriptedModel(["one", "two"]), path)

    async def main() -> list[int]:
        counts = []
        for prompt in ("a", "b"):
            await model.ask(question(prompt))
            counts.append(len(read_cassette(path)[1]))
        await model.close()
        return counts

    assert asyncio.run(main()) == [1, 2]


def test_recording_again_continues_the_file(path: Path) -> None:
    record(path, "one", prompts=("a",), note="first")
    record(path, "two", prompts=("b",), note="second")
    header, calls = read_cassette(path)
    assert (header.note, [call.number for call in calls]) == ("first", [1, 2])
    assert [reply.text for reply in ask(CassetteModel(path), "b", "a")] == ["two", "one"]


def test_a_broken_file_is_not_continued(path: Path) -> None:
    record(path, "one", prompts=("a",))
    broken = path.read_bytes()[:-10]
    path.write_bytes(broken)
    with pytest.raises(CassetteProblem, match="cannot be used"):
        RecordingModel(ScriptedModel([]), path)
    assert path.read_bytes() == broken


def test_a_second_writer_is_refused(path: Path) -> None:
    first = Recording(path, model="m")
    with pytest.raises(CassetteProblem, match="being written by another"):
        Recording(path, model="m")
    first.close()
    Recording(path, model="m").close()


def test_two_models_share_one_recording(path: Path) -> None:
    recording = Recording(path, model="root")
    root = RecordingModel(ScriptedModel(["plan"], name="root"), recording)
    sub = RecordingModel(ScriptedModel(["detail"], name="sub"), recording)

    async def main() -> None:
        await asyncio.gather(root.ask(question("big")), sub.ask(question("small")))
        await root.close()
        await sub.close()

    asyncio.run(main())
    replies = ask(CassetteModel(path), "small", "big")
    assert [(reply.text, reply.model) for reply in replies] == [("detail", "sub"), ("plan", "root")]


def test_a_closed_recording_takes_no_more(path: Path) -> None:
    recording = Recording(path, model="m")
    recording.close()
    recording.close()
    with pytest.raises(ProgrammerMustAct, match="closed"):
        recording.append(question("a"), PRICED)


def test_a_disk_that_is_full_in_the_middle_of_a_call_leaves_the_calls_before_it(path: Path) -> None:
    async def main() -> None:
        model = RecordingModel(ScriptedModel(["one", "two" * 10_000]), path)
        await model.ask(question("a"))
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size + 100, hard))
        try:
            with pytest.raises(CassetteProblem, match=r"session\.cassette cannot be written"):
                await model.ask(question("b"))
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
            await model.close()

    asyncio.run(main())
    assert [reply.text for reply in ask(CassetteModel(path), "a")] == ["one"]


def test_failures_of_the_provider_are_recorded_and_raised_again(path: Path) -> None:
    async def main(model: Model) -> list[str]:
        said = []
        for prompt, kind in (("a", ModelFailed), ("b", ModelRefused)):
            with pytest.raises(kind) as caught:
                await model.ask(question(prompt))
            said.append(str(caught.value))
        await model.close()
        return said

    script = [ModelFailed("status 500"), ModelRefused("status 401")]
    recorded = asyncio.run(main(RecordingModel(ScriptedModel(script), path)))
    assert asyncio.run(main(CassetteModel(path))) == recorded == ["status 500", "status 401"]


def test_a_cancelled_request_is_not_recorded(path: Path) -> None:
    async def main() -> None:
        model = RecordingModel(ScriptedModel(["late"], delay=60.0), path)
        task = asyncio.create_task(model.ask(question("a")))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await model.close()

    asyncio.run(main())
    assert read_cassette(path)[1] == []


def test_keys_and_urls_of_a_real_conversation_are_not_in_the_file(path: Path) -> None:
    async def main(server: ModelServer) -> None:
        inner = open_model("openai:m", ModelOptions(base_url=server.base_url, api_key="sk-secret"))
        model = RecordingModel(inner, path)
        await model.ask(question("hello"))
        with pytest.raises(ModelRefused):
            await model.ask(question("again"))
        await model.close()

    with ModelServer(["hi", Answer(status=401, text="wrong key sk-secret")]) as server:
        asyncio.run(main(server))
        assert server.requests[0].headers["authorization"] == "Bearer sk-secret"
    text = path.read_text(encoding="utf-8")
    assert "wrong key ***" in text
    assert "sk-secret" not in text
    assert "Bearer" not in text
