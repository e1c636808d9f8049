"""Expectations about counters and numbers of SAs."""

from collections.abc import Iterator

from gwsim.gateway.events import DropCause, PacketDropped
from gwsim.gateway.snapshot import Snapshot
from gwsim.ike.states import State
from gwsim.lab.expect.evidence import Subject
from gwsim.lab.expect.probe import Probe, Seen
from gwsim.lab.expectations import TUNNEL_COUNTERS, SaCounts
from gwsim.lab.units import Count

# What an interface that is down swallows is counted, but not told packet by packet.
_TOLD = frozenset(cause.value for cause in DropCause if cause is not DropCause.LINK_DOWN)


def counter_probes(subject: Subject, wanted: dict[str, Count]) -> Iterator[Probe]:
    """Give a probe for each counter."""
    for name, number in wanted.items():
        if name in _TOLD:
            yield _drops(subject, name, number)
        else:
            yield _counter(subject, name, number)


def _drops(subject: Subject, name: str, wanted: Count) -> Probe:
    events = subject.witness.gateway.of(PacketDropped)
    times = [event.at for event in events if event.cause.value == name]

    def look(since: float, until: float) -> Seen:
        number = sum(since <= at <= until for at in times)
        return Seen(number in wanted, f"{name} {number}")

    expected = f"counter {name} {wanted}"
    return subject.probe(("counters", name), expected, look, lambda: times, adds_up=True)


def _counter(subject: Subject, name: str, wanted: Count) -> Probe:
    gateway = subject.witness.gateway

    def look(since: float, until: float) -> Seen:
        number = _value(subject, gateway.snapshot(until), name)
        if since > 0:
            number -= _value(subject, gateway.snapshot(since), name)
        return Seen(number in wanted, f"{name} {number}")

    expected = f"counter {name} {wanted}"
    return subject.probe(("counters", name), expected, look, subject.snapshots, adds_up=True)


def _value(subject: Subject, snapshot: Snapshot, name: str) -> int:
    if name in TUNNEL_COUNTERS:
        field = name.replace("-", "_")
        tunnels = (tunnel for tunnel in snapshot.tunnels if subject.means(tunnel.peer))
        return sum(int(getattr(tunnel, field)) for tunnel in tunnels)
    return dict(snapshot.counters).get(name, 0)


def sa_probes(subject: Subject, wanted: SaCounts) -> Iterator[Probe]:
    """Give a probe for each kind of SA whose number is expected."""
    kinds = {
        "ike": ("established ISAKMP SAs", wanted.ike),
        "half_open": ("half-open ISAKMP SAs", wanted.half_open),
        "ipsec": ("pairs of IPsec SAs", wanted.ipsec),
    }
    for kind, (words, number) in kinds.items():
        if number is not None:
            yield _sas(subject, kind, words, number)


def _sas(subject: Subject, kind: str, words: str, wanted: Count) -> Probe:
    gateway = subject.witness.gateway

    def look(_since: float, moment: float) -> Seen:
        number = _sa_count(subject, gateway.snapshot(moment), kind)
        return Seen(number in wanted, f"{number} {words}")

    return subject.probe(("sas", kind), f"{wanted} {words}", look, subject.snapshots)


def _sa_count(subject: Subject, snapshot: Snapshot, kind: str) -> int:
    if kind == "ipsec":
        return sum(subject.means(sa.negotiated.peer) for sa in snapshot.ipsec)
    return sum(
        subject.means(sa.peer) and (sa.state == State.ESTABLISHED) is (kind == "ike")
        for sa in snapshot.ike.sas
    )
