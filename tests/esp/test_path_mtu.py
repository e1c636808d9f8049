import pytest
from hypothesis import given
from hypothesis import strategies as st

from gwsim.crypto.esp import EspCipher, pad
from gwsim.esp.path_mtu import AGEING, SMALLEST, PathMtu, overhead, room
from tests.esp.planes import AES_SHA1, BRANCH, SUITES, keymat_of


def outer_length(used, length: int, udp: bool, transport: bool) -> int:
    """Measure on a real packet what the formulas foretell."""
    content = bytes(length - 20 if transport else length)
    plaintext = pad(content, 4, used.block_size)
    esp = EspCipher(used, keymat_of(used)).seal(1, 1, plaintext, bytes(used.iv_length))
    return 20 + (8 if udp else 0) + len(esp)


@pytest.mark.parametrize("transport", [False, True])
@pytest.mark.parametrize("udp", [False, True])
@pytest.mark.parametrize("used", SUITES, ids=lambda s: s.name)
def test_the_longest_packet_fits_and_one_octet_more_does_not(used, udp, transport):
    for mtu in (576, 1400, 1492, 1500, 9000):
        longest = room(mtu, used, udp, transport)
        assert outer_length(used, longest, udp, transport) <= mtu
        assert outer_length(used, longest + 1, udp, transport) > mtu


@pytest.mark.parametrize("transport", [False, True])
@pytest.mark.parametrize("udp", [False, True])
@pytest.mark.parametrize("used", SUITES, ids=lambda s: s.name)
def test_the_overhead_is_the_worst_that_happens(used, udp, transport):
    added = [outer_length(used, n, udp, transport) - n for n in range(40, 120)]
    assert max(added) == overhead(used, udp, transport)


def test_an_ios_plaintext_mtu_comes_out():
    """1438 and 1422 behind NAT for AES-SHA1 at 1500, as the vendor sheet has from real routers."""
    assert room(1500, AES_SHA1, udp=False, transport=False) == 1438
    assert room(1500, AES_SHA1, udp=True, transport=False) == 1422


def test_what_nobody_told_is_the_own_interfaces_mtu():
    paths = PathMtu(1500)
    assert paths.to(BRANCH, 0.0) == 1500
    assert paths.remaining(BRANCH, 0.0) == 0.0


def test_what_was_learned_ages():
    paths = PathMtu(1500)
    paths.learn(BRANCH, 1400, 10.0)
    assert paths.to(BRANCH, 10.0 + AGEING - 1) == 1400
    assert paths.remaining(BRANCH, 110.0) == AGEING - 100
    assert paths.to(BRANCH, 10.0 + AGEING) == 1500
    assert paths.remaining(BRANCH, 10.0 + AGEING) == 0.0


def test_paths_are_told_apart():
    paths = PathMtu(1500)
    paths.learn(BRANCH, 1400, 0.0)
    assert paths.to("192.0.2.1", 0.0) == 1500


def test_an_icmp_message_can_only_make_a_path_smaller():
    paths = PathMtu(1500)
    paths.learn(BRANCH, 1400, 0.0)
    paths.learn(BRANCH, 1450, 1.0)
    assert paths.to(BRANCH, 1.0) == 1400
    assert paths.remaining(BRANCH, 1.0) == AGEING - 1


def test_a_router_that_names_no_mtu_leads_down_the_plateaus():
    paths = PathMtu(1500)
    seen = []
    for second in range(4):
        paths.learn(BRANCH, 0, float(second))
        seen.append(paths.to(BRANCH, float(second)))
    assert seen == [1492, 1006, SMALLEST, SMALLEST]


def test_a_smaller_interface_wins_over_what_was_learned():
    paths = PathMtu(1500)
    paths.learn(BRANCH, 1400, 0.0)
    paths.default = 1300
    assert paths.to(BRANCH, 1.0) == 1300


@given(st.lists(st.tuples(st.integers(0, 0xFFFF), st.floats(0, 2000)), max_size=20))
def test_a_tunnel_is_never_starved_nor_given_more_than_its_interface(messages):
    paths = PathMtu(1500)
    for mtu, at in sorted(messages, key=lambda m: m[1]):
        paths.learn(BRANCH, mtu, at)
        assert SMALLEST <= paths.to(BRANCH, at) <= 1500
