"""The state diagrams in docs/architecture.md are those of the tables.

Rewrite them with `GWSIM_UPDATE_GOLDEN=1 pytest tests/docs`.
"""

import os
import re
from pathlib import Path

import pytest

from gwsim.ike.aggressive_mode import AGGRESSIVE_MODE
from gwsim.ike.exchange import diagram
from gwsim.ike.main_mode import MAIN_MODE
from gwsim.ike.quick_mode import QUICK_MODE

DOCUMENT = Path(__file__).parents[2] / "docs" / "architecture.md"
DIAGRAMS = {
    "main": diagram(MAIN_MODE),
    "aggressive": diagram(AGGRESSIVE_MODE),
    "quick": diagram(QUICK_MODE),
}


def block(name: str, content: str) -> str:
    return f"<!-- diagram: {name} -->\n```mermaid\n{content}\n```\n<!-- end -->"


@pytest.mark.parametrize("name", DIAGRAMS)
def test_the_document_shows_the_diagram_of_the_table(name: str) -> None:
    text = DOCUMENT.read_text()
    wanted = block(name, DIAGRAMS[name])
    if os.environ.get("GWSIM_UPDATE_GOLDEN"):
        pattern = rf"<!-- diagram: {name} -->.*?<!-- end -->"
        text = re.sub(pattern, lambda _: wanted, text, flags=re.DOTALL)
        DOCUMENT.write_text(text)
    assert wanted in text
