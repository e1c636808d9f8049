"""What the debug output tells of messages that leave, and of what was made ready for them.

Source: vendor sheet, FortiOS debug; captures of both modes at the responder. Of an initiator the
first message is captured, its other lines are believed.
"""

from collections.abc import Callable, Iterator

from gwsim.ike.events import MessageSent
from gwsim.vendors.fortios import catalogue, words
from gwsim.vendors.fortios.lines import abilities, authenticated, cookies_of, key_made
from gwsim.vendors.fortios.names import MESSAGES, PHASE1_AGAIN, PHASE2_NOTIFY
from gwsim.vendors.fortios.story import Story, cookie_pair, ends
from gwsim.vendors.vendor import LogLine
from gwsim.wire.numbers import IKE_PORT, NotifyType, Protocol
from gwsim.wire.payloads import Delete, Notification

Teller = Callable[[Story, MessageSent], Iterator[LogLine]]


def message_sent(story: Story, event: MessageSent) -> Iterator[LogLine]:
    """Tell of a message that left; what was made ready is told once."""
    story.know(event)
    again = _again(event)
    if again:
        yield _sent(story, event, again)
        return
    story.sent[event.sa, event.message_id] = event
    for teller in BEFORE.get(event.label, ()):
        yield from teller(story, event)
    yield _sent(story, event, _maker(event))
    for teller in AFTER.get(event.label, ()):
        yield from teller(story, event)


def _sent(story: Story, event: MessageSent, what: str) -> LogLine:
    cookies = cookie_pair(event, event.message_id)
    where = ends(event.local, event.remote)
    return story.line(
        event, catalogue.SENT, what=what, length=event.length, cookies=cookies, **where
    )


def _again(event: MessageSent) -> str:
    """Say why a message is sent once more, nothing for the first time."""
    if event.answers_duplicate:
        return words.ANSWERED_AGAIN
    if not event.attempt:
        return ""
    return words.PHASE2_AGAIN if event.label.startswith("quick") else PHASE1_AGAIN


def _maker(event: MessageSent) -> str:
    """Name what makes a message."""
    named = MESSAGES.get(event.label) or words.MESSAGES.get(event.label)
    if named:
        return named
    for payload in event.payloads:
        if isinstance(payload, Delete):
            isakmp = payload.protocol_id == Protocol.ISAKMP
            return words.IKE_DELETE if isakmp else words.IPSEC_DELETE
        if isinstance(payload, Notification):
            phase2 = payload.protocol_id == Protocol.ESP
            form = PHASE2_NOTIFY if phase2 else words.PHASE1_NOTIFY
            return form.format(number=payload.notify_type)
    return event.label


def _sending_first(story: Story, event: MessageSent) -> Iterator[LogLine]:
    main = event.label == "main-1"
    yield story.line(event, catalogue.SENDING_FIRST if main else words.SENDING_FIRST_AGGRESSIVE)


def _cookie(story: Story, event: MessageSent) -> Iterator[LogLine]:
    yield story.line(event, catalogue.COOKIE, cookies=cookie_pair(event, event.message_id))


def _peer(story: Story, event: MessageSent) -> Iterator[LogLine]:
    heard = story.heard.get((event.sa, 0))
    yield from abilities(story, event, heard.payloads if heard else (), event.payloads)


def _generate(story: Story, event: MessageSent) -> Iterator[LogLine]:
    yield story.line(event, catalogue.GENERATE_DH)


def _compute(story: Story, event: MessageSent) -> Iterator[LogLine]:
    yield story.line(event, catalogue.COMPUTE_DH)


def _contact(story: Story, event: MessageSent) -> Iterator[LogLine]:
    kinds = [p.notify_type for p in event.payloads if isinstance(p, Notification)]
    if NotifyType.INITIAL_CONTACT in kinds:
        yield story.line(event, words.ADD_CONTACT)


def _refusal(story: Story, event: MessageSent) -> Iterator[LogLine]:
    refused = story.refusal()
    if refused is None:
        return
    for payload in event.payloads:
        if isinstance(payload, Notification) and payload.protocol_id == Protocol.ESP:
            values = {"number": payload.notify_type, "spi": payload.spi.hex()}
            yield story.line(event, catalogue.SEND_NOTIFY, refused.message_id, **values)


def _probe(story: Story, event: MessageSent) -> Iterator[LogLine]:
    where = ends(event.local, event.remote)
    where["port"] = 0 if event.remote[1] == IKE_PORT else event.remote[1]
    for payload in event.payloads:
        if isinstance(payload, Notification):
            sequence = int.from_bytes(payload.data, "big")
            yield story.line(event, catalogue.LINK_IDLE, sequence=sequence, **where)
            yield story.line(event, catalogue.PROBE, sequence=sequence)


def _deletes(story: Story, event: MessageSent) -> Iterator[LogLine]:
    for payload in event.payloads:
        for spi in payload.spis if isinstance(payload, Delete) else ():
            if len(spi) > 4:
                yield story.line(event, words.SEND_IKE_DELETE, cookies=cookies_of(spi))
            else:
                yield story.line(event, words.SEND_IPSEC_DELETE, spi=spi.hex())


BEFORE: dict[str, tuple[Teller, ...]] = {
    "main-1": (_sending_first, _cookie),
    "main-2": (_peer, _cookie),
    "main-3": (_generate,),
    "main-4": (_generate, _compute),
    "main-5": (_compute, key_made, _contact),
    "main-6": (authenticated,),
    "aggr-1": (_sending_first, _generate, _cookie),
    "aggr-2": (_peer, _generate, _compute, _cookie, key_made),
    "aggr-3": (_compute, key_made, authenticated, _contact),
    "quick-1": (_cookie,),
    "info-notify": (_refusal,),
    "info-dpd": (_probe,),
    "info-delete": (_deletes,),
}
"""What is told before a message leaves, by its label."""

AFTER: dict[str, tuple[Teller, ...]] = {"main-4": (key_made,)}
"""What is told after it has left."""
