"""Which cells the matrix has: read out of the fault catalogue and the registry of vendors."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from gwsim.lab.faults.catalogue import CATALOGUE
from gwsim.lab.faults.fault import Fault
from gwsim.lab.faults.stage import Stage, Where
from gwsim.lab.matrix.setting import SETTINGS
from gwsim.vendors.registry import VENDORS

HEALTHY = "healthy"
"""The row without any fault, for comparison."""

_EITHER_END = (Where.INITIATOR, Where.RESPONDER)


@dataclass(frozen=True, slots=True, order=True)
class Coordinates:
    """One cell: a fault on one of its stages, where it sits, the setting, and the two vendors.

    `variant` names the stage, "" for the usual one. Who sits where is seen from who begins.
    """

    fault: str
    variant: str
    where: Where
    setting: str
    initiator: str
    responder: str

    @property
    def cause(self) -> str:
        """The fault with its variant, as people name it: `drop (main-4)`."""
        return f"{self.fault} ({self.variant})" if self.variant else self.fault

    @property
    def pair(self) -> tuple[str, str]:
        """The vendors of initiator and responder."""
        return self.initiator, self.responder

    def vendor(self, where: Where) -> str:
        """Give the vendor of one end."""
        return self.initiator if where is Where.INITIATOR else self.responder

    @property
    def stage(self) -> Stage:
        """The circumstances; raises KeyError for a variant that the fault does not have."""
        if self.fault == HEALTHY:
            return Stage()
        for stage in CATALOGUE[self.fault].stages:
            if stage.variant == self.variant:
                return stage
        raise KeyError(self.variant)


def places(fault: Fault, stage: Stage) -> tuple[Where, ...]:
    """Say where a fault can sit: as its stage says, else at what it can be told."""
    if stage.places is not None:
        return stage.places
    fields = fault.parameters.model_fields
    if "at" in fields:
        return _EITHER_END
    return (Where.BOTH, *_EITHER_END) if "source" in fields else (Where.BOTH,)


def every(
    faults: Sequence[str] | None = None,
    vendors: Iterable[str] | None = None,
    settings: Iterable[str] | None = None,
    pairs: Iterable[tuple[str, str]] | None = None,
) -> Iterator[Coordinates]:
    """Walk through the cells; None means all there are, and with all faults the healthy rows.

    `pairs` are the vendors of initiator and responder; not given, every two of `vendors`.
    """
    chosen = list(VENDORS if vendors is None else vendors)
    if pairs is None:
        pairs = [(one, other) for one in chosen for other in chosen]
    names = [HEALTHY, *CATALOGUE] if faults is None else list(faults)
    together = list(pairs)
    kinds = list(SETTINGS if settings is None else settings)
    for name in names:
        for variant, where, setting in _stagings(name, kinds):
            for initiator, responder in together:
                yield Coordinates(name, variant, where, setting, initiator, responder)


def _stagings(name: str, settings: Sequence[str]) -> Iterator[tuple[str, Where, str]]:
    if name == HEALTHY:
        yield from (("", Where.BOTH, setting) for setting in settings)
        return
    fault = CATALOGUE[name]
    for stage in fault.stages:
        fitting = [one for one in settings if stage.settings is None or one in stage.settings]
        for where in places(fault, stage):
            yield from ((stage.variant, where, setting) for setting in fitting)
