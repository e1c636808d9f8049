"""Single lines and what they do to a draft."""

import re

import pytest

from gwsim.vendors.asa import config_handlers as handlers
from gwsim.vendors.asa.config_draft import Draft
from gwsim.wire.selector import Selector


def matched(pattern, text):
    found = re.fullmatch(pattern, text)
    assert found is not None
    return found


def ace(draft, text):
    pattern = r"access-list (?P<name>\S+) permit (?P<protocol>\S+) (?P<ends>.+)"
    handlers.ace(draft, matched(pattern, text))
    return draft.acls


def test_an_ace_stands_for_every_pair_of_its_ends():
    draft = Draft()
    draft.objects["two"] = [Selector.parse("10.1.0.0/24"), Selector.parse("10.3.0.0/24")]
    acls = ace(draft, "access-list A permit ip object-group two object-group two")
    assert len(acls["A"]) == 4


def test_ports_stay_with_their_end():
    acls = ace(Draft(), "access-list A permit tcp host 10.1.0.1 eq 80 any eq https")
    ((source, destination),) = acls["A"]
    assert (source.port, destination.port, source.protocol) == (80, 443, 6)


def test_addresses_lose_their_host_bits():
    ((source, _),) = ace(Draft(), "access-list A permit ip 10.1.0.9 255.255.255.0 any")["A"]
    assert str(source) == "10.1.0.0/24"


@pytest.mark.parametrize("protocol", ["256", "99999999999", "nonsense"])
def test_protocols_that_are_none(protocol):
    with pytest.raises(ValueError, match="not a protocol"):
        ace(Draft(), f"access-list A permit {protocol} any any")


def test_an_inactive_ace_is_not_there():
    assert ace(Draft(), "access-list A permit ip any any inactive") == {}
