"""Hypothesis strategies for the values of the wire floor, and ways to damage octets."""

from hypothesis import strategies as st

from gwsim.wire.codec import Header
from gwsim.wire.payloads import (
    Attribute,
    Attributes,
    Certificate,
    CertificateRequest,
    Delete,
    Fragment,
    Hash,
    Identification,
    KeyExchange,
    NatDiscovery,
    NatOriginalAddress,
    Nonce,
    Notification,
    Payload,
    Proposal,
    SecurityAssociation,
    Signature,
    Transform,
    UnknownPayload,
    VendorId,
)

octet = st.integers(0, 0xFF)
word = st.integers(0, 0xFFFF)
double_word = st.integers(0, 0xFFFFFFFF)
octets = st.binary(max_size=40)

ASSIGNED_TYPES = {1, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 20, 21, 130, 131, 132}

attributes = st.one_of(
    st.builds(Attribute, st.integers(0, 0x7FFF), st.binary(min_size=2, max_size=2), st.just(True)),
    st.builds(Attribute, st.integers(0, 0x7FFF), octets, st.just(False)),
)
attribute_tuples = st.lists(attributes, max_size=6).map(tuple)
transforms = st.builds(Transform, octet, octet, attribute_tuples)
proposals = st.builds(
    Proposal, octet, octet, st.binary(max_size=16), st.lists(transforms, max_size=4).map(tuple)
)
security_associations = st.builds(
    SecurityAssociation, st.lists(proposals, max_size=4).map(tuple), double_word, double_word
)


@st.composite
def deletes(draw: st.DrawFn) -> Delete:
    size = draw(st.integers(1, 20))
    spis = draw(st.lists(st.binary(min_size=size, max_size=size), max_size=5))
    return Delete(draw(octet), tuple(spis), draw(double_word))


payloads: st.SearchStrategy[Payload] = st.one_of(
    security_associations,
    st.builds(KeyExchange, octets),
    st.builds(Identification, octet, octets, octet, word),
    st.builds(Certificate, octet, octets),
    st.builds(CertificateRequest, octet, octets),
    st.builds(Hash, octets),
    st.builds(Signature, octets),
    st.builds(Nonce, octets),
    st.builds(Notification, word, octet, st.binary(max_size=20), octets, double_word),
    deletes(),
    st.builds(VendorId, octets),
    st.builds(Attributes, octet, word, attribute_tuples),
    st.builds(NatDiscovery, octets, st.booleans()),
    st.builds(NatOriginalAddress, octet, octets, st.booleans()),
    st.builds(Fragment, word, octet, st.booleans(), octets),
    st.builds(UnknownPayload, st.sampled_from(sorted(set(range(1, 256)) - ASSIGNED_TYPES)), octets),
)
chains = st.lists(payloads, max_size=6)

cookies = st.binary(min_size=8, max_size=8)
headers = st.builds(Header, cookies, cookies, octet, octet, octet, double_word, double_word, octet)


@st.composite
def damaged(draw: st.DrawFn, sound: st.SearchStrategy[bytes]) -> bytes:
    """Octets that were right once: some changed, a piece cut out or put in, the end cut off."""
    data = bytearray(draw(sound))
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, max(0, len(data) - 1)))
        match draw(st.sampled_from(["change", "cut", "insert", "truncate"])):
            case "change" if data:
                data[at] = draw(octet)
            case "cut":
                del data[at : at + draw(st.integers(1, 8))]
            case "insert":
                data[at:at] = draw(st.binary(min_size=1, max_size=8))
            case _:
                del data[at:]
    return bytes(data)
