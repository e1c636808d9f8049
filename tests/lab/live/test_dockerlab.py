"""Labs of containers as an engine tells of them."""

import time
from types import SimpleNamespace

import pytest
from docker.errors import APIError, NotFound

from gwsim.daemon.door import Door
from gwsim.lab.live import dockerlab
from gwsim.lab.live.contained import ITSELF_LABEL, NODE_LABEL, ended, nodes, remove
from gwsim.lab.live.dockerlab import KeeperDoor
from gwsim.lab.live.engine import engine_words, gone_is_fine
from gwsim.lab.load import load_scenario
from gwsim.lab.runner import prepare
from gwsim.lab.runtimes.failure import RuntimeFailure

PLAN = prepare(load_scenario("scenarios/healthy/asa-screenos.yaml"))[1]


class Container:
    """A container of a lab; what is done to it is written down in `story`."""

    def __init__(self, node, story, status="running", gone=False):
        self.name = f"gwsim-lab-{node}"
        self.labels = {NODE_LABEL: node}
        self.status = status
        self.attrs = {"State": {"ExitCode": 137}}
        self._node = node
        self._story = story
        self._gone = gone

    def stop(self, timeout):
        if self._gone:
            raise NotFound("no such container")
        self._story.append(f"{self._node} ends")

    def wait(self):
        return {"StatusCode": 0}

    def logs(self):
        return f"the last words of {self._node}\n".encode()

    def remove(self, force, v):
        self._story.append(f"{self._node} is removed")


def engine(containers, story=()):
    def network(name):
        return SimpleNamespace(remove=lambda: story.append(f"{name} is removed"))

    def listed(*things):
        return SimpleNamespace(list=lambda **_: list(things))

    return SimpleNamespace(
        containers=listed(*containers),
        networks=listed(network("a network")),
        volumes=listed(network("the volume")),
    )


def test_gateways_end_while_the_internet_still_carries_their_farewells():
    story = []
    containers = [Container(node, story) for node in ("internet", "hq", "branch")]
    remains = remove(engine(containers, story), "lab")
    assert set(story[:4]) == {
        *("hq ends", "hq is removed"),
        *("branch ends", "branch is removed"),
    }
    assert story[4:6] == ["internet ends", "internet is removed"]
    assert story[6:] == ["a network is removed", "the volume is removed"]
    assert {one.node: one.log for one in remains} == {
        node: f"the last words of {node}\n" for node in ("internet", "hq", "branch")
    }


def test_what_somebody_else_has_removed_meanwhile_is_no_failure():
    story = []
    containers = [Container("hq", story, gone=True), Container("internet", story)]
    assert [one.node for one in remove(engine(containers, story), "lab")] == ["internet"]


def test_a_container_that_has_ended_is_named_with_what_brings_it_back():
    states = {"hq": "exited", "branch": "running", "internet": "paused"}
    containers = [Container(node, [], status) for node, status in states.items()]
    assert ended(engine(containers), "lab") == {
        "hq": "its container has ended (exit code 137); `docker start gwsim-lab-hq` brings it back"
    }


def test_a_host_at_a_gateways_own_address_is_in_its_container():
    hq, internet = Container("hq", []), Container("internet", [])
    hq.labels |= {ITSELF_LABEL: "hq.itself hq.other"}
    there = nodes(engine([internet, hq]), "lab")
    assert there == {"hq": "hq", "hq.itself": "hq", "hq.other": "hq", "internet": "internet"}


def test_a_name_is_taken_by_a_lab_of_ones_own_or_of_somebody_else(monkeypatch):
    monkeypatch.setattr(dockerlab, "connect", lambda: SimpleNamespace(close=lambda: None))
    monkeypatch.setattr(dockerlab, "require_image", lambda _: None)
    monkeypatch.setattr(dockerlab, "labelled", lambda *_: [])
    mine = ["one"]
    monkeypatch.setattr(dockerlab, "names", lambda _, home="": mine if home else ["one"])
    with pytest.raises(RuntimeFailure, match="`gwsim down one`, or give this one another name"):
        dockerlab.launch(PLAN, "one", 1.0)
    mine.clear()
    with pytest.raises(RuntimeFailure, match="a lab called one of somebody else: give this one"):
        dockerlab.launch(PLAN, "one", 1.0)


def test_second_0_of_a_lab_elsewhere_is_told_on_the_clock_of_this_machine(monkeypatch):
    """Monotonic clocks of two machines have nothing in common."""
    told = {"epoch": 5000.0, "clock": 5007.0, "now": 7.0}
    monkeypatch.setattr(Door, "ask", lambda *_: told)
    found = KeeperDoor("_keeper.sock", wire=SimpleNamespace(close=lambda: None)).status()
    assert time.monotonic() - found["epoch"] == pytest.approx(7.0, abs=1.0)


@pytest.mark.parametrize(
    ("complaint", "remedy"),
    [
        (
            'error gathering device information while adding custom device "/dev/net/tun"',
            "modprobe",
        ),
        ("all predefined address pools have been fully subnetted", "docker network prune"),
        ("Conflict. The container name is already in use by container 1f", "gwsim down NAME"),
        ("no space left on device", "the Docker engine refused: no space left on device"),
    ],
)
def test_a_complaint_of_the_engine_comes_with_its_remedy(complaint, remedy):
    with pytest.raises(RuntimeFailure, match=remedy), engine_words():
        raise APIError("500 Server Error", explanation=complaint)


def test_an_engine_that_goes_away_is_one_sentence():
    with pytest.raises(RuntimeFailure, match=r"broke off: nobody listens"), engine_words():
        raise ConnectionRefusedError(111, "Connection refused")


def test_only_what_is_gone_or_going_is_let_pass():
    with gone_is_fine():
        raise APIError("removal is in progress", response=SimpleNamespace(status_code=409))
    with pytest.raises(APIError), gone_is_fine():
        raise APIError("server error", response=SimpleNamespace(status_code=500))
