"""The form of a message: a debug line with its prefix, or a line of the system log."""

from dataclasses import dataclass
from enum import Enum


class Head(Enum):
    """What a debug line begins with; `{conn}` is the connection id, 0 before there are keys."""

    SA = "ISAKMP:({conn}):"
    APART = "ISAKMP ({conn}): "
    PLAIN = "ISAKMP:"
    NONE = ""


@dataclass(frozen=True, slots=True)
class Text:
    """A message: its words with places to fill in, and how it begins.

    One with a `mnemonic` is of the system log, with its `facility` and `severity` as in
    `%CRYPTO-4-IKMP_BAD_MESSAGE`; one without is debug output.
    """

    words: str
    head: Head = Head.SA
    mnemonic: str = ""
    severity: int = 7
    facility: str = "CRYPTO"


def syslog(mnemonic: str, severity: int, words: str, facility: str = "CRYPTO") -> Text:
    """Give a message of the system log."""
    return Text(words, Head.NONE, mnemonic, severity, facility)
