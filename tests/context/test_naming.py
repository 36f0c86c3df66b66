"""Names of variables from names of files."""

from __future__ import annotations

import pytest

from lithify.context.naming import check_name, names_for
from lithify.errors import BadInput


@pytest.mark.parametrize(
    ("paths", "names"),
    [
        (["a.log", "config.json"], ["a", "config"]),
        (["app.log", "app.json", "app.csv"], ["app", "app_json", "app_csv"]),
        (["x/app.log", "y/app.log"], ["app", "app_log"]),
        (["x/app.log", "y/app.log", "z/app.log"], ["app", "app_log", "app_2"]),
        (["app.log.gz"], ["app"]),
        (["2024 sales-report.csv"], ["data_2024_sales_report"]),
        (["list.csv", "class.txt", "context.db", "answer"], ["list_csv", "class_txt", "context_db", "answer_2"]),
        (["größe.csv", "日本.log"], ["gr_e", "data"]),
        ([".hidden"], ["hidden"]),
        (["__init__.py"], ["init"]),
    ],
)
def test_names_are_short_different_and_free(paths: list[str], names: list[str]) -> None:
    assert names_for(paths) == names


def test_names_that_were_given_are_taken() -> None:
    assert names_for(["orders.csv"], ["orders"]) == ["orders_csv"]


@pytest.mark.parametrize("name", ["a b", "1a", "class", "ärger", ""])
def test_what_is_no_name_is_refused(name: str) -> None:
    with pytest.raises(BadInput, match="is no name for a variable"):
        check_name(name)


@pytest.mark.parametrize("name", ["context", "FINAL", "len", "__x"])
def test_names_that_mean_something_are_refused(name: str) -> None:
    with pytest.raises(BadInput, match="means something else"):
        check_name(name)
