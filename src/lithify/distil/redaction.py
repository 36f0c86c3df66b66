"""Redaction: secrets, addresses and names replaced by substitutes of the same shape, the same one everywhere.

A substitute depends on when its original was first met, and never on what it says: it cannot be computed back.
"""

from __future__ import annotations

import hashlib
import ipaddress
import re
from collections.abc import Callable, Mapping

from lithify.records.fixtures import FixturePolicy
from lithify.records.plain import Plain

Substitute = Callable[[str, int], str]
"""From an original and its number to what takes its place."""

_SECRET = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?-----END [A-Z ]*PRIVATE KEY-----"
    r"|\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]{8,}"  # a JSON web token
    r"|\b(?:AKIA|ASIA)[A-Z0-9]{16}\b|\bgh[pousr]_\w{30,}|\bgithub_pat_\w{30,}|\bglpat-[\w-]{20,}"
    r"|\bxox[abprs]-[\w-]{10,}|\bsk-[\w-]{20,}|\bAIza[\w-]{35}|\b[rs]k_(?:live|test)_\w{16,}",
    re.DOTALL,
)
_TELLING_NAME = (
    r"(?:pass(?:word|wd|phrase)?|secret|token|api[_-]?key|access[_-]?key|auth(?:orization)?|bearer|credential)s?"
)
_SECRET_NAME = re.compile(rf"(?<![A-Za-z]){_TELLING_NAME}\Z", re.IGNORECASE)
_SHORTEST_SECRET = 6
_ASSIGNED = re.compile(
    rf"({_TELLING_NAME}"
    r"[\"']?\s*(?:[:=]|\s(?=bearer\s))\s*(?:bearer\s+|basic\s+)?[\"']?)([^\s\"'&,;}{)(<>]{6,})",
    re.IGNORECASE,
)
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}")
_IPV4 = re.compile(r"(?<![\w.])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?![\w]|\.\d)")
_IPV6 = re.compile(r"(?<![\w:.])(?=[0-9A-Fa-f:]*:[0-9A-Fa-f:]*:)[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7}(?![\w:])")
_MAC = re.compile(r"(?<![\w:-])[0-9A-Fa-f]{2}(?:([:-])[0-9A-Fa-f]{2})(?:\1[0-9A-Fa-f]{2}){4}(?![\w:-])")


class Redactor:
    """Redacts texts by a policy; the same original has the same substitute in all of them."""

    def __init__(self, policy: FixturePolicy) -> None:
        self._rules = frozenset(policy.rules)
        names = sorted(filter(None, policy.names), key=len, reverse=True)
        self._names = re.compile("|".join(rf"(?<!\w){re.escape(name)}(?!\w)" for name in names)) if names else None
        self._known: dict[tuple[str, str], str] = {}
        self._numbers: dict[str, int] = {}

    @property
    def replaced(self) -> int:
        """How many different originals were met."""
        return len(self._known)

    def text(self, text: str) -> str:
        """A text with substitutes in it."""
        if "secrets" in self._rules:
            text = _SECRET.sub(lambda found: self._for("secret", found.group(), _scrambled), text)
            text = _ASSIGNED.sub(lambda found: found[1] + self._for("secret", found[2], _scrambled), text)
        if "emails" in self._rules:
            text = _EMAIL.sub(lambda found: self._for("email", found.group(), _mailbox), text)
        if "addresses" in self._rules:
            text = _MAC.sub(lambda found: self._for("mac", found.group(), _mac), text)
            text = _IPV4.sub(lambda found: self._ipv4(found.group()), text)
            text = _IPV6.sub(lambda found: self._ipv6(found.group()), text)
        if self._names is not None:
            text = self._names.sub(lambda found: self._for("name", found.group(), _person), text)
        return text

    def plain(self, value: Plain) -> Plain:
        """Plain data with substitutes in its texts, keys included."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, Mapping):
            return {self.plain(key): self.field(key, part) for key, part in value.items()}
        if isinstance(value, list | tuple):
            return [self.plain(part) for part in value]
        return value

    def field(self, name: Plain, value: Plain) -> Plain:
        """What stands under a name: a text under one that speaks of secrets is one."""
        secret = isinstance(name, str) and "secrets" in self._rules and _SECRET_NAME.search(name) is not None
        if secret and isinstance(value, str) and len(value) >= _SHORTEST_SECRET:
            return self._for("secret", value, _scrambled)
        return self.plain(value)

    def _for(self, kind: str, original: str, substitute: Substitute) -> str:
        if (kind, original) not in self._known:
            number = self._numbers.get(kind, 0)
            self._numbers[kind] = number + 1
            self._known[kind, original] = substitute(original, number)
        return self._known[kind, original]

    def _ipv4(self, original: str) -> str:
        """Into 198.18.0.0/15, which is no one's (RFC 2544); what shares its first three parts still does."""
        address = ipaddress.IPv4Address(original)
        if address.is_loopback or address.is_unspecified or original.startswith(("255.", "198.18.", "198.19.")):
            return original
        network, _, host = original.rpartition(".")
        return f"{self._for('network', network, _network)}.{host}"

    def _ipv6(self, original: str) -> str:
        """Into 2001:db8::/32, which is for documentation (RFC 3849). What is no address stays: times, for one."""
        try:
            address = ipaddress.IPv6Address(original)
        except ValueError:
            return original
        if address.is_loopback or address.is_unspecified or original.casefold().startswith("2001:db8:"):
            return original
        return self._for("ipv6", original, lambda _, number: f"2001:db8::{number + 1:x}")


def _scrambled(original: str, number: int) -> str:
    """Other characters of the same kinds: a token keeps its length and its look."""
    if original.startswith("-----BEGIN"):
        return "[a private key]"
    noise = hashlib.shake_256(f"secret {number}".encode()).digest(len(original))
    alphabets = ("0123456789", "abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    return "".join(
        next((letters[value % len(letters)] for letters in alphabets if character in letters), character)
        for character, value in zip(original, noise, strict=True)
    )


def _mailbox(original: str, number: int) -> str:
    return f"user{number + 1}@example.org"


def _mac(original: str, number: int) -> str:
    mark = original[2]
    return mark.join(["02", "00", "00", "00", f"{number // 256 % 256:02x}", f"{number % 256:02x}"])


def _network(original: str, number: int) -> str:
    return f"198.{18 + number // 256 % 2}.{number % 256}"


def _person(original: str, number: int) -> str:
    name = f"Name{number + 1}"
    return name.upper() if original.isupper() else name.lower() if original.islower() else name
