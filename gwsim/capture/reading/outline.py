"""The outline of a capture: who talks to whom, how far they come, and what else there is."""

from collections import Counter, OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from gwsim.capture.reading.datagrams import Datagram, Sorter
from gwsim.capture.reading.dialogue import Dialogue
from gwsim.capture.reading.files import CaptureFile, Frame, Stream
from gwsim.capture.reading.unsealing import Unsealing

MOST_DIALOGUES = 256
"""How many pairs of addresses are followed; datagrams of further ones are counted."""


@dataclass(slots=True)
class Outline:
    """What is in a capture: dialogues in the order of their beginning, and counts.

    `start` and `end` are the times of the first and the last frame, in seconds since 1970.
    `others` counts frames of other traffic by name, `beyond` datagrams of dialogues too many.
    `cut_off` is true when the file ends in the middle of something.
    """

    start: float = 0.0
    end: float = 0.0
    frames: int = 0
    dialogues: tuple[Dialogue, ...] = ()
    others: Counter[str] = field(default_factory=Counter)
    beyond: int = 0
    cut_off: bool = False


def read_outline(
    stream: Stream, keys: Mapping[bytes, bytes] | None = None, peers: Iterable[str] = ()
) -> Outline:
    """Read a capture from front to back; raises CaptureError for what cannot be read.

    `keys` open encrypted messages, by initiator's cookie. With `peers` only dialogues in which
    one of these addresses takes part are followed.
    """
    file = CaptureFile(stream)
    outline = Outline()
    sorter = Sorter()
    dialogues: OrderedDict[frozenset[str], Dialogue] = OrderedDict()
    unsealing, wanted = Unsealing(keys or {}), set(peers)
    for datagram in sorter.datagrams(_timed(file, outline)):
        pair = frozenset(datagram.about if datagram.about[0] else _ends(datagram))
        if len(pair) < 2 or (wanted and not wanted & pair):
            continue
        dialogue = dialogues.get(pair)
        if dialogue is None and not datagram.note:
            if len(dialogues) < MOST_DIALOGUES:
                dialogue = dialogues[pair] = Dialogue(datagram, unsealing)
            else:
                outline.beyond += 1
        if dialogue is not None:
            dialogue.take(datagram)
    outline.frames, outline.others = sorter.frames, sorter.others
    outline.dialogues, outline.cut_off = tuple(dialogues.values()), file.cut_off
    return outline


def _ends(datagram: Datagram) -> tuple[str, str]:
    return datagram.source, datagram.destination


def _timed(file: CaptureFile, outline: Outline) -> Iterable[Frame]:
    first = True
    for frame in file:
        outline.start = frame.at if first else min(outline.start, frame.at)
        outline.end = frame.at if first else max(outline.end, frame.at)
        first = False
        yield frame
