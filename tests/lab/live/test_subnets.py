"""Networks on an engine that has no subnet left, or whose subnets somebody else occupies."""

from ipaddress import IPv4Network
from types import SimpleNamespace

import pytest
from docker.errors import APIError

from gwsim.lab.live.subnets import SPARE, make_network

FULL = "all predefined address pools have been fully subnetted"
OCCUPIED = "could not find an available, non-overlapping IPv4 address pool"


class Engine:
    """An engine without subnets of its own, on which these many of ours are taken."""

    def __init__(self, complaint, taken=0):
        self.made = []
        self.tried = []
        self._complaint = complaint
        self._taken = taken
        self.networks = SimpleNamespace(create=self._create)

    def _create(self, name, driver, ipam=None, **told):
        if ipam is None:
            raise APIError(self._complaint)
        [pool] = ipam["Config"]
        self.tried.append(IPv4Network(pool["Subnet"]))
        if len(self.tried) <= self._taken:
            raise APIError("Pool overlaps with other one on this address space")
        self.made.append((name, told))


@pytest.mark.parametrize("complaint", [FULL, OCCUPIED])
def test_a_network_gets_a_subnet_of_ours_the_first_that_is_free(complaint):
    engine = Engine(complaint, taken=3)
    make_network(engine, "gwsim-lab-hq-outside", labels={"gwsim.lab": "lab"})
    assert engine.made == [("gwsim-lab-hq-outside", {"labels": {"gwsim.lab": "lab"}})]
    assert len(set(engine.tried)) == 4
    for subnet in engine.tried:
        assert subnet.subnet_of(IPv4Network("10.192.0.0/10"))
        assert subnet.num_addresses == 64


def test_networks_of_other_names_try_other_subnets():
    engines = []
    for name in ("gwsim-one-hq-outside", "gwsim-two-hq-outside"):
        engines.append(Engine(FULL, taken=3))
        make_network(engines[-1], name)
    one, two = (set(engine.tried) for engine in engines)
    assert not one & two


def test_where_nothing_is_free_the_engines_own_complaint_is_told():
    engine = Engine(FULL, taken=SPARE)
    with pytest.raises(APIError, match="fully subnetted"):
        make_network(engine, "gwsim-lab-hq-outside")
    assert len(engine.tried) == SPARE


def test_of_any_other_complaint_no_subnet_is_the_remedy():
    engine = Engine("permission denied")
    with pytest.raises(APIError, match="permission denied"):
        make_network(engine, "gwsim-lab-hq-outside")
    assert engine.tried == []
