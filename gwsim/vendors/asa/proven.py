"""What an ASA does that a source shows, and which one; all else is believed.

Source: vendor sheet.
"""

from collections.abc import Mapping
from types import MappingProxyType

from gwsim.ike.flaws import Flaw
from gwsim.vendors.habits import Habit, Trait

PROVEN: Mapping[Trait, str] = MappingProxyType(
    {
        Habit.INITIATOR_RESENDS: "debug: RESENDING eight seconds after the first",
        Habit.RESPONDER_RESENDS: "ike-scan: 0, 8, 8, 8 of the VPN 3000 family",
        Habit.CLEAR_NOTIFY: "syslog: an un-encrypted notify message is dropped",
        Habit.PHASE2_FAILED: "syslog: the session is torn down with its phase 2",
        Habit.LIFETIMES: "syslog guide: 713073 to 713076",
        Habit.RENEWAL: "debug: P1 rekey timer of 64800 seconds",
        Habit.DEAD_PEER: "configuration guide: threshold 10, retry 2",
        Flaw.NO_PROPOSAL_PHASE2: "debug: all IPSec SA proposals found unacceptable",
        Flaw.PROXY_ID: "syslog: no matching crypto map entry",
        Flaw.UNKNOWN_PEER: "debug of the peer: it is left waiting for main-4",
        Flaw.NO_PRE_SHARED_KEY: "debug: can't find a valid tunnel group",
        Flaw.UNKNOWN_COOKIE: "debug of the peer: an un-encrypted INVALID_COOKIE",
    }
)
