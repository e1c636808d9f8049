"""What commands about running labs share."""

import pytest
import typer

from gwsim.cli.labs import own_node


def test_on_a_gateway_itself_its_name_is_left_out(monkeypatch):
    monkeypatch.setenv("GWSIM_NODE", "hq")
    assert own_node() == "hq"


def test_elsewhere_the_name_of_a_gateway_is_wanted(monkeypatch, capsys):
    monkeypatch.delenv("GWSIM_NODE", raising=False)
    with pytest.raises(typer.Exit):
        own_node()
    assert "which gateway?" in capsys.readouterr().err
