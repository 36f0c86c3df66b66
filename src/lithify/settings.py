"""Settings: lithify.toml (looked for upwards), then the environment, then what the caller gives; the last one wins."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import field, fields, replace
from decimal import Decimal, InvalidOperation
from math import isfinite
from pathlib import Path
from typing import Any, Literal, TypeAlias, get_args

from lithify.errors import BadSettings
from lithify.records.fixtures import RULES as REDACTED
from lithify.records.fixtures import FixtureMode, FixturePolicy
from lithify.records.gating import Bounds
from lithify.records.price import TokenPrice
from lithify.records.quick import dataclass
from lithify.records.run import LEAST, Limits

FILE_NAME = "lithify.toml"
Keep: TypeAlias = Literal["ask", "provisional"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that can be set.

    model:      "provider:name" as pydantic-ai knows it, "cassette:FILE", or a plain name with base_url
    sub_model:  the model of llm_query; the same as model when empty
    sub_models: further models that cells may ask by name: `llm_query(prompt, model="fast")`
    base_url:   an OpenAI-compatible server
    library:    the folder of the library
    keep:       "ask": a person reviews every candidate; "provisional": pure tools that passed all gates enter by
                themselves, as provisional
    fixtures:   what of the data may lie in the library, as recorded uses of its tools: `[fixtures]` with mode ("clear"
                or "hash-only"), redact (some of "secrets", "emails", "addresses") and names of one's own
    record:     write the conversation with the model to this cassette file
    limits:     what one run may spend
    gates:      what judging a candidate may cost, and what is asked of its tests
    prices:     what models cost that no price list knows, by their names: `[prices."ollama:qwen3"]`
    telemetry:  where spans go, if anywhere
    shadow:     which replays are derived anew in the background, and what that may cost: `[shadow]`
    source:     the settings file that was read, if any
    """

    model: str = ""
    sub_model: str = ""
    sub_models: Mapping[str, str] = field(default_factory=dict)
    base_url: str = ""
    library: Path
    keep: Keep = "ask"
    fixtures: FixturePolicy = field(default_factory=FixturePolicy)
    record: Path | None = None
    limits: Limits = field(default_factory=Limits)
    gates: Bounds = field(default_factory=Bounds)
    prices: Mapping[str, TokenPrice] = field(default_factory=dict)
    telemetry: TelemetrySettings = field(default_factory=lambda: TelemetrySettings())
    shadow: ShadowSettings = field(default_factory=lambda: ShadowSettings())
    source: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TelemetrySettings:
    """Where OpenTelemetry spans go. The OTEL_* variables of the environment count as well.

    endpoint: base URL of a collector that takes OTLP over HTTP; "" and no variable: nothing is sent
    content:  send questions, prompts, replies, code, outputs and answers, too
    service:  the name that the spans are sent under
    """

    endpoint: str = ""
    content: bool = False
    service: str = "lithify"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShadowSettings:
    """Which answers of kept tools are derived anew in the background, once given. That costs money: none by default.

    share: of all replays, chosen by lot (0 to 1)
    first: of each version of a tool, the first uses, whatever the share
    calls: model calls that all checks of one day (UTC) may make
    cost:  US dollars that they may spend; None: no limit. With a limit every model must have a known price
    """

    share: float = 0.0
    first: int = 0
    calls: int = 50
    cost: Decimal | None = None

    @property
    def on(self) -> bool:
        """Whether any replay is checked at all."""
        return self.share > 0 or self.first > 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Overrides:
    """What a caller sets for one use; None leaves the setting as it is. limits: single ones by their name."""

    model: str | None = None
    sub_model: str | None = None
    base_url: str | None = None
    library: Path | None = None
    keep: Keep | None = None
    record: Path | None = None
    limits: Mapping[str, object] = field(default_factory=dict)


