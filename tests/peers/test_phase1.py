"""Phase 1 with strongSwan: every group, cipher and hash, both modes, either end first."""

import re
from itertools import cycle

import pytest

from gwsim.lab.algorithms import ENCRYPTIONS, GROUPS, HASHES
from gwsim.vendors.registry import VENDORS as ALL_VENDORS
from tests.peers.stage import VENDORS, Stage
from tests.peers.strongswan import PROGRAMS
from tests.peers.tunnel import Tunnel

pytestmark = pytest.mark.needs(*PROGRAMS)

BOTH = pytest.mark.parametrize("initiator", ["ours", "theirs"])
MODES = pytest.mark.parametrize("aggressive", [False, True], ids=["main", "aggressive"])

CIPHERS = {"des": "DES_CBC", "3des": "3DES_CBC", "aes128": "AES_CBC-128", "aes256": "AES_CBC-256"}
DIGESTS = {
    "md5": "HMAC_MD5_96/PRF_HMAC_MD5",
    "sha1": "HMAC_SHA1_96/PRF_HMAC_SHA1",
    "sha256": "HMAC_SHA2_256_128/PRF_HMAC_SHA2_256",
    "sha512": "HMAC_SHA2_512_256/PRF_HMAC_SHA2_512",
}
FIELDS = {
    "modp1024": "MODP_1024",
    "modp1536": "MODP_1536",
    "modp2048": "MODP_2048",
    "modp3072": "MODP_3072",
    "modp4096": "MODP_4096",
    "ecp256": "ECP_256",
    "ecp384": "ECP_384",
}
"""What strongSwan calls on its screens what it is told in its configuration."""

# Every cipher with every hash; groups and vendors take turns.
SUITES = [
    f"{cipher}-{digest}-{group}"
    for (cipher, digest), group in zip(
        [(c, d) for c in CIPHERS for d in DIGESTS], cycle(["ecp256", "modp1024"]), strict=False
    )
]


def agreed(stage: Stage, proposal: str, role: str, exchange: str) -> None:
    """Both ends say the same about the one ISAKMP SA there is, each in its own words."""
    cipher, digest, group = proposal.split("-")
    [sa] = stage.snapshot().ike.sas
    assert (sa.encryption, sa.key_bits) == ENCRYPTIONS[cipher]
    assert (sa.hash, sa.group) == (HASHES[digest], GROUPS[group])
    assert (sa.role, sa.exchange, sa.state) == (role, exchange, "ESTABLISHED")
    shown = stage.theirs.sas()
    assert f"{CIPHERS[cipher]}/{DIGESTS[digest]}/{FIELDS[group]}\n" in shown
    cookies = re.search(r"IKEv1, (\w+)_i\*? (\w+)_r", shown)
    assert cookies is not None
    assert cookies.groups() == (sa.initiator_cookie, sa.responder_cookie)


@BOTH
@MODES
@pytest.mark.parametrize("group", FIELDS)
def test_every_group_in_both_modes(
    stage: Stage, group: str, aggressive: bool, initiator: str
) -> None:
    tunnel = Tunnel(ike=f"aes128-sha1-{group}", aggressive=aggressive)
    stage.bring_up(tunnel, initiator)
    role = "initiator" if initiator == "ours" else "responder"
    agreed(stage, tunnel.ike, role, "aggressive" if aggressive else "main")
    stage.carries()


@BOTH
@pytest.mark.parametrize("suite", SUITES)
def test_every_cipher_with_every_hash(stage: Stage, suite: str, initiator: str) -> None:
    vendor = VENDORS[SUITES.index(suite) % len(VENDORS)]
    stage.bring_up(Tunnel(ike=suite), initiator, vendor)
    agreed(stage, suite, "initiator" if initiator == "ours" else "responder", "main")
    stage.carries()


@BOTH
@MODES
@pytest.mark.parametrize("vendor", ALL_VENDORS)
def test_every_vendor_in_both_modes(
    stage: Stage, vendor: str, aggressive: bool, initiator: str
) -> None:
    stage.bring_up(Tunnel(aggressive=aggressive), initiator, vendor)
    stage.carries()
    messages = list(dict.fromkeys(seen.label for seen in stage.world.west_side.messages()))
    phase1 = ["aggr-1", "aggr-2", "aggr-3"] if aggressive else [f"main-{n}" for n in range(1, 7)]
    assert messages[: len(phase1)] == phase1
    assert messages[len(phase1) :] == ["quick-1", "quick-2", "quick-3"]


@BOTH
@MODES
def test_names_as_identities(stage: Stage, aggressive: bool, initiator: str) -> None:
    tunnel = Tunnel(aggressive=aggressive, west="west.example.com", east="east.example.com")
    stage.bring_up(tunnel, initiator, "screenos")
    stage.carries()
    assert stage.snapshot().ike.sas[0].peer_id == "east.example.com"
