"""The entry of a node: what cannot run says so in one sentence."""

import asyncio
import json
import logging
from pathlib import Path

import pytest

from gwsim.daemon.__main__ import main
from gwsim.daemon.journal import open_journal
from gwsim.daemon.node import run_file
from gwsim.daemon.process import NodeError, note_failure


def test_a_missing_file_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(NodeError, match=r"^no node to run: .*No such file.*x\.json"):
        run_file(tmp_path / "x.json")


def test_a_broken_file_is_one_sentence_with_its_name(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text("{}", encoding="utf-8")
    with pytest.raises(NodeError, match=r"^no node to run: .*x\.json: "):
        run_file(tmp_path / "x.json")


def test_the_command_line_ends_with_a_status(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([]) == 2
    assert main([str(tmp_path / "x.json")]) == 1
    usage, complaint = capsys.readouterr().err.splitlines()
    assert usage.startswith("usage: ")
    assert complaint.startswith("no node to run: ")


def test_a_callback_that_fails_is_a_line_in_the_journal_and_no_more(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    root = logging.getLogger("gwsim")
    monkeypatch.setattr(root, "handlers", [])
    monkeypatch.setattr(root, "propagate", False)
    open_journal("hq")

    def fail() -> None:
        raise ValueError("a bug")

    async def live() -> None:
        asyncio.get_running_loop().set_exception_handler(note_failure)
        asyncio.get_running_loop().call_soon(fail)
        await asyncio.sleep(0)
        await asyncio.sleep(0)

    asyncio.run(live())
    (line,) = capsys.readouterr().err.splitlines()
    assert "ValueError: a bug" in json.loads(line)["trace"]
