"""Plain exec, rlms' local REPL and RestrictedPython, each in its own process: `python peers.py NAME`. One JSON line."""

from __future__ import annotations

import asyncio
import re
import sys
import time
from collections.abc import Callable

from workloads import CALL_SECONDS, CALLS, CELL, LOOP, REGEX, median, report, text, timed

Execute = Callable[[str], object]


def measure(name: str, begin: Callable[[str], Execute], began: float) -> dict[str, float]:
    execute = begin("")
    execute(CELL)
    figures = {f"{name} cold start": time.perf_counter() - began}
    figures[f"{name} warm start"] = median(timed(lambda: begin("")(CELL), 20))
    figures[f"{name} cell"] = median(timed(lambda: execute(CELL), 500))
    figures[f"{name} loop"] = median(timed(lambda: execute(LOOP), 3))
    searching = begin(text(50))
    searching("import re")
    figures[f"{name} regex"] = median(timed(lambda: searching(REGEX), 3))
    return figures


def plain_exec() -> dict[str, float]:
    began = time.perf_counter()

    def begin(context: str) -> Execute:
        names = {"context": context, "re": re}
        return lambda code: exec(compile(code, "<cell>", "exec"), names)

    figures = measure("exec", begin, began)
    names = {"llm_query": lambda prompt: prompt}
    code = compile("for number in range(1000): llm_query(number)", "<cell>", "exec")
    figures["exec call"] = median(timed(lambda: exec(code, names), 5)) / 1000
    return figures


def restricted() -> dict[str, float]:
    began = time.perf_counter()
    from RestrictedPython import compile_restricted, safe_globals
    from RestrictedPython.Eval import default_guarded_getiter

    def begin(context: str) -> Execute:
        names = {
            **safe_globals,
            "context": context,
            "re": re,
            "_getiter_": default_guarded_getiter,
            "_inplacevar_": lambda _operator, left, right: left + right,
        }
        builtins = {**names["__builtins__"], "range": range, "__import__": __import__, "len": len}
        names["__builtins__"] = builtins
        return lambda code: exec(compile_restricted(code, "<cell>", "exec"), names)

    return measure("RestrictedPython", begin, began)


def rlms() -> dict[str, float]:
    began = time.perf_counter()
    from rlm.clients.base_lm import BaseLM
    from rlm.core.lm_handler import LMHandler
    from rlm.core.types import ModelUsageSummary, UsageSummary
    from rlm.environments.local_repl import LocalREPL

    class Echo(BaseLM):
        seconds = 0.0

        def completion(self, prompt: object) -> str:
            time.sleep(self.seconds)
            return str(prompt)

        async def acompletion(self, prompt: object) -> str:
            await asyncio.sleep(self.seconds)
            return str(prompt)

        def get_usage_summary(self) -> object:
            return UsageSummary(model_usage_summaries={})

        def get_last_usage(self) -> object:
            return ModelUsageSummary(total_calls=1, total_input_tokens=0, total_output_tokens=0)

    def begin(context: str) -> Execute:
        return LocalREPL(context_payload=context).execute_code

    figures = measure("rlms", begin, began)
    model = Echo("echo")
    with LMHandler(model) as handler:
        calling = LocalREPL(lm_handler_address=handler.address)
        one = timed(lambda: calling.execute_code("for number in range(100): llm_query(str(number) + '.')"), 3)
        figures["rlms call"] = median(one) / 100
        model.seconds = CALL_SECONDS
        batch = f"got = llm_query_batched([str(number) + '.' for number in range({CALLS})])"
        figures["rlms 1000 calls, batch"] = median(timed(lambda: calling.execute_code(batch), 1))
    large = text(1024)
    first = timed(lambda: LocalREPL(context_payload=large).execute_code("len(context)"), 2)
    figures["rlms context, first"], figures["rlms context, further"] = first
    return figures


if __name__ == "__main__":
    report({"exec": plain_exec, "rlms": rlms, "RestrictedPython": restricted}[sys.argv[1]]())
