"""`gwsim validate`: is a scenario file right, without running it?"""

import json as json_format
from dataclasses import asdict

import typer

from gwsim.cli.files import ScenarioPaths, scenario_files
from gwsim.cli.options import Json
from gwsim.cli.output import BAD, complain, write
from gwsim.lab.load import load_scenario, prepare
from gwsim.lab.source import Problem, ScenarioError


def validate(paths: ScenarioPaths, json: Json = False) -> None:
    """Check scenario files without running them.

    Every complaint has a line, the offending word, and the nearest right one.
    """
    report = {file: _check(file) for file in scenario_files(paths)}
    if json:
        write(json_format.dumps([_entry(file, *found) for file, found in report.items()], indent=2))
    else:
        for file, (problems, warnings) in report.items():
            for problem in problems:
                complain(str(problem))
            for warning in warnings:
                complain(f"warning: {warning}")
            if not problems:
                write(f"{file}: ok")
    if any(problems for problems, _ in report.values()):
        raise typer.Exit(BAD)


def _check(file: str) -> tuple[tuple[Problem, ...], tuple[Problem, ...]]:
    """Give what is wrong with a file, and what is only odd."""
    try:
        loaded = load_scenario(file)
        prepare(loaded)
    except ScenarioError as error:
        return error.problems, ()
    return (), loaded.warnings


def _entry(
    file: str, problems: tuple[Problem, ...], warnings: tuple[Problem, ...]
) -> dict[str, object]:
    return {
        "file": file,
        "ok": not problems,
        "problems": [asdict(problem) for problem in problems],
        "warnings": [asdict(warning) for warning in warnings],
    }
