"""What is known of a pair is computed once, kept, and never older than the engine."""

from pathlib import Path

import pytest

from gwsim.lab.diagnose import knowledge as module
from gwsim.lab.diagnose.knowledge import Knowledge, is_kept, knowledge, learn, numbers, together
from gwsim.lab.diagnose.observables import Kind
from gwsim.lab.faults.stage import Where
from tests.lab.diagnose.known import few
from tests.lab.matrix.cells import computed

PAIR = ("asa", "screenos")


def small(pair: tuple[str, str], jobs: int = 1, watch: object = None) -> Knowledge:
    both = " ".join(pair)
    return learn([computed(pair=both), computed("psk-mismatch", "responder", both)])


def refuse(*_: object) -> Knowledge:
    raise AssertionError("it was kept")


def same(one: Knowledge, other: Knowledge) -> bool:
    return (one.things, one.believed, one.cells) == (other.things, other.believed, other.cells)


def test_what_did_not_bite_explains_nothing():
    learnt = learn([computed(), computed("udp-4500-blocked")])
    assert [cell.at.fault for cell in learnt.cells] == ["healthy"]


def test_things_have_numbers_and_cells_hold_those():
    learnt = small(PAIR)
    state = next(t for t in learnt.things if t.text == "MM_WAIT_MSG6" and t.kind is Kind.STAY)
    assert state.end is Where.INITIATOR
    number = numbers(learnt)[state]
    assert [number in cell.seen for cell in learnt.cells] == [False, True]


def test_it_is_kept_and_not_computed_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "computed", small)
    assert not is_kept(PAIR, tmp_path)
    first = knowledge([PAIR], folder=tmp_path)
    assert is_kept(PAIR, tmp_path)
    monkeypatch.setattr(module, "computed", refuse)
    assert same(knowledge([PAIR], folder=tmp_path), first)


def test_another_engine_knows_nothing_of_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "computed", small)
    monkeypatch.setattr(module, "digest", lambda: "old")
    knowledge([PAIR], folder=tmp_path)
    monkeypatch.setattr(module, "digest", lambda: "new")
    assert not is_kept(PAIR, tmp_path)
    knowledge([PAIR], folder=tmp_path)
    assert [file.name[:3] for file in tmp_path.iterdir()] == ["new"]


def test_a_damaged_file_is_computed_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "computed", small)
    first = knowledge([PAIR], folder=tmp_path)
    for file in tmp_path.iterdir():
        file.write_bytes(file.read_bytes()[:40])
    assert same(knowledge([PAIR], folder=tmp_path), first)


def test_where_nothing_can_be_kept_it_is_computed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "computed", small)
    (tmp_path / "file").touch()
    assert knowledge([PAIR], folder=tmp_path / "file" / "below").cells


def test_the_folder_is_the_users_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert module.cache_folder() == tmp_path / "gwsim" / "matrix"


def test_who_has_no_home_keeps_nothing(monkeypatch: pytest.MonkeyPatch):
    def nowhere() -> Path:
        raise RuntimeError("no home")

    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setattr(Path, "home", nowhere)
    monkeypatch.setattr(module, "computed", small)
    assert knowledge([PAIR]).cells
    assert not is_kept(PAIR)


def test_a_folder_that_is_closed_has_nothing(monkeypatch: pytest.MonkeyPatch):
    def closed(_: Path) -> bool:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "is_file", closed)
    assert not is_kept(PAIR, Path("closed"))


def test_pairs_put_together_keep_their_cells_apart():
    parts = [small(PAIR), small(("screenos", "asa"))]
    whole = together(parts)
    assert len(whole.cells) == sum(len(part.cells) for part in parts)
    for part, place in zip(parts, (0, 2), strict=True):
        ours = {part.things[number] for number in part.cells[0].seen}
        assert {whole.things[number] for number in whole.cells[place].seen} == ours


def test_what_differs_from_seed_to_seed_is_left_to_chance():
    cells = few().cells
    assert any(cell.loose for cell in cells if cell.at.fault == "loss")
    assert not any(cell.loose for cell in cells if cell.at.fault == "psk-mismatch")
