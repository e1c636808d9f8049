"""Tunnel, gateway and side are laid over each other, and the vendor fills the blanks."""

from dataclasses import replace

import pytest

from gwsim.ike.config import Dpd, DpdAction, Identity
from gwsim.lab import resolve
from gwsim.lab.compile import compile_scenario
from gwsim.lab.load import load_text
from gwsim.lab.resolve import Side, side, sides_of
from gwsim.lab.scenario import Scenario
from gwsim.lab.source import ScenarioError
from gwsim.vendors.registry import VENDORS
from gwsim.wire.numbers import IdType
from tests.lab.scenarios_for_tests import varied

KEY = "psk: correct horse battery staple"


def scenario(*changes: tuple[str, str]) -> Scenario:
    return load_text(varied(*changes)).scenario


def end(*changes: tuple[str, str], gateway: str = "hq") -> Side:
    whole = scenario(*changes)
    return side(whole, whole.tunnels[0], gateway)


def test_one_end_may_ask_for_certificates_and_not_both() -> None:
    asks = "phase1: {authentication: rsa-sig}"
    text = varied((f"    {KEY}\n", f"    {KEY}\n    hq: {{{asks}}}\n"))
    hq, branch = compile_scenario(load_text(text).scenario).gateways
    assert hq.endpoint.connections[0].phase1[0].authentication == 3
    assert branch.endpoint.connections[0].phase1[0].authentication == 1
    with pytest.raises(ScenarioError, match="both ask for certificates"):
        load_text(varied(("group: 2}", "group: 2, authentication: rsa-sig}")))


def test_what_nobody_says_is_the_vendors() -> None:
    bare = end(
        ("    phase1: {encryption: aes-256, hash: sha1, group: 2}\n", ""),
        ("    phase2: {encryption: aes-256, integrity: sha1}\n", ""),
    )
    defaults = VENDORS["asa"].defaults
    assert resolve.phase1_of(bare) == defaults.phase1
    assert resolve.phase2_of(bare) == defaults.phase2
    assert resolve.pfs_of(bare) == defaults.pfs_group
    assert resolve.dpd_of(bare) == defaults.dpd
    assert resolve.phase2_lifetime_of(bare) == (
        defaults.phase2_lifetime,
        defaults.phase2_kilobytes,
    )


def test_the_later_layer_wins_key_by_key() -> None:
    changes = (
        (KEY, f"{KEY}\n    mode: aggressive\n    branch: {{psk: third}}"),
        ("branch: {vendor: asa,", "branch: {vendor: asa, psk: second, mode: main,"),
    )
    assert resolve.psk_of(end(*changes)) == b"correct horse battery staple"
    branch = end(*changes, gateway="branch")
    assert resolve.psk_of(branch) == b"third"
    assert branch.options.mode == "main"
    assert end(*changes).options.mode == "aggressive"


def test_a_single_proposal_is_merged_attribute_by_attribute() -> None:
    (merged,) = resolve.phase1_of(end((KEY, f"{KEY}\n    hq: {{phase1: {{hash: md5}}}}")))
    assert (merged.encryption, merged.key_bits, merged.hash, merged.group) == (7, 256, 1, 2)


def test_gcm_over_another_cipher_brings_its_own_integrity() -> None:
    (made,) = resolve.phase2_of(end((KEY, f"{KEY}\n    hq: {{phase2: {{encryption: aes-gcm}}}}")))
    assert (made.transform, made.authentication) == (20, None)


def test_a_list_of_proposals_replaces_what_was_there() -> None:
    several = end((KEY, f"{KEY}\n    hq: {{phase1: [{{hash: md5}}, {{group: 5}}]}}"))
    first, second = resolve.phase1_of(several)
    default = VENDORS["asa"].defaults.phase1[0]
    assert (first.encryption, first.hash) == (default.encryption, 1)
    assert (second.group, second.hash) == (5, default.hash)


def test_pfs_lifetime_and_volume_may_stand_in_the_proposal() -> None:
    told = end(("integrity: sha1", "integrity: sha1, pfs: group5, lifetime: 10m, volume: 4MB"))
    assert resolve.pfs_of(told) == 5
    assert resolve.phase2_lifetime_of(told) == (600, 4000)
    off = end(
        ("integrity: sha1", "integrity: sha1, pfs: group5"), (KEY, f"{KEY}\n    hq: {{pfs: no}}")
    )
    assert resolve.pfs_of(off) is None


