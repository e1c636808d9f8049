"""The vendor as the registry knows it."""

from gwsim.vendors.asa import VENDOR
from gwsim.vendors.asa.behaviour import BEHAVIOUR, DEFAULTS
from gwsim.vendors.asa.show import COMMANDS, PARAMETRIC
from gwsim.vendors.asa.states import STATE_WORDS, state_word


def test_the_vendor_is_made_of_its_folder():
    assert (VENDOR.name, VENDOR.title) == ("asa", "Cisco ASA")
    assert VENDOR.behaviour is BEHAVIOUR
    assert VENDOR.defaults is DEFAULTS
    assert VENDOR.state_words is STATE_WORDS
    assert VENDOR.state_word is state_word
    assert VENDOR.commands is COMMANDS
    assert VENDOR.parametric is PARAMETRIC


def test_the_commands_of_a_vpn_engineer_are_there():
    for command in (
        "show crypto isakmp sa",
        "show crypto ikev1 sa detail",
        "show crypto ipsec sa",
        "show vpn-sessiondb l2l",
        "show vpn-sessiondb detail l2l",
        "show logging",
        "debug crypto ikev1 127",
    ):
        assert command in VENDOR.commands
