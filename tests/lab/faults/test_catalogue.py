"""Every fault of the catalogue takes effect where it can, says so, and its twin comes up."""

import math

import pytest
from pydantic import ValidationError

from gwsim.lab.faults import mistakes_in_messages, mistakes_in_payloads
from gwsim.lab.faults.catalogue import (
    CATALOGUE,
    active,
    parameters_of,
    rule_name,
    rules,
    spans,
    witnesses,
)
from gwsim.lab.faults.fault import Fault, FaultKind
from gwsim.lab.load import Loaded, load_text
from gwsim.lab.runner import run, run_twin
from gwsim.lab.scenario import FaultUse
from tests.lab.scenarios_for_tests import TWO_ASAS, with_fault

MISTAKES = [
    mistake.name for mistake in (*mistakes_in_payloads.MISTAKES, *mistakes_in_messages.MISTAKES)
]
NAT = (
    ("outside: 203.0.113.1", "outside: 192.168.1.2, behind_nat: {public: 203.0.113.1}"),
    ("from: hq.server, to: branch.pc", "from: branch.pc, to: hq.server, count: 12, every: 5s"),
)
LATER = (
    "{at: 1s, ping: {from: hq.server, to: branch.pc}}",
    "{at: 1s, ping: {from: branch.pc, to: hq.server, count: 1}}\n"
    "  - {at: 7s, ping: {from: hq.server, to: branch.pc}}",
)
NETSCREEN = (("branch: {vendor: asa", "branch: {vendor: screenos"),)
SHA256 = (("integrity: sha1", "integrity: sha256"),)
LONG = (("to: branch.pc", "to: branch.pc, count: 50"),)
BIG = (("to: branch.pc", "to: branch.pc, size: 1390, df: yes"),)
CLEAR = (("ping: {from: hq.server, to: branch.pc}}", "initiate: hq}\n  - {at: 5s, clear: hq}"),)
MORE = (
    (
        "to: branch.pc}}",
        "to: branch.pc}}\n  - {at: 5s, ping: {from: hq.server, to: 10.99.0.5}}",
    ),
)
REKEY = (
    (
        "{at: 1s, ping: {from: hq.server, to: branch.pc}}",
        "{at: 1s, ping: {from: hq.server, to: branch.pc, count: 20}}\n  - {at: 8s, rekey: hq}",
    ),
)
LATE_LINE = (
    (
        "timeline:\n",
        "timeline:\n  - {at: 100ms, link: {at: branch, up: no}}\n"
        "  - {at: 40s, link: {at: branch, up: yes}}\n",
    ),
    ("to: branch.pc}", "to: branch.pc, count: 60}"),
)
SHORT_LIVED = (
    ("integrity: sha1}", "integrity: sha1, lifetime: 20s}"),
    ("vendor: asa,", "vendor: asa, behaviour: {rekey: no, send_delete: no},"),
    (
        "to: branch.pc}}",
        "to: branch.pc, count: 15}}\n"
        "  - {at: 45s, ping: {from: hq.server, to: branch.pc, count: 5}}",
    ),
)

