"""Where a gateway stands at a moment: its negotiations, and how long they have been there."""

from collections.abc import Iterable
from dataclasses import dataclass

from gwsim.ike.states import State
from gwsim.lab.expect.evidence import Witness
from gwsim.lab.history import Stay
from gwsim.lab.html.moments import AT_REST
from gwsim.lab.record import Record

_MOST = 6


@dataclass(frozen=True, slots=True)
class Place:
    """One negotiation at one moment.

    `word` is the vendor's for `state`, "" where its screens show nothing; `awaits` the label of
    the message it waits for, "" at rest. It is there since `since` seconds and `lasted` so long.
    """

    phase: int
    role: str
    peer: str
    exchange: str
    word: str
    state: str
    awaits: str
    since: float
    lasted: float


@dataclass(frozen=True, slots=True)
class Standing:
    """A gateway at a moment: its negotiations, or in words why there are none."""

    gateway: str
    vendor: str
    places: tuple[Place, ...]
    nothing: str
    tunnels: int


def standing(witness: Witness, record: Record, moment: float) -> Standing:
    """Tell where a gateway stands at a moment of a run."""
    now = [stay for stay in witness.stays if stay.spell.holds(moment)]
    shown = [stay for stay in now if stay.state is not State.INSTALLED]
    peers = peer_names(record)
    return Standing(
        gateway=witness.gateway.name,
        vendor=witness.vendor.title,
        places=tuple(_place(stay, moment, peers) for stay in shown[:_MOST]),
        nothing="" if shown else _before(witness.stays, moment),
        tunnels=sum(pair.spell.holds(moment) for pair in witness.pairs),
    )


def peer_names(record: Record) -> dict[str, str]:
    """Give the names of gateways by the addresses under which their peers know them."""
    return {address: gateway.name for gateway in record.gateways for address in gateway.addresses}


def awaited(state: State) -> str:
    """Give the label a state waits for, "" for one at rest: `MAIN_WAIT_6` waits for `main-6`."""
    if state in AT_REST:
        return ""
    return state.value.lower().replace("_wait_", "-")


def _place(stay: Stay, moment: float, peers: dict[str, str]) -> Place:
    return Place(
        phase=stay.phase,
        role=stay.role.value,
        peer=peers.get(stay.peer, stay.peer),
        exchange=stay.exchange,
        word=stay.word or "",
        state=stay.state.value,
        awaits=awaited(stay.state),
        since=stay.spell.since,
        lasted=moment - stay.spell.since,
    )


def _before(stays: Iterable[Stay], moment: float) -> str:
    """Say what was there last, where nothing is there any more."""
    past = [stay for stay in stays if stay.phase == 1 and stay.spell.until <= moment]
    if not past:
        return "No negotiation has begun here."
    last = max(past, key=lambda stay: stay.spell.until)
    word = last.word or last.state.value
    return (
        f"Nothing is under way; the last negotiation ended in {word} at {last.spell.until:.3f} s."
    )
