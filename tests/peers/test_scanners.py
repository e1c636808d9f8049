"""What those see who do not negotiate but look: ike-scan and psk-crack.

The backoff fingerprint takes as long as the vendor's patience does. All vendors are looked at at
the same time, while the other tests of this file run.
"""

import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.peers.conftest import new_folder
from tests.peers.ours import Ours
from tests.peers.tunnel import EAST, WEST, Tunnel
from tests.peers.world import World

pytestmark = pytest.mark.needs("ike-scan", "psk-crack", "nsenter", "setpriv", "nft")

BACKOFF = {
    "asa": "Cisco VPN Concentrator or PIX 7.0",
    "ios": "Cisco IOS 12.1, 12.2, 12.3, 12.4 or 15.0",
    "screenos": "Juniper-Netscreen",
    "fortios": "FortiGate",
    "contivity": "Nortel Contivity",
    "pix": "Cisco PIX 6.3",
}
"""What ike-scan makes of a vendor's repeats of main-2, by its own table."""

NAMES = {
    "asa": {
        "main": {"IKE Fragmentation"},
        "aggressive": {"Cisco Unity", "XAUTH", "Cisco VPN Concentrator", "IKE Fragmentation"},
    },
    "ios": {"main": set(), "aggressive": {"Cisco Unity", "Dead Peer Detection v1.0"}},
    "fortios": {
        "main": {"Dead Peer Detection v1.0", "IKE Fragmentation"},
        "aggressive": {"Dead Peer Detection v1.0", "IKE Fragmentation"},
    },
    "contivity": {"main": {"Nortel Contivity"}, "aggressive": {"Nortel Contivity"}},
    "pix": {"main": set(), "aggressive": {"Cisco Unity", "XAUTH"}},
    "screenos": {
        "main": {"Dead Peer Detection v1.0", "HeartBeat_Notify"},
        "aggressive": {"Dead Peer Detection v1.0", "HeartBeat_Notify"},
    },
}
"""Vendor IDs by which ike-scan knows a gateway that it asks in one mode or the other."""

LONGEST_PAUSE = "18"
"""Seconds of silence after which ike-scan has seen it all: more than any vendor's longest."""

PATIENT = ("--retry=1", "--timeout=60000")
"""It asks once: the answer to a question asked again, as the first one is late, is no repeat."""

FUZZ = "900"
"""Milliseconds by which a machine may be late; no other pattern is as near to any of these."""


@dataclass(frozen=True, slots=True)
class Looked:
    """One gateway of ours alone in a world, and who looks at it."""

    world: World
    ours: Ours

    def scan(self, *options: str) -> str:
        """Look at it by ike-scan and give what that says."""
        return self.world.spaces.run("east", "ike-scan", "-M", *options, WEST).stdout


def alone(folder: Path, vendor: str) -> Looked:
    world = World(new_folder(folder))
    ours = Ours(world.spaces, "west", world.folder / "west", vendor, patient=True)
    ours.start()
    return Looked(world, ours)


def close(looked: Looked) -> None:
    looked.ours.stop()
    looked.world.close()


@pytest.fixture(scope="module")
def looked(peers_folder: Path) -> Iterator[Looked]:
    made = alone(peers_folder, "ios")
    yield made
    close(made)


@pytest.fixture(scope="module", autouse=True)
def backoffs(peers_folder: Path) -> Iterator[dict[str, subprocess.Popen[str]]]:
    """One scanner for each vendor, each in a world of its own, all of them waiting."""
    with ExitStack() as stack:
        watching = {}
        for vendor in BACKOFF:
            made = alone(peers_folder, vendor)
            stack.callback(close, made)
            made.ours.configure(Tunnel())
            watch = (f"--showbackoff={LONGEST_PAUSE}", f"--fuzz={FUZZ}")
            words = ("ike-scan", *OFFER, *PATIENT, *watch, WEST)
            watching[vendor] = stack.enter_context(made.world.spaces.running("east", *words))
        yield watching


