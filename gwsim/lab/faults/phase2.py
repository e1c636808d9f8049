"""Faults of phase 2: proposals, PFS and proxy IDs that do not fit."""

from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from gwsim.ike.events import PfsRefused, PhaseTwoCompleted
from gwsim.ike.flaws import Flaw
from gwsim.lab.algorithms import COMBINED, ESP_ENCRYPTIONS, INTEGRITIES
from gwsim.lab.base import GatewayRef, SelectorText, Service
from gwsim.lab.configurations import hosts_of
from gwsim.lab.faults.deltas import alter_end, alter_sides, gateway_of, other_end, peers_of
from gwsim.lab.faults.fault import (
    AtTunnel,
    Evidence,
    Fault,
    FaultKind,
    Testimony,
    Theme,
)
from gwsim.lab.faults.phase1 import lifetimes_differed
from gwsim.lab.faults.proof import (
    comparison,
    either,
    left_clear,
    progress,
    proxy_refused,
    refusal,
)
from gwsim.lab.faults.stage import WITH_AES, Stage
from gwsim.lab.options import EspName, IntegrityName, PfsGroup, Phase2, SelectorPair
from gwsim.lab.resolve import Side, pfs_of, phase2_lifetime_of, phase2_of, selectors_of
from gwsim.lab.scenario import Scenario
from gwsim.lab.units import Duration, Volume
from gwsim.wire.ip import format_address, parse_address
from gwsim.wire.numbers import Group
from gwsim.wire.selector import Selector


class Pfs(AtTunnel):
    """PFS that differs: on one end only (`only_at`), or with another `group` at one end."""

    only_at: GatewayRef | None = None
    group: PfsGroup | None = None

    @model_validator(mode="after")
    def _one_way(self) -> "Pfs":
        if self.only_at is not None and self.at is not None:
            raise ValueError("either only_at, or at with a group")
        return self


class ProxyIds(AtTunnel):
    """How the proxy IDs of one end are wrong.

    `not-mirrored`: its remote network is the one beside the right one; `mask`: a prefix longer by
    one; `superset`: one shorter by eight; `host`: its own side is a host written as an address
    where the peer has a /32; `service`: it adds a protocol. `local` and `remote` say it in full.
    """

    kind: Literal["not-mirrored", "mask", "superset", "host", "service"] = "not-mirrored"
    service: Service = "icmp"
    local: SelectorText | None = None
    remote: SelectorText | None = None


class Suite(AtTunnel):
    """Another ESP cipher; not said, one that the peer does not have."""

    to: EspName | None = None


class Integrity(AtTunnel):
    """Another ESP integrity algorithm; not said, one that the peer does not have."""

    to: IntegrityName | None = None


class Phase2Lifetime(AtTunnel):
    """Other lifetimes of the IPsec SAs; not said, half of what this end has."""

    to: Duration | None = None
    volume: Annotated[Volume | None, Field(description="Kilobytes.")] = None


def _entry(end: Side, **values: Any) -> dict[str, Any]:
    """Give the first ESP proposal of an end with other values, as its only one."""
    said = end.options.phase2
    entry = said[0] if said else Phase2()
    return {"phase2": (entry.model_copy(update=values),)}


def _other_pfs(scenario: Scenario, told: Pfs) -> Scenario:
    if told.only_at is not None or told.group is None:
        return _one_sided(scenario, told)
    return alter_end(scenario, told, lambda end: {"pfs": told.group})


def _one_sided(scenario: Scenario, told: Pfs) -> Scenario:
    """Give PFS to one end (with its own group, or 2) and take it from its peers."""
    gateway = told.only_at or gateway_of(scenario, told)
    told = told.model_copy(update={"at": gateway})
    for peer in peers_of(scenario, told):
        scenario = alter_sides(scenario, peer, [gateway], lambda end: {"pfs": 0})
    default = told.group or int(Group.MODP_1024)
    return alter_end(scenario, told, lambda end: {"pfs": pfs_of(end) or default})


def _other_proxy_ids(scenario: Scenario, told: ProxyIds) -> Scenario:
    gateway = gateway_of(scenario, told)
    if told.kind == "host" and not (told.local or told.remote):
        host = next(host for host in hosts_of(scenario) if host.gateway == gateway).address
        for peer in peers_of(scenario, told):
            scenario = _with_pair(scenario, peer, gateway, "", f"{host}/32")
            scenario = _with_pair(scenario, gateway, peer, host, "")
        return scenario
    return alter_end(scenario, told, lambda end: {"selectors": _wrong(scenario, end, told)})


def _with_pair(scenario: Scenario, gateway: str, peer: str, local: str, remote: str) -> Scenario:
    """Leave one end a single pair, with another local or remote selector where one is given."""

    def values(end: Side) -> dict[str, Any]:
        ours, theirs = selectors_of(scenario, end)[0]
        pair = SelectorPair(local=local or str(ours), remote=remote or str(theirs))
        return {"selectors": (pair,)}

    return alter_sides(scenario, gateway, [peer], values)


