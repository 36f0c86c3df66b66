"""A folder that a person wrote, as a candidate: with or without tool.toml and recorded examples. Pure."""

from __future__ import annotations

import ast
import sys
from collections.abc import Mapping

from lithify.errors import BadInput
from lithify.gates.shape import signature_in
from lithify.layout import (
    CASES_PATH,
    SUITE_PATH,
    Files,
    candidate_from,
    form_of,
    read_examples,
    read_extra,
    read_folder_sheet,
    read_holdout,
    read_source,
    render_candidate,
)
from lithify.records.context import ContextKind, Fingerprint, Frame
from lithify.records.tool import Candidate, Input, Provenance, Recipe, Signature

_OWN_SUITE = "tests/test_own_examples.py"
"""How a person's own tests/test_examples.py is called here: with recorded cases beside it, lithify writes that one."""
_TABLES: Mapping[str, Frame] = {
    "pandas.DataFrame": "pandas",
    "polars.DataFrame": "polars",
    "pyarrow.Table": "pyarrow",
}
_DOCUMENTS = (".md", ".rst", ".txt")
_SHELVED = frozenset({"recipe.toml", "verdict.toml"})


def candidate_in(files: Files, where: str) -> Candidate:
    """What a folder holds. Raises LibraryProblem for files that cannot be read, BadInput where there is no tool.py."""
    if "tool.py" not in files:
        raise BadInput(f"{where} holds no tool.py: give the folder of a tool, or the name of a kept one")
    if "tool.toml" in files and CASES_PATH in files:
        sheet = read_folder_sheet(files, where)
        nothing = Recipe(template="", slots=(), tool=sheet.name, question=sheet.description)
        return candidate_from(files, nothing, where)
    source = read_source(files, where)
    sheet_or_none = read_folder_sheet(files, where) if "tool.toml" in files else None
    signature = sheet_or_none.signature if sheet_or_none is not None else _signature(source, where)
    said = sheet_or_none.description if sheet_or_none is not None else _described(source, signature.function)
    return Candidate(
        id=signature.function,
        signature=signature,
        description=said,
        source=source,
        requirements=sheet_or_none.requirements if sheet_or_none is not None else _requirements(source),
        recipe=Recipe(template="", slots=(), tool=signature.function, question=said),
        applicability=Fingerprint(format="empty"),
        examples=read_examples(files, where, form_of(signature)) if CASES_PATH in files else (),
        provenance=Provenance(run_id="", question="", model="", cost=None, model_calls=0, input_digest=""),
        holdout=read_holdout(files, where, form_of(signature)),
        extra=_extra(files),
    )


def strangers_in(files: Files, candidate: Candidate) -> frozenset[str]:
    """Paths in a folder that are no files of the tool, and the generated test file when it was edited."""
    known = render_candidate(candidate)
    found = {path for path in files if path not in known and not _is_document(path)}
    if CASES_PATH not in files:
        return frozenset(found - {SUITE_PATH})
    edited = SUITE_PATH in files and files[SUITE_PATH] != known[SUITE_PATH]
    return frozenset(found | ({SUITE_PATH} if edited else set()))


def _is_document(path: str) -> bool:
    return "/" not in path and (path.endswith(_DOCUMENTS) or path in _SHELVED)


def _extra(files: Files) -> dict[str, bytes]:
    extra = read_extra(files)
    if CASES_PATH not in files and SUITE_PATH in files:
        extra[_OWN_SUITE] = files[SUITE_PATH]
    return extra


def _signature(source: str, where: str) -> Signature:
    """The signature as the source has it, as far as it has one: what is wrong with it is the static gate's to say."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise BadInput(f"{where}/tool.py is not Python ({error}): mend it first") from error
    public = [one for one in tree.body if isinstance(one, ast.FunctionDef) and not one.name.startswith("_")]
    if not public:
        raise BadInput(f"{where}/tool.py holds no public function: a tool is one, def NAME(text: str, …) -> …")
    node = public[0]
    every = [*node.args.posonlyargs, *node.args.args]
    first = every[: max(1, len(every) - len(node.args.defaults))]  # a parameter of another kind has a default
    found = [_reads(one.annotation, _imported(tree)) for one in first] or [_reads(None, {})]
    kind, frame = found[0] if len(found) == 1 else ("inputs", None)
    plain = Signature(
        function=node.name,
        context_parameter=first[0].arg if first else "text",
        context_kind=kind,
        parameters=(),
        returns="object",
        context_frame=frame,
        inputs=tuple(
            Input(name=one.arg, kind=kind, frame=frame)
            for one, (kind, frame) in zip(first, found, strict=True)
            if len(found) > 1
        ),
    )
    return signature_in(source, plain) or plain


def _reads(annotation: ast.expr | None, imported: Mapping[str, str]) -> tuple[ContextKind, Frame | None]:
    """What a function with a first parameter of this type reads, and of a table whose it is."""
    text = ast.unparse(annotation).strip("'\"") if annotation is not None else "str"
    name, _, inside = text.partition("[")
    root, _, rest = name.partition(".")
    full = f"{imported.get(root, root)}.{rest}".rstrip(".")
    if full in _TABLES:
        return "table", _TABLES[full]
    if full == "sqlite3.Connection":
        return "database", None
    plain = full.rpartition(".")[2]
    if plain == "bytes":
        return "bytes", None
    if plain in ("dict", "Dict", "Mapping"):
        return ("files" if inside in ("", "str, str]") else "data"), None
    return ("data" if plain in ("list", "List", "Sequence") else "text"), None


def _imported(tree: ast.Module) -> dict[str, str]:
    """The names that imports bind, with what they stand for."""
    found: dict[str, str] = {}
    for node in tree.body:
        if isinstance(node, ast.Import):
            found |= {alias.asname: alias.name for alias in node.names if alias.asname}
        elif isinstance(node, ast.ImportFrom):
            found |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
    return found


def _described(source: str, function: str) -> str:
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef) and node.name == function:
            return (ast.get_docstring(node) or function).partition("\n")[0]
    return function


def _requirements(source: str) -> tuple[str, ...]:
    """Modules of others that a source imports."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names.add((node.module or "").partition(".")[0])
    return tuple(sorted(name for name in names if name and name not in sys.stdlib_module_names))
