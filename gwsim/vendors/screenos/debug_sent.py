"""`debug ike detail`: how a message is built and sent.

The order of the lines is that of a real transcript (an initiator's main mode and quick mode); a
responder's, and what aggressive mode, NAT-D and deletes add, is by analogy.
"""

from collections.abc import Callable, Iterator
from typing import Any

from gwsim.ike.events import MessageSent
from gwsim.ike.states import Role
from gwsim.vendors.screenos import catalogue, states, words
from gwsim.vendors.screenos.debug_keys import consumed
from gwsim.vendors.screenos.debug_messages import (
    EXCHANGES,
    NOTIFY_NAMES,
    id_text,
    life,
    plain_length,
    tag,
    tags,
    transforms_of,
)
from gwsim.vendors.screenos.story import Entry, Story, little_endian
from gwsim.wire import vendor_ids
from gwsim.wire.numbers import (
    ExchangeType,
    IdType,
    NotifyType,
    Phase1Attribute,
    Phase2Attribute,
)
from gwsim.wire.payloads import (
    Delete,
    Hash,
    Identification,
    KeyExchange,
    NatDiscovery,
    Nonce,
    Notification,
    Payload,
    SecurityAssociation,
    Transform,
    VendorId,
    payload_type,
)
from gwsim.wire.selector import from_identification

_ORDINALS = ("", "1st", "2nd", "3rd", "4th", "5th", "6th")
_PHASE1 = (ExchangeType.IDENTITY_PROTECTION, ExchangeType.AGGRESSIVE)


def message_sent(story: Story, event: MessageSent) -> Iterator[Entry]:
    """Tell how a message was put together and how long it is; a resend only that it left."""
    if event.attempt or event.answers_duplicate:
        yield from _again(story, event)
    else:
        yield from _opening(story, event)
        yield from _construct(story, event)
        yield from _ending(story, event)
    speaker = "Initiator" if event.role is Role.INITIATOR else "Responder"
    yield story.tag(event, f"{speaker} sending IPv4 IP {event.remote[0]}/port {event.remote[1]}")
    yield story.tag(event, f"Send Phase {_phase(event)} packet (len={event.length})")
    if event.label == "main-1" and not event.attempt and _wants_child(story, event):
        yield story.tag(event, "Phase 2 task added")
    if event.label == "quick-2" and not event.attempt and not event.answers_duplicate:
        yield story.log(event, words.RESPONDED_PHASE2, message_id=event.message_id)


def _phase(event: MessageSent) -> int:
    return 1 if event.exchange_type in _PHASE1 else 2


def _wants_child(story: Story, event: MessageSent) -> bool:
    begun = story.started.get(event.sa)
    return bool(begun and begun.child)


def _again(story: Story, event: MessageSent) -> Iterator[Entry]:
    if event.attempt:
        done = states.progress(event.state) if event.state else states.ENDED
        retry = words.RETRY.format(attempt=event.attempt, flags=done.flags, step=done.step)
        yield story.tag(event, retry)


def _opening(story: Story, event: MessageSent) -> Iterator[Entry]:
    if event.label in ("main-1", "aggr-1"):
        yield from _new_sa(story, event)
    elif _phase(event) == 1:
        yield from _next_message(story, event)
    elif event.label == "quick-1":
        yield from _new_quick_mode(story, event)
    elif event.label == "quick-2":
        yield from _answered_quick_mode(story, event)
    elif event.exchange_type == ExchangeType.INFORMATIONAL and event.encrypted:
        yield from conn_entry(story, event, event.message_id)


def conn_entry(story: Story, event: Any, message_id: int) -> Iterator[Entry]:
    """Tell that an exchange under phase 1 gets an entry, by its message id."""
    yield story.tag(event, "Create conn entry...")
    yield story.tag(event, f"...done(new {little_endian(message_id)})")


def _new_sa(story: Story, event: MessageSent) -> Iterator[Entry]:
    local, peer = event.local[0], event.remote[0]
    yield story.tag(event, "isadb get entry by peer/local ip and port")
    yield story.tag(event, f"create sa: {local}->{peer}")
    yield story.bare(event, "getProfileFromP1Proposal->")
    for number, transform in enumerate(transforms_of(event.payloads)):
        yield story.bare(event, _profile(number, transform))
    handle = story.handle(event.sa)
    yield story.bare(event, "init p1sa, pidt = 0x0")
    yield story.bare(event, "change peer identity for p1 sa, pidt = 0x0")
    yield story.box(event, f"create peer identity 0x{handle:x}")
    yield story.bare(event, f"peer identity {handle:x} created.")
    yield story.box(event, "EDIPI disabled")
    mode = "main" if event.label == "main-1" else "aggressive"
    text = f"Phase 1: Initiated negotiation in {mode} mode. <{local} => {peer}>"
    yield story.tag(event, text)


