"""The stream `logs`: fifteen families over nine systems' logs. Truths come from the structured CSVs beside the logs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from families import Ask, Family, Row, Truth, family
from truths import counted, top


def rhosts(number: int) -> Truth:
    def truth(rows: Sequence[Row]) -> object:
        failures = (row["Content"] for row in rows if row["Content"].startswith("authentication failure;"))
        found = (re.search(r"\brhost=(\S+)", text) for text in failures)
        return top(Counter(match[1] for match in found if match), number)

    return truth


def ftp_addresses(rows: Sequence[Row]) -> object:
    found = (re.match(r"connection from (\S+)", row["Content"]) for row in rows if row["Component"] == "ftpd")
    return dict(Counter(match[1] for match in found if match))


def mean_time(status: str) -> Truth:
    def truth(rows: Sequence[Row]) -> object:
        pattern = re.compile(rf'" status: {status} len: \d+ time: ([0-9.]+)$')
        times = [float(match[1]) for row in rows if (match := pattern.search(row["Content"].strip()))]
        return round(sum(times) / len(times), 4)

    return truth


def lifecycle(event: str) -> Truth:
    return lambda rows: sum(f"VM {event} (Lifecycle Event)" in row["Content"] for row in rows)


def longest_build(rows: Sequence[Row]) -> object:
    found = (re.search(r"Took ([0-9.]+) seconds to build instance", row["Content"]) for row in rows)
    return max(float(match[1]) for match in found if match)


def lines_of(component: str) -> Truth:
    return lambda rows: sum(row["Component"] == component for row in rows)


def most_steps(rows: Sequence[Row]) -> object:
    found = (re.fullmatch(r"onStandStepChanged (\d+)", row["Content"].strip()) for row in rows)
    return max(int(match[1]) for match in found if match)


def processes(least: int) -> Truth:
    def truth(rows: Sequence[Row]) -> object:
        counts = Counter(row["Component"] for row in rows if row["PID"])
        return sorted([name, n] for name, n in counts.items() if n >= least)

    return lambda rows: sorted(truth(rows), key=lambda pair: (-pair[1], pair[0]))  # type: ignore[index,attr-defined]


def nodes_of(daemon: str) -> Truth:
    return lambda rows: len({row["User"] for row in rows if row["Component"] == daemon})


def by_hour(rows: Sequence[Row]) -> object:
    return dict(Counter(row["Time"][:2] for row in rows))


def hresults(rows: Sequence[Row]) -> object:
    return dict(Counter(code for row in rows for code in re.findall(r"HRESULT = (0x[0-9a-fA-F]+)", row["Content"])))


def warners(number: int) -> Truth:
    return lambda rows: top(Counter(row["Component"] for row in rows if row["Level"] == "W"), number)


def messages(level: str, component: str) -> Truth:
    return lambda rows: sum(row["Level"] == level and row["Component"] == component for row in rows)


def racks(sign: int) -> Truth:
    def truth(rows: Sequence[Row]) -> object:
        counts = Counter(row["Node"].partition("-")[0] for row in rows if row["Node"].startswith("R"))
        [[name, count]] = top({name: sign * count for name, count in counts.items()}, 1)
        return [name, sign * int(str(count))]

    return truth


FAMILIES: tuple[Family, ...] = (
    family(
        "failing hosts",
        "loghub/Linux_2k.log",
        ("Which 2 remote hosts had the most authentication failures, and how many each?", rhosts(2)),
        Ask(
            "value", "3of3", "Which 4 remote hosts had the most authentication failures, and how many each?", rhosts(4)
        ),
    ),
    family(
        "ftp addresses",
        "loghub/Linux_2k.log",
        ("How many connections did ftpd log from each address?", ftp_addresses),
        Ask("paraphrase", "3of3", "Count the ftpd connections by address they came from."),
    ),
    family(
        "response time",
        "loghub/OpenStack_2k.log",
        (
            "What is the mean response time of requests with status 200, in seconds rounded to 4 digits?",
            mean_time("200"),
        ),
        Ask(
            "value",
            "2of3",
            "What is the mean response time of requests with status 404, in seconds rounded to 4 digits?",
            mean_time("404"),
        ),
    ),
    family(
        "lifecycle events",
        "loghub/OpenStack_2k.log",
        ('How often was the VM lifecycle event "Paused" logged?', lifecycle("Paused")),
        Ask("value", "3of3", 'How often was the VM lifecycle event "Resumed" logged?', lifecycle("Resumed")),
    ),
    family(
        "instance builds",
        "loghub/OpenStack_2k.log",
        ("What was the longest time to build an instance, in seconds?", longest_build),
        Ask("paraphrase", "3of3", "How many seconds did the slowest instance build take?"),
    ),
    family(
        "cluster components",
        "loghub/HPC_2k.log",
        ("How many lines did each component log?", counted("Component")),
        Ask("similar", "2of2", "How many lines did each node log?", counted("Node")),
    ),
    family(
        "health component",
        "loghub/HealthApp_2k.log",
        ("How many lines did the component Step_LSC log?", lines_of("Step_LSC")),
        Ask("value", "2of3", "How many lines did the component Step_SPUtils log?", lines_of("Step_SPUtils")),
    ),
    family(
        "steps",
        "loghub/HealthApp_2k.log",
        ("What is the highest step count that onStandStepChanged reported?", most_steps),
        Ask("paraphrase", "2of3", "What's the largest number of steps in an onStandStepChanged line?"),
    ),
    family(
        "busy processes",
        "loghub/Mac_2k.log",
        ("Which processes logged at least 30 lines, and how many each?", processes(30)),
        Ask("value", "3of3", "Which processes logged at least 20 lines, and how many each?", processes(20)),
    ),
    family(
        "daemon nodes",
        "loghub/Thunderbird_2k.log",
        ("On how many different nodes did the daemon ntpd log something?", nodes_of("ntpd")),
        Ask(
            "value", "2of3", "On how many different nodes did the daemon sendmail log something?", nodes_of("sendmail")
        ),
    ),
    family(
        "lines by hour",
        "loghub/Mac_2k.log",
        ("How many lines were logged in each hour of the day (00 to 23)?", by_hour),
        Ask("paraphrase", "3of3", "For each hour of the day (00 to 23), what is the number of lines?"),
    ),
    family(
        "hresults",
        "loghub/Windows_2k.log",
        ("How often does each HRESULT code occur?", hresults),
        Ask("paraphrase", "2of3", "Count the occurrences of every HRESULT code."),
    ),
    family(
        "warning components",
        "loghub/Android_2k.log",
        ("Which 3 components logged the most warnings (level W), and how many each?", warners(3)),
        Ask("value", "3of3", "Which 2 components logged the most warnings (level W), and how many each?", warners(2)),
    ),
    family(
        "fatal messages",
        "loghub/BGL_2k.log",
        ("How many messages of level FATAL did the component KERNEL log?", messages("FATAL", "KERNEL")),
        Ask("value", "3of3", "How many messages of level FATAL did the component APP log?", messages("FATAL", "APP")),
    ),
    family(
        "racks",
        "loghub/BGL_2k.log",
        ("Which rack (the part of the node name before the first dash) logged the most lines, and how many?", racks(1)),
        Ask(
            "similar",
            "2of2",
            "Which rack (the part of the node name before the first dash) logged the fewest lines, and how many?",
            racks(-1),
        ),
    ),
)
