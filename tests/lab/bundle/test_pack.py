"""A bundle holds what its run held, tells nothing of where it was made, and keys only if asked."""

import json
import stat
from hashlib import sha256

import pytest

from gwsim.capture.ladder import ladder_text
from gwsim.lab.bundle.pack import contents, for_travel
from gwsim.lab.captures import capture_files
from gwsim.lab.load import load_text
from gwsim.lab.messages import ladder_of
from gwsim.lab.runner import NotKept, run
from tests.lab.bundle.made import STUCK, manifest, members, pack, packed


def test_a_bundle_holds_scenario_report_ladder_logs_and_captures():
    assert list(members()) == [
        "manifest.json",
        "two-asas.yaml",
        "report.html",
        "ladder.txt",
        *(f"logs/{name}" for name in ("hq.log", "hq-debug.log", "branch.log", "branch-debug.log")),
        *(f"captures/{place}.pcapng" for place in ("hq-inside", "hq-outside", "internet-to-hq")),
        *(
            f"captures/{place}.pcapng"
            for place in ("branch-inside", "branch-outside", "internet-to-branch")
        ),
    ]
    assert members()["two-asas.yaml"].decode() == STUCK


def test_what_is_in_it_is_what_the_run_gave(tmp_path):
    made = pack(tmp_path / "a.gwsim")
    assert members()["ladder.txt"].decode() == ladder_text(ladder_of(made.record))
    for file in capture_files(made.record, made.plan.title):
        assert members()[f"captures/{file.name}"] == file.content
    assert b"%ASA-" in members()["logs/hq.log"]


def test_the_report_links_the_files_beside_it():
    report = members()["report.html"].decode()
    for name in members():
        if name.startswith(("logs/", "captures/", "ladder")):
            assert f'href="{name}"' in report
    assert "gwsim run two-asas.yaml --seed 1" in report


def test_the_manifest_has_the_digest_of_every_other_file():
    said = {entry["path"]: entry for entry in manifest()["files"]}
    assert set(said) == set(members()) - {"manifest.json"}
    for path, entry in said.items():
        content = members()[path]
        assert entry["size"] == len(content)
        assert entry["sha256"] == sha256(content).hexdigest()
    assert manifest()["result"]["verdict"] == "passed"


def test_nothing_tells_where_it_was_made():
    for content in members().values():
        assert b"somebody" not in content
        assert b"customer" not in content


def test_the_same_run_is_the_same_file(tmp_path):
    pack(tmp_path / "again.gwsim")
    assert (tmp_path / "again.gwsim").read_bytes() == packed()


def test_keys_are_in_it_only_when_asked_for_and_for_the_owner_alone(tmp_path):
    assert not any(entry["secret"] for entry in manifest()["files"])
    assert b"wireshark" not in packed()
    target = tmp_path / "keys.gwsim"
    pack(target, keys=True)
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert target.read_bytes() == packed(keys=True)
    assert b"captures/wireshark/ikev1_decryption_table" in packed(keys=True)


def test_a_run_that_was_not_captured_cannot_be_packed():
    loaded = load_text(STUCK, "a.yaml")
    with pytest.raises(ValueError, match="not told to capture"):
        contents(loaded, run(loaded))


def test_a_scenario_on_its_way_has_the_name_of_its_file_there():
    loaded = for_travel(load_text(STUCK, "/home/x/y.yaml"))
    assert loaded.name == "two-asas.yaml"
    assert json.loads(members()["manifest.json"])["scenario"] == "two-asas.yaml"


def test_folders_above_are_made_and_a_place_that_cannot_be_is_told(tmp_path):
    pack(tmp_path / "new" / "a.gwsim")
    assert (tmp_path / "new" / "a.gwsim").is_file()
    with pytest.raises(NotKept, match="cannot be written"):
        pack(tmp_path / "new" / "a.gwsim" / "b.gwsim")