OFFER = ("--trans=7/128,2,1,2",)
"""What the tunnel wants: AES-128, SHA-1, a pre-shared key, group 2."""


@pytest.mark.parametrize("vendor", NAMES)
def test_main_mode_is_a_handshake(looked: Looked, vendor: str) -> None:
    looked.ours.configure(Tunnel(), vendor)
    said = looked.scan(*OFFER)
    assert "Main Mode Handshake returned" in said
    assert "SA=(Enc=AES Hash=SHA1 Auth=PSK Group=2:modp1024 KeyLength=128" in said
    assert all(f"({name})" in said for name in NAMES[vendor]["main"]), said


@pytest.mark.parametrize("vendor", NAMES)
def test_aggressive_mode_is_a_handshake(looked: Looked, vendor: str) -> None:
    looked.ours.configure(Tunnel(aggressive=True), vendor)
    said = looked.scan("-A", "-n", EAST, "--idtype=1", *OFFER)
    assert "Aggressive Mode Handshake returned" in said
    assert "SA=(Enc=AES Hash=SHA1 Auth=PSK Group=2:modp1024 KeyLength=128" in said
    assert f"ID(Type=ID_IPV4_ADDR, Value={WEST})" in said
    assert all(f"({name}" in said for name in NAMES[vendor]["aggressive"]), said


@pytest.mark.parametrize("vendor", BACKOFF)
def test_the_nat_traversal_it_speaks(looked: Looked, vendor: str) -> None:
    """Asked in every dialect, it answers with the newest that the vendor has."""
    looked.ours.configure(Tunnel(), vendor)
    newest = dict.fromkeys(("screenos", "pix"), "draft-ietf-ipsec-nat-t-ike-02")
    newest["contivity"] = ""
    offered = (
        "4a131c81070358455c5728f20e95452f",  # RFC 3947
        "90cb80913ebb696e086381b5ec427b1f",  # draft 02, as it is mostly written
    )
    said = looked.scan(*OFFER, *(f"--vendor={octets}" for octets in offered))
    assert newest.get(vendor, "RFC 3947") in said, said


@pytest.mark.parametrize("vendor", NAMES)
def test_a_wrong_offer_is_no_handshake(looked: Looked, vendor: str) -> None:
    looked.ours.configure(Tunnel(), vendor)
    said = looked.scan("--trans=5,1,1,5", "--retry=4")
    assert "0 returned handshake" in said
    notified = "1 returned notify" in said
    assert notified == (vendor not in ("screenos", "fortios")), said
    assert ("NO-PROPOSAL-CHOSEN" in said) == notified


def test_the_key_of_aggressive_mode_can_be_guessed(looked: Looked, tmp_path: Path) -> None:
    """An independent check of HASH_R: psk-crack finds the key, and only that one, in a list."""
    looked.ours.configure(Tunnel(aggressive=True, psk="hunter2"), "ios")
    captured, words = tmp_path / "captured", tmp_path / "words"
    looked.scan("-A", "-n", EAST, "--idtype=1", *OFFER, f"-P{captured}")
    words.write_text("secret\nhunter1\nhunter2\nhunter3\n", encoding="utf-8")
    found = looked.world.spaces.run("east", "psk-crack", "-d", str(words), str(captured)).stdout
    assert 'key "hunter2" matches' in found
    words.write_text("secret\nhunter1\nhunter3\n", encoding="utf-8")
    found = looked.world.spaces.run("east", "psk-crack", "-d", str(words), str(captured)).stdout
    assert "no match found" in found


@pytest.mark.parametrize("vendor", BACKOFF)
def test_its_patience_names_the_vendor(
    backoffs: dict[str, subprocess.Popen[str]], vendor: str
) -> None:
    said, _ = backoffs[vendor].communicate(timeout=180)
    assert f"Implementation guess: {BACKOFF[vendor]}" in said, said
