"""A small lab of real namespaces: two gateways, a host behind each, and the internet or a cable.

It runs inside namespaces of its own (see conftest), so that nothing of it can stay behind.
"""

import ctypes
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import NoReturn

from gwsim.daemon.__main__ import main
from gwsim.daemon.clock import Timing
from gwsim.daemon.door import Door, DoorError
from gwsim.daemon.node_doors import GatewayDoor, InternetDoor
from gwsim.daemon.nodefile import GatewayFile, InternetFile, NodeFile, write_node
from gwsim.gateway.config import GatewayConfig
from gwsim.path.config import PathConfig, Side
from tests.gateway.boxes import BRANCH, BRANCH_NET, HQ, HQ_NET, PC, SERVER

ROUTER = "198.18.0.1"
LATEST = 4.0
"""Seconds within which an answer comes that will ever come."""

CALENDAR = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)

_CLONE_NEWNET = 0x40000000
_PLACES = (
    # name of the gateway, its host, its outside and inside addresses, its provider's, its host's
    ("hq", "server", HQ, "10.1.0.1", "198.51.100.254", SERVER),
    ("branch", "pc", BRANCH, "10.2.0.1", "203.0.113.254", PC),
)


def run(*words: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    """Run a program of the machine."""
    return subprocess.run(words, check=check, capture_output=True, text=True, timeout=30)


def eventually(happened: Callable[[], bool], patience: float = 30.0) -> bool:
    """Wait so many seconds at most for something that needs real packets to travel."""
    ends = time.monotonic() + patience
    while not (done := happened()) and time.monotonic() < ends:
        time.sleep(0.05)
    return done


def path_config(**changes: object) -> PathConfig:
    """The internet between both gateways."""
    sides = (Side("hq", (HQ, HQ_NET)), Side("branch", (BRANCH, BRANCH_NET)))
    fields: dict[str, object] = {"sides": sides, "router": ROUTER, **changes}
    return PathConfig(**fields)  # type: ignore[arg-type]


class Lab:
    """The lab as a context; without a `path` the providers are joined by a plain kernel."""

    def __init__(
        self,
        folder: Path,
        hq: GatewayConfig,
        branch: GatewayConfig,
        path: PathConfig | None = None,
        speed: float = 1.0,
        seed: str = "1",
    ) -> None:
        self.folder = folder
        self._configs = {"hq": hq, "branch": branch}
        self._path = path
        self._timing = Timing(CALENDAR, time.monotonic(), speed, seed)
        self._processes: dict[str, int] = {}
        self._doors: dict[str, GatewayDoor | InternetDoor] = {}

    def __enter__(self) -> "Lab":
        try:
            self._cable()
            names = [*(() if self._path is None else ("internet",)), *self._configs]
            for name in names:
                self.start(name, wait=False)
            for name in names:
                self.await_door(name)
        except BaseException:
            self.down()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.down()

    def _cable(self) -> None:
        run("ip", "netns", "add", "internet")
        run("ip", "-n", "internet", "link", "set", "lo", "up")
        for name, host, outside, inside, provider, address in _PLACES:
            for space in (name, host):
                run("ip", "netns", "add", space)
                run("ip", "-n", space, "link", "set", "lo", "up")
            self._join(
                (name, "wan0", f"{outside}/24"), ("internet", f"to-{name}", f"{provider}/24")
            )
            self._join((name, "lan0", f"{inside}/24"), (host, "eth0", f"{address}/24"))
            run("ip", "-n", name, "route", "add", "default", "via", provider)
            run("ip", "-n", "internet", "route", "add", f"{inside}/32", "via", outside)
            run("ip", "-n", "internet", "route", "add", f"{address}/32", "via", outside)
            run("ip", "-n", host, "route", "add", "default", "via", inside)
        self.execute("internet", "sh", "-c", "echo 1 > /proc/sys/net/ipv4/ip_forward")

    @staticmethod
    def _join(one: tuple[str, str, str], other: tuple[str, str, str]) -> None:
        words = ["ip", "-n", one[0], "link", "add", one[1], "type", "veth", "peer"]
        run(*words, "name", other[1], "netns", other[0])
        for space, name, address in (one, other):
            run("ip", "-n", space, "addr", "add", address, "dev", name)
            run("ip", "-n", space, "link", "set", name, "up")

    def start(self, name: str, wait: bool = True) -> None:
        """Start a node, and wait until its door is open."""
        file = self.folder / f"{name}.json"
        write_node(self._node(name), file)
        pid = os.fork()  # a fresh interpreter would take a second to get ready
        if not pid:
            self._live(name, file)
        self._processes[name] = pid
        if wait:
            self.await_door(name)

    def _live(self, name: str, file: Path) -> NoReturn:
        """Be a node, in its namespace, until it ends."""
        status = 1
        try:
            with Path(f"/run/netns/{name}").open("rb") as space:
                if ctypes.CDLL(None).setns(space.fileno(), _CLONE_NEWNET):
                    os._exit(2)
            flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
            os.dup2(os.open(self.folder / f"{name}.err", flags, 0o600), 2)
            sys.stderr = os.fdopen(2, "w", buffering=1)
            status = self.live(name, file)
        finally:
            os._exit(status)

    def live(self, name: str, file: Path) -> int:
        """Do what a node does, and give its exit status."""
        return main([str(file)])

    def command(self, name: str) -> list[str]:
        """The command line of a node."""
        return [sys.executable, "-m", "gwsim.daemon", str(self.folder / f"{name}.json")]

    def state_of(self, space: str) -> str:
        """Rules, routes and names of interfaces of a namespace, as text."""
        said = [
            self.execute(space, "ip", "rule").stdout,
            self.execute(space, "ip", "-4", "route", "show", "table", "all").stdout,
            self.execute(space, "ip", "-br", "link").stdout,
        ]
        return re.sub(r"if\d+|[0-9a-f:]{17}", "", "".join(sorted("".join(said).splitlines(True))))

    def _node(self, name: str) -> NodeFile:
        control, hints = str(self.folder / f"{name}.sock"), str(self.folder / "hints.sock")
        if name == "internet":
            assert self._path is not None
            return InternetFile(self._path, self._timing, control, hints)
        log = str(self.folder / f"{name}.log")
        return GatewayFile(self._configs[name], self._timing, control, log, hints)

    def door(self, name: str) -> Path:
        """The control socket of a node."""
        return self.folder / f"{name}.sock"

    def await_door(self, name: str) -> None:
        """Wait until a node answers; whatever it said is the failure if it does not."""
        ends = time.monotonic() + 20
        while time.monotonic() < ends and not os.waitpid(self._processes[name], os.WNOHANG)[0]:
            try:
                with Door(self.door(name)) as door:
                    door.status()
            except DoorError:
                time.sleep(0.02)
            else:
                return
        self._processes.pop(name)
        raise AssertionError(f"{name} did not start: {self.errors(name)}")

    def gateway(self, name: str) -> GatewayDoor:
        """The control door of a gateway."""
        if name not in self._doors:
            self._doors[name] = GatewayDoor(self.door(name))
        door = self._doors[name]
        assert isinstance(door, GatewayDoor)
        return door

    def internet(self) -> InternetDoor:
        """The control door of the internet."""
        if "internet" not in self._doors:
            self._doors["internet"] = InternetDoor(self.door("internet"))
        door = self._doors["internet"]
        assert isinstance(door, InternetDoor)
        return door

    def execute(
        self, space: str, *words: str, check: bool = True
    ) -> subprocess.CompletedProcess[str]:
        """Run a program in a namespace."""
        return run("ip", "netns", "exec", space, *words, check=check)

    def ping(self, space: str, address: str, *options: str) -> int:
        """Ping, and give the number of answers.

        After the last request, and once there was an answer, the `ping` of iputils waits for the
        others no longer than twice the longest round trip. A busy machine is sometimes slower;
        what comes when it has gone the kernel has counted.
        """
        before = self._echo_replies(space)
        words = ["ping", "-n", "-q", *options, address]
        said = self.execute(space, *words, check=False).stdout
        counts = re.search(r"(\d+) packets transmitted, (\d+) received", said)
        sent, received = map(int, counts.groups()) if counts else (0, 0)
        if received in (0, sent):
            return received
        eventually(lambda: self._echo_replies(space) - before >= sent, LATEST)
        return self._echo_replies(space) - before

    def _echo_replies(self, space: str) -> int:
        """Read how many echo replies a namespace has ever received."""
        table = self.execute(space, "cat", "/proc/net/snmp").stdout.splitlines()
        names, values = (line.split() for line in table if line.startswith("Icmp:"))
        return int(values[names.index("InEchoReps")])

    def errors(self, name: str) -> str:
        """What a node said on standard error."""
        return (self.folder / f"{name}.err").read_text(encoding="utf-8")

    def kill(self, name: str) -> None:
        """End a node as a power failure would."""
        self.hang_up(name)
        _end(self._processes.pop(name), signal.SIGKILL)

    def stop(self, name: str) -> int:
        """End a node in order, and give its exit status."""
        self.hang_up(name)
        return _end(self._processes.pop(name), signal.SIGTERM)

    def hang_up(self, name: str) -> None:
        """Close the connection to a node's door, if there is one."""
        if name in self._doors:
            self._doors.pop(name).close()

    def down(self) -> None:
        """End all nodes and take the namespaces away."""
        for name in list(self._doors):
            self.hang_up(name)
        while self._processes:
            _end(self._processes.popitem()[1], signal.SIGTERM)
        spaces: Sequence[str] = run("ip", "netns", "list").stdout.split("\n")
        for line in spaces:
            if line:
                run("ip", "netns", "del", line.split()[0])


def _end(pid: int, number: signal.Signals) -> int:
    """End a process with a signal, and give its exit status."""
    os.kill(pid, number)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
