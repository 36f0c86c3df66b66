"""The stream `tables`: fifteen families over real CSV files, some of them DABench's questions. Truths are plain csv."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Sequence

from families import WHOLE, Ask, Family, Row, Truth, family
from truths import mean, means_by, numbers, quantile, top, totals_by


def charges(smoker: str) -> Truth:
    return lambda rows: means_by([row for row in rows if row["smoker"] == smoker], "region", "charges")


def heavier(limit: float) -> Truth:
    return lambda rows: sum(value > limit for value in numbers(rows, "bmi"))


def outliers(rows: Sequence[Row]) -> object:
    values = numbers(rows, "charges")
    low, high = quantile(values, 0.25), quantile(values, 0.75)
    reach = 1.5 * (high - low)
    return sum(value < low - reach or value > high + reach for value in values)


def family_and_fare(rows: Sequence[Row]) -> object:
    sizes = [float(row["SibSp"]) + float(row["Parch"]) for row in rows]
    return round(statistics.correlation(sizes, numbers(rows, "Fare")), 2)


def brands(number: int) -> Truth:
    return lambda rows: top(Counter(row["brand_name"] for row in rows if row["brand_name"] not in ("", "None")), number)


def stars(rating: float) -> Truth:
    return lambda rows: sum(value == rating for value in numbers(rows, "star_rating"))


def prices(column: str) -> Truth:
    def truth(rows: Sequence[Row]) -> object:
        values = [float(row[column]) for row in rows if row[column].strip() not in ("", "null")]
        found = {"mean": statistics.fmean(values), "median": statistics.median(values), "std": statistics.stdev(values)}
        return {name: round(value, 2) for name, value in found.items()}

    return truth


def busiest_day(rows: Sequence[Row]) -> object:
    return top({row["Date"]: int(row["Volume"]) for row in rows}, 1)[0]


def votes(number: int) -> Truth:
    return lambda rows: top(totals_by(rows, "state_abbr", "total_votes"), number)


def lifetimes(year: str) -> Truth:
    return lambda rows: means_by([row for row in rows if row["year"] == year], "continent", "lifeexp")


def incomes(rows: Sequence[Row]) -> object:
    graduates = [row for row in rows if row["Education"] == "Graduate"]
    return means_by(graduates, "Property_Area", "ApplicantIncome")


def stays(least: int) -> Truth:
    return lambda rows: mean(numbers([row for row in rows if int(row["trajLen"]) >= least], "poiDuration"))


def salaries(least: float) -> Truth:
    def truth(rows: Sequence[Row]) -> object:
        chosen = [row for row in rows if row["number_of_home_runs"] and float(row["number_of_home_runs"]) > least]
        return mean(numbers(chosen, "salary_in_thousands_of_dollars"))

    return truth


PRICES = (
    "Calculate the mean, median and standard deviation of the '{}' column, as a dict with the keys mean, median and "
    "std. Ignore missing values and round to 2 decimal places."
)
SALARIES = (
    "What is the mean salary (in thousands of dollars) of the players with more than {} home runs, "
    "rounded to 2 decimals?"
)
CORRELATION = (
    "Calculate the Pearson correlation coefficient between the family size (SibSp plus Parch) and the Fare, "
    "rounded to 2 decimals."
)

FAMILIES: tuple[Family, ...] = (
    family(
        "smokers",
        "dabench/tables/insurance.csv",
        ("What are the mean charges of smokers in each region, rounded to 2 decimals?", charges("yes")),
        Ask(
            "similar",
            "2of3",
            "What are the mean charges of non-smokers in each region, rounded to 2 decimals?",
            charges("no"),
        ),
    ),
    family(
        "bmi",
        "dabench/tables/insurance.csv",
        ("How many people have a bmi above 30?", heavier(30)),
        Ask("value", "3of3", "How many people have a bmi above 35?", heavier(35)),
    ),
    family(
        "charge outliers",
        "dabench/tables/insurance.csv",
        ("How many outliers are there in the charges, by the 1.5 x IQR rule?", outliers),
        Ask("paraphrase", "2of3", "By the 1.5 x IQR rule, what is the number of outliers among the charges?"),
        parts=WHOLE,
    ),
    family(
        "fares",
        "dabench/tables/test_ave.csv",
        (
            "What is the mean fare in each passenger class (Pclass), rounded to 2 decimals?",
            lambda rows: means_by(rows, "Pclass", "Fare"),
        ),
        Ask("paraphrase", "2of3", "Give the average fare by passenger class (Pclass), rounded to 2 decimals."),
    ),
    family(
        "family size",
        "dabench/tables/test_ave.csv",
        (CORRELATION, family_and_fare),
        Ask(
            "paraphrase",
            "2of3",
            "How strongly does Fare correlate (Pearson, 2 decimals) with the family size, SibSp plus Parch?",
        ),
        parts=WHOLE,
    ),
    family(
        "brands",
        "dabench/tables/hotel_data.csv",
        (
            "Which 3 hotel brands have the most hotels, and how many each? Leave out brands that are empty or None.",
            brands(3),
        ),
        Ask(
            "value",
            "2of2",
            "Which 2 hotel brands have the most hotels, and how many each? Leave out brands that are empty or None.",
            brands(2),
        ),
    ),
    family(
        "stars",
        "dabench/tables/hotel_data.csv",
        ("How many hotels have a star rating of 5?", stars(5)),
        Ask("value", "2of3", "How many hotels have a star rating of 4?", stars(4)),
        parts=WHOLE,
    ),
    family(
        "prices",
        "dabench/tables/YAHOO-BTC_USD_D.csv",
        (PRICES.format("Close"), prices("Close")),
        Ask("value", "2of3", PRICES.format("Open"), prices("Open")),
        parts=WHOLE,
    ),
    family(
        "volume",
        "dabench/tables/e5_aapl.csv",
        ("On which date was the trading volume highest, and how high was it?", busiest_day),
        Ask("paraphrase", "3of3", "Name the day with the largest trading volume, with that volume."),
    ),
    family(
        "votes",
        "dabench/tables/election2016.csv",
        (
            "Which 3 states (state_abbr) have the highest total_votes summed over their rows, and how many each?",
            votes(3),
        ),
        Ask(
            "value",
            "3of3",
            "Which 5 states (state_abbr) have the highest total_votes summed over their rows, and how many each?",
            votes(5),
        ),
    ),
    family(
        "life expectancy",
        "dabench/tables/gapminder_cleaned.csv",
        ("What was the mean life expectancy of each continent in 2007, rounded to 2 decimals?", lifetimes("2007")),
        Ask(
            "value",
            "2of2",
            "What was the mean life expectancy of each continent in 1982, rounded to 2 decimals?",
            lifetimes("1982"),
        ),
    ),
    family(
        "spending",
        "dabench/tables/oecd_education_spending.csv",
        (
            'What is the mean of the "Value" column, ignoring nulls, rounded to 2 decimals?',
            lambda rows: mean(numbers(rows, "Value")),
        ),
        Ask(
            "similar",
            "1of2",
            'What is the median of the "Value" column, ignoring nulls, rounded to 2 decimals?',
            lambda rows: round(statistics.median(numbers(rows, "Value")), 2),
        ),
        parts=WHOLE,
    ),
    family(
        "loan incomes",
        "dabench/tables/test_Y3wMUE5_7gLdaTN.csv",
        ("What is the mean ApplicantIncome of graduates in each Property_Area, rounded to 2 decimals?", incomes),
        Ask(
            "paraphrase",
            "2of3",
            "For each Property_Area, how high is the average ApplicantIncome of graduates, to 2 decimals?",
        ),
    ),
    family(
        "stays",
        "dabench/tables/traj-Osak.csv",
        ("What is the mean poiDuration of rows with a trajLen of at least 2, rounded to 2 decimals?", stays(2)),
        Ask(
            "value",
            "3of3",
            "What is the mean poiDuration of rows with a trajLen of at least 3, rounded to 2 decimals?",
            stays(3),
        ),
    ),
    family(
        "salaries",
        "dabench/tables/baseball_data.csv",
        (SALARIES.format(20), salaries(20)),
        Ask("value", "2of3", SALARIES.format(10), salaries(10)),
    ),
)
