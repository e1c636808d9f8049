from dataclasses import fields, is_dataclass

from gwsim.gateway.snapshot import IpsecSaSnapshot, SaCounters, Snapshot, TunnelSnapshot
from tests.gateway.boxes import Playbook, hq_config


def test_a_snapshot_holds_nothing_that_can_change():
    def frozen(value: object) -> bool:
        if isinstance(value, tuple):
            return all(frozen(item) for item in value)
        if is_dataclass(value):
            return all(frozen(getattr(value, field.name)) for field in fields(value))
        return value is None or isinstance(value, str | int | float)

    assert frozen(Playbook(hq_config()).gateway.snapshot(0.0))
    for kind in (Snapshot, TunnelSnapshot, IpsecSaSnapshot, SaCounters):
        assert kind.__dataclass_params__.frozen


def test_an_sa_that_carried_nothing_has_counted_nothing():
    assert all(getattr(SaCounters(), field.name) == 0 for field in fields(SaCounters))
