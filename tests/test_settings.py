from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from lithify.errors import BadSettings
from lithify.records.fixtures import FixturePolicy
from lithify.records.price import TokenPrice
from lithify.settings import Overrides, Settings, ShadowSettings, TelemetrySettings, load_settings


def load(folder: Path, overrides: Overrides | None = None, **environment: str) -> Settings:
    return load_settings(overrides or Overrides(), start=folder, environment=environment)


def write(folder: Path, text: str) -> None:
    (folder / "lithify.toml").write_text(text, encoding="utf-8")


def test_defaults_are_safe(tmp_path: Path) -> None:
    settings = load(tmp_path)
    assert settings.model == ""
    assert settings.keep == "ask"
    assert settings.record is None
    assert settings.library.name == "library"


def test_the_file_is_found_upwards_and_its_paths_are_relative_to_it(tmp_path: Path) -> None:
    write(tmp_path, 'model = "ollama:qwen3"\nlibrary = "tools"\n[limits]\nturns = 5\nseconds = 30')
    below = tmp_path / "a" / "b"
    below.mkdir(parents=True)
    settings = load(below)
    assert settings.model == "ollama:qwen3"
    assert settings.library == tmp_path / "tools"
    assert settings.limits.turns == 5
    assert settings.limits.seconds == 30.0
    assert settings.source == tmp_path / "lithify.toml"


def test_what_is_asked_of_the_tests_of_a_tool(tmp_path: Path) -> None:
    write(tmp_path, "[gates]\nstrength = 1\nmutants = 30\nseconds = 5")
    bounds = load(tmp_path).gates
    assert (bounds.strength, bounds.mutants, bounds.seconds, bounds.strength_floor) == (1.0, 30, 5.0, 0.3)


def test_the_environment_wins_over_the_file_and_the_caller_over_both(tmp_path: Path) -> None:
    write(tmp_path, 'model = "a:file"')
    assert load(tmp_path, LITHIFY_MODEL="b:environment").model == "b:environment"
    assert load(tmp_path, Overrides(model="c:caller"), LITHIFY_MODEL="b:environment").model == "c:caller"


def test_an_empty_variable_is_no_setting(tmp_path: Path) -> None:
    write(tmp_path, 'model = "a:file"')
    assert load(tmp_path, LITHIFY_MODEL="").model == "a:file"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("modell = 'x'", "did you mean 'model'"),
        ("keep = 'always'", "it can be 'ask' or 'provisional'"),
        ("model = 3", "takes a non-empty text"),
        ("[limits]\nturns = 0", "positive whole number"),
        ("[gates]\nstrengt = 0.5", "did you mean 'strength'"),
        ("[gates]\nstrength = 1.5", "a share above 0, up to 1"),
        ("[gates]\nmutants = 1.5", "positive whole number"),
        ("[gates]\nseconds = 0", "positive number"),
        ("[gates]\nstrength = 0.2", "above strength, 0.2"),
        ("gates = 3", "it is a table:"),
        ("[limits]\nturns = 1.5", "positive whole number"),
        ("[limits]\nturns = true", "positive whole number"),
        ("[limits]\nturn = 3", "did you mean 'turns'"),
        ("limits = 3", "it is a table"),
        ("model = ", "cannot be read as TOML"),
    ],
)
def test_bad_settings_name_the_file_the_value_and_what_is_allowed(tmp_path: Path, text: str, says: str) -> None:
    write(tmp_path, text)
    with pytest.raises(BadSettings, match=says) as caught:
        load(tmp_path)
    assert "lithify.toml" in str(caught.value)


def test_a_bad_variable_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadSettings, match="LITHIFY_KEEP: keep is 'all'"):
        load(tmp_path, LITHIFY_KEEP="all")


def test_prices_by_the_names_of_models(tmp_path: Path) -> None:
    write(tmp_path, '[prices."ollama:qwen3"]\ninput_per_million = 0.15\noutput_per_million = "2"')
    mine = TokenPrice(input_per_million=Decimal("0.15"), output_per_million=Decimal(2))
    assert load(tmp_path).prices == {"ollama:qwen3": mine}


