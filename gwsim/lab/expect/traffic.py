"""Expectations about traffic: inner packets that came through in ESP, and none in the clear."""

from collections.abc import Iterator

from gwsim.gateway.events import TrafficPassed
from gwsim.lab.expect.probe import Probe, Seen
from gwsim.lab.record import Record
from gwsim.lab.source import Loc
from gwsim.lab.units import Count, count
from gwsim.wire.ip import parse_ipv4

Directions = tuple[tuple[str, str], ...]


def traffic_probes(
    where: Loc, wanted: str | dict[str, bool | Count], record: Record, between: Directions
) -> Iterator[Probe]:
    """Give a probe for each direction; `both` and `none` mean those of every tunnel (`between`)."""
    if isinstance(wanted, str):
        number = count("some" if wanted == "both" else "none")
        for source, destination in (*between, *((two, one) for one, two in between)):
            yield _direction(where, source, destination, number, record)
        return
    for direction, passage in wanted.items():
        source, _, destination = (part.strip() for part in direction.partition("->"))
        number = count("some" if passage else "none") if isinstance(passage, bool) else passage
        yield _direction((*where, direction), source, destination, number, record)


def _direction(where: Loc, source: str, destination: str, wanted: Count, record: Record) -> Probe:
    way = f"{source}->{destination}"

    def look(since: float, until: float) -> Seen:
        number = record.protected(source, destination, since, until)
        return Seen(number in wanted, f"{way}: {number} packets came through in ESP")

    def moments() -> Iterator[float]:
        return (event.at for event in record.gateway(destination).of(TrafficPassed))

    return Probe(where, "", f"{way}: {wanted} packets in ESP", look, moments, adds_up=True)


def clear_text_probe(where: Loc, record: Record) -> Probe:
    """Expect that no packet between the networks travelled outside without protection."""
    packets = record.clear_text()

    def look(since: float, until: float) -> Seen:
        seen = [packet for packet in packets if since <= packet.at <= until]
        if not seen:
            return Seen(True, "no clear text")
        inner = parse_ipv4(seen[0].packet)
        text = f"{seen[0].gateway} sent {inner.source} > {inner.destination} unprotected"
        return Seen(False, f"{text} at {seen[0].at:.3f} s ({len(seen)} packets in all)")

    expected = "no clear text between the protected networks on the internet"
    return Probe(where, "", expected, look, lambda: [packet.at for packet in packets], True)
