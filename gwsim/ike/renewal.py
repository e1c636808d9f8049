"""When an SA is renewed, and which stays of an old one and a new one.

Of two that were negotiated one after the other the newer stays. Of two whose negotiations crossed,
begun at different ends, one stays by a rule that both ends can work out without a further message.
"""

from typing import TypeVar

from gwsim.ike.config import Rekey
from gwsim.ike.ledger import Ledger
from gwsim.ike.sa import ChildSa, IkeSa
from gwsim.ike.states import Role
from gwsim.ike.timers import Timer

S = TypeVar("S", IkeSa, ChildSa)


def renewal_in(ledger: Ledger, rekey: Rekey, role: Role, lifetime: int) -> float | None:
    """Say after how many seconds to renew an SA of this lifetime, jitter included; None is never.

    However long the margin, an SA lasts for a tenth of its lifetime.
    """
    early = ledger.turn.rng.uniform(0, rekey.jitter)
    fraction, margin = rekey.fraction, rekey.margin
    if role is Role.RESPONDER:
        fraction = fraction if rekey.responder_fraction is None else rekey.responder_fraction
        margin = margin if rekey.responder_margin is None else rekey.responder_margin
    if margin is not None:
        return max(0.1 * lifetime, lifetime * (1 - early) - margin)
    return None if fraction is None else lifetime * max(0.1, fraction - early)


def settle(new: S, old: S, preferred: S) -> tuple[S, S]:
    """Give which stays and which goes; `preferred` is the one that stays if they crossed."""
    crossed = old.role is not new.role and new.begun < old.done
    stays = preferred if crossed else new
    return stays, old if stays is new else new


def remove_after_grace(ledger: Ledger, loser: IkeSa | ChildSa, heir: Role, grace: float) -> None:
    """Let one that was replaced live on for a while; `heir` is our role in what replaced it.

    Whoever renewed says when the old one goes; the other end waits longer.
    """
    wait = grace if heir is Role.INITIATOR else 2 * grace
    loser.timers.set(Timer.REMOVE, ledger.turn.now + wait)
