"""How plain data is written: as JSON, with a "$" form for what JSON has no word for, as records/plain_json has it."""

from __future__ import annotations

OPENING = '''\
def opened(text):
    """The data that a text says, as JSON with a "$" form for what JSON cannot hold."""
    return opened_value(json.loads(text))


def opened_value(value):
    """Data without the "$" forms."""
    if isinstance(value, list):
        return [opened_value(one) for one in value]
    if not isinstance(value, dict):
        return value
    tag, held = next(iter(value.items())) if len(value) == 1 else ("", None)
    if tag == "$float":
        return float(held)
    if tag == "$bytes":
        return base64.b64decode(held)
    if tag == "$items":
        return {opened_value(key): opened_value(one) for key, one in held}
    return {key: opened_value(one) for key, one in value.items()}
'''
"""Functions of a module that imports base64 and json."""

WRITING = '''\
def written(value, most=None):
    """[data as text, whether that is all of it]: of a longer list or dict than fits into most characters, a part.

    Raises TypeError for what is no plain data.
    """
    import json

    def text(part):
        return json.dumps(written_value(part), ensure_ascii=False)

    if most is None or not isinstance(value, (list, dict)) or len(value) <= 100:
        return [text(value), True]
    every = len(value)
    items = value if isinstance(value, list) else list(value.items())
    sample = [items[number * every // 100] for number in range(100)]
    wide = len(text(sample)) / 100
    number = min(every, max(1, int(most / wide)))
    chosen = [items[place * every // number] for place in range(number)]
    return [text(chosen if isinstance(value, list) else dict(chosen)), number == every]


def written_value(value):
    """Data in types of JSON."""
    import base64
    import math

    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else {"$float": repr(float(value))}
    if isinstance(value, bytes):
        return {"$bytes": base64.b64encode(value).decode("ascii")}
    if isinstance(value, dict):
        if all(isinstance(key, str) and not key.startswith("$") for key in value):
            return {key: written_value(one) for key, one in value.items()}
        return {"$items": [[written_value(key), written_value(one)] for key, one in value.items()]}
    if isinstance(value, (list, tuple)):
        return [written_value(one) for one in value]
    raise TypeError(f"a {type(value).__name__} is no plain data")
'''
"""Functions of a module of their own."""
