"""An independent dissector reads what gwsim puts on the wire, and decrypts it with its keys."""

import json
import subprocess

import pytest

from tests.tools.wire import PC, SERVER, Conversation

pytestmark = pytest.mark.needs("tshark")

COLUMNS = ("frame.number", "_ws.col.Protocol", "_ws.col.Info", "_ws.malformed", "frame.comment")


def tshark(tmp_path, capture, ike="", esp="", fields=COLUMNS, what=()):
    """One list of field values for each packet."""
    file = tmp_path / "capture.pcapng"
    file.write_bytes(capture)
    options = ["-o", "esp.enable_encryption_decode:TRUE"]
    options += ["-o", "esp.enable_authentication_check:TRUE"]
    for table, lines in (("ikev1_decryption_table", ike), ("esp_sa", esp)):
        for line in lines.splitlines():
            options += ["-o", f"uat:{table}:{line}"]
    shown = [part for field in fields for part in ("-e", field)]
    command = ["tshark", "-n", "-r", str(file), *options, *what, "-T", "json", *shown]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert ran.returncode == 0, ran.stderr
    return [packet["_source"].get("layers", {}) for packet in json.loads(ran.stdout)]


def the(packet, field):
    return " ".join(packet.get(field, []))


SUITES = {
    "aes-sha1": "    phase2: {encryption: aes-128, integrity: sha1}",
    "aes-256-sha256": "    phase2: {encryption: aes-256, integrity: sha256}",
    "3des-md5": "    phase2: {encryption: 3des, integrity: md5}",
    "des-sha1": "    phase2: {encryption: des, integrity: sha1}",
    "gcm": "    phase2: {encryption: aes-128-gcm}",
    "pfs": "    phase2: {encryption: aes-128, integrity: sha1, pfs: group5}",
}


@pytest.mark.parametrize("tunnel", SUITES.values(), ids=SUITES)
def test_every_message_is_decrypted_and_none_is_malformed(tmp_path, tunnel):
    conversation = Conversation(tunnel)
    conversation.ping(4)
    assert conversation.delivered
    ike, esp = conversation.tables()
    fields = (*COLUMNS, "isakmp.typepayload", "esp.icv_good", "esp.icv_bad", "icmp.type", "ip.dst")
    packets = tshark(tmp_path, conversation.capture("hq"), ike, esp, fields)
    assert not [packet for packet in packets if "_ws.malformed" in packet]
    messages = [packet for packet in packets if "isakmp.typepayload" in packet]
    seen = {the(packet, "frame.comment"): packet["isakmp.typepayload"] for packet in messages}
    assert {"5", "8"} <= set(seen["main-5"])
    assert {"5", "8"} <= set(seen["main-6"])
    assert {"8", "1", "10", "5"} <= set(seen["quick-1"])
    assert {"8", "1", "10", "5"} <= set(seen["quick-2"])
    assert seen["quick-3"] == ["8"]
    carried = [packet for packet in packets if "icmp.type" in packet]
    assert {tuple(packet["icmp.type"]) for packet in carried} == {("8",), ("0",)}
    assert {packet["ip.dst"][-1] for packet in carried} == {PC, SERVER}
    assert not [packet for packet in packets if packet.get("esp.icv_bad") == ["1"]]


def test_a_conversation_through_a_nat_is_read_on_both_sides(tmp_path):
    conversation = Conversation(nat=True)
    conversation.ping(3)
    ike, esp = conversation.tables()
    for side in ("hq", "branch"):
        fields = (*COLUMNS, "udpencap.non_esp_marker", "icmp.type", "udp.checksum.status")
        packets = tshark(
            tmp_path,
            conversation.capture(side),
            ike,
            esp,
            fields,
            ("-o", "udp.check_checksum:TRUE"),
        )
        assert not [packet for packet in packets if "_ws.malformed" in packet]
        assert "0" not in {the(packet, "udp.checksum.status") for packet in packets}
        encapsulated = {the(p, "frame.comment") for p in packets if "udpencap.non_esp_marker" in p}
        assert encapsulated == {"main-5", "main-6", "quick-1", "quick-2", "quick-3"}
        assert any("icmp.type" in packet for packet in packets)


def test_interfaces_times_and_directions_are_understood(tmp_path):
    conversation = Conversation()
    conversation.ping(1)
    fields = ("frame.interface_name", "frame.time_epoch", "frame.comment", "frame.packet_flags")
    first, second, *_ = tshark(tmp_path, conversation.capture("branch"), fields=fields)
    assert the(first, "frame.interface_name") == "branch-outside"
    assert float(the(first, "frame.time_epoch")) == 0.0
    assert the(first, "frame.comment") == "main-1"
    assert int(the(first, "frame.packet_flags"), 16) & 3 == 2
    assert int(the(second, "frame.packet_flags"), 16) & 3 == 1
    assert 0.0 < float(the(second, "frame.time_epoch")) < 1.0


def test_with_other_keys_nothing_is_readable(tmp_path):
    """Proof that the checks above can fail."""
    conversation = Conversation("    phase2: {encryption: aes-128, integrity: sha1}")
    conversation.ping(3)
    ike, esp = conversation.tables()
    cookie, key = ike.strip().split(",")
    wrong_ike = f"{cookie},{'5a' * (len(key) // 2)}"
    wrong_esp = "\n".join(_with_other_keys(line) for line in esp.splitlines())
    fields = (*COLUMNS, "esp.icv_bad", "icmp.type")
    packets = tshark(tmp_path, conversation.capture("hq"), wrong_ike, wrong_esp, fields)
    assert [packet for packet in packets if packet.get("esp.icv_bad") == ["1"]]
    assert [packet for packet in packets if "_ws.malformed" in packet]
    assert not [packet for packet in packets if "icmp.type" in packet]


def _with_other_keys(line):
    fields = line.split(",")
    for place in (5, 7):
        fields[place] = f'"0x{"5a" * ((len(fields[place]) - 4) // 2)}"'
    return ",".join(fields)
