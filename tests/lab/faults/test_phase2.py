"""Faults of phase 2: what they configure, and that suites can run whatever they choose."""

import pytest

from gwsim.crypto.esp_suites import EspSuite
from gwsim.ike.config import ChildConfig, Phase2Transform
from gwsim.lab.load import ScenarioError, load_text
from tests.lab.faults.configured import children, connections
from tests.lab.scenarios_for_tests import with_fault

AES = "encryption: aes-256, integrity: sha1"


def one(child: ChildConfig) -> Phase2Transform:
    [transform] = child.transforms
    return transform


def selectors(child: ChildConfig) -> tuple[str, str]:
    return str(child.local), str(child.remote)


def test_pfs_stands_at_one_end_only() -> None:
    hq, branch = children("pfs-mismatch: hq")
    assert (hq.pfs_group, branch.pfs_group) == (2, None)
    hq, branch = children("pfs-mismatch: {only_at: branch}", (AES, f"{AES}, pfs: group5"))
    assert (hq.pfs_group, branch.pfs_group) == (None, 5)
    hq, branch = children("pfs-mismatch")
    assert (hq.pfs_group, branch.pfs_group) == (None, 2)


def test_pfs_groups_differ() -> None:
    pfs = (AES, f"{AES}, pfs: group2")
    hq, branch = children("pfs-mismatch: {at: branch, group: group5}", pfs)
    assert (hq.pfs_group, branch.pfs_group) == (2, 5)
    hq, branch = children("pfs-mismatch: {at: branch, group: none}", pfs)
    assert (hq.pfs_group, branch.pfs_group) == (2, None)


def test_one_sided_and_another_group_are_two_things() -> None:
    with pytest.raises(ScenarioError, match="either only_at, or at with a group"):
        load_text(with_fault("pfs-mismatch: {only_at: hq, at: branch}"))


@pytest.mark.parametrize(
    ("told", "hq", "branch"),
    [
        ("{}", ("10.1.0.0/24", "10.2.0.0/24"), ("10.2.0.0/24", "10.1.1.0/24")),
        ("{kind: mask}", ("10.1.0.0/24", "10.2.0.0/24"), ("10.2.0.0/24", "10.1.0.0/25")),
        ("{kind: superset}", ("10.1.0.0/24", "10.2.0.0/24"), ("10.2.0.0/24", "10.1.0.0/16")),
        ("{kind: host}", ("10.1.0.0/24", "10.2.0.10/32"), ("10.2.0.10", "10.1.0.0/24")),
        (
            "{kind: service, service: tcp/80}",
            ("10.1.0.0/24", "10.2.0.0/24"),
            ("10.2.0.0/24 tcp/80", "10.1.0.0/24 tcp/80"),
        ),
        ("{local: any}", ("10.1.0.0/24", "10.2.0.0/24"), ("any", "10.1.0.0/24")),
    ],
)
def test_proxy_ids_are_wrong_in_many_ways(
    told: str, hq: tuple[str, str], branch: tuple[str, str]
) -> None:
    ours, theirs = children(f"proxy-id-mismatch: {told}")
    assert selectors(ours) == hq
    assert selectors(theirs) == branch


@pytest.mark.parametrize("network", ["10.1.0.10/32", "0.0.0.0/0", "10.0.0.0/8"])
@pytest.mark.parametrize("kind", ["not-mirrored", "mask", "superset"])
def test_any_network_can_be_distorted(network: str, kind: str) -> None:
    changes = (("inside: 10.1.0.0/24", f"inside: {network}"),)
    ours, theirs = children(f"proxy-id-mismatch: {{kind: {kind}}}", *changes)
    assert not ours.local.same_traffic(theirs.remote)


@pytest.mark.parametrize(
    "suite", [AES, "encryption: aes-128-gcm", "encryption: 3des, integrity: md5", "encryption: des"]
)
@pytest.mark.parametrize(
    "fault",
    [
        "phase2-encryption-mismatch",
        "phase2-encryption-mismatch: {to: aes-192-gcm}",
        "phase2-integrity-mismatch",
        "phase2-integrity-mismatch: {to: sha512}",
        "phase2-key-length-mismatch",
    ],
)
def test_whatever_is_changed_both_suites_differ_and_can_run(suite: str, fault: str) -> None:
    ours, theirs = map(one, children(fault, (AES, suite)))
    assert ours != theirs
    for made in (ours, theirs):
        assert EspSuite(made.transform, made.key_bits, made.authentication).valid()


def test_another_lifetime_is_half_of_what_there_was() -> None:
    hq, branch = children("phase2-lifetime-mismatch")
    assert hq.lifetime_seconds is not None
    assert branch.lifetime_seconds == hq.lifetime_seconds // 2
    branch = children("phase2-lifetime-mismatch: {to: 10m, volume: 5MB}")[1]
    assert (branch.lifetime_seconds, branch.lifetime_kilobytes) == (600, 5000)


def test_encapsulation_and_sequence_numbers_stand_at_one_end() -> None:
    assert [child.transport for child in children("encapsulation-mismatch")] == [False, True]
    assert [child.esn for child in children("esn-mismatch: hq")] == [True, False]


def test_a_missing_acl_protects_nothing() -> None:
    hq, branch = connections("acl-missing: hq")
    assert hq.children == ()
    assert len(branch.children) == 1
