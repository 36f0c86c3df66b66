"""The stream `mixed`: families over logs and tables as reports recur, asked up to four times on new data.

Word for word, with other values, in other words, and some again in those other words; two families begin late. None
asks what the other streams ask. It was written once the rules of wording stood.
"""

from __future__ import annotations

import itertools
import re
import statistics
from collections import Counter
from collections.abc import Sequence

from families import Ask, Family, Row, Truth, family
from truths import mean, numbers, top

LATER = ("1of2", "3of4")


def silent(rows: Sequence[Row]) -> object:
    found = (re.search(r"got not answer from any \[(\S+)\] datasource", row["Content"]) for row in rows)
    return dict(Counter(match[1] for match in found if match))


def packages(rows: Sequence[Row]) -> object:
    return len({name for row in rows for name in re.findall(r"KB\d+", row["Content"])})


def size(verb: str, sign: int = 1) -> Truth:
    def truth(rows: Sequence[Row]) -> object:
        found = (re.search(rf'"{verb} [^"]*" status: \d+ len: (\d+)', row["Content"]) for row in rows)
        return sign * max(sign * int(match[1]) for match in found if match)

    return truth


def kernel_hosts(number: int) -> Truth:
    return lambda rows: top(Counter(row["User"] for row in rows if row["Component"] == "kernel"), number)


def by_date(rows: Sequence[Row]) -> object:
    return dict(Counter(f"{row['Month']} {row['Date']}" for row in rows))


def level_share(level: str) -> Truth:
    return lambda rows: round(100 * sum(row["Level"] == level for row in rows) / len(rows), 1)


def span(rows: Sequence[Row]) -> object:
    times = [int(row["Time"]) for row in rows]
    return [min(times), max(times)]


def daily_range(rows: Sequence[Row]) -> object:
    return mean([float(row["High"]) - float(row["Low"]) for row in rows], 3)


def ports(rows: Sequence[Row]) -> object:
    return dict(Counter(row["Embarked"] for row in rows))


def priceless(present: bool) -> Truth:
    return lambda rows: sum(bool(row["MedianSoldPricePerSqft"].strip()) == present for row in rows)


def worst_day(ticker: str) -> Truth:
    def truth(rows: Sequence[Row]) -> object:
        prices = numbers(rows, ticker)
        return round(min(100 * (b / a - 1) for a, b in itertools.pairwise(prices)), 2)

    return truth


def deviation(column: str) -> Truth:
    return lambda rows: round(statistics.stdev(numbers(rows, column)), 3)


def alone(rows: Sequence[Row]) -> object:
    return dict(Counter(row["Pclass"] for row in rows if row["IsAlone"] == "1"))


def up_days(rows: Sequence[Row]) -> object:
    return sum(float(row["Close"]) > float(row["Open"]) for row in rows)


SIZE = "What is the largest response size (len) of {} requests?"
WORST = "What was the worst one-day change of {} in percent, rounded to 2 decimals?"
DEVIATION = "What is the sample standard deviation of {}, rounded to 3 decimals?"
KERNEL = "Which {} hosts sent the most kernel lines, and how many each?"
LEVEL = "What share of the lines has level {}, in percent rounded to 1 decimal?"

