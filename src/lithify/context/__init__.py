"""Data in: text, folders, tables, databases, documents and plain values as a Context with digest and preview."""

from __future__ import annotations

from lithify.context.build import context_from_value
from lithify.context.digest import digest_of
from lithify.context.given import Survey, survey
from lithify.context.load import MAX_BYTES, load_context
from lithify.context.values import Given, context_of

__all__ = ["MAX_BYTES", "Given", "Survey", "context_from_value", "context_of", "digest_of", "load_context", "survey"]
