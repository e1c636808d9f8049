"""Words are looked up in the scenario and in its vendors, and the nearest one is offered."""

import pytest
import yaml

from gwsim.lab.base import Kind
from gwsim.lab.names import Names
from gwsim.vendors.registry import VENDORS
from tests.lab.scenarios_for_tests import varied

TEXT = varied(
    ("branch: {vendor: asa", "branch: {vendor: screenos"),
    ("timeline:", "faults: [dpd-off, {drop: main-4}]\ntimeline:"),
)
NAMES = Names(yaml.safe_load(TEXT), VENDORS)
AT_HQ = ("expect", 0, "hq", "state")
AT_BRANCH = ("expect", 0, "branch", "state")


@pytest.mark.parametrize(
    ("kind", "word"),
    [
        (Kind.GATEWAY, "hq"),
        (Kind.HOST, "hq.server"),
        (Kind.HOST, "branch"),
        (Kind.DESTINATION, "192.0.2.7"),
        (Kind.DESTINATION, "branch.pc"),
        (Kind.VENDOR, "asa"),
        (Kind.FAULT, "dpd-off"),
        (Kind.FAULT, "drop"),
        (Kind.STATE, "up"),
        (Kind.STATE, "MAIN_WAIT_4"),
        (Kind.LABEL, "main-4"),
        (Kind.LABEL, "info"),
        (Kind.DIRECTION, "hq->branch"),
        (Kind.COUNTER, "bad-icv"),
        (Kind.COUNTER, "encapsulated"),
    ],
)
def test_a_word_that_refers_to_something_is_fine(kind: Kind, word: str) -> None:
    assert NAMES.check(kind, word, AT_HQ) is None


@pytest.mark.parametrize(
    ("kind", "word", "message", "hint"),
    [
        (Kind.GATEWAY, "hw", "there is no gateway 'hw'", "hq"),
        (Kind.HOST, "hq.servr", "hq has no host 'servr'", "hq.server"),
        (Kind.HOST, "hq.x", "hq has no host 'x'", ""),
        (Kind.HOST, "hw.server", "there is no host 'hw.server'", "hq.server"),
        (Kind.HOST, "192.0.2.7", "there is no host '192.0.2.7'", ""),
        (Kind.DESTINATION, "branch.xx", "branch has no host 'xx'", ""),
        (Kind.VENDOR, "asaa", "there is no vendor 'asaa'; known are", "asa"),
        (Kind.FAULT, "dpd-of", "this scenario has no fault 'dpd-of'", "dpd-off"),
        (Kind.LABEL, "mian-4", "there is no message label 'mian-4'", "main-4"),
        (Kind.DIRECTION, "hq->brnch", "there is no gateway 'brnch'", "branch"),
        (Kind.DIRECTION, "hq", "'hq' is not a direction such as 'hq->branch'", ""),
        (Kind.COUNTER, "bad-ivc", "there is no counter 'bad-ivc'", "bad-icv"),
    ],
)
def test_a_word_that_refers_to_nothing_is_told(
    kind: Kind, word: str, message: str, hint: str
) -> None:
    complaint = NAMES.check(kind, word, AT_HQ)
    assert complaint is not None
    assert complaint.message.startswith(message)
    assert complaint.hint == hint


def test_states_are_those_of_the_gateways_own_vendor() -> None:
    asa, screenos = VENDORS["asa"].state_words[0], VENDORS["screenos"].state_words[0]
    assert NAMES.check(Kind.STATE, asa, AT_HQ) is None
    assert NAMES.check(Kind.STATE, screenos, AT_BRANCH) is None
    wrong = NAMES.check(Kind.STATE, screenos, AT_HQ)
    assert wrong is not None
    assert wrong.message == f"{screenos!r} is a state of screenos, and hq is asa"
    near = NAMES.check(Kind.STATE, asa[:-1] + "9", AT_HQ)
    assert near is not None
    assert near.hint in VENDORS["asa"].state_words


def test_commands_are_abbreviated_as_the_device_allows() -> None:
    assert NAMES.command("hq", "show crypto isakmp sa") is None
    assert NAMES.command("hq", "sh cry isa sa") is None
    unknown = NAMES.command("hq", "show crypto isakmp sb")
    assert unknown is not None
    assert unknown.hint == "show crypto isakmp sa"
    unfinished = NAMES.command("hq", "show crypto")
    assert unfinished is not None
    assert "is not a whole command of asa" in unfinished.message
    foreign = NAMES.command("branch", "show crypto isakmp sa")
    assert foreign is not None
    assert foreign.message.endswith("is a command of asa, and branch is screenos")


def test_no_screen_is_expected_of_a_vendor_of_which_only_the_wire_is_known() -> None:
    names = Names({"gateways": {"hq": {"vendor": "contivity"}, "b": {"vendor": "asa"}}}, VENDORS)
    for complaint in (names.command("hq", "show ike sa"), names.unseen("hq")):
        assert complaint is not None
        assert complaint.message.startswith("hq is contivity, and gwsim knows")
    assert names.unseen("b") is names.unseen("nobody") is None
    assert names.check(Kind.STATE, "ESTABLISHED", AT_HQ) is None


def test_nothing_is_said_about_gateways_without_a_known_vendor() -> None:
    broken = Names({"gateways": {"hq": "nonsense", "b": {"vendor": 3}}, "faults": 7}, VENDORS)
    assert broken.gateways == ("hq", "b")
    assert broken.command("hq", "x y") is None
    assert broken.check(Kind.STATE, "anything", AT_HQ) is None
    assert Names({"gateways": 3}, VENDORS).gateways == ()


def test_a_gateway_without_hosts_has_one() -> None:
    bare = Names({"gateways": {"hq": {"vendor": "asa"}}}, VENDORS)
    assert bare.hosts_of("hq") == ("host",)
