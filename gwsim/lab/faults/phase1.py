"""Faults of phase 1: keys, proposals, modes and identities that do not fit."""

from collections.abc import Iterable
from typing import Annotated, Any

from pydantic import Field

from gwsim.ike.events import LifetimeCompared, PeerIdentified, Rejected
from gwsim.ike.flaws import Flaw
from gwsim.lab.algorithms import ENCRYPTIONS, HASHES
from gwsim.lab.base import Address
from gwsim.lab.faults.deltas import (
    alter_end,
    alter_gateway,
    alter_sides,
    gateway_of,
    other_end,
    peers_of,
)
from gwsim.lab.faults.fault import At, AtTunnel, Evidence, Fault, FaultKind, Testimony, Theme
from gwsim.lab.faults.proof import Witness, comparison, could_not_begin, either, progress, refusal
from gwsim.lab.faults.stage import WITH_AES, Stage
from gwsim.lab.options import EncryptionName, GroupNumber, HashName, Phase1
from gwsim.lab.resolve import Side, phase1_of, psk_of
from gwsim.lab.scenario import Scenario
from gwsim.lab.units import Duration
from gwsim.wire.numbers import Group


class Key(AtTunnel):
    """Another pre-shared key; not said, the right one with a letter too many."""

    key: Annotated[str | None, Field(min_length=1)] = None


class Cipher(AtTunnel):
    """Another phase 1 cipher; not said, one that the peer does not have."""

    to: EncryptionName | None = None


class Hash(AtTunnel):
    """Another phase 1 hash; not said, one that the peer does not have."""

    to: HashName | None = None


class OtherGroup(AtTunnel):
    """Another phase 1 group; not said, one that the peer does not have."""

    to: GroupNumber | None = None


class Lifetime(AtTunnel):
    """Another lifetime; not said, an hour, or two where the peer has an hour."""

    to: Duration | None = None


class NewAddress(At):
    """The address that a gateway has instead of the one its peers know."""

    address: Address = "203.0.113.77"


class IdentityGiven(AtTunnel):
    """What the gateway calls itself instead of what its peer expects."""

    identity: Annotated[str, Field(min_length=1)] = "vpn.example.net"


def _wrong_key(scenario: Scenario, told: Key) -> Scenario:
    def values(end: Side) -> dict[str, Any]:
        key = psk_of(end)
        return {"psk": told.key or f"{key.decode() if key else ''}x"}

    return alter_end(scenario, told, values)


def _no_key(scenario: Scenario, told: AtTunnel) -> Scenario:
    return alter_end(scenario, told, lambda end: {"psk": False})


def _proposal(end: Side, **values: Any) -> dict[str, Any]:
    """Give the first proposal of an end with other values, as its only one."""
    said = end.options.phase1
    entry = said[0] if said else Phase1()
    return {"phase1": (entry.model_copy(update=values),)}


def _first_other(wanted: Iterable[str], taken: Iterable[object], table: dict[str, Any]) -> str:
    """Give the first name whose value the peer does not have."""
    known = set(taken)
    names = list(wanted)
    return next((name for name in names if table[name] not in known), names[0])


def _other_cipher(scenario: Scenario, told: Cipher) -> Scenario:
    """Choose another algorithm, not merely another key length."""

    def values(end: Side) -> dict[str, Any]:
        taken = {transform.encryption for transform in phase1_of(other_end(scenario, end))}
        algorithms = {name: row[0] for name, row in ENCRYPTIONS.items()}
        name = told.to or _first_other(("3des", "aes-256", "des"), taken, algorithms)
        return _proposal(end, encryption=name)

    return alter_end(scenario, told, values)


def _other_key_length(scenario: Scenario, told: AtTunnel) -> Scenario:
    def values(end: Side) -> dict[str, Any]:
        taken = [(t.encryption, t.key_bits) for t in phase1_of(other_end(scenario, end))]
        return _proposal(
            end, encryption=_first_other(("aes-128", "aes-256", "aes-192"), taken, ENCRYPTIONS)
        )

    return alter_end(scenario, told, values)


def _other_hash(scenario: Scenario, told: Hash) -> Scenario:
    def values(end: Side) -> dict[str, Any]:
        taken = [transform.hash for transform in phase1_of(other_end(scenario, end))]
        return _proposal(
            end, hash=told.to or _first_other(("md5", "sha1", "sha256"), taken, HASHES)
        )

    return alter_end(scenario, told, values)


def _other_group(scenario: Scenario, told: OtherGroup) -> Scenario:
    def values(end: Side) -> dict[str, Any]:
        taken = {transform.group for transform in phase1_of(other_end(scenario, end))}
        groups = (Group.MODP_1536, Group.MODP_1024, Group.MODP_2048)
        return _proposal(
            end, group=told.to or next((g for g in groups if g not in taken), Group.ECP_256)
        )

    return alter_end(scenario, told, values)


def _other_lifetime(scenario: Scenario, told: Lifetime) -> Scenario:
    def values(end: Side) -> dict[str, Any]:
        taken = {t.lifetime_seconds for t in phase1_of(other_end(scenario, end))}
        return _proposal(end, lifetime=told.to or (7200.0 if 3600 in taken else 3600.0))

    return alter_end(scenario, told, values)


