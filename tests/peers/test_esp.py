"""ESP with strongSwan: every cipher with every integrity, PFS or none, whatever the size."""

from itertools import cycle

import pytest

from tests.peers.stage import LONG_SIZES, ODD_SIZES, VENDORS, Stage
from tests.peers.strongswan import PROGRAMS
from tests.peers.tunnel import EAST_HOST, WEST_HOST, Tunnel, phase2_transform

pytestmark = pytest.mark.needs(*PROGRAMS)

BOTH = pytest.mark.parametrize("initiator", ["ours", "theirs"])

CIPHERS = {"des": "DES_CBC", "3des": "3DES_CBC", "aes128": "AES_CBC-128", "aes256": "AES_CBC-256"}
INTEGRITIES = {
    "md5": "HMAC_MD5_96",
    "sha1": "HMAC_SHA1_96",
    "sha256": "HMAC_SHA2_256_128",
    "sha512": "HMAC_SHA2_512_256",
}
SUITES = {f"{c}-{i}": f"{CIPHERS[c]}/{INTEGRITIES[i]}" for c in CIPHERS for i in INTEGRITIES}
SUITES |= {f"aes{bits}gcm{icv}": f"AES_GCM_{icv}-{bits}" for bits in (128, 256) for icv in (8, 16)}
SUITES |= {"aes192gcm12": "AES_GCM_12-192", "null-sha256": "NULL/HMAC_SHA2_256_128"}
"""What strongSwan shows for what it is told."""

FIELDS = {"modp1024": "MODP_1024", "modp2048": "MODP_2048", "ecp256": "ECP_256"}
"""The group of phase 1 itself, and others."""

TURNS = dict(zip(SUITES, cycle(VENDORS), strict=False))


def agreed(stage: Stage, proposal: str) -> None:
    """Both ends say the same about the one pair of IPsec SAs there is, each in its own words."""
    [pair] = [pair.negotiated for pair in stage.snapshot().ipsec]
    transform, group = phase2_transform(proposal)
    assert (pair.transform, pair.authentication) == (transform.transform, transform.authentication)
    assert (pair.key_bits, pair.pfs_group) == (transform.key_bits, group)
    shown = stage.theirs.sas()
    assert f"  in  {pair.outbound_spi:08x}" in shown
    assert f"  out {pair.inbound_spi:08x}" in shown


@pytest.mark.parametrize("suite", SUITES)
def test_every_suite_carries_every_size(stage: Stage, suite: str) -> None:
    stage.bring_up(Tunnel(esp=suite), "ours", TURNS[suite])
    agreed(stage, suite)
    assert f"ESP:{SUITES[suite]}\n" in stage.theirs.sas()
    for size in ODD_SIZES:
        assert stage.world.pc.ping(EAST_HOST, 1, size) == 1, size
    assert min(stage.counted()) >= len(ODD_SIZES)
    stage.nothing_in_clear()


@pytest.mark.parametrize("suite", SUITES)
def test_every_suite_when_the_peer_begins(stage: Stage, suite: str) -> None:
    stage.bring_up(Tunnel(esp=suite), "theirs", TURNS[suite])
    agreed(stage, suite)
    stage.carries()


@BOTH
@pytest.mark.parametrize("vendor", VENDORS)
@pytest.mark.parametrize("group", ["", *FIELDS])
def test_perfect_forward_secrecy(stage: Stage, group: str, vendor: str, initiator: str) -> None:
    tunnel = Tunnel(esp=f"aes128-sha1-{group}" if group else "aes128-sha1")
    stage.bring_up(tunnel, initiator, vendor)
    agreed(stage, tunnel.esp)
    shown = f"/{FIELDS[group]}" if group else ""
    assert f"ESP:AES_CBC-128/HMAC_SHA1_96{shown}\n" in stage.theirs.sas()
    stage.carries()


@BOTH
def test_what_needs_pieces(stage: Stage, initiator: str) -> None:
    stage.bring_up(Tunnel(), initiator, "asa")
    for size in LONG_SIZES:
        assert stage.world.pc.ping(EAST_HOST, 2, size) == 2, size
        assert stage.world.server.ping(WEST_HOST, 2, size) == 2, size
    stage.nothing_in_clear()


@pytest.mark.needs("iperf3")
@pytest.mark.parametrize("suite", ["aes128-sha1", "aes256gcm16", "3des-md5"])
def test_a_stream(stage: Stage, suite: str) -> None:
    """Four million octets of TCP each way: they get through, every packet of it protected."""
    stage.bring_up(Tunnel(esp=suite), "ours")
    for direction in ([], ["-R"]):
        measured = stage.world.stream("-n", "4M", *direction)
        assert measured["end"]["sum_received"]["bytes"] > 0
    assert min(stage.counted_at_rest()) > 1000
    [pair] = stage.snapshot().ipsec
    assert pair.inbound.errors == 0
    stage.nothing_in_clear()