FAMILIES: tuple[Family, ...] = (
    family(
        "datasources",
        "loghub/Thunderbird_2k.log",
        ("For each datasource, how often did gmetad get no answer from it?", silent),
        Ask("paraphrase", "4of4", "Count gmetad's failures to get an answer by datasource."),
        Ask("paraphrase", "2of2", "Count gmetad's failures to get an answer by datasource."),
        parts=LATER,
    ),
    family(
        "packages",
        "loghub/Windows_2k.log",
        ("How many different KB packages are mentioned?", packages),
        Ask("paraphrase", "4of4", "What is the number of distinct KB packages?"),
        Ask("same", "2of2"),
        parts=LATER,
    ),
    family(
        "response size",
        "loghub/OpenStack_2k.log",
        (SIZE.format("POST"), size("POST")),
        Ask("value", "4of4", SIZE.format("GET"), size("GET")),
        Ask("similar", "2of2", "What is the smallest response size (len) of POST requests?", size("POST", -1)),
        parts=LATER,
    ),
    family(
        "kernel hosts",
        "loghub/Mac_2k.log",
        (KERNEL.format(2), kernel_hosts(2)),
        Ask("value", "4of4", KERNEL.format(3), kernel_hosts(3)),
        Ask("paraphrase", "2of2", "Top 2 hosts by number of kernel lines, with counts?"),
        parts=LATER,
    ),
    family(
        "dates",
        "loghub/Linux_2k.log",
        ('How many entries are there for each date (such as "Jun 9")?', by_date),
        Ask("paraphrase", "4of4", 'Give the number of entries per date (such as "Jun 9").'),
        Ask("same", "2of2"),
        parts=LATER,
    ),
    family(
        "levels",
        "loghub/Android_2k.log",
        (LEVEL.format("D"), level_share("D")),
        Ask("value", "4of4", LEVEL.format("V"), level_share("V")),
        Ask("paraphrase", "2of2", "How many percent of all lines are of level D (1 decimal)?"),
        parts=LATER,
    ),
    family(
        "time span",
        "loghub/HPC_2k.log",
        ("What are the earliest and the latest Unix time in the log, as a list?", span),
        Ask("paraphrase", "4of4", "Between which two Unix times does the log lie? Answer with both as a list."),
        Ask("same", "2of2"),
        parts=LATER,
    ),
    family(
        "daily range",
        "dabench/tables/microsoft.csv",
        ("What was the average daily range (High minus Low), rounded to 3 decimals?", daily_range),
        Ask("paraphrase", "4of4", "Compute the mean daily range (High minus Low) to 3 decimal places."),
        Ask("paraphrase", "2of2", "By how much did High exceed Low on an average day, to 3 decimals?"),
        parts=LATER,
    ),
    family(
        "ports",
        "dabench/tables/titanic_test.csv",
        ("How many passengers came aboard at each port (Embarked)?", ports),
        Ask("paraphrase", "4of4", "Number of passengers by port of embarkation (Embarked)?"),
        Ask("paraphrase", "2of2", "Number of passengers by port of embarkation (Embarked)?"),
        parts=LATER,
    ),
    family(
        "missing prices",
        "dabench/tables/Zip_MedianSoldPricePerSqft_AllHomes.csv",
        ("How many rows have no MedianSoldPricePerSqft?", priceless(present=False)),
        Ask("similar", "4of4", "How many rows have a MedianSoldPricePerSqft?", priceless(present=True)),
        Ask("paraphrase", "2of2", "In how many rows is the MedianSoldPricePerSqft missing?"),
        parts=LATER,
    ),
    family(
        "worst days",
        "dabench/tables/tr_eikon_eod_data.csv",
        (WORST.format("AAPL.O"), worst_day("AAPL.O")),
        Ask("value", "4of4", WORST.format("MSFT.O"), worst_day("MSFT.O")),
        Ask("same", "2of2"),
        parts=LATER,
    ),
    family(
        "spread",
        "dabench/tables/my_test_01.csv",
        (DEVIATION.format("MedInc"), deviation("MedInc")),
        Ask("value", "4of4", DEVIATION.format("HouseAge"), deviation("HouseAge")),
        Ask("paraphrase", "2of2", "How far does MedInc spread (sample standard deviation, 3 decimals)?"),
        parts=LATER,
    ),
    family(
        "alone",
        "dabench/tables/test_x.csv",
        ("How many passengers of each Pclass were alone (IsAlone = 1)?", alone),
        Ask("paraphrase", "2of2", "Per Pclass, what number of passengers travelled alone (IsAlone = 1)?"),
        begin=1.4,
    ),
    family(
        "up days",
        "dabench/tables/microsoft.csv",
        ("On how many days did the price close above its open?", up_days),
        parts=("1of2",),
        begin=2.6,
    ),
)
