"""Dead peer detection: asks when nothing was heard, believes fitting answers, then acts."""

import pytest

from gwsim.ike import dpd as engine
from gwsim.ike.config import Dpd, DpdAction, VendorIds
from gwsim.ike.events import (
    CloseReason,
    DpdFailed,
    DpdReceived,
    DpdSent,
    PhaseOneClosed,
    PhaseOneCompleted,
    PhaseTwoClosed,
    Rejected,
)
from gwsim.wire.numbers import ExchangeType, NotifyType, Protocol
from gwsim.wire.payloads import Notification
from tests.ike.configs import ADDRESS
from tests.ike.forge import Forger, clear, sa_of
from tests.ike.pair import Pair, connected

WATCHFUL = Dpd(idle=10.0, retry=2.0, count=3)


def watching(action=DpdAction.CLEAR, on_demand=False, **changes) -> Pair:
    """A watches B; phase 1 is up at A since 0.3 s and has heard nothing since 0.4 s."""
    dpd = Dpd(10.0, 2.0, 3, action, on_demand)
    return connected(a={"dpd": dpd, **changes.pop("a", {})}, **changes)


def probe(pair: Pair, sequence: int, ack: bool = False, **changes) -> Notification:
    """What a peer would ask or answer."""
    kind = NotifyType.R_U_THERE_ACK if ack else NotifyType.R_U_THERE
    values = {
        "spi": b"".join(sa_of(pair, "A").cookies),
        "data": sequence.to_bytes(4, "big"),
        **changes,
    }
    return Notification(kind, Protocol.ISAKMP, **values)


def test_an_idle_peer_is_asked_and_answers():
    pair = watching()
    pair.run(11)
    pair.expect("A info-dpd", "B info-dpd-ack")
    asked, answered = pair.found("A", DpdSent)[0], pair.found("A", DpdReceived)[0]
    assert answered.sequence == asked.sequence
    assert (answered.ack, answered.accepted) == (True, True)
    assert pair.sa("A").dpd_missed == 0
    assert pair.sa("A").dpd
    assert not pair.sa("B").dpd


def test_the_sequence_goes_up_by_one():
    pair = watching()
    pair.run(60)
    numbers = [e.sequence for e in pair.found("A", DpdSent)]
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))
    assert len(numbers) == 5
    assert pair.sa("A").dpd_sent == numbers[-1]
    assert pair.sa("B").dpd_received == numbers[-1]


def test_a_vendor_may_number_its_questions_from_one():
    pair = watching(dpd_start=0)
    pair.run(30)
    assert [event.sequence for event in pair.found("A", DpdSent)][:2] == [1, 2]


def test_a_question_is_due_ten_seconds_after_the_last_word():
    pair = watching()
    heard = pair.sa("A").last_received
    pair.run(30)
    assert pair.times("A info-dpd")[0] == round(heard + 10.0, 3)


def test_nobody_asks_while_traffic_comes_in():
    pair = watching()
    for _ in range(100):
        pair.run(1)
        pair.ends["A"].note_traffic(ADDRESS["B"], True, pair.now)
    assert pair.labels() == []


def test_traffic_going_out_is_no_proof_of_life():
    pair = watching()
    for _ in range(12):
        pair.run(1)
        pair.ends["A"].note_traffic(ADDRESS["B"], False, pair.now)
    assert pair.census()["A info-dpd"] == 1


def test_traffic_of_another_peer_proves_nothing():
    pair = watching()
    for _ in range(12):
        pair.run(1)
        pair.ends["A"].note_traffic("192.0.2.1", True, pair.now)
    assert pair.census()["A info-dpd"] == 1


def test_authentic_ike_is_proof_of_life():
    pair = watching()
    for _ in range(4):
        pair.run(6)
        pair.act("B", lambda end: end.rekey("peer", 2, pair.now))
        pair.settle()
    assert pair.census()["A info-dpd"] == 0


def test_traffic_ends_a_series_of_questions():
    pair = watching()
    pair.drop("A info-dpd", None)
    pair.run(12.5)
    assert pair.sa("A").dpd_missed == 2
    pair.ends["A"].note_traffic(ADDRESS["B"], True, pair.now)
    assert pair.sa("A").dpd_missed == 0
    before = pair.census()["A info-dpd"]
    pair.run(9)
    assert pair.census()["A info-dpd"] == before


def test_a_silent_peer_is_dead_after_the_last_miss():
    pair = watching()
    pair.drop("B info-dpd-ack", None)
    pair.run(30)
    first = pair.times("A info-dpd")[0]
    assert pair.times("A info-dpd") == [first, first + 2, first + 4]
    (failed,) = pair.found("A", DpdFailed)
    assert (failed.missed, round(failed.at, 3)) == (3, round(first + 6, 3))
    assert pair.states("A") == []
    assert pair.children("A") == []
    assert pair.found("A", PhaseOneClosed)[0].reason is CloseReason.DEAD_PEER
    assert pair.found("A", PhaseTwoClosed)[0].reason is CloseReason.DEAD_PEER


def test_a_dead_peer_is_told_nothing_whatever_the_vendors_habits():
    pair = watching(a={"last_child_deletes_phase1": True, "phase1_end_deletes_children": True})
    pair.drop("A info-dpd", None)
    pair.run(30)
    assert [e.reason for e in pair.found("A", PhaseOneClosed)] == [CloseReason.DEAD_PEER]
    assert "A info-delete" not in pair.labels()