ENVIRONMENT: Mapping[str, str] = {
    "LITHIFY_MODEL": "model",
    "LITHIFY_SUB_MODEL": "sub_model",
    "LITHIFY_BASE_URL": "base_url",
    "LITHIFY_LIBRARY": "library",
    "LITHIFY_KEEP": "keep",
    "LITHIFY_RECORD": "record",
}
_PATHS = frozenset({"library", "record"})
_TEXTS = frozenset({"model", "sub_model", "base_url", "keep"})
_KEYS = (*sorted(_PATHS | _TEXTS), "sub_models", "limits", "gates", "fixtures", "prices", "telemetry", "shadow")


def load_settings(
    overrides: Overrides, *, start: Path | None = None, environment: Mapping[str, str] | None = None
) -> Settings:
    """Read the settings. start is where the search for lithify.toml begins (the current folder).

    Raises BadSettings naming the file or variable, the bad value and what is allowed.
    """
    file = _find(start or Path.cwd())
    found: dict[str, str | Path] = {}
    limits = Limits()
    named: Mapping[str, str] = {}
    prices: Mapping[str, TokenPrice] = {}
    telemetry = TelemetrySettings()
    gates = Bounds()
    fixtures = FixturePolicy()
    shadow = ShadowSettings()
    if file is not None:
        table = _read(file)
        limits = _limits(limits, table.pop("limits", {}), f"{file}: limits")
        named = _named(table.pop("sub_models", {}), file)
        prices = _prices(table.pop("prices", {}), file)
        telemetry = _telemetry(table.pop("telemetry", {}), file)
        gates = _bounds(table.pop("gates", {}), file)
        fixtures = _fixtures(table.pop("fixtures", {}), file)
        shadow = _shadow(table.pop("shadow", {}), file)
        found |= {key: _value(key, value, str(file), file.parent) for key, value in table.items()}
    for variable, key in ENVIRONMENT.items():
        given = (os.environ if environment is None else environment).get(variable)
        if given:
            found[key] = _value(key, given, variable, Path.cwd())
    for option in fields(overrides):
        given = getattr(overrides, option.name)
        if given is not None and option.name != "limits":
            found[option.name] = _value(option.name, given, f"the {option.name} that was given", Path.cwd())
    if "library" not in found:
        found["library"] = default_library()
    limits = _limits(limits, overrides.limits, "limits")
    settings = _settings(found, limits, file)
    settings = replace(settings, sub_models=named, prices=prices, telemetry=telemetry, gates=gates)
    return replace(settings, fixtures=fixtures, shadow=shadow)


def default_library() -> Path:
    """The library in the user's data folder."""
    import platformdirs

    return platformdirs.user_data_path("lithify", appauthor=False) / "library"


def _settings(found: Mapping[str, str | Path], limits: Limits, file: Path | None) -> Settings:
    record = found.get("record")
    keep: Keep = "provisional" if found.get("keep") == "provisional" else "ask"
    return Settings(
        model=str(found.get("model", "")),
        sub_model=str(found.get("sub_model", "")),
        base_url=str(found.get("base_url", "")),
        library=Path(found["library"]),
        keep=keep,
        record=Path(record) if record else None,
        limits=limits,
        source=file,
    )


def _find(start: Path) -> Path | None:
    for folder in (start.absolute(), *start.absolute().parents):
        if (folder / FILE_NAME).is_file():
            return folder / FILE_NAME
    return None


def _read(file: Path) -> dict[str, object]:
    import tomllib

    try:
        table = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadSettings(f"{file} cannot be read as TOML: {error}") from None
    for key in table:
        if key not in _KEYS:
            raise BadSettings(f"{file}: there is no setting {key!r}{_nearest(key, _KEYS)}")
    return table


def _value(key: str, value: object, where: str, base: Path) -> str | Path:
    if key in _PATHS and isinstance(value, str | Path) and str(value):
        return (base / Path(value).expanduser()).absolute()
    if key in _TEXTS and isinstance(value, str):
        if key == "keep" and value not in get_args(Keep):
            raise BadSettings(f"{where}: keep is {value!r}; it can be 'ask' or 'provisional'")
        return value.strip()
    raise BadSettings(f"{where}: {key} is {value!r}; it takes a non-empty text")


