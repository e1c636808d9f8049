"""A package whose first words are a map of it names every module and package in it."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def _told(package: Path) -> str:
    return ast.get_docstring(ast.parse((package / "__init__.py").read_text("utf-8"))) or ""


def _inside(package: Path) -> list[str]:
    modules = [file.stem for file in package.glob("*.py") if not file.stem.startswith("__")]
    return modules + [file.parent.name for file in package.glob("*/__init__.py")]


MAPS = [
    str(file.parent.relative_to(ROOT))
    for file in sorted((ROOT / "gwsim").rglob("__init__.py"))
    if "`" in _told(file.parent)
]


@pytest.mark.parametrize("package", MAPS)
def test_a_map_is_whole(package: str) -> None:
    told = _told(ROOT / package)
    assert [name for name in sorted(_inside(ROOT / package)) if f"`{name}`" not in told] == []


def test_there_are_maps_of_all_floors() -> None:
    floors = {"wire", "crypto", "ike", "esp", "gateway", "path", "vendors", "capture", "daemon"}
    assert {f"gwsim/{floor}" for floor in floors | {"lab", "cli"}} <= set(MAPS)
