"""Ten further questions, each asked three times: with the two streams they make forty that are explored."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from families import Family, Row, family
from truths import mean, numbers

THRICE = ("1of2", "2of2", "all")


def su_users(rows: Sequence[Row]) -> object:
    opened = (
        re.match(r"session opened for user (\S+)", row["Content"]) for row in rows if row["Component"] == "su(pam_unix)"
    )
    return dict(Counter(match[1] for match in opened if match))


def methods(rows: Sequence[Row]) -> object:
    return dict(Counter(re.findall(r'"(GET|POST|DELETE|PUT) ', "\n".join(row["Content"] for row in rows))))


def smokers(rows: Sequence[Row]) -> object:
    return round(100 * sum(row["smoker"] == "yes" for row in rows) / len(rows), 1)


def men(rows: Sequence[Row]) -> object:
    classes = sorted({row["Pclass"] for row in rows if row["Sex"] == "male"})
    return {
        one: mean(numbers([r for r in rows if r["Sex"] == "male" and r["Pclass"] == one], "Age")) for one in classes
    }


FAMILIES: tuple[Family, ...] = (
    family(
        "su users",
        "loghub/Linux_2k.log",
        ("For which users did su open sessions, and how many each?", su_users),
        parts=THRICE,
    ),
    family(
        "unknown users",
        "loghub/Linux_2k.log",
        (
            'On how many lines does "user unknown" stand?',
            lambda rows: sum("user unknown" in row["Content"] for row in rows),
        ),
        parts=THRICE,
    ),
    family(
        "methods", "loghub/OpenStack_2k.log", ("How many requests were there per HTTP method?", methods), parts=THRICE
    ),
    family(
        "core files",
        "loghub/BGL_2k.log",
        (
            "How many core files were generated (generating core.N)?",
            lambda rows: sum(bool(re.fullmatch(r"generating core\.\d+", row["Content"].strip())) for row in rows),
        ),
        parts=THRICE,
    ),
    family(
        "android levels",
        "loghub/Android_2k.log",
        ("How many lines were logged at each level?", lambda rows: dict(Counter(row["Level"] for row in rows))),
        parts=THRICE,
    ),
    family(
        "processes",
        "loghub/Mac_2k.log",
        (
            "How many different processes (with a pid) logged something?",
            lambda rows: len({row["Component"] for row in rows if row["PID"]}),
        ),
        parts=THRICE,
    ),
    family(
        "smoking",
        "dabench/tables/insurance.csv",
        ("What percentage of the people smoke, rounded to 1 decimal?", smokers),
        parts=THRICE,
    ),
    family(
        "cities",
        "dabench/tables/hotel_data.csv",
        ("How many hotels are there in each city?", lambda rows: dict(Counter(row["city_name"] for row in rows))),
        parts=THRICE,
    ),
    family(
        "visitors",
        "dabench/tables/traj-Osak.csv",
        (
            "How many different users are there, and how many trajectories?",
            lambda rows: [len({row["userID"] for row in rows}), len({row["trajID"] for row in rows})],
        ),
        parts=THRICE,
    ),
    family(
        "men",
        "dabench/tables/test_ave.csv",
        (
            "What is the average age of the male passengers in each passenger class (Pclass), rounded to 2 decimals?",
            men,
        ),
        parts=THRICE,
    ),
)
