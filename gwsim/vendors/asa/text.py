"""What a message of the ASA is before it is filled in, and the numbers it goes by."""

from dataclasses import dataclass
from enum import Enum, auto


class Head(Enum):
    """What a message begins with: `Group = g, IP = p, `, `IP = p, ` or nothing.

    GROUP falls back to the address as long as the tunnel-group is unknown.
    """

    GROUP = auto()
    IP = auto()
    NONE = auto()


@dataclass(frozen=True, slots=True)
class Text:
    """A message: its six-digit number, its severity, its words with places to fill in.

    Severity 0 (emergency) to 7 (debug) as in `%ASA-5-713119`.
    """

    id: str
    severity: int
    words: str
    head: Head = Head.GROUP