def _named(table: object, file: Path) -> Mapping[str, str]:
    """Models by name. A name is what cells write: an identifier of its own."""
    if not isinstance(table, dict):
        raise BadSettings(f'{file}: sub_models is {table!r}; it is a table: [sub_models] with lines like fast = "…"')
    for name, model in table.items():
        if not name.replace("-", "_").isidentifier():
            raise BadSettings(f"{file}: sub_models.{name}: the name of a model is letters, digits, - and _")
        if not isinstance(model, str) or not model.strip():
            raise BadSettings(f"{file}: sub_models.{name} is {model!r}; it takes a model, like provider:name")
    return {name: model.strip() for name, model in table.items()}


def _prices(table: object, file: Path) -> Mapping[str, TokenPrice]:
    """Prices by the names of models."""
    example = '[prices."ollama:qwen3"] with input_per_million and output_per_million in US dollars'
    if not isinstance(table, dict):
        raise BadSettings(f"{file}: prices is {table!r}; it is a table for each model: {example}")
    found = {}
    known = tuple(item.name for item in fields(TokenPrice))
    for model, given in table.items():
        if not isinstance(given, dict) or set(given) != set(known):
            raise BadSettings(f"{file}: prices.{model!r} is {given!r}; it is a table: {example}")
        amounts = {key: _number(given[key], Decimal) for key in known}
        for key, amount in amounts.items():
            if amount is None or amount < 0:
                raise BadSettings(f"{file}: prices.{model!r}.{key} is {given[key]!r}; it takes an amount in US dollars")
        found[model] = TokenPrice(**amounts)
    return found


def _telemetry(table: object, file: Path) -> TelemetrySettings:
    if not isinstance(table, dict):
        raise BadSettings(f"{file}: telemetry is {table!r}; it is a table: [telemetry]")
    known = {item.name: type(getattr(TelemetrySettings(), item.name)) for item in fields(TelemetrySettings)}
    for key, value in table.items():
        if key not in known:
            raise BadSettings(f"{file}: there is no setting telemetry.{key}{_nearest(key, tuple(known))}")
        if not isinstance(value, known[key]):
            kind = "true or false" if known[key] is bool else "a text"
            raise BadSettings(f"{file}: telemetry.{key} is {value!r}; it takes {kind}")
    endpoint = table.get("endpoint", "")
    if endpoint and not endpoint.startswith(("http://", "https://")):
        raise BadSettings(f"{file}: telemetry.endpoint is {endpoint!r}; it must be like http://127.0.0.1:4318")
    return TelemetrySettings(**table)


def _fixtures(given: object, file: Path) -> FixturePolicy:
    """`fixtures = "hash-only"`, or a table: [fixtures]."""
    table = {"mode": given} if isinstance(given, str) else given
    if not isinstance(table, dict):
        raise BadSettings(f'{file}: fixtures is {given!r}; it is "clear", "hash-only", or a table: [fixtures]')
    for key in table:
        if key not in ("mode", "redact", "names"):
            raise BadSettings(f"{file}: there is no setting fixtures.{key}{_nearest(key, ('mode', 'redact', 'names'))}")
    mode = table.get("mode", "clear")
    if mode not in get_args(FixtureMode):
        raise BadSettings(f"{file}: fixtures.mode is {mode!r}; it can be 'clear' or 'hash-only'")
    lists = {"redact": table.get("redact", list(REDACTED)), "names": table.get("names", [])}
    for key, value in lists.items():
        if not isinstance(value, list) or not all(isinstance(one, str) and one.strip() for one in value):
            raise BadSettings(f"{file}: fixtures.{key} is {value!r}; it takes a list of texts")
    unknown = [rule for rule in lists["redact"] if rule not in REDACTED]
    if unknown:
        raise BadSettings(f"{file}: fixtures.redact has {unknown[0]!r}{_nearest(unknown[0], REDACTED)}")
    return FixturePolicy(mode=mode, rules=tuple(lists["redact"]), names=tuple(lists["names"]))


