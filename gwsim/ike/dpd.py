"""Dead peer detection (RFC 3706): ask only when nothing was heard, give up after a few misses.

    R-U-THERE (36136)      {HASH(1), N: SPI = both cookies, data = sequence number, 4 octets}
    R-U-THERE-ACK (36137)  the same with the sequence number echoed

Inbound traffic of any kind, ESP or authenticated IKE, is proof of life. An answer with a wrong
sequence number proves nothing; a question with one that is not newer is not answered.
"""

from gwsim.ike import informational
from gwsim.ike.config import Dpd
from gwsim.ike.events import DpdFailed, DpdReceived
from gwsim.ike.ledger import Ledger
from gwsim.ike.sa import IkeSa
from gwsim.ike.timers import Timer
from gwsim.wire.numbers import NotifyType, Protocol
from gwsim.wire.payloads import Notification


def settings(sa: IkeSa) -> Dpd | None:
    """Give the settings by which to probe; None where one of the two ends does not want it."""
    return sa.connection.dpd if sa.dpd and sa.connection else None


def begin(ledger: Ledger, sa: IkeSa) -> None:
    """Watch over an ISAKMP SA from now on, if both ends want it."""
    dpd = settings(sa)
    if dpd is not None:
        start = ledger.turn.behaviour.dpd_start
        sa.dpd_sequence = ledger.turn.rng.getrandbits(31) if start is None else start
        sa.timers.set(Timer.DPD, ledger.turn.now + dpd.idle)


def look(ledger: Ledger, sa: IkeSa, dpd: Dpd) -> bool:
    """Ask the peer if it is due; False when the peer is dead."""
    now = ledger.turn.now
    due = sa.last_received + dpd.idle
    unasked = dpd.on_demand and sa.last_esp_out <= sa.last_received
    if sa.dpd_missed == 0 and (now < due or unasked):
        sa.timers.set(Timer.DPD, now + dpd.idle if unasked else due)
        return True
    if sa.dpd_missed >= dpd.count:
        ledger.turn.emit(DpdFailed(**ledger.head(sa), missed=sa.dpd_missed))
        return False
    sa.dpd_missed += 1
    sa.dpd_sequence = (sa.dpd_sequence + 1) & 0xFFFFFFFF
    informational.send_protected(ledger, sa, _question(sa, sa.dpd_sequence, ack=False))
    sa.timers.set(Timer.DPD, now + dpd.retry)
    return True


def heard(sa: IkeSa, now: float) -> None:
    """Take inbound traffic as proof of life."""
    sa.last_received = now
    dpd = settings(sa)
    if sa.dpd_missed and dpd is not None:
        sa.dpd_missed = 0
        sa.timers.set(Timer.DPD, now + dpd.idle)


def take(ledger: Ledger, sa: IkeSa, n: Notification) -> None:
    """Answer a question, or accept an answer that carries the awaited sequence number."""
    ack = n.notify_type == NotifyType.R_U_THERE_ACK
    sequence = int.from_bytes(n.data[:4], "big")
    fits = len(n.data) == 4 and n.spi == sa.spi
    if ack:
        accepted = fits and sequence == sa.dpd_sequence
    else:
        accepted = fits and (not sa.dpd_asked or sequence > sa.dpd_peer_sequence)
    ledger.turn.emit(DpdReceived(**ledger.head(sa), sequence=sequence, ack=ack, accepted=accepted))
    if accepted and not ack:
        sa.dpd_asked, sa.dpd_peer_sequence = True, sequence
        informational.send_protected(ledger, sa, _question(sa, sequence, ack=True))
    if accepted:
        heard(sa, ledger.turn.now)


def _question(sa: IkeSa, sequence: int, ack: bool) -> Notification:
    kind = NotifyType.R_U_THERE_ACK if ack else NotifyType.R_U_THERE
    return Notification(kind, Protocol.ISAKMP, sa.spi, sequence.to_bytes(4, "big"))
