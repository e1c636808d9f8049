"""What two addresses say: labels, repeats, doubles, and bounds that hold whatever comes."""

from dataclasses import replace

import pytest

from gwsim.capture.reading import dialogue as under_test
from gwsim.capture.reading.datagrams import Sorter
from gwsim.capture.reading.dialogue import Dialogue, since
from gwsim.capture.reading.files import Frame
from gwsim.capture.reading.unsealing import Unsealing
from gwsim.wire.ip import build_ipv4, parse_ipv4
from gwsim.wire.labels import generalises
from gwsim.wire.numbers import NotifyType
from gwsim.wire.payloads import Notification
from tests.capture.messages import MAIN_1, clear, encrypted, packet
from tests.capture.reading.stories import dialogue_of, record_of
from tests.path.packets import BRANCH, HQ, esp

STORIES = (
    "healthy/asa-screenos",
    "healthy/aggressive",
    "healthy/behind-nat",
    "phase1/psk-mismatch",
    "phase1/main-4-lost-once",
    "phase2/pfs-only-screenos-asa-initiates",
    "life/rekey",
    "nat/udp-4500-blocked",
)


FIRST = clear(MAIN_1, bytes(8))


def listen(*heard):
    """A dialogue of packets, each with its time."""
    frames = [Frame(at, 101, data, len(data)) for at, data in heard]
    made = None
    for datagram in Sorter().datagrams(frames):
        made = made or Dialogue(datagram, Unsealing({}))
        made.take(datagram)
    return made


def rows(dialogue):
    head, tail = dialogue.rows
    return [*head, *tail]


@pytest.mark.parametrize("story", STORIES)
def test_every_message_has_the_label_its_sender_gave_it(story):
    """Without keys `info` stands for whatever an informational message is."""
    sent = [d.label for d in record_of(story).departures if d.gateway == "hq"]
    wanted = [label for label in sent if label not in ("esp", "keepalive", "")]
    mine = [row.label for row in rows(dialogue_of(story)) if row.source in addresses(story)]
    found = [label for label in mine if label not in ("esp", "keepalive")]
    assert len(found) == len(wanted)
    assert all(map(generalises, found, wanted))


@pytest.mark.parametrize("story", STORIES)
def test_with_keys_the_labels_are_the_senders_own(story):
    sent = [d.label for d in record_of(story).departures if d.gateway == "hq"]
    mine = [r.label for r in rows(dialogue_of(story, keys=True)) if r.source in addresses(story)]
    assert [m for m in mine if m not in ("esp", "keepalive")] == [
        label for label in sent if label not in ("esp", "keepalive", "")
    ]


def addresses(story):
    return record_of(story).gateway("hq").addresses


def test_repeats_are_counted_and_doubles_are_not_repeats():
    main_1 = packet(FIRST)
    dialogue = listen((1.0, main_1), (1.001, main_1), (9.0, main_1), (17.0, main_1))
    assert [row.attempt for row in rows(dialogue)] == [0, 1, 2]
    assert rows(dialogue)[2].remarks == ("(again 2)",)
    assert dialogue.doubles == 1
    assert dialogue.messages == 3


def test_esp_seen_twice_is_counted_once():
    dialogue = listen((1.0, esp(HQ, BRANCH)), (1.0, esp(HQ, BRANCH)), (2.0, esp(HQ, BRANCH, 99)))
    assert dialogue.flows[HQ].packets == 2
    assert dialogue.flows[HQ].spis == {0x1234: 1, 99: 1}
    assert dialogue.doubles == 1
    assert [(row.label, row.count) for row in rows(dialogue)] == [("esp", 2)]


def test_what_is_wrong_with_a_message_stands_beside_it():
    whole = FIRST
    longer = whole[:24] + (len(whole) + 4).to_bytes(4, "big") + whole[28:]
    broken = whole[:30] + b"\xff\xff" + whole[32:]
    short = b"x" * 10
    told = [row.remarks for row in rows(listen((1, packet(longer)), (2, packet(broken))))]
    assert told[0] == (f"claims {len(whole) + 4} octets, has {len(whole)}",)
    assert told[1][0].startswith("malformed: ")
    [row] = rows(listen((3, packet(short))))
    assert (row.label, row.remarks) == ("unknown", ("an ISAKMP header has 28 octets, not 10",))


def test_a_message_cut_by_the_capture_is_not_called_malformed():
    whole = packet(FIRST)
    [row] = rows(listen((1.0, whole[:90])))
    assert row.label == "main-1"
    assert row.remarks == ("cut off by the capture",)
    assert row.length == len(whole)


def test_a_clear_notify_is_learnt():
    notify = Notification(NotifyType.NO_PROPOSAL_CHOSEN)
    info = bytearray(clear((notify,)))
    info[18] = 5
    dialogue = listen((1.0, packet(FIRST)), (2.0, packet(bytes(info), BRANCH, HQ)))
    [attempt] = dialogue.attempts.values()
    [said] = attempt.said
    assert (said.sender, said.payload, said.clear) == (BRANCH, notify, True)
    assert rows(dialogue)[1].label == "info-notify"


def test_rows_are_bounded_and_the_first_and_last_are_kept(monkeypatch):
    monkeypatch.setattr(under_test, "FIRST_ROWS", 5)
    heard = [(float(n), packet(encrypted(64 + 8 * n, 5, n + 1))) for n in range(200)]
    head, tail = (dialogue := listen(*heard)).rows
    assert [row.at for row in head] == [0.0, 1.0, 2.0, 3.0, 4.0]
    assert [row.at for row in tail] == [float(n) for n in range(120, 200)]
    assert dialogue.left_out == 200 - 5 - 80


def test_attempts_and_digests_are_bounded(monkeypatch):
    monkeypatch.setattr(under_test, "MOST_ATTEMPTS", 3)
    monkeypatch.setattr(under_test, "MOST_DIGESTS", 3)
    messages = [FIRST.replace(b"initiate", f"cookie{n:02}".encode()) for n in range(9)]
    dialogue = listen(*((float(n), packet(message)) for n, message in enumerate(messages)))
    assert (len(dialogue.attempts), dialogue.forgotten) == (3, 6)
    assert len(dialogue._digests) == 3


def test_spis_are_bounded():
    packets = [(float(n), esp(HQ, BRANCH, n + 1)) for n in range(200)]
    assert len(listen(*packets).flows[HQ].spis) == under_test.MOST_SPIS


def test_an_attempt_that_begins_with_an_answer_has_the_right_initiator():
    answer = packet(clear(MAIN_1), BRANCH, HQ)
    [attempt] = listen((1.0, answer)).attempts.values()
    assert (attempt.initiator, attempt.responder, attempt.complete) == (HQ, BRANCH, False)


def test_rows_can_count_from_another_moment():
    moved = since(rows(listen((5.0, packet(FIRST)))), 2.0)
    assert [(row.at, row.until) for row in moved] == [(3.0, 3.0)]


def test_a_message_sent_again_at_once_has_a_number_of_its_own():
    again = build_ipv4(replace(parse_ipv4(packet(FIRST)), identification=77))
    unnumbered = packet(FIRST)
    assert [row.attempt for row in rows(listen((1.0, unnumbered), (1.001, again)))] == [0, 1]
    assert [row.attempt for row in rows(listen((1.0, again), (1.04, again)))] == [0]
    assert [row.attempt for row in rows(listen((1.0, unnumbered), (1.04, unnumbered)))] == [0, 1]
