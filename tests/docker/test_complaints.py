"""What an engine or its machine may lack, brought about for real: one clear message each."""

import os
import subprocess
import tempfile
import time
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pytest
from docker import DockerClient
from docker.types import IPAMConfig, IPAMPool

from gwsim.lab.live import making, subnets
from gwsim.lab.live.changes import plan_for_people
from gwsim.lab.load import load_scenario, load_text
from gwsim.lab.runtimes import docker as runtime
from gwsim.lab.runtimes.failure import RuntimeFailure
from tests.docker.conftest import ROOT, left, sh
from tests.lab.standalone.texts import ASA

HEALTHY = load_scenario(ROOT / "scenarios/healthy/asa-screenos.yaml")
PLAN = plan_for_people(HEALTHY.scenario, datetime(2026, 3, 2), play=False)
BEHIND_NAT = (ROOT / "scenarios/healthy/behind-nat.yaml").read_text(encoding="utf-8")
NAT = load_text(BEHIND_NAT.replace("192.168.1.", "10.99.1."))
NAT_PLAN = plan_for_people(NAT.scenario, datetime(2026, 3, 2), play=False)
PINGS = "ping -c 3 -i 0.5 -W 2 10.1.0.10; ping -c 3 -i 0.5 -W 2 10.1.0.10"


def refused(name, words, plan=PLAN):
    """Start a lab, see it refused in these words, and nothing left of it."""
    name = f"{name}{os.getpid()}"
    with pytest.raises(RuntimeFailure, match=words):
        runtime.start(plan, name, 1.0, HEALTHY.name, HEALTHY.source.text).down()
    assert left(f"gwsim-{name}") == []


@pytest.mark.needs("docker")
def test_a_machine_without_tun_devices(image, monkeypatch):
    monkeypatch.setattr(making, "TUN", "/dev/net/tun-that-is-not-there")
    refused("t", r"has no /dev/net/tun: load the module there, `modprobe tun`")


@pytest.mark.needs("docker", "iptables")
def test_a_bridge_that_drops_what_passes_over_it(image, monkeypatch):
    made, rules = making._container, []

    def drop_first(client, labels, order, plugs):
        network = client.networks.get(f"gwsim-{order.lab}-hq-outside")
        bridge = f"br-{network.id[:12]}"
        rule = ["FORWARD", "-i", bridge, "-o", bridge, "-j", "DROP"]
        if rule not in rules:
            rules.append(rule)
            subprocess.run(["iptables", "-I", *rule], check=True)
        return made(client, labels, order, plugs)

    monkeypatch.setattr(making, "_container", drop_first)
    try:
        refused("b", r"hq does not reach its neighbour 198\.51\.100\.2: the engine's bridge drops")
    finally:
        for rule in rules:
            subprocess.run(["iptables", "-D", *rule], check=True)


@contextmanager
def network(subnet):
    """A network of the engine, such as any other project has; what leaves it is masqueraded."""
    client = DockerClient.from_env()
    ipam = IPAMConfig(pool_configs=[IPAMPool(subnet=subnet)])
    made = client.networks.create(f"other-{os.getpid()}", ipam=ipam)
    try:
        yield
    finally:
        made.remove()
        client.close()


@pytest.mark.needs("docker")
def test_another_network_of_the_engine_that_covers_an_address_of_the_lab(image):
    words = r"branch does not reach .*masquerades .*`docker network inspect`"
    with network("10.99.0.0/20"):
        refused("n", words, NAT_PLAN)


@pytest.mark.needs("docker")
def test_an_engine_may_give_a_wire_of_the_lab_any_subnet(image, monkeypatch):
    """Also one that covers addresses on other wires: nothing is masqueraded."""
    covering = IPAMConfig(pool_configs=[IPAMPool(subnet="10.99.0.0/20")])

    def make_network(client, name, **told):
        ipam = covering if name.endswith("-hq-inside") else None
        client.networks.create(name, ipam=ipam, **told)

    monkeypatch.setattr(making, "make_network", make_network)
    name = f"w{os.getpid()}"
    lab = runtime.start(NAT_PLAN, name, 1.0, HEALTHY.name, HEALTHY.source.text)
    lab.down()
    assert left(f"gwsim-{name}") == []


@contextmanager
def bridge(name, *addresses):
    """A bridge that somebody has made by hand, with networks of its own."""
    subprocess.run(["ip", "link", "add", name, "type", "bridge"], check=True)
    try:
        for address in addresses:
            subprocess.run(["ip", "address", "add", address, "dev", name], check=True)
        subprocess.run(["ip", "link", "set", name, "up"], check=True)
        yield
    finally:
        subprocess.run(["ip", "link", "delete", name], check=True)


