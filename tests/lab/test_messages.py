"""The last messages are told with repetition and fate."""

from gwsim.lab.messages import last_messages
from gwsim.path.events import PathAction, PathEvent

from .expect.made import BRANCH, HQ, record


def event(at, packet, action, label="main-1", payload=bytes(20) + b"one", copy=0, **more):
    side = more.pop("side_out", "branch")
    return PathEvent(
        at, "hq", side, label, HQ, BRANCH, 17, len(payload), action,
        payload=payload, packet=packet, copy=copy, **more,
    )  # fmt: skip


PATH = (
    event(1.0, 1, PathAction.ENTERED),
    event(1.0, 1, PathAction.DROPPED, rule="drop main-1"),
    event(9.0, 2, PathAction.ENTERED, payload=bytes([1] * 20) + b"one"),
    event(9.1, 2, PathAction.FORWARDED, copy=1),
    event(9.2, 2, PathAction.FORWARDED),
    event(9.5, 3, PathAction.ENTERED, label=""),
    event(9.6, 4, PathAction.ENTERED, "main-3", b"x" * 30, side_out=""),
    event(9.7, 5, PathAction.ENTERED, "main-3", b"y" * 30),
    event(9.7, 5, PathAction.LOST, "main-3", b"y" * 30, why="line of hq"),
)


def lines(at, shown=8):
    return [" ".join(line.split()) for line in last_messages(record(path=PATH), at, shown)]


def test_each_message_has_time_way_label_size_and_fate():
    assert lines(99.0) == [
        "1.000 hq -> branch main-1 23 octets dropped: drop main-1",
        "9.000 hq -> branch main-1 (again 1) 23 octets delivered",
        f"9.600 hq -> {BRANCH} main-3 30 octets on its way",
        "9.700 hq -> branch main-3 30 octets lost: line of hq",
    ]


def test_nothing_later_than_the_moment_is_told():
    assert lines(9.15)[-1] == f"9.000 hq -> {BRANCH} main-1 (again 1) 23 octets on its way"


def test_only_the_last_ones_are_shown():
    assert len(lines(99.0, shown=2)) == 2


def test_esp_is_folded_by_direction_until_another_message_comes():
    labels = ("main-6", "esp", "esp", "esp", "info-dpd", "esp")
    path = tuple(
        event(float(n), n, PathAction.ENTERED, label, bytes([n] * 30))
        for n, label in enumerate(labels)
    )
    told = [line.split("octets")[0].split() for line in last_messages(record(path=path), 99.0)]
    assert [(line[0], " ".join(line[4:-1])) for line in told] == [
        ("0.000", "main-6"),
        ("3.000", "3 x esp, the last"),
        ("4.000", "info-dpd"),
        ("5.000", "esp"),
    ]
