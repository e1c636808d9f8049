"""What a router with IOS does that a source shows, and which one; all else is believed.

Source: vendor sheet.
"""

from collections.abc import Mapping
from types import MappingProxyType

from gwsim.ike.flaws import Flaw
from gwsim.vendors.habits import Habit, Trait

PROVEN: Mapping[Trait, str] = MappingProxyType(
    {
        Habit.INITIATOR_RESENDS: "debug: retransmitting phase 1 every ten seconds",
        Habit.RESPONDER_RESENDS: "ike-scan: 0, 10 x 5",
        Habit.REPEATED: "debug: phase 1 packet is a duplicate of a previous packet",
        Habit.PHASE2_FAILED: "debug: the ISAKMP SA stays QM_IDLE",
        Habit.PHASE1_ENDS: "debug: delete notify of IPsec SAs without any ISAKMP SA",
        Habit.LIFETIMES: "debug of a lower lifetime",
        Habit.RENEWAL: "configuration guide: 30 seconds or 256 kilobytes before the end",
        Flaw.NO_PROPOSAL_PHASE2: "debug: error 256, NOTIFY PROPOSAL_NOT_CHOSEN",
        Flaw.PFS: "Cisco's note on PFS: any group is taken where none is configured",
        Flaw.PROXY_ID: "debug: error 32, NOTIFY PROPOSAL_NOT_CHOSEN",
        Flaw.UNDECRYPTABLE: "syslog: IKMP_BAD_MESSAGE; both ends go on retransmitting",
        Flaw.UNKNOWN_COOKIE: "syslog: IKMP_NO_SA",
        Flaw.UNKNOWN_COOKIE_ENCRYPTED: "syslog: IKMP_NO_SA",
    }
)
