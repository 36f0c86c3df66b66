"""Odd replies of models: what of each is executed, and what counts as an answer written outside code."""

from __future__ import annotations

from dataclasses import dataclass

from lithify.rlm.protocol import WrittenAnswer


@dataclass(frozen=True)
class Case:
    name: str
    reply: str
    cells: tuple[str, ...] = ()
    written: WrittenAnswer | None = None


def final(argument: str) -> WrittenAnswer:
    return WrittenAnswer("FINAL", argument)


def variable(name: str) -> WrittenAnswer:
    return WrittenAnswer("FINAL_VAR", name)


NESTED = 'prompt = """Answer so:\n```python\nx = 1\n```\nand stop."""\nprint(llm_query(prompt))'
REGEX = "parts = re.findall(r'```(?:\\w+)?\\n(.*?)\\n```', context, re.S)\nprint(len(parts))"
BRANCH = 'if not matches:\n    FINAL("")\nelse:\n    FINAL("answer")'

CASES = (
    # Fences of every kind.
    Case("repl", "```repl\nx = 1 + 2\nprint(x)\n```", ("x = 1 + 2\nprint(x)",)),
    Case("python", "```python\nx = 1\n```", ("x = 1",)),
    Case("py", "```py\nx = 1\n```", ("x = 1",)),
    Case("python3", "```python3\nx = 1\n```", ("x = 1",)),
    Case("ipython", "```ipython\nx = 1\n```", ("x = 1",)),
    Case("tool_code, as some models were trained on", "```tool_code\nprint(1)\n```", ("print(1)",)),
    Case("capitals", "```Python\nx = 1\n```", ("x = 1",)),
    Case("space before the language", "``` repl\nx = 1\n```", ("x = 1",)),
    Case("words after the language", '```python title="count.py"\nx = 1\n```', ("x = 1",)),
    Case("language in braces", "```{python}\nx = 1\n```", ("x = 1",)),
    Case("tildes", "~~~repl\nx = 1\n~~~", ("x = 1",)),
    Case("tildes around backticks", "~~~repl\nx = '''\n```\n'''\n~~~", ("x = '''\n```\n'''",)),
    Case("four backticks", "````repl\nx = '''\n```\n'''\n````", ("x = '''\n```\n'''",)),
    Case("a longer fence closes a shorter one", "```repl\nx = 1\n`````", ("x = 1",)),
    Case("white space after the fences", "```repl  \nx = 1\n```  \n", ("x = 1",)),
    Case("lines of Windows", "Count:\r\n```repl\r\nx = 1\r\ny = 2\r\n```\r\n", ("x = 1\ny = 2",)),
    Case("no language", "```\ncount = len(context)\nprint(count)\n```", ("count = len(context)\nprint(count)",)),
    Case("an empty block", "```repl\n```\n```repl\n\n   \n```"),
    Case("other languages", "```bash\nls -la\n```\n```json\n{}\n```\n```sql\nselect 1\n```\n```text\nx = 1\n```"),
    Case("a comment only", "```repl\n# nothing to do\n```", ("# nothing to do",)),
    # Where a block stands.
    Case("prose around", "Here's some code:\n```repl\nx = 1\n```\nDone.", ("x = 1",)),
    Case("several", "First:\n```repl\na = 1\n```\nSecond:\n```repl\nb = 2\n```\nEnd.", ("a = 1", "b = 2")),
    Case("two right after one another", "```repl\na = 1\n```\n```repl\nb = 2\n```", ("a = 1", "b = 2")),
    Case(
        "indented in a list",
        "1. Count:\n\n    ```repl\n    for c in context:\n        n = 1\n    ```",
        ("for c in context:\n    n = 1",),
    ),
    Case("fence behind a list mark", "- ```repl\n  x = 1\n  ```", ("x = 1",)),
    Case("fence behind a number", "1. ```python\nx = 1\n```\n2. ```python\ny = 2\n```", ("x = 1", "y = 2")),
    Case("indented by tabs", "\t```repl\n\tx = 1\n\t```", ("x = 1",)),
    Case("all of the code indented", "```repl\n    x = 1\n    y = 2\n```", ("x = 1\ny = 2",)),
    Case("fence behind prose", "Let me count: ```repl\nx = 1\n```", ("x = 1",)),
    Case("a fence that prose only names", "I write ```repl\nblocks when I need them, not now."),
    Case("on one line", "```python print(len(context))```", ("print(len(context))",)),
    Case("closing fence behind the code", "```repl\nx = 1\nprint(x)```", ("x = 1\nprint(x)",)),
    Case("wrapped in a fence of its own", "```\n```repl\nprint('ok')\n```\n```", ("print('ok')",)),
    Case("wrapped in markdown", "```markdown\nI count.\n```repl\nx = 1\n```\n```", ("x = 1",)),
    # Where a block ends.
    Case("never closed", "Now:\n```repl\nx = 1\nFINAL(x)", ("x = 1\nFINAL(x)",)),
    Case("never closed, cut off in the middle", "```repl\nx = [1,\n 2,", ("x = [1,\n 2,",)),
    Case("first one never closed", "```repl\na = 1\n```repl\nb = 2\n```", ("a = 1", "b = 2")),
    Case("first one wrong, second one right", "```repl\nfor\n```\nThen\n```repl\nb = 2\n```", ("for", "b = 2")),
    Case("a fence in a string", f"```repl\n{NESTED}\n```", (NESTED,)),
    Case("a fence in a regular expression", f"```repl\n{REGEX}\n```", (REGEX,)),
    Case(
        "triple quotes of both kinds",
        "```repl\na = '''x \"\"\" y'''\nb = \"\"\"z ''' `w`\"\"\"\n```",
        ("a = '''x \"\"\" y'''\nb = \"\"\"z ''' `w`\"\"\"",),
    ),
    Case("backticks in a comment", "```repl\n# close with ```\nx = 1\n```", ("# close with ```\nx = 1",)),
    Case(
        "f-string with quotes and braces",
        '```repl\nprint(f"{x!r:>{10}} {\'a\' + "b"}")\n```',
        ('print(f"{x!r:>{10}} {\'a\' + "b"}")',),
    ),
    Case(
        "an escape that Python warns of", "```repl\nre.findall('\\d+', context)\n```", ("re.findall('\\d+', context)",)
    ),
    Case("separators of Unicode inside a string", "```repl\nx = 'a\u2028b\x0cc'\n```", ("x = 'a\u2028b\x0cc'",)),
    # What is no code.
    Case("an output beside code", "```repl\nprint(n)\n```\nOutput:\n```\nn = 5\n```", ("print(n)",)),
    Case("code without a label beside code", "```repl\nn = 5\n```\n```\nFINAL(n)\n```", ("n = 5", "FINAL(n)")),
    Case("a table", "```\nname  count\nsshd  3\n```"),
    Case("a number", "```\n42\n```"),
    Case("a word", "```\nERROR\n```"),
    Case("settings", "```\nlevel: ERROR\n```"),
    Case("a log line", "```\nJun 14 15:16:01 combo sshd[19939]: authentication failure\n```"),
    Case("invented output", "```repl\nprint(n)\n```\n```output\n3\n```\nSo it is 3.", ("print(n)",)),
    Case("prose", "Just plain text without any code blocks."),
    Case("nothing", ""),
    Case("white space", " \n\t\n"),
    Case("code in backticks in a sentence", "I would call `len(context)` and `FINAL(x)` next."),
    # Sessions, thoughts, no fence at all.
    Case(
        "prompts of a session",
        "```python\n>>> n = 0\n>>> for c in context:\n...     n += 1\n>>> n\n8\n```",
        ("n = 0\nfor c in context:\n    n += 1\nn",),
    ),
    Case("thoughts before", "<think>\n```repl\nwrong()\n```\nFINAL(1)\n</think>\n```repl\nx = 1\n```", ("x = 1",)),
    Case("thoughts whose beginning the server took", "Maybe ```x```\nFINAL(1)\n</think>\n\nFINAL(2)", (), final("2")),
    Case("nothing but thoughts, cut off", "<think>\nI could run\n```repl\nx = 1\n```"),
    Case(
        "thoughts as a subject",
        "```repl\nre.sub('<think>.*?</think>', '', context)\n```",
        ("re.sub('<think>.*?</think>', '', context)",),
    ),
    Case("a bare program", "n = context.count('x')\nFINAL(n)", ("n = context.count('x')\nFINAL(n)",)),
    Case("a bare program with branches", BRANCH, (BRANCH,)),
    Case("a bare call", "print(len(context))", ("print(len(context))",)),
    Case("a bare assignment", "n = len(context)", ("n = len(context)",)),
    Case("words that happen to parse", "Yes (probably)"),
    # Submissions.
    Case("FINAL in code", "```repl\nn = 1\nFINAL(n)\n```", ("n = 1\nFINAL(n)",)),
    Case("FINAL_VAR in code", "```repl\nn = 1\nFINAL_VAR('n')\n```", ("n = 1\nFINAL_VAR('n')",)),
    Case(
        "answer in code",
        '```repl\nanswer["content"] = 1\nanswer["ready"] = True\n```',
        ('answer["content"] = 1\nanswer["ready"] = True',),
    ),
    Case("FINAL outside", 'FINAL("The answer is 42")', (), final('"The answer is 42"')),
    Case("FINAL with escaped quotes", r'FINAL("The answer is \"quoted\"")', (), final(r'"The answer is \"quoted\""')),
    Case(
        "FINAL over lines",
        'FINAL("""This is a\nmultiline\nanswer""")',
        ('FINAL("""This is a\nmultiline\nanswer""")',),
    ),
    Case("FINAL in bold", "The count is known.\n**FINAL(42)**", (), final("42")),
    Case("FINAL with an apostrophe in prose", "FINAL(the user's (first) login)", (), final("the user's (first) login")),
    Case("FINAL in code and outside", "```repl\nn = 2\n```\nFINAL(n)", ("n = 2",), final("n")),
    Case("the last FINAL counts", "FINAL(1)\nNo, wait.\nFINAL(2)", (), final("2")),
    Case("FINAL at the end of a sentence", "So the answer is FINAL(42).", (), final("42")),
    Case("FINAL announced", "I will call FINAL(x) later"),
    Case("FINAL of a name, in a sentence", "Then I would say FINAL(total)."),
    Case("FINAL_VAR that a sentence concludes with", "So the answer is `FINAL_VAR(n)`.", (), variable("n")),
    Case(
        "the same without a connective, in bold",
        "I counted. **The final answer is: `FINAL(n + 1)`**",
        (),
        final("n + 1"),
    ),
    Case("the same as a label", "All 42 counted.\n\n**Answer:** `FINAL_VAR(n)`\n", (), variable("n")),
    Case("the same beside code", "```repl\nn = 2\n```\nSo, the answer is `FINAL_VAR(n)`.", ("n = 2",), variable("n")),
    Case("a conclusion after one that was dropped", "FINAL(1)\nNo.\nThe answer is `FINAL(n)`.", (), final("n")),
    Case("FINAL_VAR announced in backticks", "I will call `FINAL_VAR(n)` later."),
    Case("FINAL_VAR announced at the end", "Then I will submit `FINAL_VAR(n)`."),
    Case("a conclusion on a condition", "Once that holds, the answer is `FINAL_VAR(n)`."),
    Case("a conclusion on a condition behind it", "The answer is `FINAL_VAR(n)`, if the count holds."),
    Case("a conclusion denied", "The answer is not `FINAL_VAR(n)`."),
    Case("a conclusion asked", "The answer is `FINAL_VAR(n)`?"),
    Case("a conclusion expected", "So the answer will be `FINAL_VAR(n)`."),
    Case("a conclusion gone on from", "The answer is `FINAL_VAR(n)`. First I check it."),
    Case("a conclusion without backticks", "So the answer is FINAL_VAR(n).", (), variable("n")),
    Case("FINAL never closed", "FINAL(never closed"),
    Case("FINAL_VAR outside", "FINAL_VAR(total)", (), WrittenAnswer("FINAL_VAR", "total")),
    Case("FINAL_VAR outside, in quotes", 'FINAL_VAR("total")', (), WrittenAnswer("FINAL_VAR", '"total"')),
    Case("SUBMIT outside", "SUBMIT(count=3, name='a)b')", (), WrittenAnswer("SUBMIT", "count=3, name='a)b'")),
    Case("FINAL printed in code is code", "```repl\nprint('FINAL(1)')\n```", ("print('FINAL(1)')",)),
    Case(
        "answer outside",
        'I am done.\nanswer = {"content": [1, {"a": 2}], "ready": True}\nThat is it.',
        ('answer = {"content": [1, {"a": 2}], "ready": True}',),
    ),
    Case("answer outside, as a draft of prose", "answer = {something like this}"),
    Case("answer beside code", '```repl\nn = 1\n```\nanswer = {"content": 1, "ready": True}', ("n = 1",)),
)
