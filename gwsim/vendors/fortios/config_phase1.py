"""What each `set` of a phase 1 does to what has been read of it so far."""

from gwsim.ike.config import Dpd
from gwsim.vendors.fortios.config import LOCALID_TYPES
from gwsim.vendors.fortios.config_draft import Draft, Suite
from gwsim.vendors.fortios.config_values import (
    DH_GROUPS,
    SWITCH,
    Handler,
    address,
    choice,
    complain,
    known,
    nothing,
    number,
)
from gwsim.vendors.fortios.names import PHASE1_CIPHERS, PHASE1_HASHES, phase1_proposal
from gwsim.wire.numbers import IdType

ENCRYPTED = "ENC"
"""What stands before a key that only the device itself can read."""

UNSET = "0.0.0.0"
"""An address that nobody has set."""

_SUITES: dict[str, Suite] = {
    phase1_proposal(encryption, bits, digest): (encryption, bits, digest)
    for encryption, bits in PHASE1_CIPHERS
    for digest in PHASE1_HASHES
}


def _type(draft: Draft, entry: str, values: list[str]) -> None:
    tunnel = draft.phase1[entry]
    tunnel.dynamic = choice(values, {"static": False, "dynamic": True}, "a peer by address")


def _interface(draft: Draft, entry: str, values: list[str]) -> None:
    draft.phase1[entry].interface = values[0]


def _local_gw(draft: Draft, entry: str, values: list[str]) -> None:
    own = address(values[0])
    draft.phase1[entry].local = "" if own == UNSET else own


def _version(draft: Draft, entry: str, values: list[str]) -> None:
    if values[0] != "1":
        draft.phase1[entry].unusable = "IKEv2 is not spoken here"
        raise ValueError("IKEv2 is not spoken here")


def _authmethod(draft: Draft, entry: str, values: list[str]) -> None:
    if values[0] != "psk":
        draft.phase1[entry].unusable = "it has no pre-shared key"
        raise ValueError("only pre-shared keys can be had here")


def _keylife(draft: Draft, entry: str, values: list[str]) -> None:
    draft.phase1[entry].seconds = number(values, 120, 172800)


def _mode(draft: Draft, entry: str, values: list[str]) -> None:
    draft.phase1[entry].aggressive = choice(values, {"main": False, "aggressive": True})


def _passive(draft: Draft, entry: str, values: list[str]) -> None:
    draft.phase1[entry].passive = choice(values, SWITCH)


def _proposal(draft: Draft, entry: str, values: list[str]) -> None:
    draft.phase1[entry].suites = known(values, _SUITES)
    complain(values, _SUITES)


def _dhgrp(draft: Draft, entry: str, values: list[str]) -> None:
    draft.phase1[entry].groups = known(values, DH_GROUPS)
    complain(values, DH_GROUPS)


def _localid(draft: Draft, entry: str, values: list[str]) -> None:
    draft.phase1[entry].name = values[0]


def _localid_type(draft: Draft, entry: str, values: list[str]) -> None:
    kinds = {word: kind for kind, word in LOCALID_TYPES.items()}
    kinds |= {"auto": IdType.FQDN, "fqdn": IdType.FQDN}
    draft.phase1[entry].name_type = choice(values, kinds)


def _dpd(draft: Draft, entry: str, values: list[str]) -> None:
    kinds = {"disable": None, "on-idle": Dpd(), "on-demand": Dpd(on_demand=True)}
    # `enable` is what FortiOS 5.2 and earlier call probing at every silence.
    draft.phase1[entry].dpd = choice(values, kinds | {"enable": Dpd()})


def _dpd_count(draft: Draft, entry: str, values: list[str]) -> None:
    draft.phase1[entry].dpd_count = number(values, 0, 10)


def _dpd_interval(draft: Draft, entry: str, values: list[str]) -> None:
    draft.phase1[entry].dpd_interval = float(number(values, 0, 3600))


def _nattraversal(draft: Draft, entry: str, values: list[str]) -> None:
    kinds = {"enable": (True, False), "disable": (False, False), "forced": (True, True)}
    tunnel = draft.phase1[entry]
    tunnel.nat_traversal, tunnel.forced = choice(values, kinds)


def _keepalive(draft: Draft, entry: str, values: list[str]) -> None:
    draft.keepalive = float(number(values, 5, 900))


def _remote(draft: Draft, entry: str, values: list[str]) -> None:
    peer = address(values[0])
    draft.phase1[entry].remote = None if peer == UNSET else peer


def _key(draft: Draft, entry: str, values: list[str]) -> None:
    if values[0] == ENCRYPTED and len(values) > 1:
        raise ValueError("the key is encrypted")
    draft.phase1[entry].psk = values[0].encode()


def _peertype(draft: Draft, entry: str, values: list[str]) -> None:
    if values[0] != "any":
        raise ValueError("peers are not told apart by their names here")


PHASE1: dict[str, Handler] = {
    "type": _type,
    "interface": _interface,
    "local-gw": _local_gw,
    "ike-version": _version,
    "authmethod": _authmethod,
    "keylife": _keylife,
    "mode": _mode,
    "peertype": _peertype,
    "passive-mode": _passive,
    "proposal": _proposal,
    "dhgrp": _dhgrp,
    "localid": _localid,
    "localid-type": _localid_type,
    "dpd": _dpd,
    "dpd-retrycount": _dpd_count,
    "dpd-retryinterval": _dpd_interval,
    "nattraversal": _nattraversal,
    "keepalive": _keepalive,
    "remote-gw": _remote,
    "psksecret": _key,
    "net-device": nothing,
    "comments": nothing,
    "wizard-type": nothing,
    "add-route": nothing,
}
"""Who reads what is set of a phase 1."""
