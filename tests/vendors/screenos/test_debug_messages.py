"""Tags, lengths and lifetimes of messages as the debug buffer has them."""

import pytest

from gwsim.vendors.screenos.debug_messages import (
    NOTIFY_NAMES,
    Life,
    id_text,
    life,
    plain_length,
    tag,
    tags,
    transforms_of,
)
from gwsim.wire.payloads import (
    Attribute,
    Hash,
    Identification,
    NatDiscovery,
    Nonce,
    Notification,
    Proposal,
    SecurityAssociation,
    Transform,
    UnknownPayload,
)


def test_payloads_have_tags_and_unknown_ones_numbers():
    payloads = (Hash(b""), Notification(14), NatDiscovery(b"", True), UnknownPayload(99, b""))
    assert tags(payloads) == "[HASH] [NOTIF] [NATD] [99]"
    assert tag(4) == "[KE]"


def test_the_plain_length_is_that_of_header_and_payloads():
    """An address and a hash of SHA-1, as in the real transcript: 64 octets."""
    assert plain_length((Identification(1, bytes(4), 17, 500), Hash(bytes(20)))) == 64


@pytest.mark.parametrize(
    ("phase", "attributes", "expected"),
    [
        (1, [(11, 1), (12, 28800)], Life(28800, 0, True)),
        (1, [(11, 1), (12, 86400)], Life(86400, 0, False)),
        (2, [(1, 1), (2, 3600), (1, 2), (2, 5000)], Life(3600, 5000, True)),
        (2, [(1, 9), (4, 1)], Life(0, 0, True)),
    ],
)
def test_lifetimes(phase, attributes, expected):
    found = Transform(1, 1, tuple(Attribute.number(*pair) for pair in attributes))
    assert life(found, phase) == expected


def test_transforms_of_a_message():
    transform = Transform(1, 1)
    offer = SecurityAssociation((Proposal(1, 1, b"", (transform,)),))
    assert transforms_of((Nonce(b""), offer)) == (transform,)
    assert transforms_of((Nonce(b""),)) == ()


def test_identities_are_readable_whatever_they_are():
    assert id_text(Identification(1, bytes((192, 168, 124, 4)))) == "192.168.124.4"
    assert id_text(Identification(2, b"ns.example")) == "ns.example"
    assert id_text(Identification(1, b"\xff\x00")) == "\\xff\x00"


def test_notifications_have_their_names():
    assert NOTIFY_NAMES[24578] == "INITIAL-CONTACT"
    assert NOTIFY_NAMES[36137] == "R-U-THERE-ACK"
