"""Every error that lithify raises, by who must act.

    LithifyError
    ├── ModelMustAct              the model can mend it: its text goes back as the next observation
    │   ├── BadReply                a reply without code and without an answer
    │   └── BadAnswer               an answer of the wrong type
    ├── PersonMustAct             the person can mend it: the message says what to set, give or run
    │   ├── NoModel                 no model is configured                                   exit  3
    │   ├── BadInput                a file or question that cannot be used                   exit  5
    │   ├── ModelRefused            the provider refuses: key, permission, unknown model     exit  6
    │   ├── SandboxUnavailable      this machine cannot confine code to the floor            exit  7
    │   ├── LibraryProblem          not a git repository, a broken lock, a conflict          exit  8
    │   │   └── NotInLock             contents that tools.lock does not vouch for
    │   ├── LedgerProblem           the run record cannot be opened or written               exit  9
    │   ├── CassetteProblem         a recording cannot be read, or does not match            exit 10
    │   └── BadSettings             a setting with a value that cannot be used               exit  2
    ├── ProgrammerMustAct         a call that cannot be right; a bug in the caller
    └── RunEnded                  this run cannot go on; others can
        ├── BudgetSpent             a limit of the run was reached                           exit  4
        ├── ModelFailed             the provider failed after retries (429, 5xx, time-out)   exit  6
        ├── SandboxLost             the worker died or broke the protocol                    exit  7
        └── NotCovered              a kept tool does not cover this input; an ask explores   exit 11

A failure is never returned as text. Messages name the bad value, the limit and the next step.
"""

from __future__ import annotations

from typing import ClassVar


class LithifyError(Exception):
    """Root of every error raised on purpose. `exit_code` is what the command line ends with."""

    exit_code: ClassVar[int] = 1


class ModelMustAct(LithifyError):
    """The model can mend this; the message is shown to it."""


class BadReply(ModelMustAct):
    """A reply that holds neither code nor an answer."""


class BadAnswer(ModelMustAct):
    """An answer that does not have the type that was asked for."""


class PersonMustAct(LithifyError):
    """The person can mend this; the message says how."""


class NoModel(PersonMustAct):
    """A model is needed and none is configured."""

    exit_code = 3


class BadInput(PersonMustAct):
    """A path, file or question that cannot be used."""

    exit_code = 5


class ModelRefused(PersonMustAct):
    """The provider refuses this request for a reason that retrying cannot change."""

    exit_code = 6


class SandboxUnavailable(PersonMustAct):
    """This machine does not offer the layers that the configured floor asks for."""

    exit_code = 7


class LibraryProblem(PersonMustAct):
    """The library folder is not in a state that can be used."""

    exit_code = 8


class NotInLock(LibraryProblem):
    """A tool whose contents tools.lock does not vouch for: it does not run until it has passed the gates again."""


class LedgerProblem(PersonMustAct):
    """The ledger cannot be opened, read or written."""

    exit_code = 9


class CassetteProblem(PersonMustAct):
    """A recorded conversation cannot be read, or a request differs from the recording."""

    exit_code = 10


class BadSettings(PersonMustAct):
    """A setting with a value that cannot be used."""

    exit_code = 2


class ProgrammerMustAct(LithifyError):
    """A call that cannot be right, whatever the input."""


class RunEnded(LithifyError):
    """This run cannot go on."""


class BudgetSpent(RunEnded):
    """A limit of the run was reached. `limit` names it: turns, calls, tokens, seconds, output."""

    exit_code = 4

    def __init__(self, limit: str, message: str) -> None:
        super().__init__(message)
        self.limit = limit


class ModelFailed(RunEnded):
    """The provider failed after the retries were used up."""

    exit_code = 6


class SandboxLost(RunEnded):
    """The confined worker died, was killed, or broke the protocol. `reason` is one of:
    timeout, memory, died, protocol, calls, closed."""

    exit_code = 7

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


class NotCovered(RunEnded):
    """A kept tool met input that it does not cover."""

    exit_code = 11
