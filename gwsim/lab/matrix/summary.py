"""From the record of a run to its cell."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from gwsim.gateway.events import PacketDropped
from gwsim.ike.events import NotifyReceived, NotifySent
from gwsim.ike.states import State
from gwsim.lab.compile import compile_scenario
from gwsim.lab.expect.evidence import Witness
from gwsim.lab.faults.catalogue import witnesses
from gwsim.lab.faults.fault import Testimony
from gwsim.lab.faults.stage import Where
from gwsim.lab.history import Spell, Stay
from gwsim.lab.matrix.cell import Cell, EndCell, Message, OnWire, Passed
from gwsim.lab.matrix.coordinates import Coordinates
from gwsim.lab.matrix.endings import ending
from gwsim.lab.matrix.ground import USUAL, Ground
from gwsim.lab.matrix.patterns import nameless, pattern, patterns
from gwsim.lab.matrix.screens import plain_commands
from gwsim.lab.matrix.staging import staged
from gwsim.lab.matrix.wording import is_believed
from gwsim.lab.plan import Plan
from gwsim.lab.record import GatewayRecord, Record
from gwsim.lab.runner import play
from gwsim.lab.runtimes.sim import SimRuntime
from gwsim.path.events import PathAction
from gwsim.vendors.habits import shown
from gwsim.vendors.registry import VENDORS
from gwsim.wire.numbers import NotifyType, name_of

NONE = "none"
"""The state of an end without any phase 1."""

_LOOKS = (0.2, 0.5, 1.0)
"""The parts of a run after which somebody looks at the screens."""

Names = Callable[[str], str]


def looks(plan: Plan) -> tuple[float, ...]:
    """Give the moments at which somebody looks at the screens, in seconds."""
    return tuple(plan.duration * part for part in _LOOKS)


def run_cell(at: Coordinates, ground: Ground = USUAL) -> tuple[Record, Testimony]:
    """Make the run of a cell; gives its record and what the fault's witness says of it."""
    scenario = staged(at, ground)
    plan = compile_scenario(scenario)
    record = play(plan, SimRuntime(), looks=looks(plan))
    told = witnesses(scenario, record)
    return record, told[0] if told else Testimony(True, "nothing is wrong")


def compute_cell(at: Coordinates, ground: Ground = USUAL, brief: bool = False) -> Cell:
    """Compute one cell; a `brief` one is without screens and debug messages."""
    record, told = run_cell(at, ground)
    return cell_of(at, record, told, ground, brief)


def cell_of(
    at: Coordinates, record: Record, told: Testimony, ground: Ground, brief: bool = False
) -> Cell:
    """Give what is known of a run."""
    first, second = ground.initiator.name, ground.responder.name
    names = nameless((first, second))
    ends = tuple(_end(name, record, names, brief) for name in (first, second))
    forth, back = record.protected(first, second), record.protected(second, first)
    mine = [echo for echo in record.echoes if echo.source.startswith(f"{first}.")]
    return Cell(
        at=at,
        bit=told.bit,
        why=told.why,
        ending=ending(record, (ends[0].pairs, ends[1].pairs), forth, back),
        initiator=ends[0],
        responder=ends[1],
        wire=tuple(_wire(record, first, second)),
        asked=len(mine),
        answered=sum(echo.answered is not None for echo in mine),
        forth=forth,
        back=back,
    )


def _end(name: str, record: Record, names: Names, brief: bool) -> EndCell:
    gateway = record.gateway(name)
    witness = Witness(gateway, VENDORS[gateway.vendor], record)
    passed, rest, last = _states(witness.stays, record.duration)
    snapshot = gateway.snapshots[-1]
    drops = Counter(drop.cause.value for drop in gateway.of(PacketDropped))
    return EndCell(
        vendor=gateway.vendor,
        passed=passed,
        rest=rest,
        last=last,
        established=sum(stay.state is State.ESTABLISHED for stay in witness.stays),
        pairs=len(witness.pairs),
        encapsulated=sum(tunnel.encapsulated for tunnel in snapshot.tunnels),
        decapsulated=sum(tunnel.decapsulated for tunnel in snapshot.tunnels),
        drops=tuple(sorted(drops.items())),
        notifies_sent=_notifies(gateway.of(NotifySent)),
        notifies_received=_notifies(gateway.of(NotifyReceived)),
        messages=tuple(_messages(witness, names, brief)),
        screens=() if brief else tuple(_screens(witness, names)),
        guesses=_guesses(gateway),
    )


