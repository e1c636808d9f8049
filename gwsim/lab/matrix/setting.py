"""The kinds of tunnel in which every fault is tried: they decide which words a device uses."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Setting:
    """A kind of tunnel: options of both ends, and whether the initiator is behind a NAT."""

    title: str
    options: Mapping[str, Any] = field(default_factory=dict)
    nat: bool = False


SETTINGS: dict[str, Setting] = {
    "main": Setting("main mode"),
    "nat": Setting("main mode, the initiator behind a NAT", {"nat_traversal": True}, nat=True),
    "aggressive": Setting("aggressive mode", {"mode": "aggressive"}),
}
"""Every setting by its name; the first is the usual one."""
