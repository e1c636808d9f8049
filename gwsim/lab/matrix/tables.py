"""The matrix as Markdown, CSV, JSON and HTML."""

import csv
import html
import io
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict

from gwsim.lab.matrix.cell import Cell
from gwsim.lab.matrix.compute import shortened
from gwsim.lab.matrix.rows import DID_NOT_BITE, HEAD, Row, rows

_STYLE = """
body { font: 14px/1.4 system-ui, sans-serif; margin: 2em; color: #222; background: #fff; }
table { border-collapse: collapse; }
th, td { border: 1px solid #ccc; padding: .3em .6em; text-align: left; vertical-align: top; }
th { position: sticky; top: 0; background: #eee; }
td { max-width: 32em; overflow-wrap: anywhere; }
tr.not { color: #888; }
tr.believed td:nth-last-child(-n+2) { font-style: italic; }
"""


def to_markdown(cells: Iterable[Cell]) -> str:
    """Write a table in Markdown, all columns."""
    lines = [_markdown_row(HEAD), _markdown_row(["---"] * len(HEAD))]
    lines += (_markdown_row(row.words) for row in rows(cells))
    return "\n".join(lines)


def to_csv(cells: Iterable[Cell]) -> str:
    """Write comma-separated values, all columns, a head in the first line."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEAD)
    writer.writerows(row.words for row in rows(cells))
    return text.getvalue()


def to_json(cells: Iterable[Cell]) -> str:
    """Write a list of cells with everything but screens and debug messages."""
    entries = []
    for cell in cells:
        entry = asdict(shortened(cell))
        for end in ("initiator", "responder"):
            del entry[end]["screens"]
        entries.append(entry | {"believed": cell.believed})
    return json.dumps(entries, indent=1)


def to_html(cells: Iterable[Cell]) -> str:
    """Write one page that needs nothing from elsewhere."""
    head = "".join(f"<th>{html.escape(name)}</th>" for name in HEAD)
    body = "\n".join(map(_html_row, rows(cells)))
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f"<title>gwsim matrix</title><style>{_STYLE}</style></head>\n"
        f"<body><h1>Faults and what they look like</h1>\n<table><thead><tr>{head}</tr></thead>\n"
        f"<tbody>\n{body}\n</tbody></table></body></html>"
    )


FORMATS: dict[str, Callable[[Iterable[Cell]], str]] = {
    "markdown": to_markdown,
    "csv": to_csv,
    "json": to_json,
    "html": to_html,
}
"""Every form for files, by its name."""


def _markdown_row(words: Sequence[str]) -> str:
    safe = (word.replace("|", "\\|").replace("<", "&lt;") for word in words)
    return f"| {' | '.join(safe)} |"


def _html_row(row: Row) -> str:
    kind = "not" if DID_NOT_BITE in row.words else row.standing
    columns = "".join(f"<td>{html.escape(word)}</td>" for word in row.words)
    return f'<tr class="{kind}">{columns}</tr>'
