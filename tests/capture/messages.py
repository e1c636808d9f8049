"""Messages, as a gateway tells of them and as they travel, for the tests of captures."""

from gwsim.ike.events import MessageSent
from gwsim.ike.states import Role, State
from gwsim.wire.codec import Header, build_message, build_raw
from gwsim.wire.ip import UDP, Ipv4Packet, UdpDatagram, build_ipv4, build_udp
from gwsim.wire.numbers import ExchangeType, Flag, IdType, PayloadType
from gwsim.wire.payloads import (
    Hash,
    Identification,
    KeyExchange,
    Nonce,
    SecurityAssociation,
    VendorId,
)
from tests.path.packets import BRANCH, HQ

COOKIE = b"initiate"
RESPONDER = b"responds"

MAIN_1 = (SecurityAssociation(()), VendorId(b"a" * 16), VendorId(b"b" * 16))
MAIN_3 = (KeyExchange(b"k" * 128), Nonce(b"n" * 20))
MAIN_5 = (Identification(IdType.IPV4_ADDR, bytes(4)), Hash(bytes(20)))


def clear(payloads, responder=RESPONDER):
    """A main mode message in the clear."""
    header = Header(COOKIE, responder, 0, ExchangeType.IDENTITY_PROTECTION, 0, 0)
    return build_message(header, payloads)


def encrypted(size=64, exchange=ExchangeType.IDENTITY_PROTECTION, message_id=0):
    """A message nobody but its ends can read."""
    header = Header(
        COOKIE, RESPONDER, PayloadType.IDENTIFICATION, exchange, Flag.ENCRYPTION, message_id
    )
    return build_raw(header, bytes(size))


def packet(message, source=HQ, destination=BRANCH, port=500):
    """The IPv4 packet of an ISAKMP message, with the marker on port 4500."""
    payload = bytes(4) + message if port == 4500 else message
    data = build_udp(UdpDatagram(port, port, payload), source, destination)
    return build_ipv4(Ipv4Packet(source, destination, UDP, data))


def sent(at, label, message, payloads, attempt=0, **options):
    """What a gateway says of a message it sends."""
    encrypted_flag = bool(message[19] & Flag.ENCRYPTION)
    facts = {
        "at": at,
        "label": label,
        "exchange_type": message[18],
        "message_id": int.from_bytes(message[20:24], "big"),
        "encrypted": encrypted_flag,
        "length": len(message),
        "payloads": tuple(payloads),
        "local": (HQ, 500),
        "remote": (BRANCH, 500),
        "initiator_cookie": COOKIE.hex(),
        "responder_cookie": RESPONDER.hex(),
        "role": Role.INITIATOR,
        "state": State.MAIN_WAIT_2,
        "attempt": attempt,
    }
    return MessageSent(**(facts | options))