@pytest.mark.needs("docker", "ip")
def test_networks_of_the_machine_that_collide_are_none_of_the_labs_business(image):
    """Neither the engine's next subnet nor the scenario's own networks need be free."""
    client = DockerClient.from_env()
    probe = client.networks.create(f"gwsim-probe-{os.getpid()}")
    probe.reload()
    [pool] = probe.attrs["IPAM"]["Config"]
    probe.remove()
    client.close()
    next_one = f"{pool['Gateway']}/{pool['Subnet'].partition('/')[2]}"
    with bridge(f"gwbr{os.getpid() % 100000}", next_one, "10.1.0.77/24", "198.51.100.77/24"):
        name = f"o{os.getpid()}"
        lab = runtime.start(PLAN, name, 1.0, HEALTHY.name, HEALTHY.source.text)
        try:
            said = sh("docker", "exec", f"gwsim-{name}-branch-pc", "sh", "-c", PINGS)
            assert " 0% packet loss" in said
        finally:
            lab.down()
    assert left(f"gwsim-{name}") == []


@pytest.mark.needs("docker", "ip")
def test_a_machine_that_has_an_address_of_the_lab(image):
    with bridge(f"gwbr{os.getpid() % 100000}", "198.51.100.1/24"):
        refused("a", r"hq shares 198\.51\.100\.1 on its interface outside with something else")


@contextmanager
def small_engine():
    """A second engine, which has room for two networks and knows an image of our name.

    It is in a network of its own, for engines take each other's bridges away.
    """
    with tempfile.TemporaryDirectory(prefix="gwsim-") as folder:
        host = f"unix://{folder}/docker.sock"
        words = [
            "unshare",
            "--net",
            "dockerd",
            "--host",
            host,
            "--data-root",
            f"{folder}/data",
            "--iptables=false",
        ]
        words += ["--exec-root", f"{folder}/exec", "--pidfile", f"{folder}/pid"]
        words += ["--default-address-pool", "base=10.231.0.0/29,size=30"]
        with Path(folder, "log").open("wb") as log:
            daemon = subprocess.Popen(words, stdout=log, stderr=log)
        try:
            while sh("docker", "version", code=None, DOCKER_HOST=host).count("Version:") < 2:
                assert daemon.poll() is None, Path(folder, "log").read_text()[-2000:]
                time.sleep(0.1)
            subprocess.run(
                "tar c --files-from /dev/null | docker import - gwsim",
                shell=True,
                check=True,
                env=_at(host),
                capture_output=True,
            )
            yield host
        finally:
            daemon.terminate()
            daemon.wait(30)


def _at(host):
    return {**os.environ, "DOCKER_HOST": host}


@pytest.mark.needs("docker", "dockerd")
def test_an_engine_whose_subnets_are_all_taken(monkeypatch):
    """So are those of our own choice, of which none is tried here."""
    monkeypatch.setattr(subnets, "SPARE", 0)
    with small_engine() as host:
        monkeypatch.setenv("DOCKER_HOST", host)
        refused("p", "no subnet left .* `docker network prune`")


@pytest.mark.needs("docker", "dockerd")
def test_an_engine_without_subnets_is_given_networks_on_others():
    """Ten labs at once want more than an engine has by itself."""
    with small_engine() as host:
        client = DockerClient(base_url=host)
        for number in range(5):
            subnets.make_network(client, f"gwsim-{number}")
        made = client.networks.list(names=["gwsim-"])
        pools = [pool["Subnet"] for one in made for pool in one.attrs["IPAM"]["Config"]]
        client.close()
    assert len(set(pools)) == 5
    assert sum(pool.startswith("10.231.") for pool in pools) < 5


def test_a_missing_package_is_named_with_the_way_to_get_it(monkeypatch):
    monkeypatch.setattr(runtime, "ENGINE", None)
    with pytest.raises(
        RuntimeFailure, match=r"Python package docker: `pip install 'gwsim\[docker\]'"
    ):
        runtime.start(PLAN, "none", 1.0, "", "")


@pytest.mark.needs("docker")
def test_a_gateway_alone_in_a_container_without_a_tun_device(image, tmp_path):
    (tmp_path / "hq.txt").write_text(ASA)
    run = ("docker", "run", "--rm", "--user", "root", "--cap-add", "NET_ADMIN", "-e", "GWSIM_PSK=x")
    mount = ("-v", f"{tmp_path}:/texts:ro")
    said = sh(*run, *mount, "gwsim", "gateway", "--config", "/texts/hq.txt", code=2)
    assert "/dev/net/tun is missing" in said
    assert "add `--device /dev/net/tun`" in said
