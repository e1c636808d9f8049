"""The ladder, as rows and as text."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gwsim.capture.ladder import WIDTH, ladder, ladder_text
from gwsim.capture.trace import TraceEntry

BASE = TraceEntry(
    at=1.0,
    source_node="hq",
    destination_node="branch",
    label="main-1",
    protocol="udp",
    source="198.51.100.1:500",
    destination="203.0.113.1:500",
    length=192,
    payloads="SA VID VID VID",
    fate="delivered",
)
ESP = replace(BASE, label="esp", protocol="esp", payloads="*", length=152)


def back(entry, **changes):
    ends = {"source_node": entry.destination_node, "destination_node": entry.source_node}
    return replace(entry, **(ends | changes))


def text(*entries, poles=("hq", "branch"), captions=(), **options):
    return ladder_text(ladder(entries, poles, captions), **options)


def body(*entries, **options):
    """The lines below the names, without their margin."""
    return text(*entries, **options).splitlines()[1:]


def test_the_whole_picture():
    drawn = text(
        BASE,
        back(BASE, at=1.041, label="main-2", length=132, payloads="SA VID VID"),
        replace(BASE, at=12.0, label="main-5", length=120, payloads="* ID HASH", fate="dropped: r"),
        back(BASE, at=12.5, label="main-4", fate="lost", payloads="KE NONCE", attempt=2),
        replace(ESP, at=20.0),
        back(ESP, at=20.01),
        replace(ESP, at=21.0),
        back(ESP, at=21.01),
        replace(ESP, at=22.0, fate="dropped: no-esp"),
        captions=("198.51.100.1", "203.0.113.1"),
    )
    assert drawn.splitlines() == [
        "      time   hq                                    branch",
        "             198.51.100.1                          203.0.113.1",
        "     1.000   |------- main-1        192 B -------->|  SA VID x3",
        "     1.041   |<------ main-2        132 B ---------|  SA VID x2",
        "    12.000   |------- main-5        120 B ---x     |  * ID HASH  dropped: r",
        "    12.500   |     x- main-4        192 B ---------|  KE NONCE  (again 2)  lost",
        "    20.000   |======= 2 x esp       152 B ========>|  until 21.000",
        "    20.010   |<====== 2 x esp       152 B =========|  until 21.010",
        "    22.000   |======= esp           152 B ===x     |  dropped: no-esp",
    ]


def test_esp_is_folded_for_each_direction_until_something_else_comes():
    drawn = ladder(
        [ESP, back(ESP, at=1.1), replace(ESP, at=2.0, length=900), BASE, replace(ESP, at=3.0)],
        ("hq", "branch"),
    )
    folded = [(row.label, row.count, row.at, row.until, row.length) for row in drawn.rows]
    assert folded == [
        ("esp", 2, 1.0, 2.0, 900),
        ("esp", 1, 1.1, 1.1, 152),
        ("main-1", 1, 1.0, 1.0, 192),
        ("esp", 1, 3.0, 3.0, 152),
    ]


def test_keepalives_are_folded_too():
    entries = [replace(ESP, label="keepalive", at=20.0 * n) for n in range(1, 6)]
    [row] = ladder(entries, ("hq", "branch")).rows
    assert (row.count, row.until, row.payloads) == (5, 100.0, "")


def test_a_mapping_is_told_once_and_does_not_hinder_folding():
    entries = [replace(ESP, at=float(n), mappings=("a as b",)) for n in range(3)]
    [row] = ladder(entries, ("hq", "branch")).rows
    assert (row.count, row.mappings) == (3, ("a as b",))
    assert "NAT: a as b" in text(*entries)
    later = ladder([*entries, replace(BASE, mappings=("a as b", "c as d"))], ("hq", "branch"))
    assert later.rows[-1].mappings == ("c as d",)


def test_copies_repetitions_and_late_arrivals_are_remarked():
    drawn = text(replace(BASE, attempt=3, copy=1, delay=5.0, notes=("delayed: slow",)))
    assert drawn.splitlines()[1].endswith("SA VID x3  (again 3)  (copy)")
    assert drawn.splitlines()[2].endswith("|  arrives at 6.000  delayed: slow")
    assert "arrives at 6.000" in text(replace(BASE, delay=5.0))
    assert "arrives" not in text(replace(BASE, delay=0.5))


def test_remarks_that_do_not_fit_stand_below_between_the_poles():
    notes = ("answers a duplicate", "corrupted: a-rule-with-a-long-name", "replayed: another-one")
    first, *rest = body(replace(BASE, notes=notes))
    assert first.endswith("SA VID x3  answers a duplicate")
    assert [line.split("|")[-1].strip() for line in rest] == [
        "corrupted: a-rule-with-a-long-name",
        "replayed: another-one",
    ]
    assert {line.index("|") for line in (first, *rest)} == {first.index("|")}


def test_a_remark_longer_than_a_line_is_broken():
    lines = body(replace(BASE, notes=("word " * 30,)))
    assert len(lines) > 2
    assert all(len(line) <= WIDTH for line in lines)


def test_clear_traffic_is_called_clear():
    [row] = ladder([replace(BASE, label="", protocol="icmp")], ("hq", "branch")).rows
    assert row.label == "clear icmp"


def test_what_the_internet_says_begins_between_the_poles():
    error = replace(
        BASE,
        label="",
        protocol="icmp",
        source_node="",
        length=56,
        payloads="fragmentation needed, MTU 600",
    )
    [line] = body(replace(error, destination_node="hq"))
    assert "|<------ icmp           56 B ---o     |" in line
    [line] = body(replace(error, destination_node="branch"))
    assert "|     o- icmp           56 B -------->|" in line


def test_a_message_to_nowhere_ends_in_an_x():
    [line] = body(replace(BASE, destination_node="", fate="no route"))
    assert "---x     |" in line and line.endswith("no route")
    [line] = body(back(replace(BASE, source_node=""), fate="no route"))
    assert "|     x-" in line


def test_messages_between_others_are_left_out():
    other = replace(BASE, source_node="x", destination_node="y")
    assert ladder([other], ("hq", "branch")).rows == ()


def test_three_poles_and_arrows_across_one():
    lines = body(
        replace(BASE, destination_node="depot"),
        replace(BASE, source_node="branch", destination_node="depot"),
        replace(BASE, source_node="depot", destination_node="hq", label="info-dpd-ack"),
        poles=("hq", "branch", "depot"),
    )
    assert lines == [
        "     1.000   |----------- main-1        192 B ---------------------->|  SA VID x3",
        "     1.000   |                           |----- main-1 192 B ------->|  SA VID x3",
        "     1.000   |<---------- info-dpd-ack  192 B -----------------------|  SA VID x3",
    ]


def test_four_poles_keep_short_inscriptions():
    poles = ("a", "b", "c", "d")
    [line] = body(
        replace(BASE, source_node="a", destination_node="b", label="info-dpd-ack"), poles=poles
    )
    assert "info-dpd-ack" in line and " B " not in line
    many = [replace(ESP, source_node="a", destination_node="b", at=float(n)) for n in range(9)]
    assert "9 x esp" in text(*many, poles=poles)


def test_a_ladder_has_two_poles():
    with pytest.raises(ValueError, match="two poles"):
        ladder([BASE], ("hq",))


def test_an_inscription_too_long_for_its_arrow_is_cut():
    poles = ("a", "b", "c", "d")
    entry = replace(BASE, source_node="a", destination_node="b", label="x" * 60)
    [line] = body(entry, poles=poles)
    assert "xxxx" in line and line.count("|") == 4


NODES = st.sampled_from(["hq", "branch", ""])
ENTRIES = st.builds(
    replace,
    st.just(BASE),
    at=st.floats(0, 99999),
    source_node=NODES,
    destination_node=NODES,
    label=st.sampled_from(["main-1", "esp", "keepalive", "info-dpd-ack", ""]),
    length=st.integers(20, 65535),
    payloads=st.text("ABC ", max_size=90),
    fate=st.sampled_from(["delivered", "lost", "dropped: " + "r" * 70]),
    attempt=st.integers(0, 99),
    copy=st.integers(0, 2),
    notes=st.lists(st.text("xyz ", max_size=60), max_size=3).map(tuple),
)


@given(st.lists(ENTRIES, max_size=8))
def test_whatever_happens_the_picture_stays_in_its_frame(entries):
    lines = text(*entries).splitlines()
    assert all(len(line) <= WIDTH for line in lines)
    assert all(line[13] == "|" and line[51] == "|" for line in lines[1:])


@pytest.mark.parametrize("width", [60, 80, 120])
def test_the_width_can_be_chosen(width):
    lines = text(replace(BASE, notes=("a remark", "and another one", "and a third")), width=width)
    assert max(len(line) for line in lines.splitlines()) <= max(width, 78)
