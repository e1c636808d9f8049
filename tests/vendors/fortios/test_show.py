"""The screens: layout as in captures, contents as in the engine, keys never."""

import pytest
from ntc_templates.parse import parse_output

from gwsim.gateway.commands import Clear, Reboot
from gwsim.ike.config import Dpd, Phase2Transform
from gwsim.vendors.fortios import VENDOR
from gwsim.vendors.fortios.show import COMMANDS, VIEW_LINES
from gwsim.vendors.vendor import View
from tests.vendors.fortios.pair import BRANCH, Pair, steady
from tests.vendors.made import travelled

GATEWAY = "diagnose vpn ike gateway list"
TUNNEL = "diagnose vpn tunnel list"
SUMMARY = "get vpn ipsec tunnel summary"
DETAILS = "get vpn ipsec tunnel details"
LOG = "execute log display"
NEVER = {"lost": lambda output, sender: True}
NAT = {"public": "198.51.100.77"}
TWO = [("10.1.0.0/24", "10.2.0.0/24"), ("10.1.0.0/24", "10.3.0.0/24")]


def busy(**changes):
    """A tunnel that carries a packet to and fro every second."""
    pair = Pair(**changes).ping(2.0)
    for number in range(4):
        pair.ping(3.0 + number).ping(3.5 + number, back=True)
    return pair


STATES = {
    "down": Pair,
    "connecting": lambda: Pair(**NEVER).ping(3.0),
    "up": busy,
    "nat": lambda: busy(**NAT),
    "two": lambda: busy(hq_is={"pairs": TWO}),
}


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("command", [GATEWAY, TUNNEL, SUMMARY, DETAILS])
def test_screens(golden, state, command):
    pair = STATES[state]()
    name = command.replace(" ", "_")
    golden(f"{name}__{state}", steady(pair.show("hq", command)))
    if state == "nat":
        golden(f"{name}__{state}_peer", steady(pair.show("branch", command)))


@pytest.mark.parametrize("state", STATES)
def test_every_screen_ends_its_last_line_and_says_no_key(state):
    pair = STATES[state]()
    for name in ("hq", "branch"):
        for command in COMMANDS:
            text = pair.show(name, command)
            assert text == "" or text.endswith("\n")
            assert "correct horse" not in text


@pytest.mark.parametrize("command", COMMANDS)
def test_every_screen_is_the_same_from_a_snapshot_that_travelled(command):
    """Text made in the box and text made behind a control socket do not differ."""
    view = busy(**NAT).view("hq")
    assert COMMANDS[command](travelled(view)) == COMMANDS[command](view)


def test_screens_without_a_configuration_are_those_of_defaults_or_empty():
    view = busy().view("hq")
    bare = View(view.snapshot, view.events, view.epoch)
    for command, screen in COMMANDS.items():
        told = screen(bare)
        assert (told == "") == command.startswith("show"), command


def test_lifetimes_count_down_to_the_renewal():
    pair = busy().run(100.0)
    assert "  lifetime/rekey: 86400/86000\n" in pair.show("hq", GATEWAY)
    assert "expire=42800/0B replaywin=2048\n" in pair.show("hq", TUNNEL)
    assert "timeout=42900/43200\n" in pair.show("hq", TUNNEL)
    assert "lifetime/rekey: 43200/42800   \n" in pair.show("hq", DETAILS)
    assert "timeout=42930/43200\n" in pair.show("branch", TUNNEL)


def test_a_second_pair_while_one_is_renewed():
    pair = busy().run(42_899.5).ping(42_905.0)
    screen = pair.show("hq", TUNNEL)
    assert screen.count("  SA:  ref=") == 2
    assert "sa=2 ref=3" in screen
    assert "IPsec SA: created 2/2  established 2/2" in pair.show("hq", GATEWAY)
    assert "selectors(total,up): 1/1" in pair.show("hq", SUMMARY)


def test_counters_outlive_the_pairs():
    pair = busy()
    before = pair.show("hq", SUMMARY)
    pair.order("hq", Clear("ipsec"))
    after = pair.show("hq", SUMMARY)
    assert after.replace("1/0  rx", "1/1  rx") == before
    assert "stat: rxp=4 txp=4 " in pair.show("hq", TUNNEL)
    pair.order("hq", Reboot()).run(8.0)
    assert "rx(pkt,err): 0/0  tx(pkt,err): 0/0" in pair.show("hq", SUMMARY)


