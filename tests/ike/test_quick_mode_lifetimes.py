"""Quick mode's lifetimes and notices: what a responder tells, and what that changes."""

import pytest

from gwsim.ike.config import LifetimePolicy
from gwsim.ike.events import (
    LifetimeCompared,
    MessageSent,
    NotifyReceived,
)
from gwsim.ike.lifetimes import Lifetimes, life_attributes
from gwsim.wire.numbers import NotifyType, Protocol
from gwsim.wire.payloads import (
    Notification,
)
from gwsim.wire.proposals import build_attributes
from tests.ike.forge import rewrite
from tests.ike.pair import facing


@pytest.mark.parametrize("told", [True, False])
def test_a_responder_that_tells_of_a_lower_lifetime(told):
    pair = facing(
        a={"lifetime_seconds": 28800, "lifetime_kilobytes": 5000},
        b={
            "lifetime_seconds": 3600,
            "lifetime_kilobytes": 1000,
            "responder_lifetime_notify": told,
        },
    )
    pair.initiate()
    a, b = pair.children("A")[0], pair.children("B")[0]
    assert (b.lifetime_seconds, b.lifetime_kilobytes) == (3600, 1000)
    assert (a.lifetime_seconds, a.lifetime_kilobytes) == ((3600, 1000) if told else (28800, 5000))
    units = [e for e in pair.found("A", LifetimeCompared) if e.phase == 2]
    assert len(units) == (4 if told else 2)


@pytest.mark.parametrize(
    ("theirs", "told"), [((60, None), (60, 5000)), ((None, 70), (28800, 70)), ((9e6, 9e6), None)]
)
def test_what_a_responder_lifetime_says_counts_unit_by_unit(theirs, told):
    pair = facing(lifetime_kilobytes=5000)
    seconds, kilobytes = (None if v is None else int(v) for v in theirs)
    data = build_attributes(life_attributes(1, 2, Lifetimes(seconds, kilobytes)))
    note = Notification(NotifyType.RESPONDER_LIFETIME, Protocol.ESP, b"", data)
    rewrite(pair, "B quick-2", lambda ps: [*ps, note])
    pair.initiate()
    shown = pair.children("A")[0]
    assert (shown.lifetime_seconds, shown.lifetime_kilobytes) == (told or (28800, 5000))


def test_a_responder_lifetime_of_phase_2_says_nothing_in_phase_1():
    data = build_attributes(life_attributes(1, 2, Lifetimes(60, None)))
    note = Notification(NotifyType.RESPONDER_LIFETIME, Protocol.ESP, b"", data)
    pair = facing()
    rewrite(pair, "B main-6", lambda ps: [*ps, note])
    pair.initiate()
    assert pair.sa("A").lifetime_seconds == 86400
    assert len(pair.found("A", NotifyReceived)) == 1


def test_nothing_is_told_of_a_lifetime_that_was_taken_as_offered():
    pair = facing(responder_lifetime_notify=True)
    pair.initiate()
    answer = next(e for e in pair.found("B", MessageSent) if e.label == "quick-2")
    assert not [p for p in answer.payloads if isinstance(p, Notification)]


@pytest.mark.parametrize(("window", "data"), [(64, 1), (0, 0)])
def test_replay_status_says_whether_there_is_a_window(window, data):
    pair = facing(b={"replay_status_notify": True, "replay_window": window})
    pair.initiate()
    (notified,) = pair.found("A", NotifyReceived)
    assert notified.notify_type == NotifyType.REPLAY_STATUS
    assert notified.data == data.to_bytes(4, "big")
    assert notified.spi == pair.children("B")[0].inbound_spi.to_bytes(4, "big")


@pytest.mark.parametrize("policy", LifetimePolicy)
def test_equal_lifetimes_satisfy_every_policy(policy):
    pair = facing(lifetime=policy)
    pair.initiate()
    assert pair.up()
