"""`gwsim ladder` draws captures and refuses everything else in one sentence."""

import pytest

from gwsim.capture.sighted import Wanted
from gwsim.lab.captures import write_captures
from gwsim.lab.load import load_text
from gwsim.lab.runner import run
from gwsim.lab.runtimes.sim import SimRuntime
from tests.cli.conftest import SCENARIO


@pytest.fixture(scope="module")
def seen(tmp_path_factory):
    """The captures of a run, with keys."""
    folder = tmp_path_factory.mktemp("seen")
    over = run(load_text(SCENARIO), runtime=SimRuntime(Wanted(True, True)))
    write_captures(over.record, over.plan.title, folder)
    return folder


def test_a_capture_is_drawn(gwsim, seen):
    result = gwsim("ladder", seen / "hq-outside.pcapng")
    assert result.exit_code == 0
    assert "quick-3" in result.output
    assert "the tunnel is up" in result.output
    assert "ID HASH" not in result.output


@pytest.mark.parametrize("table", ["wireshark", "wireshark/ikev1_decryption_table"])
def test_with_keys_it_is_decrypted(gwsim, seen, table):
    result = gwsim("ladder", seen / "hq-outside.pcapng", "--keys", seen / table)
    assert "* ID HASH" in result.output
    assert "phase 2     offered 1: ESP" in result.output


def test_only_what_one_peer_takes_part_in(gwsim, seen):
    result = gwsim("ladder", seen / "hq-outside.pcapng", "--peer", "203.0.113.9")
    assert result.exit_code == 0
    assert "no IKEv1 and no ESP in it" in result.output


def test_clear_text_is_counted(gwsim, seen):
    assert "not drawn: ICMP 4" in gwsim("ladder", seen / "branch-inside.pcapng").output


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("missing.pcap",), "missing.pcap: cannot be read: No such file or directory"),
        (("toy.yaml",), "toy.yaml: it is neither pcap nor pcapng (it looks like text"),
        (("hq-outside.pcapng", "--peer", "hq"), "'hq' is not an IPv4 address"),
        (("hq-outside.pcapng", "--keys", "nowhere"), "nowhere: cannot be read: No such file"),
        (("hq-outside.pcapng", "--keys", "toy.yaml"), "toy.yaml: line 1: a cookie of 8 octets"),
        (("hq-outside.pcapng", "--keys", "hq-outside.pcapng"), "hq-outside.pcapng: 'utf-8' codec"),
        ((".",), ".: cannot be read: Is a directory"),
    ],
)
def test_whatever_is_wrong_is_one_sentence(gwsim, seen, monkeypatch, arguments, words):
    monkeypatch.chdir(seen)
    (seen / "toy.yaml").write_text(SCENARIO, encoding="utf-8")
    result = gwsim("ladder", *arguments)
    assert result.exit_code == 2
    assert words in result.output