def test_one_tunnel_by_its_name():
    pair = busy()
    for command in (GATEWAY, TUNNEL):
        assert pair.show("hq", f"{command} name branch") == pair.show("hq", command)
    assert pair.show("hq", f"{GATEWAY} name nobody") == ""
    assert pair.show("hq", f"{TUNNEL} name nobody").splitlines() == [
        "list all ipsec tunnel in vd 0",
        "run_tally=0",
    ]
    assert pair.show("hq", "get vpn ipsec tunnel name branch") == pair.show("hq", DETAILS)


def test_dead_peer_detection_that_is_off_or_always_on():
    for dpd, mode, told in (
        (None, "mode=off on=0 idle=20000ms retry=3", "disabled"),
        (Dpd(10.0, 10.0, 5), "mode=on-idle on=1 idle=10000ms retry=5", "on-idle/negotiated"),
    ):
        pair = busy(hq_is={"dpd": dpd})
        assert mode in pair.show("hq", TUNNEL)
        assert told in pair.show("hq", DETAILS)


def test_probes_are_counted():
    pair = Pair(hq_is={"dpd": Dpd(10.0, 10.0, 3)}).ping(25.0)
    assert "  DPD sent/recv: 00000002/00000000\n" in pair.show("hq", GATEWAY)
    assert "  DPD sent/recv: 00000000/00000002\n" in pair.show("branch", GATEWAY)


def test_a_tunnel_that_comes_up_by_itself():
    auto = {"auto_start": True}
    pair = Pair(auto).run(2.0)
    assert "serial=1 auto-negotiate\n" in pair.show("hq", TUNNEL)
    assert "    auto-negotiate: enable\n" in pair.show("hq", DETAILS)
    assert "ike 0:branch: auto-negotiate connection" in pair.debug("hq")
    assert "set auto-negotiate enable" in pair.show("hq", "show")


def test_dialup_peers_have_no_address_until_they_come():
    dialup = {"remote": None, "may_initiate": False}
    pair = Pair(branch_is=dialup)
    assert "'hq' 0.0.0.0:0  selectors(total,up): 1/0" in pair.show("branch", SUMMARY)
    assert "mode=dialup/2" in pair.show("branch", TUNNEL)
    assert "remote-gateway: 0.0.0.0:0 (dynamic)" in pair.show("branch", DETAILS)


@pytest.mark.parametrize(
    ("transform", "kernel", "cut"),
    [
        (Phase2Transform(3, 1), "esp=3des key=24 ", "3des"),
        (Phase2Transform(20, None, 256), "esp=aes-gcm key=36 ", "aes-gc"),
        (Phase2Transform(12, 5, 256), "esp=aes key=32 ", "aes-cb"),
    ],
)
def test_ciphers_have_a_name_on_every_screen(transform, kernel, cut):
    both = {"transforms": (transform,)}
    pair = busy(hq_is=dict(both), branch_is=dict(both))
    assert kernel in pair.show("hq", TUNNEL)
    assert f"enc: {cut:>7}  " in pair.show("hq", DETAILS)


def test_the_event_log_is_read_by_a_third_party():
    pair = busy().order("hq", Clear("all")).run(9.0).ping(12.0)
    text = pair.show("hq", LOG)
    rows = parse_output(platform="fortinet", command="execute log display", data=text)
    assert len(rows) == VIEW_LINES
    first = rows[0]
    assert (first["year"], first["month"], first["day"]) == ("2026", "01", "05")
    assert int(rows[0]["logs_found"]) > VIEW_LINES
    assert first["message"].startswith("eventtime=17676072")
    assert [int(row["message_number"]) for row in rows] == list(range(1, VIEW_LINES + 1))


def test_entries_of_the_event_log_are_key_and_value():
    for line in busy().log("hq"):
        if line.id:
            left = line.text
            while left:
                key, _, rest = left.partition("=")
                assert key.replace("_", "").isalnum()
                if rest.startswith('"'):
                    left = rest[1:].partition('"')[2].lstrip()
                else:
                    left = rest.partition(" ")[2]


def test_nothing_is_up_after_a_reboot():
    pair = busy().order("hq", Reboot()).run(8.0)
    assert pair.show("hq", GATEWAY) == ""
    assert f"'branch' {BRANCH}:0  selectors(total,up): 1/0" in pair.show("hq", SUMMARY)


def test_the_prompt():
    assert VENDOR.prompt(Pair().view("hq").snapshot) == "hq # "
