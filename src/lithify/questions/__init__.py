"""Questions as text: normal form, literals, templates with typed slots. Pure; shared by distilling and routing."""

from __future__ import annotations

from lithify.questions.literal import Literal, literals
from lithify.questions.normal import essential as tokens
from lithify.questions.normal import normalise
from lithify.questions.standing import carried, constant_words, pointing
from lithify.questions.telling import states, telling_words
from lithify.questions.template import bare_words, difference, family, make_template, match_template
from lithify.questions.wording import Reworded, match_wording

__all__ = [
    "Literal",
    "Reworded",
    "bare_words",
    "carried",
    "constant_words",
    "difference",
    "family",
    "literals",
    "make_template",
    "match_template",
    "match_wording",
    "normalise",
    "pointing",
    "states",
    "telling_words",
    "tokens",
]
