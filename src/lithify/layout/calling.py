"""How a tool is called in a session: the same text in the gates as in use, so that what was judged is what runs."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TypeAlias

from lithify.errors import ProgrammerMustAct
from lithify.layout.written import Form, form_of, opening, writing
from lithify.records.binding import Binding, BindingValue, bind
from lithify.records.context import Context, Texts
from lithify.records.tool import Reply, Signature

Given: TypeAlias = Texts | Context
"""What a tool is called on: the text or texts of a recorded use, or a context as it was read."""

CONTEXT_INPUT = "__lithify_input__"
"""The session's variable that holds the context."""

OPENED = "__lithify_opened__"
WRITTEN = "__lithify_written__"
"""The session's functions that open the text of a recorded use, and write a value as such a text."""

LLM_INPUT = "__lithify_llm__"
"""The session's function that a hybrid tool is given as `llm`: one prompt gives its answer, several a list of them."""

ASK_FUNCTION = "__lithify_ask__"
"""The host's function (batched) behind LLM_INPUT where a model is really asked."""

LIVE_LLM = f"""\
def {LLM_INPUT}(prompt, **options):
    if isinstance(prompt, str):
        return {ASK_FUNCTION}(prompt, **options)
    return {ASK_FUNCTION}_batched(list(prompt), **options)
"""
"""The cell that defines LLM_INPUT over ASK_FUNCTION."""

_RECORDED_LLM = f"""\
def __lithify_recorded__(replies):
    def llm(prompt, **options):
        if not isinstance(prompt, str):
            return [llm(one, **options) for one in prompt]
        if prompt not in replies:
            raise LookupError("no answer is recorded for the prompt " + repr(prompt[:200]))
        asked[prompt] = True
        return replies[prompt]

    asked = {{}}
    return llm, asked

{LLM_INPUT}, __lithify_asked__ = __lithify_recorded__(@REPLIES@)
"""
ASKED = "list(__lithify_asked__)"
"""The expression that gives the prompts for which a recorded answer was used."""


def recorded_llm(replies: Iterable[Reply]) -> str:
    """The cell that defines LLM_INPUT over recorded answers: it raises LookupError for any other prompt."""
    return _RECORDED_LLM.replace("@REPLIES@", repr({reply.prompt: reply.answer for reply in replies}))


def opening_cell(form: Form) -> str:
    """The cell that defines OPENED, the function that opens the text of a recorded use; "" where none is needed."""
    source = opening(form)
    return _closed("opened", f"import base64\nimport json\n\n{source}", OPENED) if source else ""


def writing_cell(form: Form) -> str:
    """The cell that defines WRITTEN, the function that writes a value as text; "" where none is needed."""
    source = writing(form)
    return _closed("written", source, WRITTEN) if source else ""


def _closed(function: str, source: str, name: str) -> str:
    """The function of a source under a name of our own, with nothing else of the source in sight."""
    body = textwrap.indent(source, "    ")
    return f"def {name}make():\n{body}\n    return {function}\n\n{name} = {name}make()\n"


def handed(form: Form, given: Given, name: str = CONTEXT_INPUT) -> Binding:
    """How a session gets what a tool of this form is called on, as the variable of a name: several inputs as a dict.

    Raises ProgrammerMustAct when the context lacks one of the inputs.
    """
    if isinstance(given, Context):
        if form.parts:
            return _handed_inputs(form, given, name)
        return bind(replace(given, name=name, frame=form.frame or given.frame))
    if not form.written:
        return Binding(inputs={name: given})
    text = f"__lithify_{name}_text"
    return Binding(inputs={text: given}, code=f"{opening_cell(form)}\n{name} = {form.opened(text, OPENED)}")


def _handed_inputs(form: Form, given: Context, name: str) -> Binding:
    """Several inputs under names of our own: those of another call in the same session are not in the way."""
    there = {one.name: one for one in given.variables}
    missing = [part for part, _ in form.parts if part not in there]
    if missing:
        raise ProgrammerMustAct(f"the input {missing[0]!r} is not among {', '.join(there)}; bind the inputs first")
    inputs: dict[str, BindingValue] = {}
    code, held = list[str](), dict[str, str]()
    for number, (part, reads) in enumerate(form.parts):
        held[part] = f"__lithify_{name}_{number}"
        bound = bind(replace(there[part], name=held[part], frame=reads.frame or there[part].frame))
        inputs |= bound.inputs
        code += [bound.code] if bound.code else []
    code.append(f"{name} = {{{', '.join(f'{part!r}: {variable}' for part, variable in held.items())}}}")
    return Binding(inputs=inputs, code="\n".join(code))


def unpacked(form: Form, name: str) -> str:
    """The code that makes a variable of each of several inputs, from the dict of a name; "" for one input."""
    return "".join(f"{part} = {name}[{part!r}]\n" for part, _ in form.parts)


def handed_to(signature: Signature, given: Given, name: str = CONTEXT_INPUT) -> Binding:
    """The same for a tool."""
    return handed(form_of(signature), given, name)


def call_text(signature: Signature, arguments: Mapping[str, int | float | str]) -> str:
    """The expression that calls the tool on the session's context."""
    given = "".join(f", {name}={value!r}" for name, value in arguments.items())
    llm = f", llm={LLM_INPUT}" if signature.needs_llm else ""
    inputs = ", ".join(f"{one.name}={CONTEXT_INPUT}[{one.name!r}]" for one in signature.inputs)
    return f"{signature.function}({inputs or CONTEXT_INPUT}{given}{llm})"


def defaults_of(signature: Signature) -> dict[str, int | float | str]:
    """Every parameter with its default: the arguments of the question that the tool came from."""
    return {parameter.name: parameter.default for parameter in signature.parameters}
