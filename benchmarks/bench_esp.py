"""Packets through the data plane beside the bare library calls: one core, one packet at a time.

Run with `pytest benchmarks/bench_esp.py`; operations per second are packets per second and core.
Each suite carries packets of 64 and 1400 octets from one data plane into another. Nothing is
asserted about time.
"""

import hmac
from collections.abc import Callable
from itertools import count

import pytest
from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

from gwsim.crypto.esp import EspSuite, suite
from gwsim.esp.dataplane import DataPlane, Settings
from gwsim.esp.outcomes import Opened, Sealed
from gwsim.esp.parameters import SaParameters
from gwsim.esp.selectors import Action, Entry, Spd
from gwsim.wire.ip import Ipv4Packet, build_ipv4
from gwsim.wire.selector import Selector

SIZES = [64, 1400]
SUITES = [
    suite(3, None, 2),
    suite(11, None, 2),
    suite(12, 128, 2),
    suite(12, 256, 5),
    suite(20, 128, None),
    suite(20, 256, None),
]
HQ, BRANCH = "198.51.100.1", "203.0.113.1"
HQ_NET, BRANCH_NET = Selector.parse("10.1.0.0/24"), Selector.parse("10.2.0.0/24")
TO_HQ, TO_BRANCH = 0x1001, 0x2002


def name(of: object) -> str:
    return of.name if isinstance(of, EspSuite) else str(of)


def plane(of: EspSuite, own: str) -> DataPlane:
    """The data plane of hq or branch, with the pair between them."""
    here, local, remote = (HQ, HQ_NET, BRANCH_NET) if own == HQ else (BRANCH, BRANCH_NET, HQ_NET)
    there = BRANCH if own == HQ else HQ
    spis = (TO_HQ, TO_BRANCH) if own == HQ else (TO_BRANCH, TO_HQ)
    keymat = bytes(range(of.keymat_length))

    def sa(inbound: bool) -> SaParameters:
        ends = (there, here) if inbound else (here, there)
        return SaParameters(
            spi=spis[not inbound],
            inbound=inbound,
            suite=of,
            keymat=keymat,
            transport=False,
            outer_source=ends[0],
            outer_destination=ends[1],
            udp=None,
            local=local,
            remote=remote,
            connection="peer",
            child="net",
        )

    made = DataPlane(Settings(own), Spd([Entry(Action.PROTECT, local, remote, "peer", "net", 1)]))
    made.install(sa(True), sa(False))
    return made


def packet(size: int) -> bytes:
    return build_ipv4(Ipv4Packet("10.1.0.10", "10.2.0.10", 200, bytes(size - 20)))


@pytest.mark.benchmark(group="data plane out")
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("of", SUITES, ids=name)
def test_outbound(benchmark, of, size):
    sender, content = plane(of, HQ), packet(size)
    (outcome,) = benchmark(lambda: sender.outbound(content, 0.0))
    assert isinstance(outcome, Sealed)


@pytest.mark.benchmark(group="data plane out and in")
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("of", SUITES, ids=name)
def test_out_and_in(benchmark, of, size):
    sender, receiver, content = plane(of, HQ), plane(of, BRANCH), packet(size)

    def cross() -> object:
        (sealed,) = sender.outbound(content, 0.0)
        return receiver.inbound(sealed.payload, HQ, BRANCH)

    outcome = benchmark(cross)
    assert isinstance(outcome, Opened)
    assert outcome.packet == content


@pytest.mark.benchmark(group="data plane out and in")
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("of", SUITES, ids=name)
def test_bare_library(benchmark, of, size):
    """Only what any implementation must call, with every context kept: the limit of this design."""
    both_ends = bare(of)
    content = bytes(size + -(size + 2) % of.block_size + 2)
    assert benchmark(lambda: both_ends(content))


def bare(of: EspSuite) -> Callable[[bytes], bytes]:
    """Encrypt, authenticate, verify and decrypt one packet with nothing around it."""
    if of.transform == 20:
        aead, header, numbers = AESGCM(bytes(of.encryption_key_length)), bytes(8), count(1)

        def combined(content: bytes) -> bytes:
            nonce = next(numbers).to_bytes(12, "big")
            return aead.decrypt(nonce, aead.encrypt(nonce, content, header), header)

        return combined
    digest = "sha256" if of.authentication == 5 else "sha1"
    key = bytes(of.authentication_key_length)
    iv, encrypt, decrypt = cipher_of(of)

    def separate(content: bytes) -> bytes:
        sealed = encrypt(iv + content)
        icv = hmac.digest(key, sealed, digest)
        assert hmac.compare_digest(hmac.digest(key, sealed, digest), icv)
        return decrypt(sealed)

    return separate


def cipher_of(of: EspSuite) -> tuple[bytes, Callable[[bytes], bytes], Callable[[bytes], bytes]]:
    if of.transform == 11:
        return b"", bytes, bytes
    key = bytes(range(of.encryption_key_length))
    algorithm = TripleDES(key) if of.transform == 3 else AES(key)
    cipher = Cipher(algorithm, CBC(bytes(of.iv_length)))
    return bytes(of.iv_length), cipher.encryptor().update, cipher.decryptor().update
