"""Closed word lists of English questions: what can never be a value, what may be dropped, what is a contraction."""

from __future__ import annotations


def word_set(text: str) -> frozenset[str]:
    """The words of a text, which white space parts."""
    return frozenset(text.split())


ARTICLES = word_set("a an the")
AFTER_A_COUNTS = word_set("few little lot bit couple")
"""Words before which an article carries meaning: "few" is not "a few"."""

FUNCTION_WORDS = ARTICLES | word_set(
    """about above across after again against ago all almost along already also although always am among and another any
    anybody anyone anything are around as at away be because been before behind being below beneath beside besides
    between beyond both but by can cannot could did do does doing done down during each either else enough even
    ever every everybody everyone everything except few for from further get gets give given gives had has have
    having he her here hers him his how however i if in inside instead into is it its itself just keep kept know
    let lets like made make makes many may me might mine more most much must my myself near neither never next no
    nobody none nor not nothing now of off often on once one ones only onto or other others otherwise our out
    outside over own per perhaps please quite rather really same shall she should show since so some somebody
    someone something still such tell than thank thanks that their them themselves then there these they thing
    things this those though through throughout thus to together too toward towards twice under unless until up
    upon us use used uses using very via was we were what whatever when whenever where whether which while who
    whoever whole whom whose why will with within without would yes yet you your yours"""
)
"""Words of grammar, pronouns and quantifiers."""

OPERATORS = word_set(
    """add adjacent alphabetical alphabetically amount appear appeared appears ascending at average averages avg avoid
    best big bigger biggest both bottom busiest calculate certain change changed closest column columns combined
    common commonest compare compared compute consecutive contain contained containing contains count counted
    counting counts cumulative current daily decrease decreased descending describe determine difference different
    distinct divide divided duplicate duplicated duplicates earlier earliest end ended ending ends entire equal
    equals exactly exceed exceeded exceeding exceeds exclude excluded excluding fastest fewer fewest final find
    first frequency frequent frequently furthest greater greatest group grouped grow growth half happen happened
    happens high higher highest histogram hourly identify ignore ignoring immediately include included including
    increase increased inverse last late later latest least length less list lists long longer longest low lower
    lowest match matched matches matching max maxima maximal maximum mean means median mention mentioned mentions
    middle min minima minimal minimum missing mode monthly nearest negative newest nonzero nth null number numbers
    numerical occur occurred occurrence occurrences occurs oldest ordered outlier outliers overall pair pairs
    percent percentage percentages percentile positive previous print proportion quantile quantiles quartile range
    rank ranked ranking rare rarely rarest rate rates ratio ratios recent record recorded recurring remain
    remained repeat repeated report respective respectively return reverse reversed round rounded row rows second
    sequence share short shorter shortest significant simultaneous slowest small smaller smallest smooth sort
    sorted standard start started starting starts std sum summarise summarize summary third three-quarters top
    total totals trend twice typical unique usual usually value values variance vary versus vs weekly weighted
    worst yearly zeroth"""
)
"""Words that say what to compute. Another one is another question, so they are never values."""

CONTRACTIONS = {
    "what's": ("what", "is"),
    "who's": ("who", "is"),
    "where's": ("where", "is"),
    "when's": ("when", "is"),
    "how's": ("how", "is"),
    "that's": ("that", "is"),
    "there's": ("there", "is"),
    "it's": ("it", "is"),
    "isn't": ("is", "not"),
    "aren't": ("are", "not"),
    "wasn't": ("was", "not"),
    "weren't": ("were", "not"),
    "don't": ("do", "not"),
    "doesn't": ("does", "not"),
    "didn't": ("did", "not"),
    "hasn't": ("has", "not"),
    "haven't": ("have", "not"),
    "hadn't": ("had", "not"),
    "can't": ("can", "not"),
    "cannot": ("can", "not"),
    "couldn't": ("could", "not"),
    "won't": ("will", "not"),
    "i'd": ("i", "would"),
}

POLITE_OPENINGS = tuple(
    sorted(
        (
            tuple(opening.split())
            for opening in (
                "please",
                "tell me",
                "can you tell me",
                "could you tell me",
                "would you tell me",
                "will you tell me",
                "can you please tell me",
                "could you please tell me",
                "would you please tell me",
                "do you know",
                "i want to know",
                "i would like to know",
                "i need to know",
                "let me know",
                "can you",
                "could you",
                "would you",
                "can you please",
                "could you please",
                "would you please",
            )
        ),
        key=len,
        reverse=True,
    )
)
"""Openings that may be dropped, longest first, as words."""

GREETINGS = (("hi",), ("hello",), ("hey",), ("good", "morning"), ("good", "evening"))
"""Openings that may be dropped before a punctuation mark only: "hello occurs how often?" asks for the word."""

POLITE_ENDINGS = (("thank", "you"), ("thanks",), ("please",))
"""Endings that may be dropped after a punctuation mark only: "say please?" asks for the word."""

QUESTION_OPENERS = word_set("what which who whom whose when where why how is are was were do does did has have")
UNITS = word_set(
    """b bytes c cm d days f ft g gb ghz gib h hr hrs hz k kb kg khz kib km kw m mb mg mhz mi mib min mins mm ms ns px s
    sec secs tb us v w x µs"""
)
SHORT_MONTHS = word_set("jan feb mar apr may jun jul aug sep sept oct nov dec")
LONG_MONTHS = word_set("january february march april june july august september october november december")
MONTHS = SHORT_MONTHS | LONG_MONTHS
