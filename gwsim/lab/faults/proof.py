"""What witnesses look for in a record: refusals, comparisons, packets that a rule touched."""

from collections.abc import Callable, Container, Iterator

from gwsim.gateway.events import DropCause, PacketDropped
from gwsim.ike.events import (
    AcquireFailed,
    GaveUp,
    MessageSent,
    PhaseOneCompleted,
    PhaseTwoCompleted,
    ProposalRefused,
    ProxyIdRefused,
    Rejected,
)
from gwsim.ike.flaws import Flaw
from gwsim.lab.faults.deltas import gateway_of
from gwsim.lab.faults.fault import Evidence, Testimony
from gwsim.lab.record import GatewayRecord, Record
from gwsim.path.events import PathAction, PathEvent

Witness = Callable[[Evidence], Testimony]


def at_of(evidence: Evidence) -> GatewayRecord:
    """Give the record of the gateway a fault is at."""
    return evidence.record.gateway(gateway_of(evidence.scenario, evidence.parameters))


def progress(record: Record) -> str:
    """Say how far the negotiations of a run came, for the reason why a fault did not bite."""
    for kind, words in (
        (PhaseTwoCompleted, "phase 2 completed"),
        (PhaseOneCompleted, "phase 1 completed, phase 2 did not"),
        (GaveUp, "a negotiation was given up"),
        (MessageSent, "a negotiation began"),
    ):
        if any(next(gateway.of(kind), None) for gateway in record.gateways):
            return words
    return "no negotiation began"


def refusal(flaws: Container[Flaw], what: str) -> Witness:
    """Make a witness that looks for a message refused for one of these flaws."""

    def witness(evidence: Evidence) -> Testimony:
        for gateway in evidence.record.gateways:
            for event in gateway.of(Rejected):
                if event.at >= evidence.span.start and event.flaw in flaws:
                    place = f"{gateway.name} refused {event.label} at {event.at:.1f} s"
                    return Testimony(True, f"{place}: {event.flaw.value}, {event.why}")
        return Testimony(False, f"{what}; {progress(evidence.record)}")

    return witness


def comparison(phase: int, attributes: Container[str], what: str) -> Witness:
    """Make a witness that looks for a proposal refused over one of these attributes."""

    def witness(evidence: Evidence) -> Testimony:
        for gateway in evidence.record.gateways:
            for event in gateway.of(ProposalRefused):
                for found in event.comparisons:
                    if event.phase == phase and found.attribute in attributes:
                        words = f"{found.attribute} {found.offered} offered, {found.wanted} wanted"
                        place = f"{gateway.name} refused the proposal at {event.at:.1f} s"
                        return Testimony(True, f"{place}: {words}")
        words = f"no proposal was refused over its {what}"
        return Testimony(False, f"{words}; {progress(evidence.record)}")

    return witness


def rule_bit(what: str) -> Witness:
    """Make a witness that asks the path whether the fault's rule touched a packet."""

    def witness(evidence: Evidence) -> Testimony:
        touched = evidence.record.bitten(evidence.rule)
        if touched:
            packets = "1 packet" if touched == 1 else f"{touched} packets"
            return Testimony(True, f"the path touched {packets} ({what})")
        return Testimony(False, f"no packet of this kind was seen ({what})")

    return witness


def could_not_begin(evidence: Evidence) -> Testimony:
    """Look for traffic that wanted a tunnel its gateway could not or must not start."""
    for gateway in evidence.record.gateways:
        for event in gateway.of(AcquireFailed):
            if event.at >= evidence.span.start:
                words = f"{gateway.name} could not start the tunnel at {event.at:.1f} s"
                return Testimony(True, f"{words}: {event.why}")
    return Testimony(False, f"no traffic wanted a tunnel; {progress(evidence.record)}")


def either(*witnesses: Witness) -> Witness:
    """Make a witness of several: the first that has a proof speaks, else the first of all."""

    def witness(evidence: Evidence) -> Testimony:
        told = [ask(evidence) for ask in witnesses]
        return next((testimony for testimony in told if testimony.bit), told[0])

    return witness


def dropped(cause: DropCause, what: str) -> Witness:
    """Make a witness that looks for a packet some gateway dropped for this cause."""

    def witness(evidence: Evidence) -> Testimony:
        for gateway in evidence.record.gateways:
            found = [event for event in gateway.of(PacketDropped) if event.cause is cause]
            if found:
                times = f"{len(found)} times, first at {found[0].at:.1f} s"
                return Testimony(True, f"{gateway.name} dropped a packet ({cause.value}) {times}")
        return Testimony(False, f"{what}; {progress(evidence.record)}")

    return witness


def translated(record: Record) -> bool:
    """Say whether some NAT changed a packet in this run."""
    return any(event.action is PathAction.TRANSLATED for event in record.path)


def arrivals(evidence: Evidence, gateway: str) -> Iterator[PathEvent]:
    """Walk through what reached a gateway's address while the fault was in force."""
    for event in evidence.record.path:
        reached = event.action is PathAction.FORWARDED and event.side_out == gateway
        if reached and evidence.span.start <= event.at < evidence.span.end:
            yield event


def proxy_refused(evidence: Evidence) -> Testimony:
    """Look for proxy IDs that somebody refused."""
    for gateway in evidence.record.gateways:
        for event in gateway.of(ProxyIdRefused):
            words = f"local {event.local}, remote {event.remote}"
            return Testimony(True, f"{gateway.name} refused at {event.at:.1f} s: {words}")
    return Testimony(False, f"no proxy ID was refused; {progress(evidence.record)}")


def left_clear(evidence: Evidence) -> Testimony:
    """Traffic of the tunnel left its gateway unprotected, or could not leave."""
    gateway = at_of(evidence)
    clear = [packet for packet in evidence.record.clear_text() if packet.gateway == gateway.name]
    if clear:
        words = f"{len(clear)} packets left {gateway.name} in clear text"
        return Testimony(True, f"{words}, the first at {clear[0].at:.1f} s")
    failed = next(gateway.of(AcquireFailed), None)
    if failed is not None:
        return Testimony(True, f"{gateway.name} found no policy at {failed.at:.1f} s: {failed.why}")
    return Testimony(False, f"nothing left {gateway.name} unprotected; {progress(evidence.record)}")
