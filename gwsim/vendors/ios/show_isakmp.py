"""`show crypto isakmp sa` and its detailed form: the ISAKMP SAs, and for a minute what was one.

Layout: vendor sheet, IOS 12.4T to 15.x; blanks at line ends are the device's own.
"""

from dataclasses import dataclass

from gwsim.gateway.events import GatewayStarted
from gwsim.ike.events import PhaseOneClosed, Rejected
from gwsim.ike.snapshot import IkeSaSnapshot
from gwsim.ike.states import Role
from gwsim.vendors.ios.log_errors import ends_at_once
from gwsim.vendors.ios.names import POLICY_HASH
from gwsim.vendors.ios.numbering import FIRST, Numbering
from gwsim.vendors.ios.states import DELETED, state_word
from gwsim.vendors.ios.words import DELETED_DETAIL, NO_ENGINE
from gwsim.vendors.vendor import View

REMEMBERED = 60.0
"""Seconds for which a deleted SA is shown."""

_HEAD = "IPv4 Crypto ISAKMP SA\n"
_FOOT = "\nIPv6 Crypto ISAKMP SA\n\n"
_COLUMNS = "dst             src             state          conn-id status\n"
_CODES = """\
Codes: C - IKE configuration mode, D - Dead Peer Detection
       K - Keepalives, N - NAT-traversal
       T - cTCP encapsulation, X - IKE Extended Authentication
       psk - Preshared key, rsig - RSA signature
       renc - RSA encryption
"""
_DETAIL_COLUMNS = (
    "\nC-id  Local           Remote          I-VRF  Status Encr Hash   Auth DH Lifetime Cap.\n\n"
)
_CIPHERS = {1: "des", 5: "3des", 7: "aes"}
_PROOFS = {1: "psk", 3: "rsig", 4: "renc"}


@dataclass(frozen=True, slots=True)
class Remains:
    """A deleted SA that is still remembered; `conn` is 0 for one that never had keys."""

    peer: str
    role: Role
    exchange: str
    conn: int
    cookie: str


def deleted(view: View) -> list[Remains]:
    """List the SAs that ended not longer than REMEMBERED seconds ago, the latest first."""
    numbers = Numbering()
    found: dict[str, Remains] = {}
    for event in view.events:
        numbers.take(event)
        recent = view.snapshot.now - event.at < REMEMBERED
        match event:
            case GatewayStarted():
                found.clear()
            case PhaseOneClosed() if recent:
                found[event.initiator_cookie] = Remains(
                    event.peer,
                    event.role,
                    event.exchange,
                    numbers.isakmp(event.sa),
                    event.initiator_cookie,
                )
            case Rejected() if recent and ends_at_once(event):
                exchange = "main" if event.label == "main-1" else "aggressive"
                cookie = event.initiator_cookie
                found[cookie] = Remains(event.peer, Role.RESPONDER, exchange, 0, cookie)
    alive = {sa.initiator_cookie for sa in view.snapshot.ike.sas}
    return [gone for gone in reversed(found.values()) if gone.cookie not in alive]


def isakmp_sa(view: View) -> str:
    """`show crypto isakmp sa`: destination is the responder, source the initiator."""
    numbers = Numbering(view.events)
    rows = []
    for sa in view.snapshot.ike.sas:
        ends = (sa.peer, sa.local) if sa.role == Role.INITIATOR else (sa.local, sa.peer)
        word = state_word(sa.state, sa.exchange)
        if word is not None:
            rows.append(_row(*ends, word, numbers.isakmp(sa.number), "ACTIVE"))
    for gone in deleted(view):
        own = view.snapshot.outside
        ends = (gone.peer, own) if gone.role is Role.INITIATOR else (own, gone.peer)
        rows.append(_row(*ends, DELETED[gone.exchange], gone.conn, "ACTIVE (deleted)"))
    return f"{_HEAD}{_COLUMNS}{''.join(rows)}{_FOOT}"


def _row(destination: str, source: str, word: str, conn: int, status: str) -> str:
    return f"{destination:<16}{source:<16}{word:<15}{conn:>7} {status}\n"


def isakmp_sa_detail(view: View) -> str:
    """`show crypto isakmp sa detail`: algorithms, remaining lifetime, capabilities."""
    numbers = Numbering(view.events)
    rows = [
        _detail(sa, numbers.isakmp(sa.number), view.snapshot.now) for sa in view.snapshot.ike.sas
    ]
    own = view.snapshot.outside
    for gone in deleted(view):
        row = _detail_row(gone.conn, own, gone.peer, ("", "", ""), "0", "0", "")
        rows.append(f"{row}{NO_ENGINE}\n{DELETED_DETAIL}\n")
    return f"{_CODES}{_HEAD}{_DETAIL_COLUMNS}{''.join(rows)}{_FOOT}"


def _detail(sa: IkeSaSnapshot, conn: int, now: float) -> str:
    if sa.encryption is None or sa.hash is None:
        row = _detail_row(conn, sa.local, sa.peer, ("", "", ""), "0", "0", "")
    else:
        suite = (
            _CIPHERS.get(sa.encryption, str(sa.encryption)),
            POLICY_HASH.get(sa.hash, str(sa.hash)),
            _PROOFS.get(sa.authentication or 0, str(sa.authentication)),
        )
        life = lifetime(sa, now)
        row = _detail_row(
            conn, sa.local, sa.peer, suite, str(sa.group or 0), life, capabilities(sa)
        )
    engine = f"       Engine-id:Conn-id =  SW:{conn - FIRST + 1}" if conn else NO_ENGINE
    return f"{row}{engine}\n"


def _detail_row(
    conn: int,
    local: str,
    remote: str,
    suite: tuple[str, str, str],
    group: str,
    life: str,
    letters: str,
) -> str:
    cipher, digest, proof = suite
    return (
        f"{conn:<6}{local:<16}{remote:<16}{'':<7}ACTIVE {cipher:<5}{digest:<7}{proof:<5}"
        f"{group:<3}{life:<9}{letters:<5}\n"
    )


def lifetime(sa: IkeSaSnapshot, now: float) -> str:
    """Print what is left of an SA's life, `23:59:27`; 0 for one that is not up."""
    return "0" if sa.expires is None else clock(sa.expires - now)


def clock(seconds: float) -> str:
    """Print a time span as hours, minutes and seconds."""
    minutes, left = divmod(max(0, int(seconds)), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{left:02}"


def capabilities(sa: IkeSaSnapshot) -> str:
    """Give the letters of what an SA can: D for dead peer detection, N for NAT traversal."""
    dpd = "D" if sa.dpd else ""
    return dpd + ("N" if sa.nat_variant and (sa.nat_local or sa.nat_peer) else "")
