"""The log and debug screens, the prompt, and screens made from a snapshot that travelled."""

import pytest
from ntc_templates.parse import parse_output

from gwsim.gateway.events import LinkChanged
from gwsim.vendors.ios.config import running_config
from gwsim.vendors.ios.show import BUFFER, COMMANDS, debug_isakmp, logging, prompt
from gwsim.vendors.vendor import View
from tests.vendors.ios.pair import EPOCH, Pair, steady
from tests.vendors.made import travelled


@pytest.mark.parametrize(
    ("name", "changes", "until"),
    [
        ("up", {}, 1.0),
        ("aggressive", {"hq_is": {"aggressive": True}}, 1.0),
        ("nat", {"public": "198.51.100.9"}, 1.0),
        ("psk", {"branch_is": {"psk": b"another"}}, 62.0),
        ("no_key", {"branch_is": {"psk": None}}, 5.0),
        ("pfs", {"branch_is": {"pfs_group": 2}}, 5.0),
        ("proxy", {"branch_is": {"pairs": [("10.2.0.0/25", "10.1.0.0/24")]}}, 5.0),
        ("no_answer", {"lost": lambda output, sender: sender == "branch"}, 75.0),
    ],
)
def test_transcripts(golden, name, changes, until):
    pair = Pair(**changes).ping(until)
    for side, suffix in (("hq", ""), ("branch", "_responder")):
        transcript = pair.show(side, "debug crypto isakmp")
        golden(f"debug_crypto_isakmp__{name}{suffix}", steady(transcript))


def test_what_ipsec_says_of_a_refused_offer():
    pair = Pair(branch_is={"pfs_group": 2}).ping(5.0)
    stamp = "*Jan  5 10:00:00.070: "
    assert pair.show("branch", "debug crypto ipsec") == (
        f"{stamp}IPSEC(ipsec_process_proposal): transform proposal not supported for identity:\n"
        "    {esp-des esp-sha-hmac }\n"
    )
    pair = Pair(branch_is={"pairs": [("10.2.0.0/25", "10.1.0.0/24")]}).ping(5.0)
    assert pair.show("branch", "debug crypto ipsec") == (
        f"{stamp}map_db_find_best did not find matching map\n"
        f"{stamp}IPSEC(ipsec_process_proposal): proxy identities not supported\n"
    )


def test_the_log_of_two_different_keys(golden):
    pair = Pair(branch_is={"psk": b"another"}).ping(75.0)
    golden("show_logging__psk_responder", pair.show("branch", "show logging"))


def test_ntc_templates_read_every_line_of_the_log():
    view = Pair(branch_is={"psk": b"another"}).ping(75.0).view("branch")
    rows = parse_output("cisco_ios", "show logging", logging(view))
    assert [row["mnemonic"] for row in rows] == ["RESTART"] + ["IKMP_BAD_MESSAGE"] * 11
    assert {row["facility"] for row in rows} == {"SYS", "CRYPTO"}
    assert (rows[1]["month"], rows[1]["severity"]) == ("Jan", "4")


def test_the_buffer_keeps_the_latest_lines():
    view = Pair().view("hq")
    events = tuple(LinkChanged(at=float(at), up=bool(at % 2)) for at in range(100))
    screen = logging(View(view.snapshot, events, EPOCH))
    buffer = screen.partition("Log Buffer (4096 bytes):\n\n")[2]
    assert BUFFER - 120 < len(buffer) <= BUFFER
    assert "200 messages logged" in screen
    assert buffer.endswith("GigabitEthernet0/0, changed state to up\n")


def test_the_buffer_holds_no_debug_output():
    view = Pair().ping(1.0).view("hq")
    assert "ISAKMP" not in logging(view)
    assert "sending packet to 203.0.113.1" in debug_isakmp(view)


def test_the_running_configuration_on_screen():
    view = Pair().view("hq")
    screen = COMMANDS["show running-config"](view)
    body = running_config(view.config)
    assert screen.startswith(
        f"Building configuration...\n\nCurrent configuration : {len(body)} bytes\n!\nhostname hq\n"
    )
    assert screen.endswith("\nend\n\n")
    unknown = COMMANDS["show running-config"](View(view.snapshot, (), EPOCH))
    assert unknown.endswith("!\nhostname hq\nend\n\n")


def test_the_prompt_is_that_of_the_privileged_mode():
    assert prompt(Pair().view("hq").snapshot) == "hq#"


@pytest.mark.parametrize("command", COMMANDS)
def test_every_screen_is_the_same_from_a_snapshot_that_travelled(command):
    """Text made in the box and text made behind a control socket do not differ."""
    view = Pair().ping(1.0).ping(2.0).view("hq")
    assert COMMANDS[command](travelled(view)) == COMMANDS[command](view)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_screen_ends_its_last_line(command):
    for view in (Pair().view("hq"), Pair().ping(1.0).view("hq")):
        text = COMMANDS[command](view)
        assert text == "" or text.endswith("\n")
