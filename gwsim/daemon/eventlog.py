"""What happened, kept for whoever asks, each reader with a cursor of its own."""

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any, Generic, TypeVar

CAPACITY = 200_000
"""How many items are kept; older ones are forgotten first."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some items in order, the cursor to go on from, and how many were forgotten unread."""

    items: tuple[T, ...]
    cursor: int
    lost: int


def page_to_json(page: Page[T], item: Callable[[T], Any]) -> dict[str, Any]:
    """Give a page as a door sends it; `item` writes one of its items."""
    return {"items": list(map(item, page.items)), "cursor": page.cursor, "lost": page.lost}


def page_from_json(found: Mapping[str, Any], item: Callable[[Any], T]) -> Page[T]:
    """Read a page that a door has sent; `item` reads one of its items."""
    return Page(tuple(map(item, found["items"])), found["cursor"], found["lost"])


class EventLog(Generic[T]):
    """A bounded log; the first item ever has number 0, a cursor is the number of the next one."""

    def __init__(self, capacity: int = CAPACITY) -> None:
        self._items: deque[T] = deque(maxlen=capacity)
        self._count = 0

    def extend(self, items: Iterable[T]) -> None:
        """Write down what happened."""
        for item in items:
            self._items.append(item)
            self._count += 1

    def since(self, cursor: int, limit: int) -> Page[T]:
        """Give at most `limit` items from a cursor on; a cursor of the future gives none."""
        oldest = self._count - len(self._items)
        first = min(max(cursor, oldest), self._count)
        items = tuple(islice(self._items, first - oldest, first - oldest + limit))
        return Page(items, first + len(items), max(0, first - max(cursor, 0)))
