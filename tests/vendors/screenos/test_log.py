"""The event log: every event is handled, every line a trouble-shooter knows can be had."""

from datetime import datetime

import pytest

from gwsim.ike.config import Phase1Transform, Phase2Transform
from gwsim.vendors.screenos.log import SILENT, TOLD, buffer_line, entries, format_line, log
from gwsim.vendors.vendor import LogLine
from tests.vendors.made import EVENTS
from tests.vendors.screenos.pair import Pair


def test_every_event_is_told_or_declared_silent():
    assert set(TOLD) | SILENT == EVENTS
    assert not set(TOLD) & SILENT


@pytest.mark.parametrize(
    ("options", "name", "text"),
    [
        ({}, "hq", "Phase 1: Initiated negotiations in main mode."),
        ({}, "branch", "Phase 1: Responder starts MAIN mode negotiations."),
        ({}, "hq", "Completed Main mode negotiation"),
        ({}, "hq", "Phase 2: Initiated negotiations."),
        (
            {"branch_is": {"psk": b"wrong"}},
            "hq",
            "Phase 1: Retransmission limit has been reached.",
        ),
        (
            {"branch_is": {"psk": b"wrong"}},
            "branch",
            "because Phase 1 negotiations failed. (The preshared keys might not match.)",
        ),
        (
            {"branch_is": {"phase1": (Phase1Transform(7, 2, 5, 256),)}},
            "branch",
            "Phase 1: Rejected proposals from peer. Negotiations failed.",
        ),
        (
            {"branch_is": {"remote": "9.9.9.9"}},
            "branch",
            "because an initial Phase 1 packet arrived from an unrecognized peer gateway.",
        ),
        (
            {"branch_is": {"pairs": [("10.2.0.0/24", "10.1.0.0/16")]}},
            "branch",
            "Phase 2: No policy exists for the proxy ID received: "
            "local ID (10.2.0.0/255.255.255.0, 0, 0) remote ID (10.1.0.0/255.255.255.0, 0, 0).",
        ),
        (
            {"branch_is": {"pairs": [("10.2.0.0/24", "10.1.0.0/16")]}},
            "hq",
            "Received notify message for DOI <1> <18>",
        ),
        (
            {"branch_is": {"transforms": (Phase2Transform(12, 2, 256),)}},
            "hq",
            "Received notify message for DOI <1> <14>",
        ),
        (
            {"branch_is": {"transforms": (Phase2Transform(12, 2, 256),)}},
            "branch",
            "because there were no acceptable Phase 2 proposals.",
        ),
        (
            {"branch_is": {"pfs_group": 2}},
            "branch",
            "Received DH group 0 instead of expected group 2 for PFS.",
        ),
        ({"hq_is": {"esn": True}}, "branch", "P2 Attributes not supported"),
    ],
)
def test_the_lines_that_seeds_and_knowledge_bases_name_can_be_had(options, name, text):
    pair = Pair(**options).ping(60)
    assert any(text in line.text for line in pair.lines(name))


def test_an_event_line_is_printed_in_columns():
    line = LogLine(0.0, "IKE<2.2.2.2> Phase 2: Initiated negotiations.", "00536", "info")
    when = datetime(2007, 11, 27, 21, 53, 42)
    assert format_line(line, when) == (
        "2007-11-27 21:53:42 system info  00536 IKE<2.2.2.2> Phase 2: Initiated negotiations."
    )


def test_a_debug_line_is_printed_as_the_buffer_does():
    line = LogLine(0.0, "IKE<2.2.2.2> completing Phase 1", debug=True)
    when = datetime(2007, 11, 27, 21, 53, 42)
    written = "## 2007-11-27 21:53:42 : IKE<2.2.2.2> completing Phase 1"
    assert format_line(line, when) == buffer_line(line, when) == written


def test_the_log_is_all_entries_in_order():
    pair = Pair().ping(5)
    view = pair.view("hq")
    assert log(view.events, view.snapshot) == tuple(
        entry.line for entry in entries(view.events, view.snapshot)
    )
    times = [line.at for line in pair.lines("hq")]
    assert times == sorted(times)


def test_the_event_log_only_grows():
    """What was logged of the first events is logged of all of them, in the same words."""
    view = Pair().ping(5).view("branch")

    def logged(length: int) -> list[LogLine]:
        return [line for line in log(view.events[:length], view.snapshot) if not line.debug]

    whole = logged(len(view.events))
    for length in range(len(view.events)):
        part = logged(length)
        assert part == whole[: len(part)]


def test_debug_lines_have_no_number_and_event_lines_have_one():
    for line in Pair().ping(5).lines("hq"):
        assert line.debug == (not line.id)
        assert line.debug == (not line.severity)