def _profile(number: int, transform: Transform) -> str:
    encryption = transform.get(Phase1Attribute.ENCRYPTION) or 0
    hash_ = transform.get(Phase1Attribute.HASH) or 0
    who = transform.get(Phase1Attribute.AUTHENTICATION_METHOD) or 0
    group = transform.get(Phase1Attribute.GROUP_DESCRIPTION) or 0
    known = words.PROPOSAL_IDS.get((encryption, hash_, group))
    id_ = words.FIRST_CUSTOM_PROPOSAL + number if known is None else known
    profile = f"{encryption:08x} {hash_:08x} {who:08x} {group:08x}"
    return f"find profile[{number}]=<{profile}> for p1 proposal (id {id_}), xauth(0)"


def _next_message(story: Story, event: MessageSent) -> Iterator[Entry]:
    accepted = story.accepted.get(event.sa)
    if event.label in ("main-3", "main-4", "aggr-2") and accepted:
        yield from consumed(story, event, accepted.group or 0, "p1 resp", event.payloads)
    mode = EXCHANGES.get(event.exchange_type, "")
    role = event.role.value.capitalize()
    ordinal = _ORDINALS[int(event.label[-1])]
    line = words.CONSTRUCTING.format(mode=mode, role=role, ordinal=ordinal)
    yield story.tag(event, line)


def _new_quick_mode(story: Story, event: MessageSent) -> Iterator[Entry]:
    group, spi = None, 0
    for payload in event.payloads:
        if isinstance(payload, SecurityAssociation):
            offer = payload.proposals[0]
            spi = int.from_bytes(offer.spi, "big")
            group = offer.transforms[0].get(Phase2Attribute.GROUP_DESCRIPTION)
    if group:
        yield from consumed(story, event, group, "p2 init", event.payloads)
    yield story.box(event, f"add sa list for msg id <{little_endian(event.message_id)}>")
    yield story.tag(event, f"0,0/0(0)/spi({little_endian(spi)})/keylen(0)")


def _answered_quick_mode(story: Story, event: MessageSent) -> Iterator[Entry]:
    for transform in transforms_of(event.payloads):
        group = transform.get(Phase2Attribute.GROUP_DESCRIPTION)
        if group:
            yield from consumed(story, event, group, "p2 resp", event.payloads)


def _construct(story: Story, event: MessageSent) -> Iterator[Entry]:
    yield story.tag(event, "Construct ISAKMP header.")
    first = payload_type(event.payloads[0]) if event.payloads else 0
    yield story.tag(event, f"Msg header built (next payload #{first})")
    for payload in event.payloads:
        yield from _CONSTRUCTORS.get(type(payload), _anything)(story, event, payload)


def _ending(story: Story, event: MessageSent) -> Iterator[Entry]:
    length = plain_length(event.payloads)
    if event.encrypted and _phase(event) == 1:
        yield story.tag(event, f"throw packet to the peer, paket_len={length}")
    elif event.encrypted:
        yield story.tag(event, "construct QM HASH")
    star = "*" if event.encrypted else " "
    yield story.wide(event, f"Xmit{star}: {tags(event.payloads)}")
    if event.encrypted:
        yield story.tag(event, f"Encrypt P{_phase(event)} payload (len {length})")


def _anything(story: Story, event: MessageSent, payload: Payload) -> Iterator[Entry]:
    yield story.tag(event, f"Construct {tag(payload_type(payload))}")


def _sa(story: Story, event: MessageSent, payload: SecurityAssociation) -> Iterator[Entry]:
    if _phase(event) == 1:
        yield story.tag(event, "Construct [SA] for ISAKMP")
        for transform in transforms_of(event.payloads):
            lasts = life(transform, 1)
            who = transform.get(Phase1Attribute.AUTHENTICATION_METHOD)
            yield story.tag(event, f"auth({who})")
            yield story.tag(event, "xauth attribute: disabled")
            yield story.tag(event, f"lifetime/lifesize ({lasts.seconds}/{lasts.kilobytes})")
        return
    yield story.tag(event, "Construct [SA] for IPSEC")
    for proposal in payload.proposals:
        for transform in proposal.transforms:
            yield from _attributes(story, event, proposal.protocol_id, transform)
        yield story.tag(event, f"proto({proposal.protocol_id})")
    yield from _policy_ids(story, event, payload)


def _attributes(
    story: Story, event: MessageSent, protocol: int, transform: Transform
) -> Iterator[Entry]:
    lasts = life(transform, 2)
    yield story.tag(event, f"Set IPSEC SA attrs: lifetime({lasts.seconds}/{lasts.kilobytes})")
    values = (
        protocol,
        0,
        transform.transform_id,
        transform.get(Phase2Attribute.AUTHENTICATION_ALGORITHM) or 0,
        transform.get(Phase2Attribute.ENCAPSULATION_MODE) or 0,
        transform.get(Phase2Attribute.GROUP_DESCRIPTION) or 0,
    )
    yield story.tag(event, f"atts<{' '.join(f'{value:08x}' for value in values)}>")


