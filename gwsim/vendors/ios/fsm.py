"""The machine that drives a negotiation, as the debug output tells of it.

Two lines go with each step, `Input = ...` and `Old State = ...  New State = ...`. The machine's
own names exist nowhere else: the tables show others. Source: vendor sheet, IOS debug (captures of
both roles in main and quick mode); aggressive mode is believed.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Move:
    """One step: what came in, where the machine stood, where it stands now."""

    what: str
    old: str
    new: str


READY = "IKE_READY"
COMPLETE = "IKE_P1_COMPLETE"
DESTROYED = "IKE_DEST_SA"

_FROM_PEER = "IKE_MESG_FROM_PEER, IKE_MM_EXCH"
_AGGRESSIVE_FROM_PEER = "IKE_MESG_FROM_PEER, IKE_AM_EXCH"
_PROCESS = "IKE_MESG_INTERNAL, IKE_PROCESS_MAIN_MODE"
_PROCESSED = "IKE_MESG_INTERNAL, IKE_PROCESS_COMPLETE"

ARRIVAL: dict[str, Move] = {
    "main-1": Move(_FROM_PEER, READY, "IKE_R_MM1"),
    "main-2": Move(_FROM_PEER, "IKE_I_MM1", "IKE_I_MM2"),
    "main-3": Move(_FROM_PEER, "IKE_R_MM2", "IKE_R_MM3"),
    "main-4": Move(_FROM_PEER, "IKE_I_MM3", "IKE_I_MM4"),
    "main-5": Move(_FROM_PEER, "IKE_R_MM4", "IKE_R_MM5"),
    "main-6": Move(_FROM_PEER, "IKE_I_MM5", "IKE_I_MM6"),
    "aggr-2": Move(_AGGRESSIVE_FROM_PEER, "IKE_I_AM1", "IKE_I_AM2"),
    "aggr-3": Move(_AGGRESSIVE_FROM_PEER, "IKE_R_AM2", COMPLETE),
}
"""What a message of phase 1 does when it comes."""

PROCESSED: dict[str, Move] = {
    label: Move(_PROCESS, move.new, move.new)
    for label, move in ARRIVAL.items()
    if label.startswith("main")
}
"""What happens when it has been understood."""

PRECEDING: dict[str, str] = {f"main-{n}": f"main-{n - 1}" for n in range(2, 7)}
"""Which message an answer of main mode follows."""

START: dict[str, Move] = {
    "main-1": Move("IKE_MESG_FROM_IPSEC, IKE_SA_REQ_MM", READY, "IKE_I_MM1"),
    "aggr-1": Move("IKE_MESG_FROM_IPSEC, IKE_SA_REQ_AM", READY, "IKE_I_AM1"),
}
"""What happens before an initiator's first message is sent."""

DEPARTURE: dict[str, Move] = {
    "main-2": Move(_PROCESSED, "IKE_R_MM1", "IKE_R_MM2"),
    "main-3": Move(_PROCESSED, "IKE_I_MM2", "IKE_I_MM3"),
    "main-4": Move(_PROCESSED, "IKE_R_MM3", "IKE_R_MM4"),
    "main-5": Move(_PROCESSED, "IKE_I_MM4", "IKE_I_MM5"),
    "main-6": Move(_PROCESSED, "IKE_R_MM5", COMPLETE),
    "aggr-2": Move(_AGGRESSIVE_FROM_PEER, READY, "IKE_R_AM2"),
    "aggr-3": Move(_AGGRESSIVE_FROM_PEER, "IKE_I_AM2", COMPLETE),
}
"""What happens after an answer was sent."""

LAST = Move(_PROCESSED, "IKE_I_MM6", COMPLETE)
"""What follows the last message of main mode at the initiator."""

DONE = Move("IKE_MESG_INTERNAL, IKE_PHASE1_COMPLETE", COMPLETE, COMPLETE)
"""What is said once of an SA that is up."""

DELETE = "IKE_MESG_INTERNAL, IKE_PHASE1_DEL"
NOTIFY = "IKE_MESG_FROM_PEER, IKE_INFO_NOTIFY"

_QUICK_FROM_PEER = "IKE_MESG_FROM_PEER, IKE_QM_EXCH"
_INSTALL_DONE = "IKE_MESG_FROM_IPSEC, IPSEC_INSTALL_DONE"
_AWAIT = "IKE_QM_IPSEC_INSTALL_AWAIT"
_QUICK_DONE = "IKE_QM_PHASE2_COMPLETE"

QUICK_SENT: dict[str, Move] = {
    "quick-1": Move("IKE_MESG_INTERNAL, IKE_INIT_QM", "IKE_QM_READY", "IKE_QM_I_QM1"),
    "quick-2": Move(_INSTALL_DONE, _AWAIT, "IKE_QM_R_QM2"),
    "quick-3": Move(_INSTALL_DONE, _AWAIT, _QUICK_DONE),
}
"""What happens in quick mode after a message was sent."""

QUICK_OFFERED = (
    Move(_QUICK_FROM_PEER, "IKE_QM_READY", "IKE_QM_SPI_STARVE"),
    Move("IKE_MESG_INTERNAL, IKE_GOT_SPI", "IKE_QM_SPI_STARVE", _AWAIT),
)
"""What an acceptable offer does at the responder."""

QUICK_ANSWERED = (Move(_QUICK_FROM_PEER, "IKE_QM_I_QM1", _AWAIT),)
"""What an acceptable answer does at the initiator."""

QUICK_PROVEN = Move(_QUICK_FROM_PEER, "IKE_QM_R_QM2", _QUICK_DONE)
"""What the last message does at the responder."""

QUICK_REFUSED = Move(_QUICK_FROM_PEER, "IKE_QM_READY", "IKE_QM_READY")
"""What an offer does that is not acceptable."""
