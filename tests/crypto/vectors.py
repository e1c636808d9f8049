"""Published vectors and recorded handshakes, read from `data`; every record names its source."""

import json
from pathlib import Path
from typing import Any

import pytest

DATA = Path(__file__).parent / "data"


def load(name: str) -> Any:
    """Read one file of vectors."""
    return json.loads((DATA / f"{name}.json").read_text())


def cases(name: str) -> list[Any]:
    """Give the records of a file as parameters of a test, named by their sources."""
    return [pytest.param(record, id=record["source"]) for record in load(name)]


def octets(record: dict[str, Any], *names: str) -> list[bytes]:
    """Give the hexadecimal fields of a record as octets, in the order asked for."""
    return [bytes.fromhex(record[name]) for name in names]
