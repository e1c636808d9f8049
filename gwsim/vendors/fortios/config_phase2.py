"""What each `set` of a phase 2 does to what has been read of it so far."""

from collections.abc import Callable

from gwsim.ike.config import Phase2Transform
from gwsim.vendors.fortios.config_draft import Draft, End, Phase2
from gwsim.vendors.fortios.config_values import (
    DH_GROUPS,
    SWITCH,
    Handler,
    choice,
    complain,
    known,
    nothing,
    number,
    subnet,
)
from gwsim.vendors.fortios.names import (
    COMBINED,
    PHASE2_CIPHERS,
    PHASE2_HASHES,
    phase2_proposal,
)
from gwsim.wire.ip import parse_address

_TRANSFORMS = {
    phase2_proposal(transform, bits, digest): Phase2Transform(
        transform, None if transform in COMBINED else digest, bits
    )
    for transform, bits in PHASE2_CIPHERS
    for digest in PHASE2_HASHES
}


def _phase1(draft: Draft, entry: str, values: list[str]) -> None:
    draft.phase2[entry].phase1 = values[0]


def _proposal(draft: Draft, entry: str, values: list[str]) -> None:
    draft.phase2[entry].transforms = known(values, _TRANSFORMS)
    complain(values, _TRANSFORMS)


def _pfs(draft: Draft, entry: str, values: list[str]) -> None:
    draft.phase2[entry].pfs = choice(values, SWITCH)


def _dhgrp(draft: Draft, entry: str, values: list[str]) -> None:
    draft.phase2[entry].group = known(values, DH_GROUPS)[0]
    complain(values, DH_GROUPS)
    if len(values) > 1:
        raise ValueError("only the first group is used")


def _replay(draft: Draft, entry: str, values: list[str]) -> None:
    draft.phase2[entry].replay = choice(values, SWITCH)


def _auto(draft: Draft, entry: str, values: list[str]) -> None:
    draft.phase2[entry].auto_start = choice(values, SWITCH)


def _encapsulation(draft: Draft, entry: str, values: list[str]) -> None:
    kinds = {"tunnel-mode": False, "transport-mode": True}
    draft.phase2[entry].transport = choice(values, kinds)


def _life(draft: Draft, entry: str, values: list[str]) -> None:
    draft.phase2[entry].life = choice(values, {w: w for w in ("seconds", "kbs", "both")})


def _seconds(draft: Draft, entry: str, values: list[str]) -> None:
    draft.phase2[entry].seconds = number(values, 120, 172800)


def _kilobytes(draft: Draft, entry: str, values: list[str]) -> None:
    draft.phase2[entry].kilobytes = number(values, 1, 0xFFFFFFFF)


def _protocol(draft: Draft, entry: str, values: list[str]) -> None:
    draft.phase2[entry].protocol = number(values, 0, 255)


def _end(end: Callable[[Phase2], End], set_it: Callable[[End, list[str]], None]) -> Handler:
    def handler(draft: Draft, entry: str, values: list[str]) -> None:
        set_it(end(draft.phase2[entry]), values)

    return handler


def _form(end: End, values: list[str]) -> None:
    end.form = choice(values, {w: w for w in ("subnet", "ip", "range", "name")})


def _end_subnet(end: End, values: list[str]) -> None:
    end.selector = subnet(values)


def _first(end: End, values: list[str]) -> None:
    end.first = parse_address(values[0])
    end.last = max(end.first, end.last)


def _last(end: End, values: list[str]) -> None:
    end.last = max(end.first, parse_address(values[0]))


def _name(end: End, values: list[str]) -> None:
    end.name = values[0]


def _port(end: End, values: list[str]) -> None:
    end.port = number(values, 0, 65535)


def _source(phase2: Phase2) -> End:
    return phase2.source


def _destination(phase2: Phase2) -> End:
    return phase2.destination


PHASE2: dict[str, Handler] = {
    "phase1name": _phase1,
    "proposal": _proposal,
    "pfs": _pfs,
    "dhgrp": _dhgrp,
    "replay": _replay,
    "auto-negotiate": _auto,
    "keepalive": nothing,
    "encapsulation": _encapsulation,
    "keylife-type": _life,
    "keylifeseconds": _seconds,
    "keylifekbs": _kilobytes,
    "protocol": _protocol,
    "comments": nothing,
    "src-addr-type": _end(_source, _form),
    "src-subnet": _end(_source, _end_subnet),
    "src-start-ip": _end(_source, _first),
    "src-end-ip": _end(_source, _last),
    "src-name": _end(_source, _name),
    "src-port": _end(_source, _port),
    "dst-addr-type": _end(_destination, _form),
    "dst-subnet": _end(_destination, _end_subnet),
    "dst-start-ip": _end(_destination, _first),
    "dst-end-ip": _end(_destination, _last),
    "dst-name": _end(_destination, _name),
    "dst-port": _end(_destination, _port),
}
"""Who reads what is set of a phase 2."""