BITING: dict[str, tuple[str, tuple[tuple[str, str], ...]]] = {
    "peer-down": ("{}", ()),
    "link-down": ("{}", ()),
    "no-route": ("{}", ()),
    "wrong-peer-address": ("{at: hq}", ()),
    "isakmp-disabled": ("{}", ()),
    "udp-500-blocked": ("hq", ()),
    "answer-only-both": ("{}", ()),
    "psk-mismatch": ("{}", ()),
    "missing-psk": ("{}", ()),
    "phase1-encryption-mismatch": ("{}", ()),
    "phase1-key-length-mismatch": ("{}", ()),
    "phase1-hash-mismatch": ("{}", ()),
    "phase1-group-mismatch": ("{}", ()),
    "phase1-lifetime-mismatch": ("{to: 2h}", ()),
    "mode-mismatch": ("{}", ()),
    "identity-mismatch": ("{at: hq}", NETSCREEN),
    "nat": ("{at: hq}", ()),
    "udp-4500-blocked": ("{}", NAT),
    "nat-timeout": (
        "{timeout: 4s}",
        (NAT[0], LATER),
    ),
    "nat-rebind": ("{start: 20s}", NAT),
    "nat-traversal-off": ("{}", NAT),
    "pfs-mismatch": ("hq", ()),
    "proxy-id-mismatch": ("{kind: mask}", ()),
    "phase2-encryption-mismatch": ("{}", ()),
    "phase2-key-length-mismatch": ("{}", ()),
    "phase2-integrity-mismatch": ("{}", ()),
    "encapsulation-mismatch": ("{at: branch}", NETSCREEN),
    "esn-mismatch": ("{at: hq}", ()),
    "phase2-lifetime-mismatch": ("{}", ()),
    "acl-missing": ("{at: hq}", ()),
    "esp-blocked": ("hq", ()),
    "drop": ("main-4", ()),
    "loss": ("50%", LONG),
    "delay": ("{by: 2s, what: main-2}", ()),
    "duplicate": ("esp", ()),
    "reorder": ("esp", LONG),
    "corrupt": ("esp", ()),
    "replay": ("{}", ()),
    "mtu": ("{}", BIG),
    "sha256-96-bit": ("{}", SHA256),
    "reboot": ("{start: 5s, down: 2s}", LONG),
    "dpd-off": ("{}", ()),
    "initial-contact-off": ("{at: hq}", ()),
    "delete-off": ("{at: hq}", CLEAR),
    "delete-lost": ("{}", CLEAR),
    "originate-only": ("{}", ()),
    "phase1-authentication-mismatch": ("{}", ()),
    "dynamic-peer-in-main-mode": ("{}", ()),
    "draft-only-peer": ("{}", NAT),
    "keepalive-off": ("{}", NAT),
    "crypto-map-not-applied": ("{at: hq}", ()),
    "extra-acl-line": ("{at: hq}", MORE),
    "nat-exemption-missing": ("{at: hq}", ()),
    "inner-acl-deny": ("{}", ()),
    "overlapping-subnets": ("{at: hq}", ()),
    "crossing-rekey": ("{start: 8s}", LONG),
    "half-open-flood": ("{at: hq}", LONG),
    **{name: ("{at: hq}", ()) for name in MISTAKES},
    "message-id-reused": ("{at: hq}", REKEY),
    "delete-unknown-spi": ("{at: hq}", CLEAR),
    "delete-omit": ("{at: hq}", CLEAR),
    "delete-duplicate": ("{at: hq}", CLEAR),
    "delete-with-notify": ("{at: hq}", CLEAR),
    "send-no-main-2": ("{}", ()),
    "suppress-retransmits": ("{at: hq}", LATE_LINE),
    "timeout-on-retransmit": ("{at: hq}", LATE_LINE),
    "ignore-soft-expire": ("{}", ()),
    "ignore-hard-expire": ("{}", SHORT_LIVED),
    "replay-forward": ("{}", ()),
    "replay-backward": ("{}", ()),
    "drip": ("2s", ()),
}
"""For every fault what it is told and what the scenario must be like for it to take effect."""

FROM_BRANCH = (("from: hq.server, to: branch.pc", "from: branch.pc, to: hq.server"),)
ALSO_BITING: list[tuple[str, str, tuple[tuple[str, str], ...], str]] = [
    ("dynamic-peer-in-main-mode", "{}", FROM_BRANCH, "hq refused main-3"),
    ("crypto-map-not-applied", "{}", (), "branch refused"),
    ("nat-exemption-missing", "{}", (), "packets left branch under its own address"),
    ("peer-down", "{}", FROM_BRANCH, "the hosts behind branch sent 4 times into nothing"),
    ("isakmp-disabled", "{}", FROM_BRANCH, "branch could not start the tunnel"),
    ("missing-psk", "{}", FROM_BRANCH, "branch could not start the tunnel"),
    ("nat", "{}", (), "the NAT kept out"),
    ("wrong-peer-address", "{}", (), "branch refused main-3"),
    ("acl-missing", "{}", (), "branch refused"),
]
"""Other ways in which some faults take effect, and what the witness says then."""

