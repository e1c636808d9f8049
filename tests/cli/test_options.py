"""A word that must be one of a few is refused with what there is instead."""

import pytest
import typer

from gwsim.cli.choices import require_fault, require_runtime
from gwsim.cli.options import meant_node, require

NODES = ("hq", "branch", "hq.pc", "hq.server", "branch.pc")


def refusal(capsys: pytest.CaptureFixture[str], wrong: pytest.ExceptionInfo[typer.Exit]) -> str:
    assert wrong.value.exit_code == 2
    return capsys.readouterr().err


def test_a_known_word_passes() -> None:
    require("hq", NODES, "node")
    require_fault("psk-mismatch")
    require_runtime("netns", 2.0)


def test_an_unknown_one_is_refused_with_those_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(typer.Exit) as wrong:
        require("brnch", ("hq", "branch"), "gateway", " here")
    said = refusal(capsys, wrong)
    assert said == "there is no gateway 'brnch' here, only hq, branch; did you mean 'branch'?\n"


@pytest.mark.parametrize(
    ("name", "remedy"),
    [("psk-mismach", "did you mean 'psk-mismatch'?"), ("zebra", "`gwsim faults` lists them")],
)
def test_a_fault_that_is_none(capsys: pytest.CaptureFixture[str], name: str, remedy: str) -> None:
    with pytest.raises(typer.Exit) as wrong:
        require_fault(name)
    assert remedy in refusal(capsys, wrong)


def test_the_simulation_has_no_speed(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(typer.Exit) as wrong:
        require_runtime("sim", 2.0)
    assert "runtimes with real time" in refusal(capsys, wrong)


def test_a_host_may_be_called_by_its_own_name_where_no_other_has_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert meant_node("server", NODES, "node", "") == "hq.server"
    assert meant_node("hq", NODES, "node", "") == "hq"
    with pytest.raises(typer.Exit) as wrong:
        meant_node("pc", NODES, "node", " in the lab")
    assert "there is no node 'pc' in the lab, only hq," in refusal(capsys, wrong)