def _wrong(scenario: Scenario, end: Side, told: ProxyIds) -> tuple[SelectorPair, ...]:
    return tuple(_wrong_pair(*pair, told) for pair in selectors_of(scenario, end))


def _wrong_pair(local: Selector, remote: Selector, told: ProxyIds) -> SelectorPair:
    if told.local or told.remote:
        return SelectorPair(local=told.local or str(local), remote=told.remote or str(remote))
    if told.kind == "service":
        ours, theirs = _addresses(local), _addresses(remote)
        return SelectorPair(local=f"{ours} {told.service}", remote=f"{theirs} {told.service}")
    return SelectorPair(local=str(local), remote=_distorted(remote, told.kind))


def _addresses(selector: Selector) -> str:
    return str(selector).split(maxsplit=1)[0]


def _distorted(selector: Selector, kind: str) -> str:
    """Give a network beside, inside or round the right one; what is no network stays beside."""
    prefix = 32 if selector.prefix is None else selector.prefix
    if kind == "mask" and prefix < 32:
        return f"{selector.address}/{prefix + 1} {selector.service}".strip()
    if kind == "superset" and prefix > 0:
        wider = max(prefix - 8, 0)
        first = selector.first & ~((1 << (32 - wider)) - 1)
        return f"{format_address(first)}/{wider} {selector.service}".strip()
    beside = selector.first ^ (1 << (32 - prefix)) if prefix else parse_address("10.99.0.0")
    length = prefix or 16
    return f"{format_address(beside)}/{length} {selector.service}".strip()


def _other_cipher(scenario: Scenario, told: Suite) -> Scenario:
    def values(end: Side) -> dict[str, Any]:
        taken = {transform.transform for transform in phase2_of(other_end(scenario, end))}
        others = (n for n in ("3des", "aes-256", "des") if ESP_ENCRYPTIONS[n][0] not in taken)
        name: str = told.to or next(others, "des")
        return _entry(end, encryption=name, **_fitting(end, ESP_ENCRYPTIONS[name][0]))

    return alter_end(scenario, told, values)


def _fitting(end: Side, transform: int) -> dict[str, Any]:
    """Give GCM no integrity of its own, and what was GCM some, so that the suite can run."""
    combined = phase2_of(end)[0].authentication is None
    if transform in COMBINED:
        return {"integrity": "none"}
    return {"integrity": "sha1"} if combined else {}


def _other_key_length(scenario: Scenario, told: AtTunnel) -> Scenario:
    def values(end: Side) -> dict[str, Any]:
        taken = {(t.transform, t.key_bits) for t in phase2_of(other_end(scenario, end))}
        gcm = phase2_of(end)[0].transform in COMBINED
        names = [f"aes-{bits}{'-gcm' if gcm else ''}" for bits in (128, 256, 192)]
        others = (name for name in names if ESP_ENCRYPTIONS[name] not in taken)
        return _entry(end, encryption=next(others, names[0]))

    return alter_end(scenario, told, values)


def _other_integrity(scenario: Scenario, told: Integrity) -> Scenario:
    def values(end: Side) -> dict[str, Any]:
        taken = {transform.authentication for transform in phase2_of(other_end(scenario, end))}
        others = (n for n in ("md5", "sha1", "sha256") if INTEGRITIES[n] not in taken)
        name: str = told.to or next(others, "sha512")
        gcm = phase2_of(end)[0].transform in COMBINED
        cipher = {"encryption": "aes-128"} if gcm and name != "none" else {}
        return _entry(end, integrity=name, **cipher)

    return alter_end(scenario, told, values)


def _other_lifetime(scenario: Scenario, told: Phase2Lifetime) -> Scenario:
    def values(end: Side) -> dict[str, Any]:
        lifetime = told.to or max(60.0, phase2_lifetime_of(end)[0] / 2)
        return _entry(end, lifetime=lifetime, **({"volume": told.volume} if told.volume else {}))

    return alter_end(scenario, told, values)


def _other_encapsulation(scenario: Scenario, told: AtTunnel) -> Scenario:
    flip = {"tunnel": "transport", "transport": "tunnel"}
    return alter_end(
        scenario,
        told,
        lambda end: {"encapsulation": flip[end.options.encapsulation or "tunnel"]},
    )


def _other_esn(scenario: Scenario, told: AtTunnel) -> Scenario:
    return alter_end(scenario, told, lambda end: {"esn": not end.options.esn})


def _no_selectors(scenario: Scenario, told: AtTunnel) -> Scenario:
    return alter_end(scenario, told, lambda end: {"selectors": ()})


def _pfs_refused(evidence: Evidence) -> Testimony:
    for gateway in evidence.record.gateways:
        for event in gateway.of(PfsRefused):
            words = f"group {event.offered} offered, {event.wanted} wanted (0 is no PFS)"
            return Testimony(True, f"{gateway.name} refused at {event.at:.1f} s: {words}")
    return Testimony(False, f"no PFS group was refused; {progress(evidence.record)}")


def _esn_differed(evidence: Evidence) -> Testimony:
    """The responder without ESN refuses it, one that offers none gets none."""
    told = comparison(2, ("extended sequence number",), "sequence numbers")(evidence)
    completed = any(next(g.of(PhaseTwoCompleted), None) for g in evidence.record.gateways)
    if not told.bit and completed:
        return Testimony(True, "phase 2 completed without extended sequence numbers")
    return told