NOT_BITING: dict[str, tuple[str, tuple[tuple[str, str], ...], str]] = {
    "peer-down": ("{start: 8s}", (), "nobody called branch"),
    "udp-500-blocked": ("{start: 9s}", (), "no packet of this kind was seen (UDP 500)"),
    "udp-4500-blocked": (
        "{}",
        (),
        "no packet of this kind was seen (UDP 4500), no NAT on the path",
    ),
    "psk-mismatch": (
        "{key: correct horse battery staple}",
        (),
        "no message that depends on the key",
    ),
    "phase1-hash-mismatch": ("{to: sha1}", (), "no proposal was refused over its hash"),
    "phase1-lifetime-mismatch": ("{to: 24h}", (), "no two lifetimes of phase 1 met that differ"),
    "identity-mismatch": ("{at: hq}", (), "and does not compare identities"),
    "nat-traversal-off": ("{}", (), "there is no NAT on the path"),
    "nat-rebind": ("{}", (), "there is no NAT in front of branch"),
    "nat-timeout": ("{}", (), "there is no NAT in front of branch"),
    "pfs-mismatch": ("{at: branch, group: none}", (), "no PFS group was refused"),
    "sha256-96-bit": ("{}", (), "no packet failed authentication"),
    "mtu": ("{}", (), "every packet fitted; the largest had"),
    "drop": ("the 9th main-4", (), "no packet of this kind was seen"),
    "esp-blocked": ("{}", NAT, "ESP travelled inside UDP"),
    "initial-contact-off": ("{}", NETSCREEN, "branch never announces initial contact anyway"),
    "delete-off": ("{}", (), "branch ended no SA"),
    "reboot": ("{start: 5s, down: 90s}", (), "branch did not come back before the run ended"),
    "draft-only-peer": (
        "{}",
        (("    psk:", "    nat_traversal: no\n    psk:"),),
        "nobody spoke of NAT",
    ),
    "keepalive-off": ("{}", (), "branch is behind no NAT that it knows of"),
    "extra-acl-line": ("{}", (), "no traffic asked for 10.99.0.0/24"),
    "inner-acl-deny": ("any tcp", (), "nothing came out of a tunnel there"),
    "overlapping-subnets": ("{}", (), "no host behind branch sent anything into that network"),
    "crossing-rekey": ("{start: 9900ms}", CLEAR, "the ends did not renew at once"),
    "half-open-flood": ("{at: hq, count: 3}", (), "nobody refused to begin another negotiation"),
    "ke-omit": ("{message: quick-2}", (), "branch sent no message in which this could be wrong"),
    "send-no-main-2": ("hq", (), "hq had nothing to answer"),
    "suppress-retransmits": ("{}", (), "branch gave nothing up"),
    "ignore-hard-expire": ("{}", (), "no SA of branch came to the end of its lifetime"),
}
"""For some faults a scenario in which they change nothing, and what the witness says then."""


def loaded(name: str, told: str, changes: tuple[tuple[str, str], ...]) -> Loaded:
    return load_text(with_fault(f"{name}: {told}", *changes), f"{name}.yaml")


def test_every_fault_is_tried() -> None:
    assert set(BITING) == set(CATALOGUE)
    assert set(NOT_BITING) <= set(CATALOGUE)


@pytest.mark.parametrize("name", list(BITING))
def test_a_fault_bites_and_its_twin_comes_up(name: str) -> None:
    scenario = loaded(name, *BITING[name])
    [bite] = run(scenario).verdict.bites
    assert bite.bit, bite.words
    assert bite.words
    if BITING[name][1] != CLEAR:
        twin = run_twin(scenario).verdict
        assert twin.passed, twin.findings