def _shadow(table: object, file: Path) -> ShadowSettings:
    if not isinstance(table, dict):
        raise BadSettings(f"{file}: shadow is {table!r}; it is a table: [shadow]")
    kinds: dict[str, tuple[type, float, float | None, str]] = {
        "share": (float, 0, 1, "a share from 0 to 1"),
        "first": (int, 0, None, "a whole number, 0 or more"),
        "calls": (int, LEAST["calls"], None, f"a whole number, {LEAST['calls']} or more"),
        "cost": (Decimal, 0, None, "an amount in US dollars"),
    }
    given: dict[str, Any] = {}
    for key, value in table.items():
        if key not in kinds:
            raise BadSettings(f"{file}: there is no setting shadow.{key}{_nearest(key, tuple(kinds))}")
        kind, least, most, said = kinds[key]
        number = _number(value, kind)
        if number is None or number < least or (most is not None and number > most):
            raise BadSettings(f"{file}: shadow.{key} is {value!r}; it takes {said}")
        given[key] = number
    return ShadowSettings(**given)


def _bounds(table: object, file: Path) -> Bounds:
    if not isinstance(table, dict):
        raise BadSettings(f"{file}: gates is {table!r}; it is a table: [gates]")
    known = {item.name: type(getattr(Bounds(), item.name)) for item in fields(Bounds)}
    given: dict[str, Any] = {}
    for key, value in table.items():
        if key not in known:
            raise BadSettings(f"{file}: there is no setting gates.{key}{_nearest(key, tuple(known))}")
        number, most = _number(value, known[key]), 1 if key in _SHARES else None
        if number is None or number <= 0 or (most is not None and number > most):
            kind = "a share above 0, up to 1" if most else f"a positive {'whole ' * (known[key] is int)}number"
            raise BadSettings(f"{file}: gates.{key} is {value!r}; it takes {kind}")
        given[key] = number
    bounds = Bounds(**given)
    if bounds.strength_floor > bounds.strength:
        raise BadSettings(f"{file}: gates.strength_floor is {bounds.strength_floor}, above strength, {bounds.strength}")
    return bounds


_SHARES = frozenset({"strength", "strength_floor"})


def _limits(limits: Limits, table: object, where: str) -> Limits:
    """These limits with those of a table in their place."""
    if not isinstance(table, Mapping):
        raise BadSettings(f"{where} is {table!r}; it is a table: [limits]")
    known = {item.name: type(getattr(limits, item.name)) for item in fields(limits)} | {"cost": Decimal}
    for key, value in table.items():
        if key not in known:
            raise BadSettings(f"{where}: there is no limit {key!r}{_nearest(key, tuple(known))}")
        number = _number(value, known[key])
        least = LEAST.get(key)
        if number is None or (number <= 0 if least is None else number < least):
            kind = {int: "whole number", float: "number of seconds", Decimal: "amount in US dollars"}[known[key]]
            raise BadSettings(f"{where}.{key} is {value!r}; it takes a {_from(kind, least)}")
        limits = replace(limits, **{key: number})
    return limits


def _from(kind: str, least: int | None) -> str:
    return f"positive {kind}" if least is None else f"{kind}, {least} or more"


def _number(value: object, kind: type) -> Any:
    """The value as a number of this kind (int, float, Decimal), None when it is not one."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal | str):
        return None
    if kind is not Decimal:
        fits = isinstance(value, int) or (kind is float and isinstance(value, float) and isfinite(value))
        return kind(value) if fits else None
    try:
        amount = Decimal(str(value).removeprefix("$"))
    except InvalidOperation:
        return None
    return amount if amount.is_finite() else None


def _nearest(key: str, known: tuple[str, ...]) -> str:
    import difflib

    near = difflib.get_close_matches(key, known, 1)
    return f"; did you mean {near[0]!r}?" if near else f"; known are {', '.join(known)}"
