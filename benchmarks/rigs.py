"""Test rigs of real namespaces: client, gateway, gateway, server in a row, and what joins them.

    client 10.1.0.10 -- a 198.51.100.1 ======== 198.51.100.2 b -- 10.2.0.10 server

Each rig gives the process ids of its two gateways. It runs in a namespace of its own (see
`bench_throughput`), so nothing of it stays behind.
"""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from gwsim.daemon.clock import Timing
from gwsim.daemon.door import Door, DoorError
from gwsim.daemon.nodefile import GatewayFile, write_node
from gwsim.gateway.config import GatewayConfig
from gwsim.ike.config import (
    ChildConfig,
    Connection,
    EndpointConfig,
    Phase1Transform,
    Phase2Transform,
)
from gwsim.wire.selector import Selector

SERVER = "10.2.0.10"
_SPACES = ("client", "a", "b", "server")
_NETWORKS = {"a": "10.1.0.0/24", "b": "10.2.0.0/24"}
_OUTSIDE = {"a": "198.51.100.1", "b": "198.51.100.2"}
_KEY = "correct horse battery staple"
_RELAY = Path(__file__).with_name("tun_relay.py")
_PLUGINS = (
    "aesni random nonce aes sha1 sha2 hmac kdf ctr ccm gcm gmp drbg kernel-libipsec kernel-netlink"
    " socket-default vici openssl"
)


