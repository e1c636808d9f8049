"""What a half-read configuration stands for."""

import pytest

from gwsim.vendors.asa.behaviour import DEFAULTS
from gwsim.vendors.asa.config_draft import Draft, Policy, TunnelGroup


def test_a_policy_nobody_filled_in_is_the_default_one():
    assert Policy().transform() == DEFAULTS.phase1[0]


def test_a_tunnel_group_has_dead_peer_detection_until_told_otherwise():
    assert TunnelGroup().dpd == DEFAULTS.dpd
    assert TunnelGroup().psk is None


def test_an_empty_draft_is_no_configuration():
    with pytest.raises(ValueError, match="no crypto map is bound"):
        Draft().finish()
