"""The person's environment of the library's tests."""

from tests.library.conftest import git, home, judged

__all__ = ["git", "home", "judged"]