def run(*words: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    """Run a program of the machine."""
    return subprocess.run(words, check=check, capture_output=True, text=True, timeout=60)


def inside(space: str, *words: str) -> list[str]:
    """Give the command line that runs a program in a namespace."""
    return ["ip", "netns", "exec", space, *words]


@contextmanager
def cables() -> Iterator[None]:
    """Lay the cables and set addresses and routes; no tunnel yet."""
    for space in _SPACES:
        run("ip", "netns", "add", space)
        run("ip", "-n", space, "link", "set", "lo", "up")
    _join(("client", "10.1.0.10/24"), ("a", "10.1.0.1/24"))
    _join(("a", f"{_OUTSIDE['a']}/24"), ("b", f"{_OUTSIDE['b']}/24"))
    _join(("b", "10.2.0.1/24"), ("server", f"{SERVER}/24"))
    for space, via in (
        ("client", "10.1.0.1"),
        ("a", _OUTSIDE["b"]),
        ("b", _OUTSIDE["a"]),
        ("server", "10.2.0.1"),
    ):
        run("ip", "-n", space, "route", "add", "default", "via", via)
    for space in ("a", "b"):
        for name in ("ip_forward", "conf/all/rp_filter"):
            value = "1" if name == "ip_forward" else "0"
            run(*inside(space, "sh", "-c", f"echo {value} > /proc/sys/net/ipv4/{name}"))
    try:
        yield
    finally:
        for space in _SPACES:
            run("ip", "netns", "del", space)


def _join(one: tuple[str, str], other: tuple[str, str]) -> None:
    (near, near_address), (far, far_address) = one, other
    near_name, far_name = f"to-{far}", f"to-{near}"
    words = ["ip", "-n", near, "link", "add", near_name, "type", "veth", "peer"]
    run(*words, "name", far_name, "netns", far)
    for space, name, address in ((near, near_name, near_address), (far, far_name, far_address)):
        run("ip", "-n", space, "addr", "add", address, "dev", name)
        run("ip", "-n", space, "link", "set", name, "up")


@contextmanager
def running(words: list[str], log: Path, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run a program in the background until the end of the context."""
    with log.open("ab") as file:
        process = subprocess.Popen(
            words, stdout=file, stderr=file, env={**os.environ, **environment}
        )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(10)


@contextmanager
def plain(folder: Path) -> Iterator[list[int]]:
    """Let the kernel route, with no tunnel at all."""
    with cables():
        yield []


@contextmanager
def relay(folder: Path) -> Iterator[list[int]]:
    """Carry packets from TUN to UDP and back as they are, one by one, in two processes."""
    pids = []
    with cables(), ExitStack() as stack:
        for name, peer in (("a", "b"), ("b", "a")):
            words = [sys.executable, str(_RELAY), _OUTSIDE[name], _OUTSIDE[peer], _NETWORKS[peer]]
            process = stack.enter_context(running(inside(name, *words), folder / f"{name}.err"))
            pids.append(process.pid)
        await_ping()
        yield pids


@contextmanager
def gateways(folder: Path, transform: Phase2Transform, udp: bool) -> Iterator[list[int]]:
    """Run two gateway daemons of ours."""
    timing = Timing(datetime.now(UTC), time.monotonic())
    pids = []
    with cables(), ExitStack() as stack:
        for name, peer in (("a", "b"), ("b", "a")):
            door = folder / f"{name}.sock"
            file = folder / f"{name}.json"
            write_node(GatewayFile(_config(name, peer, transform, udp), timing, str(door)), file)
            words = [sys.executable, "-m", "gwsim.daemon", str(file)]
            process = stack.enter_context(running(inside(name, *words), folder / f"{name}.err"))
            pids.append(process.pid)
        for name in ("a", "b"):
            await_door(folder / f"{name}.sock")
        await_ping()
        yield pids


def _config(name: str, peer: str, transform: Phase2Transform, udp: bool) -> GatewayConfig:
    local, remote = Selector.parse(_NETWORKS[name]), Selector.parse(_NETWORKS[peer])
    connection = Connection(
        name=peer,
        local=_OUTSIDE[name],
        remote=_OUTSIDE[peer],
        psk=_KEY.encode(),
        phase1=(Phase1Transform(encryption=7, hash=2, group=14, key_bits=128),),
        children=(ChildConfig("net", local, remote, (transform,), replay_window=1024),),
        force_encapsulation=udp,
    )
    endpoint = EndpointConfig(_OUTSIDE[name], (connection,))
    return GatewayConfig(name, "asa", endpoint, (_NETWORKS[name],), queue=4)


@contextmanager
def strongswan(folder: Path, proposal: str) -> Iterator[list[int]]:
    """Run two strongSwan daemons whose ESP is in user space (kernel-libipsec)."""
    pids = []
    with cables(), ExitStack() as stack:
        for name, peer in (("a", "b"), ("b", "a")):
            place = folder / name
            (place / "etc").mkdir(parents=True)
            (place / "etc" / "swanctl.conf").write_text(_swanctl(name, peer, proposal))
            (place / "strongswan.conf").write_text(_charon(place))
            shell = "mount -t tmpfs tmpfs /run && exec /usr/sbin/charon-systemd"
            words = inside(name, "unshare", "--mount", "sh", "-c", shell)
            settings = {"STRONGSWAN_CONF": str(place / "strongswan.conf")}
            settings["SWANCTL_DIR"] = str(place / "etc")
            process = stack.enter_context(running(words, place / "err", **settings))
            pids.append(process.pid)
        for name in ("a", "b"):
            _swan(folder / name, "--load-all", "--noprompt")
        _swan(folder / "a", "--initiate", "--child", "net", "--timeout", "10")
        await_ping()
        yield pids


def has_strongswan() -> bool:
    """Say whether strongSwan is installed."""
    return all(
        shutil.which(name, path="/usr/sbin:/usr/bin") for name in ("charon-systemd", "swanctl")
    )


def _swan(place: Path, *words: str) -> None:
    """Speak to a daemon, which may not be listening yet."""
    vici = f"unix://{place}/vici.sock"
    environment = {**os.environ, "SWANCTL_DIR": str(place / "etc")}
    for _ in range(100):
        done = subprocess.run(
            ["swanctl", *words, "--uri", vici], capture_output=True, env=environment, check=False
        )
        if done.returncode == 0:
            return
        time.sleep(0.1)
    raise RuntimeError(f"swanctl {words[0]}: {done.stderr.decode()}{done.stdout.decode()}")


def _charon(place: Path) -> str:
    return f"""charon {{
  load = {_PLUGINS}
  filelog {{ f {{ path = {place}/log
    default = 1 }} }}
  plugins {{ vici {{ socket = unix://{place}/vici.sock }} }}
}}
charon-systemd {{ journal {{ default = -1 }} }}
"""


def _swanctl(name: str, peer: str, proposal: str) -> str:
    return f"""connections {{ gw {{
  version = 1
  local_addrs = {_OUTSIDE[name]}
  remote_addrs = {_OUTSIDE[peer]}
  proposals = aes128-sha1-modp2048
  local {{ auth = psk }}
  remote {{ auth = psk }}
  children {{ net {{
    local_ts = {_NETWORKS[name]}
    remote_ts = {_NETWORKS[peer]}
    esp_proposals = {proposal} }} }}
}} }}
secrets {{ ike-1 {{ secret = "{_KEY}" }} }}
"""


def await_door(path: Path) -> None:
    """Wait until a node of ours answers."""
    for _ in range(400):
        try:
            with Door(path) as door:
                door.status()
                return
        except DoorError:
            time.sleep(0.05)
    raise RuntimeError(f"nobody answers at {path}")


def await_ping() -> None:
    """Wait until a ping comes through."""
    for _ in range(60):
        if run(*inside("client", "ping", "-c1", "-W1", "-q", SERVER), check=False).returncode == 0:
            return
    raise RuntimeError("no ping comes through")
