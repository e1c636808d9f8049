"""The twin of a faulty scenario: the same without its faults, which must come up and carry.

A scenario whose twin does not work proves nothing about its faults.
"""

from gwsim.lab.acts import TimelineEntry
from gwsim.lab.expect.evaluate import Failure
from gwsim.lab.expect.evidence import Evidence, Subject
from gwsim.lab.expect.states import Story
from gwsim.lab.scenario import Scenario

PINGS = 10
"""How many pings each tunnel of a twin gets of its own, one a second from second 1 on."""


def twin_of(scenario: Scenario) -> Scenario:
    """Take the faults out, and put a ping through every tunnel so that there is traffic.

    Expectations are left out as well: they describe the faults.
    """
    pings = [
        TimelineEntry.model_validate(
            {"at": 1, "ping": {"from": source, "to": destination, "count": PINGS}}
        )
        for source, destination in (tunnel.between for tunnel in scenario.tunnels)
    ]
    # Behind all others, for entries may count their time from the one before them.
    timeline = (*(scenario.timeline or ()), *pings)
    return scenario.model_copy(update={"faults": (), "expect": (), "timeline": timeline})


def twin_failures(scenario: Scenario, evidence: Evidence) -> list[Failure]:
    """Say which tunnels of a twin did not come up at both ends, or carried nothing one way."""
    failures: list[Failure] = []
    for index, tunnel in enumerate(scenario.tunnels):
        where = ("tunnels", index)
        for gateway, peer in (tunnel.between, tunnel.between[::-1]):
            failures += _end(where, gateway, peer, evidence)
    return failures


def _end(
    where: tuple[str | int, ...], gateway: str, peer: str, evidence: Evidence
) -> list[Failure]:
    witness, record = evidence.of(gateway), evidence.record
    story = Story(Subject(where, witness, evidence.of(peer).gateway.addresses))
    failures = []
    if not story.spells("up"):
        seen = story.words_within(0.0, record.duration)
        expected = f"without the faults the tunnel with {peer} comes up"
        failures.append(Failure(where, gateway, expected, seen, record.duration))
    if not record.protected(peer, gateway):
        expected = f"without the faults packets of {peer} arrive in ESP"
        failures.append(Failure(where, gateway, expected, "none", record.duration))
    return failures
