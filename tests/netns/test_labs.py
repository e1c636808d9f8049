"""Labs that are left running: used, broken, repaired, killed, and gone without a trace."""

import os
import signal
import struct
import sys
from pathlib import Path

import pytest

from tests.netns.conftest import SCENARIOS

pytestmark = pytest.mark.needs("ip", "ping")

HEALTHY = SCENARIOS / "healthy" / "asa-screenos.yaml"
BEHIND_NAT = SCENARIOS / "healthy" / "behind-nat.yaml"
HEALTHY_TOO = SCENARIOS / "healthy" / "aggressive.yaml"
PING = ("exec", "hq.server", "ping", "-q", "-i", "0.2")
HQ, BRANCH = "10.1.0.10", "10.2.0.10"
GETS_THROUGH = (*PING, "-w", "60", "-c", "2", BRANCH)
GIVES_UP = (*PING, "-w", "2", "-c", "1", BRANCH)
SIZE = 972
IP_AND_UDP, SPI_AND_NUMBER, IV, ICV = 28, 8, 16, 12
PADDED = (SIZE + IP_AND_UDP + 2 + 15) // 16 * 16
MANY_AT_ONCE = f"""
import socket
out = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for _ in range(200):
    out.sendto(bytes({SIZE}), ("{HQ}", 9))
"""


def until(condition, tries=500):
    """Ask again and again; each question takes a moment of its own."""
    asked = (condition() for _ in range(tries))
    return next(filter(None, asked), None)


def test_a_student_finds_the_fault_and_repairs_it(gwsim):
    up = gwsim("up", SCENARIOS / "phase1" / "psk-mismatch.yaml", "--speed", "3")
    assert "the lab psk-mismatch is up" in up
    assert until(lambda: _is_stuck_at("MM_WAIT_MSG6", gwsim), 10)
    assert "crypto map" in gwsim("show", "hq", "show running-config")
    assert gwsim("logs", "hq", "--tail", "1").count("\n") == 1
    assert "ISAKMP" not in gwsim("logs", "branch")
    assert "ISAKMP" in gwsim("logs", "branch", "--debug")
    assert gwsim("fault", "list").startswith("psk-mismatch: ")
    assert "branch configured anew" in gwsim("fault", "repair", "psk-mismatch")
    gwsim(*GETS_THROUGH)
    assert "MM_ACTIVE" in gwsim("show", "hq", "show crypto isakmp sa")
    assert gwsim("fault", "list") == ""
    assert gwsim("down") == "the lab psk-mismatch is down\n"


def _is_stuck_at(state, gwsim):
    """Traffic begins a negotiation, anew where the one before was given up; then look."""
    gwsim(*GIVES_UP, code=1)
    return state in gwsim("show", "hq", "sh cry isa sa")


def test_faults_come_and_go_while_the_lab_runs(gwsim):
    gwsim("up", HEALTHY, "--speed", "3")
    gwsim(*GETS_THROUGH)
    assert "internet configured anew" in gwsim("fault", "add", "drop", "esp")
    gwsim(*GIVES_UP, code=1)
    gwsim("fault", "repair", "drop")
    gwsim(*GETS_THROUGH)
    assert "there is no gateway 'moon'" in gwsim("fault", "add", "psk-mismatch", "at=moon", code=2)
    assert "did you mean 'drop'" in gwsim("fault", "add", "dropp", code=2)
    assert "this lab has no fault drop" in gwsim("fault", "repair", "drop", code=2)


@pytest.mark.needs("tcpdump")
def test_a_capture_shows_both_directions(gwsim):
    gwsim("up", HEALTHY)
    file = Path(gwsim.folder) / "seen.pcap"
    capture = gwsim.start("capture", "internet", "-c", "8", "-w", file)
    assert until(lambda: file.exists() and file.stat().st_size, 1_000_000)
    gwsim(*PING, "-w", "60", "-c", "8", BRANCH)
    code, _, err = capture.end()
    assert code == 0, err
    octets = file.read_bytes()
    hq, branch = bytes([198, 51, 100, 1]), bytes([203, 0, 113, 1])
    assert hq + branch in octets
    assert branch + hq in octets


