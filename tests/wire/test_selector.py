"""Traffic selectors: as people write them, as the wire carries them, as packets meet them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gwsim.wire.errors import WireError
from gwsim.wire.ip import ALL_ONES, mask_of, parse_address
from gwsim.wire.numbers import IdType
from gwsim.wire.payloads import Identification
from gwsim.wire.selector import Selector, from_identification

from .strategies import double_word, octet, word


@st.composite
def selectors(draw: st.DrawFn) -> Selector:
    """Selectors of all three forms, each in the one way its form can be written."""
    protocol, port, address = draw(octet), draw(word), draw(double_word)
    match draw(st.sampled_from([1, 4, 7])):
        case 1:
            return Selector(address, address, protocol, port, 1)
        case 4:
            mask = mask_of(draw(st.integers(0, 32)))
            return Selector(address & mask, address & mask | mask ^ ALL_ONES, protocol, port)
        case _:
            last = draw(st.integers(address, ALL_ONES))
            return Selector(address, last, protocol, port, 7)


WRITTEN = [
    ("10.1.0.0/24", "10.1.0.0", "10.1.0.255", "255.255.255.0", 24, 4),
    ("10.1.0.10", "10.1.0.10", "10.1.0.10", "255.255.255.255", 32, 1),
    ("10.1.0.10/32", "10.1.0.10", "10.1.0.10", "255.255.255.255", 32, 4),
    ("10.1.0.5-10.1.0.9", "10.1.0.5", "10.1.0.9", "255.255.255.240", None, 7),
    ("10.1.0.0-10.1.0.255", "10.1.0.0", "10.1.0.255", "255.255.255.0", 24, 7),
    ("10.0.255.255-10.1.0.0", "10.0.255.255", "10.1.0.0", "255.254.0.0", None, 7),
    ("any", "0.0.0.0", "255.255.255.255", "0.0.0.0", 0, 4),
]


@pytest.mark.parametrize(("text", "first", "last", "mask", "prefix", "id_type"), WRITTEN)
def test_addresses(text, first, last, mask, prefix, id_type):
    selector = Selector.parse(text)
    assert (selector.address, selector.last_address) == (first, last)
    assert (selector.mask, selector.prefix, selector.id_type) == (mask, prefix, id_type)
    assert str(selector) == text


@pytest.mark.parametrize(
    ("text", "protocol", "port", "written"),
    [
        ("any", 0, 0, "any"),
        ("any any", 0, 0, "any"),
        ("any icmp", 1, 0, "any icmp"),
        ("any TCP/80", 6, 80, "any tcp/80"),
        ("any 17/53", 17, 53, "any udp/53"),
        ("0.0.0.0/0 47", 47, 0, "any gre"),
        ("10.0.0.0/8  89", 89, 0, "10.0.0.0/8 89"),
        ("10.0.0.1 any/7", 0, 7, "10.0.0.1 any/7"),
    ],
)
def test_services(text, protocol, port, written):
    selector = Selector.parse(text)
    assert (selector.protocol, selector.port) == (protocol, port)
    assert str(selector) == written


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("10.1.0.5/24", "the subnet is 10.1.0.0/24, the host 10.1.0.5"),
        ("10.1.0.0/33", "no prefix length"),
        ("10.1.0.0/", "no prefix length"),
        ("10.1.0.0/+8", "no prefix length"),
        ("10.1.0.9-10.1.0.5", "runs backwards"),
        ("10.1.0/24", "'10.1.0' is not an IPv4 address"),
        ("server", "'server' is not an IPv4 address"),
        ("", "not a selector"),
        ("any tcp 80", "not a selector"),
        ("any smtp", "'smtp' is not a protocol, a number up to 255"),
        ("any 256", "'256' is not a protocol"),
        ("any tcp/", "'' is not a port"),
        ("any tcp/65536", "'65536' is not a port, a number up to 65535"),
    ],
)
def test_a_complaint_says_what_is_wrong(text, complaint):
    with pytest.raises(ValueError, match=complaint.replace(".", r"\.")):
        Selector.parse(text)


@given(st.text(max_size=30))
def test_any_text_is_a_selector_or_a_value_error(text):
    try:
        selector = Selector.parse(text)
    except ValueError:
        return
    assert Selector.parse(str(selector)) == selector


@given(selectors())
def test_text_round_trip(selector):
    assert Selector.parse(str(selector)) == selector


@given(selectors())
def test_wire_round_trip(selector):
    assert from_identification(selector.identification) == selector


@given(octet, st.binary(max_size=12), octet, word)
def test_any_identification_is_a_selector_or_a_wire_error(id_type, data, protocol, port):
    try:
        selector = from_identification(Identification(id_type, data, protocol, port))
    except WireError as error:
        assert error.offset == 0
    else:
        assert from_identification(selector.identification) == selector


IDENTIFICATIONS = [
    ("10.1.0.0/24 tcp/80", Identification(4, bytes.fromhex("0a010000ffffff00"), 6, 80)),
    ("10.1.0.10", Identification(1, bytes.fromhex("0a01000a"))),
    ("10.1.0.5-10.1.0.9", Identification(7, bytes.fromhex("0a0100050a010009"))),
    ("any", Identification(4, bytes(8))),
]


@pytest.mark.parametrize(("text", "payload"), IDENTIFICATIONS)
def test_identification(text, payload):
    assert Selector.parse(text).identification == payload
    assert from_identification(payload) == Selector.parse(text)


def test_host_bits_in_a_peers_subnet_are_cut_off():
    payload = Identification(4, bytes.fromhex("0a010005ffffff00"))
    assert str(from_identification(payload)) == "10.1.0.0/24"


@pytest.mark.parametrize(
    ("id_type", "data", "complaint"),
    [
        (IdType.FQDN, "6162", "type 2 is no IPv4 selector"),
        (IdType.IPV6_ADDR, "00" * 16, "type 5 is no IPv4 selector"),
        (99, "", "type 99 is no IPv4 selector"),
        (IdType.IPV4_ADDR, "0a0100", "has 4 octets, not 3"),
        (IdType.IPV4_ADDR_SUBNET, "0a010000", "has 8 octets, not 4"),
        (IdType.IPV4_ADDR_SUBNET, "0a010000ff00ff00", "255.0.255.0 is a mask with holes"),
        (IdType.IPV4_ADDR_RANGE, "0a0100090a010005", "from 10.1.0.9 down to 10.1.0.5"),
    ],
)
def test_identifications_that_are_no_selector(id_type, data, complaint):
    with pytest.raises(WireError, match=complaint):
        from_identification(Identification(id_type, bytes.fromhex(data)))


@pytest.mark.parametrize(
    "selector", [Selector(1, 2, id_type=1), Selector(1, 4, id_type=4), Selector(1, 1, id_type=2)]
)
def test_addresses_that_their_id_type_cannot_say(selector):
    with pytest.raises(ValueError, match="has no identification"):
        _ = selector.identification


def test_addresses_that_are_no_subnet_are_written_as_a_range():
    assert (
        str(Selector(parse_address("10.0.0.1"), parse_address("10.0.0.4"))) == "10.0.0.1-10.0.0.4"
    )


COVERS = [
    ("10.1.0.0/16", "10.1.2.0/24", True),
    ("10.1.2.0/24", "10.1.0.0/16", False),
    ("10.1.2.0/24", "10.1.2.0/24", True),
    ("10.1.2.0/24", "10.1.3.0/24", False),
    ("any", "10.1.2.3 tcp/80", True),
    ("any tcp", "10.1.2.3 tcp/80", True),
    ("any tcp/80", "10.1.2.3 tcp", False),
    ("any tcp/80", "10.1.2.3 tcp/443", False),
    ("any udp", "10.1.2.3 tcp", False),
    ("any tcp", "any", False),
]


@pytest.mark.parametrize(("wide", "narrow", "expected"), COVERS)
def test_covers(wide, narrow, expected):
    assert Selector.parse(wide).covers(Selector.parse(narrow)) is expected


@given(selectors(), selectors(), double_word, octet, word)
def test_what_covers_another_matches_all_its_packets(wide, narrow, address, protocol, port):
    if wide.covers(narrow) and narrow.matches(address, protocol, port):
        assert wide.matches(address, protocol, port)


@given(selectors())
def test_a_selector_covers_itself_and_matches_its_own_ends(selector):
    assert selector.covers(selector)
    for address in (selector.first, selector.last):
        assert selector.contains(address)
        assert selector.matches(address, selector.protocol, selector.port)


@pytest.mark.parametrize(
    ("address", "protocol", "port", "expected"),
    [
        ("10.1.0.7", 6, 80, True),
        ("10.1.1.7", 6, 80, False),
        ("10.1.0.7", 17, 80, False),
        ("10.1.0.7", 6, 81, False),
    ],
)
def test_matches(address, protocol, port, expected):
    selector = Selector.parse("10.1.0.0/24 tcp/80")
    assert selector.matches(parse_address(address), protocol, port) is expected


def test_the_same_traffic_may_be_written_differently():
    host, subnet = Selector.parse("10.1.0.10"), Selector.parse("10.1.0.10/32")
    assert host != subnet
    assert host.same_traffic(subnet)
    assert not host.same_traffic(Selector.parse("10.1.0.10 tcp"))
    assert not host.same_traffic(Selector.parse("10.1.0.10-10.1.0.11"))
    assert not Selector.parse("any tcp/80").same_traffic(Selector.parse("any tcp/81"))


def test_contains_looks_at_addresses_only():
    selector = Selector.parse("10.1.0.5-10.1.0.9 tcp/80")
    inside = [n for n in range(12) if selector.contains(parse_address(f"10.1.0.{n}"))]
    assert inside == [5, 6, 7, 8, 9]
