"""The small vocabulary of the language: names, addresses, networks, services."""

from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from gwsim.lab.base import (
    Address,
    Model,
    Name,
    Network,
    Networks,
    OpenModel,
    SelectorText,
    Service,
    network_range,
)


def read(annotation: Any, value: object) -> Any:
    return TypeAdapter(annotation).validate_python(value)


def test_a_block_refuses_keys_it_does_not_know_and_does_not_change() -> None:
    class Block(Model):
        """A block."""

        key: int = 0

    with pytest.raises(ValidationError):
        Block.model_validate({"other": 1})
    with pytest.raises(ValidationError):
        Block().key = 2  # type: ignore[misc]


def test_an_open_block_keeps_named_entries_in_their_order() -> None:
    assert list(OpenModel.model_validate({"hq": 1, "branch": 2}).named) == ["hq", "branch"]


@pytest.mark.parametrize(
    ("annotation", "good", "bad"),
    [
        (Name, "hq-1_b", "1hq"),
        (Address, "10.1.0.10", "10.1.0.256"),
        (Network, "10.1.0.0/24", "10.1.0.5/24"),
        (Network, "0.0.0.0/0", "10.1.0.1"),
        (Network, "10.1.0.10/32", "10.1.0.10 tcp/80"),
        (SelectorText, "10.1.0.5-10.1.0.9 udp/53", "10.1.0.9-10.1.0.5"),
        (Service, "tcp/80", "tpc/80"),
    ],
)
def test_words_have_a_form(annotation: Any, good: str, bad: str) -> None:
    assert read(annotation, good) == good
    with pytest.raises(ValidationError):
        read(annotation, bad)


def test_one_network_is_a_list_of_one() -> None:
    assert read(Networks, "10.1.0.0/24") == ("10.1.0.0/24",)


def test_a_network_has_a_first_and_a_last_address() -> None:
    assert network_range("10.1.0.0/24") == (0x0A010000, 0x0A0100FF)
