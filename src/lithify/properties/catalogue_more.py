"""Relations over tables, documents, files, parameters and the machine; the catalogue beside that over lines."""

from __future__ import annotations

from lithify.properties.relation import Relation

TABLES = (
    Relation(
        name="column_order",
        says="The order of the columns does not matter.",
        given="use=uses, random=st.randoms(use_true_random=False)",
        test="""
use, random
    rows = list(csv.reader(io.StringIO(context_of(use)), delimiter=@DELIMITER@))
    order = random.sample(range(len(rows[0])), len(rows[0]))
    text = io.StringIO()
    writer = csv.writer(text, delimiter=@DELIMITER@, lineterminator="\\n")
    writer.writerows([row[place] for place in order] for row in rows if len(row) == len(order))
    assert same(use["expected"], answer(text.getvalue(), use))
""",
        shown="f'{len(head[0].split(@DELIMITER@))} columns in another order: {expected!r}, as before'",
        fits=lambda at: at.lines and at.format == "delimited",
    ),
    Relation(
        name="further_column",
        says="A further column changes nothing.",
        given="use=uses, value=st.sampled_from(['', '0', 'x', '2001-02-03'])",
        test="""
use, value
    head, lines = lines_of(use)
    longer = [line + @DELIMITER@ + value for line in lines]
    assert same(use["expected"], answer(joined([head[0] + @DELIMITER@ + "further"], longer), use))
""",
        shown='f"with a column named further: {expected!r}, as before"',
        fits=lambda at: at.lines and at.format == "delimited",
    ),
)

DOCUMENTS = (
    Relation(
        name="document_layout",
        says="The order of keys and the white space of the document do not matter.",
        given="use=uses, indent=st.sampled_from([None, 0, 3])",
        test="""
use, indent
    document = json.loads(context_of(use))
    assert same(use["expected"], answer(json.dumps(document, indent=indent, sort_keys=True), use))
""",
        shown='f"with sorted keys: {expected!r}, as before"',
        fits=lambda at: at.format == "json",
    ),
)

FILES = (
    Relation(
        name="file_order",
        says="The order of the files does not matter.",
        given="use=uses, random=st.randoms(use_true_random=False)",
        test="""
use, random
    files = list(context_of(use).items())
    random.shuffle(files)
    assert same(use["expected"], answer(dict(files), use))
""",
        shown='f"{len(context)} files in reverse: {expected!r}, as before"',
        fits=lambda at: at.candidate.signature.context_kind == "files",
    ),
    Relation(
        name="file_names",
        says="The names of the folders do not matter.",
        given="use=uses, folder=st.sampled_from(['a', 'var/log', 'z/y/x'])",
        test="""
use, folder
    files = {f"{folder}/{name}": text for name, text in context_of(use).items()}
    assert same(use["expected"], answer(files, use))
""",
        shown='f"in a folder of another name: {expected!r}, as before"',
        fits=lambda at: at.candidate.signature.context_kind == "files",
    ),
    Relation(
        name="files_add_up",
        says="The answers for the single files add up to the answer for all.",
        given="use=uses",
        test="""
use
    single = [answer_if_any({name: text}, use) or 0 for name, text in context_of(use).items()]
    assert same(use["expected"], sum(single))
""",
        shown="' + '.join(str(answer_if_any({n: t}, use)) for n, t in context.items()) + f' give {expected}'",
        fits=lambda at: at.candidate.signature.context_kind == "files" and at.number,
    ),
    Relation(
        name="files_add_up",
        says="The answers for the single files add up, key by key, to the answer for all.",
        given="use=uses",
        test="""
use
    total = {}
    for name, text in context_of(use).items():
        for key, value in (answer_if_any({name: text}, use) or {}).items():
            total[key] = total.get(key, 0) + value
    assert same(use["expected"], total)
""",
        shown="' + '.join(str(answer_if_any({n: t}, use)) for n, t in context.items()) + f' give {expected}'",
        fits=lambda at: at.candidate.signature.context_kind == "files" and at.counts and not at.number,
    ),
    Relation(
        name="empty_file",
        says="A further file with nothing in it changes nothing.",
        given="use=uses",
        test="""
use
    assert same(use["expected"], answer({**context_of(use), "zz/empty.txt": ""}, use))
""",
        shown='f"with an empty file: {expected!r}, as before"',
        fits=lambda at: at.candidate.signature.context_kind == "files",
    ),
)

