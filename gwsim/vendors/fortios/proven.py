"""What a FortiGate does that a source shows, and which one; all else is believed.

Source: vendor sheet.
"""

from collections.abc import Mapping
from types import MappingProxyType

from gwsim.ike.flaws import Flaw
from gwsim.vendors.habits import Habit, Trait

PROVEN: Mapping[Trait, str] = MappingProxyType(
    {
        Habit.RESPONDER_RESENDS: "ike-scan: 0, 6, 12",
        Habit.GIVES_UP: "CLI reference: negotiate-timeout 30",
        Habit.HALF_OPEN: "CLI reference: negotiate-timeout 30",
        Habit.DEAD_PEER: "CLI reference: on demand, 3 x 20 seconds",
        Flaw.NO_PROPOSAL_PHASE1: "captures: nothing is answered; event 37124",
        Flaw.NO_PROPOSAL_PHASE2: "captures: p2_notify_14; event 37125",
        Flaw.PFS: "event 37125: peer SA proposal not match local policy",
        Flaw.PROXY_ID: "debug: specified selectors mismatch",
        Flaw.UNDECRYPTABLE: "debug: probable pre-shared secret mismatch, nothing answered",
    }
)
