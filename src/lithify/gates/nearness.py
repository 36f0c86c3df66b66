"""How near a candidate is to a kept tool: by its words, its code, and what both answer. Pure."""

from __future__ import annotations

import ast
import hashlib
import re
from collections.abc import Mapping, Sequence

from lithify.records.nearness import Nearness, Relation
from lithify.records.quick import dataclass
from lithify.records.tool import Candidate, Recipe, Signature, Tool

ALIKE = 0.5
"""From here on two descriptions are easily mixed up."""
_ENOUGH = 3
_WORD = re.compile(r"[^\W_]+")
_COMMON = frozenset(
    {"a", "an", "and", "are", "as", "at", "by", "did", "do", "does", "each", "for", "from", "had", "has", "have", "how"}
    | {"in", "is", "it", "its", "many", "most", "much", "of", "on", "or", "than", "that", "the", "their", "there"}
    | {"these", "this", "to", "was", "were", "what", "when", "where", "which", "who", "with", "give", "show", "tell"}
)
_ORDER: tuple[Relation, ...] = ("same", "improves", "near", "none")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """What two tools gave on the same calls.

    calls, same: calls that both answered, and how many of them alike; theirs, theirs_right: the kept tool's recorded
    uses that the candidate could be called with, and those it answered as recorded; mine, mine_right: the other way.
    differs: one call that they answer differently, for a person.
    """

    calls: int = 0
    same: int = 0
    theirs: int = 0
    theirs_right: int = 0
    mine: int = 0
    mine_right: int = 0
    differs: str = ""


def nearness(candidate: Candidate, tool: Tool, shared: Shared) -> Nearness:
    """How the candidate stands to one kept tool.

    same, when the code is the same but for names and layout, or every shared call is answered alike; improves, when it
    answers all that the tool answers and more; near, when their words are alike and their answers are not.
    """
    if code_digest(candidate.source) == code_digest(tool.source):
        return _said("same", tool, "the code is the same but for names and layout", _MERGE)
    whole = shared.theirs_right == shared.theirs and shared.theirs > 0
    more = _takes_besides(candidate, tool)
    if whole and more and shared.calls == shared.same:
        evidence = f"it answers all {shared.theirs} recorded uses of {tool.name}, and takes {more} besides"
        return _said("improves", tool, evidence, f"keep it as the next version of {tool.name}")
    if whole and shared.mine_right == shared.mine and shared.calls == shared.same >= _ENOUGH:
        return _said("same", tool, f"both answer {shared.same} shared calls alike", _MERGE)
    if whole and shared.same > shared.calls // 2 and shared.mine_right < shared.mine:
        evidence = (
            f"it answers all {shared.theirs} recorded uses of {tool.name}, which answers {shared.mine_right} of its "
            f"{shared.mine}"
        )
        return _said("improves", tool, evidence, f"keep it as the next version of {tool.name}")
    likeness = likeness_of(candidate, tool)
    if likeness < ALIKE or candidate.signature.context_kind != tool.signature.context_kind:
        return NONE
    differs = f", and answers differ: {shared.differs}" if shared.differs else ""
    evidence = f"its words are {likeness:.0%} those of {tool.name}{differs}"
    return _said("near", tool, evidence, f"say in {tool.name} or here what it is not for")


def _takes_besides(candidate: Candidate, tool: Tool) -> str:
    """The parameters that a candidate has beyond all of a tool's, if its recorded uses give them other values."""
    mine = {one.name: one.default for one in candidate.signature.parameters}
    theirs = {one.name for one in tool.signature.parameters}
    further = [name for name in mine if name not in theirs]
    used = [
        name for name in further if any(use.arguments.get(name, mine[name]) != mine[name] for use in candidate.examples)
    ]
    return ", ".join(used) if theirs <= set(mine) and used == further else ""


NONE = Nearness(relation="none", evidence="no kept tool is like it", advice="")
_MERGE = "keep no second tool: add the question to the one that is there"