@pytest.mark.parametrize("action", [DpdAction.CLEAR, DpdAction.HOLD])
def test_after_clear_and_hold_traffic_brings_it_back(action):
    pair = watching(action)
    pair.drop("A info-dpd", None)
    pair.run(30)
    assert pair.states("A") == []
    assert "A main-1" not in pair.labels()
    pair.initiate()
    assert pair.up()


def test_restart_begins_anew_at_once():
    pair = watching(DpdAction.RESTART)
    pair.drop("A info-dpd", None)
    pair.run(30)
    assert "A main-1" in pair.labels()
    assert pair.up()
    assert pair.found("A", PhaseOneCompleted)


def test_restart_goes_on_until_the_path_heals():
    pair = watching(DpdAction.RESTART)
    blocked = pair.drop("", None)
    pair.run(20)
    assert pair.states("A") == ["MAIN_WAIT_2"]
    pair.rules.remove(blocked)
    pair.run(10)
    assert pair.up()


def test_on_demand_only_after_something_was_sent_and_nothing_heard():
    pair = watching(on_demand=True)
    pair.run(100)
    assert pair.labels() == []
    pair.ends["A"].note_traffic(ADDRESS["B"], False, pair.now)
    pair.run(11)
    pair.expect("A info-dpd", "B info-dpd-ack")
    pair.run(60)
    pair.expect()


@pytest.mark.parametrize("silent", ["A", "B"])
def test_without_the_peers_vendor_id_nobody_asks(silent):
    mute = {"vendor_ids": VendorIds(dpd_in=())}
    pair = connected(dpd=WATCHFUL, **{silent.lower(): mute})
    pair.run(60)
    other = "B" if silent == "A" else "A"
    assert pair.census()[f"{other} info-dpd"] == 0
    assert not pair.sa(other).dpd
    assert engine.settings(sa_of(pair, other)) is None
    assert pair.census()[f"{silent} info-dpd"] > 0


def test_each_end_watches_for_itself():
    pair = connected(dpd=WATCHFUL)
    pair.run(60)
    assert pair.census()["A info-dpd"] + pair.census()["B info-dpd"] >= 5
    assert not pair.found("A", DpdFailed) + pair.found("B", DpdFailed)


# what proves nothing


def test_an_answer_with_a_wrong_sequence_proves_nothing():
    pair = watching()
    pair.drop("A info-dpd", None)
    pair.run(10.5)
    wrong = probe(pair, pair.sa("A").dpd_sent - 1, ack=True)
    pair.hand("A", Forger(pair, "B").info(wrong))
    assert [e.accepted for e in pair.found("A", DpdReceived)] == [False]
    assert pair.sa("A").dpd_missed == 1


@pytest.mark.parametrize(
    "changes", [{"spi": bytes(16)}, {"spi": b""}, {"data": b"\0\0\1"}, {"data": bytes(8)}]
)
def test_a_misshapen_question_is_not_answered(changes):
    pair = connected()
    pair.hand("B", Forger(pair, "A").info(probe(pair, 5, **changes)))
    assert [e.accepted for e in pair.found("B", DpdReceived)] == [False]
    pair.expect()


def test_a_question_that_is_not_newer_is_not_answered():
    pair = connected()
    forger = Forger(pair, "A")
    for number, sequence in enumerate((7, 7, 6, 8), 1):
        pair.hand("B", forger.info(probe(pair, sequence), message_id=number))
    assert [e.accepted for e in pair.found("B", DpdReceived)] == [True, False, False, True]
    pair.expect("B info-dpd-ack", "B info-dpd-ack")


def test_a_replayed_question_is_refused_by_its_message_id():
    pair = connected()
    data = Forger(pair, "A").info(probe(pair, 7))
    pair.hand("B", data)
    pair.hand("B", data)
    pair.expect("B info-dpd-ack")
    assert len(pair.found("B", Rejected)) == 1


def test_an_unprotected_question_or_answer_is_ignored():
    pair = watching()
    pair.drop("A info-dpd", None)
    pair.run(10.5)
    cookies = sa_of(pair, "A").cookies
    for ack in (True, False):
        note = probe(pair, pair.sa("A").dpd_sent, ack)
        pair.hand("A", clear(cookies, ExchangeType.INFORMATIONAL, [note], message_id=9))
    assert not pair.found("A", DpdReceived)
    assert pair.sa("A").dpd_missed == 1


def test_a_peer_that_does_not_ask_itself_answers_all_the_same():
    pair = connected()
    pair.hand("B", Forger(pair, "A").info(probe(pair, 1)))
    pair.expect("B info-dpd-ack")


def test_the_sequence_wraps():
    pair = watching()
    sa_of(pair, "A").dpd_sequence = 0xFFFFFFFF
    pair.run(11)
    assert pair.found("A", DpdSent)[0].sequence == 0


def test_a_replaced_isakmp_sa_is_not_watched():
    pair = watching()
    pair.act("A", lambda end: end.rekey("peer", 1, pair.now))
    pair.settle()
    old = next(sa for sa in pair.snapshot("A").sas if sa.replaced)
    pair.run(25)
    used = {d.datagram.data[:8].hex() for d in pair.said if d.label == "info-dpd"}
    assert used
    assert old.initiator_cookie not in used
