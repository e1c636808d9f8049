"""Outcomes are values: the data plane's tests make them all; here is what they promise alone."""

import pytest

from gwsim.esp.drops import Drop
from gwsim.esp.outcomes import Dropped, Request, Returned, Wish


def test_a_packet_dropped_before_anything_was_known_of_it_says_so():
    dropped = Dropped(Drop.MALFORMED, True, "192.0.2.1", "192.0.2.2", 50, 3)
    assert (dropped.spi, dropped.inner, dropped.connection, dropped.child) == (0, None, "", "")


def test_outcomes_cannot_be_changed_afterwards():
    with pytest.raises(AttributeError):
        Request(Wish.REKEY, 1).inbound_spi = 2


def test_an_icmp_error_about_clear_text_belongs_to_no_child():
    assert Returned(b"").child == ""
