"""What the debug output tells of refusals, notifications and dead peers.

Source: vendor sheet, FortiOS debug and fault matrix; captures of a wrong key, a wrong identity
and refused offers at the responder.
"""

from collections.abc import Callable, Iterator

from gwsim.ike.events import DpdFailed, NotifyReceived, Rejected
from gwsim.ike.flaws import Flaw
from gwsim.vendors.fortios import catalogue, words
from gwsim.vendors.fortios.lines import arrival
from gwsim.vendors.fortios.names import EXCHANGES, notify_name
from gwsim.vendors.fortios.story import Story, cookie_pair, ends
from gwsim.vendors.vendor import LogLine
from gwsim.wire.numbers import ExchangeType, NotifyType

Teller = Callable[[Story, Rejected], Iterator[LogLine]]

EXCHANGE_OF: dict[str, int] = {
    "main": ExchangeType.IDENTITY_PROTECTION,
    "aggr": ExchangeType.AGGRESSIVE,
    "quick": ExchangeType.QUICK_MODE,
    "info": ExchangeType.INFORMATIONAL,
    "transaction": ExchangeType.TRANSACTION,
}
"""Exchanges by the first part of a message's label."""

_FIRST = ("main-1", "aggr-1")


def exchange_of(event: Rejected) -> int:
    """Give the exchange of a refused message."""
    return int(EXCHANGE_OF.get(event.label.partition("-")[0], 0))


def _arrived(story: Story, event: Rejected) -> Iterator[LogLine]:
    """Tell of a message that was refused before anything was told of it."""
    if (event.sa, event.message_id) not in story.heard:
        story.know(event)
        yield from arrival(story, event, exchange_of(event))


def _unreadable(story: Story, event: Rejected) -> Iterator[LogLine]:
    yield story.line(event, catalogue.PARSE_ERROR)
    if event.phase == 1:
        yield story.line(event, catalogue.SECRET_MISMATCH)


def _wrong_proof(story: Story, event: Rejected) -> Iterator[LogLine]:
    yield story.line(event, catalogue.SECRET_MISMATCH)


def _no_gateway(story: Story, event: Rejected) -> Iterator[LogLine]:
    yield from _arrived(story, event)
    if event.label in _FIRST:
        yield story.line(event, catalogue.ANNOUNCED[event.label])
    yield story.line(event, words.NO_GATEWAY, **ends(event.local, event.remote))
    yield from _nothing_chosen(story, event)


def _nothing_chosen(story: Story, event: Rejected) -> Iterator[LogLine]:
    yield story.line(event, catalogue.FAILURE)
    yield story.line(event, catalogue.NOTHING_CHOSEN)


def _wrong_identity(story: Story, event: Rejected) -> Iterator[LogLine]:
    yield story.line(event, catalogue.INCORRECT_ID)
    yield from _nothing_chosen(story, event)


def _nothing_chosen_phase2(story: Story, event: Rejected) -> Iterator[LogLine]:
    yield story.line(event, catalogue.FAILURE_PHASE2, event.message_id)
    yield story.line(event, catalogue.NOTHING_CHOSEN_PHASE2, event.message_id)


def _no_sa(story: Story, event: Rejected) -> Iterator[LogLine]:
    exchange = exchange_of(event)
    yield story.line(
        event,
        words.NO_IKE_SA,
        exchange=EXCHANGES.get(exchange, str(exchange)),
        cookies=cookie_pair(event, event.message_id),
        **ends(event.local, event.remote),
    )


def _bad(story: Story, event: Rejected) -> Iterator[LogLine]:
    yield from _arrived(story, event)
    yield story.line(event, words.BAD_MESSAGE, what=event.label, why=event.flaw.value)


REFUSALS: dict[Flaw, Teller] = {
    Flaw.UNDECRYPTABLE: _unreadable,
    Flaw.MALFORMED: _unreadable,
    Flaw.HASH_PHASE1: _wrong_proof,
    Flaw.UNKNOWN_PEER: _no_gateway,
    Flaw.NO_PRE_SHARED_KEY: _no_gateway,
    Flaw.EXCHANGE_MODE: _no_gateway,
    Flaw.NO_PROPOSAL_PHASE1: _nothing_chosen,
    Flaw.NO_PROPOSAL_PHASE2: _nothing_chosen_phase2,
    Flaw.PFS: _nothing_chosen_phase2,
    Flaw.PEER_ID: _wrong_identity,
    Flaw.UNKNOWN_COOKIE: _no_sa,
    Flaw.UNKNOWN_COOKIE_ENCRYPTED: _no_sa,
    Flaw.NO_PHASE1: _no_sa,
    Flaw.LENGTH: _bad,
    Flaw.PAYLOAD_TYPE: _bad,
    Flaw.MISSING_PAYLOAD: _bad,
    Flaw.TOO_MANY_PAYLOADS: _bad,
    Flaw.CLEAR_TEXT: _bad,
    Flaw.DOI: _bad,
    Flaw.SITUATION: _bad,
    Flaw.PROPOSAL_SYNTAX: _bad,
    Flaw.PROTOCOL_ID: _bad,
    Flaw.SPI: _bad,
    Flaw.TRANSFORM_ID: _bad,
    Flaw.ATTRIBUTES: _bad,
    Flaw.KEY_INFORMATION: _bad,
    Flaw.NONCE: _bad,
    Flaw.QUICK_IDS: _bad,
    Flaw.HASH_QUICK: _bad,
    Flaw.HASH_INFORMATIONAL: _bad,
    Flaw.CHANGED_ANSWER: _bad,
    Flaw.MAJOR_VERSION: _bad,
    Flaw.EXCHANGE_TYPE: _bad,
    Flaw.FLAGS: _bad,
}
"""What is told of a refused message; selectors that do not match are told before."""

UNTOLD: frozenset[Flaw] = frozenset(Flaw) - frozenset(REFUSALS)
"""Flaws that the debug output does not speak of, or has spoken of already."""


def rejected(story: Story, event: Rejected) -> Iterator[LogLine]:
    """Tell of a refused message, flaw by flaw."""
    if event.flaw in REFUSALS:
        yield from REFUSALS[event.flaw](story, event)


def notify_received(story: Story, event: NotifyReceived) -> Iterator[LogLine]:
    """Tell of a notification; an initial contact is obeyed."""
    if event.notify_type != NotifyType.INITIAL_CONTACT:
        yield story.line(event, words.NOTIFY, what=notify_name(event.notify_type))
        return
    for text in (
        catalogue.PROCESSING_CONTACT,
        catalogue.FLUSHING,
        catalogue.FLUSHED,
        catalogue.PROCESSED_CONTACT,
    ):
        yield story.line(event, text)


def dpd_failed(story: Story, event: DpdFailed) -> Iterator[LogLine]:
    """Tell that the peer is given up for dead."""
    where = story.places(event)
    where["port"] = where["remote_port"]
    yield story.line(event, words.LINK_FAIL, **where)
