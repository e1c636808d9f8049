"""The collection covers what goes wrong with IKEv1 tunnels, and says of both ends what they show.

The list of names is the one from which the collection was drawn: what strongSwan's and libreswan's
suites have, and what people ask about. Certificates, XAUTH and IPComp are not of this lab.
"""

from collections import Counter
from pathlib import Path

import pytest

from gwsim.lab.expectations import NEUTRAL_STATES, GatewayExpectation
from gwsim.lab.faults.catalogue import CATALOGUE
from gwsim.lab.faults.fault import Theme
from gwsim.vendors.registry import VENDORS
from tests.scenarios.test_scenarios import FOLDER, LIBRARY, name

FAULTY = [loaded for loaded in LIBRARY if loaded.scenario.faults]

COVERED: dict[str, str] = {
    "base: psk-main": "healthy/asa-asa",
    "base: psk-aggr": "healthy/aggressive",
    "base: psk-fqdn": "healthy/by-name",
    "base: nat-one-side": "healthy/behind-nat",
    "base: nat-both": "healthy/nat-on-both-ends",
    "base: nat-two-peers": "nat/nat-two-peers",
    "base: protoport": "healthy/one-protocol",
    "base: esn": "healthy/long-sequence-numbers",
    "base: null": "healthy/null-encryption",
    "base: 3des-md5": "healthy/old-suite",
    "base: gcm": "healthy/gcm",
    "base: multi-child": "healthy/two-networks",
    "base: trap-on-traffic": "healthy/asa-screenos",
    "base: rekey-p1": "healthy/phase-1-renewed",
    "base: rekey-p2": "life/rekey",
    "base: dpd-idle": "healthy/idle-and-alive",
    "contact: peer-down": "contact/peer-down",
    "contact: wrong-peer-ip": "contact/wrong-peer-address",
    "contact: isakmp-off": "contact/isakmp-disabled",
    "contact: udp500-block-both": "contact/udp-500-blocked",
    "contact: udp500-block-fwd": "contact/calls-lost",
    "contact: udp500-block-rev": "contact/answers-lost",
    "contact: no-route": "contact/no-route",
    "contact: initiator-only-peer": "contact/initiator-only-peer",
    "phase 1: enc-mismatch": "phase1/encryption-mismatch",
    "phase 1: hash-mismatch": "phase1/hash-mismatch",
    "phase 1: group-mismatch": "phase1/group-mismatch",
    "phase 1: auth-mismatch": "phase1/authentication-mismatch",
    "phase 1: life-mismatch": "phase1/lifetime-differs",
    "phase 1: keylength-mismatch": "phase1/key-length-mismatch",
    "phase 1: mode-mismatch": "phase1/mode-mismatch",
    "phase 1: no-tunnel-group": "phase1/missing-psk",
    "phase 1: psk-mismatch-main": "phase1/psk-mismatch",
    "phase 1: psk-mismatch-aggr": "phase1/psk-mismatch-aggressive",
    "phase 1: id-mismatch": "phase1/identity-mismatch",
    "phase 1: id-type-mismatch": "phase1/identity-type-mismatch",
    "phase 1: dynamic-peer-in-main-mode": "phase1/dynamic-peer-in-main-mode",
    "NAT-T: 4500-block-behind-nat": "nat/udp-4500-blocked",
    "NAT-T: 4500-block-no-nat-control": "nat/udp-4500-blocked-no-nat",
    "NAT-T: natt-off-initiator": "nat/nat-traversal-off-initiator",
    "NAT-T: natt-off-responder": "nat/nat-traversal-off",
    "NAT-T: draft-only-peer": "nat/draft-only-peer",
    "NAT-T: nat-timeout": "nat/nat-timeout",
    "NAT-T: keepalive-off": "nat/keepalive-off",
    "NAT-T: nat-rebinding": "nat/nat-rebind",
    "NAT-T: forced-encap": "nat/forced-encapsulation",
    "phase 2: p2-transform": "phase2/encryption-mismatch",
    "phase 2: p2-mode": "phase2/tunnel-and-transport",
    "phase 2: pfs-only-i": "phase2/pfs-only-asa-initiates",
    "phase 2: pfs-only-r": "phase2/pfs-only-screenos-asa-initiates",
    "phase 2: pfs-group-differs": "phase2/pfs-group-differs",
    "phase 2: proxy-not-mirrored": "phase2/proxy-id-not-mirrored",
    "phase 2: proxy-mask": "phase2/proxy-id-mask",
    "phase 2: proxy-superset": "phase2/proxy-id-superset",
    "phase 2: proxy-service": "phase2/proxy-id-service",
    "phase 2: proxy-extra-acl-line": "phase2/extra-acl-line",
    "phase 2: proxy-any-any": "phase2/any-any",
    "phase 2: p2-life-time": "phase2/lifetime-mismatch",
    "phase 2: p2-life-kb": "phase2/volume-differs",
    "phase 2: acl-missing": "phase2/acl-missing",
    "phase 2: crypto-map-not-applied": "phase2/crypto-map-not-applied",
    "traffic: esp-block": "traffic/esp-blocked",
    "traffic: sha2-96-bit-bug": "traffic/sha256-96-bit",
    "traffic: mtu-blackhole": "traffic/mtu-black-hole",
    "traffic: replay-burst": "traffic/replay-burst",
    "traffic: reorder-beyond-window": "traffic/reorder-beyond-window",
    "traffic: nat-exemption-missing": "traffic/nat-exemption-missing",
    "traffic: inner-ACL-deny": "traffic/inner-acl-deny",
    "traffic: overlapping-subnets": "traffic/overlapping-subnets",
    "life: peer-reboot-stale-sa": "life/reboot",
    "life: dpd-one-sided": "life/dpd-one-sided",
    "life: delete-lost": "life/delete-lost",
    "life: initial-contact-off": "life/initial-contact-off",
    "life: crossing-rekey": "life/crossing-rekey",
    "life: QM2-lost": "phase2/quick-2-lost",
    "life: QM3-lost": "phase2/quick-3-lost",
    "life: MM6-lost": "phase1/main-6-lost",
    "life: half-open-flood": "life/half-open-flood",
    "crafted: ke-omit": "crafted/ke-omitted",
    "crafted: ke-empty": "crafted/ke-empty",
    "crafted: ke-zero": "crafted/ke-zero",
    "crafted: ke-dup": "crafted/ke-duplicate",
    "crafted: hash-omit QM": "crafted/hash-omitted-in-quick-mode",
    "crafted: hash-dup QM": "crafted/hash-doubled-in-quick-mode",
    "crafted: hash-wrong QM": "crafted/hash-wrong-in-quick-mode",
    "crafted: hash-omit INFO": "crafted/hash-omitted-in-dpd",
    "crafted: hash-dup INFO": "crafted/hash-doubled-in-notify",
    "crafted: hash-wrong INFO": "crafted/hash-wrong-in-dpd",
    "crafted: hash-omit DELETE": "crafted/hash-omitted-in-delete",
    "crafted: hash-dup DELETE": "crafted/hash-doubled-in-delete",
    "crafted: hash-wrong DELETE": "crafted/hash-wrong-in-delete",
    "crafted: cookie-zero initiator": "crafted/initiator-cookie-zero",
    "crafted: cookie-zero responder": "crafted/responder-cookie-zero",
    "crafted: flags-reserved": "crafted/reserved-flag",
    "crafted: version-bump major": "crafted/major-version",
    "crafted: version-bump minor": "crafted/minor-version",
    "crafted: msgid-zero": "crafted/message-id-zero",
    "crafted: msgid-reused": "crafted/message-id-reused",
    "crafted: ids-0": "crafted/no-proxy-ids",
    "crafted: ids-1": "crafted/one-proxy-id",
    "crafted: ids-3": "crafted/three-proxy-ids",
    "crafted: length-short": "crafted/length-short",
    "crafted: length-long": "crafted/length-long",
    "crafted: length-unequal": "crafted/length-unequal",
    "crafted: payload-unknown": "crafted/unknown-payload",
    "crafted: sa-situation": "crafted/unknown-situation",
    "crafted: doi-unknown": "crafted/unknown-doi",
}
"""Each thing that can go wrong (or must work), and the scenario in which it does."""

