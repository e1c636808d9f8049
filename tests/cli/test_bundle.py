"""`gwsim bundle` packs a run, `gwsim open` shows it and can tell whether it comes out again."""

import json
import webbrowser
from pathlib import Path
from zipfile import ZipFile

import pytest

from gwsim.cli.bundle import _printable
from tests.cli.conftest import SCENARIO


@pytest.fixture
def packed(gwsim, scenario, tmp_path):
    """A bundle of a scenario that passes."""
    file = tmp_path / "toy.gwsim"
    assert gwsim("bundle", scenario, "-o", file).exit_code == 0
    return file


def test_a_run_is_packed_opened_and_comes_out_again(gwsim, packed, tmp_path):
    result = gwsim("open", packed, "--to", tmp_path / "out", "--run")
    assert result.exit_code == 0
    lines = result.output.splitlines()
    assert lines[0] == "toy: A tunnel"
    assert lines[1].split() == ["verdict", "passed,", "4", "of", "4", "expectations", "met"]
    assert "runtime sim, seed 1" in lines[2]
    assert f"report    {tmp_path}/out/report.html" in result.output
    assert lines[-1] == "run again on sim: the same, octet for octet"
    assert (tmp_path / "out" / "report.html").is_file()
    assert (tmp_path / "out" / "toy.yaml").read_text(encoding="utf-8") == SCENARIO


def test_not_told_where_it_goes_here_and_out_of_the_way(gwsim, scenario, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert "packed in toy.gwsim" in gwsim("bundle", scenario).output
    output = gwsim("open", "toy.gwsim").output
    folder = Path(output.rpartition("report    ")[2].strip()).parent
    assert folder.parent == tmp_path
    assert folder.name.startswith("gwsim-toy-")


def test_what_is_not_as_expected_is_packed_too_and_is_1(gwsim, failing, tmp_path):
    result = gwsim("bundle", failing, "-o", tmp_path / "a.gwsim", "--seed", 7)
    assert result.exit_code == 1
    assert "expected  hq: state MM_WAIT_MSG2" in result.output
    opened = gwsim("open", tmp_path / "a.gwsim", "--to", tmp_path / "out", "--run")
    assert opened.exit_code == 0
    assert "verdict   failed, 3 of 4 expectations met" in opened.output
    assert "seed 7" in opened.output


def test_keys_come_with_a_warning_at_both_ends(gwsim, scenario, packed, tmp_path):
    file = tmp_path / "keys.gwsim"
    assert "WARNING: it holds keys" in gwsim("bundle", scenario, "-o", file, "--keys").output
    assert "KEYS" in gwsim("open", file, "--to", tmp_path / "a").output
    assert "KEYS" not in gwsim("open", packed, "--to", tmp_path / "b").output


def rewritten(file, change):
    """Write a bundle anew with another manifest."""
    with ZipFile(file) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    said = json.loads(files["manifest.json"])
    change(said)
    files["manifest.json"] = json.dumps(said).encode()
    with ZipFile(file, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return file


def test_another_result_is_told_and_is_1(gwsim, packed, tmp_path):
    file = rewritten(packed, lambda said: said["result"].update(wire="00", verdict="failed"))
    result = gwsim("open", file, "--to", tmp_path / "out", "--run")
    assert result.exit_code == 1
    assert "run again on sim: NOT the same" in result.output
    assert "  verdict: failed then, passed now" in result.output


def test_other_octets_on_the_same_version_are_not_the_same(gwsim, packed, tmp_path):
    file = rewritten(packed, lambda said: said["result"].update(wire="00"))
    result = gwsim("open", file, "--to", tmp_path / "out", "--run")
    assert (result.exit_code, "NOT the same" in result.output) == (1, True)


def test_other_octets_from_another_version_are_told_and_no_failure(gwsim, packed, tmp_path):
    def change(said):
        said["version"] = "0.0.9"
        said["result"]["wire"] = "00"

    result = gwsim("open", rewritten(packed, change), "--to", tmp_path / "out", "--run")
    assert result.exit_code == 0
    assert "the same verdict, expectations and faults; not the same are" in result.output
    assert "packets: other octets" in result.output


def test_a_bad_bundle_is_one_line_and_2(gwsim, packed, tmp_path):
    packed.write_bytes(packed.read_bytes()[:-10])
    result = gwsim("open", packed)
    assert (result.exit_code, result.output) == (2, f"{packed}: is no bundle\n")


def test_a_strangers_words_give_the_terminal_no_orders(gwsim, packed, tmp_path):
    orders = {"title": "a\x1b[2Jb\u202ec", "runtime": "\x1b]0;x\x07"}
    file = rewritten(packed, lambda said: said.update(orders))
    result = gwsim("open", file, "--to", tmp_path / "out", "--run")
    assert result.exit_code == 2
    assert "toy: a?[2Jb?c" in result.output
    assert "there is no runtime" in result.output
    assert _printable("plain words, ümlauts") == "plain words, ümlauts"


def test_the_report_is_shown_when_that_is_asked_for(gwsim, packed, tmp_path, monkeypatch):
    shown = []
    monkeypatch.setattr(webbrowser, "open", shown.append)
    gwsim("open", packed, "--to", tmp_path / "out", "--browse")
    assert shown == [(tmp_path / "out" / "report.html").as_uri()]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("bundle", "SCENARIO", "--runtime", "nets"), "did you mean 'netns'?"),
        (("bundle", "SCENARIO", "--speed", 2), "--speed is for runtimes with real time"),
        (("bundle", "SCENARIO", "-o", "FOLDER"), "is a folder; name a file"),
        (("bundle", "none.yaml"), "there is no such file"),
        (("open", "none.gwsim"), "No such file"),
        (("open", "none.gwsim", "--runtime", "sim"), "there is no --run here"),
    ],
)
def test_bad_use_is_told_and_is_2(gwsim, scenario, tmp_path, arguments, words):
    given = {"SCENARIO": scenario, "FOLDER": tmp_path}
    result = gwsim(*(given.get(argument, argument) for argument in arguments))
    assert result.exit_code == 2
    assert words in result.output


def test_a_run_that_breaks_off_is_not_packed(gwsim, scenario, tmp_path, monkeypatch):
    def broken(*_):
        raise RuntimeError("oh")

    monkeypatch.setattr("gwsim.lab.runner.make_runtime", broken)
    result = gwsim("bundle", scenario, "-o", tmp_path / "a.gwsim")
    assert result.exit_code == 1
    assert not (tmp_path / "a.gwsim").exists()


def test_a_bundle_that_cannot_be_run_here_says_so(gwsim, packed, tmp_path, monkeypatch):
    def broken(*_):
        raise RuntimeError("oh")

    monkeypatch.setattr("gwsim.lab.runner.make_runtime", broken)
    result = gwsim("open", packed, "--to", tmp_path / "out", "--run")
    assert result.exit_code == 1
    assert "ERROR " in result.output
    assert "RuntimeError('oh')" in result.output
