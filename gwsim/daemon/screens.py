"""What a gateway's process says of itself in its vendor's words: screens, and how it fares.

A screen is made where the engine is. Its snapshot and its events are of the same moment, a long
history need not travel, and whoever asks needs nothing of the engine to read the answer.
"""

from collections.abc import Callable
from typing import Any

from gwsim.gateway.snapshot import Snapshot
from gwsim.vendors.registry import VENDORS, match
from gwsim.vendors.vendor import Vendor


def screen_answer(vendor: Vendor, typed: str, at: float, show: Callable[[], str]) -> dict[str, Any]:
    """Answer what somebody types at a gateway; `show` makes the screen.

    `text` is what the device prints, at the moment `at`. Of a line that is no command there is
    none; `could_be` are then the commands it may still become, `known` all there are, and
    `unseen` says, instead of them, that no screen of this vendor is known.
    """
    found = match(vendor, typed)
    said = {"vendor": vendor.name, "at": at, "unseen": vendor.unseen}
    if isinstance(found, str):
        return {**said, "text": show()}
    known = [*vendor.commands, *vendor.parametric]
    return {**said, "text": None, "could_be": found or [], "known": known}


def faring(snapshot: Snapshot) -> dict[str, Any]:
    """Say how a gateway fares: tunnels that are up, of how many, and its phase 1 states."""
    vendor = VENDORS[snapshot.vendor]
    words = [vendor.state_word(sa.state, sa.exchange) or sa.state for sa in snapshot.ike.sas]
    up = sum(tunnel.up for tunnel in snapshot.tunnels)
    tunnels = len(snapshot.tunnels)
    return {"up": up, "tunnels": tunnels, "phase1": words, "unseen": vendor.unseen}