def _other_mode(scenario: Scenario, told: AtTunnel) -> Scenario:
    """One end has the other mode, and each end accepts its own mode only."""
    gateway = gateway_of(scenario, told)
    for peer in peers_of(scenario, told):
        scenario = alter_sides(scenario, peer, [gateway], _only_own_mode)
    flip = {"main": "aggressive", "aggressive": "main"}
    return alter_end(scenario, told, lambda end: _mode(flip[end.options.mode or "main"]))


def _only_own_mode(end: Side) -> dict[str, Any]:
    return _mode(end.options.mode or "main")


def _mode(mode: str) -> dict[str, Any]:
    return {"mode": mode, "accept": (mode,)}


def _other_identity(scenario: Scenario, told: IdentityGiven) -> Scenario:
    """One end calls itself differently while the other goes on expecting what it was."""
    gateway = gateway_of(scenario, told)
    spec = scenario.gateways[gateway]

    def expected(end: Side) -> dict[str, Any]:
        before = end.options.peer_identity or other_end(scenario, end).options.identity
        return {"peer_identity": before or spec.outside}

    for peer in peers_of(scenario, told):
        scenario = alter_sides(scenario, peer, [gateway], expected)
    return alter_end(scenario, told, lambda end: {"identity": told.identity})


def _certificates(scenario: Scenario, told: AtTunnel) -> Scenario:
    return alter_end(scenario, told, lambda end: _proposal(end, authentication="rsa-sig"))


def _new_address(scenario: Scenario, told: NewAddress) -> Scenario:
    """One end has another address, and its peers go on looking for the one it had."""
    gateway = gateway_of(scenario, told)
    spec = scenario.gateways[gateway]
    if spec.behind_nat is not None:
        return scenario
    for peer in peers_of(scenario, told):
        scenario = alter_sides(
            scenario, peer, [gateway], lambda end: {"peer": end.options.peer or spec.outside}
        )
    return alter_gateway(scenario, gateway, outside=told.address)


def _called_in_vain(evidence: Evidence) -> Testimony:
    """A peer called the address at which the gateway is no more."""
    gateway = gateway_of(evidence.scenario, evidence.parameters)
    old = evidence.scenario.gateways[gateway].outside
    calls = [event for event in evidence.record.path if event.destination == old]
    if calls:
        return Testimony(True, f"{old} was called from {calls[0].at:.1f} s on, and nobody is there")
    return Testimony(False, f"nobody called {old}; {progress(evidence.record)}")


def _key_refused(evidence: Evidence) -> Testimony:
    """A wrong key shows when main-5 is decrypted or HASH_R of aggr-2 is checked."""
    flaws = (Flaw.UNDECRYPTABLE, Flaw.HASH_PHASE1, Flaw.MALFORMED)
    for gateway in evidence.record.gateways:
        for event in gateway.of(Rejected):
            keyed = event.label in ("main-5", "main-6", "aggr-2", "aggr-3")
            if keyed and event.flaw in flaws and event.at >= evidence.span.start:
                words = f"{gateway.name} refused {event.label} at {event.at:.1f} s"
                return Testimony(True, f"{words}: {event.flaw.value}")
    words = "no message that depends on the key was refused"
    return Testimony(False, f"{words}; {progress(evidence.record)}")


def lifetimes_differed(phase: int) -> Witness:
    """Make a witness that looks for two lifetimes that met and differed."""

    def witness(evidence: Evidence) -> Testimony:
        for gateway in evidence.record.gateways:
            for event in gateway.of(LifetimeCompared):
                if event.phase == phase and event.ours != event.theirs:
                    words = f"{event.ours} {event.unit} met {event.theirs}, {event.chosen} chosen"
                    return Testimony(True, f"{gateway.name} at {event.at:.1f} s: {words}")
        words = f"no two lifetimes of phase {phase} met that differ"
        return Testimony(False, f"{words}; {progress(evidence.record)}")

    return witness


def _identity_noticed(evidence: Evidence) -> Testimony:
    """The identity was read by somebody who expected another one."""
    for gateway in evidence.record.gateways:
        for event in gateway.of(PeerIdentified):
            if event.text == evidence.parameters.identity:
                words = f"{gateway.name} read {event.text!r} at {event.at:.1f} s"
                if event.accepted:
                    return Testimony(False, f"{words} and does not compare identities")
                return Testimony(True, f"{words} and expected {event.expected!r}")
    return Testimony(False, f"nobody read the identity; {progress(evidence.record)}")


def _mismatch(what: str, attributes: tuple[str, ...], **rest: Any) -> Fault:
    """Make the fault of one attribute of the phase 1 proposal."""
    return Fault(
        theme=Theme.PHASE1,
        kind=FaultKind.CONFIGURATION,
        title=f"The phase 1 {what} differs",
        cause=f"The two ends have no phase 1 proposal in common: the {what} differs.",
        signs=(
            "the responder refuses main-1 and says which attribute",
            "the initiator gets a clear NO-PROPOSAL-CHOSEN, or silence",
        ),
        repair=f"Set the same {what} in a phase 1 proposal of both ends.",
        witness=comparison(1, attributes, what),
        **rest,
    )


