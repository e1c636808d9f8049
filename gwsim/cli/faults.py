"""`gwsim faults`: the catalogue of what can go wrong."""

import json as json_format
from typing import Annotated, Any

import typer

from gwsim.cli.choices import require_fault
from gwsim.cli.options import Json
from gwsim.cli.output import heading, plain_table, write
from gwsim.lab.faults.catalogue import CATALOGUE
from gwsim.lab.faults.fault import Fault, Theme


def faults(
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="One fault, told in full.", show_default=False)
    ] = "",
    json: Json = False,
) -> None:
    """List the faults there are, or tell one in full."""
    if name:
        require_fault(name)
    chosen = [CATALOGUE[name]] if name else list(CATALOGUE.values())
    if json:
        write(json_format.dumps([fault_entry(fault) for fault in chosen], indent=2))
    elif name:
        write(fault_text(chosen[0]))
    else:
        _list(chosen)


def _list(chosen: list[Fault]) -> None:
    width = max(len(fault.name) for fault in chosen)
    for number, theme in enumerate(Theme):
        heading(("\n" if number else "") + theme.value)
        for fault in chosen:
            if fault.theme is theme:
                write(f"  {fault.name:<{width}}  {fault.title}")


def fault_text(fault: Fault) -> str:
    """Tell everything the catalogue knows of a fault."""
    parts = [
        f"{fault.name}: {fault.title}",
        f"  kind    {fault.kind.value}, {fault.theme.value}",
        f"  cause   {fault.cause}",
        *(f"  sign    {sign}" for sign in fault.signs),
        f"  repair  {fault.repair}",
        "  parameters",
    ]
    rows = [
        (f"    {name}", _default(field.get("default")), str(field.get("description", "")))
        for name, field in _parameters(fault).items()
    ]
    return "\n".join([*parts, plain_table(("    name", "default", ""), rows)])


def fault_entry(fault: Fault) -> dict[str, Any]:
    """Give a fault as plain data."""
    return {
        "name": fault.name,
        "title": fault.title,
        "theme": fault.theme.value,
        "kind": fault.kind.value,
        "cause": fault.cause,
        "signs": list(fault.signs),
        "repair": fault.repair,
        "parameters": _parameters(fault),
    }


def _parameters(fault: Fault) -> dict[str, dict[str, Any]]:
    """Read the parameters and what they mean out of the model that checks them."""
    properties: dict[str, dict[str, Any]] = fault.parameters.model_json_schema()["properties"]
    return properties


def _default(value: object) -> str:
    return "-" if value is None else str(value)
