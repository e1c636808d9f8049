"""The log and debug screens, the prompt, and screens made from a snapshot that travelled."""

import pytest
from ntc_templates.parse import parse_output

from gwsim.vendors.asa.show import COMMANDS, COMPLAINTS, PARAMETRIC, debug_ikev1, logging, prompt
from gwsim.vendors.vendor import View
from tests.vendors.asa.pair import EPOCH, Pair, steady
from tests.vendors.made import travelled


def test_the_log_of_a_tunnel_that_comes_up(golden):
    pair = Pair().ping(1.0)
    golden("show_logging__up", steady(pair.show("hq", "show logging")))
    golden("show_logging__up_responder", steady(pair.show("branch", "show logging")))


def test_the_log_of_two_different_keys(golden):
    pair = Pair(branch_is={"psk": b"another"}).ping(40.0)
    golden("show_logging__psk", steady(pair.show("hq", "show logging")))
    golden("show_logging__psk_responder", steady(pair.show("branch", "show logging")))


def test_the_log_of_proxy_ids_that_do_not_mirror(golden):
    pair = Pair(branch_is={"pairs": [("10.2.0.0/25", "10.1.0.0/24")]}).ping(5.0)
    golden("show_logging__proxy", steady(pair.show("hq", "show logging")))
    golden("show_logging__proxy_responder", steady(pair.show("branch", "show logging")))


def test_the_debug_of_a_tunnel_that_comes_up(golden):
    pair = Pair({"pfs_group": 2}, {"pfs_group": 2}).ping(1.0)
    golden("debug_crypto_ikev1__up", steady(pair.show("hq", "debug crypto ikev1 127")))
    responder = pair.show("branch", "debug crypto ikev1 127")
    golden("debug_crypto_ikev1__up_responder", steady(responder))


def test_the_debug_of_two_different_keys(golden):
    pair = Pair(branch_is={"psk": b"another"}).ping(40.0)
    golden("debug_crypto_ikev1__psk", steady(pair.show("hq", "debug crypto ikev1 127")))
    responder = pair.show("branch", "debug crypto ikev1 127")
    golden("debug_crypto_ikev1__psk_responder", steady(responder))


def test_ntc_templates_read_every_line_of_the_log():
    view = Pair().ping(1.0).view("hq")
    rows = parse_output("cisco_asa", "show logging", logging(view))
    lines = logging(view).splitlines()
    told = next(int(line.split(",")[1].split()[0]) for line in lines if "Buffer logging" in line)
    assert len(rows) == told == len(lines) - 14
    assert {row["facility"] for row in rows} == {"ASA"}
    assert (rows[0]["month"], rows[0]["year"], rows[0]["time"]) == ("Jan", "2026", "10:00:00")


def test_the_buffer_holds_no_debug_messages():
    view = Pair().ping(1.0).view("hq")
    assert "%ASA-7-" not in logging(view)
    assert "IKE_DECODE" in debug_ikev1(view)


def test_an_empty_log():
    view = View(Pair().view("hq").snapshot, (), EPOCH)
    assert logging(view).endswith("    ASDM logging: disabled\n")
    assert debug_ikev1(view) == ""


def test_the_prompt_is_that_of_the_privileged_mode():
    assert prompt(Pair().view("hq").snapshot) == "hq# "


@pytest.mark.parametrize("command", COMMANDS)
def test_every_screen_is_the_same_from_a_snapshot_that_travelled(command):
    """Text made in the box and text made behind a control socket do not differ."""
    view = Pair().ping(1.0).ping(2.0).view("hq")
    assert COMMANDS[command](travelled(view)) == COMMANDS[command](view)


@pytest.mark.parametrize("command", [*COMMANDS, *PARAMETRIC])
def test_every_screen_ends_its_last_line(command):
    for view in (Pair().view("hq"), Pair().ping(1.0).view("hq")):
        if command in COMMANDS:
            text = COMMANDS[command](view)
        else:
            text = PARAMETRIC[command](view, "203.0.113.1")
        assert text == "" or text.endswith("\n")


def test_complaints_end_their_last_line():
    for text in (COMPLAINTS.unknown, COMPLAINTS.ambiguous, COMPLAINTS.incomplete):
        assert text.endswith("\n")
