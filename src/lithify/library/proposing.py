"""What upkeep proposes, as branches: one commit each, for a person to read, to merge or to delete."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from itertools import count
from pathlib import Path

from lithify.errors import LibraryProblem
from lithify.layout import EDITED_IN_REVIEW, candidate_from
from lithify.library.branching import commit_on_branch
from lithify.library.changing import status_step, verb_of
from lithify.library.entering import Approval, Step, steps_to_enter, written_by
from lithify.library.folder import read_file
from lithify.library.git import Git
from lithify.library.index import Index
from lithify.library.installed import read_told
from lithify.library.keeping import check_verdict
from lithify.library.linking import with_callees
from lithify.library.lock import entry_path
from lithify.library.messages import TRIED, message, verdict_trailer
from lithify.library.past import history
from lithify.library.place import LOCKS, Place, locate
from lithify.library.reading import RECIPES, TOOLS, Reading, parse_files, read_files, read_library
from lithify.library.uniting import united
from lithify.library.writing import Writer, writing
from lithify.records.quick import dataclass
from lithify.records.tool import Candidate, Status, Verdict
from lithify.records.upkeep import UpkeepBranch, UpkeepProposal

BRANCHES = "upkeep"
BY = "policy:upkeep"
_KEY = "Upkeep"
_MADE = "upkeep.json"
_MADE_FORMAT = 1
_STATUS: Mapping[str, Status] = {"deprecate": "deprecated", "retire": "retired", "merge": "retired"}


class GitProposals:
    """Proposals (see ports) of one library."""

    def __init__(self, path: Path, index: Index) -> None:
        self._path = path
        self._index = index

    def entered(self) -> dict[str, datetime]:
        """See ports."""
        place = locate(self._path)
        return _entered(Git(place.path)) if place.head() else {}

    def tried(self) -> dict[str, Mapping[str, str]]:
        """See ports."""
        place = locate(self._path)
        return _tried(Git(place.path)) if place.head() else {}

    def by_hand(self, name: str) -> bool:
        """See ports. A tool without a history is a person's."""
        place = locate(self._path)
        try:
            notes = parse_files(read_files(place.path, name), name).sheet.notes
            edited = any(revision.by_hand for revision in history(Git(place.path), name))
        except LibraryProblem:
            return True
        return edited or EDITED_IN_REVIEW in notes

    def waiting(self) -> tuple[UpkeepBranch, ...]:
        """See ports."""
        place = locate(self._path)
        return _waiting(Git(place.path)) if place.head() else ()

    def made_before(self, key: str) -> bool:
        """See ports."""
        place = locate(self._path)
        return key in _made(place) or any(one.key == key for one in self.waiting())

    def merged(self, proposal: UpkeepProposal) -> Candidate:
        """See ports."""
        place = locate(self._path)
        reading = read_library(place, self._index)
        _check_contents(reading, proposal)
        return _united(place.path, reading, proposal, Verdict(results=())).candidate

    def make(self, proposal: UpkeepProposal, day: date, verdict: Verdict | None = None) -> UpkeepBranch:
        """See ports. Another upkeep may have made it meanwhile."""
        with writing(self._path) as writer:
            there = next((one for one in _waiting(writer.git) if one.key == proposal.key), None)
            if there is not None:
                return there
            reading = read_library(writer.place, self._index)
            _check_contents(reading, proposal)
            _check_committed(writer, proposal)
            steps, trailers = _steps(writer.place.path, reading, proposal, verdict)
            word = "merge" if proposal.kind == "merge" else verb_of(_STATUS[proposal.kind])
            whole = f"{proposal.tool} into {proposal.into}" if proposal.into else proposal.tool
            subject = f"{word} {whole}: {proposal.reason}"
            text = message(subject, {**trailers, _KEY: proposal.key}, (proposal.reason, *proposal.evidence))
            name = _free(writer.git, f"{BRANCHES}/{day.isoformat()}/{proposal.tool}-{proposal.kind}")
            commit_on_branch(writer, written_by(steps), text, name)
            _remember(writer, proposal.key, name)
            return UpkeepBranch(name=name, key=proposal.key, subject=text.partition("\n")[0])


@dataclass(frozen=True, slots=True, kw_only=True)
class _United:
    steps: list[Step]
    candidate: Candidate


def _steps(
    path: Path, reading: Reading, proposal: UpkeepProposal, verdict: Verdict | None
) -> tuple[list[Step], dict[str, str]]:
    """What a proposal changes, and what its commit says of it."""
    status = _STATUS[proposal.kind]
    reason = f"merged into {proposal.into}" if proposal.into else proposal.reason
    step = status_step(reading, proposal.tool, status, reason)
    if step is None:
        raise LibraryProblem(f"{proposal.tool} is {status} already")
    trailers = {"Status": f"{reading.lock[proposal.tool].status} -> {status}", "Reason": reason}
    if proposal.kind != "merge":
        return [step], trailers
    given = verdict or Verdict(results=())
    found = _united(path, reading, proposal, given)
    check_verdict(found.candidate, given, BY)
    return [*found.steps, step], {**trailers, "Merged-Into": proposal.into, "Verdict": verdict_trailer(given)}


