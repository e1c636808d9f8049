"""Names of algorithms, payloads and notifications, and what has none."""

import pytest

from gwsim.vendors.asa import names
from gwsim.wire.numbers import IdType, NotifyType, PayloadType


def test_a_cipher_has_a_name_for_each_screen():
    assert names.policy_encryption(7, 256) == "aes-256"
    assert names.esp_encryption(12, 256) == "esp-aes-256"
    assert names.SESSION_ENCRYPTION[7, 256] == "AES256"
    assert names.attribute_value("encryption", 7, 1) == "AES-CBC"


def test_names_of_one_table_differ():
    for table in (
        names.POLICY_ENCRYPTION,
        names.POLICY_HASH,
        names.ESP_ENCRYPTION,
        names.ESP_AUTHENTICATION,
        names.SESSION_ESP,
        names.NOTIFIES,
    ):
        assert len(set(table.values())) == len(table)


def test_screens_of_one_algorithm_know_the_same_keys():
    assert set(names.POLICY_ENCRYPTION) == set(names.SESSION_ENCRYPTION)
    assert set(names.POLICY_HASH) == set(names.SESSION_HASH)
    assert set(names.ESP_ENCRYPTION) == set(names.SESSION_ESP)
    assert set(names.ESP_AUTHENTICATION) == set(names.SESSION_ESP_HASH)


@pytest.mark.parametrize(
    ("attribute", "value", "phase", "name"),
    [
        ("authentication", 1, 1, "Preshared Key"),
        ("authentication", 2, 2, "SHA"),
        ("hash", 1, 1, "MD5"),
        ("group", 14, 1, "Group 14"),
        ("pfs group", 5, 2, "Group 5"),
        ("encapsulation mode", 3, 2, "UDP Tunnel(NAT-T)"),
        ("encapsulation mode", 61443, 2, "UDP Tunnel(NAT-T)"),
        ("encapsulation mode", 1, 2, "Tunnel"),
        ("key length", 256, 1, "256"),
        ("encryption", 99, 1, "99"),
    ],
)
def test_values_in_a_mismatch(attribute, value, phase, name):
    assert names.attribute_value(attribute, value, phase) == name


def test_what_nobody_assigned_keeps_its_number():
    assert names.clear_notify(9999) == "9999"
    assert names.identity_kind(99) == "ID_TYPE_99"
    assert names.policy_encryption(99, None) == "99"
    assert names.policy_encryption(None, None) == "None"
    assert names.esp_encryption(99, None) == "esp-99"


def test_ciphers_no_asa_has_go_by_their_general_name():
    assert names.esp_encryption(13, 192) == "esp-aes-192-ctr"


def test_everything_assigned_has_a_name():
    transforms = {PayloadType.NONE, PayloadType.PROPOSAL, PayloadType.TRANSFORM}
    assert set(PayloadType) - set(names.PAYLOADS) == transforms
    for kind in NotifyType:
        assert not names.clear_notify(kind).isdigit()
    assert names.identity_kind(IdType.IPV4_ADDR_SUBNET) == "ID_IPV4_ADDR_SUBNET"
