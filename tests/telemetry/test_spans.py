"""What of a run becomes spans, and what never does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.semconv._incubating.attributes import gen_ai_attributes as conventions
from opentelemetry.trace import SpanKind, StatusCode

from lithify.records.cell import CellError, CellResult
from lithify.records.events import (
    CellFinished,
    CellStarted,
    Event,
    ModelCalled,
    RunFailed,
    RunFinished,
    RunResumed,
    RunStarted,
    ToolUsed,
)
from lithify.records.model import ModelReply, Usage
from lithify.records.run import RunId, RunResult, ToolRef
from lithify.telemetry import Spans

SECRET = "s3cret-in-the-data"
ROOT, CHILD = RunId("root"), RunId("child")
SECOND = 1_000_000_000


class Clock:
    """Goes on by a second with every look."""

    def __init__(self) -> None:
        self.now = 1_000 * SECOND

    def __call__(self) -> int:
        self.now += SECOND
        return self.now


def spans_of(events: Sequence[Event], *, content: bool = False, close: bool = False) -> dict[str, ReadableSpan]:
    """The spans by their names; of several with one name the last."""
    exporter = InMemorySpanExporter()
    provider = TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    observer = Spans(provider.get_tracer("test"), content=content, now=Clock())
    for event in events:
        observer.notify(event)
    if close:
        observer.close()
    return {span.name: span for span in exporter.get_finished_spans()}


def started(run_id: RunId = ROOT, parent: RunId | None = None) -> RunStarted:
    return RunStarted(
        run_id=run_id,
        question=f"who is {SECRET}?",
        sources=(f"/home/{SECRET}.log",),
        context_digest="d",
        context_size=99,
        model="mistral:small",
        ephemeral=False,
        family=f"who is {SECRET}",
        parent=parent,
        depth=0 if parent is None else 1,
    )


def called(run_id: RunId = ROOT, error: str = "", model: str = "anthropic:claude-x") -> ModelCalled:
    reply = ModelReply(text=SECRET, model=model, input_tokens=7, output_tokens=3, cost=Decimal("0.25"), attempts=2)
    return ModelCalled(
        run_id=run_id,
        turn=1,
        purpose="root",
        model=model,
        prompt=SECRET,
        reply=None if error else reply,
        seconds=3.0,
        error=error,
        kind="ModelFailed" if error else "",
    )


def cell(run_id: RunId = ROOT, error: CellError | None = None) -> CellFinished:
    result = CellResult(
        stdout=SECRET, stdout_length=len(SECRET), value=SECRET, value_repr=SECRET, error=error, seconds=2
    )
    return CellFinished(run_id=run_id, turn=1, index=0, code=f"print({SECRET!r})", result=result)


def finished(run_id: RunId = ROOT) -> RunFinished:
    usage = Usage(model_calls=2, input_tokens=14, output_tokens=6, cost=Decimal("0.5"))
    tool = ToolRef(name="t", version=3, commit="c")
    result = RunResult(
        run_id=run_id, answer={"name": SECRET}, route="explore", complete=True, seconds=9, usage=usage, tool=tool
    )
    return RunFinished(result=result)


def used(error: str = "") -> ToolUsed:
    return ToolUsed(run_id=ROOT, tool="count", version=2, arguments={"name": SECRET}, seconds=0.5, error=error)


WHOLE: list[Event] = [
    started(),
    used(SECRET),
    called(),
    CellStarted(run_id=ROOT, turn=1, index=0, code=SECRET),
    called(model="openai:small"),
    started(CHILD, ROOT),
    cell(CHILD, CellError(kind="ValueError", message=SECRET, traceback=SECRET)),
    RunFailed(run_id=CHILD, kind="ModelFailed", message=SECRET, seconds=1.0),
    cell(),
    finished(),
]


def test_a_run_is_a_tree_of_spans() -> None:
    exporter = InMemorySpanExporter()
    provider = TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    observer = Spans(provider.get_tracer("test"), now=Clock())
    for event in WHOLE:
        observer.notify(event)
    found = exporter.get_finished_spans()
    names = [span.name for span in found]
    assert names == [
        "execute_tool count",
        "chat claude-x",
        "chat small",
        "cell",
        "invoke_agent lithify",
        "cell",
        "invoke_agent lithify",
    ]
    tool, root_call, sub_call, child_cell, child, root_cell, root = found
    assert root.parent is None
    for inner, outer in [
        (tool, root),
        (root_call, root),
        (root_cell, root),
        (sub_call, root_cell),
        (child, root_cell),
        (child_cell, child),
    ]:
        assert inner.parent is not None
        assert outer.context is not None
        assert inner.parent.span_id == outer.context.span_id
    assert (root_call.kind, root.kind) == (SpanKind.CLIENT, SpanKind.INTERNAL)
    assert root_call.end_time is not None
    assert root_call.start_time is not None
    assert root_call.end_time - root_call.start_time >= 3 * SECOND


def test_a_model_call_in_the_words_of_the_conventions() -> None:
    attributes = spans_of(WHOLE)["chat claude-x"].attributes
    assert attributes is not None
    assert attributes[conventions.GEN_AI_OPERATION_NAME] == "chat"
    assert attributes[conventions.GEN_AI_PROVIDER_NAME] == "anthropic"
    assert attributes[conventions.GEN_AI_REQUEST_MODEL] == "claude-x"
    assert attributes[conventions.GEN_AI_USAGE_INPUT_TOKENS] == 7
    assert attributes[conventions.GEN_AI_USAGE_OUTPUT_TOKENS] == 3
    assert attributes[conventions.GEN_AI_RESPONSE_FINISH_REASONS] == ("stop",)
    assert attributes[conventions.GEN_AI_CONVERSATION_ID] == ROOT
    assert (attributes["lithify.call.attempts"], attributes["lithify.cost.usd"]) == (2, 0.25)


def test_a_run_and_its_usage() -> None:
    attributes = spans_of(WHOLE)["invoke_agent lithify"].attributes
    assert attributes is not None
    assert attributes[conventions.GEN_AI_AGENT_NAME] == "lithify"
    assert attributes[conventions.GEN_AI_PROVIDER_NAME] == "mistral_ai"
    assert attributes[conventions.GEN_AI_USAGE_INPUT_TOKENS] == 14
    assert (attributes["lithify.run.route"], attributes["lithify.run.complete"]) == ("explore", True)
    assert (attributes["lithify.tool.name"], attributes["lithify.cost.usd"]) == ("t", 0.5)


def test_failures_are_errors_by_type() -> None:
    found = spans_of([started(), called(error=SECRET), used("no"), cell(error=CellError(kind="E", message=SECRET))])
    kinds = {name: (span.status.status_code, (span.attributes or {}).get("error.type")) for name, span in found.items()}
    assert kinds == {
        "chat claude-x": (StatusCode.ERROR, "ModelFailed"),
        "execute_tool count": (StatusCode.ERROR, "NotCovered"),
        "cell": (StatusCode.ERROR, "E"),
    }


def everything(span: ReadableSpan) -> str:
    return span.to_json()


def test_contents_are_in_no_span_unless_asked_for() -> None:
    for events in (WHOLE, [*WHOLE[:3], RunFailed(run_id=ROOT, kind="ModelFailed", message=SECRET, seconds=1.0)]):
        for span in spans_of(events).values():
            assert SECRET not in everything(span)


def test_contents_that_are_asked_for() -> None:
    found = spans_of(WHOLE, content=True)
    for name, keys in {
        "chat claude-x": [conventions.GEN_AI_INPUT_MESSAGES, conventions.GEN_AI_OUTPUT_MESSAGES],
        "invoke_agent lithify": [conventions.GEN_AI_INPUT_MESSAGES, conventions.GEN_AI_OUTPUT_MESSAGES],
        "cell": ["lithify.cell.code", "lithify.cell.output"],
        "execute_tool count": [conventions.GEN_AI_TOOL_CALL_ARGUMENTS],
    }.items():
        for key in keys:
            assert SECRET in str((found[name].attributes or {})[key])
    assert "/home/" not in "".join(map(everything, found.values()))


def test_contents_of_any_size_and_letters() -> None:
    huge = replace(called(), prompt="x" * 1_000_000 + "\udcff")
    text = str((spans_of([started(), huge], content=True)["chat claude-x"].attributes or {})["gen_ai.input.messages"])
    assert 20_000 < len(text) < 21_000
    assert "1,000,001 characters" in text


def test_what_was_recalled_was_not_called() -> None:
    found = spans_of([RunResumed(run_id=ROOT), replace(called(), recalled=True), finished()])
    assert list(found) == ["invoke_agent lithify"]
    assert (found["invoke_agent lithify"].attributes or {})["lithify.run.resumed"] is True


def test_a_run_without_an_end_is_told_at_closing() -> None:
    found = spans_of([started(), CellStarted(run_id=ROOT, turn=1, index=0, code="")], close=True)
    assert (found["invoke_agent lithify"].attributes or {})["error.type"] == "unfinished"
    assert found["cell"].status.status_code is StatusCode.ERROR


def test_events_of_runs_that_never_started_are_spans_of_their_own() -> None:
    found = spans_of([called(), cell(), RunFailed(run_id=ROOT, kind="x", message="", seconds=0.0)])
    assert sorted(found) == ["cell", "chat claude-x"]
