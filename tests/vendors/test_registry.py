"""What somebody types becomes a command as on the device, or the device's own complaint."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gwsim.vendors.registry import VENDORS, complaint, match, screen
from tests.vendors.asa.pair import Pair

ASA = VENDORS["asa"]


@pytest.mark.parametrize(
    ("typed", "command"),
    [
        ("show crypto isakmp sa", "show crypto isakmp sa"),
        ("sh cry isa sa", "show crypto isakmp sa"),
        ("  SH   CRY  ISA  SA ", "show crypto isakmp sa"),
        ("sh crypto ikev1 sa det", "show crypto ikev1 sa detail"),
        ("show vpn", "show vpn-sessiondb"),
        ("show vpn-s d l", "show vpn-sessiondb detail l2l"),
        ("sh cry ips sa", "show crypto ipsec sa"),
        ("sh cry ips sa peer 203.0.113.1", "show crypto ipsec sa peer <address>"),
        ("sh log", "show logging"),
    ],
)
def test_abbreviations_mean_what_only_one_command_can_mean(typed, command):
    assert match(ASA, typed) == command


def test_what_is_no_vendor_is_none_to_any_question():
    assert "netscaler" not in VENDORS
    assert 7 not in VENDORS
    assert VENDORS.get("netscaler") is None
    with pytest.raises(KeyError):
        VENDORS["netscaler"]


@pytest.mark.parametrize("name", sorted(VENDORS))
def test_every_command_in_full_means_itself(name):
    vendor = VENDORS[name]
    assert bool(vendor.commands) is not bool(vendor.unseen)
    for command in vendor.commands:
        assert match(vendor, command) == command


@pytest.mark.parametrize("name", sorted(VENDORS))
def test_a_vendor_is_registered_under_its_own_name(name):
    assert VENDORS[name].name == name


def test_a_word_in_full_wins_over_longer_ones():
    vendor = replace(ASA, commands={"get sa": len, "get saved": len}, parametric={})
    assert match(vendor, "get sa") == "get sa"
    assert match(vendor, "get sav") == "get saved"


def test_an_ambiguous_line_gives_the_candidates():
    found = match(ASA, "sh cry i sa")
    assert isinstance(found, list)
    assert {"show crypto isakmp sa", "show crypto ikev1 sa", "show crypto ipsec sa"} <= set(found)
    assert complaint(ASA, "sh cry i sa") == 'ERROR: % Ambiguous command:  "sh cry i sa"\n'


def test_an_unfinished_line_gives_what_it_may_become():
    found = match(ASA, "show crypto ikev1")
    assert found == ["show crypto ikev1 sa", "show crypto ikev1 sa detail"]
    assert complaint(ASA, "show crypto ikev1") == "ERROR: % Incomplete command\n"
    assert complaint(ASA, "show crypto ipsec sa peer") == "ERROR: % Incomplete command\n"


def test_an_unknown_word_is_marked_where_it_stands():
    assert match(ASA, "show  crypto foo sa") is None
    assert complaint(ASA, "show  crypto foo sa", "hq# ") == (
        "    " + "             ^\nERROR: % Invalid input detected at '^' marker.\n"
    )


def test_a_word_too_many_is_unknown():
    assert match(ASA, "show logging now") is None
    assert complaint(ASA, "show logging now").startswith(" " * 13 + "^\n")


def test_screen_runs_what_was_typed_and_passes_the_argument():
    pair = Pair().ping(1.0)
    view = pair.view("hq")
    assert screen(ASA, "sh cry isa sa", view) == ASA.commands["show crypto isakmp sa"](view)
    assert "current_peer: 203.0.113.1" in screen(ASA, "sh ips sa peer 203.0.113.1", view)
    assert "There are no ipsec sas" in screen(ASA, "sh ips sa peer 203.0.113.9", view)


def test_screen_complains_under_the_prompt():
    view = Pair().view("hq")
    first, second = screen(ASA, "show foo", view).splitlines()
    assert first.index("^") == len("hq# show ")
    assert second == "ERROR: % Invalid input detected at '^' marker."


def test_a_bar_filters_the_screen():
    view = Pair().ping(1.0).view("hq")
    whole = screen(ASA, "show logging", view).splitlines()
    assert screen(ASA, "sh log | i 713119", view).splitlines() == [
        line for line in whole if "713119" in line
    ]
    assert screen(ASA, "show logging | grep PHASE 1", view).count("\n") == 1
    assert screen(ASA, "sh log|exclude ASA", view).splitlines() == whole[:14]
    assert screen(ASA, "sh log | begin 713119", view).splitlines()[0].find("713119") > 0
    assert screen(ASA, "sh log | include nothing like it", view) == ""


def test_a_filter_that_there_is_not_is_complained_about():
    view = Pair().view("hq")
    assert "Invalid input" in screen(ASA, "show logging | count", view)
    assert "Invalid input" in screen(ASA, "show logging |", view)
    assert match(ASA, "show logging | include x") == "show logging"


COMMANDS = sorted(
    {c for vendor in VENDORS.values() for c in (*vendor.commands, *vendor.parametric)}
)
ABBREVIATED = st.builds(
    lambda command, cuts: " ".join(w[:n] for w, n in zip(command.split(), cuts, strict=False)),
    st.sampled_from(COMMANDS),
    st.lists(st.integers(1, 12), min_size=1, max_size=8),
)


@given(st.text(max_size=60) | ABBREVIATED)
def test_whatever_is_typed_is_matched_or_complained_about(typed):
    """Nothing that can be typed raises, and what matches is a key of the tables."""
    for vendor in VENDORS.values():
        found = match(vendor, typed)
        if isinstance(found, str):
            assert found in vendor.commands or found in vendor.parametric
        else:
            assert complaint(vendor, typed.partition("|")[0])


READABLE = {name: vendor for name, vendor in VENDORS.items() if vendor.config_text is not None}
TEXTS = {
    "fortios": 'config system global\n    set hostname "hq"\nend\n'
    'config vpn ipsec phase1-interface\n    edit "branch"\n        set interface "wan1"\n',
    "asa": "hostname hq\ninterface GigabitEthernet0/0\n nameif outside\n",
    "ios": "hostname hq\ninterface FastEthernet0/0\n ip address 10.1.0.1 255.255.255.0\n"
    " crypto map OUTSIDE\n",
    "pix": "hostname hq\nnameif ethernet0 outside security0\nisakmp key k address 203.0.113.1\n",
    "screenos": 'set hostname hq\nset interface "ethernet0/0" zone "Untrust"\n'
    'set ike gateway "branch" address 203.0.113.1 Main outgoing-interface "ethernet0/0"\n',
}


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_a_configuration_tells_whose_it_is(name):
    found = [own for own, vendor in READABLE.items() if vendor.config_text.sign.search(TEXTS[name])]
    assert found == [name]
