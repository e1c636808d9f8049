"""What a scenario can say that a gateway writes wrongly, and what the engine is told then."""

import pytest
from pydantic import ValidationError

from gwsim.ike.impairments import Change, Impairment
from gwsim.lab.compile import compile_scenario
from gwsim.lab.impairments import PAYLOADS, ImpairmentOptions, PayloadName
from gwsim.lab.load import load_text
from gwsim.lab.source import ScenarioError
from gwsim.wire.numbers import PayloadType
from tests.lab.scenarios_for_tests import varied


def said(**values: object) -> ImpairmentOptions:
    return ImpairmentOptions.model_validate(values)


def test_the_words_become_the_engines_numbers() -> None:
    told = said(message="the 2nd quick-1", change="fill", payload="ke", value=65)
    wanted = Impairment("quick-1", Change.FILL, PayloadType.KEY_EXCHANGE, 65, frozenset({2}))
    assert told.impairment == wanted
    assert said(change="twice").impairment == Impairment("any", Change.TWICE)


def test_every_payload_has_a_name_in_the_schema() -> None:
    assert tuple(PAYLOADS) == PayloadName.__args__  # type: ignore[attr-defined]


@pytest.mark.parametrize("text", ["udp/500", "quick-1 from hq", "quick-1 after 3s", "main-9", "5%"])
def test_only_messages_can_be_named(text: str) -> None:
    with pytest.raises(ValidationError):
        said(message=text, change="twice")


def test_a_change_of_payloads_says_of_which() -> None:
    with pytest.raises(ValidationError, match="needs a payload"):
        said(change="omit")


WRONG = "vendor: asa, behaviour: {impairments: [{message: main-3, change: omit, payload: ke}]},"


def test_a_gateway_is_told_what_it_writes_wrongly() -> None:
    text = varied(("branch: {vendor: asa,", f"branch: {{{WRONG}"))
    hq, branch = compile_scenario(load_text(text).scenario).gateways
    assert hq.endpoint.impairments == ()
    [told] = branch.endpoint.impairments
    assert told == Impairment("main-3", Change.OMIT, PayloadType.KEY_EXCHANGE)


def test_a_word_that_is_none_is_found_in_the_file() -> None:
    text = varied(("branch: {vendor: asa,", f"branch: {{{WRONG.replace('ke}', 'kee}')}"))
    with pytest.raises(ScenarioError, match=r":5:.*") as told:
        load_text(text, "wrong.yaml")
    assert "kee" in str(told.value) or "payload" in str(told.value)
