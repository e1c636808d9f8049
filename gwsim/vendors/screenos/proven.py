"""What a NetScreen does that a source shows, and which one; all else is believed.

Source: vendor sheet.
"""

from collections.abc import Mapping
from types import MappingProxyType

from gwsim.ike.flaws import Flaw
from gwsim.vendors.habits import Habit, Trait

PROVEN: Mapping[Trait, str] = MappingProxyType(
    {
        Habit.RESPONDER_RESENDS: "ike-scan: 0, 4 x 11",
        Habit.REPEATED: "event log: a second initial packet is discarded",
        Habit.PHASE2_FAILED: "transcript: phase 1 outlives the quick mode that was refused",
        Habit.LIFETIMES: "transcript: lcl 3600, peer 28800, set 3600",
        Flaw.NO_PROPOSAL_PHASE1: "Juniper: no response before phase 1 is completed",
        Flaw.UNKNOWN_PEER: "event log: rejected from an unrecognized peer gateway",
        Flaw.UNDECRYPTABLE: "Juniper KB9238: the preshared keys might not match",
        Flaw.PFS: "event log: received a DH group instead of the expected one",
        Flaw.PROXY_ID: "event log: no policy exists for the proxy ID",
        Flaw.PEER_ID: "event log: received incorrect ID payload",
    }
)
