"""The messages of a run are drawn as a ladder; a failure gets the last arrows."""

from gwsim.lab.load import load_text, prepare
from gwsim.lab.messages import ladder_of, last_messages, trace_of
from gwsim.lab.runner import play
from gwsim.lab.runtimes.sim import SimRuntime

TEXT = """
name: toy
title: A tunnel
gateways:
  hq:     {vendor: asa, outside: 198.51.100.1, inside: 10.1.0.0/24}
  branch: {vendor: asa, outside: 203.0.113.1, inside: 10.2.0.0/24}
  spare:  {vendor: asa, outside: 203.0.113.9, inside: 10.9.0.0/24}
tunnels:
  - {between: [hq, branch], psk: secret}
faults: [{psk-mismatch: {at: branch}}]
"""
RECORD = play(prepare(load_text(TEXT))[1], SimRuntime())
TRACE = trace_of(RECORD)
POLES = ("hq", "branch", "spare")


def test_the_trace_holds_every_packet_that_left():
    assert [entry.label for entry in TRACE] == [packet.label for packet in RECORD.departures]
    assert TRACE[4].payloads == "* ID HASH KA VID"


def test_the_ladder_has_a_pole_for_each_gateway_and_an_arrow_for_each_message():
    drawn = ladder_of(RECORD)
    assert drawn.poles == POLES
    assert drawn.captions == ("198.51.100.1", "203.0.113.1", "203.0.113.9")
    assert len(drawn.rows) == len(TRACE)


def test_the_last_arrows_are_drawn_between_those_they_touch():
    lines = last_messages(TRACE, POLES, 1.05, shown=3)
    assert lines[0].split() == ["time", "hq", "branch"]
    assert [line.split()[0] for line in lines[1:]] == ["1.030", "1.040", "1.050"]
    assert "main-5" in lines[2]


def test_before_the_first_message_there_is_nothing_to_draw():
    assert last_messages(TRACE, POLES, 0.5) == ()
