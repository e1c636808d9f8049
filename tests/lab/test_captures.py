"""Which files are written for a run, what stands in them, and who may read them."""

import stat
from dataclasses import replace
from datetime import UTC
from pathlib import Path

import pytest

from gwsim import __version__
from gwsim.capture.keys import WARNING
from gwsim.capture.wanted import NOTHING, Wanted
from gwsim.lab.captures import (
    CaptureKeeper,
    capture_files,
    keeper_below,
    write_captures,
    write_file,
)
from gwsim.lab.load import load_text
from gwsim.lab.runner import run
from gwsim.lab.runtimes.sim import SimRuntime
from tests.capture.test_pcapng import blocks, options, packet_block
from tests.cli.conftest import SCENARIO

TAPS = {
    *("hq-inside.pcapng", "hq-outside.pcapng", "internet-to-hq.pcapng"),
    *("branch-inside.pcapng", "branch-outside.pcapng", "internet-to-branch.pcapng"),
}


def played(wanted):
    return run(load_text(SCENARIO), runtime=SimRuntime(wanted))


def files(wanted):
    over = played(wanted)
    return {file.name: file for file in capture_files(over.record, over.plan.title)}


def test_without_asking_there_are_no_keys_anywhere():
    over = played(Wanted(packets=True))
    found = {file.name: file for file in capture_files(over.record, "A tunnel")}
    assert set(found) == TAPS
    keys = played(Wanted(packets=True, keys=True)).record.capture.keys
    assert over.record.capture.keys is None
    for file in found.values():
        assert not file.secret
        assert b"WARNING" not in file.content
        assert not [key for key in keys.ike if key.key in file.content]


def test_with_keys_there_is_a_profile_and_every_capture_warns():
    found = files(Wanted(packets=True, keys=True))
    assert set(found) - TAPS == {
        *("wireshark/ikev1_decryption_table", "wireshark/esp_sa", "wireshark/preferences"),
    }
    assert {name for name, file in found.items() if file.secret} == set(found) - TAPS
    for name in TAPS:
        assert b"WARNING: the keys that decrypt this capture" in found[name].content
    assert found["wireshark/esp_sa"].content.decode().splitlines()[0] == WARNING
    assert len(found["wireshark/esp_sa"].content.decode().splitlines()) == 3


def test_a_record_does_not_print_its_keys():
    record = played(Wanted(packets=True, keys=True)).record
    assert "keys=" not in repr(record.capture)


def test_capturing_changes_nothing_else():
    plain, captured = played(NOTHING), played(Wanted(True, True))
    assert plain.record.capture is None
    assert captured.record.departures == plain.record.departures
    assert captured.record.gateways == plain.record.gateways
    assert captured.verdict.passed


def test_a_run_that_captured_nothing_has_no_files():
    over = played(NOTHING)
    with pytest.raises(ValueError, match="not told to capture"):
        capture_files(over.record, "A tunnel")


def test_inside_are_the_pings_and_outside_is_what_was_said_of_each_message():
    found = files(Wanted(packets=True))
    inside = [packet_block(body) for kind, body in blocks(found["hq-inside.pcapng"].content)[2:]]
    assert len(inside) == 5  # the first ping waits for no tunnel on an ASA
    outside = blocks(found["hq-outside.pcapng"].content)
    said = [packet_block(body)[3][1].decode() for kind, body in outside[2:]]
    assert said[0].startswith("main-1, SA VID")
    assert said[9:] == ["esp"] * (len(said) - 9)


def test_a_capture_says_what_it_is_of_and_when():
    over = played(Wanted(packets=True))
    [file, *_] = capture_files(over.record, "A tunnel")
    section = blocks(file.content)[0][1]
    said = options(section[16:])[1].decode()
    assert said.splitlines()[0] == f"A tunnel, seed 1, gwsim {__version__}"
    first = packet_block(blocks(file.content)[2][1])[1]
    start = over.record.epoch.replace(tzinfo=UTC).timestamp()
    assert start + 1 <= first / 1e9 < start + 3


def test_what_was_forgotten_is_said():
    record = played(Wanted(packets=True)).record
    short = replace(record, capture=replace(record.capture, lost=7))
    assert all(b"7 packets came too fast" in f.content for f in capture_files(short, "x"))


def test_keys_are_for_their_owner_only(tmp_path):
    over = played(Wanted(packets=True, keys=True))
    for _ in range(2):  # an older capture is replaced
        write_captures(over.record, "A tunnel", tmp_path / "new")
    modes = {
        path.name: stat.S_IMODE(path.stat().st_mode)
        for path in (tmp_path / "new").rglob("*")
        if path.is_file()
    }
    assert len(modes) == 9
    assert {modes[name] for name in ("esp_sa", "ikev1_decryption_table", "preferences")} == {0o600}


def test_a_secret_file_replaces_an_open_one(tmp_path):
    path = tmp_path / "esp_sa"
    path.write_text("old")
    path.chmod(0o644)
    write_file(path, b"new", secret=True)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.read_text() == "new"


def test_every_scenario_file_has_a_folder_of_its_own(tmp_path):
    names = [str(tmp_path / name) for name in ("phase1/group.yaml", "phase2/group.yaml")]
    keeper = keeper_below(Path("captures"), names)
    assert [str(keeper.place(name)) for name in names] == [
        "captures/phase1/group",
        "captures/phase2/group",
    ]
    assert keeper_below(Path("c"), names[:1]).place(names[0]) == Path("c/group")


def test_a_keeper_writes_where_it_says(tmp_path):
    loaded = load_text(SCENARIO, str(tmp_path / "toy.yaml"))
    over = run(loaded, runtime=SimRuntime(Wanted(packets=True)))
    keeper = CaptureKeeper(tmp_path / "out", tmp_path)
    keeper.keep(loaded, over)
    assert {path.name for path in (tmp_path / "out" / "toy").iterdir()} == TAPS
    assert keeper.looks(over.scenario, over.plan) == ()
