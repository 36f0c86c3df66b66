"""The git program: one command at a time, never a prompt, never a pager, nothing of git in our own environment."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from lithify.errors import LibraryProblem

TIMEOUT_SECONDS = 120.0
"""How long one command may take, the person's hooks included."""

_PASSED_ON = (
    "PATH",
    "HOME",
    "USER",
    "LOGNAME",
    "TMPDIR",
    "XDG_CONFIG_HOME",
    "GNUPGHOME",
    "SSH_AUTH_SOCK",
    "GIT_CONFIG_GLOBAL",
    "GIT_CONFIG_SYSTEM",
    "GIT_CONFIG_NOSYSTEM",
    "GIT_AUTHOR_NAME",
    "GIT_AUTHOR_EMAIL",
    "GIT_COMMITTER_NAME",
    "GIT_COMMITTER_EMAIL",
    "EMAIL",
)
"""Who the person is and where their settings stand. GIT_DIR and the like would name another repository."""

_FIXED = {
    "LC_ALL": "C.UTF-8",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_PAGER": "cat",
    "GIT_EDITOR": "false",
    "GIT_LITERAL_PATHSPECS": "1",
}
_LOCK_TRIES = 25
_LOCK_WAIT_SECONDS = 0.2


class Git:
    """Runs git in a folder."""

    def __init__(self, folder: Path, environment: Mapping[str, str] | None = None) -> None:
        given = os.environ if environment is None else environment
        self.folder = folder
        self._environment = {name: given[name] for name in _PASSED_ON if name in given} | _FIXED

    def run(
        self,
        *arguments: str,
        stdin: str | None = None,
        identity: Mapping[str, str] | None = None,
        index: Path | None = None,
    ) -> str:
        """What a command prints. Waits while another git holds the index. index: one of our own in place of git's.

        Raises LibraryProblem with git's own words when it fails, when it takes too long, or when there is no git.
        """
        extra = {**(identity or {}), **({"GIT_INDEX_FILE": str(index)} if index is not None else {})}
        for attempt in range(_LOCK_TRIES):
            done = self._start(arguments, (stdin or "").encode("utf-8", "surrogateescape"), extra)
            if done.returncode == 0:
                return _text(done.stdout)
            if b"index.lock" not in done.stderr or attempt == _LOCK_TRIES - 1:
                break
            time.sleep(_LOCK_WAIT_SECONDS)
        raise self._problem(arguments, done)

    def read(self, objects: Sequence[str]) -> list[bytes | None]:
        """The bytes of objects by name ("COMMIT:./path" from this folder), in order; None for what does not exist.

        Raises as run does, and for a name with a line end, which git cannot be asked for.
        """
        if not objects:
            return []
        if any("\n" in name for name in objects):
            raise LibraryProblem(f"git cannot be asked for a path with a line end in it, in {self.folder}")
        arguments = ("cat-file", "--batch")
        done = self._start(arguments, "".join(f"{name}\n" for name in objects).encode("utf-8", "surrogateescape"), {})
        if done.returncode != 0:
            raise self._problem(arguments, done)
        found: list[bytes | None] = []
        at = 0
        for _ in objects:
            end = done.stdout.index(b"\n", at)
            words = done.stdout[at:end].rsplit(b" ", 2)
            at = end + 1
            if words[-1] == b"missing" or words[-2] != b"blob":
                found.append(None)
                at += 0 if words[-1] == b"missing" else int(words[-1]) + 1
                continue
            size = int(words[-1])
            found.append(done.stdout[at : at + size])
            at += size + 1
        return found

    def says_yes(self, *arguments: str) -> bool:
        """Whether a command that answers by its exit value says yes (0) or no (1). Raises as run does."""
        done = self._start(arguments, b"", {"GIT_LITERAL_PATHSPECS": "0"})  # check-ignore knows no literal ones
        if done.returncode > 1:
            raise self._problem(arguments, done)
        return done.returncode == 0

    def identity(self) -> dict[str, str]:
        """What to add to the environment so that git knows who commits: nothing when the person is known to it."""
        if {"GIT_AUTHOR_EMAIL", "GIT_COMMITTER_EMAIL"} <= self._environment.keys():
            return {}
        done = self._start(("config", "--get-regexp", r"^user\.(name|email)$"), b"", {})
        if len({line.split()[0] for line in done.stdout.splitlines()}) == 2:
            return {}
        names = {f"GIT_{role}_NAME": "lithify" for role in ("AUTHOR", "COMMITTER")}
        return names | {f"GIT_{role}_EMAIL": "lithify@localhost" for role in ("AUTHOR", "COMMITTER")}

    def _problem(self, arguments: Sequence[str], done: subprocess.CompletedProcess[bytes]) -> LibraryProblem:
        said = "\n".join(text.strip() for text in (_text(done.stderr), _text(done.stdout)) if text.strip())
        return LibraryProblem(f"`git {_shown(arguments)}` in {self.folder} failed: {said or 'it gave no reason'}")

    def _start(
        self, arguments: Sequence[str], stdin: bytes, identity: Mapping[str, str]
    ) -> subprocess.CompletedProcess[bytes]:
        try:
            return subprocess.run(
                ["git", *arguments],
                cwd=self.folder,
                env={**self._environment, **identity},
                input=stdin,
                capture_output=True,
                check=False,
                timeout=TIMEOUT_SECONDS,
                process_group=0,  # Ctrl-C is ours to take: git finishes what it is at
            )
        except FileNotFoundError as error:
            if not self.folder.is_dir():
                raise LibraryProblem(f"the library folder {self.folder} is gone") from error
            raise LibraryProblem("there is no git on PATH; the library is a git repository: install git") from error
        except subprocess.TimeoutExpired as error:
            raise LibraryProblem(
                f"`git {_shown(arguments)}` in {self.folder} did not end within {TIMEOUT_SECONDS:.0f} s; "
                "does a hook wait for an answer?"
            ) from error
        except OSError as error:
            raise LibraryProblem(f"git cannot be started in {self.folder}: {error}") from error


def _text(data: bytes) -> str:
    """As git says it: UTF-8, with a mark where it is not, and one kind of line end."""
    return data.decode("utf-8", "replace").replace("\r\n", "\n")


def _shown(arguments: Sequence[str]) -> str:
    """The command for a message: without the paths after `--`."""
    words = list(arguments)
    return " ".join(words[: words.index("--")] if "--" in words else words)
