"""`gwsim fault add NAME KEY=VALUE`: what is typed means what it would mean in a scenario."""

from contextlib import nullcontext
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner

from gwsim.cli import fault
from gwsim.lab.live.changes import Change


@pytest.fixture
def told(monkeypatch):
    """Give what a lab is told when this is typed after `gwsim fault add`."""
    heard = []

    def add_fault(lab, name, parameters):
        heard.append(parameters)
        return Change(("branch", "internet"), ("hq loses power",))

    monkeypatch.setattr(fault, "the_lab", lambda name: (SimpleNamespace(place=None), None))
    monkeypatch.setattr(fault, "in_words", nullcontext)
    monkeypatch.setattr(fault, "add_fault", add_fault)

    def typed(*words):
        done = CliRunner().invoke(fault.fault, ["add", *words])
        assert done.exit_code == 0, done.output
        return heard[-1], done.stdout

    return typed


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("mtu=1400", 1400),
        ("mtu=yes", True),
        ("mtu=null", "null"),  # ESP without encryption is called so
        ("mtu=2026-03-01", "2026-03-01"),
        ("mtu=1:30", "1:30"),
        ("mtu=[esp, main-4]", ["esp", "main-4"]),
        ("mtu={", "{"),
        ("mtu=a=b", "a=b"),
        ("mtu=", None),
    ],
)
def test_a_value_is_read_as_in_a_scenario(told, typed, value):
    assert told("mtu", typed)[0] == {"mtu": value}


def test_what_a_fault_is_mostly_told_needs_no_name(told):
    assert told("drop", "main-4")[0] == {"what": "main-4"}
    assert told("psk-mismatch", "branch")[0] == {"at": "branch"}
    assert told("psk-mismatch")[0] == {}


def test_it_says_what_has_happened_and_who_was_configured_anew(told):
    _, said = told("psk-mismatch")
    assert said == "psk-mismatch: hq loses power; branch and internet configured anew\n"


def test_faults_are_listed_with_the_times_at_which_they_come_and_go(monkeypatch):
    state = SimpleNamespace(faults=(("mtu", "ends at 4s"), ("drop", "")))
    monkeypatch.setattr(fault, "the_lab", lambda name: (None, state))
    done = CliRunner().invoke(fault.fault, ["list"])
    mtu, drop = (fault.CATALOGUE[name].title for name in ("mtu", "drop"))
    assert done.stdout == f"mtu: {mtu} (ends at 4s)\ndrop: {drop}\n"
