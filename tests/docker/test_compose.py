"""The training lab as a student would use it, with both generations of compose."""

import os

import pytest

from tests.docker.conftest import left, sh

pytestmark = [pytest.mark.needs("docker"), pytest.mark.usefixtures("image")]

V2 = pytest.param(("docker", "compose"), marks=pytest.mark.needs("docker compose"), id="v2")
V1 = pytest.param(("docker-compose",), marks=pytest.mark.needs("docker-compose"), id="v1")


READY = "until python -m gwsim.lab.live.alive; do sleep 0.2; done"


class Student:
    """Types commands at a lab of a name of its own."""

    def __init__(self, compose, name, scenario):
        self._compose = (*compose, "-p", name)
        self._scenario = scenario

    def __call__(self, *words, code=0):
        return sh(*self._compose, *words, code=code, SCENARIO=self._scenario)

    def at(self, service, *words, code=0):
        return self("exec", "-T", service, *words, code=code)


@pytest.fixture
def lab(request):
    """A lab that is up; how and with which scenario is the parameter."""
    compose, scenario = request.param
    name = f"gwsimtest{os.getpid()}"
    student = Student(compose, name, scenario)
    try:
        student("up", "-d")
        for host in ("hq-server", "branch-pc"):
            student.at(host, "sh", "-c", READY)
        yield student
    finally:
        student("down", "-v")
    assert left(name) == []


def starting(compose, scenario):
    return pytest.param((compose.values[0], scenario), marks=compose.marks, id=compose.id)


@pytest.mark.parametrize("lab", [starting(V2, "psk-mismatch")], indirect=True)
def test_a_student_finds_a_wrong_key_and_repairs_it(lab):
    """The card fault: no ping, both ends say why; one repair, and it pings."""
    ping = ("ping", "-c", "4", "-i", "0.5", "-W", "1", "10.1.0.10")
    assert "100% packet loss" in lab.at("branch-pc", *ping, code=1)
    assert "MM_WAIT_MSG5" in lab.at("hq", "gwsim", "show", "show crypto isakmp sa")
    assert "Active: 1" in lab.at("branch", "gwsim", "show", "get ike cookies")
    assert "Phase 1: Initiated negotiations in main mode" in lab("logs", "branch")
    lab.at("hq", "gwsim", "fault", "repair", "psk-mismatch")
    assert " 0% packet loss" in lab.at(
        "branch-pc", "sh", "-c", f"{' '.join(ping)} >/dev/null; {' '.join(ping)}"
    )
    assert "MM_ACTIVE" in lab.at("hq", "gwsim", "show", "show crypto isakmp sa")
    assert "Completed negotiations" in lab("logs", "branch")
    lab("exec", "-d", "branch-pc", "ping", "-c", "60", "-i", "0.5", "10.1.0.10")
    watched = lab.at("internet", "tcpdump", "-n", "-i", "to-hq", "-c", "2", "esp")
    assert "203.0.113.1 > 198.51.100.1: ESP" in watched
    assert "10.2.0.10" not in watched


@pytest.mark.parametrize("lab", [starting(V2, ""), starting(V1, "")], indirect=True)
def test_a_healthy_lab_pings_and_has_no_way_out(lab):
    ping = "ping -c 3 -i 0.5 -W 1 10.1.0.10"
    assert " 0% packet loss" in lab.at("branch-pc", "sh", "-c", f"{ping} >/dev/null; {ping}")
    assert "Active SA: 1" in lab.at("hq", "gwsim", "show", "show crypto isakmp sa")
    assert "PHASE 2 COMPLETED" in lab("logs", "hq")
    for service in ("branch-pc", "branch", "internet"):
        way_out = lab.at(service, "ping", "-c", "1", "-W", "1", "192.0.2.1", code=None)
        assert "1 received" not in way_out
        lab.at(service, "getent", "hosts", "somebody.outside.example", code=2)
    assert "10.1.0.10" in lab.at("branch-pc", "getent", "hosts", "hq-server")
    lab.at("internet", "ip", "route", "get", "192.0.2.1", code=2)
    assert "docker compose down -v" in lab.at("hq", "gwsim", "down", code=2)
    assert "nobody" not in lab.at("hq", "gwsim", "status")


@pytest.mark.parametrize("lab", [starting(V2, "")], indirect=True)
def test_a_gateway_that_is_killed_comes_back_and_one_that_is_told_to_end_says_goodbye(lab):
    ping = "ping -c 3 -i 0.5 -W 1 10.1.0.10"
    lab.at("branch-pc", "sh", "-c", f"{ping} >/dev/null; {ping}")
    lab.at("hq", "pkill", "-9", "-o", "-P", "1", "python")
    lab.at("hq", "sh", "-c", f"sleep 0.5; {READY}")
    assert "Active SA" not in lab.at("hq", "gwsim", "show", "show crypto isakmp sa")
    lab("stop", "hq")
    codes = sh("docker", "ps", "-a", "--filter", "name=hq-1", "--format", "{{.Status}}")
    assert "Exited (0)" in codes


def test_a_scenario_that_does_not_fit_is_refused_in_words():
    run = ("docker", "run", "--rm", "--user", "root", "--cap-add", "NET_ADMIN")
    node = ("--entrypoint", "python", "gwsim", "-m", "gwsim.lab.live.container", "internet")
    strange = sh(*run, "-e", "SCENARIO=three-sites", *node, code=1)
    assert "three-sites does not fit the training lab" in strange
    assert "Traceback" not in strange
    unknown = sh(*run, "-e", "SCENARIO=psk-mismash", *node, code=1)
    assert "did you mean 'psk-mismatch'?" in unknown
    several = sh(*run, "-e", "SCENARIO=lifetime-differs", *node, code=1)
    assert "phase1/lifetime-differs or phase2/lifetime-differs; say which" in several


def test_scenarios_run_in_the_image_without_any_rights():
    run = ("docker", "run", "--rm", "--cap-drop", "ALL", "--network", "none", "--read-only")
    said = sh(*run, "gwsim", "run", "/scenarios/phase1/psk-mismatch.yaml")
    assert "1 passed" in said
    assert sh(*run, "--entrypoint", "id", "gwsim", "-un").strip() == "gwsim"
