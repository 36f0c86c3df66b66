"""How a tool is called in a session: the same text in the gates as in use, so that what was judged is what runs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from lithify.records.tool import Reply, Signature

CONTEXT_INPUT = "__lithify_input__"
"""The session's variable that holds the context."""

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


def call_text(signature: Signature, arguments: Mapping[str, int | float | str]) -> str:
    """The expression that calls the tool on the session's context."""
    given = "".join(f", {name}={value!r}" for name, value in arguments.items())
    llm = f", llm={LLM_INPUT}" if signature.needs_llm else ""
    return f"{signature.function}({CONTEXT_INPUT}{given}{llm})"


def defaults_of(signature: Signature) -> dict[str, int | float | str]:
    """Every parameter with its default: the arguments of the question that the tool came from."""
    return {parameter.name: parameter.default for parameter in signature.parameters}
