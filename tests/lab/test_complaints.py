"""What a model says is told in words, at the place in the file, one complaint for each."""

from typing import Any

import pytest
from pydantic import ValidationError

from gwsim.lab.complaints import complaints
from gwsim.lab.options import SideOptions
from gwsim.lab.scenario import Scenario


def told(model: type[Any], data: Any) -> list[tuple[tuple[str | int, ...], str, str]]:
    with pytest.raises(ValidationError) as caught:
        model.model_validate(data)
    return complaints(caught.value, data, ("tunnels", 0))


@pytest.mark.parametrize(
    ("data", "place", "message", "hint"),
    [
        ({"mode": "mian"}, ("mode",), "'mian' is none of main or aggressive", "main"),
        ({"esn": "maybe"}, ("esn",), "yes or no is wanted here, not 'maybe'", ""),
        ({"phase1": {"hash": "sha"}, "psk": 7.5}, ("psk",), "a pre-shared key is text", ""),
        ({"phase1": {"group": 99}}, ("phase1", "group"), "99 is not a group", ""),
        ({"dpd": {"idle": "x"}}, ("dpd", "idle"), "'x' is not a duration", ""),
        ({"dpd": "x"}, ("dpd",), "dpd is `yes`, `no` or its times, as in {idle: 10s", ""),
        ({"dpd": {"retry": 0}}, ("dpd", "retry"), "0 s is too short: one second at least", ""),
        ({"dpd": {"count": True}}, ("dpd", "count"), "a number is wanted here, not yes", ""),
        ({"psk": ""}, ("psk",), "an empty pre-shared key is none", ""),
        ({"phase1": {"group": -2}}, ("phase1", "group"), "-2 is not a group", ""),
        ({"phase1": {"lifetime": 0}}, ("phase1", "lifetime"), "0 s is too short", ""),
        ({"phase1": []}, ("phase1",), "at least 1 are wanted here, not 0", ""),
        ({"accept": "main"}, ("accept",), "a list is wanted here, not 'main'", ""),
        ({"dpd": {"count": 0}}, ("dpd", "count"), "0 is too small: 1 at least", ""),
        ({"dpd": {"count": 999}}, ("dpd", "count"), "999 is too large: 100 at most", ""),
        ({"identity": ""}, ("identity",), "'' is too short: 1 at least", ""),
        ({"replay_window": "x"}, ("replay_window",), "a whole number is wanted here", ""),
        ({"phase2": ["x"]}, ("phase2", 0), "a block of `key: value` lines is wanted", ""),
        ({"phase2": [{"pfs": True}]}, ("phase2", 0, "pfs"), "name the group of PFS", ""),
    ],
)
def test_each_kind_of_mistake_has_its_words(
    data: dict[str, object], place: tuple[str | int, ...], message: str, hint: str
) -> None:
    [(loc, words, nearest)] = told(SideOptions, data)
    assert loc == ("tunnels", 0, *place)
    assert words.startswith(message)
    assert nearest == hint


def test_what_is_missing_is_told_where_it_should_stand() -> None:
    words = [message for _, message, _ in told(Scenario, {"gateways": {"hq": {}, "b": {}}})]
    assert "'name' is missing in tunnels" in words, "the prefix says what the block is"
    assert "'vendor' is missing in hq" in words


def test_a_key_that_is_no_name_is_told_itself_and_not_its_value() -> None:
    spec = {"vendor": "asa", "outside": "198.51.100.1", "inside": "10.1.0.0/24"}
    data = {"name": "x", "title": "x", "tunnels": [], "gateways": {"head office": spec, "b": spec}}
    found = {place: message for place, message, _ in told(Scenario, data)}
    assert found["tunnels", 0, "gateways", "head office"].startswith("'head office' is not a name")


def test_a_pair_of_one_says_how_many_are_wanted() -> None:
    data = {"name": "x", "title": "x", "gateways": {}, "tunnels": [{"between": ["hq"]}]}
    assert "2 entries are wanted here, not 1" in [words for _, words, _ in told(Scenario, data)]


def test_a_long_value_is_cut() -> None:
    [(_, words, _)] = told(SideOptions, {"mode": "x" * 500})
    assert len(words) < 120


def test_names_have_a_form_that_is_told_in_words() -> None:
    data = {"name": "Bad Name", "title": "x", "gateways": {}, "tunnels": []}
    words = [message for _, message, _ in told(Scenario, data)]
    assert any(message.startswith("'Bad Name' is not a name: small letters") for message in words)


def test_the_choices_of_a_literal_are_offered() -> None:
    [(_, _, nearest)] = told(SideOptions, {"phase1": {"encryption": "aes256x"}})
    assert nearest == "aes256"
