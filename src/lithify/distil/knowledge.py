"""What the slicer knows of Python's builtins and of common methods: which read, which change their object in place."""

from __future__ import annotations

import builtins


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


BUILTINS = frozenset(dir(builtins))

LLM_FUNCTIONS = frozenset({"llm_query", "llm_query_batched"})
"""Functions of the REPL that ask a language model: a tool can do so too, by a parameter."""

CHILD_FUNCTIONS = frozenset({"rlm_query", "rlm_query_batched"})
"""Functions of the REPL that start a child run: no tool can."""

REPL_FUNCTIONS = frozenset({"FINAL", "FINAL_VAR", "SUBMIT", "SHOW_VARS", "budget", "answer"})
"""Names of the REPL that exist only during an exploration."""

DISPLAYS = frozenset({"print", "SHOW_VARS", "budget", "display", "pprint", "pp", "help"})
"""Functions that are called to look at something."""

OPAQUE = frozenset({"exec", "globals", "locals", "__import__", "compile"})
"""Builtins through which names are read or bound unseen; so is `vars()` without an object."""

MUTATING_METHODS = _words(
    # list, set, dict, deque, Counter
    "append extend insert remove pop clear sort reverse add discard update setdefault popitem popleft appendleft "
    "extendleft rotate move_to_end subtract intersection_update difference_update symmetric_difference_update "
    # streams, parsers, iterators
    "read readline readlines write writelines writerow writerows writeheader seek truncate feed close send throw "
    "__next__ __setitem__ __delitem__ __iadd__ heappush put put_nowait get_nowait "
    # numpy, random
    "fill resize shuffle seed"
)

READING_METHODS = _words(
    # str and bytes
    "capitalize casefold center count encode decode endswith expandtabs find format format_map index isalnum isalpha "
    "isascii isdecimal isdigit isidentifier islower isnumeric isprintable isspace istitle isupper join ljust lower "
    "lstrip maketrans partition removeprefix removesuffix replace rfind rindex rjust rpartition rsplit rstrip split "
    "splitlines startswith strip swapcase title translate upper zfill hex "
    # containers
    "copy get items keys values most_common elements total union intersection difference symmetric_difference "
    "issubset issuperset isdisjoint "
    # re
    "search match fullmatch findall finditer sub subn group groups groupdict span start end "
    # numbers and time
    "bit_length is_integer as_integer_ratio conjugate date time timestamp isoformat strftime strptime fromisoformat "
    "total_seconds weekday isoweekday isocalendar timetuple astimezone toordinal utcoffset combine fromtimestamp "
    # streams
    "getvalue tell readable "
    # pandas and numpy
    "head tail describe info sample value_counts groupby agg aggregate apply map applymap transform filter query "
    "sort_values sort_index nlargest nsmallest idxmax idxmin max min sum mean median std var mode quantile nunique "
    "unique cumsum cummax cummin diff pct_change shift rolling resample corr cov isin isna isnull notna notnull "
    "fillna dropna drop drop_duplicates duplicated rename reset_index set_index merge join concat pivot pivot_table "
    "melt stack unstack explode astype to_dict to_list tolist to_string to_frame to_numpy to_records to_csv to_json "
    "item all any round abs clip between first last size nth iterrows itertuples assign where mask argmax argmin "
    "argsort reshape ravel flatten dot cumprod prod reindex"
)

SHARING_METHODS = _words("get setdefault values items pop popleft popitem copy iterrows group first last")
"""Methods whose result may be, or hold, an object that their own object holds."""

MUTATING_FUNCTIONS = _words(
    "next setattr delattr shuffle heappush heappop heapify heapreplace heappushpop insort insort_left insort_right "
    "writerow dump fill_diagonal copyto"
)
"""Functions, of builtins or modules, that change their argument."""

PURE_FUNCTIONS = (
    frozenset(
        name for name in BUILTINS if not name.startswith("_") and name not in MUTATING_FUNCTIONS and name not in OPAQUE
    )
    | LLM_FUNCTIONS
    | {"Counter", "defaultdict", "OrderedDict", "deque", "namedtuple", "datetime", "date", "timedelta", "Decimal"}
)

ORDERING = _words("sorted most_common sort nlargest nsmallest sort_values value_counts sort_index argsort")
"""What gives a sequence an order that makes its first or last element mean something."""

CONSUMING = _words(
    "list tuple set frozenset dict sum max min sorted any all enumerate zip map filter reversed next iter join "
    "Counter deque array DataFrame Series fromkeys extend update fsum mean fmean median chain islice pairwise groupby "
    "accumulate reduce"
)
"""Functions and methods that take the elements of their arguments: an iterator is used up by them."""

ITERATORS = _words(
    "iter map filter zip enumerate reversed finditer iterrows itertuples reader DictReader StringIO BytesIO open "
    "islice chain pairwise groupby accumulate tee count cycle repeat takewhile dropwhile starmap zip_longest"
)
"""Functions and methods that give an iterator, which can be gone through only once."""
