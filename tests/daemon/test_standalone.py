"""Two gateways without a lab, each from the text of its device, form a tunnel and part in order."""

import json
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from gwsim.cli.main import app
from gwsim.ike.events import DeleteReceived
from tests.daemon.lab import Lab, eventually
from tests.gateway.boxes import PC, branch_config, hq_config
from tests.lab.standalone.texts import ASA, SCREENOS
from tests.netns.conftest import Shell

TEXTS = {"hq": ASA, "branch": SCREENOS}

pytestmark = pytest.mark.needs("ip", "ping", "mount")


class Pair(Lab):
    """The cables and hosts of the lab; its gateways are started as a person would start them."""

    def door(self, name: str) -> Path:
        return self.folder / "gwsim" / name / f"{name}.sock"

    def live(self, name: str, file: Path) -> int:
        os.environ |= {"XDG_RUNTIME_DIR": str(self.folder), "GWSIM_PSK": "correct horse"}
        config = self.folder / f"{name}.txt"
        config.write_text(TEXTS[name])
        os.dup2(2, 1)
        try:
            app(["gateway", "--config", str(config)], prog_name="gwsim")
        except SystemExit as end:
            return int(end.code or 0)
        return 0


@contextmanager
def typed_at() -> Iterator[tuple[Pair, Shell]]:
    # Unix sockets have short names, and pytest's own directories have long ones.
    with tempfile.TemporaryDirectory(prefix="gwsim-") as folder:
        with Pair(Path(folder), hq_config(), branch_config()) as pair:
            yield pair, Shell(folder, 0)
        assert [path.name for path in (Path(folder) / "gwsim").iterdir()] == ["_lock"]


def test_an_asa_and_a_netscreen_form_a_tunnel_and_say_goodbye() -> None:
    with typed_at() as (pair, gwsim):
        bare = pair.state_of("hq")
        assert eventually(lambda: pair.ping("server", PC, "-c", "2", "-i", "0.2", "-W", "1") == 2)
        assert "MM_ACTIVE" in gwsim("show", "hq", "sh cry isa sa")
        assert "PHASE 2 COMPLETED" in gwsim("logs", "hq")
        assert "Completed negotiations" in gwsim("logs", "branch")
        labs = {lab["lab"]: lab for lab in json.loads(gwsim("status", "--json"))}
        assert labs["branch"]["nodes"][0]["state"].startswith("screenos, tunnels up: 1 of 1")
        assert "say which with --lab" in gwsim("down", code=2)
        assert "has no scenario" in gwsim("fault", "add", "drop", "esp", "--lab", "hq", code=2)
        assert "10.1.0.1/24" in gwsim("exec", "hq", "ip", "-br", "addr", "show", "lan0")
        _misplaced(pair)
        assert pair.stop("branch") == 0
        ends = [one for one in pair.gateway("hq").events().items if isinstance(one, DeleteReceived)]
        assert ends
        assert pair.gateway("hq").snapshot().ipsec == ()
        assert "the lab hq is down" in gwsim("down", "hq")
        assert pair.state_of("hq") != bare
        assert "gwsim" not in pair.state_of("hq")
        assert "77" not in pair.execute("hq", "ip", "rule").stdout


def _misplaced(pair: Pair) -> None:
    """Where no interface has its address a gateway says so, and which there are."""
    text = pair.folder / "moved.txt"
    text.write_text(ASA.replace(" hq", " moved"))
    command = (sys.executable, "-m", "gwsim.cli.main", "gateway", "--config", str(text))
    done = pair.execute("server", "env", "GWSIM_PSK=x", *command, check=False)
    assert done.returncode == 2
    assert "no interface has the outside address 198.51.100.1; there are" in done.stderr
    assert "10.1.0.10 on eth0" in done.stderr
    assert "Traceback" not in done.stderr
