"""Expectations about what was on the wire: labels, how often, from whom, in which order."""

from collections.abc import Iterator

from gwsim.lab.expect.probe import Probe, Seen
from gwsim.lab.expectations import LabelExpectation, WireExpectation
from gwsim.lab.record import Record
from gwsim.lab.source import Loc
from gwsim.lab.units import count
from gwsim.path.events import PathAction
from gwsim.wire.labels import generalises


def wire_probes(where: Loc, wanted: WireExpectation, record: Record) -> Iterator[Probe]:
    """Give the probes for every label of one block, and for their order."""
    for label, entry in wanted.named.items():
        yield _label((*where, label), label, entry, record)
    if wanted.order is not None:
        yield _order((*where, "order"), wanted.order, record)


def _label(where: Loc, label: str, entry: LabelExpectation, record: Record) -> Probe:
    number = count("some") if entry.count is None else entry.count
    times = _delivered(label, entry, record) if entry.delivered else _sent(label, entry, record)
    sender = f" from {entry.source}" if entry.source else ""
    what = f"{label}{sender}{' delivered' if entry.delivered else ''}"

    def look(since: float, until: float) -> Seen:
        seen = sum(since <= at <= until for at in times)
        return Seen(seen in number, f"{what}: {seen}")

    return Probe(where, entry.source or "", f"{what}: {number}", look, lambda: times, True)


def _sent(label: str, entry: LabelExpectation, record: Record) -> list[float]:
    return [
        packet.at
        for packet in record.departures
        if generalises(label, packet.label) and entry.source in (None, packet.gateway)
    ]


def _delivered(label: str, entry: LabelExpectation, record: Record) -> list[float]:
    """List when messages came out on the other side; one in fragments comes once, at the last."""
    times = {
        (event.packet, event.copy): event.at
        for event in record.path
        if event.action is PathAction.FORWARDED
        and generalises(label, event.label)
        and entry.source in (None, event.side_in)
    }
    return list(times.values())


def _order(where: Loc, labels: tuple[str, ...], record: Record) -> Probe:
    def look(since: float, until: float) -> Seen:
        seen = [packet.label for packet in record.departures if since <= packet.at <= until]
        first = list(dict.fromkeys(label for label in seen if label))
        places = [_first(wanted, first) for wanted in labels]
        ok = None not in places and places == sorted(p for p in places if p is not None)
        return Seen(ok, ", ".join(first) or "nothing on the wire")

    expected = f"first seen in this order: {', '.join(labels)}"
    return Probe(where, "", expected, look, lambda: [p.at for p in record.departures], True)


def _first(wanted: str, labels: list[str]) -> int | None:
    return next((i for i, label in enumerate(labels) if generalises(wanted, label)), None)
