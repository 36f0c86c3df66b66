"""Why one file cannot be read: caught where a file of many is left out, told to the person where it was asked for."""

from __future__ import annotations


class Unreadable(Exception):
    """Why a file cannot be read, with the next step.

    too_large: a limit of bytes is passed. brief: the same for all files that are left out for this reason.
    """

    def __init__(self, reason: str, *, too_large: bool = False, brief: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.too_large = too_large
        self.brief = brief or reason.partition(";")[0]
