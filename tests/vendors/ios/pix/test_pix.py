"""A PIX in the registry: a router's words, a firewall's screens."""

from gwsim.vendors.ios import VENDOR as IOS
from gwsim.vendors.ios.pix import VENDOR
from gwsim.vendors.registry import VENDORS, match, screen
from tests.vendors.ios.pix.pair import Pair


def test_the_registry_knows_it_beside_the_router():
    assert VENDORS["pix"] is VENDOR
    assert VENDOR.name == "pix"
    assert VENDOR.state_words == IOS.state_words


def test_commands_are_abbreviated_as_on_the_device():
    assert match(VENDOR, "sh isa sa") == "show isakmp sa"
    assert match(VENDOR, "sh cry isa sa") == "show crypto isakmp sa"
    assert match(VENDOR, "sh cry ips sa") == "show crypto ipsec sa"
    assert "Type help or '?'" in screen(VENDOR, "show vpn-sessiondb", Pair().view("hq"))


def test_what_is_believed_is_apart_from_what_was_seen():
    assert any("ISAKMP session connected" in text for text in VENDOR.believed)
    assert not any("sa created" in text for text in VENDOR.believed)
