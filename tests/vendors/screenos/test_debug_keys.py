"""Work beside the main loop: key pairs are taken, made anew a second later, one after the other."""

from dataclasses import replace

import pytest

from gwsim.ike.config import Phase1Transform
from gwsim.ike.events import MessageSent
from gwsim.vendors.screenos.log import log
from gwsim.wire.payloads import KeyExchange
from tests.vendors.screenos.pair import Pair


def stored(pair: Pair, name: str) -> list[tuple[float, str]]:
    """When and of how many octets key pairs were made anew."""
    return [(round(line.at, 2), line.text[-7:]) for line in pair.lines(name) if "BN," in line.text]


def test_a_pair_that_was_taken_is_made_anew_a_second_later_one_after_the_other():
    pfs = {"pfs_group": 2}
    pair = Pair(pfs, pfs).ping(1)
    assert stored(pair, "hq") == []
    assert [at for at, _ in stored(pair.run(5), "hq")] == [1.02, 2.02]


@pytest.mark.parametrize(("group", "octets"), [(1, 96), (5, 192)])
def test_the_job_tells_how_long_its_numbers_are(group, octets):
    own = {"phase1": (Phase1Transform(5, 2, group),)}
    lines = Pair(own, own).ping(5).debug("hq")
    assert lines.count(f"IKE<0.0.0.0        > dh group {group}") == 2
    job = f"IKE<0.0.0.0        > finished job pkaidx <0> dh_len<{octets}> dmax<{octets // 2}>"
    assert lines.count(job) == 2
    assert f"IKE<0.0.0.0        > BN, top32 dmax{octets // 2} zero" in lines


def test_no_line_holds_anything_but_the_beginning_of_a_public_value():
    pair = Pair().ping(5)
    values = [
        payload.data[:12].hex()
        for name in ("hq", "branch")
        for event in pair.events[name]
        if isinstance(event, MessageSent)
        for payload in event.payloads
        if isinstance(payload, KeyExchange)
    ]
    lines = [line for line in pair.debug("hq") if "finished job d" in line]
    assert len(lines) == 2
    for line in lines:
        assert line.partition("job d")[2].replace("<", "").replace(">", "") in values


def test_a_finished_quick_mode_keeps_its_entry_for_half_a_minute():
    pair = Pair().ping(30)
    made = sum("...done(new" in line for line in pair.debug("hq"))
    assert (made, sum("found conn entry" in line for line in pair.debug("hq"))) == (1, 0)
    gone = [line for line in pair.run(40).lines("hq") if "found conn entry" in line.text]
    assert [round(line.at, 2) for line in gone] == [32.08]


def test_a_log_that_is_told_anew_at_each_event_only_grows_at_its_end():
    view = Pair().ping(100).ping(200).view("hq")
    whole = [line.text for line in log(view.events, view.snapshot)]
    times = [line.at for line in log(view.events, view.snapshot)]
    assert times == sorted(times)
    for count, event in enumerate(view.events, 1):
        snapshot = replace(view.snapshot, now=event.at)
        part = [line.text for line in log(view.events[:count], snapshot)]
        if count == len(view.events) or view.events[count].at > event.at:
            assert part == whole[: len(part)]