def nearest(found: Sequence[Nearness]) -> Nearness:
    """The one that matters most: same before improves before near; of equals the first."""
    return min(found, key=lambda one: _ORDER.index(one.relation), default=NONE)


def contradicts(candidate: Candidate, tool: Tool, shared: Shared) -> bool:
    """Whether both claim to answer the same question and do not agree."""
    same_question = any(recipe.template == candidate.recipe.template for recipe in tool.recipes)
    return same_question and bool(candidate.recipe.template) and shared.same < shared.calls


def likeness_of(candidate: Candidate, tool: Tool) -> float:
    """How alike the words of two tools are, 0 to 1."""
    return alike(_words_of(candidate.description, [candidate.recipe]), _words_of(tool.description, tool.recipes))


def alike(one: frozenset[str], other: frozenset[str]) -> float:
    """Shared words of all words (Jaccard)."""
    return len(one & other) / len(one | other) if one | other else 0.0


def code_digest(source: str) -> str:
    """The same for two sources that differ in layout, comments, documentation, annotations and names of their own."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return source
    return hashlib.sha256(ast.dump(_Bare(_own_names(tree)).visit(tree)).encode("utf-8", "surrogatepass")).hexdigest()


def translated(
    arguments: Mapping[str, int | float | str], source: Signature, target: Signature
) -> dict[str, int | float | str] | None:
    """The arguments of one tool's use as another's: by name, else by type in order; None when that cannot be."""
    if source.context_kind != target.context_kind:
        return None
    names = [one.name for one in target.parameters]
    if set(arguments) <= set(names):
        return dict(arguments)
    mine = {one.name: one for one in source.parameters}
    if [mine[name].annotation for name in mine] == [one.annotation for one in target.parameters]:
        order = dict(zip(mine, names, strict=True))
        return {order[name]: value for name, value in arguments.items() if name in order}
    if all(name in mine and mine[name].default == value for name, value in arguments.items()):
        return {}
    return None


class _Bare(ast.NodeTransformer):
    """A tree without documentation and annotations, its own names numbered in the order of their first appearance."""

    def __init__(self, own: Mapping[str, str]) -> None:
        self._own = own

    def generic_visit(self, node: ast.AST) -> ast.AST:
        super().generic_visit(node)
        for field in ("id", "arg", "name"):
            value = getattr(node, field, None)
            if isinstance(value, str) and value in self._own and not isinstance(node, ast.alias):
                setattr(node, field, self._own[value])
        if isinstance(node, ast.arg):
            node.annotation = None
        if isinstance(node, ast.FunctionDef):
            node.returns = None
        if isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef):
            first = node.body[0] if node.body else None
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                node.body = node.body[1:]
        return node


def _own_names(tree: ast.Module) -> dict[str, str]:
    names: dict[str, str] = {}
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name, ctx=ast.Store()) | ast.arg(arg=name) | ast.FunctionDef(name=name):
                names.setdefault(name, f"n{len(names)}")
            case ast.ClassDef(name=name) | ast.ExceptHandler(name=str(name)):
                names.setdefault(name, f"n{len(names)}")
    return names


def _words_of(description: str, recipes: Sequence[Recipe]) -> frozenset[str]:
    text = " ".join([description, *(re.sub(r"\{\w+\}", " ", recipe.template) for recipe in recipes)])
    return frozenset(_stem(word) for word in _WORD.findall(text.casefold()) if word not in _COMMON)


def _stem(word: str) -> str:
    for end in ("ing", "ed", "es", "s"):
        if word.endswith(end) and len(word) - len(end) > 2:
            return word.removesuffix(end)
    return word


def _said(relation: Relation, tool: Tool, evidence: str, advice: str) -> Nearness:
    return Nearness(relation=relation, tool=tool.name, version=tool.version, evidence=evidence, advice=advice)
