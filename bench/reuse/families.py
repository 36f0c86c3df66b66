"""Twelve kept tools over eight kinds of log: their questions and truths, true repeats, other words, near misses."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

Truth = Callable[[str], object]


@dataclass(frozen=True)
class Family:
    """A tool's question over one system's log.

    values:      questions of the same template with other values, each with its truth
    paraphrases: the same question in other words
    near:        questions that differ in one meaningful word: never to be answered by this tool
    """

    system: str
    question: str
    truth: Truth
    values: tuple[tuple[str, Truth], ...]
    paraphrases: tuple[str, ...]
    near: tuple[str, ...]


def top(counts: Counter[str], number: int) -> list[list[object]]:
    return [[name, count] for name, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:number]]


def hosts(number: int) -> Truth:
    def truth(text: str) -> object:
        failures = (line for line in text.splitlines() if "authentication failure" in line)
        return top(Counter(m[1] for line in failures if (m := re.search(r"\brhost=(\S+)", line))), number)

    return truth


def failures_of(user: str) -> Truth:
    pattern = re.compile(rf"authentication failure.* user={re.escape(user)}\s*$")
    return lambda text: sum(1 for line in text.splitlines() if pattern.search(line))


def mean_time(verb: str, digits: int) -> Truth:
    def truth(text: str) -> object:
        times = [float(m) for m in re.findall(rf'"{verb} [^"]*".*? time: ([\d.]+)', text)]
        return round(sum(times) / len(times), digits) if times else None

    return truth


def level_per_day(level: str) -> Truth:
    def truth(text: str) -> object:
        fields = (line.split() for line in text.splitlines())
        return dict(sorted(Counter(f[2] for f in fields if len(f) > 8 and f[8] == level).items()))

    return truth


def unavailable(number: int) -> Truth:
    def truth(text: str) -> object:
        fields = (line.split() for line in text.splitlines())
        return top(Counter(f[1] for f in fields if f[3] == "state_change.unavailable"), number)

    return truth


def health_component(text: str) -> object:
    return top(Counter(line.split("|")[1] for line in text.splitlines() if line.count("|") >= 3), 1)[0]


def mac_processes(number: int) -> Truth:
    pattern = re.compile(r"\w{3}\s+\d+ [\d:]+ \S+ (.+?)\[\d+\](?: \(.*?\))?:")

    def truth(text: str) -> object:
        return top(Counter(m[1] for line in text.splitlines() if (m := pattern.match(line))), number)

    return truth


def sessions_of(user: str) -> Truth:
    return lambda text: sum(1 for line in text.splitlines() if re.search(rf"session opened for user {user}\b", line))


def windows_components(text: str) -> object:
    return dict(Counter(re.findall(r"(?m)^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d, \w+\s+(\w+)\s", text)))


def android_tags(number: int, level: str) -> Truth:
    def truth(text: str) -> object:
        found = re.findall(rf"(?m)^\d\d-\d\d [\d:.]+\s+\d+\s+\d+ {level} ([^:]+):", text)
        return top(Counter(tag.strip() for tag in found), number)

    return truth


def bgl_node(text: str) -> object:
    return top(Counter(line.split()[3] for line in text.splitlines()), 1)[0]


def instances(text: str) -> object:
    uuid = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
    return len(set(re.findall(rf"(?:\[instance: |/servers/|/instances/|\bfor instance )({uuid})", text)))


FAMILIES = (
    Family(
        "Linux",
        "Which 3 remote hosts (rhost) caused the most authentication failures, and how many each?",
        hosts(3),
        tuple(
            (f"Which {n} remote hosts (rhost) caused the most authentication failures, and how many each?", hosts(n))
            for n in (1, 5, 10)
        ),
        (
            "Top 3 source hosts by number of failed authentications, with counts?",
            "From which three remote hosts did most failed logins come, and how many from each?",
            "List the 3 rhosts with the most authentication failures and their counts.",
        ),
        (
            "Which 3 remote hosts (rhost) caused the fewest authentication failures, and how many each?",
            "Which 3 remote hosts (rhost) caused the most session openings, and how many each?",
            "Which 3 remote users (ruser) caused the most authentication failures, and how many each?",
            "Which 3 users caused the most authentication failures, and how many each?",
            "Which 3 remote hosts (rhost) caused the most authentication failures on Sundays, and how many each?",
            "Which 3 remote hosts (rhost) caused the most authentication failures in June, and how many each?",
            "Which 3 remote hosts (rhost) caused no authentication failures, and how many each?",
            "Which 3 remote hosts (rhost) caused the most authentication successes, and how many each?",
            "Which 3 remote hosts (rhost) caused the most authentication failures for root, and how many each?",
            "In which 3 hours were the most authentication failures, and how many each?",
        ),
    ),
    Family(
        "Linux",
        "How many authentication failures were there for user root?",
        failures_of("root"),
        tuple(
            (f"How many authentication failures were there for user {user}?", failures_of(user))
            for user in ("guest", "test")
        ),
        (
            "How often did authentication fail for the user root?",
            "Count the failed authentications of root.",
            "What is the number of authentication failures with user=root?",
        ),
        (
            "How many authentication failures were there for users other than root?",
            "How many authentication successes were there for user root?",
            "How many authentication failures were there for user root per day?",
            "How many authentication failures were there for host root?",
            "How many authentication failures were there not for user root?",
            "How many authentication failures were there for user root in July?",
            "How many distinct hosts had authentication failures for user root?",
            "What share of authentication failures were there for user root?",
            "How many sessions were there for user root?",
        ),
    ),
    Family(
        "OpenStack",
        "What is the mean response time of GET requests in seconds, rounded to 3 digits?",
        mean_time("GET", 3),
        tuple(
            (
                f"What is the mean response time of {verb} requests in seconds, rounded to {n} digits?",
                mean_time(verb, n),
            )
            for verb, n in (("GET", 2), ("POST", 3), ("POST", 1))
        ),
        (
            "What was the average response time of GET requests, in seconds with 3 digits?",
            "How long did GET requests take on average (seconds, three digits)?",
            "Average GET response time in seconds to 3 decimal places?",
        ),
        (
            "What is the median response time of GET requests in seconds, rounded to 3 digits?",
            "What is the maximum response time of GET requests in seconds, rounded to 3 digits?",
            "What is the mean response time of GET requests in milliseconds, rounded to 3 digits?",
            "What is the mean response length of GET requests in bytes, rounded to 3 digits?",
            "What is the mean response time of all requests in seconds, rounded to 3 digits?",
            "What is the mean response time of failed GET requests in seconds, rounded to 3 digits?",
            "What is the total response time of GET requests in seconds, rounded to 3 digits?",
            "What is the mean response time per hour of GET requests in seconds, rounded to 3 digits?",
            "What is the standard deviation of the response time of GET requests in seconds, rounded to 3 digits?",
        ),
    ),
    Family(
        "BGL",
        "How many FATAL messages were logged per day?",
        level_per_day("FATAL"),
        tuple(
            (f"How many {level} messages were logged per day?", level_per_day(level)) for level in ("INFO", "SEVERE")
        ),
        (
            "Give the number of FATAL messages for each day.",
            "How many messages of level FATAL are there on each day?",
            "Count the FATAL messages by day.",
        ),
        (
            "How many FATAL messages were logged per hour?",
            "How many FATAL messages were logged per node?",
            "How many messages were logged per day?",
            "How many FATAL messages were logged in total?",
            "How many non-FATAL messages were logged per day?",
            "How many distinct FATAL messages were logged per day?",
            "How many FATAL messages were logged per month?",
            "How many FATAL messages were not logged per day?",
            "How many nodes logged FATAL messages per day?",
            "On which day were most FATAL messages logged?",
        ),
    ),
    Family(
        "HPC",
        "Which 5 nodes reported an unavailable state change most often, and how often each?",
        unavailable(5),
        tuple(
            (f"Which {n} nodes reported an unavailable state change most often, and how often each?", unavailable(n))
            for n in (2, 3, 7)
        ),
        (
            "Top 5 nodes by unavailable state changes, with counts?",
            "Which five nodes had the most state changes to unavailable, and how many?",
            "List the 5 nodes that most often became unavailable, with how often.",
        ),
        (
            "Which 5 nodes reported an available state change most often, and how often each?",
            "Which 5 nodes reported an unavailable state change least often, and how often each?",
            "Which 5 components reported an unavailable state change most often, and how often each?",
            "Which 5 nodes reported an error most often, and how often each?",
            "Which 5 nodes reported an unavailable state change first, and how often each?",
            "Which 5 nodes never reported an unavailable state change?",
            "Which 5 switches reported an unavailable state change most often, and how often each?",
            "In which 5 hours did nodes report an unavailable state change most often, and how often each?",
        ),
    ),
    Family(
        "HealthApp",
        "Which component logged the most lines, and how many?",
        health_component,
        (),
        (
            "What is the component with the most lines, and how many lines does it have?",
            "Which component wrote most lines and what is their number?",
            "Name the busiest component by lines, with its count.",
        ),
        (
            "Which component logged the fewest lines, and how many?",
            "Which process logged the most lines, and how many?",
            "Which component logged the most errors, and how many?",
            "Which component logged the longest lines, and how many?",
            "Which component logged the most lines on the last day, and how many?",
            "Which components logged the most lines per hour, and how many?",
            "Which component logged the second most lines, and how many?",
            "Which component did not log lines, and how many?",
        ),
    ),
    Family(
        "Mac",
        "Which 3 processes logged the most lines, and how many each?",
        mac_processes(3),
        tuple((f"Which {n} processes logged the most lines, and how many each?", mac_processes(n)) for n in (1, 4, 8)),
        (
            "Top 3 processes by number of lines, with counts?",
            "Which three processes wrote most lines, and how many did each write?",
            "Name the 3 busiest processes by lines with their counts.",
        ),
        (
            "Which 3 processes logged the fewest lines, and how many each?",
            "Which 3 hosts logged the most lines, and how many each?",
            "Which 3 processes logged the most errors, and how many each?",
            "Which 3 processes logged the most lines per day, and how many each?",
            "Which 3 processes logged the longest lines, and how many each?",
            "Which 3 processes logged the most distinct lines, and how many each?",
            "Which 3 processes logged the most lines at night, and how many each?",
            "Which 3 processes logged the most bytes, and how many each?",
        ),
    ),
    Family(
        "Thunderbird",
        "How many sessions were opened for user root?",
        sessions_of("root"),
        (),
        (
            "How often was a session opened for the user root?",
            "Count the sessions that were opened for root.",
            "What is the number of session openings for user root?",
        ),
        (
            "How many sessions were closed for user root?",
            "How many sessions were opened for users other than root?",
            "How many sessions were opened for user root per host?",
            "How many sessions were opened by user root?",
            "On how many hosts were sessions opened for user root?",
            "How many sessions were not opened for user root?",
            "How many sessions were opened for user root after noon?",
            "How many sessions failed for user root?",
        ),
    ),
    Family(
        "Windows",
        "How many lines did each component (such as CBS or CSI) log?",
        windows_components,
        (),
        (
            "What is the number of lines of each component (CBS, CSI, ...)?",
            "Count the lines by component (such as CBS or CSI).",
            "For each component such as CBS or CSI, how many lines are there?",
        ),
        (
            "How many errors did each component (such as CBS or CSI) log?",
            "How many lines did each component (such as CBS or CSI) log per day?",
            "How many distinct lines did each component (such as CBS or CSI) log?",
            "How many lines did each level (such as Info or Error) log?",
            "How many bytes did each component (such as CBS or CSI) log?",
            "How many components (such as CBS or CSI) logged lines?",
            "How many lines did no component (such as CBS or CSI) log?",
            "What share of lines did each component (such as CBS or CSI) log?",
        ),
    ),
    Family(
        "Android",
        "Which 3 tags logged the most warnings (level W), and how many each?",
        android_tags(3, "W"),
        tuple(
            (f"Which {n} tags logged the most warnings (level W), and how many each?", android_tags(n, "W"))
            for n in (1, 5, 6)
        ),
        (
            "Top 3 tags by number of warnings (level W), with counts?",
            "Which three tags have the most lines of level W (warning), and how many?",
            "Name the 3 tags with most W-level lines and their counts.",
        ),
        (
            "Which 3 tags logged the fewest warnings (level W), and how many each?",
            "Which 3 processes logged the most warnings (level W), and how many each?",
            "Which 3 tags logged the most errors (level E), and how many each?",
            "Which 3 tags logged the most lines, and how many each?",
            "Which 3 tags logged the most warnings (level W) per minute, and how many each?",
            "Which 3 tags logged the last warnings (level W), and how many each?",
            "Which 3 tags logged no warnings (level W), and how many each?",
            "Which 3 threads logged the most warnings (level W), and how many each?",
        ),
    ),
    Family(
        "BGL",
        "Which node logged the most messages, and how many?",
        bgl_node,
        (),
        (
            "Which node has the most messages, and what is their number?",
            "Name the node with most messages and its count.",
            "What is the busiest node by messages, and how many did it log?",
        ),
        (
            "Which node logged the fewest messages, and how many?",
            "Which node logged the most FATAL messages, and how many?",
            "Which rack logged the most messages, and how many?",
            "Which day logged the most messages, and how many?",
            "Which node logged the most distinct messages, and how many?",
            "Which nodes logged messages, and how many?",
            "Which node logged the second most messages, and how many?",
            "Which node logged the most messages in 2006, and how many?",
        ),
    ),
    Family(
        "OpenStack",
        "How many different instances are mentioned?",
        instances,
        (),
        (
            "What is the number of distinct instances that are mentioned?",
            "How many distinct instances occur?",
            "Count the different instances.",
        ),
        (
            "How many different requests are mentioned?",
            "How many different instances are deleted?",
            "How many times are instances mentioned?",
            "How many different instances are mentioned per hour?",
            "Which different instances are mentioned?",
            "How many different hosts are mentioned?",
            "How many different instances are not mentioned?",
            "How many different images are mentioned?",
        ),
    ),
)
