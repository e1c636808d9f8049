"""Screens compared with files: `golden("name", text)` against `golden/name.txt` beside the test.

`GWSIM_UPDATE_GOLDEN=1 pytest tests/vendors` writes the files anew; read the difference before you
commit it.
"""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

UPDATE = os.environ.get("GWSIM_UPDATE_GOLDEN") == "1"


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """Compare a text with a file, to the last blank."""
    folder = Path(request.path).parent / "golden"

    def check(name: str, text: str) -> None:
        file = folder / f"{name}.txt"
        if UPDATE:
            folder.mkdir(exist_ok=True)
            file.write_text(text, encoding="utf-8")
        assert text == file.read_text(encoding="utf-8")

    return check
