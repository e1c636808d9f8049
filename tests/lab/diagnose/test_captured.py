"""A capture without keys is enough to name the cause, among what it cannot be told apart from."""

import pytest

from gwsim.capture.reading.terms import offers
from gwsim.lab.diagnose.captured import ends_of, observed, vendor_of
from gwsim.lab.diagnose.diagnosis import diagnose
from gwsim.lab.diagnose.observations import Sighting
from gwsim.lab.faults.stage import Where
from tests.capture.messages import MAIN_1, clear, packet
from tests.capture.reading.files import pcap
from tests.capture.reading.stories import outline_of, read_with
from tests.lab.diagnose.known import few
from tests.path.packets import BRANCH, HQ, esp


def told(story, tap="hq-outside", keys=False):
    outline = outline_of(story, tap, keys)
    [dialogue] = outline.dialogues
    return observed(dialogue, outline.end)


@pytest.mark.parametrize(
    ("story", "tap", "cause"),
    [
        ("healthy/asa-screenos", "hq-outside", "healthy"),
        ("phase1/psk-mismatch", "hq-outside", "psk-mismatch"),
        ("phase1/psk-mismatch", "branch-outside", "psk-mismatch"),
        ("nat/udp-4500-blocked", "branch-outside", "udp-4500-blocked"),
    ],
)
def test_the_cause_of_a_story_shares_the_first_place(story, tap, cause):
    found = told(story, tap)
    ranking = diagnose(found, few(), look_further=False)
    assert cause in {one.fault for one in ranking.first}
    assert len(ranking.first) < len(ranking.candidates)


def test_vendors_are_known_by_their_ids():
    [dialogue] = outline_of("phase1/psk-mismatch").dialogues
    assert [vendor_of(dialogue, end) for end in ends_of(dialogue)] == ["asa", "screenos"]
    [router] = outline_of("vendors/ios-screenos").dialogues
    assert set(map(router.ends.__contains__, ends_of(router))) == {True}


def test_vendors_that_are_named_count_more():
    outline = outline_of("phase1/psk-mismatch")
    found = observed(outline.dialogues[0], outline.end, "ios", "fortios")
    assert (found.initiator.vendor, found.responder.vendor) == ("ios", "fortios")


def test_messages_that_are_missing_did_not_arrive():
    wire = {(one.label, one.sender): one for one in told("phase1/psk-mismatch").wire}
    assert wire["main-5", Where.INITIATOR].sent == 4
    missing = Sighting("main-6", Where.RESPONDER, 0, 0)
    assert wire["main-6", Where.RESPONDER] == missing
    assert ("aggr-1", Where.INITIATOR) not in wire


def test_a_capture_that_ends_at_once_claims_nothing_of_what_may_come():
    outline = read_with(pcap([(1.0, packet(clear(MAIN_1, bytes(8))))]))
    found = observed(outline.dialogues[0], outline.end)
    assert [(one.label, one.sent) for one in found.wire] == [("main-1", 1)]
    later = observed(outline.dialogues[0], outline.end + 60.0)
    assert len(later.wire) == 1 + 5 + 3


def test_who_has_to_say_it_again_had_no_answer_however_soon_the_capture_ends():
    again = packet(clear(MAIN_1, bytes(8)))
    outline = read_with(pcap([(1.0, again), (1.5, again)]))
    wire = {one.label: one.sent for one in observed(outline.dialogues[0], outline.end).wire}
    assert (wire["main-1"], wire["main-2"]) == (2, 0)


def test_what_nobody_can_read_is_not_claimed():
    labels = {one.label for one in told("phase2/pfs-only-screenos-asa-initiates").wire}
    assert "info" not in labels
    with_keys = {
        one.label for one in told("phase2/pfs-only-screenos-asa-initiates", keys=True).wire
    }
    assert "info-notify" in with_keys


def test_esp_one_way_is_a_symptom():
    assert told("traffic/esp-blocked-one-way").symptoms == ("only goes one way",)
    assert told("healthy/asa-screenos").symptoms == ()


def test_without_the_beginning_of_a_phase_1_nothing_is_told():
    answer = read_with(pcap([(1.0, packet(clear(MAIN_1), BRANCH, HQ))]))
    data = read_with(pcap([(1.0, esp(HQ, BRANCH))]))
    for outline in (answer, data):
        assert observed(outline.dialogues[0], outline.end) is None


def test_the_stories_offer_what_they_say():
    """The capture of a story is that story's: phase 1 as its file has it."""
    [dialogue] = outline_of("phase1/psk-mismatch").dialogues
    attempt = next(iter(dialogue.attempts.values()))
    assert offers(attempt.offers["main-1"])[0].get("encryption") == "AES-256"
