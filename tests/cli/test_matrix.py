"""`gwsim matrix` prints the matrix, or says what there is no such thing as."""

import csv
import json
from collections.abc import Callable
from pathlib import Path

from click.testing import Result

Program = Callable[..., Result]
FEW = ("--vendors", "asa", "--setting", "main", "--jobs", 1)


def test_a_table_with_the_healthy_row_above(gwsim: Program) -> None:
    result = gwsim("matrix", "--fault", "psk-mismatch", *FEW)
    assert result.exit_code == 0
    head, healthy, first, second = result.output.splitlines()
    assert head.startswith("fault")
    assert healthy.startswith("healthy")
    assert "MM_WAIT_MSG6" in first
    assert "MM_WAIT_MSG6" in second


def test_a_file_in_another_form(gwsim: Program, tmp_path: Path) -> None:
    target = tmp_path / "matrix.csv"
    wanted = ("matrix", "--fault", "no-route", *FEW)
    assert gwsim(*wanted, "--format", "csv", "--output", target).output == ""
    with target.open(encoding="utf-8", newline="") as file:
        assert len(list(csv.DictReader(file))) == 5
    entries = json.loads(gwsim(*wanted, "--format", "json").output)
    assert {entry["at"]["fault"] for entry in entries} == {"healthy", "no-route"}


def test_a_word_that_names_nothing_gets_the_nearest(gwsim: Program) -> None:
    for option, word, near in (
        ("--fault", "psk-missmatch", "psk-mismatch"),
        ("--vendors", "asaa", "asa"),
        ("--setting", "mian", "main"),
        ("--format", "htlm", "html"),
    ):
        result = gwsim("matrix", option, word)
        assert result.exit_code == 2
        assert word in result.output
        assert near in result.output


def test_a_place_that_cannot_be_written_is_told_before_the_work(
    gwsim: Program, tmp_path: Path
) -> None:
    result = gwsim("matrix", "--output", tmp_path / "no" / "matrix.html")
    assert result.exit_code == 2
    assert "there is no folder" in result.output
