"""Questions as text: normal form, literals, templates with typed slots. Pure; shared by distilling and routing."""

from __future__ import annotations

from lithify.questions.literal import Literal, literals
from lithify.questions.normal import essential as tokens
from lithify.questions.normal import normalise
from lithify.questions.standing import carried, pointing
from lithify.questions.telling import states, telling_words
from lithify.questions.template import bare_words, difference, family, make_template, match_template

__all__ = [
    "Literal",
    "bare_words",
    "carried",
    "difference",
    "family",
    "literals",
    "make_template",
    "match_template",
    "normalise",
    "pointing",
    "states",
    "telling_words",
    "tokens",
]
