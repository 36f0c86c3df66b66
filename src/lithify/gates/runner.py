"""What runs inside the worker to run a folder's tests, and the stand-in for a tool that lives in another worker.

The stand-in calls the host for every use of the tool, and the host runs the tool in a session of its own. So the tests
cannot read the tool's text or code, and the tool cannot see that it is tested, nor touch pytest.
"""

from __future__ import annotations

from collections.abc import Sequence

from lithify.layout import WRITTEN, form_of, writing_cell
from lithify.records.tool import Signature

BRIDGE = "__lithify_bridge__"
"""The module through which a stand-in reaches the host."""
CALL = "__lithify_tool__"
"""The host function that runs the tool; absent where the folder holds the tool itself."""
ASKING = "asking"
"""The argument by which a stand-in says which test asks, as pytest calls it."""
FOLDER = "__lithify_folder__"

RUN = (
    '''
def __lithify_run__(folder, call):
    """Run the tests of a folder; gives pytest's exit value, how many came to what end, and the end of each."""
    import os
    import sys
    import types

    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    sys.dont_write_bytecode = True
    import pytest

    if call is not None:
        bridge = types.ModuleType("@BRIDGE@")
        bridge.call = call
        sys.modules["@BRIDGE@"] = bridge
    if "hypothesis" in sys.modules:
        from hypothesis import HealthCheck, Phase, settings

        settings.register_profile(
            "lithify",
            database=None,
            deadline=None,
            derandomize=True,
            max_examples=@EXAMPLES@,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.explicit, Phase.generate],
        )
        settings.load_profile("lithify")

    class Counter:
        def __init__(self):
            self.counts = {"collected": 0, "passed": 0, "failed": 0, "skipped": 0, "broken": 0}
            self.ends = {}

        def pytest_collection_finish(self, session):
            self.counts["collected"] = len(session.items)

        def pytest_collectreport(self, report):
            if report.failed or report.skipped:
                self.counts["broken"] += 1

        def pytest_runtest_logreport(self, report):
            if hasattr(report, "wasxfail") or report.skipped:
                end = "skipped"
            elif report.when == "call":
                end = "passed" if report.passed else "failed"
            elif not report.passed:
                end = "broken"
            else:
                return
            self.counts[end] += 1
            if self.ends.get(report.nodeid, "passed") == "passed":
                self.ends[report.nodeid] = end

    counter = Counter()
    options = ["-q", "-s", "--import-mode=importlib", "--rootdir", folder, "-c", folder + "/pytest.ini"]
    options += ["--tb=short", "--noconftest", *@FURTHER@]
    chosen = [folder + "/" + test for test in @TESTS@] or [folder + "/tests"]
    options += [part for name in ("cacheprovider", "faulthandler", "tmpdir") for part in ("-p", "no:" + name)]
    counter.counts["exit"] = int(pytest.main([*options, *chosen], plugins=[counter]))
    return [counter.counts, counter.ends]

__lithify_run__(@FOLDER@, globals().get("@CALL@"))
'''.replace("@BRIDGE@", BRIDGE)
    .replace("@CALL@", CALL)
    .replace("@FOLDER@", FOLDER)
)

_STAND_IN = '''\
"""A stand-in: the tool itself runs in another worker."""

import builtins
import os
import sys

_call = sys.modules["@BRIDGE@"].call


def @FUNCTION@(@PARAMETERS@):
    """What callers of the tool get: plain data, or the exception that it raised."""
    _asking = os.environ.get("PYTEST_CURRENT_TEST", "")
    _answer = _call([@WRITTEN@], {@ARGUMENTS@}, @ASKING@=_asking)
    if "raised" not in _answer:
        return _answer["value"]
    _kind = getattr(builtins, _answer["raised"], None)
    if not (isinstance(_kind, type) and issubclass(_kind, BaseException)):
        _kind = type(_answer["raised"], (Exception,), {})
    raise _kind(_answer["message"])
'''


def run_cell(examples: int, tests: Sequence[str] = (), options: Sequence[str] = ()) -> str:
    """The cell that runs the tests, or some of them. examples: how many inputs a property is tried on."""
    text = RUN.replace("@EXAMPLES@", str(examples)).replace("@TESTS@", repr(list(tests)))
    return text.replace("@FURTHER@", repr(list(options)))


def stand_in(signature: Signature) -> bytes:
    """tool.py for a folder whose tool runs elsewhere: the same function with the same parameters."""
    defaults = "".join(f", {one.name}={one.default!r}" for one in signature.parameters)
    arguments = ", ".join(f"{one.name!r}: {one.name}" for one in signature.parameters)
    text = _STAND_IN.replace("@BRIDGE@", BRIDGE).replace("@ASKING@", ASKING)
    text = text.replace("@FUNCTION@", signature.function)
    llm = ", *, llm=None" if signature.needs_llm else ""  # a function does not travel: the host has its own
    text = text.replace("@PARAMETERS@", ", ".join(signature.context_parameters) + defaults + llm).replace(
        "@ARGUMENTS@", arguments
    )
    writing = writing_cell(form_of(signature))  # nor does a table or a database: its text does
    context = ", ".join(f"{one.name!r}: {one.name}" for one in signature.inputs)
    context = f"{{{context}}}" if context else signature.context_parameter
    given = f"{WRITTEN}({context})[0]" if writing else context
    return f"{text.replace('@WRITTEN@', given)}\n\n{writing}".encode()
