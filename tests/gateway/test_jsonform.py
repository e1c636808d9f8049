import json
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gwsim.gateway.jsonform import decode, encode
from gwsim.wire.payloads import Nonce, Payload
from tests.wire.strategies import payloads


class Colour(StrEnum):
    RED = "red"


class Number(IntEnum):
    ONE = 1


@dataclass(frozen=True, slots=True)
class Inside:
    octets: bytes
    ends: tuple[str, int]


@dataclass(frozen=True, slots=True)
class Whole:
    text: str
    count: int
    time: float
    truth: bool
    colour: Colour
    inside: Inside | None = None
    more: tuple[Inside, ...] = ()
    carried: tuple[Payload, ...] = field(default=())


insides = st.builds(Inside, st.binary(max_size=5), st.tuples(st.text(max_size=5), st.integers()))
wholes = st.builds(
    Whole,
    st.text(max_size=10),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.booleans(),
    st.just(Colour.RED),
    st.none() | insides,
    st.lists(insides, max_size=3).map(tuple),
    st.lists(payloads, max_size=3).map(tuple),
)
MADE = Whole("x", 1, 2.5, True, Colour.RED, Inside(b"\x01", ("y", 2)))


@given(wholes)
def test_every_value_comes_back_equal(value):
    assert decode(Whole, json.loads(json.dumps(encode(value))), "whole") == value


def test_the_form_is_the_one_people_would_write():
    assert encode(MADE) == {
        "text": "x",
        "count": 1,
        "time": 2.5,
        "truth": True,
        "colour": "red",
        "inside": {"octets": "01", "ends": ["y", 2]},
        "more": [],
        "carried": [],
    }
    assert encode((Nonce(b"\xab\xcd"),)) == [{"type": 10, "data": "abcd"}]
    assert json.dumps(encode(Number.ONE)) == "1"


def test_what_has_no_form_is_refused():
    with pytest.raises(TypeError, match="set has no JSON form"):
        encode({1})


def test_fields_with_a_default_may_be_missing():
    form = encode(MADE)
    for name in ("inside", "more", "carried"):
        del form[name]
    assert decode(Whole, form, "whole") == Whole("x", 1, 2.5, True, Colour.RED)


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"text": 1}, "whole.text is 1, not str"),
        ({"count": "1"}, "whole.count is '1', not int"),
        ({"count": True}, "whole.count is True, not int"),
        ({"count": 1.5}, "whole.count is 1.5, not int"),
        ({"time": "1"}, "whole.time is '1', not float"),
        ({"time": False}, "whole.time is False, not float"),
        ({"time": float("inf")}, "whole.time is inf, not float"),
        ({"truth": 1}, "whole.truth is 1, not bool"),
        ({"colour": "blue"}, "'blue' is not a valid Colour"),
        ({"colour": []}, "not a valid Colour"),
        ({"inside": 5}, "whole.inside is not an object"),
        ({"inside": {"octets": "01"}}, "whole.inside lacks 'ends'"),
        ({"inside": {"octets": "0g", "ends": ["y", 2]}}, "hexadecimal"),
        ({"inside": {"octets": 1, "ends": ["y", 2]}}, "whole.inside.octets is 1, not bytes"),
        ({"inside": {"octets": "01", "ends": ["y"]}}, "whole.inside.ends has 1 items, not 2"),
        ({"inside": {"octets": "01", "ends": "y2"}}, "whole.inside.ends is not a list"),
        ({"more": {}}, "whole.more is not a list"),
        ({"more": [1]}, r"whole.more\[0\] is not an object"),
        ({"surplus": 1}, "whole has no field 'surplus'"),
        ({"carried": [{"type": 10}]}, r"carried\[0\] is not a payload with type and data"),
        ({"carried": ["x"]}, r"carried\[0\] is not a payload with type and data"),
        ({"carried": [{"type": 0, "data": ""}]}, "no payload that could travel"),
        ({"carried": [{"type": 256, "data": ""}]}, "no payload that could travel"),
        ({"carried": [{"type": 10, "data": "00" * 65532}]}, "no payload that could travel"),
        ({"carried": [{"type": 1, "data": "00"}]}, "at octet"),
    ],
)
def test_each_mistake_is_named_with_its_place(change, complaint):
    with pytest.raises(ValueError, match=complaint):
        decode(Whole, {**encode(MADE), **change}, "whole")


junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["text", "inside", "more", "carried", "type", "data", "x"]), inner
        )
    ),
    max_leaves=10,
)


@given(st.dictionaries(st.sampled_from(list(encode(MADE))), junk), junk)
def test_whatever_json_holds_there_is_a_value_or_a_value_error(changes, anything):
    for form in ({**encode(MADE), **changes}, anything):
        try:
            value = decode(Whole, form, "whole")
        except ValueError:
            continue
        assert isinstance(value, Whole)
