"""One end of a tunnel as a device has it configured, in the words of the scenario language.

The reverse of `lab.configurations`: what is the vendor's default is written all the same, so that
the file says everything that the device says.
"""

from collections.abc import Mapping
from typing import Any

from gwsim.ike.config import ChildConfig, Connection, Dpd, Identity, Phase1Transform
from gwsim.lab.algorithms import ENCRYPTIONS, ESP_ENCRYPTIONS, HASHES, INTEGRITIES
from gwsim.lab.durations import duration_text
from gwsim.lab.resolve import METHODS
from gwsim.wire.numbers import IdType

Options = dict[str, Any]


def options_of(peer: Connection) -> Options:
    """Give what a scenario says under a gateway's name to have this connection; keys left out."""
    modes = [("main", peer.accept_main), ("aggressive", peer.accept_aggressive)]
    said: Options = {
        "mode": "aggressive" if peer.aggressive else "main",
        "accept": [mode for mode, accepted in modes if accepted],
        "phase1": [_phase1(proposal) for proposal in peer.phase1],
        **(_phase2(peer.children[0]) if peer.children else {}),
        "selectors": [{"local": str(c.local), "remote": str(c.remote)} for c in peer.children],
        "nat_traversal": peer.nat_traversal,
        "dpd": _dpd(peer.dpd),
        "direction": _direction(peer),
        **_identities(peer),
    }
    if peer.force_encapsulation:
        said["force_encapsulation"] = True
    if peer.auto_start:
        said["auto_start"] = True
    return said


def _phase1(proposal: Phase1Transform) -> Options:
    said: Options = {
        "encryption": _name(ENCRYPTIONS, (proposal.encryption, proposal.key_bits)),
        "hash": _name(HASHES, proposal.hash),
        "group": int(proposal.group),
    }
    if proposal.lifetime_seconds is not None:
        said["lifetime"] = duration_text(proposal.lifetime_seconds)
    if proposal.authentication != METHODS["psk"]:
        said["authentication"] = _name(METHODS, proposal.authentication)
    return said


def _phase2(child: ChildConfig) -> Options:
    proposals: list[Options] = [
        {
            "encryption": _name(ESP_ENCRYPTIONS, (one.transform, one.key_bits)),
            "integrity": _name(INTEGRITIES, one.authentication),
        }
        for one in child.transforms
    ]
    if child.lifetime_seconds is not None:
        proposals[0]["lifetime"] = duration_text(child.lifetime_seconds)
    if child.lifetime_kilobytes is not None:
        proposals[0]["volume"] = child.lifetime_kilobytes
    said: Options = {"phase2": proposals, "pfs": child.pfs_group or "none"}
    if child.transport:
        said["encapsulation"] = "transport"
    return {**said, "replay_window": child.replay_window}


def _dpd(dpd: Dpd | None) -> Options | bool:
    if dpd is None:
        return False
    return {
        "idle": duration_text(dpd.idle),
        "retry": duration_text(dpd.retry),
        "count": dpd.count,
        "action": str(dpd.action),
        "on_demand": dpd.on_demand,
    }


def _direction(peer: Connection) -> str:
    if peer.may_initiate == peer.may_respond:
        return "both"
    return "originate-only" if peer.may_initiate else "answer-only"


def _identities(peer: Connection) -> Options:
    """Say who an end is and whom it expects; a device that is told nothing expects an address."""
    said: Options = {}
    if peer.local_id is not None:
        said["identity"] = _identity(peer.local_id)
    if peer.remote_id is not None:
        said["peer_identity"] = _identity(peer.remote_id)
    elif peer.remote is not None:
        said["peer_identity"] = peer.remote
    return said


def _identity(who: Identity) -> str:
    return f"key-id:{who.text}" if who.id_type == IdType.KEY_ID else who.text


def _name(names: Mapping[str, Any], wanted: object) -> str:
    """Give the first name of a number. Raises ValueError for what the language has no word for."""
    for name, number in names.items():
        if number == wanted:
            return name
    raise ValueError(f"the scenario language has no name for {wanted}")
