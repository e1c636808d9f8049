"""What is known of a run once everything is gone that differs from lab to lab.

A cell holds texts, numbers and tuples of them only, so that it travels between processes and
into files. Two cells are equal when nobody could tell the two runs apart.
"""

from dataclasses import dataclass
from enum import StrEnum

from gwsim.lab.faults.stage import Where
from gwsim.lab.matrix.coordinates import Coordinates
from gwsim.vendors.registry import VENDORS

_SCALE = ((100, "100+"), (10, "10+"), (2, "2+"), (1, "1"), (0, "0"))


def times(count: int) -> str:
    """Give the order of magnitude of a count: 0, 1, 2+, 10+, 100+."""
    return next(word for least, word in _SCALE if count >= least)


class Ending(StrEnum):
    """What became of the tunnel; a tunnel without traffic is not one that never came up."""

    NEVER_UP = "never up"
    HALF_UP = "up at one end only"
    NO_TRAFFIC = "up, no traffic"
    ONE_WAY = "up, traffic one way"
    LOSSY = "up, traffic with losses"
    LOST = "was up, then no traffic"
    UP = "up"
    CLEAR = "traffic in clear text"


@dataclass(frozen=True, slots=True)
class Message:
    """A message of a vendor's log: `id` is its number or mnemonic, `text` its pattern.

    `count` is how often it stood there, `debug` whether only a debug command shows it, `believed`
    whether its wording is general knowledge of the device only.
    """

    id: str
    text: str
    count: int
    debug: bool = False
    believed: bool = False


@dataclass(frozen=True, slots=True)
class Passed:
    """A state in which phase 1 was: the engine's name, the vendor's word (None: it shows none).

    `share` is the part of the time since somebody wanted the tunnel, `entered` how many times.
    """

    state: str
    word: str | None
    share: float
    entered: int

    @property
    def name(self) -> str:
        """The vendor's word, or the engine's where the vendor has none."""
        return self.word or self.state


@dataclass(frozen=True, slots=True)
class EndCell:
    """What one end shows.

    `passed` are the states of phase 1 in the order in which they were first entered; `rest` is
    where it spent most of its time ("none" without any phase 1), `last` where it stood at the
    end. `established` counts ISAKMP SAs that came up and `pairs` pairs of IPsec SAs. `notifies`
    are those it sent and received, `drops` its drops by cause, `screens` what its commands
    printed at one moment or another. `guesses` are the habits that came into play of which no
    source says that its gateways have them.
    """

    vendor: str
    passed: tuple[Passed, ...]
    rest: str
    last: str
    established: int
    pairs: int
    encapsulated: int
    decapsulated: int
    drops: tuple[tuple[str, int], ...]
    notifies_sent: tuple[str, ...]
    notifies_received: tuple[str, ...]
    messages: tuple[Message, ...]
    screens: tuple[tuple[str, tuple[str, ...]], ...]
    guesses: tuple[str, ...] = ()

    @property
    def flapping(self) -> bool:
        """Whether phase 1 came up again and again."""
        return self.established > 2

    @property
    def unseen(self) -> bool:
        """Whether this is a vendor of which little is known: some of its wire, and no screens."""
        return bool(VENDORS[self.vendor].unseen)

    @property
    def believed(self) -> bool:
        """Whether something that it says or does is general knowledge of the device only."""
        words = any(message.believed for message in self.messages)
        return self.unseen or bool(self.guesses) or words


@dataclass(frozen=True, slots=True)
class OnWire:
    """Messages of one label that an end sent, and how many of them reached the other."""

    label: str
    sender: Where
    sent: int
    arrived: int


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of the matrix.

    `bit` says whether the fault took effect, `why` is the witness's proof. `forth` and `back`
    count inner packets that arrived protected at the responder and at the initiator, `answered`
    of `asked` the pings of the initiator's side that came back.
    """

    at: Coordinates
    bit: bool
    why: str
    ending: Ending
    initiator: EndCell
    responder: EndCell
    wire: tuple[OnWire, ...]
    asked: int
    answered: int
    forth: int
    back: int

    def end(self, where: Where) -> EndCell:
        """Give one end."""
        return self.initiator if where is Where.INITIATOR else self.responder

    @property
    def believed(self) -> bool:
        """Whether something of either end is general knowledge only."""
        return self.initiator.believed or self.responder.believed
