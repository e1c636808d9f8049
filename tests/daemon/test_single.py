"""Every node of a scenario started by hand, in a network that somebody else has made."""

import os
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from gwsim.cli.main import app
from tests.daemon.lab import Lab, eventually
from tests.gateway.boxes import PC, branch_config, hq_config
from tests.netns.conftest import SCENARIOS, Shell

HEALTHY = SCENARIOS / "healthy" / "asa-screenos.yaml"
ARGUMENTS = {
    "internet": ["internet", "--play"],
    "hq": ["hq"],
    "branch": ["branch"],
    "server": ["hq.server"],
    "pc": ["pc", "--set-up"],
}
DOORS = {"server": "hq.server", "pc": "branch.pc"}

pytestmark = pytest.mark.needs("ip", "ping", "mount")


class Nodes(Lab):
    """The cables of the lab; who is started on them is the test's business."""

    def __enter__(self) -> "Nodes":
        self._cable()
        return self

    def door(self, name: str) -> Path:
        return self.folder / "gwsim" / "asa-screenos" / f"{DOORS.get(name, name)}.sock"

    def start(self, name: str, wait: bool = True) -> None:
        pid = os.fork()
        if not pid:
            self._live(name, HEALTHY)
        self._processes[name] = pid
        if wait:
            self.await_door(name)

    def live(self, name: str, file: Path) -> int:
        os.environ["XDG_RUNTIME_DIR"] = str(self.folder)
        os.dup2(os.open(self.folder / f"{name}.out", os.O_WRONLY | os.O_CREAT), 1)
        try:
            app(["node", *ARGUMENTS[name], "--scenario", str(file)], prog_name="gwsim")
        except SystemExit as end:
            return int(end.code or 0)
        return 0

    def ends(self) -> set[int]:
        """Wait until all nodes have ended by themselves, and give their exit statuses."""
        found = {os.waitpid(pid, 0)[1] for pid in self._processes.values()}
        self._processes.clear()
        return found


@contextmanager
def typed_at() -> Iterator[tuple[Nodes, Shell]]:
    with tempfile.TemporaryDirectory(prefix="gwsim-") as folder:
        with Nodes(Path(folder), hq_config(), branch_config()) as nodes:
            yield nodes, Shell(folder, 0)
        assert [path.name for path in (Path(folder) / "gwsim").iterdir()] == ["_lock"]


def test_nodes_started_one_by_one_are_a_lab() -> None:
    with typed_at() as (nodes, gwsim):
        _misplaced(gwsim)
        for name in ARGUMENTS:
            nodes.start(name, wait=False)
        for name in ARGUMENTS:
            nodes.await_door(name)
        assert eventually(lambda: nodes.ping("server", PC, "-c", "2", "-i", "0.2", "-W", "1") == 2)
        assert "MM_ACTIVE" in gwsim("show", "hq", "sh cry isa sa")
        assert "PHASE 2 COMPLETED" in (nodes.folder / "hq.out").read_text()
        assert "internet configured anew" in gwsim("fault", "add", "drop", "esp")
        assert nodes.ping("server", PC, "-c", "1", "-W", "0.5") == 0
        gwsim("fault", "repair", "drop")
        before = gwsim.node("hq")["state"]
        assert before.startswith("asa, tunnels up: 1 of 1")
        os.kill(int(nodes.gateway("hq").status()["pid"]), signal.SIGKILL)
        nodes.hang_up("hq")
        assert eventually(lambda: nodes.ping("server", PC, "-c", "1", "-W", "1") == 1)
        assert "a lab called asa-screenos is running already" in gwsim("up", HEALTHY, code=2)
        assert nodes.stop("branch") == 0
        assert nodes.gateway("hq").snapshot().ipsec == ()
        assert "the lab asa-screenos is down" in gwsim("down")
        assert nodes.ends() == {0}


def _misplaced(gwsim: Shell) -> None:
    """A node that does not belong where it is started says so."""
    said = gwsim("node", "branch.pc", "--scenario", HEALTHY, code=2)
    assert "no interface has 10.2.0.10, the address of branch.pc; there are none at all" in said
    assert "did you mean 'branch'" in gwsim("node", "brunch", "--scenario", HEALTHY, code=2)
