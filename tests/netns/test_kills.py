"""Labs whose commands, keepers and nodes are killed, stopped or confused: what is left."""

import json
import os
import re
import select
import shutil
import signal
from contextlib import ExitStack
from pathlib import Path

import pytest

from gwsim.daemon.node_doors import GatewayDoor
from gwsim.lab.live import keeper, outside
from gwsim.lab.live.linux import processes_in
from tests.netns.conftest import SCENARIOS
from tests.netns.test_labs import BRANCH, HEALTHY, PING, lengths, until

pytestmark = pytest.mark.needs("ip", "ping")

ENDINGS = {signal.SIGINT: 130, signal.SIGTERM: 143, signal.SIGHUP: 129}


def place(gwsim, lab):
    return Path(gwsim.folder) / "gwsim" / lab


def within(gwsim):
    """All processes in the namespaces of the only lab."""
    [lab] = gwsim.labs()
    networks = json.loads((place(gwsim, lab["lab"]) / "lab.json").read_text())["networks"]
    with ExitStack() as opened:
        files = [
            opened.enter_context(Path(f"/proc/{lab['keeper']}/fd/{number}").open())
            for number in networks.values()
        ]
        return processes_in(file.fileno() for file in files)


@pytest.mark.parametrize("how", ENDINGS)
def test_a_start_that_was_broken_off_has_left_nothing_when_it_ends(gwsim, how):
    up = gwsim.start("up", HEALTHY, "--name", "one")
    assert until(gwsim.processes)
    os.kill(up.pid, how)
    code, out, _ = up.end()
    assert code in (ENDINGS[how], 0)
    assert ("is up" in out) == bool(gwsim.processes()) == bool(gwsim.labs())
    if code:
        gwsim("up", HEALTHY, "--name", "one")


def test_the_name_of_a_lab_whose_start_was_killed_is_free_at_once(gwsim):
    up = gwsim.start("up", HEALTHY, "--name", "one")
    assert until(gwsim.processes)
    os.kill(up.pid, signal.SIGKILL)
    up.end()
    again = gwsim.start("up", HEALTHY, "--name", "one").end()
    if again[0]:  # it was up whole before it was killed
        assert "a lab called one is running already" in again[2]
    assert [lab["lab"] for lab in gwsim.labs()] == ["one"]


def test_a_lab_that_is_just_coming_is_ended_and_its_starter_says_so(gwsim):
    up = gwsim.start("up", HEALTHY, "--name", "one")
    assert until(gwsim.processes)
    assert gwsim("down", "one") == "the lab one is down\n"
    code, out, err = up.end()
    if code:
        assert (code, err) == (2, "the lab one was ended while it was starting\n")
    else:
        assert "the lab one is up" in out
    assert gwsim.left_in_the_end() == []


@pytest.mark.parametrize("text", ["", "\xff\x00", None])
def test_a_lab_whose_file_is_garbage_is_told_of_and_ended(gwsim, text):
    gwsim("up", HEALTHY, "--name", "one")
    file = place(gwsim, "one") / "lab.json"
    damaged = file.read_text().replace('"networks": {', '"networks": 7, "n": {')
    file.write_text(damaged if text is None else text, encoding="latin-1")
    assert "what the lab one is cannot be read" in gwsim("status")
    assert "what the lab one is cannot be read" in gwsim("show", "hq", "show version", code=2)
    assert gwsim("down", "one") == "the lab one is down\n"
    assert gwsim.left_in_the_end() == []


def test_a_keeper_that_hangs_is_ended(gwsim, monkeypatch):
    monkeypatch.setattr(outside, "TURNING", 0.3)
    gwsim("up", HEALTHY)
    [lab] = gwsim.labs()
    os.kill(lab["keeper"], signal.SIGSTOP)
    assert "is down" in gwsim("down")
    assert gwsim.left_in_the_end() == []


def test_a_gateway_that_is_stopped_is_named_with_the_remedy(gwsim, monkeypatch):
    monkeypatch.setattr(outside, "PATIENCE_WITH_NODES", 0.3)
    gwsim("up", HEALTHY)
    pid = gwsim.node("hq")["pid"]
    os.kill(pid, signal.SIGSTOP)
    words = f"does not answer: its process {pid} is stopped: `kill -CONT {pid}` lets it go on"
    assert gwsim("show", "hq", "show version", code=2) == f"hq {words}\n"
    assert gwsim.node("hq")["state"] == words
    assert "ASA-6-199002" in gwsim("logs", "hq")
    gwsim("exec", "hq", "true")
    os.kill(pid, signal.SIGCONT)


def test_what_runs_in_a_lab_ends_with_it(gwsim, monkeypatch):
    monkeypatch.setattr(keeper, "_FAREWELL", 0.3)
    gwsim("up", HEALTHY)
    nodes = len(within(gwsim))
    stubborn = gwsim.start("exec", "hq.server", "nohup", "ping", "-q", "10.1.0.1")
    capture = gwsim.start("capture", "internet", "-i", "any")
    assert until(lambda: len(within(gwsim)) == nodes + 2)
    gwsim("down")
    assert stubborn.end()[0] == -signal.SIGKILL
    assert capture.end()[0] == -signal.SIGHUP


@pytest.mark.needs("tcpdump")
def test_a_capture_that_is_broken_off_is_whole_and_a_success(gwsim):
    """Ctrl-C is for all that runs in the foreground of a terminal, tcpdump included."""
    gwsim("up", HEALTHY)
    file = Path(gwsim.folder) / "seen.pcap"
    capture = gwsim.start("capture", "internet", "-w", file)
    assert until(lambda: file.exists() and file.stat().st_size, 1_000_000)
    gwsim(*PING, "-w", "60", "-c", "3", BRANCH)
    os.killpg(capture.pid, signal.SIGINT)
    code, _, err = capture.end()
    assert code == 0, err
    assert lengths(file.read_bytes())


def test_a_lab_that_nobody_can_find_any_more_ends(gwsim):
    gwsim("up", HEALTHY)
    [lab] = gwsim.labs()
    keeper_of_it = os.pidfd_open(lab["keeper"])
    shutil.rmtree(place(gwsim, "asa-screenos"))
    select.select([keeper_of_it], [], [])
    os.close(keeper_of_it)
    assert gwsim("status") == "no lab is running\n"


def test_a_gateway_that_is_down_comes_back_with_the_fault_it_was_given(gwsim):
    gwsim("up", SCENARIOS / "healthy" / "asa-asa.yaml", "--name", "one")
    before = gwsim.node("branch")["pid"]
    os.kill(before, signal.SIGKILL)
    assert "branch configured anew" in gwsim("fault", "add", "psk-mismatch", "at=branch")
    assert gwsim("fault", "list").startswith("psk-mismatch: ")
    back = re.compile("tunnels up: .*; came back once").search
    assert until(lambda: back(gwsim.node("branch")["state"]))
    with (
        GatewayDoor(place(gwsim, "one") / "branch.sock") as branch,
        GatewayDoor(place(gwsim, "one") / "hq.sock") as hq,
    ):
        keys = [door.configuration().endpoint.connections[0].psk for door in (branch, hq)]
    assert keys[0] != keys[1]
