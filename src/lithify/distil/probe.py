"""The probe: code that finds, inside a session, which values repeat an answer that the model typed.

It is run in the confined worker while the cells run again. What it reports is a hint, proved by running a slice.
"""

from __future__ import annotations

from typing import Final

PROBE: Final = '''
def __lithify_probe__(targets, keys, space):
    """(show, peek, report) for targets: the typed answer first, then its parts. keys: dict keys worth a look."""
    found = []
    shown = {}
    text = targets[0] if targets and isinstance(targets[0], str) else ""

    def same(left, right):
        if isinstance(left, bool) or isinstance(right, bool):
            return left is right
        if isinstance(left, (int, float)) and isinstance(right, (int, float)):
            return left == right or abs(left - right) <= 1e-9 * max(abs(left), abs(right))
        if isinstance(left, (list, tuple)) and isinstance(right, (list, tuple)):
            return len(left) == len(right) and all(map(same, left, right))
        if isinstance(left, dict) and isinstance(right, dict):
            return left.keys() == right.keys() and all(same(left[key], right[key]) for key in left)
        return isinstance(left, type(right)) and left == right

    def plain(value):
        if isinstance(value, (str, bool, int, float, list, tuple, dict)) or value is None:
            return value
        if hasattr(value, "tolist"):
            return value.tolist()
        if isinstance(value, (set, frozenset)):
            return sorted(value, key=repr)
        if hasattr(value, "isoformat"):
            return value.isoformat()
        return str(value) if type(value).__module__ in ("datetime", "decimal") else value

    def form_of(value, target):
        """How a value becomes the target: "" when it does not."""
        if same(value, target):
            return "same"
        number = isinstance(target, (int, float)) and not isinstance(target, bool)
        if isinstance(target, str) and isinstance(value, (int, float)) and str(value) == target:
            return "str"
        if isinstance(value, str) and number:
            try:
                return type(target).__name__ if same(float(value.strip()), target) else ""
            except ValueError:
                return ""
        if isinstance(value, float) and number and value == value and abs(value) < 1e15:
            for digits in range(7):
                if same(round(value, digits), target):
                    return "round:%d" % digits
        return sequence_form(value, target)

    def sequence_form(value, target):
        """The same for lists and dicts read off pairs."""
        if isinstance(target, dict) and type(value).__name__ == "Series" and value.index.is_unique:
            return "to_dict" if same(dict(zip(map(plain, value.index), value.tolist())), target) else ""
        if isinstance(target, list) and isinstance(value, dict) and same(list(value), target):
            return "keys"
        if isinstance(target, list) and isinstance(value, (list, tuple, dict)) and len(value) == len(target):
            if all(isinstance(part, str) for part in value) and set(value) == set(map(str, target)):
                return "same" if same(value, target) else "members"
        if not isinstance(value, (list, tuple)) or not value or len(value) > 10000:
            return ""
        if isinstance(target, list) and 0 < len(target) < len(value) and same(value[: len(target)], target):
            return "head:%d" % len(target)
        rows = all(isinstance(row, (list, tuple)) and len(row) == len(value[0]) for row in value)
        if not rows or not 0 < len(value[0]) <= 5:
            return ""
        if isinstance(target, dict) and len(value[0]) == 2 and same({str(k): v for k, v in value}, target):
            return "dict"
        for place in range(len(value[0])):
            if isinstance(target, list) and same([row[place] for row in value], target):
                return "column:%d" % place
        return ""

    def parts(value, depth=0):
        """(path, picked, part): picked when one of several was taken by its place."""
        yield [], False, plain(value)
        if type(value).__name__ == "Series":
            yield [], False, value
        if depth >= 3 or isinstance(value, (str, bytes)):
            return
        for step, picked, part in inside(value):
            for path, deeper, leaf in parts(part, depth + 1):
                yield [step, *path], picked or deeper, leaf

    def inside(value):
        kind = type(value).__name__
        if kind == "Counter" and value:
            top = value.most_common(1)[0]
            yield ["top", 0], False, top[0]
            yield ["top", 1], False, top[1]
        if isinstance(value, dict):
            for key in keys:
                if key in value:
                    yield ["key", key], False, value[key]
            yield from (step for step in extremes(value) if kind != "Counter" or step[0][0] == "least")
        elif isinstance(value, tuple) and len(value) <= 5:
            for place, part in enumerate(value):
                yield ["place", place], False, part
        elif isinstance(value, (list, tuple)) and value:
            yield ["place", 0], len(value) > 1, value[0]
            if len(value) > 1:
                yield ["place", -1], True, value[-1]
        elif kind == "Series" and len(value):
            yield ["index", 0], len(value) > 1, value.index[0]
            yield ["row", 0], len(value) > 1, value.iloc[0]
            yield from extremes(value.to_dict() if value.index.is_unique else {})
            for key in keys:
                if isinstance(key, str) and key in value.index:
                    yield ["key", key], False, value[key]

    def extremes(table):
        """The key of the one greatest and the one smallest number in a table, and that number."""
        numbers = [value for value in table.values() if isinstance(value, (int, float)) and value == value]
        if not 1 < len(numbers) == len(table) <= 10000:
            return
        for kind, number in (("most", max(numbers)), ("least", min(numbers))):
            if numbers.count(number) == 1:
                yield [kind, 0], False, next(key for key in table if table[key] == number)
                yield [kind, 1], False, number

    def show(site, *values):
        seen = shown.setdefault(site, [])
        for choice, value in enumerate(values):
            for path, picked, part in parts(value):
                record(site, choice, len(seen), path, picked, part)
        seen.append([plain(value) for value in values] if len(seen) < 2000 else None)

    def record(site, choice, turn, path, picked, part):
        if len(found) >= 5000:
            return
        for number, target in enumerate(targets):
            form = form_of(part, target)
            if form:
                found.append([site, choice, turn, path, picked, number, form])
        if text and isinstance(part, (str, int, float)) and not isinstance(part, bool):
            piece = str(part)
            if piece and piece != text and piece in text and len(piece) <= len(text):
                found.append([site, choice, turn, path, picked, -1, piece])

    def peek(site, names):
        show(site, *[space.get(name, ...) for name in names])

    def report():
        """[records, times each site was shown]; what several showings gave together counts as turn -1."""
        for site, rows in shown.items():
            if len(rows) < 2 or None in rows:
                continue
            columns = [[row[choice] for row in rows] for choice in range(len(rows[0]))]
            for choice, column in enumerate(columns):
                record(site, choice, -1, [], False, column)
                for other in range(choice + 1, len(columns)):
                    pairs = [list(pair) for pair in zip(column, columns[other])]
                    record(site, choice, -1 - other, [], False, pairs)
                    if all(isinstance(key, (str, int, float)) for key, _ in pairs):
                        table = dict(map(tuple, pairs))
                        for step, _, part in extremes(table) if len(table) == len(pairs) else ():
                            record(site, choice, -1 - other, [step], False, part)
        return [found, {str(site): len(rows) for site, rows in shown.items()}]

    return show, peek, report
'''
