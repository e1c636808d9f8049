"""Walks a scenario's data along its models, and finds keys and words that nobody knows.

The models say which keys a block has and which texts refer to something (`base.Refers`); this
walk compares, so that a key added to a model needs nothing here.
"""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

from gwsim.lab.acts import AtGateway
from gwsim.lab.base import Model, OpenModel, Refers
from gwsim.lab.expectations import (
    Expectation,
    GatewayExpectation,
    ScreenExpectation,
    WireExpectation,
)
from gwsim.lab.names import Complaint, Names
from gwsim.lab.nearest import nearest
from gwsim.lab.scenario import FaultUse, Scenario
from gwsim.lab.source import Loc
from gwsim.wire.labels import FAMILIES, LABELS

Found = tuple[Loc, Complaint, bool]
"""Where, what, and whether it is about the key rather than its value."""


@lru_cache(maxsize=128)
def _hints(model: type[Model]) -> dict[str, Any]:
    return get_type_hints(model, include_extras=True)


@lru_cache(maxsize=128)
def keys_of(model: type[Model]) -> dict[str, Any]:
    """Give the keys a block may have, as written in YAML, with their annotations."""
    hints = _hints(model)
    return {field.alias or name: hints[name] for name, field in model.model_fields.items()}


def walk(annotation: Any, data: Any, loc: Loc, names: Names) -> Iterator[Found]:
    """Find unknown keys and dangling references in data that should fit an annotation."""
    origin = get_origin(annotation)
    if origin is Annotated:
        inner, *metadata = get_args(annotation)
        yield from _references(metadata, data, loc, names)
        yield from walk(inner, data, loc, names)
    elif origin in (Union, UnionType):
        for arm in _arms(annotation, data):
            yield from walk(arm, data, loc, names)
    elif origin is tuple:
        yield from _items(get_args(annotation), data, loc, names)
    elif origin is dict and isinstance(data, dict):
        key_type, value_type = get_args(annotation)
        for key, value in data.items():
            for place, complaint, _ in walk(key_type, key, (*loc, key), names):
                yield place, complaint, True
            yield from walk(value_type, value, (*loc, key), names)
    elif isinstance(annotation, type) and issubclass(annotation, Model):
        yield from _block(annotation, data, loc, names)


def _references(metadata: list[Any], data: Any, loc: Loc, names: Names) -> Iterator[Found]:
    if not isinstance(data, str):
        return
    for mark in metadata:
        if isinstance(mark, Refers) and (complaint := names.check(mark.kind, data, loc)):
            yield loc, complaint, False


def _arms(annotation: Any, data: Any) -> list[Any]:
    """Choose the arms of a union that data of this form can mean."""
    arms = [arm for arm in get_args(annotation) if arm is not NoneType]
    if not isinstance(data, dict):
        return arms
    return [arm for arm in arms if _is_block(arm)]


def _is_block(annotation: Any) -> bool:
    if get_origin(annotation) is Annotated:
        return _is_block(get_args(annotation)[0])
    if get_origin(annotation) in (Union, UnionType):
        return any(_is_block(arm) for arm in get_args(annotation))
    if get_origin(annotation) is tuple:
        return _is_block(get_args(annotation)[0])
    if isinstance(annotation, type):
        return issubclass(annotation, Model)
    return get_origin(annotation) is dict


def _items(types: tuple[Any, ...], data: Any, loc: Loc, names: Names) -> Iterator[Found]:
    """A list, or one thing where a list of one is meant."""
    if not isinstance(data, list):
        if data is not None:
            yield from walk(types[0], data, loc, names)
        return
    for index, item in enumerate(data):
        kind = types[0] if types[-1] is Ellipsis else types[min(index, len(types) - 1)]
        yield from walk(kind, item, (*loc, index), names)


def _block(model: type[Model], data: Any, loc: Loc, names: Names) -> Iterator[Found]:
    if issubclass(model, FaultUse):
        return
    if isinstance(data, str) and issubclass(model, AtGateway):
        yield from walk(keys_of(model)["at"], data, loc, names)
    if not isinstance(data, dict):
        return
    known = keys_of(model)
    extra = get_args(_hints(model)["__pydantic_extra__"])[1] if _is_open(model) else None
    for key, value in data.items():
        place = (*loc, key)
        if key in known and value is None and not issubclass(model, Scenario):
            yield place, Complaint(f"there is no value for {key!r}"), True
        elif key in known:
            if complaint := _unseen(model, key, loc, names):
                yield place, complaint, True
            yield from walk(known[key], value, place, names)
        elif complaint := _unknown(model, key, loc, names):
            yield place, complaint, True
        elif extra is not None:
            yield from walk(extra, value, place, names)


def _unseen(model: type[Model], key: str, loc: Loc, names: Names) -> Complaint | None:
    """Say that a log is expected of a gateway whose vendor's words nobody knows."""
    of_gateway = issubclass(model, GatewayExpectation) and key == "log"
    return names.unseen(str(loc[-1])) if of_gateway and loc else None


def _is_open(model: type[Model]) -> bool:
    return issubclass(model, OpenModel)


def _unknown(model: type[Model], key: str, loc: Loc, names: Names) -> Complaint | None:
    """Say what is wrong with a key that is none of the model's own; None when it is a name."""
    known: tuple[str, ...] = tuple(keys_of(model))
    if not _is_open(model):
        return _unknown_key(key, loc, known)
    if issubclass(model, ScreenExpectation):
        return None
    if issubclass(model, GatewayExpectation):
        return _unknown_command(key, loc, known, names)
    further = (*LABELS, *FAMILIES) if issubclass(model, WireExpectation) else names.gateways
    if key in further or (not names.knows_gateways and not issubclass(model, WireExpectation)):
        return None
    if issubclass(model, Expectation):
        hint = nearest(key, (*known, *names.gateways))
        return Complaint(f"{key!r} is neither a gateway nor a key of an expectation", hint)
    return _unknown_key(key, loc, (*known, *further))


def _unknown_key(key: str, loc: Loc, legal: tuple[str, ...]) -> Complaint:
    block = next((part for part in reversed(loc) if isinstance(part, str)), "the scenario")
    return Complaint(f"unknown key {key!r} in {block}", nearest(key, legal))


def _unknown_command(key: str, loc: Loc, known: tuple[str, ...], names: Names) -> Complaint | None:
    """A further key under a gateway is a command: of several words, or one its vendor knows."""
    gateway = str(loc[-1]) if loc else ""
    complaint, vendor = names.command(gateway, key), names.vendor_of(gateway)
    if complaint is None or " " in key:
        return complaint
    title = vendor.name if vendor else gateway
    return Complaint(f"{key!r} is neither a key nor a command of {title}", nearest(key, known))


def check_words(
    model: type[Model], data: Mapping[str, Any], loc: Loc, names: Names
) -> tuple[Found, ...]:
    """Find everything in a block that refers to nothing, in the order of the file."""
    return tuple(_block(model, data, loc, names))
