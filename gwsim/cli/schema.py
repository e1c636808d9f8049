"""`gwsim schema`: the JSON Schema of the scenario language, for an editor."""

from pathlib import Path

from gwsim.cli.output import write
from gwsim.lab.schema import FILE


def schema() -> None:
    """Print the JSON Schema of scenarios, for editors.

    Kept beside your scenarios as scenario.schema.json it is what `gwsim new` refers to, so that the
    files are completed and checked on every machine.
    """
    write(FILE.read_text(encoding="utf-8"))


def nearest_schema(folder: Path) -> Path:
    """Find the schema for a file in this folder: one there or further up, else that of gwsim."""
    for place in (folder, *folder.resolve().parents):
        if (place / FILE.name).is_file():
            return place / FILE.name
    return FILE
