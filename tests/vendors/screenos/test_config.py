"""The configuration as `get config` prints it, from ours."""

from dataclasses import replace

import pytest

from gwsim.gateway.config import PolicyRule
from gwsim.ike.config import Dpd, Identity, Phase1Transform, Phase2Transform
from gwsim.vendors.screenos.config import running_config
from gwsim.wire.numbers import IdType
from gwsim.wire.selector import Selector
from tests.vendors.screenos.pair import Pair


def config(**hq_is):
    return Pair(hq_is).gateways["hq"].config


def test_a_box_as_unpacked(golden):
    golden("config_plain", running_config(config()))


def test_everything_that_can_be_set(golden):
    told = config(
        pairs=[("10.1.0.10 tcp", "10.2.0.0/24 tcp/80"), ("any", "10.3.0.0/24 47")],
        phase1=(Phase1Transform(7, 4, 14, 256, lifetime_seconds=86400),),
        transforms=(Phase2Transform(12, 5, 256), Phase2Transform(3, 1)),
        pfs_group=14,
        lifetime_seconds=28800,
        lifetime_kilobytes=4608000,
        replay_window=64,
        dpd=Dpd(10.0, 10.0, 5),
        nat_traversal=True,
        aggressive=True,
        local_id=Identity(IdType.FQDN, "hq.example"),
        remote_id=Identity(IdType.USER_FQDN, "branch@example"),
        auto_start=True,
    )
    rule = PolicyRule(Selector.parse("10.1.0.0/24 udp/53"), Selector.parse("any udp/53"), "discard")
    told = replace(
        told,
        rules=(rule,),
        default="discard",
        mtu=1400,
        df="copy",
        inside=("10.1.0.0/24", "10.9.0.0/16"),
    )
    golden("config_full", running_config(told))


@pytest.mark.parametrize(("secrets", "key"), [(True, '"correct horse"'), (False, '"*****"')])
def test_keys_are_starred_unless_wanted(secrets, key):
    assert f"preshare {key} " in running_config(config(), secrets)


def test_a_gateway_without_a_key_has_no_preshare():
    assert "preshare" not in running_config(config(psk=None), secrets=True)


def test_a_range_becomes_the_network_around_it():
    text = running_config(config(pairs=[("10.1.0.5-10.1.0.9", "10.2.0.0/24")]))
    assert 'set address "Trust" "10.1.0.5/255.255.255.240" 10.1.0.5 255.255.255.240' in text


def test_a_dynamic_peer_is_known_by_its_identity():
    who = Identity(IdType.FQDN, "branch.example")
    text = running_config(config(remote=None, remote_id=who, aggressive=True))
    assert 'set ike gateway "branch" dynamic "branch.example" Aggressive outgoing-' in text


def test_policies_bear_the_numbers_that_get_sa_shows():
    pair = Pair()
    text = running_config(pair.gateways["hq"].config)
    inbound, outbound = pair.show("hq", "get sa").splitlines()[2:]
    assert f'set policy id {inbound.split()[-2]} from "Untrust" to "Trust"' in text
    assert f'set policy id {outbound.split()[-2]} from "Trust" to "Untrust"' in text
