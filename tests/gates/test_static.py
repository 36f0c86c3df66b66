"""The static gate: what a tool's source may be. Hostile sources first, honest ones after."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace

import pytest

from lithify.gates.gate import Bounds, Finding, subject_of
from lithify.gates.static import StaticGate
from lithify.gates.workers import SharedWorkers
from lithify.ports import Sandbox, SandboxSpec
from lithify.records.tool import Parameter, Signature
from lithify.testing.candidates import make_candidate

SIGNATURE = Signature(
    function="answer_it", context_parameter="log", context_kind="text", parameters=(), returns="object"
)


async def no_sandbox(spec: SandboxSpec) -> Sandbox:
    raise AssertionError("the static gate runs nothing")


def judge(source: str, signature: Signature = SIGNATURE, requirements: tuple[str, ...] = ()) -> Finding:
    candidate = make_candidate(source=source, signature=signature, requirements=requirements)
    workers = SharedWorkers(no_sandbox, (), Bounds())
    return asyncio.run(StaticGate().judge(subject_of(candidate, None), workers))


def with_body(*lines: str, top: str = "") -> str:
    body = "\n".join(f"    {line}" for line in lines)
    return f"{top}\n\ndef answer_it(log: str) -> object:\n{body}\n"


def test_an_honest_tool_passes() -> None:
    assert asyncio.run(
        StaticGate().judge(subject_of(make_candidate(), None), SharedWorkers(no_sandbox, (), Bounds()))
    ) == (Finding(outcome="pass", evidence="one typed public function, pure as far as reading can tell"))


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("def answer_it(log: str) -> object\n    return log\n", "line 1: not Python"),
        ("def answer_it(log: str) -> object:\n    return '\x00'\n", "not Python"),
        (with_body("return " + "(" * 3000 + ")" * 3000), "not Python|nested too deeply"),
        (with_body("return " + "+".join(["1"] * 20_000)), "nested too deeply"),
        (with_body("return " + "-" * 20_000 + "1"), "nested too deeply|not Python"),
        ("", "no public function"),
        ("def other(log: str) -> object:\n    return log\n", r"1 public names \(other\)"),
        (with_body("return log") + "\n\ndef helper(x: int) -> int:\n    return x\n", "2 public names"),
        (with_body("return log") + "\n\nclass Helper:\n    pass\n", "2 public names"),
        (with_body("return log", top="limit = 3"), "'limit' is public"),
        (with_body("return log") + "\nprint(1)\n", "Expr at module level"),
        (with_body("return log") + "\nif __name__ == '__main__':\n    answer_it('')\n", "If at module level"),
        (with_body("return log") + "\nfor _x in range(3):\n    pass\n", "For at module level"),
        (with_body("return log", top="_X = [answer for answer in answer_it('')]"), "answer_it.* is called while"),
        (with_body("return log", top="_X = (lambda: 1)"), "Lambda at module level"),
        (with_body("return log", top="_a = _b = 1"), "Assign at module level"),
        ("async def answer_it(log: str) -> object:\n    return log\n", "no plain function|asynchronous"),
        (with_body("yield log"), "a generator"),
        ("def answer_it(log) -> object:\n    return log\n", "no type for log"),
        ("def answer_it(log: str):\n    return log\n", "no type for the answer"),
        ("def answer_it(log: str, *rest: str) -> object:\n    return log\n", "name every parameter|args"),
        ("def answer_it(log: str, /) -> object:\n    return log\n", "positional-only"),
        ("def answer_it(text: str) -> object:\n    return text\n", "tool.toml says"),
        ("def answer_it(log: str, top: int = 3) -> object:\n    return log\n", "tool.toml says"),
        ("def answer_it(log: str) -> int:\n    return 1\n", "tool.toml says"),
        ("def answer_it(log: str = print('x')) -> object:\n    return log\n", r"print.* is called while"),
        ("def answer_it(log: print('x')) -> object:\n    return log\n", "a call in an annotation"),
        ("@print\ndef answer_it(log: str) -> object:\n    return log\n", "decorator print"),
        (with_body("return log", top="class _C(metaclass=print):\n    pass"), "a metaclass"),
        (with_body("return log", top="class _C:\n    x = print('x')"), r"print.* is called while"),
        (with_body("return log", top="class _C:\n    for x in range(3):\n        pass"), "For in a class body"),
    ],
)
def test_what_is_no_tool(source: str, said: str) -> None:
    finding = judge(source)
    assert finding.outcome == "fail"
    assert re.search(said, finding.evidence), finding.evidence
    assert finding.remedy


EFFECTS = {
    "os": with_body("return os.getcwd()", top="import os"),
    "os-exit": with_body("os._exit(0)", top="import os"),
    "os-as": with_body("return o.environ", top="import os as o"),
    "os-from": with_body("return environ", top="from os import environ"),
    "os-inside": with_body("import os", "return os.listdir('/')"),
    "os-handed-around": with_body("return [m for m in [os]]", top="import os"),
    "os-path-exists": with_body("return os.path.exists(log)", top="import os"),
    "sys": with_body("return sys.modules", top="import sys"),
    "sys-frames": with_body("return sys._getframe().f_back", top="import sys"),
    "subprocess": with_body("return subprocess.run(['ls'])", top="import subprocess"),
    "socket": with_body("return socket.socket()", top="import socket"),
    "ctypes": with_body("return ctypes.CDLL(None)", top="import ctypes"),
    "importlib": with_body("return importlib.import_module('os')", top="import importlib"),
    "builtins": with_body("return builtins.open", top="import builtins"),
    "inspect": with_body("return inspect.stack()", top="import inspect"),
    "gc": with_body("return gc.get_objects()", top="import gc"),
    "pytest": with_body("return log", top="import pytest"),
    "unittest": with_body("return log", top="from unittest import mock"),
    "pathlib": with_body("return Path(log).read_text()", top="from pathlib import Path"),
    "io-open": with_body("return io.open(log)", top="import io"),
    "pickle": with_body("return pickle.loads(log)", top="import pickle"),
    "threading": with_body("return threading.Thread()", top="import threading"),
    "urllib-request": with_body("return urllib.request.urlopen(log)", top="import urllib.request"),
    "urllib-whole": with_body("return urllib.request", top="import urllib"),
    "atexit": with_body("return log", top="import atexit"),
    "warnings": with_body("warnings.filterwarnings('ignore')", "return log", top="import warnings"),
    "relative": with_body("return log", top="from . import other"),
    "star": with_body("return log", top="from math import *"),
    "unlisted": with_body("return requests.get(log)", top="import requests"),
    "through-a-harmless-module": with_body("return statistics.sys.modules", top="import statistics"),
    "private-module-attribute": with_body("return random._os.environ", top="import random"),
    "private-module-part": with_body("return json._default_decoder", top="import json"),
    "module-from-module": with_body("return codecs.open(log)", top="from json import codecs"),
    "sys-from-module": with_body("return sys.modules", top="from statistics import sys"),
    "module-handed-around": with_body("return helper(json)", top="import json"),
    "module-in-getattr": with_body("return getattr(json, 'codecs')", top="import json"),
    "open": with_body("return open('/etc/passwd').read()"),
    "input": with_body("return input()"),
    "exec": with_body("exec(log)"),
    "eval": with_body("return eval(log)"),
    "compile": with_body("return compile(log, '', 'exec')"),
    "import-call": with_body("return __import__('os')"),
    "globals": with_body("return globals()"),
    "locals": with_body("return locals()"),
    "vars": with_body("return vars(log)"),
    "breakpoint": with_body("breakpoint()"),
    "exit": with_body("exit(0)"),
    "alias-of-open": with_body("o = open", "return o(log)"),
    "builtins-name": with_body("return __builtins__"),
    "own-file": with_body("return __file__"),
    "own-name": with_body("return __name__ == '__main__'"),
    "loader": with_body("return __loader__"),
    "class": with_body("return log.__class__.__mro__"),
    "subclasses": with_body("return object.__subclasses__()"),
    "function-globals": with_body("return answer_it.__globals__"),
    "function-code": with_body("return answer_it.__code__"),
    "function-defaults": with_body("return answer_it.__defaults__"),
    "traceback-frame": with_body("try:", "    1 / 0", "except Exception as e:", "    return e.__traceback__.tb_frame"),
    "generator-frame": with_body("return (x for x in log).gi_frame"),
    "getattr-computed": with_body("return getattr(log, '__cl' + 'ass__')"),
    "getattr-variable": with_body("name = log", "return getattr(log, name)"),
    "getattr-private": with_body("return getattr(log, '_x')"),
    "format-attribute": with_body("return '{0.__class__.__init__.__globals__}'.format(log)"),
    "attrgetter": with_body("return operator.attrgetter('__class__')(log)", top="import operator"),
    "attrgetter-computed": with_body("return operator.attrgetter(log)(log)", top="import operator"),
    "dunder-text": with_body("return {'__import__': 1}[log]"),
    "type-of-three": with_body("return type('X', (), {})"),
    "pandas-io": with_body("return pd.io.common.os.environ", top="import pandas as pd"),
    "global": with_body("global _N", "_N = 1", "return _N", top="_N = 0"),
    "types-code": with_body("return types.CodeType", top="import types"),
    "mail-date": with_body("return email.utils.formatdate()", top="import email.utils"),
    "random-behind-statistics": with_body("return statistics.random.random()", top="import statistics"),
    "sys-behind-statistics": with_body("return statistics.sys", top="import statistics"),
    "address": with_body("return id(log)"),
    "hash": with_body("return hash(log) % 10"),
    "clock-in-two-halves": with_body("return pd.Timestamp('n' + 'ow')", top="import pandas as pd"),
    "open-in-another-function": with_body("return open(log)", top="def _f(open: int) -> int:\n    return open"),
    "open-declared-global": with_body("global open", "open = open", "return open(log)"),
    "open-as-default": with_body("return [(lambda open=open: open(log))()]"),
    "open-imported-elsewhere": with_body(
        "return open(log)", top="def _f() -> object:\n    from json import loads as open\n\n    return open"
    ),
    "open-in-a-class": with_body("return log", top="class _C:\n    x = open\n    open = 1"),
    "open-behind-a-comprehension": with_body("return [[open for open in log], open(log)]"),
}

CLOCKS = {
    "time": with_body("return time.time()", top="import time"),
    "time-from": with_body("return time()", top="from time import time"),
    "sleep": with_body("time.sleep(9)", "return log", top="import time"),
    "localtime": with_body("return time.localtime()", top="import time"),
    "strftime": with_body("return time.strftime('%Y')", top="import time"),
    "now": with_body("return datetime.now().year", top="from datetime import datetime"),
    "now-module": with_body("return datetime.datetime.now()", top="import datetime"),
    "now-alias": with_body("d = datetime", "return d.now()", top="from datetime import datetime"),
    "utcnow": with_body("return dt.utcnow()", top="from datetime import datetime as dt"),
    "today": with_body("return date.today()", top="from datetime import date"),
    "pandas-now": with_body("return pd.Timestamp.now()", top="import pandas as pd"),
    "pandas-text": with_body("return pd.to_datetime('today')", top="import pandas as pd"),
    "numpy-text": with_body("return np.datetime64('now')", top="import numpy as np"),
    "random": with_body("return random.random()", top="import random"),
    "random-from": with_body("return choice(log)", top="from random import choice"),
    "random-unseeded": with_body("return random.Random().random()", top="import random"),
    "numpy-random": with_body("return np.random.rand()", top="import numpy as np"),
    "numpy-unseeded": with_body("return np.random.default_rng().random()", top="import numpy as np"),
    "uuid": with_body("return uuid.uuid4()", top="import uuid"),
    "secrets": with_body("return secrets.token_hex()", top="import secrets"),
    "now-not-called-here": with_body(
        "return list(map(f, [None]))", top="from datetime import datetime\n\n_F = 1"
    ).replace("return list", "f = datetime.now\n    return list"),
    "today-as-a-key": with_body("return sorted(log, key=date.today)", top="from datetime import date"),
    "random-seeded-with-none": with_body("return random.Random(None).random()", top="import random"),
    "numpy-seeded-with-none": with_body("return np.random.default_rng(seed=None).random()", top="import numpy as np"),
    "mail-localtime": with_body("return localtime()", top="from email.utils import localtime"),
}
PLACES = {
    "format-n": with_body("return f'{len(log):n}'"),
    "format-n-wide": with_body("return f'{len(log):>10n}'"),
    "format-n-call": with_body("return format(len(log), 'n')"),
    "format-n-method": with_body("return '{:n}'.format(len(log))"),
    "locale": with_body("return locale.localeconv()", top="import locale"),
}
CHARACTERS = {
    "cyrillic-a": with_body("cоunt = len(log)", "return cоunt"),
    "wide-print": with_body("return ｌｅｎ(log)"),
    "wide-in-a-line-with-a-text": with_body("return 'x' + ｓｔｒ(log)"),
    "bidi-in-a-comment": with_body("return log  # \u202e nothing \u2066"),
    "bidi-in-a-text": with_body("return log if log != 'user\u202e' else ''"),
    "zero-width": with_body("return 'a\u200bb'"),
    "escape": with_body("return log  # \x1b[2K"),
    "soft-hyphen-parameter": with_body("return log", top="def _f(á: int) -> int:\n    return á"),
}


@pytest.mark.parametrize("name", EFFECTS)
def test_reaching_beyond_the_input_is_refused(name: str) -> None:
    finding = judge(EFFECTS[name], requirements=("pandas", "numpy"))
    assert finding.outcome == "fail", finding.evidence


@pytest.mark.parametrize("name", CLOCKS)
def test_an_answer_of_today_or_by_chance_is_refused(name: str) -> None:
    finding = judge(CLOCKS[name], requirements=("pandas", "numpy"))
    assert finding.outcome == "fail"
    assert "date a parameter" in finding.remedy or "seed" in finding.remedy or "do without" in finding.remedy


@pytest.mark.parametrize("name", PLACES)
def test_an_answer_that_depends_on_the_place_is_refused(name: str) -> None:
    assert judge(PLACES[name]).outcome == "fail"


@pytest.mark.parametrize("name", CHARACTERS)
def test_what_does_not_read_as_it_runs_is_refused(name: str) -> None:
    finding = judge(CHARACTERS[name])
    assert finding.outcome == "fail"
    assert "cannot be seen" in finding.evidence or "taken for others" in finding.evidence


OTHER = "from ..most_restarted_service.tool import most_restarted_service"


@pytest.mark.parametrize(
    ("top", "callees", "said"),
    [
        (OTHER, (), "is no tool that may run here"),
        (OTHER + " as other", ("most_restarted_service",), "only the function most_restarted_service"),
        ("from ..most_restarted_service.tool import Counter", ("most_restarted_service",), "only the function"),
        ("from . import other", ("other",), "names no other tool"),
        ("from ...library import x", ("x",), "names no other tool"),
        ("from ..other import tool", ("other",), "names no other tool"),
    ],
)
def test_other_tools_are_imported_in_one_way(top: str, callees: tuple[str, ...], said: str) -> None:
    source = with_body("return log", top=top)
    candidate = replace(make_candidate(source=source, signature=SIGNATURE), callees=dict.fromkeys(callees, "x = 1"))
    finding = asyncio.run(StaticGate().judge(subject_of(candidate, None), SharedWorkers(no_sandbox, (), Bounds())))
    assert finding.outcome == "fail"
    assert said in finding.evidence
    fine = replace(candidate, source=with_body("return most_restarted_service(log)", top=OTHER))
    fine = replace(fine, callees={"most_restarted_service": "x = 1"})
    assert (
        asyncio.run(StaticGate().judge(subject_of(fine, None), SharedWorkers(no_sandbox, (), Bounds()))).outcome
        == "pass"
    )


@pytest.mark.parametrize(
    ("source", "signature"),
    [
        (with_body("return log").replace("answer_it", "sum"), replace(SIGNATURE, function="sum")),
        (with_body("return list").replace("log", "list"), replace(SIGNATURE, context_parameter="list")),
        (with_body("return log", top="def _f(max: int) -> int:\n    return max"), SIGNATURE),
        (with_body("return log", top="from math import prod as sum"), SIGNATURE),
        (with_body("return log", top="_x: int = 1\nValueError = _x"), SIGNATURE),
    ],
)
def test_a_name_that_hides_pythons_own_is_refused(source: str, signature: Signature) -> None:
    finding = judge(source, signature)
    assert finding.outcome == "fail"
    assert "hides Python's own" in finding.evidence


HONEST = {
    "constants": with_body(
        "return _WORD.findall(log), LIMIT",
        top="import re\n\n_WORD = re.compile(r'\\w+')\nLIMIT: int = 3\n_MONTHS = {'Jan': 1, 'Feb': 2}",
    ),
    "helpers": with_body("return _half(log)", top="def _half(text: str) -> str:\n    return text[: len(text) // 2]"),
    "private-class": with_body(
        "return _Row('a').name",
        top="from dataclasses import dataclass, field\n\n\n@dataclass(order=True)\nclass _Row:\n"
        "    name: str\n    tags: list[str] = field(default_factory=list)\n\n    def __lt__(self, other):\n"
        "        return self.name < other.name",
    ),
    "cached-helper": with_body(
        "return _f(len(log))",
        top="import functools\n\n\n@functools.lru_cache(maxsize=None)\ndef _f(n: int) -> int:\n    return n",
    ),
    "imports-inside": with_body("import json", "from collections import Counter", "return Counter(json.loads(log))"),
    "dates": with_body(
        "a = datetime.strptime(log[:10], '%Y-%m-%d')",
        "return (a + timedelta(days=1)).date().isoformat(), a.time(), time.strptime(log, '%H')",
        top="import time\nfrom datetime import datetime, timedelta",
    ),
    "string-io": with_body("return list(csv.reader(io.StringIO(log)))", top="import csv\nimport io"),
    "base-names": with_body(
        "return os.path.basename(log), PurePath(log).suffix", top="import os\nfrom pathlib import PurePath"
    ),
    "path-from": with_body("return path.splitext(log)", top="from os import path"),
    "largest": with_body("best = sys.maxsize", "return min(best, len(log))", top="import sys"),
    "pandas": with_body(
        "frame = pd.read_csv(io.StringIO(log))",
        "return frame.groupby('a').size().to_dict(), np.percentile([1, 2], 95), pd.io.json.dumps",
        top="import io\n\nimport numpy as np\nimport pandas as pd",
    ),
    "submodules": with_body(
        "return ET.fromstring(log), urlparse(log).path, collections.abc.Mapping",
        top="import collections.abc\nimport xml.etree.ElementTree as ET\nfrom urllib.parse import urlparse",
    ),
    "literal-getattr": with_body("return getattr(log, 'missing', None), hasattr(log, 'isoformat')"),
    "type-names": with_body("return type(log).__name__"),
    "seeded": with_body("return random.Random(3).random(), np.random.default_rng(3).random()", top=(
        "import random\n\nimport numpy as np")),
    "local-names-of-builtins": with_body("max = 3", "id = max", "return [input for input in log][:id]"),
    "uses-its-own-name-as-attribute": with_body("return log.answer_it"),
    "recursion": with_body("return answer_it(log[1:]) if log else 0"),
    "lambda-and-nested": with_body(
        "total = 0",
        "def add(n):",
        "    nonlocal total",
        "    total += n",
        "add(len(log))",
        "return sorted(log, key=lambda c: -ord(c)), total",
    ),
    "namedtuple": with_body(
        "return _Row(1)", top="from collections import namedtuple\n\n_Row = namedtuple('_Row', 'a')"
    ),
    "letters-in-texts": with_body("return log.count('été — naïve'), '日本'  # Grüße"),
    "a-field-called-n": with_body("return f'{log:>10}', f'{len(log):,}', '{n}'.format(n=3), format(3, ',')"),
    "mail-addresses": with_body("return parseaddr(log)", top="from email.utils import parseaddr"),
    "future": with_body("return log", top="from __future__ import annotations"),
    "module-docstring": '"""What it is for."""\n' + with_body("return log"),
}  # fmt: skip


@pytest.mark.parametrize("name", HONEST)
def test_code_as_models_write_it_passes(name: str) -> None:
    finding = judge(HONEST[name], requirements=("numpy", "pandas"))
    assert finding.outcome == "pass", finding.evidence


def test_every_complaint_has_its_line_and_a_remedy() -> None:
    source = with_body("a = open(log)", "return time.time()", top="import time")
    finding = judge(source)
    assert finding.evidence.splitlines() == [
        "line 4: open has effects beyond computing",
        "line 5: time.time reaches beyond the input",
    ]
    assert "the parameters only" in finding.remedy
    assert "make the date a parameter" in finding.remedy


def test_a_hundred_complaints_are_cut() -> None:
    finding = judge(with_body(*["open(log)"] * 100))
    assert len(finding.evidence.splitlines()) == 11
    assert "90 more" in finding.evidence


def test_defaults_of_every_type_agree_with_the_sheet() -> None:
    parameters = (
        Parameter(name="top", annotation="int", default=-3),
        Parameter(name="share", annotation="float", default=0.5),
        Parameter(name="word", annotation="str", default="it's"),
    )
    source = (
        'def answer_it(log: str, top: int = -3, share: float = 0.5, *, word: str = "it\'s") -> object:\n'
        "    return log\n"
    )
    assert judge(source, replace(SIGNATURE, parameters=parameters)).outcome == "pass"
    assert judge(source.replace("-3", "3"), replace(SIGNATURE, parameters=parameters)).outcome == "fail"
    assert judge(source.replace("0.5", "True"), replace(SIGNATURE, parameters=parameters)).outcome == "fail"


def test_source_with_the_same_text_in_a_comment_passes() -> None:
    assert judge(with_body("# open(log), os.environ, __class__", "return log")).outcome == "pass"
