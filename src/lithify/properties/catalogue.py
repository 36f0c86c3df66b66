"""The relations that are tried on every tool that they fit.

Metamorphic relations (Chen, Cheung and Yiu, Metamorphic testing, 1998; Segura and others, A survey on metamorphic
testing, 2016) as hypothesis tests. Each compares with an answer that is recorded, so that none passes for a tool that
answers nothing, or always the same.
"""

from __future__ import annotations

from lithify.properties.relation import Relation

_SHUFFLED = "use=uses, random=st.randoms(use_true_random=False)"
_PLACED = "use=uses, place=st.integers(0, 10_000)"

LINES = (
    Relation(
        name="parts_add_up",
        says="Cut the input in two anywhere: the two answers add up to the answer for the whole.",
        given=_PLACED,
        test="""
use, place
    head, lines = lines_of(use)
    cut = place % (len(lines) + 1)
    first, second = (answer_if_any(joined(head, part), use) or 0 for part in (lines[:cut], lines[cut:]))
    assert same(use["expected"], first + second)
""",
        shown="' + '.join(str(answer_if_any(joined(head, part), use)) for part in halves(lines)) + f' give {expected}'",
        fits=lambda at: at.lines and at.number,
    ),
    Relation(
        name="parts_add_up",
        says="Cut the input in two anywhere: the two answers add up, key by key, to the answer for the whole.",
        given=_PLACED,
        test="""
use, place
    head, lines = lines_of(use)
    cut = place % (len(lines) + 1)
    first, second = (answer_if_any(joined(head, part), use) or {} for part in (lines[:cut], lines[cut:]))
    assert same(use["expected"], {key: first.get(key, 0) + second.get(key, 0) for key in {**first, **second}})
""",
        shown="' + '.join(str(answer_if_any(joined(head, part), use)) for part in halves(lines)) + f' give {expected}'",
        fits=lambda at: at.lines and at.counts and not at.number,
    ),
    Relation(
        name="the_larger_part_counts",
        says="Cut the input in two anywhere: the larger of the two answers is the answer for the whole.",
        given=_PLACED,
        test="""
use, place
    head, lines = lines_of(use)
    cut = place % (len(lines) + 1)
    found = [answer_if_any(joined(head, part), use) for part in (lines[:cut], lines[cut:])]
    assert same(use["expected"], max(one for one in found if one is not None))
""",
        shown="f'{[answer_if_any(joined(head, part), use) for part in halves(lines)]} give {expected}'",
        fits=lambda at: at.lines and at.number,
    ),
    Relation(
        name="the_smaller_part_counts",
        says="Cut the input in two anywhere: the smaller of the two answers is the answer for the whole.",
        given=_PLACED,
        test="""
use, place
    head, lines = lines_of(use)
    cut = place % (len(lines) + 1)
    found = [answer_if_any(joined(head, part), use) for part in (lines[:cut], lines[cut:])]
    assert same(use["expected"], min(one for one in found if one is not None))
""",
        shown="f'{[answer_if_any(joined(head, part), use) for part in halves(lines)]} give {expected}'",
        fits=lambda at: at.lines and at.number,
    ),
    Relation(
        name="parts_follow_one_another",
        says="Cut the input in two anywhere: the second answer appended to the first is the answer for the whole.",
        given=_PLACED,
        test="""
use, place
    head, lines = lines_of(use)
    cut = place % (len(lines) + 1)
    found = [answer_if_any(joined(head, part), use) or [] for part in (lines[:cut], lines[cut:])]
    assert same(use["expected"], found[0] + found[1])
""",
        shown="f'{[answer_if_any(joined(head, part), use) for part in halves(lines)]} give {expected}'",
        fits=lambda at: at.lines and at.listed,
    ),
    Relation(
        name="parts_unite",
        says="Cut the input in two anywhere: what either part gives, sorted, is the answer for the whole.",
        given=_PLACED,
        test="""
use, place
    head, lines = lines_of(use)
    cut = place % (len(lines) + 1)
    found = [answer_if_any(joined(head, part), use) or [] for part in (lines[:cut], lines[cut:])]
    assert same(use["expected"], sorted({*found[0], *found[1]}))
""",
        shown="f'{[answer_if_any(joined(head, part), use) for part in halves(lines)]} give {expected}'",
        fits=lambda at: at.lines and at.listed,
        rival="parts_follow_one_another",
    ),
    Relation(
        name="line_order",
        says="The order of the lines does not matter.",
        given=_SHUFFLED,
        test="""
use, random
    head, lines = lines_of(use)
    random.shuffle(lines)
    assert same(use["expected"], answer(joined(head, lines), use))
""",
        shown='f"{len(lines)} lines in reverse: {answer(joined(head, lines[::-1]), use)!r}, as before"',
        fits=lambda at: at.lines,
    ),
    Relation(
        name="every_line_twice_doubles",
        says="With every line twice, the numbers are twice as large.",
        given="use=uses",
        test="""
use
    head, lines = lines_of(use)
    expected = use["expected"]
    doubled = {key: 2 * value for key, value in expected.items()} if isinstance(expected, dict) else 2 * expected
    assert same(doubled, answer(joined(head, [line for line in lines for _ in range(2)]), use))
""",
        shown="f'{expected!r} becomes {answer(joined(head, twice(lines)), use)!r}'",
        fits=lambda at: at.lines and at.counts,
        rival="parts_add_up",
    ),
    Relation(
        name="every_line_twice_is_the_same",
        says="With every line twice, the answer is the same.",
        given="use=uses",
        test="""
use
    head, lines = lines_of(use)
    assert same(use["expected"], answer(joined(head, [line for line in lines for _ in range(2)]), use))
""",
        shown="f'{len(lines)} lines, and {2 * len(lines)}: {answer(joined(head, twice(lines)), use)!r} for both'",
        fits=lambda at: at.lines,
    ),
    Relation(
        name="fewer_lines_never_count_more",
        says="Without one of the lines, the number is not larger.",
        given=_PLACED,
        test="""
use, place
    head, lines = lines_of(use)
    del lines[place % len(lines)]
    found = answer_if_any(joined(head, lines), use)
    assert (found or 0) <= use["expected"]
""",
        shown='f"without the first line {answer_if_any(joined(head, lines[1:]), use)}, with it {expected}"',
        fits=lambda at: at.lines and at.number,
        rival="parts_add_up",
    ),
    Relation(
        name="one_line_counts_once",
        says="One line by itself counts once or not at all; the whole counts more.",
        given=_PLACED,
        test="""
use, place
    head, lines = lines_of(use)
    line = lines[place % len(lines)]
    found = answer_if_any(joined(head, [line]), use) or 0
    assert found in (0, 1) and found <= use["expected"] and type(found) is type(use["expected"])
""",
        shown='f"the first line alone: {answer_if_any(joined(head, lines[:1]), use)}; all: {expected}"',
        fits=lambda at: at.lines and type(at.answer) is int,
    ),
    Relation(
        name="unreadable_lines",
        says="A line that is no record changes nothing.",
        given=_PLACED,
        test="""
use, place
    head, lines = lines_of(use)
    lines.insert(place % (len(lines) + 1), "~~~ this is no record ~~~")
    assert same(use["expected"], answer(joined(head, lines), use))
""",
        shown="f'with one at the end: {answer(joined(head, lines + [chr(126) * 3]), use)!r}, as before'",
        fits=lambda at: at.text and at.format != "prose",
    ),
    Relation(
        name="blank_lines",
        says="A blank line changes nothing.",
        given=_PLACED,
        test="""
use, place
    head, lines = lines_of(use)
    lines.insert(place % (len(lines) + 1), "")
    assert same(use["expected"], answer(joined(head, lines), use))
""",
        shown="f'with one at the end: {answer(joined(head, lines + [str()]), use)!r}, as before'",
        fits=lambda at: at.text,
        rival="unreadable_lines",
    ),
    Relation(
        name="letter_case",
        says="Capital and small letters are read the same.",
        given="use=uses",
        test="""
use
    head, lines = lines_of(use)
    assert same(use["expected"], answer(joined(head, [line.swapcase() for line in lines]), use))
""",
        shown='f"{answer(joined(head, [line.swapcase() for line in lines]), use)!r}, as before"',
        fits=lambda at: at.text and at.mentions(".lower(", ".upper(", ".casefold(", "IGNORECASE", "re.I"),
    ),
)
"""Relations over the lines of a text."""

LINE_ENDS = Relation(
    name="windows_line_ends",
    says="Lines that end as on Windows are read the same.",
    given="use=uses",
    test="""
use
head, lines = lines_of(use)
assert same(use["expected"], answer(joined(head, lines).replace("\\n", "\\r\\n"), use))
""",
    shown='f"{answer(joined(head, lines).replace(chr(10), chr(13) + chr(10)), use)!r}, as before"',
    fits=lambda at: at.text,
)
