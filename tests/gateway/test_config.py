import pytest

from tests.gateway.boxes import hq_config


def test_what_is_left_out_is_a_router_with_an_ethernet():
    config = hq_config()
    assert (config.mtu, config.df, config.default, config.queue) == (1500, "copy", "bypass", 0)
    assert config.rules == ()


def test_a_configuration_cannot_be_changed_in_place():
    with pytest.raises(AttributeError):
        hq_config().mtu = 1400


def test_a_configuration_does_not_show_its_keys():
    assert "battery" not in repr(hq_config())
