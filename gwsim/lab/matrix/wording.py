"""Which lines of a log are in words that are believed only, not proven by a sample or a manual."""

import re
from functools import cache, lru_cache

from gwsim.vendors.vendor import LogLine, Vendor

_FIELD = re.compile(r"\{[^{}]*\}")
_FEWEST = 6
"""How many letters of a text must be fixed for a line to be recognised as made from it."""


@cache
def _texts(believed: frozenset[str]) -> tuple[re.Pattern[str], ...]:
    """Make a pattern of every text that says enough to be recognised."""
    found = []
    for text in sorted(believed):
        if sum(map(str.isalpha, _FIELD.sub("", text))) >= _FEWEST:
            parts = map(re.escape, _FIELD.split(text.strip()))
            found.append(re.compile(".*?".join(parts), re.DOTALL))
    return tuple(found)


@lru_cache(maxsize=65536)
def _recognised(text: str, believed: frozenset[str]) -> bool:
    return any(known.search(text) for known in _texts(believed))


def is_believed(vendor: Vendor, line: LogLine) -> bool:
    """Say whether a vendor counts this line's number, mnemonic or words among the believed."""
    mnemonic = line.id.rpartition("-")[2]
    if line.id and not {line.id, mnemonic}.isdisjoint(vendor.believed):
        return True
    return _recognised(line.text, vendor.believed)