MACHINE = (
    Relation(
        name="time_zone",
        says="The time zone of the machine does not matter.",
        given="use=uses, zone=st.sampled_from(['UTC', 'XXX-13', 'YYY+11'])",
        test="""
use, zone
    before = os.environ.get("TZ")
    os.environ["TZ"] = zone
    time.tzset()
    try:
        assert same(use["expected"], answer(context_of(use), use))
    finally:
        os.environ.pop("TZ") if before is None else os.environ.update(TZ=before)
        time.tzset()
""",
        shown='f"13 hours ahead and 11 behind: {expected!r}, as before"',
        fits=lambda at: at.mentions("datetime", "import time", "pandas"),
    ),
)

TOP = Relation(
    name="more_begin_with_fewer",
    says="A larger @NAME@ gives a list that begins with that of a smaller one.",
    given="use=uses, more=st.integers(1, 5)",
    test="""
use, more
    longer = answer(context_of(use), use, @NAME@=use["arguments"]["@NAME@"] + more)
    assert same(use["expected"], longer[: len(use["expected"])])
""",
    shown="f'@NAME@={given + 1}: {answer(context, use, @NAME@=given + 1)!r}'",
    fits=lambda at: at.listed,
)

FALLING = Relation(
    name="a_larger_@NAME@_never_gives_more",
    says="A larger @NAME@ never gives a larger number.",
    given="use=uses, more=st.integers(1, 1_000)",
    test="""
use, more
    found = answer(context_of(use), use, @NAME@=use["arguments"]["@NAME@"] + more)
    assert found <= use["expected"]
""",
    shown="f'@NAME@={given}: {expected}; @NAME@={given + 10}: {answer(context, use, @NAME@=given + 10)!r}'",
    fits=lambda at: at.number,
)

RISING = Relation(
    name="a_larger_@NAME@_never_gives_less",
    says="A larger @NAME@ never gives a smaller number.",
    given="use=uses, more=st.integers(1, 1_000)",
    test="""
use, more
    found = answer(context_of(use), use, @NAME@=use["arguments"]["@NAME@"] + more)
    assert found >= use["expected"]
""",
    shown="f'@NAME@={given}: {expected}; @NAME@={given + 10}: {answer(context, use, @NAME@=given + 10)!r}'",
    fits=lambda at: at.number,
)

ABSENT = Relation(
    name="an_unknown_@NAME@",
    says="For a @NAME@ that does not occur the answer is @SAID@.",
    given="use=uses, word=st.text('qxz', min_size=8, max_size=12)",
    test="""
use, word
    assert same(@VALUE@, answer(context_of(use), use, @NAME@=word))
""",
    shown="f'@NAME@={given!r}: {expected!r}; @NAME@=qxzqxzqx: ' + @SHOWN@",
    fits=lambda at: True,
)

EMPTY = Relation(
    name="an_empty_input",
    says="An empty input gives @SAID@.",
    given="use=uses",
    test="""
use
    assert same(@VALUE@, answer(@NOTHING@, use))
    assert same(use["expected"], answer(context_of(use), use))  # and it is forgotten again
""",
    shown="f'{expected!r} for the recorded input; for nothing: ' + @SHOWN@",
    fits=lambda at: True,
)

EMPTY_REFUSED = Relation(
    name="an_empty_input",
    says="An empty input is refused with @SAID@.",
    given="use=uses",
    test="""
use
    with pytest.raises(@VALUE@):
        answer(@NOTHING@, use)
    assert same(use["expected"], answer(context_of(use), use))  # and it is forgotten again
""",
    shown="f'{expected!r} for the recorded input; for nothing: ' + @SHOWN@",
    fits=lambda at: True,
)
