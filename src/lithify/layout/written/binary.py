"""How bytes are written: a line that says so, then JSON strings, one in each line, with one character for each byte.

Not as base64: what is text in them can be read, compared and searched for secrets, and one more byte changes one line.
"""

from __future__ import annotations

OPENING = '''\
def opened(text):
    """The bytes that a text says: each line below the first is a JSON string with one character for each byte."""
    return b"".join(json.loads(line).encode("latin-1") for line in text.split("\\n")[1:] if line)
'''
"""A function of a module that imports json."""

WRITING = '''\
def written(value, most=None):
    """[bytes as text, whether that is all of them]: of more than fit into most characters, the first."""
    import json

    data = bytes(value)
    some = data if most is None else data[: most // 2]
    lines, start = [json.dumps({"lithify": "bytes 1"})], 0
    while start < len(some):
        end = some.find(b"\\n", start, start + 200) + 1 or start + 32
        lines.append(json.dumps(some[start:end].decode("latin-1")))
        start = end
    return ["".join(line + "\\n" for line in lines), len(some) == len(data)]
'''
"""A function of a module of its own."""
