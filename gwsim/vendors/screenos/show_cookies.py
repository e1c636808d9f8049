"""`get ike cookies`: every phase 1, done or on its way."""

from gwsim.ike.events import LifetimeCompared, MessageReceived, MessageSent
from gwsim.ike.snapshot import IkeSaSnapshot
from gwsim.ike.states import Role
from gwsim.vendors.screenos import words
from gwsim.vendors.screenos.algorithms import cookie_algorithms
from gwsim.vendors.screenos.behaviour import BEHAVIOUR
from gwsim.vendors.screenos.debug_messages import life, transforms_of
from gwsim.vendors.screenos.states import progress
from gwsim.vendors.vendor import View
from gwsim.wire.numbers import Phase1Attribute
from gwsim.wire.payloads import Transform


def get_ike_cookies(view: View) -> str:
    """List every ISAKMP SA; one that has been renewed is dead and waits to be removed."""
    sas = view.snapshot.ike.sas
    dead = sum(sa.replaced for sa in sas)
    lines = [f"Active: {len(sas) - dead}, Dead: {dead}, Total {len(sas)}"]
    for sa in sas:
        lines += ["", *_sa(view, sa)]
    return "".join(line + "\n" for line in lines)


def _sa(view: View, sa: IkeSaSnapshot) -> list[str]:
    now, initiator = view.snapshot.now, sa.role == Role.INITIATOR
    done = progress(sa.state)
    ends = f"{sa.local}:{sa.local_port}->{sa.peer}:{sa.peer_port}"
    name = f"({sa.connection}/grp-1/usr-1)"
    offer = _offer(view, sa)
    ours, received = _lifetimes(view, sa, offer)
    resend = words.RESEND_TIMER_IDLE
    if sa.next_resend is not None:
        resend = max(0, round(sa.next_resend - now))
    rekey = 0 if sa.rekey_at is None else max(0, int(sa.rekey_at - now))
    return [
        f"{done.flags:04x}/{done.step:04d}, {ends}, {_algorithms(sa, offer)}, "
        f"xchg({sa.last_exchange}) {name}",
        f"resent-tmr {resend} lifetime {ours} lt-recv {received} nxt_rekey {rekey} cert-expire 0",
        f"{sa.role}, err cnt {sa.retransmissions}, send dir {int(not initiator)}, cond 0x0",
        _nat(sa),
        "ike heartbeat              : disabled",
        "ike heartbeat last rcv time: 0",
        "ike heartbeat last snd time: 0",
        "XAUTH status: 0",
        f"DPD seq local {sa.dpd_sent}, peer {sa.dpd_received}",
    ]


def _offer(view: View, sa: IkeSaSnapshot) -> Transform | None:
    """Find the first transform that was offered for an SA, by either side."""
    for event in view.since_start:
        if event.sa == sa.number and isinstance(event, MessageSent | MessageReceived):
            for transform in transforms_of(event.payloads):
                return transform
    return None


def _algorithms(sa: IkeSaSnapshot, offer: Transform | None) -> str:
    """Name what was agreed, or before that what was offered first."""
    if sa.encryption is not None and sa.group is not None and sa.hash is not None:
        who = sa.authentication or 0
        return cookie_algorithms(who, sa.group, sa.encryption, sa.key_bits, sa.hash)
    if offer is None:
        return cookie_algorithms(0, 0, 0, None, 0)
    get = offer.get
    return cookie_algorithms(
        get(Phase1Attribute.AUTHENTICATION_METHOD) or 0,
        get(Phase1Attribute.GROUP_DESCRIPTION) or 0,
        get(Phase1Attribute.ENCRYPTION) or 0,
        get(Phase1Attribute.KEY_LENGTH),
        get(Phase1Attribute.HASH) or 0,
    )


def _lifetimes(view: View, sa: IkeSaSnapshot, offer: Transform | None) -> tuple[int, int]:
    """Give the lifetime in force (or offered) and the one the peer sent, 0 before it came."""
    received = 0
    for event in view.since_start:
        if isinstance(event, LifetimeCompared) and (event.sa, event.phase) == (sa.number, 1):
            received = event.theirs or 0
    ours = sa.lifetime_seconds
    if ours is None:
        ours = life(offer, 1).seconds if offer else 0
    return ours, received


def _nat(sa: IkeSaSnapshot) -> str:
    if not (sa.nat_local or sa.nat_peer):
        return "nat-traversal map not available"
    address, port = ("0.0.0.0", 0)
    if sa.nat_local:
        address, port = sa.local, sa.local_port
    return words.NAT_MAP.format(keepalive=BEHAVIOUR.keepalive, address=address, port=port)
