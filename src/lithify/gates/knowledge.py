"""What pure code may import and name. Not a boundary: the sandbox is that. It keeps tools readable and repeatable."""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


ALLOWED = _words(
    "__future__ abc array base64 binascii bisect calendar cmath collections collections.abc colorsys configparser "
    "contextlib copy csv dataclasses datetime decimal difflib enum fnmatch fractions functools graphlib "
    "hashlib heapq html html.entities html.parser ipaddress itertools json keyword math numbers operator pprint "
    "quopri re reprlib shlex statistics string struct textwrap tomllib typing unicodedata urllib.parse "
    "xml.etree.ElementTree zlib zoneinfo"
)
"""Modules of the standard library that compute and do nothing else."""

PARTS = {
    "ast": _words("literal_eval"),
    "bz2": _words("compress decompress"),
    "email.utils": _words("formataddr getaddresses parseaddr parsedate parsedate_to_datetime parsedate_tz unquote"),
    "gzip": _words("decompress"),
    "io": _words("StringIO BytesIO"),
    "lzma": _words("compress decompress"),
    "ntpath": _words("basename dirname join normpath split splitext"),
    "os": _words("linesep path.basename path.dirname path.join path.normpath path.split path.splitext sep"),
    "os.path": _words("basename dirname join normpath split splitext"),
    "pathlib": _words("PurePath PurePosixPath PureWindowsPath"),
    "posixpath": _words("basename dirname join normpath split splitext"),
    "random": _words("Random"),
    "sqlite3": _words("Connection Cursor Row"),
    "sys": _words("float_info maxsize"),
    "time": _words("mktime strftime strptime struct_time"),
    "types": _words("MappingProxyType SimpleNamespace"),
    "uuid": _words("UUID uuid3 uuid5"),
}
"""Modules that reach further, and what of them is pure."""

MISLEADING = _words(
    "builtins codecs ctypes gc importlib inspect io multiprocessing os pathlib pickle posix shutil signal socket "
    "subprocess sys tempfile threading"
)
"""Modules that are found as attributes of harmless ones (`statistics.sys`)."""

REFUSED_NAMES = {
    **dict.fromkeys(_words("open input breakpoint exit quit help"), "has effects beyond computing"),
    **dict.fromkeys(_words("exec eval compile __import__"), "runs code that cannot be read here"),
    **dict.fromkeys(_words("globals locals vars dir"), "looks at its surroundings"),
    "id": "gives an address, which is another one each time",
    "hash": "gives a text another number in each process",
    "MemoryError": "tells how much memory there is, not what the input says",
}
REFUSED_ATTRIBUTES = _words(
    "f_back f_builtins f_code f_globals f_locals gi_frame gi_code cr_frame cr_code ag_frame ag_code tb_frame tb_next "
    "func_globals func_code co_code co_consts mro"
)
"""Ways from an object to the interpreter around it."""

PLAIN_DUNDERS = _words(
    "__name__ __doc__ __len__ __contains__ __getitem__ __setitem__ __iter__ __next__ __call__ __eq__ __lt__ __le__ "
    "__gt__ __ge__ __ne__ __str__ __repr__ __init__ __post_init__ __missing__ __add__ __sub__ __mul__ "
    "__enter__ __exit__ __slots__ __bool__ __float__ __int__ __radd__ __iadd__"
)

CLOCK_METHODS = _words("now utcnow today")
CLOCK_STRINGS = _words("now today")
CLOCK_TAKERS = _words(
    "numpy.array numpy.datetime64 pandas.date_range pandas.DatetimeIndex pandas.period_range pandas.Period "
    "pandas.Series pandas.Timestamp pandas.to_datetime"
)
SEEDED = _words("random.Random numpy.random.default_rng numpy.random.RandomState")
"""Generators that are repeatable when they are given a seed."""

DECORATORS = _words(
    "functools.lru_cache functools.cache functools.cached_property functools.total_ordering functools.wraps "
    "dataclasses.dataclass contextlib.contextmanager staticmethod classmethod property"
)
CONSTANT_CALLS = _words(
    "re.compile frozenset set tuple list dict range str.maketrans collections.namedtuple typing.NamedTuple "
    "typing.TypeVar datetime.timedelta datetime.datetime datetime.date datetime.time decimal.Decimal "
    "fractions.Fraction types.MappingProxyType collections.OrderedDict zoneinfo.ZoneInfo float int str"
)
"""What may be called while the module is imported: each makes a constant."""

_RUNS = "runs code that cannot be read here"
_HOST = "changes or reads the process around it"
DETOURS = {
    **dict.fromkeys(
        _words(
            "typing.get_type_hints typing.ForwardRef functools.singledispatch functools.singledispatchmethod "
            "pandas.read_pickle pandas.eval numpy.load .read_pickle"
        ),
        _RUNS,
    ),
    "string.Formatter": "reaches attributes by texts that cannot be read here",
    **dict.fromkeys(_words("contextlib.redirect_stdout contextlib.redirect_stderr contextlib.chdir"), _HOST),
}
"""Functions that evaluate, unpickle or look up what a text says; those with a dot in front, whatever they are of."""
ASKED_BY_TEXT = _words("query eval")
"""Methods of tables that evaluate a text."""
REFUSED_PACKAGES = _words(
    "numpy.testing numpy.f2py numpy.ctypeslib numpy.distutils numpy.compat numpy.lib.npyio numpy.lib.format"
)
