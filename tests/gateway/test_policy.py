from dataclasses import replace

from gwsim.esp.selectors import Action
from gwsim.gateway.config import PolicyRule
from gwsim.gateway.policy import children_of, differences, networks_of, settings_of, spd_of
from gwsim.ike.config import Behaviour, Rekey
from gwsim.wire.selector import Selector
from tests.gateway.boxes import HQ, connection, hq_config

ANY = Selector.parse("any")


def two_connections():
    config = hq_config()
    second = connection("second", HQ, "192.0.2.1")
    connections = (*config.endpoint.connections, second)
    return replace(config, endpoint=replace(config.endpoint, connections=connections))


def test_rules_come_first_then_the_children_numbered_from_one():
    config = replace(two_connections(), rules=(PolicyRule(ANY, ANY, "discard"),))
    spd = spd_of(config)
    assert [(e.action, e.connection, e.child, e.number) for e in spd.entries] == [
        (Action.DISCARD, "", "", 0),
        (Action.PROTECT, "branch", "net", 1),
        (Action.PROTECT, "second", "net", 2),
    ]
    assert spd.default.action is Action.BYPASS


def test_children_are_numbered_as_the_screens_number_them():
    assert [c.name for c, _ in children_of(two_connections())] == ["branch", "second"]


def test_volume_is_renewed_at_the_fraction_at_which_time_is():
    behaviour = Behaviour(phase2_rekey=Rekey(fraction=0.85))
    settings = settings_of(
        hq_config(endpoint={"behaviour": behaviour}, mtu=1400, df="set", last_sequence=9)
    )
    assert (settings.address, settings.mtu) == (HQ, 1400)
    assert (settings.df, settings.soft, settings.last_sequence) == ("set", 0.85, 9)


def test_without_a_fraction_the_volume_is_used_up_before_it_is_renewed():
    behaviour = Behaviour(phase2_rekey=Rekey(fraction=None))
    assert settings_of(hq_config(endpoint={"behaviour": behaviour})).soft == 1.0


def test_networks_are_selectors():
    assert [str(n) for n in networks_of(hq_config())] == ["10.1.0.0/24"]


def test_equal_configurations_do_not_differ():
    assert differences(hq_config(), hq_config()) == ()
    assert differences(hq_config(), hq_config(translates=True)) == ("translates",)


def test_differences_are_named():
    old = two_connections()
    new = hq_config(inside=("10.9.0.0/24",), endpoint={"enabled": False})
    assert differences(old, new) == ("inside", "enabled", "second")
    assert differences(new, old) == ("inside", "enabled", "second")
    psk = hq_config(connection={"psk": b"other"})
    assert differences(hq_config(), psk) == ("branch",)