FAULTS: tuple[Fault, ...] = (
    Fault(
        name="psk-mismatch",
        theme=Theme.PHASE1,
        kind=FaultKind.CONFIGURATION,
        title="The two ends hold different pre-shared keys",
        cause="The pre-shared key of one end is not that of the other.",
        signs=(
            "main mode: main-5 cannot be decrypted, main-6 never comes",
            "aggressive mode: the initiator finds HASH_R of aggr-2 wrong",
        ),
        repair="Enter the same key on both ends; beware of blanks at its end.",
        parameters=Key,
        alter=_wrong_key,
        witness=_key_refused,
    ),
    Fault(
        name="missing-psk",
        theme=Theme.PHASE1,
        kind=FaultKind.CONFIGURATION,
        title="One end has no key for its peer",
        cause="No pre-shared key (no tunnel-group, no gateway entry) is configured for the peer.",
        signs=("the peer is a stranger: it is refused at main-1, or gets no answer to main-3",),
        repair="Configure the peer with its address and key.",
        alter=_no_key,
        witness=either(
            refusal((Flaw.NO_PRE_SHARED_KEY, Flaw.UNKNOWN_PEER), "nobody missed the key"),
            refusal((Flaw.NO_PROPOSAL_PHASE1,), "nobody missed the key"),
            could_not_begin,
        ),
    ),
    _mismatch(
        "encryption",
        ("encryption",),
        name="phase1-encryption-mismatch",
        parameters=Cipher,
        alter=_other_cipher,
    ),
    _mismatch(
        "key length",
        ("key length",),
        name="phase1-key-length-mismatch",
        alter=_other_key_length,
        stages=(Stage(options=WITH_AES),),
    ),
    _mismatch("hash", ("hash",), name="phase1-hash-mismatch", parameters=Hash, alter=_other_hash),
    _mismatch(
        "Diffie-Hellman group",
        ("group",),
        name="phase1-group-mismatch",
        parameters=OtherGroup,
        alter=_other_group,
    ),
    Fault(
        name="phase1-lifetime-mismatch",
        theme=Theme.PHASE1,
        kind=FaultKind.CONFIGURATION,
        title="The phase 1 lifetimes differ",
        cause="The two ends configure different lifetimes for the ISAKMP SA.",
        signs=("no error: the lower one is used", "a strict responder refuses the longer one"),
        repair="None is needed; the same lifetime on both ends saves surprises at rekeying.",
        parameters=Lifetime,
        alter=_other_lifetime,
        witness=either(lifetimes_differed(1), comparison(1, ("lifetime",), "lifetime")),
    ),
    Fault(
        name="mode-mismatch",
        theme=Theme.PHASE1,
        kind=FaultKind.CONFIGURATION,
        title="Main mode on one end, aggressive mode on the other",
        cause="One end begins in a mode that the other does not accept.",
        signs=("the first message is never answered",),
        repair="Use main mode on both ends, or accept aggressive mode where it is needed.",
        alter=_other_mode,
        witness=refusal((Flaw.EXCHANGE_MODE, Flaw.UNKNOWN_PEER), "no mode was refused"),
    ),
    Fault(
        name="identity-mismatch",
        theme=Theme.PHASE1,
        kind=FaultKind.CONFIGURATION,
        title="A gateway does not call itself what its peer expects",
        cause="The identity in main-5 or main-6 is not the one configured for the peer.",
        signs=("phase 1 ends at the identity", "a vendor that does not compare notices nothing"),
        repair="Set the same identity as own ID on one end and as peer ID on the other.",
        parameters=IdentityGiven,
        alter=_other_identity,
        witness=either(_identity_noticed, refusal((Flaw.PEER_ID,), "no identity was refused")),
    ),
    _mismatch(
        "authentication method",
        ("authentication",),
        name="phase1-authentication-mismatch",
        alter=_certificates,
    ),
    Fault(
        name="dynamic-peer-in-main-mode",
        theme=Theme.PHASE1,
        kind=FaultKind.CONFIGURATION,
        title="A gateway has got another address, and main mode knows it by the old one",
        cause="In main mode the pre-shared key is chosen by the peer's address, and that changed.",
        signs=(
            "the gateway that moved is a stranger: it is refused at main-1 or at main-3",
            "its peer calls the old address, and nobody is there",
        ),
        repair="Configure the new address, or aggressive mode with an identity for a dynamic peer.",
        parameters=NewAddress,
        alter=_new_address,
        witness=either(
            refusal(
                (Flaw.UNKNOWN_PEER, Flaw.NO_PRE_SHARED_KEY, Flaw.NO_PROPOSAL_PHASE1),
                "no stranger called",
            ),
            _called_in_vain,
        ),
    ),
)
"""All but one of them show before anything is encrypted; a wrong key shows only at main-5."""
