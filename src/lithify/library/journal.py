"""What a write is about to change, so that one that was killed half-way can be undone by the next."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path

from lithify.errors import LibraryProblem
from lithify.library.folder import read_file, remove_file, write_file
from lithify.library.place import Place
from lithify.records.quick import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """New bytes by path relative to the library (None removes a file), and the commit that was checked out before."""

    files: Mapping[str, bytes | None]
    head: str


class Journal:
    """Copies of what a change replaces, under .lithify/pending: there while files may be half new, and only then."""

    def __init__(self, place: Place) -> None:
        self._root = place.path
        self._staging = place.staging
        self._folder = place.private / "pending"
        self._plan = self._folder / "plan.json"

    @property
    def exists(self) -> bool:
        """Whether a write is under way, or was killed."""
        return self._plan.exists()

    def open(self, change: Change) -> None:
        """Copy what the change replaces. From here on `restore` brings it back."""
        shutil.rmtree(self._folder, ignore_errors=True)  # copies without a plan: killed before anything was changed
        before: dict[str, bool] = {}
        for number, path in enumerate(change.files):
            before[path] = (self._root / path).exists()
            if before[path]:
                write_file(self._folder / str(number), read_file(self._root / path), self._staging)
        plan = {"head": change.head, "before": before}
        write_file(self._plan, json.dumps(plan).encode(), self._staging)

    def read(self) -> tuple[str, tuple[str, ...]]:
        """The commit before the change, and the paths that it touches."""
        head, before = self._load()
        return head, tuple(before)

    def restore(self) -> None:
        """Put every file back as it was, and close."""
        _, before = self._load()
        for number, (path, existed) in enumerate(before.items()):
            if existed:
                write_file(self._root / path, read_file(self._folder / str(number)), self._staging)
            else:
                remove_file(self._root / path, self._root)
        self.close()

    def close(self) -> None:
        """The change is complete, or undone. The plan goes first: copies without it mean nothing."""
        self._plan.unlink(missing_ok=True)
        shutil.rmtree(self._folder, ignore_errors=True)

    def _load(self) -> tuple[str, dict[str, bool]]:
        try:
            plan = json.loads(read_file(self._plan))
            return str(plan["head"]), {str(path): bool(existed) for path, existed in plan["before"].items()}
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise LibraryProblem(
                f"{self._plan} tells of an unfinished write and cannot be read ({error}). Look at `git status` in "
                f"{self._root}, restore what is half written with `git checkout -- tools recipes tools.lock`, "
                f"then remove {self._folder}"
            ) from error


def clean_staging(place: Place) -> None:
    """Remove what killed writes left in the staging folder. Only with the library's lock held."""
    for left in place.staging.glob("*"):
        _remove(left)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