@pytest.mark.parametrize(
    ("cipher", "transform", "authentication"),
    [("aes-128-gcm", 20, None), ("3des", 3, 2), ("aes-256, integrity: none", 12, None)],
)
def test_a_partial_esp_proposal_is_filled_so_that_it_can_run(
    cipher: str, transform: int, authentication: int | None
) -> None:
    (made,) = resolve.phase2_of(end(("aes-256, integrity: sha1", cipher)))
    assert (made.transform, made.authentication) == (transform, authentication)


def test_dpd_is_merged_with_the_vendors_times() -> None:
    default = VENDORS["asa"].defaults.dpd
    assert default is not None
    told = resolve.dpd_of(end((KEY, f"{KEY}\n    dpd: {{idle: 30s, action: restart}}")))
    assert told is not None
    assert (told.idle, told.retry, told.action) == (30, default.retry, DpdAction.RESTART)
    assert resolve.dpd_of(end((KEY, f"{KEY}\n    dpd: off"))) is None
    both = end((KEY, f"{KEY}\n    dpd: {{idle: 30s}}\n    hq: {{dpd: {{retry: 5s}}}}"))
    merged = resolve.dpd_of(both)
    assert merged is not None
    assert (merged.idle, merged.retry) == (30, 5)


def test_dpd_of_a_vendor_that_has_none_by_itself_takes_usual_times() -> None:
    assert VENDORS["screenos"].defaults.dpd is None
    netscreen = ("hq:     {vendor: asa", "hq:     {vendor: screenos")
    assert resolve.dpd_of(end(netscreen)) is None
    told = resolve.dpd_of(end(netscreen, (KEY, f"{KEY}\n    dpd: {{idle: 30s, count: 2}}")))
    assert told == replace(Dpd(), idle=30, count=2)


def test_no_key_is_none() -> None:
    assert resolve.psk_of(end((KEY, "psk: no"))) is None


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("192.0.2.1", IdType.IPV4_ADDR, "192.0.2.1"),
        ("fw1.example.net", IdType.FQDN, "fw1.example.net"),
        ("ops@example.net", IdType.USER_FQDN, "ops@example.net"),
        ("key-id:branch", IdType.KEY_ID, "branch"),
    ],
)
def test_an_identity_has_the_type_of_its_form(text: str, kind: int, value: str) -> None:
    assert resolve.identity(text) == Identity(kind, value)


def test_a_gateway_behind_a_nat_is_found_at_its_public_address() -> None:
    spec = scenario(
        ("203.0.113.1", "192.168.1.2"),
        ("hosts: {pc", "behind_nat: {public: 203.0.113.1}, hosts: {pc"),
    ).gateways["branch"]
    assert resolve.public_address(spec) == "203.0.113.1"


def selectors(*changes: tuple[str, str], gateway: str = "hq") -> list[str]:
    whole = scenario(*changes)
    pairs = resolve.selectors_of(whole, side(whole, whole.tunnels[0], gateway))
    return [f"{local} > {remote}" for local, remote in pairs]


def test_by_default_every_network_speaks_to_every_network() -> None:
    told = selectors(("10.1.0.0/24", "[10.1.0.0/24, 10.9.0.0/24]"))
    assert told == ["10.1.0.0/24 > 10.2.0.0/24", "10.9.0.0/24 > 10.2.0.0/24"]


def test_pairs_are_mirrored_and_a_port_stands_at_the_second_gateway() -> None:
    change = (KEY, f"{KEY}\n    selectors: {{hq: 10.1.0.10, service: tcp/80}}")
    assert selectors(change) == ["10.1.0.10 tcp > 10.2.0.0/24 tcp/80"]
    assert selectors(change, gateway="branch") == ["10.2.0.0/24 tcp/80 > 10.1.0.10 tcp"]


def test_one_end_can_say_local_and_remote() -> None:
    pair = "{local: 10.1.0.0/25, remote: any}"
    change = (KEY, f"{KEY}\n    hq: {{selectors: {pair}}}")
    assert selectors(change) == ["10.1.0.0/25 > any"]
    assert selectors(change, gateway="branch") == ["10.2.0.0/24 > 10.1.0.0/24"]


def test_no_selectors_protect_nothing() -> None:
    assert selectors((KEY, f"{KEY}\n    selectors: []")) == []


def test_a_gateway_has_an_end_of_each_of_its_tunnels() -> None:
    whole = scenario(
        (
            "\ntunnels:\n",
            "\n  far: {vendor: asa, outside: 192.0.2.9, inside: 10.3.0.0/24}\ntunnels:\n",
        ),
        ("timeline:", "  - {between: [far, hq], psk: x}\ntimeline:"),
    )
    assert [one.peer for one in sides_of(whole, "hq")] == ["branch", "far"]
    assert [one.peer for one in sides_of(whole, "branch")] == ["hq"]
