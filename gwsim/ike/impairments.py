"""What a gateway writes wrongly, as data: which message, what is changed in it, and how.

Impairments are part of an endpoint's configuration. They are carried out at one place, where a
message is drawn up and protected (`crafting`), in the order of the table `Change`: payloads before
the HASH is computed over them, then the HASH itself, then the header, then the octets. Whoever
receives such a message knows nothing of it. The names follow libreswan's `impair` where the
meaning is the same.
"""

from dataclasses import dataclass
from enum import StrEnum

from gwsim.wire.labels import FAMILIES, LABELS, generalises


class Change(StrEnum):
    """One kind of change; `payload` and `value` below are those of the `Impairment`.

    Payloads (every one of type `payload`):

    * OMIT leaves them out, EMPTY leaves their bodies out, DUPLICATE repeats the last of them,
      FIRST_ONLY keeps the first.
    * FILL overwrites them with the octet `value`, RESIZE cuts or fills them to `value` octets,
      FLIP flips the lowest bit of their last octet.
    * ADD appends one of type `payload` with `value` zero octets.
    * ID_TYPE gives an identification the type `value`; NAME_SPIS makes a delete name SPIs that
      nobody has; ADD_NOTIFY sends a status notification along.
    * RESERVED puts `value` into the reserved octet of every generic header; CLAIM makes the
      length of the first payload wrong by `value` octets.

    Inside an SA payload: SITUATION and DOI are set to `value`, SPI to `value` in as many octets as
    it had, PROTOCOL and TRANSFORM to `value`; KEY_LENGTH_OMIT, _EMPTY, _ZERO and _DUPLICATE deal
    with the key length attribute.

    The header: MAJOR and MINOR are added to the version, FLAGS are set besides, INITIATOR_COOKIE
    and RESPONDER_COOKIE become zero, MESSAGE_ID becomes `value`, REUSED_ID the first id that this
    ISAKMP SA has used, LENGTH is wrong by `value`.

    The whole: UNPROTECTED is not encrypted; CORRUPT flips a bit of the cipher text; TRAIL appends
    `value` octets behind the end, CUT takes as many away; TWICE sends the datagram twice, ECHO
    only an encrypted one; FLOOD sends `value` others before it, each with an initiator's cookie of
    its own; WITHHOLD sends nothing at all.

    What comes later: COPY_NOTIFY_SPIS puts the cookies of the clear notify that a first message was
    answered with into its resends.
    """

    OMIT = "omit"
    EMPTY = "empty"
    DUPLICATE = "duplicate"
    FIRST_ONLY = "first-only"
    FILL = "fill"
    RESIZE = "resize"
    FLIP = "flip"
    ADD = "add"
    ID_TYPE = "id-type"
    NAME_SPIS = "name-spis"
    ADD_NOTIFY = "add-notify"
    RESERVED = "reserved"
    CLAIM = "claim"
    SITUATION = "situation"
    DOI = "doi"
    SPI = "spi"
    PROTOCOL = "protocol"
    TRANSFORM = "transform"
    KEY_LENGTH_OMIT = "key-length-omit"
    KEY_LENGTH_EMPTY = "key-length-empty"
    KEY_LENGTH_ZERO = "key-length-zero"
    KEY_LENGTH_DUPLICATE = "key-length-duplicate"
    MAJOR = "major-version"
    MINOR = "minor-version"
    FLAGS = "flags"
    INITIATOR_COOKIE = "initiator-cookie"
    RESPONDER_COOKIE = "responder-cookie"
    MESSAGE_ID = "message-id"
    REUSED_ID = "reused-id"
    LENGTH = "length"
    UNPROTECTED = "unprotected"
    CORRUPT = "corrupt"
    TRAIL = "trail"
    CUT = "cut"
    TWICE = "twice"
    ECHO = "echo"
    FLOOD = "flood"
    WITHHOLD = "withhold"
    COPY_NOTIFY_SPIS = "copy-notify-spis"


OF_PAYLOADS = frozenset(
    {
        Change.OMIT,
        Change.EMPTY,
        Change.DUPLICATE,
        Change.FIRST_ONLY,
        Change.FILL,
        Change.RESIZE,
        Change.FLIP,
        Change.ADD,
    }
)
"""Changes that need to be told which payload is meant."""


@dataclass(frozen=True, slots=True)
class Impairment:
    """One change to the messages a gateway writes.

    `message` is a label, a family of labels or `any`; `payload` a payload number, 0 where the
    change is of none; `value` is explained with the change. `occurrences` picks those of the
    messages in which there is something to change by their number, counted from 1; a resend is
    not drawn up anew. Raises ValueError for what cannot be meant.
    """

    message: str
    change: Change
    payload: int = 0
    value: int = 0
    occurrences: frozenset[int] | None = None

    def __post_init__(self) -> None:
        if self.message not in LABELS and self.message not in FAMILIES:
            raise ValueError(f"{self.message!r} is no message label")
        if self.change in OF_PAYLOADS and not 0 < self.payload < 256:
            raise ValueError(f"{self.change.value!r} needs a payload to change")
        if self.occurrences is not None and min(self.occurrences, default=0) < 1:
            raise ValueError("occurrences are counted from 1")


class Impaired:
    """The impairments of an endpoint at work: which are due, and how often each has been."""

    __slots__ = ("_all", "_seen")

    def __init__(self, impairments: tuple[Impairment, ...] = ()) -> None:
        self._all = impairments
        self._seen: dict[Impairment, int] = {}

    def reconfigure(self, impairments: tuple[Impairment, ...]) -> None:
        """Go by other impairments; one that stays goes on counting."""
        self._all = impairments
        self._seen = {one: self._seen.get(one, 0) for one in impairments}

    def of(self, label: str) -> tuple[Impairment, ...]:
        """Give what is to be done to messages of this label, whether or not it is their turn."""
        if not self._all:
            return ()
        return tuple(one for one in self._all if generalises(one.message, label))

    def turn_of(self, impairment: Impairment) -> bool:
        """Count a message that this impairment can change, and say whether it shall."""
        count = self._seen[impairment] = self._seen.get(impairment, 0) + 1
        return impairment.occurrences is None or count in impairment.occurrences
