"""What a Contivity does that a source shows, and which one; all else is believed.

Source: vendor sheet.
"""

from collections.abc import Mapping
from types import MappingProxyType

from gwsim.ike.flaws import Flaw
from gwsim.vendors.habits import Habit, Trait

PROVEN: Mapping[Trait, str] = MappingProxyType(
    {
        Habit.RESPONDER_RESENDS: "ike-scan: 0, 16, 16, 16",
        Flaw.PROXY_ID: "transcript of its peer: an encrypted INVALID-ID-INFORMATION",
        Habit.LIFETIMES: "transcript of its peer: lcl 3600, peer 28800",
    }
)
