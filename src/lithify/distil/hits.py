"""Where a value that the model typed was seen, and the code that gets it from there."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping, Sequence

from lithify.distil.probe import PROBE
from lithify.distil.program import Step, parse_expression, parse_statement
from lithify.distil.rename import identifiers
from lithify.distil.shown import ECHO, VARIABLES, Site, with_displays
from lithify.distil.source import code_of
from lithify.distil.submission import Target
from lithify.records.plain import Plain
from lithify.records.quick import dataclass

_FORMS = ("same", "str", "int", "float", "round", "dict", "to_dict", "keys", "members", "column", "head")
_FORM = re.compile(r"same|str|int|float|dict|to_dict|keys|members|(?:round|column|head):[0-9]{1,6}")
COLLECTED = "shown"
"""How the lists are called (with a number from the second on) that collect what a loop showed."""

_MOST = re.compile(
    r"\b(?:most|more|top|main|max|maximum|peak|highest|largest|biggest|greatest|busiest|longest|best|slowest|commonest)\b",
    re.IGNORECASE,
)
_LEAST = re.compile(
    r"\b(?:least|less|min|minimum|lowest|smallest|fewest|rarest|quietest|shortest|worst|fastest)\b", re.IGNORECASE
)
_ROUNDED = re.compile(r"""f(?:'\{(?=[^']*'$)|"\{(?=[^"]*"$))(.+):\.([0-9]+)f\}['"]""")
"""A number as an f-string shows it: f'{mean:.3f}'."""
_SHOW, _PEEK, _REPORT = "__lithify_show__", "__lithify_peek__", "__lithify_report__"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One value that repeats a target.

    choice: which of the site's values; turn: which showing of how many (count), -1: all as a list, -1-n: all as pairs
    with the n-th value; path and form: from the value to the target; picked: taken by its place among several.
    target: which target; -1: a piece of a text, which form then holds.
    """

    site: Site
    choice: int
    turn: int
    count: int
    path: tuple[tuple[str, int | float | str], ...]
    picked: bool
    target: int
    form: str

    @property
    def rank(self) -> tuple[bool, int, int, int, int]:
        """Smaller is likelier: shown, late, simple."""
        kind = self.form.partition(":")[0] if self.target >= 0 else "same"
        hidden = self.site.order == VARIABLES
        detour = len(self.path) + (self.turn > 0)
        return (hidden, -self.site.cell, detour, _FORMS.index(kind), -self.site.step)

    @property
    def rounds(self) -> bool:
        """Whether the target is the value with fewer digits."""
        shown = isinstance(self.site.values[self.choice], ast.JoinedStr)
        return self.form.startswith("round") or (shown and self.form in ("float", "int"))

    @property
    def by_place(self) -> bool:
        """Whether the value means something only if what it was taken from has an order."""
        return self.picked or self.form.startswith("head") or (self.count > 1 and self.turn >= 0)


def preparation(targets: Sequence[Plain], keys: Sequence[int | float | str]) -> str:
    """The code that a session is prepared with before the instrumented steps."""
    names = f"{_SHOW}, {_PEEK}, {_REPORT}"
    return f"{PROBE}\n{names} = __lithify_probe__({list(targets)!r}, {list(keys)!r}, globals())"


REPORT = f"{_REPORT}()"
"""The expression that gives what the probe found."""


def instrumented(steps: Sequence[Step], found: Sequence[Site]) -> list[str]:
    """The steps as code that reports what every site gives, beside doing what it did."""
    code: list[str] = []
    for place, step in enumerate(steps):
        here = {site.order: number for number, site in enumerate(found) if site.step == place}

        def report(order: int, values: tuple[ast.expr, ...], here: Mapping[int, int] = here) -> list[ast.stmt]:
            arguments = [ast.Constant(value=here[order]), *values]
            return [ast.Expr(value=ast.Call(func=ast.Name(id=_SHOW, ctx=ast.Load()), args=arguments, keywords=[]))]

        echo = here.get(ECHO)
        code.append(code_of(with_displays(step.node, report) if echo is None else report(ECHO, found[echo].values)))
        peek = here.get(VARIABLES)
        if peek is not None:
            code.append(f"{_PEEK}({peek}, {[ast.unparse(name) for name in found[peek].values]!r})")
    return code


def read_hits(report: Plain, found: Sequence[Site]) -> list[Hit]:
    """The probe's records as hits, likeliest first.

    The report comes from the worker: it is read by its shape, as a hint, and never as code.
    """
    match report:
        case [[*records], dict(counts)]:
            hits = [_read_hit(record, found, counts) for record in records]
            return sorted((hit for hit in hits if hit is not None and _usable(hit)), key=lambda hit: hit.rank)
    return []


def plausible(hit: Hit, question: str) -> bool:
    """Whether a hit makes sense for a question: what is the greatest or smallest in a table only if it asks for it."""
    kinds = {kind for kind, _ in hit.path}
    if "most" in kinds and not _MOST.search(question):
        return False
    return "least" not in kinds or _LEAST.search(question) is not None


def _read_hit(record: Plain, found: Sequence[Site], counts: Mapping[str, Plain]) -> Hit | None:
    match record:
        case [int(number), int(choice), int(turn), [*path], bool(picked), int(target), str(form)]:
            count = counts.get(str(number))
            if not 0 <= number < len(found) or not isinstance(count, int):
                return None
            site, steps = found[number], tuple(_step(part) for part in path)
            if not 0 <= choice < len(site.values) or -1 - turn >= len(site.values) or None in steps:
                return None
            if target >= 0 and not _FORM.fullmatch(form):
                return None
            return Hit(
                site=site,
                choice=choice,
                turn=turn,
                count=count,
                path=tuple(step for step in steps if step is not None),
                picked=picked,
                target=target,
                form=form,
            )
    return None


def _step(part: Plain) -> tuple[str, int | float | str] | None:
    match part:
        case ["place" | "top" | "index" | "row" | "most" | "least" as kind, int(place)]:
            return kind, place
        case ["key", int() | float() | str() as key]:
            return "key", key
    return None


def _usable(hit: Hit) -> bool:
    """Of many showings only the first, the last, or all together can be told apart on other input."""
    return hit.turn in (0, hit.count - 1) or hit.turn < 0


def reading(hits: Mapping[str, Hit], whole: str, steps: Sequence[Step]) -> Target:
    """The program up to the last of the hits, and the expression whole, in which names stand for hits."""
    end = max(steps_needed(hit, steps) for hit in hits.values())
    nodes = [step.node for step in steps[:end]]
    taken = identifiers(nodes)
    names = (COLLECTED, *(f"{COLLECTED}_{number}" for number in range(2, 1_000)))
    free = (name for name in names if name not in taken)
    sources: dict[str, str] = {}
    collected: dict[int, list[tuple[Hit, str]]] = {}
    for name, hit in hits.items():
        source = ast.unparse(hit.site.values[hit.choice])
        if hit.site.nested:
            variable = next(free)
            collected.setdefault(hit.site.step, []).append((hit, variable))
            source = variable + ("" if hit.turn < 0 else "[0]" if hit.turn == 0 else "[-1]")
        sources[name] = _converted(_followed(source, hit), hit)
    program: list[ast.stmt] = []
    for place, node in enumerate(nodes):
        program += _collecting(node, collected[place]) if place in collected else [node]
    return Target(tuple(program), _filled(whole, sources))


def steps_needed(hit: Hit, steps: Sequence[Step]) -> int:
    """How many steps the value needs. An expression that is a step of its own is put in that step's place; what a
    function shows is there only once it was called."""
    step = hit.site.step
    if hit.site.nested and isinstance(steps[step].node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return len(steps)
    alone = isinstance(steps[step].node, ast.Expr) and not hit.site.nested and hit.site.order != VARIABLES
    return step if alone else step + 1


def _collecting(node: ast.stmt, wanted: Sequence[tuple[Hit, str]]) -> list[ast.stmt]:
    """A step that appends to lists what it showed."""

    def replace(order: int, values: tuple[ast.expr, ...]) -> list[ast.stmt] | None:
        lines: list[ast.stmt] = []
        for hit, variable in wanted:
            if hit.site.order == order:
                value = ast.unparse(values[hit.choice])
                both = f"({value}, {ast.unparse(values[-1 - hit.turn])})" if hit.turn < -1 else value
                lines.append(parse_statement(f"{variable}.append({both})"))
        return lines or None

    return [*(parse_statement(f"{variable} = []") for _, variable in wanted), *with_displays(node, replace)]


def _followed(source: str, hit: Hit) -> str:
    """From the value that was seen to the part of it that repeats the target."""
    if hit.path and hit.turn < -1:
        source = f"dict({source})"
    elif hit.path and not source.isidentifier():
        source = f"({source})"
    for kind, place in hit.path:
        match kind:
            case "most" | "least":
                function = "max" if kind == "most" else "min"
                source = f"{function}({source}.items(), key=lambda item: item[1])[{place!r}]"
            case "top":
                source += f".most_common(1)[0][{place!r}]"
            case "index":
                source += f".index[{place!r}]"
            case "row":
                source += f".iloc[{place!r}]"
            case _:
                source += f"[{place!r}]"
    return source


def _converted(source: str, hit: Hit) -> str:
    """From the part to the target itself."""
    kind, _, number = hit.form.partition(":")
    if hit.target < 0:
        return source
    shown = _ROUNDED.fullmatch(source) if kind == "float" else None
    if shown:
        return f"round({shown[1]}, {shown[2]})"
    match kind:
        case "str" | "int" | "float" | "dict":
            return f"{kind}({source})"
        case "to_dict":
            return f"({source}).to_dict()"
        case "keys":
            return f"list({source})"
        case "members":
            return f"sorted({source})"
        case "round":
            return f"round({source}, {int(number)})" if int(number) else f"round({source})"
        case "head":
            return f"({source})[:{int(number)}]"
        case "column":
            return f"[row[{int(number)}] for row in {source}]"
    return source


def _filled(whole: str, sources: Mapping[str, str]) -> ast.expr:
    """An expression with code in place of names."""

    class Filler(ast.NodeTransformer):
        def visit_Name(self, node: ast.Name) -> ast.expr:
            return parse_expression(sources[node.id]) if node.id in sources else node

    filled: ast.expr = Filler().visit(parse_expression(whole))
    return filled
