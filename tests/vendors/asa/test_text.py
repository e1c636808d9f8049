"""A message before it is filled in."""

import pytest

from gwsim.vendors.asa.text import Head, Text


def test_most_messages_begin_with_the_group():
    assert Text("713119", 5, "PHASE 1 COMPLETED").head is Head.GROUP


def test_a_message_does_not_change():
    with pytest.raises(AttributeError):
        Text("713119", 5, "x").words = "y"
