"""`gwsim ladder` draws captures and refuses everything else in one sentence."""

import pytest

from gwsim.capture.wanted import Wanted
from gwsim.cli import diagnose, ladder
from gwsim.lab.captures import write_captures
from gwsim.lab.load import load_text
from gwsim.lab.runner import run
from gwsim.lab.runtimes.sim import SimRuntime
from gwsim.wire.payloads import VendorId
from gwsim.wire.vendor_ids import CISCO_ASA
from tests.capture.messages import MAIN_1, clear, packet
from tests.capture.reading.files import pcap
from tests.cli.conftest import SCENARIO
from tests.lab.diagnose.known import few
from tests.path.packets import BRANCH, HQ


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
    assert "phase 2     between 10.1.0.0/24 and 10.2.0.0/24" in result.output


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


def test_the_causes_are_ranked_when_that_is_wanted(gwsim, seen, monkeypatch):
    monkeypatch.setattr(diagnose, "parts", lambda pairs, *_: (few() for _ in pairs))
    monkeypatch.setattr(ladder, "is_kept", lambda pair: True)
    result = gwsim("ladder", seen / "hq-outside.pcapng", "--diagnose", "--responder", "screenos")
    assert " 1. healthy: Nothing is wrong" in result.output
    assert "initiator Cisco ASA, responder Juniper NetScreen" in result.output


def test_without_being_asked_nothing_is_computed(gwsim, seen, monkeypatch):
    monkeypatch.setattr(ladder, "is_kept", lambda pair: False)
    assert "initiator Cisco ASA" not in gwsim("ladder", seen / "hq-outside.pcapng").output


def test_what_is_known_already_is_used(gwsim, seen, monkeypatch):
    monkeypatch.setattr(ladder, "is_kept", lambda pair: True)
    monkeypatch.setattr(diagnose, "parts", lambda pairs, *_: (few() for _ in pairs))
    drawn = seen / "hq-outside.pcapng"
    assert "initiator Cisco ASA" in gwsim("ladder", drawn).output
    assert "initiator Cisco ASA" not in gwsim("ladder", drawn, "--no-diagnose").output


def test_what_cannot_be_diagnosed_is_said(gwsim, tmp_path):
    strangers = tmp_path / "strangers.pcap"
    strangers.write_bytes(pcap([(1.0, packet(clear(MAIN_1, bytes(8))))]))
    assert "vendor IDs do not tell" in gwsim("ladder", strangers, "--diagnose").output
    strangers.write_bytes(pcap([(1.0, packet(clear(MAIN_1), BRANCH, HQ))]))
    assert "no phase 1 begins" in gwsim("ladder", strangers, "--diagnose").output
    result = gwsim("ladder", strangers, "--diagnose", "--initiator", "azza")
    assert result.exit_code == 2
    assert "no vendor 'azza'" in result.output


def test_states_are_told_in_the_words_of_the_devices(gwsim, tmp_path):
    asa = tmp_path / "asa.pcap"
    heard = clear((*MAIN_1, VendorId(CISCO_ASA)), bytes(8))
    asa.write_bytes(pcap([(1.0, packet(heard)), (9.0, packet(heard))]))
    assert "MAIN_WAIT_2 (Cisco ASA: MM_WAIT_MSG2)" in gwsim("ladder", asa).output
    named = gwsim("ladder", asa, "--initiator", "ios").output
    assert "MAIN_WAIT_2 (Cisco IOS: MM_NO_STATE)" in named
