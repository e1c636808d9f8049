"""The proxy IDs of quick mode: which child of ours a peer asks for (RFC 2409 5.5).

IDci is the initiator's side, IDcr the responder's. Without them the two gateways themselves are
meant. A responder may not narrow them; it accepts them or refuses them.
"""

from gwsim.ike.config import ChildConfig, ProxyPolicy
from gwsim.ike.events import ProxyIdAccepted, ProxyIdRefused
from gwsim.ike.flaws import Flaw, Refused
from gwsim.ike.inbound import Inbound
from gwsim.ike.sa import QuickMode, need
from gwsim.ike.states import Role
from gwsim.ike.turn import Turn
from gwsim.wire.errors import WireError
from gwsim.wire.ip import parse_address
from gwsim.wire.numbers import IdType
from gwsim.wire.payloads import Identification
from gwsim.wire.selector import Selector, from_identification

Match = tuple[ChildConfig, Selector, Selector]


def match(qm: QuickMode, turn: Turn, message: Inbound) -> Match:
    """Find the child whose proxy IDs fit a quick-1; gives it with our side and the peer's."""
    remote, local = _in_message(qm, message)
    children = need(qm.sa.connection, "a connection").children
    for child in children:
        if _fits(child.local, local, turn) and _fits(child.remote, remote, turn):
            turn.emit(
                ProxyIdAccepted(
                    **qm.head(turn.now),
                    message_id=qm.message_id,
                    local=str(local),
                    remote=str(remote),
                    child=child.name,
                )
            )
            return child, local, remote
    turn.emit(
        ProxyIdRefused(
            **qm.head(turn.now),
            message_id=qm.message_id,
            local=str(local),
            remote=str(remote),
            configured=tuple((str(c.local), str(c.remote)) for c in children),
        )
    )
    raise Refused(Flaw.PROXY_ID, f"no child for local {local}, remote {remote}")


def confirm(qm: QuickMode, message: Inbound, local: Selector, remote: Selector) -> None:
    """Check as initiator that a quick-2 carries the proxy IDs that we have offered."""
    answered_local, answered_remote = _in_message(qm, message)
    same = answered_local.same_traffic(local) and answered_remote.same_traffic(remote)
    if not same:
        why = f"offered local {local}, remote {remote}"
        raise Refused(Flaw.PROXY_ID, f"{why}, answered {answered_local}, {answered_remote}")


def _in_message(qm: QuickMode, message: Inbound) -> tuple[Selector, Selector]:
    """Read the initiator's and the responder's proxy ID, or imply them."""
    ids = message.every(Identification)
    if not ids:
        ours, theirs = _host(qm.sa.local[0]), _host(qm.sa.remote[0])
        return (ours, theirs) if qm.role is Role.INITIATOR else (theirs, ours)
    if len(ids) != 2:
        raise Refused(Flaw.QUICK_IDS, f"{len(ids)} identities, none or two are allowed")
    try:
        return from_identification(ids[0]), from_identification(ids[1])
    except WireError as bad:
        raise Refused(Flaw.PROXY_ID, bad.reason) from None


def _host(address: str) -> Selector:
    number = parse_address(address)
    return Selector(number, number, id_type=IdType.IPV4_ADDR)


def _fits(configured: Selector, received: Selector, turn: Turn) -> bool:
    policy = turn.behaviour.proxy
    if policy is ProxyPolicy.ANY:
        return True
    if policy is ProxyPolicy.SUBSET:
        return configured.covers(received)
    if turn.behaviour.host_equals_slash32:
        return configured.same_traffic(received)
    return configured == received