@pytest.mark.parametrize(("name", "told", "changes", "why"), ALSO_BITING)
def test_a_fault_can_bite_in_more_than_one_way(
    name: str, told: str, changes: tuple[tuple[str, str], ...], why: str
) -> None:
    [bite] = run(loaded(name, told, changes)).verdict.bites
    assert bite.bit
    assert why in bite.words


@pytest.mark.parametrize("name", list(NOT_BITING))
def test_a_fault_that_cannot_bite_says_why(name: str) -> None:
    told, changes, why = NOT_BITING[name]
    [bite] = run(loaded(name, told, changes)).verdict.bites
    assert not bite.bit
    assert why in bite.words


@pytest.mark.parametrize("fault", CATALOGUE.values(), ids=list(CATALOGUE))
def test_every_fault_can_be_understood(fault: Fault) -> None:
    assert fault.cause.endswith(".")
    assert fault.title
    assert fault.signs
    assert all(sign for sign in fault.signs)
    assert fault.repair.endswith(".")
    assert fault.parameters.__doc__
    fields = {field.alias or name for name, field in fault.parameters.model_fields.items()}
    assert not fault.brief or fault.brief in fields


def test_an_act_alone_does_not_alter_a_configuration() -> None:
    scenario = load_text(TWO_ASAS).scenario
    for fault in CATALOGUE.values():
        if fault.kind is FaultKind.ACT:
            assert fault.alter(scenario, fault.parameters()) is scenario


def test_faults_compose() -> None:
    text = with_fault("psk-mismatch\n  - drop: the 1st main-2\n  - dpd-off: {at: hq}")
    bites = run(load_text(text)).verdict.bites
    assert [bite.bit for bite in bites] == [True, True, False], "phase 1 never came up"


def test_a_fault_is_in_force_within_its_span() -> None:
    text = with_fault("psk-mismatch: {key: wrong, start: 20s, end: 40s}\n  - dpd-off")
    scenario = load_text(text).scenario
    assert [(span.start, span.end) for span in spans(scenario)] == [(20, 40), (0, math.inf)]

    def key(at: float) -> object:
        side = active(scenario, at).tunnels[0].sides.get("branch")
        return side.psk if side else None

    assert [key(at) for at in (0, 19.9, 20, 39.9, 40)] == [None, None, "wrong", "wrong", None]


def test_a_repair_ends_what_has_begun_and_not_what_begins_later() -> None:
    scenario = load_text(
        with_fault(
            "esp-blocked: {start: 10s}\n  - esp-blocked: {start: 60s}",
            ("timeline:\n", "timeline:\n  - {at: 40s, repair: esp-blocked}\n"),
        )
    ).scenario
    assert [(span.start, span.end) for span in spans(scenario)] == [(10, 40), (60, math.inf)]


def test_a_bare_word_is_the_parameter_the_fault_is_most_about() -> None:
    told = parameters_of(FaultUse.model_validate({"drop": "main-4"}))
    assert told.model_dump()["what"] == "main-4"
    with pytest.raises(ValidationError):
        parameters_of(FaultUse.model_validate({"drop": "main-9"}))
    with pytest.raises(KeyError):
        parameters_of(FaultUse.model_validate("no-such-fault"))


def test_rules_have_names_of_their_own() -> None:
    scenario = load_text(with_fault("drop: main-4\n  - drop: main-6\n  - loss")).scenario
    assert [rule_name(scenario, index) for index in range(3)] == ["drop", "drop 2", "loss"]
    assert [rule.name for rule in rules(scenario)] == ["drop", "drop 2", "loss"]


def test_witnesses_speak_in_the_order_of_the_scenario() -> None:
    scenario = load_text(with_fault("drop: main-2")).scenario
    record = run(load_text(with_fault("drop: main-2"))).record
    [testimony] = witnesses(scenario, record)
    assert testimony.bit
    assert "the path touched" in testimony.why