def _united(path: Path, reading: Reading, proposal: UpkeepProposal, verdict: Verdict) -> _United:
    into = proposal.into
    plan = united(path, proposal.tool, into)
    approval = Approval(verdict=verdict, status=reading.lock[into].status, by=BY)
    steps, _ = steps_to_enter(path, plan, reading, approval)
    candidate = candidate_from(steps[0].files, plan.recipes[0], f"{TOOLS}/{into}")
    return _United(steps=steps, candidate=with_callees(path, candidate))


def _check_contents(reading: Reading, proposal: UpkeepProposal) -> None:
    """The tools must be in order and what the evidence is about."""
    running = {tool.name: tool.contents for tool in reading.tools}
    wanted = {proposal.tool: proposal.contents, **({proposal.into: proposal.into_contents} if proposal.into else {})}
    for name, contents in wanted.items():
        if running.get(name) != contents:
            raise LibraryProblem(f"{name} is not what it was when it was looked at: run `lithify upkeep` again")


def _check_committed(writer: Writer, proposal: UpkeepProposal) -> None:
    """A branch begins at the commit that is checked out: what is not in it would be told otherwise there."""
    names = [name for name in (proposal.tool, proposal.into) if name]
    paths = [one for name in names for one in (f"{TOOLS}/{name}", f"{RECIPES}/{name}.toml", entry_path(name))]
    status = writer.git.run("status", "--porcelain=v1", "--untracked-files=all", "--", *paths)
    if status.strip():
        raise LibraryProblem(f"{' and '.join(names)} have changes that are not committed: commit or restore them first")


def _free(git: Git, wanted: str) -> str:
    """The branch name that is wanted, or with a number when there is such a branch."""
    names = (wanted if number == 1 else f"{wanted}-{number}" for number in count(1))
    return next(one for one in names if not git.says_yes("show-ref", "--verify", "--quiet", f"refs/heads/{one}"))


def _waiting(git: Git) -> tuple[UpkeepBranch, ...]:
    form = f"%(refname)%1f%(contents:subject)%1f%(trailers:key=Lithify-{_KEY},valueonly)%1e"
    patterns = (f"refs/heads/{BRANCHES}", f"refs/remotes/*/{BRANCHES}/**")
    found: dict[str, UpkeepBranch] = {}
    for line in git.run("for-each-ref", "--no-merged=HEAD", f"--format={form}", *patterns).split("\x1e"):
        if line.count("\x1f") == 2:
            name, subject, key = (part.strip() for part in line.split("\x1f"))
            short = name.removeprefix("refs/heads/").removeprefix("refs/remotes/")
            if key:
                found.setdefault(key, UpkeepBranch(name=short, key=key, subject=subject))
    return tuple(found.values())


def _entered(git: Git) -> dict[str, datetime]:
    """One walk through the history: of each tool the oldest commit that added something of it."""
    paths = (TOOLS, LOCKS)
    form = "--format=commit %aI"
    log = git.run("log", form, "--name-only", "--diff-filter=A", "--no-renames", "--relative", "-z", "--", *paths)
    found: dict[str, datetime] = {}
    at: datetime | None = None
    for part in log.replace("\n", "\0").split("\0"):
        if part.startswith("commit "):
            at = datetime.fromisoformat(part.removeprefix("commit "))
        elif at is not None and part.startswith((f"{TOOLS}/", f"{LOCKS}/")):
            found[part.split("/")[1].removesuffix(".toml")] = at  # the log goes back in time: the last one stands
    return found


def _tried(git: Git) -> dict[str, Mapping[str, str]]:
    """One walk through the history: of each tool the newest commit that let it in and says with what."""
    key = f"Lithify-{TRIED}"
    lines = git.run("log", f"--grep=^{key}: ", f"--format=%(trailers:key={key},valueonly,unfold)").splitlines()
    found: dict[str, Mapping[str, str]] = {}
    for name, versions in map(read_told, filter(str.strip, lines)):
        found.setdefault(name, versions)
    return found


def _made(place: Place) -> dict[str, str]:
    """What was proposed here before: key → branch. Unreadable is as good as none: the branches themselves count too."""
    file = place.private / _MADE
    try:
        data = json.loads(read_file(file)) if file.is_file() else {}
        return {str(key): str(name) for key, name in data["made"].items()} if data else {}
    except (ValueError, KeyError, TypeError, AttributeError, LibraryProblem):
        return {}


def _remember(writer: Writer, key: str, name: str) -> None:
    made = {**_made(writer.place), key: name}
    data = json.dumps({"format": _MADE_FORMAT, "made": made}, indent=1).encode()
    writer.put(f"{writer.place.private.name}/{_MADE}", data)
