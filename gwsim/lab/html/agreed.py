"""What gateways agreed on, in words, and what is weak about it."""

from collections.abc import Iterable

from gwsim.crypto.errors import UnsupportedAlgorithm
from gwsim.crypto.esp_suites import EspSuite
from gwsim.crypto.weak import weaknesses_esp, weaknesses_phase1
from gwsim.ike.events import Event, ProposalAccepted
from gwsim.ike.explain import value_text


def agreed(event: ProposalAccepted) -> str:
    """Name the algorithms of a chosen proposal: `aes-cbc-256, sha1, modp-1024`."""
    cipher = "encryption" if event.phase == 1 else "transform"
    bits = f"-{event.key_bits}" if event.key_bits else ""
    told = [value_text(cipher, event.encryption, event.phase) + bits]
    if event.authentication is not None:
        kind = "hash" if event.phase == 1 else "authentication"
        told.append(value_text(kind, event.authentication, event.phase))
    if event.group is not None:
        told.append(value_text("group", event.group, event.phase))
    elif event.phase == 2:
        told.append("no PFS")
    return ", ".join(told)


def weaknesses(event: ProposalAccepted) -> tuple[str, ...]:
    """Name what is weak about a chosen proposal, nothing about numbers that are not known."""
    if event.phase == 1:
        numbers = (event.authentication or 0, event.group or 0)
        return weaknesses_phase1(event.encryption, event.key_bits, *numbers)
    try:
        suite = EspSuite(event.encryption, event.key_bits, event.authentication)
        return weaknesses_esp(suite, event.group)
    except UnsupportedAlgorithm:
        return ()


def weak_in(events: Iterable[Event]) -> tuple[str, ...]:
    """Name each weakness of what was agreed on in a run once."""
    found = (weaknesses(event) for event in events if isinstance(event, ProposalAccepted))
    return tuple(dict.fromkeys(words for told in found for words in told))