def _policy_ids(story: Story, event: MessageSent, payload: SecurityAssociation) -> Iterator[Entry]:
    """Tell which proxy IDs go with the offer: they come from the policy's address book."""
    transform = payload.proposals[0].transforms[0]
    mode = transform.get(Phase2Attribute.ENCAPSULATION_MODE)
    yield story.tag(event, f"Before NAT-T attr unmap: private tunnel = {mode}.")
    yield story.tag(event, f"After NAT-T attr unmap: private tunnel = {mode}.")
    if event.role is Role.RESPONDER:
        return
    ids = [p for p in event.payloads if isinstance(p, Identification)]
    index = story.sa_index(event, story.children.get((event.sa, event.message_id), ""))
    yield story.tag(event, f"Policy have separate SA. Use P2 ID from policy sa ({index}).")
    for name, identification in zip(("Initiator", "Responder"), ids, strict=False):
        selector = from_identification(identification)
        service = f"prot<{selector.protocol}> port<{selector.port}>"
        line = f"IP<{selector.address}> mask<{selector.mask}> {service}"
        yield story.bare(event, f"IKE<{selector.address}> {line}")
        yield story.tag(event, f"{name} P2 ID built:")


def _key_exchange(story: Story, event: MessageSent, payload: Payload) -> Iterator[Entry]:
    yield story.tag(event, f"Construct [KE] for {'ISAKMP' if _phase(event) == 1 else 'PFS'}")


def _nonce(story: Story, event: MessageSent, payload: Payload) -> Iterator[Entry]:
    yield story.tag(event, "Construct [NONCE]" + ("" if _phase(event) == 1 else " for IPSec"))


def _vendor_id(story: Story, event: MessageSent, payload: VendorId) -> Iterator[Entry]:
    kind = "NetScreen" if payload.data == vendor_ids.SCREENOS else "custom"
    yield story.tag(event, f"Construct {kind} [VID]")


def _identity(story: Story, event: MessageSent, payload: Identification) -> Iterator[Entry]:
    if _phase(event) == 1:
        yield story.tag(event, "Construct [ID] for ISAKMP")
        yield story.tag(event, _use(payload))
        return
    yield story.tag(event, "Construct [ID] for Phase 2")
    first = little_endian(int.from_bytes(payload.data[:4], "big"))
    mask = little_endian(int.from_bytes(payload.data[4:8] or b"\xff\xff\xff\xff", "big"))
    service = f"prot({payload.protocol}), port({payload.port})"
    line = f"id payload constructed. type({payload.id_type}),ip({first}),mask({mask}), {service}"
    yield story.bare(event, line)


def _use(payload: Identification) -> str:
    kind = "IPv4 address" if payload.id_type == IdType.IPV4_ADDR else "string"
    return f"Use {kind} {id_text(payload)} as IKE p1 ID."


def _hash(story: Story, event: MessageSent, payload: Hash) -> Iterator[Entry]:
    yield story.tag(event, "Construct [HASH]")
    for own in event.payloads:
        if _phase(event) == 1 and isinstance(own, Identification):
            yield story.tag(event, _use(own))
            yield from hashed_id(story, event, own)


def hashed_id(story: Story, event: Any, payload: Identification) -> Iterator[Entry]:
    """Tell over which identity a hash of phase 1 is computed."""
    size = len(payload.data) + 4
    kind = f"type={payload.id_type}, pro={payload.protocol}, port={payload.port},"
    yield story.tag(event, f"ID, len={size}, {kind}")
    yield story.tag(event, f"addr={id_text(payload)}")


def _nat_discovery(story: Story, event: MessageSent, payload: Payload) -> Iterator[Entry]:
    yield story.tag(event, words.CONSTRUCT_NATD)


def _notification(story: Story, event: MessageSent, payload: Notification) -> Iterator[Entry]:
    name = NOTIFY_NAMES.get(payload.notify_type, str(payload.notify_type))
    yield story.tag(event, words.CONSTRUCT_NOTIFY.format(name=name))
    if payload.notify_type == NotifyType.INITIAL_CONTACT:
        yield story.log(event, catalogue.SENT_INITIAL_CONTACT)


def _delete(story: Story, event: MessageSent, payload: Delete) -> Iterator[Entry]:
    yield story.tag(event, words.CONSTRUCT_DELETE)


_CONSTRUCTORS: dict[type[Payload], Callable[[Story, MessageSent, Any], Iterator[Entry]]] = {
    SecurityAssociation: _sa,
    KeyExchange: _key_exchange,
    Nonce: _nonce,
    VendorId: _vendor_id,
    Identification: _identity,
    Hash: _hash,
    NatDiscovery: _nat_discovery,
    Notification: _notification,
    Delete: _delete,
}
