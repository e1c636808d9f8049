"""Reading which packets a rule is about from a few words, in the project's one vocabulary.

::

    match    = ["the"] [which] subject {option}
    which    = ordinal {"," | "and" ordinal}         the 2nd, 1st and 3rd
             | "first" number                        the first 3
    subject  = message label | "main" | "aggr" | "quick" | "info"
             | protocol ["/" port] | "ip/" number    udp/4500, icmp, ip/50
             | "any"                                 every packet, labelled or not
    option   = "from" side | "to" side
             | "after" time | "until" time           10s, 1.5m, 250ms
             | number "%"                            of those that fit, at random

`esp` is the message label: a protected packet, be it in protocol 50 or in UDP. Who means the
protocol alone says `ip/50`.
"""

import re
from collections import deque
from dataclasses import replace
from difflib import get_close_matches

from gwsim.path.config import Match
from gwsim.wire.ip import ICMP, TCP, UDP
from gwsim.wire.labels import FAMILIES, LABELS

_PROTOCOLS: dict[str, int] = {"icmp": ICMP, "tcp": TCP, "udp": UDP}
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")
_UNITS: dict[str, float] = {"": 1.0, "ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}
_OPTIONS = ("from", "to", "after", "until")
_ORDINAL = re.compile(r"([0-9]{1,6})(st|nd|rd|th)")
_NUMBER = re.compile(r"[0-9]{1,6}")
_COUNT = re.compile(r"[0-9]{1,4}")
_DURATION = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,9})?)(ms|s|m|h|)")
_PERCENTAGE = re.compile(r"([0-9]{1,3}(?:\.[0-9]{1,9})?)%")
_SUBJECTS = (*LABELS, *FAMILIES, *_PROTOCOLS, "udp/500", "udp/4500", "ip/50")


class RuleSyntaxError(ValueError):
    """Words that are no rule: `word` is the offending one, `nearest` the legal ones like it."""

    def __init__(self, reason: str, word: str = "", legal: tuple[str, ...] = ()) -> None:
        self.word = word
        self.nearest = tuple(get_close_matches(word.lower(), legal, n=3, cutoff=0.6))
        hint = f"; did you mean {' or '.join(self.nearest)}?" if self.nearest else ""
        super().__init__(reason + hint)


def rule_from_text(text: str) -> Match:
    """Read `main-4`, `the 2nd quick-2`, `udp/4500 from branch`, `esp after 10s 25%`.

    Raises RuleSyntaxError, which is a ValueError, with the word that is wrong.
    """
    words = deque(text.replace(",", " and ").split())
    if not words:
        raise RuleSyntaxError("nothing says which packets are meant")
    occurrences = _occurrences(words)
    if not words:
        raise RuleSyntaxError(f"{text!r} does not say of what")
    match = replace(_subject(words.popleft()), occurrences=occurrences)
    while words:
        match = _option(match, words)
    return match


def _occurrences(words: deque[str]) -> frozenset[int] | None:
    """Take the words that count from the front; None when there are none."""
    if words[0].lower() == "the":
        words.popleft()
    if len(words) > 1 and words[0].lower() == "first" and _COUNT.fullmatch(words[1]):
        words.popleft()
        return frozenset(range(1, _at_least_one(words.popleft()) + 1))
    found: set[int] = set()
    while words and (number := _ordinal(words[0])) is not None:
        found.add(number)
        words.popleft()
        while words and words[0].lower() == "and":
            words.popleft()
    return frozenset(found) or None


def _ordinal(word: str) -> int | None:
    if word.lower() in _ORDINALS:
        return _ORDINALS.index(word.lower()) + 1
    found = _ORDINAL.fullmatch(word.lower())
    return _at_least_one(found[1], word) if found else None


def _at_least_one(digits: str, word: str = "") -> int:
    if int(digits) < 1:
        raise RuleSyntaxError(f"{word or digits!r}: counting starts at 1", word or digits)
    return int(digits)


def _subject(word: str) -> Match:
    name = word.lower()
    if name == "any":
        return Match()
    if name in LABELS or name in FAMILIES:
        return Match(label=name)
    protocol, slash, number = name.partition("/")
    if name in _PROTOCOLS:
        return Match(protocol=_PROTOCOLS[name])
    if slash and protocol == "ip" and _NUMBER.fullmatch(number) and int(number) < 256:
        return Match(protocol=int(number))
    if slash and protocol in ("udp", "tcp") and _NUMBER.fullmatch(number) and int(number) < 65536:
        return Match(protocol=_PROTOCOLS[protocol], port=int(number))
    raise RuleSyntaxError(f"{word!r} names no message and no protocol", word, _SUBJECTS)


def _option(match: Match, words: deque[str]) -> Match:
    word = words.popleft()
    share = _PERCENTAGE.fullmatch(word)
    if share and float(share[1]) <= 100:
        return replace(match, probability=float(share[1]) / 100)
    name = word.lower()
    if name not in _OPTIONS:
        raise RuleSyntaxError(f"{word!r} means nothing behind what is matched", word, _OPTIONS)
    if not words:
        raise RuleSyntaxError(f"nothing follows {word!r}", word)
    argument = words.popleft()
    match name:
        case "from":
            return replace(match, from_side=argument)
        case "to":
            return replace(match, to_side=argument)
        case "after":
            return replace(match, start=_seconds(argument))
        case _:
            return replace(match, end=_seconds(argument))


def _seconds(word: str) -> float:
    found = _DURATION.fullmatch(word.lower())
    if not found:
        raise RuleSyntaxError(f"{word!r} is no time; times are written 10s, 1.5m or 250ms", word)
    return float(found[1]) * _UNITS[found[2]]
