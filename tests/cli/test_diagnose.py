"""`gwsim diagnose` ranks causes, or says what it does not understand."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from gwsim.cli import diagnose as module
from tests.lab.diagnose.known import few

Program = Callable[..., Result]
PAIR = ("--initiator", "asa", "--responder", "screenos")
KEY_ERROR = "because Phase 1 negotiations failed. (The preshared keys might not match.)"


@pytest.fixture(autouse=True)
def small_knowledge(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A few faults are enough here, and nothing is kept."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(module, "parts", lambda pairs, *_: (few() for _ in pairs))


def test_a_state_gives_causes_and_the_next_look(gwsim: Program) -> None:
    result = gwsim("diagnose", *PAIR, "--state", "mm_wait_msg6")
    assert result.exit_code == 0
    assert "1. psk-mismatch" in result.output
    assert "1. udp-4500-blocked" in result.output
    assert "Look next: the responder (Juniper NetScreen (ScreenOS)), `get event`" in result.output
    assert "computing what is known of asa-screenos" in result.output


def test_a_pasted_line_decides(gwsim: Program, tmp_path: Path) -> None:
    log = tmp_path / "event.log"
    log.write_text(f"2026-03-02 09:00:01 system info 00536 {KEY_ERROR}\nsomething else\n")
    words = ("diagnose", *PAIR, "--state", "MM_WAIT_MSG6")
    for told in (("--responder-log", log), ("--responder-line", KEY_ERROR)):
        data = json.loads(_last(gwsim(*words, *told, "--json").output))
        first = [one["cause"] for one in data["causes"] if one["place"] == 1]
        assert first == ["psk-mismatch"]


def test_who_does_not_know_the_peer_gets_a_first_answer_early(gwsim: Program) -> None:
    """It is told for two of a kind, as such, before the last word, and not in its place."""
    result = gwsim("diagnose", "--initiator", "asa", "--state", "MM_WAIT_MSG6")
    early, _, last = result.output.partition("going on with the others")
    assert "if they are asa and asa: psk-mismatch, udp-4500-blocked" in early
    assert "1. psk-mismatch" in last
    assert "going on" not in gwsim("diagnose", *PAIR, "--state", "MM_WAIT_MSG6").output


def test_counters_symptoms_and_screens(gwsim: Program, tmp_path: Path) -> None:
    screen = tmp_path / "screen.txt"
    screen.write_text("fw# show crypto ipsec sa\n      #pkts decaps: 0, #pkts decrypt: 0\n")
    result = gwsim(
        *("diagnose", *PAIR, "--counter", "decaps=0", "--counter", "encaps=9"),
        *("--symptom", "up, but no traffic", "--screen", screen),
    )
    assert "1. esp-blocked" in result.output


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (("--initiator", "assa", "--state", "MM_ACTIVE"), "did you mean 'asa'?"),
        ((*PAIR, "--state", "MM_WAIT_MGS6"), "did you mean 'MM_WAIT_MSG6'?"),
        ((*PAIR, "--counter", "decaps"), "write it like decaps=0"),
        ((*PAIR, "--counter", "decap=0"), "did you mean 'decaps'?"),
        ((*PAIR, "--counter", "sheep=0"), "no gateway counts 'sheep'; there are bad-icv"),
        ((*PAIR, "--symptom", "the moon is full"), "is not understood; say for example"),
        ((*PAIR, "--log", "no/such/file"), "no/such/file: cannot be read"),
        (PAIR, "say what you see"),
        (("--symptom", "it never comes up"), "say what at least one of the two is"),
        ((*PAIR, "--line", "zzz qqq xxx"), "none of these lines is known"),
    ],
)
def test_what_is_not_understood_is_told(gwsim: Program, told: tuple[str, ...], words: str) -> None:
    result = gwsim("diagnose", *told)
    assert result.exit_code == 2
    assert words in result.output


def _last(output: str) -> str:
    return output[output.index("{") :]
