"""Expectations: their times, their short forms, and what contradicts itself."""

import pytest
from pydantic import ValidationError

from gwsim.lab.expectations import Expectation, GatewayExpectation, LogExpectation, TimeKind
from gwsim.lab.units import Count


def block(**given: object) -> Expectation:
    return Expectation.model_validate(given)


@pytest.mark.parametrize(
    ("given", "kind", "span"),
    [
        ({"at": "15s"}, TimeKind.AT, (15, 15)),
        ({"by": "20s"}, TimeKind.BY, (0, 20)),
        ({"within": "20s"}, TimeKind.BY, (0, 20)),
        ({"within": "20s", "after": "60s"}, TimeKind.BY, (60, 80)),
        ({"from": "10s", "until": "60s"}, TimeKind.THROUGHOUT, (10, 60)),
        ({"from": "10s"}, TimeKind.THROUGHOUT, (10, None)),
        ({"until": "60s"}, TimeKind.THROUGHOUT, (0, 60)),
        ({"always": True}, TimeKind.THROUGHOUT, (0, None)),
        ({}, TimeKind.END, (0, None)),
    ],
)
def test_a_block_speaks_of_a_time(
    given: dict[str, object], kind: TimeKind, span: tuple[float, float | None]
) -> None:
    assert block(**given).kind is kind
    assert block(**given).span == span


@pytest.mark.parametrize(
    "given",
    [
        {"at": "1s", "by": "2s"},
        {"at": "1s", "always": True},
        {"after": "1s"},
        {"from": "5s", "until": "1s"},
        {"always": False},
        {"traffic": "some"},
        {"hq": {"role": "boss"}},
        {"hq": {"flapping": {"state": "x", "at_least": 1}}},
    ],
)
def test_contradictions_are_refused(given: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Expectation.model_validate(given)


def test_gateways_stand_under_their_names_and_commands_under_theirs() -> None:
    read = block(hq={"state": "up", "show crypto ipsec sa": {"encaps": 4, "lacks": "x"}})
    hq = read.gateways["hq"]
    assert hq.state == ("up",)
    screen = hq.named["show crypto ipsec sa"]
    assert screen.named == {"encaps": 4}
    assert screen.lacks == ("x",)


def test_a_mere_text_must_occur() -> None:
    hq = GatewayExpectation.model_validate(
        {"log": ["a", {"text": "b", "none": True}], "get sa": "x"}
    )
    wanted = [(entry.text, entry.wanted) for entry in hq.log or ()]
    assert wanted == [("a", Count(1, None)), ("b", Count(0, 0))]
    assert hq.named["get sa"].contains == ("x",)


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ({"count": 2}, Count(2, 2)),
        ({"count": ">= 2"}, Count(2, None)),
        ({"at_least": 3}, Count(3, None)),
        ({"at_most": 3}, Count(0, 3)),
        ({"at_least": 1, "at_most": 3}, Count(1, 3)),
    ],
)
def test_log_lines_are_counted(given: dict[str, object], wanted: Count) -> None:
    assert LogExpectation.model_validate({"text": "x", **given}).wanted == wanted


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"text": "a", "pattern": "b"},
        {"text": "a", "count": 1, "none": True},
        {"text": "a", "at_least": 1, "none": True},
    ],
)
def test_a_log_expectation_that_contradicts_itself_is_refused(given: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        LogExpectation.model_validate(given)


def test_labels_on_the_wire_have_a_brief_form() -> None:
    wire = block(wire={"main-5": {"count": 3, "from": "hq"}, "quick-1": "none"}).wire
    assert wire is not None
    assert wire.named["main-5"].source == "hq"
    assert wire.named["quick-1"].count == Count(0, 0)


def test_directions_are_passed_or_counted() -> None:
    read = block(traffic={"hq -> branch": True, "branch->hq": ">= 3"})
    assert read.traffic == {"hq->branch": True, "branch->hq": Count(3, None)}
