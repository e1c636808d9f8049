"""The folder as the registry has it."""

from gwsim.vendors.fortios import VENDOR
from gwsim.vendors.fortios.words import BELIEVED
from gwsim.vendors.registry import VENDORS, match, screen
from tests.vendors.fortios.pair import Pair


def test_the_registry_knows_it():
    assert VENDORS["fortios"] is VENDOR
    assert VENDOR.name == "fortios"


def test_commands_are_abbreviated_as_on_a_fortigate():
    assert match(VENDOR, "diag vpn ike gateway list") == "diagnose vpn ike gateway list"
    assert match(VENDOR, "dia vpn tun li") == "diagnose vpn tunnel list"
    assert match(VENDOR, "diag deb app ike -1") == "diagnose debug application ike -1"
    assert match(VENDOR, "get vpn ipsec tun sum") == "get vpn ipsec tunnel summary"
    assert match(VENDOR, "exec log disp") == "execute log display"
    assert match(VENDOR, "sh full") == "show full-configuration"
    assert match(VENDOR, "show") == "show"
    assert match(VENDOR, "diag vpn ike gateway list name x") == (
        "diagnose vpn ike gateway list name <tunnel>"
    )


def test_complaints_are_those_of_the_command_line():
    view = Pair().view("hq")
    assert screen(VENDOR, "get vpn ike gateway", view) == (
        "\ncommand parse error before 'ike'\nCommand fail. Return code -61\n"
    )
    assert screen(VENDOR, "diagnose vpn", view) == (
        "\nincomplete command in the end\nCommand fail. Return code -160\n"
    )


def test_a_bar_filters_a_screen():
    view = Pair().ping(1.0).view("hq")
    told = screen(VENDOR, "diagnose debug application ike -1 | grep VID", view)
    assert told.count("VID FORTIGATE") == told.count("VID DPD") == 1


def test_what_is_believed_is_declared():
    assert VENDOR.believed == BELIEVED
    assert "initiator: main mode done" in BELIEVED
    assert "probable pre-shared secret mismatch" not in BELIEVED