def _mismatch(what: str, attributes: tuple[str, ...], **rest: Any) -> Fault:
    """Make the fault of one attribute of the ESP proposal."""
    return Fault(
        theme=Theme.PHASE2,
        kind=FaultKind.CONFIGURATION,
        title=f"The phase 2 {what} differs",
        cause=f"The two ends have no phase 2 proposal in common: the {what} differs.",
        signs=(
            "phase 1 completes, quick-1 is answered with an encrypted NO-PROPOSAL-CHOSEN",
            "what becomes of phase 1 then is the vendor's habit: it stays, or goes down too",
        ),
        repair=f"Set the same {what} in a phase 2 proposal of both ends.",
        witness=comparison(2, attributes, what),
        **rest,
    )


PROXY_ID_KINDS = ("not-mirrored", "mask", "superset", "host", "service")
"""What `kind` can be."""

_OTHER_GROUP = Stage("another group", {"group": "group5"}, {"pfs": "group2"})

FAULTS: tuple[Fault, ...] = (
    Fault(
        name="pfs-mismatch",
        theme=Theme.PHASE2,
        kind=FaultKind.CONFIGURATION,
        title="Perfect forward secrecy is not the same on both ends",
        cause="One end wants a Diffie-Hellman exchange in quick mode, the other none or another.",
        signs=(
            "phase 1 completes, quick-1 is refused, or accepted: a question of the responder",
            "it can work in one direction and fail in the other",
        ),
        repair="Set the same PFS group on both ends, or none on both.",
        parameters=Pfs,
        brief="only_at",
        alter=_other_pfs,
        witness=either(
            _pfs_refused,
            refusal((Flaw.PFS,), "no PFS group was refused"),
            comparison(2, ("pfs group",), "PFS group"),
        ),
        stages=(Stage(), _OTHER_GROUP),
    ),
    Fault(
        name="proxy-id-mismatch",
        theme=Theme.PHASE2,
        kind=FaultKind.CONFIGURATION,
        title="The proxy IDs of the two ends do not mirror each other",
        cause="What one end calls local is not what the other end calls remote.",
        signs=(
            "phase 1 completes, quick-1 is answered with an encrypted INVALID-ID-INFORMATION",
            "it may work when the narrower end begins, with peers that accept a subset",
        ),
        repair="Write the same networks, masks and services on both ends, mirrored.",
        parameters=ProxyIds,
        alter=_other_proxy_ids,
        witness=either(proxy_refused, refusal((Flaw.PROXY_ID,), "none"), left_clear),
        stages=tuple(Stage(kind, {"kind": kind}) for kind in PROXY_ID_KINDS),
    ),
    _mismatch(
        "encryption",
        ("transform",),
        name="phase2-encryption-mismatch",
        parameters=Suite,
        alter=_other_cipher,
    ),
    _mismatch(
        "key length",
        ("key length",),
        name="phase2-key-length-mismatch",
        alter=_other_key_length,
        stages=(Stage(options=WITH_AES),),
    ),
    _mismatch(
        "integrity",
        ("authentication",),
        name="phase2-integrity-mismatch",
        parameters=Integrity,
        alter=_other_integrity,
    ),
    _mismatch(
        "encapsulation",
        ("encapsulation mode",),
        name="encapsulation-mismatch",
        alter=_other_encapsulation,
    ),
    Fault(
        name="esn-mismatch",
        theme=Theme.PHASE2,
        kind=FaultKind.CONFIGURATION,
        title="Extended sequence numbers on one end only",
        cause="One end wants 64-bit sequence numbers in ESP, the other does not.",
        signs=("offered to an end without: refused; not offered to an end with: 32 bits",),
        repair="Set it alike on both ends.",
        alter=_other_esn,
        witness=_esn_differed,
    ),
    Fault(
        name="phase2-lifetime-mismatch",
        theme=Theme.PHASE2,
        kind=FaultKind.CONFIGURATION,
        title="The phase 2 lifetimes differ",
        cause="The two ends configure different lifetimes for the IPsec SAs.",
        signs=("no error: the lower one is used",),
        repair="None is needed; alike on both ends it is easier to follow.",
        parameters=Phase2Lifetime,
        alter=_other_lifetime,
        witness=either(lifetimes_differed(2), comparison(2, ("lifetime",), "lifetime")),
    ),
    Fault(
        name="acl-missing",
        theme=Theme.PHASE2,
        kind=FaultKind.CONFIGURATION,
        title="One end protects nothing",
        cause="No crypto ACL, policy or proxy ID says that the traffic belongs into the tunnel.",
        signs=(
            "as sender: packets leave in clear text and no negotiation begins",
            "as responder: every proxy ID is refused",
        ),
        repair="Configure the traffic to be protected, mirrored from the other end.",
        alter=_no_selectors,
        witness=either(left_clear, proxy_refused, refusal((Flaw.PROXY_ID,), "none")),
    ),
)
