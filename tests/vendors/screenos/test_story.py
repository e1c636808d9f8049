"""What a NetScreen has to remember while it writes: tags, numbers, and what comes at the end."""

from gwsim.gateway.events import LinkChanged
from gwsim.ike.states import Role, State
from gwsim.vendors.screenos.story import Story, little_endian
from tests.vendors.screenos.pair import Pair


def test_tags_are_narrow_for_a_peer_and_wide_for_a_message():
    story, event = Story(Pair().view("hq").snapshot), LinkChanged(at=1.0, peer="2.2.2.2", up=True)
    assert story.tag(event, "x").line.text == "IKE<2.2.2.2> x"
    assert story.wide(event, "x").line.text == "IKE<2.2.2.2        > x"
    assert story.box(event, "x").line.text == "IKE<0.0.0.0        > x"
    assert story.bare(event, "x").line.text == "x"
    assert all(e.buffered and e.line.debug for e in (story.tag(event, ""), story.box(event, "")))


def test_what_waits_for_the_end_of_a_packet_comes_with_the_next_moment():
    view = Pair().ping(5).view("hq")
    story = Story(view.snapshot)
    packet = next(e for e in view.events if type(e).__name__ == "MessageReceived")
    assert list(story.before(packet)) == []
    story.note(packet)
    story.unfinished = True
    story.after_packet.append(story.tag(packet, "x"))
    same = LinkChanged(at=packet.at, up=True)
    assert list(story.before(same)) == []
    said = [e.line.text for e in story.before(LinkChanged(at=packet.at + 1, up=True))]
    assert said == ["IKE<2.2.2.2> x", "IKE<2.2.2.2> IKE msg done: PKI state<0> IKE state<0/0000>"]
    assert story.packet is None


def test_a_role_is_known_from_the_beginning_of_a_negotiation():
    view = Pair().ping(5).view("hq")
    story = Story(view.snapshot)
    assert story.role(1) is Role.RESPONDER
    for event in view.events:
        story.note(event)
    assert story.role(1) is Role.INITIATOR
    assert story.states[1] is State.ESTABLISHED
    assert story.handle(1) == int(story.cookies[1][:7], 16)


def test_numbers_from_the_wire_are_turned_round():
    assert little_endian(0x59CA5EBC) == "bc5eca59"