@pytest.mark.needs("tcpdump")
def test_a_capture_shows_packets_one_by_one_however_they_were_sent(gwsim):
    """A gateway hands many over at once; on the line each is a packet that fits."""
    gwsim("up", BEHIND_NAT)
    gwsim("exec", "branch.pc", "ping", "-q", "-w", "60", "-c", "1", HQ)
    file = Path(gwsim.folder) / "seen.pcap"
    capture = gwsim.start("capture", "branch", "-c", "4", "-w", file, "greater", "1000")
    assert until(lambda: file.exists() and file.stat().st_size, 1_000_000)
    gwsim("exec", "branch.pc", sys.executable, "-c", MANY_AT_ONCE)
    code, _, err = capture.end()
    assert code == 0, err
    assert set(lengths(file.read_bytes())) == {IP_AND_UDP + SPI_AND_NUMBER + IV + PADDED + ICV}


def lengths(pcap):
    """Give the length of each packet in a capture."""
    at, found = 24, []
    while at < len(pcap):
        (length,) = struct.unpack_from("=I", pcap, at + 12)
        found.append(length)
        at += 16 + length
    return found


def test_a_gateway_that_is_killed_in_mid_traffic_comes_back(gwsim):
    gwsim("up", HEALTHY, "--speed", "3")
    gwsim(*GETS_THROUGH)
    before = gwsim.node("hq")["pid"]
    traffic = gwsim.start(*PING, "-w", "5", BRANCH)
    os.kill(before, signal.SIGKILL)
    assert until(lambda: "came back once after signal 9" in gwsim.node("hq")["state"])
    assert gwsim.node("hq")["pid"] != before
    traffic.end()
    gwsim(*GETS_THROUGH)
    assert "tunnels up: 1 of 1" in gwsim.node("hq")["state"]


def test_nothing_survives_the_keeper(gwsim):
    gwsim("up", HEALTHY)
    [lab] = gwsim.labs()
    assert len(gwsim.processes()) == 4
    os.kill(lab["keeper"], signal.SIGKILL)
    assert until(lambda: not gwsim.processes())
    assert gwsim("status") == "no lab is running\n"
    assert gwsim.left() == []


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_run_that_is_broken_off_leaves_nothing(gwsim, how):
    run = gwsim.start("run", HEALTHY, "--runtime", "netns")
    assert until(gwsim.labs)
    os.kill(run.pid, how)
    assert run.end()[0] == {signal.SIGINT: 130, signal.SIGTERM: 143, signal.SIGKILL: -9}[how]
    assert until(lambda: gwsim.left() == [])


@pytest.mark.parametrize("gwsim", ["self"], indirect=True)
@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_runs_side_by_side_that_are_broken_off_leave_nothing(gwsim, how):
    run = gwsim.start("run", HEALTHY, HEALTHY_TOO, "--runtime", "netns", "--jobs", "2")
    assert until(lambda: len(gwsim.labs()) == 2)
    os.kill(run.pid, how)
    assert run.end()[0] == {signal.SIGTERM: 143, signal.SIGKILL: -9}[how]
    assert until(lambda: gwsim.left() == [])


def test_a_lab_whose_start_is_broken_off_does_not_come_up(gwsim):
    up = gwsim.start("up", HEALTHY)
    assert until(gwsim.processes)
    os.kill(up.pid, signal.SIGTERM)
    assert up.end()[0] == 143
    assert until(lambda: gwsim.left() == [])


def test_ten_labs_at_once_do_not_collide(gwsim):
    names = [f"lab-{number}" for number in range(10)]
    ups = [gwsim.start("up", HEALTHY, "--name", name) for name in names]
    for code, out, err in (call.end() for call in ups):
        assert code == 0, out + err
    assert sorted(lab["lab"] for lab in gwsim.labs()) == names
    ping = ("ping", "-q", "-w", "60", "-c", "2", BRANCH)
    pings = [gwsim.start("exec", "--lab", name, "hq.server", *ping) for name in names]
    for code, out, err in (call.end() for call in pings):
        assert code == 0, out + err
    assert gwsim("down", "--all").count("is down") == 10


def test_each_mistake_has_one_clear_message(gwsim):
    assert "no lab is running; start one with `gwsim up" in gwsim("down", code=2)
    gwsim("up", HEALTHY, "--name", "one")
    assert "a lab called one is running already" in gwsim("up", HEALTHY, "--name", "one", code=2)
    assert "did you mean 'branch.pc'" in gwsim("exec", "branch.pd", "true", code=2)
    assert "nosuch: No such file" in gwsim("exec", "branch.pc", "nosuch", code=127)
    assert "there is no gateway 'pc' here" in gwsim("show", "pc", "show version", code=2)
    assert "no lab called two" in gwsim("logs", "hq", "--lab", "two", code=2)
    gwsim("exec", "branch.pc", "sh", "-c", "exit 7", code=7)
