"""The code that a session starts with: how a cell submits an answer and looks around.

It runs inside the worker. The host learns of a submission by evaluating PROBE after each cell.
"""

from __future__ import annotations

from typing import Final

PRELUDE: Final = '''
def __lithify_prelude__(space):
    submitted = {}

    def FINAL(value=None):
        """Submit the answer."""
        submitted.clear()
        submitted.update(form="FINAL", content=value)

    def FINAL_VAR(name):
        """Submit the value of a variable, given by its name."""
        if isinstance(name, str):
            key = name.strip().strip("\\"'")
            if key not in space:
                raise NameError(f"FINAL_VAR: there is no variable {key!r}; SHOW_VARS() lists what there is")
            name = space[key]
        submitted.clear()
        submitted.update(form="FINAL_VAR", content=name)

    def SUBMIT(*values, **fields):
        """Submit the answer: one value, or named fields."""
        if len(values) + len(fields) == 0 or (values and fields) or len(values) > 1:
            raise TypeError("SUBMIT takes one value, or named fields: SUBMIT(total=3)")
        content = values[0] if values else next(iter(fields.values())) if len(fields) == 1 else dict(fields)
        submitted.clear()
        submitted.update(form="SUBMIT", content=content)

    def SHOW_VARS():
        """The variables you made, with type, size and a short view."""
        import types

        shown = {}
        for name, value in list(space.items()):
            if name.startswith("_") or name in given or isinstance(value, types.ModuleType):
                continue
            size = f"[{len(value)}]" if hasattr(value, "__len__") and not isinstance(value, type) else ""
            view = repr(value) if not isinstance(value, (str, bytes)) else repr(value[:80])
            shown[name] = f"{type(value).__name__}{size} {view[:80]}"
        return shown

    def listed(name, values):
        if isinstance(values, (str, bytes, dict)):
            kind = type(values).__name__
            raise TypeError(f"{name} takes a list of prompts, not one {kind}; for one there is {name[:-8]}")
        return list(values)

    def options(model, schema, fresh):
        given = {"model": model, "schema": schema, "fresh": fresh}
        return {name: value for name, value in given.items() if value}

    def plain(context):
        """A table as CSV text; everything else as it is."""
        for write in ("to_csv", "write_csv"):
            if hasattr(context, "columns") and hasattr(context, write):
                return getattr(context, write)(**({"index": False} if write == "to_csv" else {}))
        return context

    llm_each, rlm_one, rlm_each = space["llm_query_batched"], space["rlm_query"], space["rlm_query_batched"]

    def llm_query_batched(prompts, model=None, schema=None, fresh=False):
        """One llm_query per prompt, all at once. A failed one gives a falsy CallFailure with .error in its place."""
        return llm_each(listed("llm_query_batched", prompts), **options(model, schema, fresh))

    def rlm_query(prompt, context=None, model=None, schema=None, fresh=False):
        """The answer of a child run over this context."""
        return rlm_one(prompt, plain(context), **options(model, schema, fresh))

    def rlm_query_batched(prompts, contexts=None, model=None, schema=None, fresh=False):
        """One rlm_query per prompt, side by side. A failed one gives a falsy CallFailure with .error in its place."""
        prompts = listed("rlm_query_batched", prompts)
        contexts = [None] * len(prompts) if contexts is None else contexts
        if isinstance(contexts, (str, bytes, dict)) or len(contexts) != len(prompts):
            raise ValueError(
                "rlm_query_batched takes one context per prompt, in a list; for the same for all: "
                "[context] * len(prompts)"
            )
        pairs = [[prompt, plain(context)] for prompt, context in zip(prompts, contexts)]
        return rlm_each(pairs, paired=True, **options(model, schema, fresh))

    def names():
        """Name → type and size of the variables you made; nothing large is looked at."""
        import types

        found = {}
        for name, value in list(space.items()):
            if not name.startswith("_") and name not in given and not isinstance(value, types.ModuleType):
                size = f"[{len(value)}]" if hasattr(type(value), "__len__") else ""
                found[name] = type(value).__name__ + size
        return found

    def probe():
        answer = space.get("answer")
        if not submitted and isinstance(answer, dict) and answer.get("ready"):
            return ["answer", answer.get("content")]
        return [submitted["form"], submitted["content"]] if submitted else None

    def clear():
        submitted.clear()
        if isinstance(space.get("answer"), dict):
            space["answer"]["ready"] = False

    space.update(
        FINAL=FINAL, FINAL_VAR=FINAL_VAR, SUBMIT=SUBMIT, SHOW_VARS=SHOW_VARS,
        answer={"content": None, "ready": False}, __lithify_probe__=probe, __lithify_clear__=clear,
        __lithify_names__=names, llm_query_batched=llm_query_batched, rlm_query=rlm_query,
        rlm_query_batched=rlm_query_batched,
    )
    given = set(space)


__lithify_prelude__(globals())
del __lithify_prelude__
'''

SMALL_PRELUDE: Final = """
__lithify_submitted__ = {}
answer = {"content": None, "ready": False}

def __lithify_submit__(form, content):
    __lithify_submitted__.clear()
    __lithify_submitted__["form"] = form
    __lithify_submitted__["content"] = content

def FINAL(value=None):
    __lithify_submit__("FINAL", value)

def FINAL_VAR(value):
    if isinstance(value, str):
        raise TypeError("FINAL_VAR cannot look up names in this sandbox: write FINAL(variable)")
    __lithify_submit__("FINAL_VAR", value)

def SUBMIT(*values, **fields):
    if len(values) + len(fields) == 0 or (values and fields) or len(values) > 1:
        raise TypeError("SUBMIT takes one value, or named fields: SUBMIT(total=3)")
    content = values[0] if values else list(fields.values())[0] if len(fields) == 1 else dict(fields)
    __lithify_submit__("SUBMIT", content)

def SHOW_VARS():
    return "SHOW_VARS cannot look up names in this sandbox"

def rlm_query_batched(prompts, contexts=None, **options):
    found = []
    for at, prompt in enumerate(prompts):
        try:
            found.append(rlm_query(prompt, contexts[at] if contexts else None, **options))
        except RuntimeError as error:
            found.append(CallFailure(str(error)))
    return found

def __lithify_probe__():
    if not __lithify_submitted__ and isinstance(answer, dict) and answer.get("ready"):
        return ["answer", answer.get("content")]
    return [__lithify_submitted__["form"], __lithify_submitted__["content"]] if __lithify_submitted__ else None

def __lithify_clear__():
    __lithify_submitted__.clear()
    if isinstance(answer, dict):
        answer["ready"] = False

def __lithify_names__():
    return {}
"""
"""For interpreters of a part of Python, where PRELUDE does not run: without anything that looks names up."""

PROBE: Final = "__lithify_probe__()"
CLEAR: Final = "__lithify_clear__()"
NAMES: Final = "__lithify_names__()"
RESERVED: Final = (
    "FINAL",
    "FINAL_VAR",
    "SUBMIT",
    "SHOW_VARS",
    "llm_query",
    "llm_query_batched",
    "rlm_query",
    "rlm_query_batched",
    "budget",
)
