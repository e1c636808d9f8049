"""The log behind a control door: cursors, pages, and what is forgotten."""

from hypothesis import given
from hypothesis import strategies as st

from gwsim.daemon.eventlog import EventLog, Page, page_from_json, page_to_json


@given(
    pieces=st.lists(st.lists(st.integers(), max_size=20), max_size=20),
    limit=st.integers(1, 7),
    capacity=st.integers(200, 400),
)
def test_a_reader_that_turns_pages_sees_everything_once_and_in_order(
    pieces: list[list[int]], limit: int, capacity: int
) -> None:
    log: EventLog[int] = EventLog(capacity)
    seen: list[int] = []
    cursor = lost = 0
    for piece in pieces:
        log.extend(piece)
        page = log.since(cursor, limit)
        seen += page.items
        cursor, lost = page.cursor, lost + page.lost
    while (page := log.since(cursor, limit)).items:
        seen += page.items
        cursor, lost = page.cursor, lost + page.lost
    everything = [item for piece in pieces for item in piece]
    assert len(seen) + lost == len(everything)
    if not lost:
        assert seen == everything


def test_a_reader_is_told_how_much_was_forgotten() -> None:
    log: EventLog[int] = EventLog(3)
    log.extend(range(10))
    assert log.since(2, 100) == Page((7, 8, 9), 10, 5)
    assert log.since(2, 2) == Page((7, 8), 9, 5)
    assert log.since(9, 2) == Page((9,), 10, 0)


def test_a_cursor_of_the_future_waits_for_it() -> None:
    log: EventLog[int] = EventLog()
    log.extend([1])
    assert log.since(99, 10) == Page((), 1, 0)


def test_a_cursor_before_the_beginning_is_the_beginning() -> None:
    log: EventLog[int] = EventLog()
    log.extend([1])
    assert log.since(-5, 10) == Page((1,), 1, 0)


def test_a_page_comes_through_a_door_as_it_was() -> None:
    page = Page((1, 2), 7, 3)
    assert page_from_json(page_to_json(page, str), int) == page