ENOUGH: dict[Theme, int] = {
    Theme.CONTACT: 10,
    Theme.PHASE1: 15,
    Theme.NAT: 8,
    Theme.PHASE2: 22,
    Theme.TRAFFIC: 12,
    Theme.LIFE: 10,
    Theme.CRAFTED: 50,
}
"""How many scenarios with a fault of each theme there are at least."""


def test_everything_on_the_list_is_in_the_collection() -> None:
    files = {name(loaded) for loaded in LIBRARY}
    assert {what: file for what, file in COVERED.items() if file not in files} == {}
    assert len(set(COVERED.values())) == len(COVERED)


def test_what_is_on_the_list_as_a_fault_has_one() -> None:
    faulty = {name(loaded) for loaded in FAULTY}
    for what, file in COVERED.items():
        if not what.startswith("base: "):
            assert file in faulty, what


def test_there_are_enough_faulty_scenarios_of_each_theme() -> None:
    themes = Counter(
        theme
        for loaded in FAULTY
        for theme in {CATALOGUE[use.name].theme for use in loaded.scenario.faults}
    )
    assert len(FAULTY) >= 150
    assert {
        theme: themes[theme] for theme, wanted in ENOUGH.items() if themes[theme] < wanted
    } == {}


def test_every_fault_of_the_catalogue_is_the_subject_of_a_scenario() -> None:
    used = {use.name for loaded in FAULTY for use in loaded.scenario.faults}
    assert set(CATALOGUE) - used == set()