def test_checks_in_the_background_are_off_unless_set(tmp_path: Path) -> None:
    assert load(tmp_path).shadow == ShadowSettings(share=0.0, first=0, calls=50, cost=None)
    assert not load(tmp_path).shadow.on
    write(tmp_path, "[shadow]\nshare = 0.05\nfirst = 3\ncalls = 20\ncost = 0.5")
    assert load(tmp_path).shadow == ShadowSettings(share=0.05, first=3, calls=20, cost=Decimal("0.5"))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("shadow = true", "it is a table"),
        ("[shadow]\nshares = 0.1", "did you mean 'share'"),
        ("[shadow]\nshare = 1.5", "a share from 0 to 1"),
        ("[shadow]\nfirst = -1", "a whole number, 0 or more"),
        ("[shadow]\ncalls = 1", "a whole number, 2 or more"),
        ("[shadow]\ncost = 'much'", "an amount in US dollars"),
    ],
)
def test_a_bad_setting_of_checks_names_the_value_and_what_is_allowed(tmp_path: Path, text: str, says: str) -> None:
    write(tmp_path, text)
    with pytest.raises(BadSettings, match=says):
        load(tmp_path)


def test_telemetry_is_off_and_without_contents_unless_set(tmp_path: Path) -> None:
    assert load(tmp_path).telemetry == TelemetrySettings(endpoint="", content=False, service="lithify")
    write(tmp_path, '[telemetry]\nendpoint = "http://127.0.0.1:4318"\ncontent = true')
    assert load(tmp_path).telemetry == TelemetrySettings(endpoint="http://127.0.0.1:4318", content=True)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("prices = 3", "a table for each model"),
        ('[prices."m"]\ninput_per_million = 1', "a table: .*output_per_million"),
        ('[prices."m"]\ninput_per_million = -1\noutput_per_million = 1', "amount in US dollars"),
        ('[prices."m"]\ninput_per_million = "?"\noutput_per_million = 1', "amount in US dollars"),
        ("telemetry = true", "it is a table"),
        ("[telemetry]\nendpoints = 'x'", "did you mean 'endpoint'"),
        ("[telemetry]\ncontent = 'yes'", "true or false"),
        ("[telemetry]\nendpoint = 'localhost:4318'", "must be like http://"),
    ],
)
def test_bad_prices_and_telemetry_name_the_value_and_what_is_allowed(tmp_path: Path, text: str, says: str) -> None:
    write(tmp_path, text)
    with pytest.raises(BadSettings, match=says):
        load(tmp_path)


@pytest.mark.parametrize(
    ("text", "policy"),
    [
        ("", FixturePolicy()),
        ('fixtures = "hash-only"', FixturePolicy(mode="hash-only")),
        ('[fixtures]\nredact = ["secrets"]\nnames = ["Ada"]', FixturePolicy(rules=("secrets",), names=("Ada",))),
        ("[fixtures]\nredact = []", FixturePolicy(rules=())),
    ],
)
def test_what_of_the_data_may_lie_in_the_library(text: str, policy: FixturePolicy, tmp_path: Path) -> None:
    (tmp_path / "lithify.toml").write_text(text)
    assert load_settings(Overrides(), start=tmp_path, environment={}).fixtures == policy


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("fixtures = 3", 'it is "clear"'),
        ('fixtures = "none"', "it can be 'clear' or 'hash-only'"),
        ('[fixtures]\nredact = ["secret"]', "did you mean 'secrets'"),
        ('[fixtures]\nnames = [""]', "a list of texts"),
        ("[fixtures]\nmod = 1", "did you mean 'mode'"),
    ],
)
def test_a_policy_that_cannot_be(text: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "lithify.toml").write_text(text)
    with pytest.raises(BadSettings, match=said):
        load_settings(Overrides(), start=tmp_path, environment={})


def test_a_single_call_cannot_be_spent(tmp_path: Path) -> None:
    with pytest.raises(BadSettings, match="2 or more"):
        load_settings(Overrides(limits={"calls": 1}), start=tmp_path, environment={})
