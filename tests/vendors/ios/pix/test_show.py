"""Screens of a PIX: states by a router's names in a table of its own."""

from dataclasses import replace

import pytest

from gwsim.gateway.commands import Reboot
from gwsim.vendors.ios.pix.show import isakmp_sa, logging, overhead
from tests.vendors.ios.pix.pair import Pair, steady


def lost_from(label: str):
    """Lose this message and every later one of the exchange, from either end."""
    labels = ["main-1", "main-2", "main-3", "main-4", "main-5", "main-6"]
    return lambda output, sender: output.label in labels[labels.index(label) :]


def test_the_table_of_a_tunnel_that_is_up():
    assert Pair().ping(2).show("hq", "show isakmp sa") == (
        "Total     : 1\n"
        "Embryonic : 0\n"
        "        dst               src        state     pending     created\n"
        "     203.0.113.1     198.51.100.1    QM_IDLE         0           1\n"
    )


@pytest.mark.parametrize(
    ("label", "hq", "branch"),
    [
        ("main-1", "MM_NO_STATE", None),
        ("main-2", "MM_NO_STATE", "MM_SA_SETUP"),
        ("main-3", "MM_SA_SETUP", "MM_SA_SETUP"),
        ("main-4", "MM_SA_SETUP", "MM_KEY_EXCH"),
        ("main-5", "MM_KEY_EXCH", "MM_KEY_EXCH"),
    ],
)
def test_where_a_negotiation_rests_when_a_message_is_lost(label, hq, branch):
    pair = Pair(lost=lost_from(label)).ping(2)
    for name, word in (("hq", hq), ("branch", branch)):
        text = pair.show(name, "show crypto isakmp sa")
        assert f"Embryonic : {int(word is not None)}\n" in text
        rows = text.splitlines()[3:]
        assert [row.split()[2] for row in rows] == ([] if word is None else [word])


def test_what_was_made_is_counted_from_the_last_reset_and_what_is_on_its_way_is_pending():
    pair = Pair().ping(2)
    pair.lost = lambda output, sender: output.label == "quick-2"
    pair.ping(3).order("hq", Reboot(1.0)).run(5).ping(6)
    assert pair.show("hq", "show isakmp sa").splitlines()[-1].split()[-2:] == ["1", "0"]


def test_the_screens_of_a_tunnel(golden):
    pair = Pair().ping(1).ping(2)
    golden("show_crypto_ipsec_sa", steady(pair.show("hq", "show crypto ipsec sa")))
    golden("show_logging", steady(pair.show("hq", "show logging")))
    golden("show_crypto_ipsec_sa__down", Pair().show("hq", "show crypto ipsec sa"))


def test_overhead_is_what_protection_adds_at_most():
    child = Pair().ping(1).view("hq").snapshot.ipsec[0].negotiated
    assert overhead(child) == 56
    assert overhead(replace(child, udp=True)) == 64
    assert overhead(replace(child, transport=True)) == 36
    assert overhead(replace(child, transform=12, key_bits=256)) == 72
    assert overhead(replace(child, transform=99)) == overhead(None) == 0


def test_the_buffer_keeps_the_latest_lines():
    pair = Pair(lost=lambda output, sender: True)
    for number in range(12):
        pair.ping(100.0 * (number + 1))
    screen = logging(pair.view("hq"))
    buffer = screen.partition("Device ID: disabled\n")[2]
    assert 4000 < len(buffer) <= 4096
    assert buffer.startswith("Jan 05 2026 ")
    assert "72 messages logged" in screen


def test_without_anything_there_is_an_empty_table():
    text = isakmp_sa(Pair().view("hq"))
    assert text.startswith("Total     : 0\nEmbryonic : 0\n")
    assert text.count("\n") == 3