@pytest.mark.parametrize("loaded", FAULTY, ids=name)
def test_a_faulty_scenario_says_what_becomes_of_both_ends_and_traffic(loaded):
    scenario = loaded.scenario
    assert set().union(*(block.gateways for block in scenario.expect)) == set(scenario.gateways)
    assert any(block.traffic for block in scenario.expect)


@pytest.mark.parametrize("loaded", FAULTY, ids=name)
def test_it_speaks_of_each_end_in_the_words_of_its_vendor(loaded):
    for gateway, spec in loaded.scenario.gateways.items():
        told = [b.gateways[gateway] for b in loaded.scenario.expect if gateway in b.gateways]
        assert any(_in_own_words(one, spec.vendor) for one in told), gateway


def _in_own_words(told: GatewayExpectation, vendor: str) -> bool:
    if VENDORS[vendor].unseen:
        return True
    states = {*(told.state or ()), *(told.passed or ()), *(told.never or ())} - set(NEUTRAL_STATES)
    own = states & set(VENDORS[vendor].state_words)
    return bool(own or told.log or told.flapping or told.named)


def test_all_vendors_take_part_on_both_sides() -> None:
    pairs = {
        tuple(loaded.scenario.gateways[end].vendor for end in loaded.scenario.tunnels[0].between)
        for loaded in FAULTY
    }
    assert {(one, two) for one in ("asa", "ios", "screenos") for two in ("asa", "ios")} <= pairs
    assert {one for one, _ in pairs} >= {"asa", "ios", "screenos"} <= {two for _, two in pairs}


def test_every_folder_is_in_the_index() -> None:
    index = (FOLDER / "README.md").read_text(encoding="utf-8")
    folders = {path.name for path in Path(FOLDER).iterdir() if path.is_dir()}
    assert [folder for folder in sorted(folders) if f"| `{folder}/` |" not in index] == []
