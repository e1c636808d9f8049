"""What a line looks like once everything is gone that differs from lab to lab.

Addresses become `<ip>`, times `<time>`, numbers and identifiers `<n>`, dumps `<octets>`, algorithms
`<alg>`, blotted keys `<key>`, names of domains and identities that are no text `<id>`, names of
gateways `<name>`. A 0 stays, because nothing and something are not alike (`#pkts decaps: 0`); so do
numbers that are names: phases, errors, notifies.
"""

import re
from collections.abc import Callable, Iterable
from functools import lru_cache

NAME = "<name>"

_KEPT = (
    r"(?P<kept>(?i:\b(?:phase[ -]?[12]|error[= ]\d{1,3}|doi[ <]{1,2}\d+>?(?: <?\d+>?)?)(?!\w))"
    r"|\bP[12]\b)"
)
_ADDRESS = r"(?P<ip>\b(?:\d{1,3}\.){3}\d{1,3}(?:/\d+(?:\.\d+){0,3})?(?::\d+)?\b)"
_DAY = (
    r"(?P<day>\b(?:[A-Z][a-z]{2} )?[A-Z][a-z]{2} {1,2}\d{1,2}(?:,? \d{4})?(?= |$)"
    r"|\d{4}-\d\d-\d\d)"
)
_TIME = r"(?P<time>\b\d+h:\d+m:\d+s\b|\b\d{1,2}:\d\d(?::\d\d(?:[.,]\d+)?)?\b(?!\.\d))"
_OCTETS = r"(?P<octets>\b[0-9a-fA-F]{2}(?: [0-9a-fA-F]{2}){3,}\b)"
_ALGORITHM = (
    r"(?P<alg>(?i:\b(?:esp-)?(?:\d{3}-)?"
    r"(?:3?des|aes|rijndael|hmac|md5|sha|a(?:128|192|256)|grp\d{1,2})"
    r"(?:[-_/ ]?(?:cbc?|gcm|ctr|ede|hmac|md5|sha|128|192|256|384|512|96)|[12])*\b))"
)
_IDENTITY = (
    r"(?P<id>(?<!\S)\S*\\x[0-9a-f]{2}\S*"
    r"|\b[a-z0-9][a-z0-9-]*(?:\.[a-z][a-z0-9-]*){2,}\b)"
)
_SECRET = r"(?P<key>\*{4,}(?:-\*+)*)"
_NUMBER = (
    r"(?P<n>(?:(?<=seqno=)|(?<=-seq: ))[0-9a-f]+\b|\b0x[0-9a-fA-F]+\b"
    r"|\b(?=[a-fA-F]*\d)[0-9a-fA-F]{6,}\b|\b\d+(?:\.\d+)?(?:ms|[smhd])?\b)"
)
_VARYING = re.compile(
    "|".join((_KEPT, _OCTETS, _ADDRESS, _DAY, _TIME, _IDENTITY, _ALGORITHM, _SECRET, _NUMBER))
)
_BLANKS = re.compile(r"\s+")
_SEVERAL = re.compile(r"<alg>(?:[ ,/]*<(?:alg|n)>)*")
_ALL_ZERO = re.compile(r"(?:0x)?0+(?:\.0+)?(?:ms|[smhd])?")


def _written(found: re.Match[str]) -> str:
    kind = found.lastgroup
    text = found[0]
    if kind == "kept":
        return text
    if kind == "n":
        return "0" if _ALL_ZERO.fullmatch(text) else "<n>"
    return "<time>" if kind == "day" else f"<{kind}>"


@lru_cache(maxsize=65536)
def pattern(line: str) -> str:
    """Give what is left of a line when its addresses, numbers, times and algorithms are gone."""
    general = _VARYING.sub(_written, line)
    return _SEVERAL.sub("<alg>", _BLANKS.sub(" ", general)).strip()


def patterns(text: str, names: Callable[[str], str] = str) -> tuple[str, ...]:
    """Give the patterns of all lines of a text, each once, blank ones left out.

    `names` takes the names of gateways and the like out of a line first.
    """
    found = (pattern(names(line)) for line in text.splitlines())
    return tuple(dict.fromkeys(line for line in found if line))


def nameless(names: Iterable[str]) -> Callable[[str], str]:
    """Give a function that puts `<name>` where one of these names stands as a word."""
    listed = sorted(names, key=len, reverse=True)
    if not listed:
        return str
    words = "|".join(map(re.escape, listed))
    known = re.compile(rf"(?<![A-Za-z0-9])(?:{words})(?![A-Za-z0-9])")
    # Few lines have any, and looking for a plain text is a tenth of the price.
    return lambda line: known.sub(NAME, line) if any(n in line for n in listed) else line
