"""What is drawn on a terminal: tables that fold, words in colour, bars of progress."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

STYLES = {"passed": "green", "failed": "bold red", "error": "bold red"}
"""How a verdict's word looks."""

T = TypeVar("T")


def table(head: Sequence[str], rows: Iterable[Sequence[str]], right: Sequence[int]) -> None:
    """Draw a table on standard output; `right` are the columns (from 0) that hold numbers."""
    drawn = Table(box=None, pad_edge=False, header_style="bold")
    for column, title in enumerate(head):
        drawn.add_column(title, justify="right" if column in right else "left", overflow="fold")
    for row in rows:
        drawn.add_row(*(Text(cell, style=STYLES.get(cell, "")) for cell in row))
    Console().print(drawn)


def bar(items: Iterator[T], total: int, what: str) -> Iterator[T]:
    """Hand items on as they come, and draw on standard error how many there are."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(what, total=total)
        for item in items:
            progress.advance(task)
            yield item
