"""A bar beside the result, and only where somebody watches."""

import pytest

from gwsim.cli.progress import watched


def test_on_a_terminal_progress_goes_beside_the_result(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert list(watched(iter("ab"), 2, "counting")) == ["a", "b"]
    said = capsys.readouterr()
    assert said.out == ""
    assert "counting" in said.err


def test_without_a_terminal_there_is_no_bar(capsys: pytest.CaptureFixture[str]) -> None:
    assert list(watched(iter("ab"), 2, "counting")) == ["a", "b"]
    assert capsys.readouterr() == ("", "")
