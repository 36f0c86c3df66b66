"""Ways to reach a name without writing it: each reads well, and none is a tool."""

from __future__ import annotations

import ast

import pytest

from lithify.gates.detours import check_detours
from lithify.gates.imports import read_imports
from lithify.gates.static import complaints_about
from lithify.records.tool import Signature
from lithify.testing.candidates import make_candidate

SIGNATURE = Signature(
    function="answer_it", context_parameter="log", context_kind="text", parameters=(), returns="object"
)


def with_body(*lines: str, top: str = "") -> str:
    body = "\n".join(f"    {line}" for line in lines)
    return f"{top}\n\ndef answer_it(log: str) -> object:\n{body}\n"


DETOURS = {
    "match-dunder": with_body("match len:", "    case object(__self__=b):", "        return b"),
    "match-frame": with_body("match (x for x in log):", "    case object(gi_frame=f):", "        return f"),
    "attrgetter-behind-a-dot": with_body(
        "return operator.attrgetter('f.__self__.exec')(_C)", top="import operator\n\n\nclass _C:\n    f = len"
    ),
    "attrgetter-frame": with_body(
        "return operator.attrgetter('gi_frame.f_globals')(x for x in log)", top="import operator"
    ),
    "getattr-frame": with_body("return getattr((x for x in log), 'gi_frame')"),
    "methodcaller-mro": with_body("return operator.methodcaller('mro')(int)", top="import operator"),
    "format-computed": with_body("shown = '{0.__glo' + 'bals__}'", "return shown.format(answer_it)"),
    "format-map": with_body("shown = '{a.__glo' + 'bals__}'", "return shown.format_map({'a': answer_it})"),
    "format-unbound": with_body("return str.format('{0.__glo' + 'bals__}', answer_it)"),
    "format-rebound": with_body("shown = 'x'", "for shown in log:", "    pass", "return shown.format(answer_it)"),
    "format-frame": with_body("return '{0.gi_frame.f_globals}'.format(x for x in log)"),
    "formatter": with_body("return string.Formatter().get_field(log, [answer_it], {})", top="import string"),
    "annotation": with_body("return typing.get_type_hints(_C)", top="import typing\n\n\nclass _C:\n    x: 'print(1)'"),
    "annotation-by-dispatch": with_body(
        "return functools.singledispatch(len).register(_f)",
        top="import functools\n\n\ndef _f(x: 'print(1)') -> int:\n    return 1",
    ),
    "pickle-of-pandas": with_body("return pd.read_pickle(io.BytesIO(log))", top="import io\n\nimport pandas as pd"),
    "pickle-of-numpy": with_body("return np.load(io.BytesIO(log))", top="import io\n\nimport numpy as np"),
    "pandas-eval": with_body("return pd.eval('@answer_it.__glo' + 'bals__')", top="import pandas as pd"),
    "pandas-query": with_body("return pd.DataFrame().query('@f.__glo' + 'bals__')", top="import pandas as pd"),
    "numpy-testing": with_body("return runstring('1', {})", top="from numpy.testing import runstring"),
    "memory": with_body("try:", "    bytes(10**9)", "except MemoryError:", "    return len(log)", "return 0"),
    "hash-as-a-method": with_body("return log.__hash__() % 1000"),
    "output-elsewhere": with_body("with contextlib.redirect_stdout(None):", "    return log", top="import contextlib"),
    "state-in-a-class": with_body("_S().seen.append(1)", "return len(_S().seen)", top="class _S:\n    seen = []"),
    "state-on-a-class": with_body("type(_S()).n += 1", "return _S.n", top="class _S:\n    n = 0"),
    "now-by-pattern": with_body(
        "match datetime:", "    case object(now=clock):", "        return clock()", top="from datetime import datetime"
    ),
    "now-by-name": with_body("return getattr(datetime, 'now')()", top="from datetime import datetime"),
    "now-by-methodcaller": with_body(
        "return operator.methodcaller('now')(datetime)", top="import operator\nfrom datetime import datetime"
    ),
    "pandas-text-in-a-list": with_body("return pd.to_datetime(['now'])", top="import pandas as pd"),
    "sql-now": with_body("return c.execute(\"select date('now')\")"),
    "sql-chance": with_body("return c.execute('select a from b order by random()')"),
    "gzip-header": with_body("return gzip.compress(log.encode())[4:8]", top="import gzip"),
    "random-behind-a-name": with_body("make = random.Random", "return make().random()", top="import random"),
    "random-imported-behind-a-name": with_body(
        "make = Random", "return make().random()", top="from random import Random"
    ),
    "random-seeded-with-a-name-for-none": with_body(
        "return random.Random(_SEED).random()", top="import random\n\n_SEED = None"
    ),
    "numpy-seeded-with-nothing": with_body("return np.random.default_rng(*[]).random()", top="import numpy as np"),
    "pandas-sample": with_body("return pd.Series(log).sample(1)", top="import pandas as pd"),
}

HONEST = {
    "formats": with_body("shown = '{:>4}'", "return shown.format(len(log)), '{0.real} {x}'.format(1, x=2)"),
    "queries": with_body(
        "column, least = 'a', 3",
        "frame = pd.DataFrame({'a': [1]}).query('a > 0').query(f'{column} > {least}')",
        "return frame.eval('a + 1'), frame.sample(2, random_state=1)",
        top="import pandas as pd",
    ),
    "patterns": with_body("match log:", "    case str(x):", "        return x"),
    "sql": with_body("return c.execute('select max(at) from events where kind = ?', [log]).fetchone()"),
    "class-constants": with_body("return _C.WORDS[0]", top="class _C:\n    WORDS = ['a', 'b']"),
}


@pytest.mark.parametrize("name", DETOURS)
def test_it_is_refused(name: str) -> None:
    candidate = make_candidate(source=DETOURS[name], signature=SIGNATURE, requirements=("pandas", "numpy"))
    found = complaints_about(candidate)
    assert found
    assert all(one.remedy for one in found)


@pytest.mark.parametrize("name", HONEST)
def test_what_can_be_read_is_not(name: str) -> None:
    tree = ast.parse(HONEST[name])
    assert list(check_detours(tree, read_imports(tree))) == []
