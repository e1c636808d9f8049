"""The picture shows the plan: every gateway, network, host, NAT, unusual line and fault."""

from xml.etree import ElementTree

import pytest

from gwsim.lab.html.topology import told_of, topology
from gwsim.lab.scenario import FaultUse
from tests.lab.html.runs import STUCK, THREE, judged
from tests.lab.scenarios_for_tests import varied


def drawn(text):
    run = judged(text)
    return topology(run.scenario, run.plan)


def words(markup):
    return [element.text for element in ElementTree.fromstring(markup).iter("text")]


@pytest.mark.parametrize("form", ["lying", "standing"])
def test_everything_of_the_plan_stands_in_both_pictures(form):
    found = words(getattr(drawn(THREE), form))
    assert {"hq", "north", "south", "internet", "NAT", "203.0.113.9"} <= set(found)
    assert {"Cisco ASA", "Cisco IOS", "10.3.0.0/24", "server 10.1.0.10"} <= set(found)
    assert "40 ms, loss 1%, MTU 1400" in found
    assert "and 1 more" in found
    assert "⚠ udp-500-blocked from north" in found


def test_a_fault_of_a_configuration_stands_at_its_gateway():
    found = words(drawn(STUCK).lying)
    assert found.index("branch") < found.index("⚠ psk-mismatch")


BEHIND_NAT = varied(
    ("outside: 198.51.100.1", "outside: 192.168.1.2, behind_nat: {public: 198.51.100.1}")
)


@pytest.mark.parametrize("text", [STUCK, THREE, BEHIND_NAT])
@pytest.mark.parametrize("form", ["lying", "standing"])
def test_nothing_is_drawn_outside_the_picture(text, form):
    root = ElementTree.fromstring(getattr(drawn(text), form))
    _, _, width, height = map(int, root.get("viewBox").split())
    for box in root.iter("rect"):
        x, y, w, h = (float(box.get(key)) for key in ("x", "y", "width", "height"))
        assert 0 <= x <= x + w <= width
        assert 0 <= y <= y + h <= height
    for line in root.iter("text"):
        assert 0 < float(line.get("y")) <= height


def test_all_that_is_unusual_about_a_line_is_said():
    link = "{latency: 10ms, jitter: 2ms, loss: 0.02, mtu: 1400, black_hole: yes}"
    found = words(drawn(varied(("tunnels:", f"internet: {{branch: {link}}}\ntunnels:"))).standing)
    assert "10 ms, ± 2 ms, loss 2%, MTU 1400 (black hole)" in found


def test_those_who_do_not_see_it_are_told_the_same():
    told = drawn(THREE).words
    assert "south, a Juniper NetScreen" in told
    assert "behind a NAT with 203.0.113.9, line: 40 ms" in told
    assert "Faults on the way: udp-500-blocked from north." in told


def test_what_a_fault_is_told_fits_a_line():
    use = FaultUse.model_validate({"drop": "main-4"})
    assert told_of(use.model_copy(update={"parameters": {"from": "hq"}})) == "main-4 from hq"
