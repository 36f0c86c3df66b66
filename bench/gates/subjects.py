"""Four functions with tests: two good suites, a thin one, one that looks at nothing."""

from __future__ import annotations

from dataclasses import dataclass

LOAD = """\
import importlib.util
from pathlib import Path

spec = importlib.util.spec_from_file_location("tool", Path(__file__).parents[1] / "tool.py")
tool = importlib.util.module_from_spec(spec)
spec.loader.exec_module(tool)
"""


@dataclass(frozen=True)
class Subject:
    """A function called name, and tests that call it as tool.NAME."""

    name: str
    source: str
    tests: str


RESTARTS = '''\
"""Which service restarted most often?"""

from collections import Counter


def most_restarted_service(log: str, top: int = 1) -> list[str]:
    """The services that restarted most often, most frequent first."""
    counts = Counter(line.split()[1] for line in log.splitlines() if line.endswith("restarted"))
    return [name for name, _ in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:top]]
'''
RESTARTS_TESTS = """

LOG = "09:00 web restarted\\n09:01 db ready\\n09:02 web restarted\\n09:03 db restarted\\n09:04 app restarted\\n"


def test_it():
    assert tool.most_restarted_service(LOG) == ["web"]
    assert tool.most_restarted_service(LOG, top=3) == ["web", "app", "db"]
    assert tool.most_restarted_service("") == []
"""
SESSIONS = '''\
"""How long were users logged in?"""

import re

_EVENT = re.compile(r"^(\\d+):(\\d+) (login|logout) (\\w+)$")


def minutes_by_user(text: str, least: int = 1) -> dict[str, int]:
    """Minutes between each login and the next logout, by user; those with fewer than least are left out."""
    began: dict[str, int] = {}
    total: dict[str, int] = {}
    for line in text.splitlines():
        found = _EVENT.match(line)
        if found is None:
            continue
        now = int(found[1]) * 60 + int(found[2])
        user = found[4]
        if found[3] == "login":
            began.setdefault(user, now)
        elif user in began:
            total[user] = total.get(user, 0) + now - began.pop(user)
    return {user: total[user] for user in sorted(total) if total[user] >= least}
'''
SESSIONS_TESTS = '''

DAY = """\\
08:00 login ada
08:05 login bob
08:10 login ada
09:30 logout ada
09:31 logout ada
10:00 login cid
10:00 logout cid
x 11:00 login bob
12:00 logout bob
13:00 login ada
13:02 logout ada
14:00 logout dee
"""


def test_day():
    assert tool.minutes_by_user(DAY) == {"ada": 92, "bob": 235}
    assert tool.minutes_by_user(DAY, least=0) == {"ada": 92, "bob": 235, "cid": 0}
    assert tool.minutes_by_user(DAY, least=92) == {"ada": 92, "bob": 235}
    assert tool.minutes_by_user(DAY, least=93) == {"bob": 235}
    assert list(tool.minutes_by_user(DAY, least=0)) == ["ada", "bob", "cid"]
    assert tool.minutes_by_user("nothing") == {}
'''
SESSIONS_THIN = """

def test_thin():
    assert tool.minutes_by_user("08:00 login ada\\n09:00 logout ada\\n09:30 noise\\n") == {"ada": 60}
"""
SESSIONS_VACUOUS = """

def test_vacuous():
    assert isinstance(tool.minutes_by_user("08:00 login ada\\n09:00 logout ada\\n08:00 noise\\n", least=100), dict)
"""
SUBJECTS = (
    Subject("most_restarted_service", RESTARTS, RESTARTS_TESTS),
    Subject("minutes_by_user", SESSIONS, SESSIONS_TESTS),
    Subject("minutes_by_user (thin)", SESSIONS, SESSIONS_THIN),
    Subject("minutes_by_user (vacuous)", SESSIONS, SESSIONS_VACUOUS),
)
