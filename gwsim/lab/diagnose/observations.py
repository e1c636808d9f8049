"""What a person has: a few words, pasted lines, a screen, counters, the outline of a capture."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from gwsim.lab.diagnose.observables import Kind
from gwsim.lab.faults.stage import Where


@dataclass(frozen=True, slots=True)
class EndView:
    """What is known of one end.

    `vendor` is a name of the registry, None when nobody knows. `state` are the words it stands at
    ("none" for no SA at all), `passed` those it was seen in. `log` holds lines of its log or of a
    debug as the device prints them, `screens` whole screens, `counters` numbers by name
    (`decaps`, `encaps`, or a cause of drops). `whole` names the kinds of things of which this is
    everything there ever was, so that what is missing here did not happen.
    """

    vendor: str | None = None
    state: tuple[str, ...] = ()
    passed: tuple[str, ...] = ()
    flapping: bool | None = None
    log: tuple[str, ...] = ()
    screens: tuple[str, ...] = ()
    counters: Mapping[str, int] = field(default_factory=dict)
    whole: frozenset[Kind] = frozenset()


@dataclass(frozen=True, slots=True)
class Sighting:
    """Messages of one label on the wire: who sent them, how many, and how many arrived.

    `arrived` is None where the capture was taken at one place only. With 0 for `sent` the capture
    should have them and has not: they did not arrive, whether they were sent or not.
    """

    label: str
    sender: Where
    sent: int = 1
    arrived: int | None = None


@dataclass(frozen=True, slots=True)
class Observations:
    """Everything a person has, of both ends; `symptoms` are plain words (see `symptoms`)."""

    initiator: EndView = EndView()
    responder: EndView = EndView()
    symptoms: tuple[str, ...] = ()
    wire: tuple[Sighting, ...] = ()

    def end(self, where: Where) -> EndView:
        """Give what is known of one end."""
        return self.initiator if where is Where.INITIATOR else self.responder
