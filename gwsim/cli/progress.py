"""A bar on standard error while many runs are under way, where a person watches."""

import sys
from collections.abc import Iterator
from importlib import import_module
from typing import TypeVar, cast

from gwsim.cli.output import terminal

T = TypeVar("T")


def watched(items: Iterator[T], total: int, what: str) -> Iterator[T]:
    """Hand items on as they come and show how many there are; silent without a terminal."""
    if not terminal(sys.stderr):
        return items
    # Only a terminal needs the library that draws on it.
    return cast(Iterator[T], import_module("gwsim.cli.drawn").bar(items, total, what))
