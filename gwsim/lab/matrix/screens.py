"""Which commands of a vendor show the present, and which one shows a line of its log."""

from functools import cache

from gwsim.lab.compile import compile_scenario
from gwsim.lab.expect.evidence import Witness
from gwsim.lab.faults.stage import Where
from gwsim.lab.matrix.coordinates import HEALTHY, Coordinates
from gwsim.lab.matrix.ground import USUAL
from gwsim.lab.matrix.staging import staged
from gwsim.lab.runner import play
from gwsim.lab.runtimes.sim import SimRuntime
from gwsim.vendors.registry import VENDORS
from gwsim.vendors.vendor import Vendor

_TELLING = 12
"""How long a text must be not to stand on any screen by chance."""


@cache
def _sample(vendor: str) -> Witness:
    """Give a gateway of this vendor that has seen an ordinary run."""
    at = Coordinates(HEALTHY, "", Where.BOTH, "main", vendor, vendor)
    plan = compile_scenario(staged(at))
    record = play(plan, SimRuntime(), looks=(0.0,))
    return Witness(record.gateway(USUAL.initiator.name), VENDORS[vendor], record)


@cache
def _kinds(vendor: str) -> tuple[tuple[str, ...], dict[str, str]]:
    """Sort the commands: those that print lines of the log, and those that show the present.

    What looks the same before and after a tunnel has come up shows the configuration. Those of
    the present are mapped to the first command that prints the same screen.
    """
    witness = _sample(vendor)
    end = witness.gateway.snapshots[-1].now
    texts = [part for line in witness.lines for part in line.text.splitlines()]
    long = [text for text in texts if len(text) > _TELLING]
    logs: list[str] = []
    plain: dict[str, str] = {}
    first: dict[str, str] = {}
    for command in witness.vendor.commands:
        shown = witness.screen(command, end)
        if any(text in shown for text in long):
            logs.append(command)
        elif shown != witness.screen(command, 0.0):
            plain[command] = first.setdefault(shown, command)
    return tuple(logs), plain


def plain_commands(vendor: Vendor) -> tuple[str, ...]:
    """Give the commands that show SAs, sessions and counters, each screen once."""
    return tuple(dict.fromkeys(_kinds(vendor.name)[1].values()))


def same_screen(vendor: Vendor, command: str) -> str | None:
    """Give the plain command that prints the same screen as this one, None if it is not plain."""
    return _kinds(vendor.name)[1].get(command)


def log_commands(vendor: Vendor) -> tuple[str, ...]:
    """Give the commands that print lines of the log or of a debug."""
    return _kinds(vendor.name)[0]
