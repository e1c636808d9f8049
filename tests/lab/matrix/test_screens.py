"""Which command shows what is asked of the commands themselves."""

import pytest

from gwsim.lab.matrix.screens import log_commands, plain_commands, same_screen
from gwsim.vendors.registry import VENDORS

ASA, IOS, SCREENOS = VENDORS["asa"], VENDORS["ios"], VENDORS["screenos"]


def test_commands_that_print_the_log_are_found_by_its_lines():
    assert "show logging" in log_commands(ASA)
    assert "get event" in log_commands(SCREENOS)
    assert "debug crypto isakmp" in log_commands(IOS)


@pytest.mark.parametrize("name", ["asa", "ios", "screenos"])
def test_what_shows_the_configuration_shows_nothing_of_the_present(name: str):
    vendor = VENDORS[name]
    assert plain_commands(vendor)
    assert not any("config" in command for command in plain_commands(vendor))
    assert set(plain_commands(vendor)).isdisjoint(log_commands(vendor))


def test_two_commands_with_one_screen_go_by_one_of_them():
    assert same_screen(ASA, "show isakmp sa") == "show crypto isakmp sa"
    assert same_screen(ASA, "show crypto isakmp sa") == "show crypto isakmp sa"
    assert same_screen(ASA, "show logging") is None


def test_a_vendor_without_screens_has_no_commands():
    for vendor in VENDORS.values():
        if not vendor.commands:
            assert plain_commands(vendor) == log_commands(vendor) == ()
