"""What tshark reads on the line between ours and strongSwan: all with keys, nothing without."""

import json
import subprocess
from pathlib import Path

import pytest

from gwsim.capture.keys import esp_sa, ikev1_decryption_table
from tests.peers.stage import Stage
from tests.peers.strongswan import PROGRAMS
from tests.peers.tunnel import EAST_HOST, WEST_HOST, Tunnel

pytestmark = pytest.mark.needs("tshark", *PROGRAMS)

BOTH = pytest.mark.parametrize("initiator", ["ours", "theirs"])
SUITES = ("aes128-sha1", "aes256-sha256", "3des-md5", "aes128gcm16")
FIELDS = ("ip.src", "isakmp.typepayload", "icmp.type", "esp.icv_bad", "_ws.malformed")

_DECODE = ("-o", "esp.enable_encryption_decode:TRUE", "-o", "esp.enable_authentication_check:TRUE")


def dissect(
    folder: Path, capture: bytes, ike: str = "", esp: str = ""
) -> list[dict[str, list[str]]]:
    """Give the fields of every packet."""
    file = folder / "line.pcap"
    file.write_bytes(capture)
    tables = (("ikev1_decryption_table", ike), ("esp_sa", esp))
    keys = [
        w
        for name, t in tables
        for line in t.splitlines()
        if line[0] != "#"
        for w in ("-o", f"uat:{name}:{line}")
    ]
    shown = [word for field in FIELDS for word in ("-e", field)]
    words = ["tshark", "-n", "-r", str(file), *_DECODE, *keys, "-T", "json", *shown]
    said = subprocess.run(words, capture_output=True, text=True, timeout=120, check=True).stdout
    return [packet["_source"].get("layers", {}) for packet in json.loads(said)]


@BOTH
@pytest.mark.parametrize("suite", SUITES)
def test_tshark_reads_all_with_our_keys_and_nothing_without(
    stage: Stage, tmp_path: Path, suite: str, initiator: str
) -> None:
    stage.bring_up(Tunnel(esp=suite), initiator, "ios")
    stage.carries()
    keys, capture = stage.ours.door.keys(), stage.world.west_side.pcap()
    blind = dissect(tmp_path, capture)
    assert not {WEST_HOST, EAST_HOST} & {host for packet in blind for host in packet["ip.src"]}
    assert not [packet for packet in blind if "icmp.type" in packet]
    packets = dissect(tmp_path, capture, ikev1_decryption_table(keys.ike), esp_sa(keys.esp))
    assert not [packet for packet in packets if "_ws.malformed" in packet]
    assert not [packet for packet in packets if packet.get("esp.icv_bad") == ["1"]]
    inner = [
        (packet["ip.src"][-1], packet["icmp.type"][0])
        for packet in packets
        if "icmp.type" in packet
    ]
    assert sorted(inner) == sorted(
        [(WEST_HOST, "8"), (EAST_HOST, "0"), (EAST_HOST, "8"), (WEST_HOST, "0")] * 3
    )
    read = [packet["isakmp.typepayload"] for packet in packets if "isakmp.typepayload" in packet]
    # ID and HASH of main-5, HASH, SA, NONCE and both IDs of quick-1: encrypted on the line.
    assert any({"5", "8"} <= set(payloads) for payloads in read)
    assert any({"8", "1", "10", "5"} <= set(payloads) for payloads in read)
