"""Whole captures of runs: with their profile an independent dissector reads every packet.

Messages of phase 1 that are sent again are left out: tshark 4.0 has moved on to the next IV by
then and calls them malformed, whoever sent them. Their octets are those of the first one.
"""

import json
import multiprocessing
import os
import subprocess

import pytest

from gwsim.capture.wanted import Wanted
from gwsim.lab.captures import write_captures
from gwsim.lab.load import load_scenario
from gwsim.lab.runner import run
from gwsim.lab.runtimes.registry import make_runtime
from tests.netns.conftest import SCENARIOS

CARDS = (
    "healthy/asa-screenos.yaml",
    "phase1/psk-mismatch.yaml",
    "nat/udp-4500-blocked.yaml",
    "phase2/pfs-only-screenos-asa-initiates.yaml",
    "phase2/proxy-id-not-mirrored.yaml",
)
OTHERS = (
    "healthy/aggressive.yaml",
    "healthy/behind-nat.yaml",
    "healthy/gcm.yaml",
    "healthy/transport.yaml",
    "life/rekey.yaml",
)
FIELDS = (
    *("frame.comment", "frame.interface_name", "_ws.malformed", "_ws.expert.message"),
    *("isakmp.flag_e", "isakmp.typepayload", "isakmp.enc.data"),
    *("esp.spi", "esp.protocol", "esp.icv_good", "esp.icv_bad"),
)
SPEED = 4.0


def capture(story, runtime, folder):
    """Run a scenario and write everything that was captured."""
    made = make_runtime(runtime, None if runtime == "sim" else SPEED, Wanted(True, True))
    played = run(load_scenario(SCENARIOS / story), runtime=made)
    write_captures(played.record, played.plan.title, folder)
    return played


def dissect(file, **variables):
    """One dictionary of fields for each packet."""
    shown = [part for field in FIELDS for part in ("-e", field)]
    command = ["tshark", "-n", "-r", str(file), "-T", "json", *shown]
    environment = {**os.environ, **variables}
    ran = subprocess.run(
        command, capture_output=True, text=True, timeout=120, check=False, env=environment
    )
    assert ran.returncode == 0, ran.stderr
    assert "esp_sa" not in ran.stderr and "decryption_table" not in ran.stderr
    return [packet["_source"].get("layers", {}) for packet in json.loads(ran.stdout or "[]")]


def flaws(packet):
    """Everything a dissector has to say against a packet, or cannot read in it."""
    said = {field: packet.get(field, []) for field in FIELDS}
    comment = said["frame.comment"][0] if said["frame.comment"] else ""
    encrypted = any(value in ("1", "True") for value in said["isakmp.flag_e"])
    complaints = [text for text in said["_ws.expert.message"] if text != comment]
    found = [*complaints, *said["_ws.malformed"]] if ", again " not in comment else []
    if encrypted and not said["isakmp.typepayload"]:
        found.append("not decrypted")
    if said["esp.spi"] and not said["esp.protocol"]:
        found.append("ESP not decrypted")
    if any(value in ("1", "True") for value in said["esp.icv_bad"]):
        found.append("bad ICV")
    return [(comment, *found)] if found else []


def read_everything(folder):
    """Read all captures of a folder with its profile; nothing may be wrong. Gives the labels."""
    labels = set()
    for file in sorted(folder.glob("*.pcapng")):
        packets = dissect(file, WIRESHARK_CONFIG_DIR=str(folder / "wireshark"))
        assert [flaw for packet in packets for flaw in flaws(packet)] == [], file.name
        assert {p["frame.interface_name"][0] for p in packets} <= {file.stem}
        comments = [text for packet in packets for text in packet.get("frame.comment", [])]
        labels |= {comment.split(",")[0] for comment in comments}
    return labels


@pytest.mark.needs("tshark")
@pytest.mark.parametrize("story", [*CARDS, *OTHERS])
def test_every_packet_of_a_simulated_run_is_read(tmp_path, story):
    assert labels_sent(story, "sim", tmp_path) <= read_everything(tmp_path)


def labels_sent(story, runtime, folder):
    """Capture a run and tell what the gateways sent in it; verdicts are for other tests."""
    played = capture(story, runtime, folder)
    sent = {departure.label for departure in played.record.departures if departure.label}
    assert {"main-1", "main-3", "main-5"} <= sent or {"aggr-1", "aggr-3"} <= sent
    return sent


@pytest.mark.needs("tshark", "ip")
def test_every_packet_of_runs_in_namespaces_is_read(tmp_path):
    folders = {story: tmp_path / str(number) for number, story in enumerate(CARDS)}
    with multiprocessing.get_context("spawn").Pool(len(CARDS)) as pool:
        orders = [(story, "netns", folder) for story, folder in folders.items()]
        sent = dict(zip(CARDS, pool.starmap(labels_sent, orders), strict=True))
    for story, folder in folders.items():
        assert sent[story] <= read_everything(folder), story


@pytest.mark.needs("tshark")
def test_the_profile_works_as_one_of_many_too(tmp_path):
    capture(CARDS[0], "sim", tmp_path)
    profiles = tmp_path / "config" / "profiles"
    profiles.mkdir(parents=True)
    (tmp_path / "wireshark").rename(profiles / "story")
    command = ["tshark", "-C", "story", "-n", "-r", str(tmp_path / "hq-outside.pcapng")]
    environment = {**os.environ, "WIRESHARK_CONFIG_DIR": str(tmp_path / "config")}
    ran = subprocess.run(
        command, capture_output=True, text=True, timeout=120, check=True, env=environment
    )
    assert "quick-3, * HASH" in ran.stdout
    assert "Echo (ping) reply" in ran.stdout


@pytest.mark.needs("tshark")
def test_without_the_keys_nothing_inside_is_readable(tmp_path):
    """Proof that the checks above can fail."""
    capture(CARDS[0], "sim", tmp_path)
    packets = dissect(tmp_path / "hq-outside.pcapng", WIRESHARK_CONFIG_DIR=str(tmp_path / "none"))
    unread = [what for packet in packets for _, *what in flaws(packet)]
    assert ["not decrypted"] in unread
    assert ["ESP not decrypted"] in unread
