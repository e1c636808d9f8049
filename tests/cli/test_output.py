"""Text for people: tables and complaints."""

from pathlib import Path

import pytest
import typer

from gwsim.cli.output import BAD, plain_table, save, write


def test_columns_are_as_wide_as_their_longest_entry_and_numbers_stand_on_the_right():
    table = plain_table(
        ("scenario", "messages", ""), [("healthy", "9", "passed"), ("psk", "12", "")], right=(1,)
    )
    assert table.splitlines() == [
        "scenario  messages",
        "healthy          9  passed",
        "psk             12",
    ]


def test_a_text_ends_with_one_newline(capsys):
    write("one\n\ntwo\n\n")
    assert capsys.readouterr().out == "one\n\ntwo\n"


@pytest.mark.parametrize("target", ["nowhere/report.json", ".", "a\0b"])
def test_what_cannot_be_written_is_one_complaint(target, tmp_path: Path, capsys):
    with pytest.raises(typer.Exit) as end:
        save(tmp_path / target, "{}")
    assert end.value.exit_code == BAD
    assert "cannot be written: " in capsys.readouterr().err
