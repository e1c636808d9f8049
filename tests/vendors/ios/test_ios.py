"""The folder as the registry has it."""

from gwsim.vendors.ios import VENDOR
from gwsim.vendors.ios.words import BELIEVED
from gwsim.vendors.registry import VENDORS, match, screen
from tests.vendors.ios.pair import Pair


def test_the_registry_knows_it():
    assert VENDORS["ios"] is VENDOR
    assert VENDOR.name == "ios"


def test_commands_are_abbreviated_as_on_a_router():
    assert match(VENDOR, "sh cry isa sa") == "show crypto isakmp sa"
    assert match(VENDOR, "sh crypto isakmp sa det") == "show crypto isakmp sa detail"
    assert match(VENDOR, "sh cry ips sa") == "show crypto ipsec sa"
    assert match(VENDOR, "sh cry sess") == "show crypto session"
    assert match(VENDOR, "sh cry i sa") == [
        "show crypto isakmp sa",
        "show crypto isakmp sa detail",
        "show crypto ipsec sa",
    ]
    assert match(VENDOR, "show vpn-sessiondb") is None


def test_complaints_are_those_of_the_parser():
    view = Pair().view("hq")
    assert screen(VENDOR, "show crypto ikev1 sa", view) == (
        " " * 15 + "^\n% Invalid input detected at '^' marker.\n\n"
    )
    assert screen(VENDOR, "sh cry i sa", view) == '% Ambiguous command:  "sh cry i sa"\n'
    assert screen(VENDOR, "show crypto", view).startswith("% ")


def test_what_is_believed_is_declared():
    assert VENDOR.believed == BELIEVED
    assert "SESSION_STATUS" in BELIEVED
    assert "IKMP_BAD_MESSAGE" not in BELIEVED
