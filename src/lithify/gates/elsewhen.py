"""Another time and place inside a session: what an answer must not depend on.

The kernel has no other wall clock to offer, so the clock is changed as Python code reads it. What reads it past Python
(numpy's and pandas's own C code) is refused by reading the source.
"""

from __future__ import annotations

PREPARE = '''
def __lithify_elsewhen__(days, zone):
    """Put the clock of this session so many days ahead (or back), and its time zone to zone."""
    import datetime
    import os
    import time

    kept = time.__dict__.setdefault("__lithify_kept__", {})
    if not kept:
        kept.update(time=time.time, datetime=datetime.datetime, date=datetime.date)
        for name in ("localtime", "gmtime", "ctime", "asctime", "strftime"):
            kept[name] = getattr(time, name)
    shift = days * 86400.0
    os.environ["TZ"] = zone
    time.tzset()

    def now():
        return kept["time"]() + shift

    def reading(name, place):
        real = kept[name]

        def read(*args):
            if len(args) > place and args[place] is not None:
                return real(*args)
            return real(*args[:place], kept["localtime"](now()) if name in ("asctime", "strftime") else now())

        return read

    time.time = now
    time.time_ns = lambda: int(now() * 1e9)
    for name in ("localtime", "gmtime", "ctime", "asctime", "strftime"):
        setattr(time, name, reading(name, 1 if name == "strftime" else 0))

    class Like(type):
        def __instancecheck__(cls, value):
            return isinstance(value, kept[cls.__name__])

        def __subclasscheck__(cls, other):
            return issubclass(other, kept[cls.__name__])

    def today(cls):
        return cls.fromtimestamp(now())

    def utcnow(cls):
        return cls.utcfromtimestamp(now())

    def now_in(cls, tz=None):
        return cls.fromtimestamp(now(), tz)

    def shown(self):
        return "datetime." + super(type(self), self).__repr__()

    methods = {"today": classmethod(today), "__repr__": shown, "__module__": "datetime", "__qualname__": "date"}
    datetime.date = Like("date", (kept["date"],), methods)
    methods = {**methods, "now": classmethod(now_in), "utcnow": classmethod(utcnow), "__qualname__": "datetime"}
    datetime.datetime = Like("datetime", (kept["datetime"],), methods)
'''
PLACES = ("__lithify_elsewhen__(4011.37, 'XLA-13:45')", "__lithify_elsewhen__(-2777.81, 'XLB+11:15')")
"""Eleven years ahead and far east; seven years back and far west."""
