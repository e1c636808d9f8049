"""What is made of a lab: the same by an engine's client and by compose."""

from pathlib import Path
from types import SimpleNamespace

import yaml

from gwsim.lab.live.making import FORWARDING, LABEL, RIGHTS, TUN, WIRE, claim

ROOT = Path(__file__).parents[3]
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))


def test_networks_of_compose_are_the_same_wires():
    for network in COMPOSE["networks"].values():
        assert network == {"driver": "bridge", "driver_opts": WIRE}


def test_a_wire_neither_has_an_address_of_the_machine_nor_is_masqueraded():
    """Else packets of another lab's scenario, or to the outside, would be sent as the machine's."""
    assert WIRE == {
        "com.docker.network.bridge.inhibit_ipv4": "true",
        "com.docker.network.bridge.enable_ip_masquerade": "false",
    }


def test_services_of_compose_have_the_same_rights():
    for name, service in COMPOSE["services"].items():
        assert service["cap_drop"] == ["ALL"]
        assert service["cap_add"] == RIGHTS
        assert "privileged" not in service
        assert service["security_opt"] == ["no-new-privileges:true"]
        forwards = name in ("internet", "hq", "branch")
        assert service.get("devices", []) == ([TUN] if forwards else [])
        assert service.get("sysctls", {}) == (FORWARDING if forwards else {})


def test_of_two_who_start_a_lab_of_one_name_at_the_same_moment_one_has_it():
    made = {}

    def create(name, labels, **_):
        return made.setdefault(name, SimpleNamespace(attrs={"Labels": labels}))

    engine = SimpleNamespace(volumes=SimpleNamespace(create=create))
    assert claim(engine, {LABEL: "lab"})
    assert not claim(engine, {LABEL: "lab"})
    assert claim(engine, {LABEL: "another"})
    made["gwsim-foreign-shared"] = SimpleNamespace(attrs={"Labels": None})
    assert not claim(engine, {LABEL: "foreign"})
