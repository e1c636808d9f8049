"""Whatever is missing or unfinished, screens and logs are a device's and never Python's."""

import re
from dataclasses import replace

import pytest

from gwsim.gateway.commands import Reboot, Rekey, SetLink
from gwsim.ike.config import Dpd, Phase2Transform
from gwsim.vendors.registry import VENDORS, screen
from gwsim.vendors.vendor import Vendor
from tests.vendors.pair import Pair, connection

KEEPALIVE = "Keep-alive type for this connection: "
"""An ASA says None there by itself."""
PYTHON = re.compile(
    rf"(?<!{KEEPALIVE})\bNone|\b[A-Z]\w+\.[A-Z_]{{3,}}\b|\bb'|\{{\w*\}}|<\w+ object"
)
EITHER = ("hq", "branch")
OTHER = (Phase2Transform(2, 1),)
ARGUMENTS = {"<address>": "203.0.113.1", "<tunnel>": "branch", "<id>": "1", "<type>": "536"}
SHOWN = [name for name, vendor in VENDORS.items() if vendor.commands]


def two(vendor: Vendor, **options: object) -> Pair:
    """Two gateways of this vendor."""
    return type("Two", (Pair,), {"vendor": vendor})(**options)


def typed(vendor: Vendor) -> list[str]:
    """All commands, with an argument where they want one."""
    wanting = (command.rsplit(maxsplit=1) for command in vendor.parametric)
    return [*vendor.commands, *(f"{words} {ARGUMENTS[last]}" for words, last in wanting)]


def endless(vendor: Vendor) -> dict[str, object]:
    """Terms in which no SA has a lifetime, as far as that can be left out."""
    usual = connection(vendor, "branch", "198.51.100.1", "203.0.113.1").phase1
    timeless = tuple(replace(transform, lifetime_seconds=None) for transform in usual)
    return {"phase1": timeless, "lifetime_kilobytes": None, "dpd": None}


SITUATIONS = {
    "untouched": two,
    "up": lambda v: two(v).ping(5),
    "up and renewed": lambda v: two(v).ping(5).order("hq", Rekey("branch", 1)).run(6),
    "without lifetimes": lambda v: two(v, hq_is=endless(v), branch_is=endless(v)).ping(5),
    "a peer from anywhere": lambda v: two(v, branch_is={"remote": None, "dpd": Dpd()}).ping(5),
    "without a key": lambda v: two(v, branch_is={"psk": None}).ping(40),
    "another key": lambda v: two(v, branch_is={"psk": b"x"}).ping(40),
    "no proposal": lambda v: two(v, branch_is={"transforms": OTHER}).ping(40),
    "other proxy IDs": lambda v: two(v, branch_is={"pairs": [("10.3.0.0/24", "any")]}).ping(40),
    "in the void": lambda v: two(v, lost=lambda output, sender: True).ping(3),
    "given up": lambda v: two(v, lost=lambda output, sender: sender == "branch").ping(200),
    "behind a NAT": lambda v: two(v, public="198.51.100.77").ping(5),
    "aggressive": lambda v: two(v, hq_is={"aggressive": True}).ping(5),
    "rebooting": lambda v: two(v).ping(5).order("branch", Reboot(60.0)).ping(40),
    "unplugged": lambda v: two(v).ping(5).order("hq", SetLink(False)).ping(90),
}


@pytest.mark.parametrize("situation", SITUATIONS)
@pytest.mark.parametrize("name", SHOWN)
def test_nothing_of_python_is_on_a_screen_or_in_a_log(name, situation):
    vendor = VENDORS[name]
    pair = SITUATIONS[situation](vendor)
    for end in EITHER:
        view = pair.view(end)
        for command in typed(vendor):
            assert not PYTHON.search(screen(vendor, command, view)), (end, command)
        for line in pair.lines(end):
            assert not PYTHON.search(line.text), (end, line)
