"""A folder that a person wrote, as a candidate: with or without tool.toml and recorded examples. Pure."""

from __future__ import annotations

import ast
import sys

from lithify.errors import BadInput
from lithify.gates.shape import signature_in
from lithify.layout import (
    CASES_PATH,
    SUITE_PATH,
    Files,
    candidate_from,
    read_examples,
    read_extra,
    read_folder_sheet,
    read_holdout,
    read_source,
    render_candidate,
)
from lithify.records.context import ContextKind, Fingerprint
from lithify.records.tool import Candidate, Provenance, Recipe, Signature

_OWN_SUITE = "tests/test_own_examples.py"
"""How a person's own tests/test_examples.py is called here: with recorded cases beside it, lithify writes that one."""
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
        examples=read_examples(files, where) if CASES_PATH in files else (),
        provenance=Provenance(run_id="", question="", model="", cost=None, model_calls=0, input_digest=""),
        holdout=read_holdout(files, where),
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
    first = (*node.args.posonlyargs, *node.args.args)[:1]
    kind: ContextKind = "files" if first and _reads_files(first[0].annotation) else "text"
    name = first[0].arg if first else "text"
    plain = Signature(function=node.name, context_parameter=name, context_kind=kind, parameters=(), returns="object")
    return signature_in(source, plain) or plain


def _reads_files(annotation: ast.expr | None) -> bool:
    text = ast.unparse(annotation) if annotation is not None else ""
    return text.partition("[")[0].rpartition(".")[2] in ("dict", "Dict", "Mapping")


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
