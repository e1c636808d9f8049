"""`show crypto isakmp sa`: columns, direction, and the rows of what has been deleted."""

import pytest

from gwsim.gateway.commands import Clear, Reboot
from gwsim.ike.config import Dpd, Phase1Transform
from gwsim.vendors.ios.show_isakmp import REMEMBERED, clock, isakmp_sa, isakmp_sa_detail
from tests.vendors.ios.pair import Pair

EMPTY = (
    "IPv4 Crypto ISAKMP SA\n"
    "dst             src             state          conn-id status\n"
    "\nIPv6 Crypto ISAKMP SA\n\n"
)
NEVER = {"lost": lambda output, sender: True}


def rows(screen):
    return [line for line in screen.splitlines() if line[:1].isdigit()]


def row(destination, source, word, conn, status="ACTIVE"):
    return f"{destination:<16}{source:<16}{word:<15}{conn:>7} {status}"


HQ_FIRST = ("203.0.113.1", "198.51.100.1")


def test_the_layout_is_that_of_a_capture():
    """The same columns as in a table that a third-party parser reads."""
    assert row("203.0.113.1", "203.0.113.10", "QM_IDLE", 1001) == (
        "203.0.113.1     203.0.113.10    QM_IDLE           1001 ACTIVE"
    )
    assert row("203.0.113.1", "203.0.113.10", "MM_NO_STATE", 1003, "ACTIVE (deleted)") == (
        "203.0.113.1     203.0.113.10    MM_NO_STATE       1003 ACTIVE (deleted)"
    )
    assert isakmp_sa(Pair().view("hq")) == EMPTY


@pytest.mark.parametrize(
    ("changes", "at", "hq", "branch"),
    [
        (NEVER, 5.0, ("MM_NO_STATE", 0), None),
        (
            {"lost": lambda o, s: s == "branch"},
            5.0,
            ("MM_NO_STATE", 0),
            ("MM_SA_SETUP", 0),
        ),
        (
            {"lost": lambda o, s: o.label == "main-4"},
            5.0,
            ("MM_SA_SETUP", 0),
            ("MM_KEY_EXCH", 1001),
        ),
        (
            {"branch_is": {"psk": b"another"}},
            5.0,
            ("MM_KEY_EXCH", 1001),
            ("MM_KEY_EXCH", 1001),
        ),
        ({}, 5.0, ("QM_IDLE", 1001), ("QM_IDLE", 1001)),
        (
            {"hq_is": {"aggressive": True}, "lost": lambda o, s: o.label == "aggr-2"},
            5.0,
            ("AG_INIT_EXCH", 0),
            ("AG_INIT_EXCH", 1001),
        ),
        ({"hq_is": {"aggressive": True}}, 5.0, ("QM_IDLE", 1001), ("QM_IDLE", 1001)),
    ],
)
def test_the_row_wherever_a_negotiation_rests(changes, at, hq, branch):
    """The destination is the responder on both screens."""
    pair = Pair(**changes).ping(at)
    for name, expected in (("hq", hq), ("branch", branch)):
        wanted = [row(*HQ_FIRST, *expected)] if expected else []
        assert rows(pair.show(name, "show crypto isakmp sa")) == wanted


def test_a_failed_attempt_is_remembered_for_a_minute():
    pair = Pair(**NEVER).ping(60.0)
    deleted = [row(*HQ_FIRST, "MM_NO_STATE", 0, "ACTIVE (deleted)")]
    assert rows(pair.show("hq", "show crypto isakmp sa")) == deleted
    assert rows(pair.run(60.0 + REMEMBERED - 0.5).show("hq", "show crypto isakmp sa")) == deleted
    assert rows(pair.run(60.0 + REMEMBERED).show("hq", "show crypto isakmp sa")) == []


def test_a_new_attempt_stands_above_the_deleted_one():
    pair = Pair(branch_is={"psk": b"another"}).ping(61.0).ping(65.0)
    assert rows(pair.show("hq", "show crypto isakmp sa")) == [
        row(*HQ_FIRST, "MM_KEY_EXCH", 1002),
        row(*HQ_FIRST, "MM_NO_STATE", 1001, "ACTIVE (deleted)"),
    ]


def test_what_is_refused_at_once_is_remembered_by_the_responder():
    other = {"phase1": (Phase1Transform(1, 2, 2),)}
    for changes in ({"psk": None}, other):
        pair = Pair(branch_is=changes).ping(25.0)
        assert rows(pair.show("branch", "show crypto isakmp sa")) == [
            row(*HQ_FIRST, "MM_NO_STATE", 0, "ACTIVE (deleted)")
        ]


def test_an_aggressive_attempt_is_deleted_by_its_own_word():
    pair = Pair({"aggressive": True}, **NEVER).ping(65.0)
    assert rows(pair.show("hq", "show crypto isakmp sa")) == [
        row(*HQ_FIRST, "AG_NO_STATE", 0, "ACTIVE (deleted)")
    ]


def test_a_cleared_sa_is_deleted_on_both_ends_and_a_reboot_forgets():
    pair = Pair().ping(1.0).order("hq", Clear("ike")).run(2.0)
    deleted = [row(*HQ_FIRST, "MM_NO_STATE", 1001, "ACTIVE (deleted)")]
    for name in ("hq", "branch"):
        assert rows(pair.show(name, "show crypto isakmp sa")) == deleted
    pair.order("hq", Reboot()).run(3.0)
    assert rows(pair.show("hq", "show crypto isakmp sa")) == []


def test_screens_of_a_tunnel(golden):
    dpd = {"dpd": Dpd(10.0, 2.0, 5), "phase1": (Phase1Transform(7, 2, 2, 256),)}
    pair = Pair(dpd, dpd).ping(33.0)
    golden("show_crypto_isakmp_sa__up", pair.show("hq", "show crypto isakmp sa"))
    golden("show_crypto_isakmp_sa_detail__up", pair.show("hq", "show crypto isakmp sa detail"))


def test_the_detailed_row_is_that_of_a_table_a_parser_reads():
    dpd = {"dpd": Dpd(10.0, 2.0, 5), "phase1": (Phase1Transform(7, 2, 2, 256),)}
    pair = Pair(dpd, dpd).ping(33.0)
    row = "1001  198.51.100.1    203.0.113.1            ACTIVE aes  sha    psk  2  23:59:27 D    "
    assert f"\n{row}\n" in (pair.show("hq", "show crypto isakmp sa detail"))


def test_details_of_half_an_sa_and_of_a_deleted_one():
    view = Pair(**NEVER).ping(5.0).view("hq")
    assert "\n0     198.51.100.1    203.0.113.1            ACTIVE " in isakmp_sa_detail(view)
    assert "Engine-id:Conn-id =  ???\n\nIPv6" in isakmp_sa_detail(view)
    view = Pair(**NEVER).ping(65.0).view("hq")
    assert "Engine-id:Conn-id =  ???\n       (deleted)\n" in isakmp_sa_detail(view)


def test_nat_shows_as_a_capability():
    pair = Pair(public="198.51.100.9").ping(2.0)
    line = rows(pair.show("hq", "show crypto isakmp sa detail"))[0]
    assert line.split()[-1] == "N"


def test_a_time_span_as_hours_minutes_seconds():
    assert clock(86367.9) == "23:59:27"
    assert clock(-1.0) == "00:00:00"
