"""What an attempt's NAT-D payloads say: who is behind a NAT, and where the capture was taken.

Each end sends a hash of the other's address and port as it sees them, and of its own (RFC 3947
3.2). If the peer's view of an address is not among its owner's, a NAT has changed it on the way;
for that nobody needs to know the hash algorithm. A capture with one side's hashes only is held
against the addresses that it shows itself.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from gwsim.capture.reading.attempt import Attempt
from gwsim.crypto.errors import UnsupportedAlgorithm
from gwsim.crypto.skeyid import nat_d
from gwsim.wire import vendor_ids
from gwsim.wire.ip import parse_address
from gwsim.wire.numbers import IKE_PORT, Phase1Attribute

_DIALECTS: dict[bytes, str] = {
    vendor_ids.NAT_T_RFC: "RFC 3947",
    vendor_ids.NAT_T_DRAFT_03: "draft 03",
    vendor_ids.NAT_T_DRAFT_02: "draft 02",
    vendor_ids.NAT_T_DRAFT_02_NEWLINE: "draft 02",
    vendor_ids.NAT_T_DRAFT_01: "draft 01",
    vendor_ids.NAT_T_DRAFT_00: "draft 00",
}

_FIRST = ("main-1", "main-2", "aggr-1", "aggr-2")
"""The messages in which an end announces what it can."""


@dataclass(frozen=True, slots=True)
class NatVerdict:
    """What NAT discovery came to: `behind` are the addresses of ends behind a NAT.

    `known` is false where the capture does not tell. `lines` say it in words.
    """

    known: bool
    behind: tuple[str, ...]
    lines: tuple[str, ...]


def nat_verdict(attempt: Attempt) -> NatVerdict:
    """Compare what both ends said in NAT discovery."""
    initiator, responder = attempt.initiator, attempt.responder
    mine, theirs = attempt.nat_d.get(initiator, ()), attempt.nat_d.get(responder, ())
    if not mine and not theirs:
        return NatVerdict(False, (), tuple(_without(attempt)))
    if mine and theirs:
        pairs = ((initiator, mine, theirs), (responder, theirs, mine))
        behind = tuple(end for end, own, others in pairs if others[0] not in own[1:])
    else:
        behind = tuple(_behind_by_capture(attempt))
    return NatVerdict(True, behind, tuple(_words(attempt, behind)))


def _without(attempt: Attempt) -> Iterator[str]:
    """Say why there was no discovery."""
    common = _common(attempt)
    if common:
        yield f"both announce NAT traversal ({common}), but no NAT-D was seen"
        return
    introduced = {attempt.labels[label].sender for label in _FIRST if label in attempt.labels}
    for end in (attempt.initiator, attempt.responder):
        if end in introduced and not _announced(attempt, end):
            yield f"{end} does not announce NAT traversal"


def _behind_by_capture(attempt: Attempt) -> Iterator[str]:
    """Hold the hashes of one end against the addresses in the capture."""
    number = _hash(attempt)
    for sender, hashes in attempt.nat_d.items():
        other = attempt.responder if sender == attempt.initiator else attempt.initiator
        if number is None:
            return
        if _expected(number, attempt, sender) not in hashes[1:]:
            yield sender
        if _expected(number, attempt, other) != hashes[0]:
            yield other


def _expected(number: int, attempt: Attempt, address: str) -> bytes:
    cookies = attempt.cookie, attempt.responder_cookie or bytes(8)
    octets = parse_address(address).to_bytes(4, "big")
    try:
        return nat_d(number, *cookies, octets, IKE_PORT)
    except UnsupportedAlgorithm:
        return b""


def _hash(attempt: Attempt) -> int | None:
    """Give the hash that was agreed, or offered where there was only one."""
    for sa in (*attempt.choices.values(), *attempt.offers.values()):
        found = {t.get(Phase1Attribute.HASH) for p in sa.proposals for t in p.transforms}
        if len(found) == 1:
            return found.pop()
    return None


def _words(attempt: Attempt, behind: tuple[str, ...]) -> Iterator[str]:
    common = _common(attempt)
    spoken = f" ({common})" if common else ""
    if not behind:
        yield f"no NAT between them, says NAT discovery{spoken}"
    for end in behind:
        yield f"{end} is behind a NAT, or pretends to be{spoken}{_seen_from(attempt, end)}"
    if attempt.floated is not None:
        yield "they move to UDP 4500"
    elif behind and any(label in attempt.labels for label in ("main-5", "aggr-3")):
        yield "but they stay on UDP 500: ESP will not get through the NAT"


def _seen_from(attempt: Attempt, end: str) -> str:
    """Say on which side of a NAT the capture was taken: it shows the address before or after."""
    own, number = attempt.nat_d.get(end, ()), _hash(attempt)
    if number is None or not own:
        return ""
    if _expected(number, attempt, end) in own[1:]:
        return "; this capture is from before it"
    return f"; {end} is the address the NAT gave it"


def _announced(attempt: Attempt, end: str) -> tuple[str, ...]:
    told = attempt.vendor_ids.get(end, {})
    return tuple(dict.fromkeys(name for data, name in _DIALECTS.items() if data in told))


def _common(attempt: Attempt) -> str:
    """Name the newest dialect that both announced."""
    theirs = _announced(attempt, attempt.responder)
    return next((name for name in _announced(attempt, attempt.initiator) if name in theirs), "")
