"""Faults of phase 1: what they configure, and that they always find something that differs."""

import pytest

from gwsim.ike.config import Connection, Phase1Transform
from tests.lab.faults.configured import connections

AES256 = "encryption: aes-256, hash: sha1, group: 2"


def one(connection: Connection) -> Phase1Transform:
    [transform] = connection.phase1
    return transform


def test_a_wrong_key_is_another_key_at_one_end() -> None:
    hq, branch = connections("psk-mismatch")
    assert hq.psk == b"correct horse battery staple"
    assert branch.psk == b"correct horse battery staplex"
    assert connections("psk-mismatch: {at: hq, key: z}")[0].psk == b"z"


def test_a_missing_key_is_none() -> None:
    hq, branch = connections("missing-psk: hq")
    assert hq.psk is None
    assert branch.psk is not None


@pytest.mark.parametrize("cipher", ["aes-256", "3des", "des", "aes-128"])
def test_another_cipher_is_another_algorithm(cipher: str) -> None:
    ends = connections("phase1-encryption-mismatch", (AES256, f"encryption: {cipher}"))
    assert one(ends[0]).encryption != one(ends[1]).encryption


def test_another_key_length_is_the_same_algorithm() -> None:
    hq, branch = map(one, connections("phase1-key-length-mismatch"))
    assert hq.encryption == branch.encryption
    assert hq.key_bits != branch.key_bits


@pytest.mark.parametrize("name", ["md5", "sha1", "sha256"])
def test_another_hash_is_not_the_peers(name: str) -> None:
    ends = connections("phase1-hash-mismatch", ("hash: sha1", f"hash: {name}"))
    assert one(ends[0]).hash != one(ends[1]).hash


@pytest.mark.parametrize("group", [2, 5, 14, 19])
def test_another_group_is_not_the_peers(group: int) -> None:
    ends = connections("phase1-group-mismatch", ("group: 2", f"group: {group}"))
    assert one(ends[0]).group != one(ends[1]).group
    ends = connections("phase1-group-mismatch: {to: 14}", ("group: 2", f"group: {group}"))
    assert one(ends[1]).group == 14


def test_another_value_is_none_of_several_that_the_peer_accepts() -> None:
    several = (AES256, AES256 + "}, {group: 5}, {group: 14")
    whole = (f"phase1: {{{several[1]}}}", f"phase1: [{{{several[1]}}}]")
    hq, branch = connections("phase1-group-mismatch", several, whole)
    assert one(branch).group not in {transform.group for transform in hq.phase1}


def test_another_lifetime_differs() -> None:
    hq, branch = map(one, connections("phase1-lifetime-mismatch"))
    assert hq.lifetime_seconds != branch.lifetime_seconds
    hour = (AES256, AES256 + ", lifetime: 1h")
    hq, branch = map(one, connections("phase1-lifetime-mismatch", hour))
    assert (hq.lifetime_seconds, branch.lifetime_seconds) == (3600, 7200)


def test_another_mode_is_not_accepted_by_the_other_end() -> None:
    hq, branch = connections("mode-mismatch")
    assert (hq.aggressive, hq.accept_main, hq.accept_aggressive) == (False, True, False)
    assert (branch.aggressive, branch.accept_main, branch.accept_aggressive) == (True, False, True)


def test_another_identity_is_not_what_the_peer_goes_on_expecting() -> None:
    hq, branch = connections("identity-mismatch: {identity: b.example}")
    assert branch.local_id is not None
    assert hq.remote_id is not None
    assert (branch.local_id.text, hq.remote_id.text) == ("b.example", "203.0.113.1")
