"""Lines that several stories have in common."""

from collections.abc import Iterable, Iterator

from gwsim.ike.events import Message, Rejected
from gwsim.vendors.fortios import catalogue
from gwsim.vendors.fortios.names import EXCHANGES, NAT_T_VERSIONS, cipher_octets, hidden
from gwsim.vendors.fortios.story import Story, cookie_pair, ends
from gwsim.vendors.vendor import LogLine
from gwsim.wire import vendor_ids
from gwsim.wire.payloads import Payload, VendorId

_FORTIGATE = vendor_ids.FORTIGATE[:12]


def arrival(story: Story, event: Message | Rejected, exchange: int) -> Iterator[LogLine]:
    """Tell of a packet that has come."""
    yield story.line(event, catalogue.COMES, **ends(event.local, event.remote))
    yield story.line(
        event,
        catalogue.EXCHANGE,
        exchange=EXCHANGES.get(exchange, str(exchange)),
        cookies=cookie_pair(event, event.message_id),
        length=event.length,
    )


def abilities(
    story: Story, event: Message, peer: Iterable[Payload], answer: Iterable[Payload]
) -> Iterator[LogLine]:
    """Tell what a peer can, by its vendor IDs, and the NAT-T that the answer chooses."""
    ids = _vendor_ids(peer)
    if vendor_ids.DPD in ids:
        yield story.line(event, catalogue.DPD_NEGOTIATED)
    for data in ids:
        if data.startswith(_FORTIGATE):
            version, build = (int.from_bytes(data[at : at + 2], "big") for at in (12, 14))
            yield story.line(event, catalogue.FORTIGATE_PEER, version=version, build=build)
    chosen = _vendor_ids(answer)
    versions = [name for data, name in NAT_T_VERSIONS.items() if data in chosen]
    for name in versions[:1]:
        yield story.line(event, catalogue.NAT_T_VERSION, version=name)


def _vendor_ids(payloads: Iterable[Payload]) -> list[bytes]:
    return [payload.data for payload in payloads if isinstance(payload, VendorId)]


def key_made(story: Story, event: Message) -> Iterator[LogLine]:
    """Tell that there is a key, and how long it is; the key itself stays in the engine."""
    chosen = story.chosen.get((event.sa, 0))
    octets = cipher_octets(chosen.encryption, chosen.key_bits) if chosen else 0
    values = {"cookies": cookie_pair(event), "octets": octets, "key": hidden(octets)}
    yield story.line(event, catalogue.KEY, **values)


def authenticated(story: Story, event: Message) -> Iterator[LogLine]:
    """Tell that the peer's proof holds."""
    yield story.line(event, catalogue.AUTHENTICATED)
    yield story.line(event, catalogue.AUTHENTICATION_OK)


def cookies_of(spi: bytes) -> str:
    """Write the SPI of an IKE SA, which are its cookies."""
    return f"{spi[:8].hex()}/{spi[8:].hex()}"
