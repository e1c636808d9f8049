"""What a PIX does that a source shows, and which one; all else is believed.

Source: vendor sheet.
"""

from collections.abc import Mapping
from types import MappingProxyType

from gwsim.vendors.habits import Habit, Trait

PROVEN: Mapping[Trait, str] = MappingProxyType(
    {
        Habit.RESPONDER_RESENDS: "ike-scan: 0, 5 x 5 of PIX 6.3",
    }
)
