"""Configurations are frozen, complete by default, and do not print their keys."""

from dataclasses import FrozenInstanceError, fields

import pytest

from gwsim.ike.config import Behaviour, Dpd, DpdAction, Identity, Rekey, VendorIds
from gwsim.wire.numbers import IdType
from tests.ike.configs import connection, endpoint


def test_a_pre_shared_key_is_not_printed():
    assert "the same on both ends" not in repr(endpoint("A"))
    assert "psk" not in repr(connection("A"))


@pytest.mark.parametrize("value", [Behaviour(), Dpd(), Rekey(), VendorIds(), connection("A")])
def test_values_cannot_be_changed(value):
    with pytest.raises(FrozenInstanceError):
        setattr(value, fields(value)[0].name, None)


def test_an_address_as_identity():
    assert Identity.address("10.0.0.1") == Identity(IdType.IPV4_ADDR, "10.0.0.1")


def test_the_defaults_of_dpd():
    assert Dpd() == Dpd(10.0, 2.0, 3, DpdAction.CLEAR, False)


def test_reactions_cannot_be_changed_in_place():
    with pytest.raises(TypeError):
        Behaviour().reactions[None] = None  # type: ignore[index]
