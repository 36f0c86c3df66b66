"""The records of a tool as TOML tables, and back."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import cast, get_args

from lithify.errors import LibraryProblem
from lithify.layout.table import Table, Toml
from lithify.records.context import ContextKind, Fingerprint, Format, Frame, LineShape
from lithify.records.healing import FailedBy, Healed
from lithify.records.nearness import Nearness, Relation
from lithify.records.tool import (
    GateResult,
    Input,
    Original,
    Outcome,
    Parameter,
    Property,
    Provenance,
    Recipe,
    Signature,
    Slot,
    SlotType,
    Verdict,
)


def signature_to_table(signature: Signature) -> dict[str, Toml]:
    """A signature. What it asks of a model stands there only when it does, and whose table it reads when it does."""
    llm: dict[str, Toml] = {"needs_llm": True} if signature.needs_llm else {}
    frame: dict[str, Toml] = {"context_frame": signature.context_frame} if signature.context_frame else {}
    return {
        "function": signature.function,
        "context_parameter": signature.context_parameter,
        "context_kind": signature.context_kind,
        **frame,
        **({"inputs": [_input_to_table(one) for one in signature.inputs]} if signature.inputs else {}),
        "returns": signature.returns,
        **llm,
        "parameters": [
            {"name": one.name, "annotation": one.annotation, "default": one.default} for one in signature.parameters
        ],
    }


def signature_from_table(table: Table) -> Signature:
    """The inverse of signature_to_table."""
    return Signature(
        function=table.text("function"),
        context_parameter=table.text("context_parameter"),
        context_kind=cast(ContextKind, table.choice("context_kind", get_args(ContextKind))),
        parameters=tuple(
            Parameter(name=one.text("name"), annotation=one.text("annotation"), default=one.scalar("default"))
            for one in table.tables("parameters")
        ),
        returns=table.text("returns"),
        needs_llm=table.data.get("needs_llm") is True,
        context_frame=cast(Frame, table.choice("context_frame", get_args(Frame)))
        if "context_frame" in table.data
        else None,
        inputs=tuple(_input_from_table(one) for one in table.tables("inputs")) if "inputs" in table.data else (),
    )


def _input_to_table(one: Input) -> dict[str, Toml]:
    return {"name": one.name, "kind": one.kind, **({"frame": one.frame} if one.frame else {})}


def _input_from_table(table: Table) -> Input:
    frame = cast(Frame, table.choice("frame", get_args(Frame))) if "frame" in table.data else None
    kind = cast(ContextKind, table.choice("kind", get_args(ContextKind)))
    return Input(name=table.text("name"), kind=kind, frame=frame)


def fingerprint_to_table(fingerprint: Fingerprint) -> dict[str, Toml]:
    """A fingerprint. A line shape is one string, "share pattern": tables take three times as long to read."""
    table: dict[str, Toml] = {"format": fingerprint.format}
    if fingerprint.header:
        table["header"] = list(fingerprint.header)
    if fingerprint.delimiter:
        table["delimiter"] = fingerprint.delimiter
    if fingerprint.shapes:
        table["shapes"] = [f"{shape.share!r} {shape.pattern}" for shape in fingerprint.shapes]
    if fingerprint.members:
        table["members"] = {suffix: fingerprint_to_table(member) for suffix, member in fingerprint.members}
    return table


def fingerprint_from_table(table: Table) -> Fingerprint:
    """The inverse of fingerprint_to_table."""
    members = table.table("members")
    return Fingerprint(
        format=cast(Format, table.choice("format", get_args(Format))),
        header=table.texts("header"),
        delimiter=table.text("delimiter", ""),
        shapes=tuple(_shape(table, text) for text in table.texts("shapes")),
        members=tuple((suffix, fingerprint_from_table(members.table(suffix))) for suffix in members.data),
    )


def _shape(table: Table, text: str) -> LineShape:
    share, _, pattern = text.partition(" ")
    try:
        return LineShape(pattern=pattern, share=float(share))
    except ValueError as error:
        raise LibraryProblem(f"{table.where}: the line shape {text!r} does not begin with its share") from error


def recipe_to_table(recipe: Recipe) -> dict[str, Toml]:
    """A recipe; the tool that it calls is named once for the file."""
    return {
        "template": recipe.template,
        "question": recipe.question,
        "slots": [{"name": slot.name, "type": slot.type, "default": slot.default} for slot in recipe.slots],
    }


def recipe_from_table(table: Table, tool: str) -> Recipe:
    """The inverse of recipe_to_table."""
    return Recipe(
        template=table.text("template"),
        slots=tuple(
            Slot(
                name=slot.text("name"),
                type=cast(SlotType, slot.choice("type", get_args(SlotType))),
                default=slot.scalar("default"),
            )
            for slot in table.tables("slots")
        ),
        tool=tool,
        question=table.text("question"),
    )


def provenance_to_table(provenance: Provenance) -> dict[str, Toml]:
    """A provenance. An unpriced run has no cost: absent is not zero."""
    table: dict[str, Toml] = {
        "run_id": provenance.run_id,
        "question": provenance.question,
        "model": provenance.model,
        "model_calls": provenance.model_calls,
        "input_digest": provenance.input_digest,
    }
    if provenance.cost is not None:
        table["cost"] = str(provenance.cost)
    return table


def provenance_from_table(table: Table) -> Provenance:
    """The inverse of provenance_to_table."""
    cost = table.text("cost", "")
    try:
        price = Decimal(cost) if cost else None
    except InvalidOperation as error:
        raise LibraryProblem(f"{table.where}: 'cost' must be a number in quotes, not {cost!r}") from error
    return Provenance(
        run_id=table.text("run_id"),
        question=table.text("question"),
        model=table.text("model"),
        cost=price,
        model_calls=table.integer("model_calls"),
        input_digest=table.text("input_digest"),
    )


def property_to_table(one: Property) -> dict[str, Toml]:
    """A property; that it was dropped stands there only when it was."""
    dropped: dict[str, Toml] = {"dropped": True} if one.dropped else {}
    return {"name": one.name, "says": one.says, "example": one.example, **dropped}


def property_from_table(table: Table) -> Property:
    """The inverse of property_to_table."""
    return Property(
        name=table.text("name"),
        says=table.text("says"),
        example=table.text("example", ""),
        dropped=table.data.get("dropped") is True,
    )


def original_to_table(one: Original) -> dict[str, Toml]:
    """A use on a whole input, by digests."""
    return {"name": one.name, "input": one.input, "answer": one.answer, "arguments": dict(one.arguments)}


def original_from_table(table: Table) -> Original:
    """The inverse of original_to_table."""
    given = table.table("arguments")
    return Original(
        name=table.text("name"),
        input=table.text("input"),
        answer=table.text("answer"),
        arguments={name: given.scalar(name) for name in given.data},
    )


def healed_to_table(one: Healed) -> dict[str, Toml]:
    """What a version was made for. What it overrules stands there only when it overrules something."""
    overrules: dict[str, Toml] = {"overrules": list(one.overrules)} if one.overrules else {}
    return {
        "tool": one.tool,
        "version": one.version,
        "by": one.by,
        "run_id": one.run_id,
        "why": one.why,
        "case": one.case,
        **overrules,
        **({"cases": list(one.cases)} if one.cases else {}),
        **({"shapes": [fingerprint_to_table(shape) for shape in one.shapes]} if one.shapes else {}),
    }


def healed_from_table(table: Table) -> Healed:
    """The inverse of healed_to_table."""
    return Healed(
        tool=table.text("tool"),
        version=table.integer("version"),
        by=cast(FailedBy, table.choice("by", get_args(FailedBy))),
        run_id=table.text("run_id"),
        why=table.text("why"),
        case=table.text("case"),
        overrules=table.texts("overrules"),
        cases=table.texts("cases"),
        shapes=tuple(fingerprint_from_table(shape) for shape in table.tables("shapes")),
    )


def verdict_to_table(verdict: Verdict) -> dict[str, Toml]:
    """A verdict: one table per gate."""
    return {
        "contents": verdict.contents,
        **({"nearest": _nearness_to_table(verdict.nearest)} if verdict.nearest is not None else {}),
        "gates": [
            {
                "gate": result.gate,
                "outcome": result.outcome,
                "evidence": result.evidence,
                "remedy": result.remedy,
                "seconds": round(result.seconds, 4),
                **({"score": round(result.score, 4)} if result.score is not None else {}),
            }
            for result in verdict.results
        ],
    }


def verdict_from_table(table: Table) -> Verdict:
    """The inverse of verdict_to_table."""
    return Verdict(
        contents=table.text("contents", ""),
        nearest=_nearness_from_table(table.table("nearest")) if "nearest" in table.data else None,
        results=tuple(
            GateResult(
                gate=one.text("gate"),
                outcome=cast(Outcome, one.choice("outcome", get_args(Outcome))),
                evidence=one.text("evidence"),
                remedy=one.text("remedy", ""),
                seconds=one.number("seconds"),
                score=one.number("score") if "score" in one.data else None,
            )
            for one in table.tables("gates")
        ),
    )


def _nearness_to_table(nearest: Nearness) -> dict[str, Toml]:
    return {
        "relation": nearest.relation,
        "tool": nearest.tool,
        "version": nearest.version,
        "evidence": nearest.evidence,
        "advice": nearest.advice,
    }


def _nearness_from_table(table: Table) -> Nearness:
    return Nearness(
        relation=cast(Relation, table.choice("relation", get_args(Relation))),
        tool=table.text("tool"),
        version=table.integer("version"),
        evidence=table.text("evidence"),
        advice=table.text("advice"),
    )