def _guesses(gateway: GatewayRecord) -> tuple[str, ...]:
    """Name the habits that came into play and that no source shows."""
    proven = VENDORS[gateway.vendor].proven
    traits = shown(gateway.events, gateway.config) if gateway.config else frozenset()
    return tuple(sorted(trait.value for trait in traits if trait not in proven))


def _notifies(events: Iterable[NotifySent | NotifyReceived]) -> tuple[str, ...]:
    """Name the notifies, each once, with a word for those in the clear."""
    named = (
        name_of(NotifyType, event.notify_type) + ("" if event.protected else " in the clear")
        for event in events
    )
    return tuple(dict.fromkeys(named))


def _states(stays: Iterable[Stay], end: float) -> tuple[tuple[Passed, ...], str, str]:
    """Give the states of phase 1 that were passed, the one of most time, and the last one."""
    phase1 = [stay for stay in stays if stay.phase == 1]
    if not phase1:
        return (), NONE, NONE
    begun = phase1[0].spell.since
    words: dict[State, list[Stay]] = {}
    for stay in phase1:
        words.setdefault(stay.state, []).append(stay)
    spent = {state: _covered((stay.spell for stay in found), end) for state, found in words.items()}
    span = max(end - begun, 1e-9)
    passed = tuple(
        Passed(state.value, found[0].word, round(spent[state] / span, 3), len(found))
        for state, found in words.items()
    )
    idle = end - begun - _covered((stay.spell for stay in phase1), end)
    longest = max(spent, key=lambda state: spent[state])
    rest = NONE if idle > spent[longest] else words[longest][0].word or longest.value
    now = [stay for stay in phase1 if stay.spell.holds(end)]
    return passed, rest, (now[-1].word or now[-1].state.value) if now else NONE


def _covered(spells: Iterable[Spell], end: float) -> float:
    """Give the seconds up to `end` that at least one spell covers."""
    total, reached = 0.0, 0.0
    for spell in sorted(spells):
        since, until = max(spell.since, reached), min(spell.until, end)
        if until > since:
            total += until - since
            reached = until
    return total


def _messages(witness: Witness, names: Names, brief: bool) -> Iterator[Message]:
    """Give the messages of a log, each pattern once, in the order of their first appearance."""
    counts: Counter[tuple[str, str, bool]] = Counter()
    believed: dict[tuple[str, str, bool], bool] = {}
    lines = (line for line in witness.lines if not (brief and line.debug))
    repeated = Counter(replace(line, at=0.0) for line in lines)
    for line, number in repeated.items():
        for place, part in enumerate(line.text.splitlines()):
            text = pattern(names(part))
            if not text:
                continue
            key = (line.id if place == 0 else "", text, line.debug)
            counts[key] += number
            if key not in believed:
                believed[key] = is_believed(witness.vendor, line)
    for key, count in counts.items():
        yield Message(*key[:2], count, key[2], believed[key])


def _screens(witness: Witness, names: Names) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Give what the commands that show the present printed when somebody looked."""
    moments = [snapshot.now for snapshot in witness.gateway.snapshots]
    for command in plain_commands(witness.vendor):
        seen: dict[str, None] = {}
        for moment in moments:
            seen.update(dict.fromkeys(patterns(witness.shown(command, moment), names)))
        yield command, tuple(seen)


def _wire(record: Record, first: str, second: str) -> Iterator[OnWire]:
    """Count messages by label and sender, and those that reached the other end."""
    sent: Counter[tuple[str, str]] = Counter()
    arrived: Counter[tuple[str, str]] = Counter()
    for departure in record.departures:
        if departure.label:
            sent[departure.label, departure.gateway] += 1
    other = {first: second, second: first}
    for event in record.path:
        if event.action is PathAction.FORWARDED and event.label and event.side_out in other:
            arrived[event.label, other[event.side_out]] += 1
    ends = {first: Where.INITIATOR, second: Where.RESPONDER}
    for key, count in sent.items():
        yield OnWire(key[0], ends[key[1]], count, arrived[key])
