"""Tables: pandas with and without inplace, numpy, the csv module."""

from __future__ import annotations

from tests.distil.corpus.case import Case
from tests.distil.corpus.data import EVENTS, EVENTS_LATER, ORDERS, ORDERS_LATER, READINGS, READINGS_LATER

_FORM = {"form": "delimited"}

CASES = {
    "inplace all the way": Case(
        question="Which region has the highest revenue?",
        data=ORDERS,
        other=ORDERS_LATER,
        cells="""
import pandas as pd
from io import StringIO
df = pd.read_csv(StringIO(context))
print(df.shape)
print(df.dtypes)
df.head(3)
#---
df.dropna(subset=["price"], inplace=True)
df.rename(columns={"qty": "quantity"}, inplace=True)
df["revenue"] = df["quantity"] * df["price"]
df["year"] = pd.to_datetime(df["placed"]).dt.year
by = df.groupby("region")["revenue"].sum()
by.sort_values(ascending=False, inplace=True)
print(by)
#---
FINAL(by.index[0])
""",
        answer="south",
        elsewhere="north",
        statements=7,
        lacks=["print", "dtypes", "head", "year"],
        options=_FORM,
    ),
    "a chain in parentheses": Case(
        question="What is the total quantity of shipped orders by region, sorted by name?",
        data=ORDERS,
        other=ORDERS_LATER,
        cells="""
import pandas as pd, io
df = pd.read_csv(io.StringIO(context), parse_dates=["placed"])
df.info()
#---
out = (
    df.query("status == 'shipped'")
      .assign(q=lambda d: d["qty"].astype(int))
      .groupby("region", as_index=False)
      .agg(total=("q", "sum"))
      .sort_values("region")
)
print(out.to_string())
#---
FINAL(dict(zip(out["region"], out["total"])))
""",
        answer={"east": 10, "north": 2, "south": 4, "west": 1},
        elsewhere={"north": 2, "west": 5},
        statements=3,
        options=_FORM,
    ),
    "loc assignments and a copy": Case(
        question="What is the mean price, with missing prices as 0?",
        data=ORDERS,
        other=ORDERS_LATER,
        cells="""
import pandas as pd, io
df = pd.read_csv(io.StringIO(context))
raw = df.copy()
df.loc[df["price"].isna(), "price"] = 0
raw.loc[raw["price"].isna(), "price"] = -1
print(raw["price"].min(), df["price"].describe())
#---
m = round(float(df["price"].mean()), 2)
print(f"{m=}")
FINAL(m)
""",
        answer=54.85,
        elsewhere=26.25,
        statements=4,
        lacks=["raw"],
        options=_FORM,
    ),
    "itertuples and a running total": Case(
        question="On which date did the running quantity first exceed 10?",
        data=ORDERS,
        other=ORDERS_LATER.replace(",1,", ",9,"),
        cells="""
import pandas as pd, io
df = pd.read_csv(io.StringIO(context)).sort_values("placed")
total, day = 0, None
for row in df.itertuples():
    total += row.qty
    if total > 10 and day is None:
        day = row.placed
        print("reached", day, total)
#---
FINAL(day)
""",
        answer="2025-02-01",
        elsewhere="2025-06-03",
        statements=7,
        options=_FORM,
    ),
    "numpy masks": Case(
        question="How many readings lie above the mean?",
        data=READINGS,
        other=READINGS_LATER,
        cells="""
import numpy as np
arr = np.array([float(x) for x in context.split() if x.replace(".", "", 1).lstrip("-").isdigit()])
print(arr, arr.mean(), arr.std())
arr2 = arr.copy()
arr2[arr2 < 0] = 0
#---
mask = arr > arr.mean()
print(mask)
FINAL(mask.sum())
""",
        answer=1,
        elsewhere=2,
        statements=3,
        lacks=["arr2"],
        options={},
    ),
    "json lines into a frame, explode": Case(
        question="How often does each tag occur?",
        data=EVENTS,
        other=EVENTS_LATER,
        cells="""
import json
import pandas as pd
df = pd.DataFrame([json.loads(l) for l in context.splitlines() if l.strip()])
print(df.head())
df["tags"].apply(len).value_counts()
#---
tags = df.explode("tags")["tags"].dropna()
counts = tags.value_counts()
counts
#---
FINAL({str(k): int(v) for k, v in sorted(counts.items())})
""",
        answer={"boot": 1, "clean": 2, "net": 3, "slow": 1},
        elsewhere={"net": 1, "slow": 1},
        statements=4,
        options={"form": "jsonl"},
    ),
    "csv by hand, header looked up": Case(
        question="Who placed the most orders?",
        data=ORDERS,
        other=ORDERS_LATER,
        cells="""
lines = context.strip().split("\\n")
header = lines[0].split(",")
idx = {h: i for i, h in enumerate(header)}
print(idx)
#---
from collections import Counter, defaultdict
c = Counter()
per_region = defaultdict(Counter)
for l in lines[1:]:
    p = l.split(",")
    c[p[idx["customer"]]] += 1
    per_region[p[idx["region"]]][p[idx["customer"]]] += 1
for k, v in per_region.items():
    print(k, v)
c.most_common(3)
#---
name, count = max(c.items(), key=lambda kv: (kv[1], kv[0]))
print(f"{name} placed {count} orders")
FINAL(name)
""",
        answer="Ines",
        elsewhere="Mia",
        statements=9,
        lacks=["per_region"],
        options=_FORM,
    ),
    "a pivot read off the screen": Case(
        question="What is the number of orders by status?",
        data=ORDERS,
        other=ORDERS_LATER,
        cells="""
import pandas as pd, io
df = pd.read_csv(io.StringIO(context))
print(df["status"].value_counts())
#---
FINAL({"shipped": 5, "open": 2, "returned": 1})
""",
        answer={"shipped": 5, "open": 2, "returned": 1},
        elsewhere={"shipped": 2, "open": 1, "returned": 1},
        statements=2,
        options=_FORM,
    ),
}
