"""Tables of keys, line by line."""

from dataclasses import replace

import pytest

from gwsim.capture.keys import WARNING, esp_sa, ikev1_decryption_table
from gwsim.crypto.esp_suites import ENCRYPTIONS, INTEGRITIES, EspSuite, suite
from gwsim.esp.parameters import SaParameters
from gwsim.gateway.keys import esp_key
from gwsim.ike.export import ExportedKey
from gwsim.ike.states import Role
from gwsim.wire.selector import Selector


def key(made: EspSuite, spi=0x1234):
    return esp_key(
        SaParameters(
            spi=spi,
            inbound=True,
            suite=made,
            keymat=bytes(range(made.keymat_length)),
            transport=False,
            outer_source="198.51.100.1",
            outer_destination="203.0.113.1",
            udp=None,
            local=Selector.parse("any"),
            remote=Selector.parse("any"),
        )
    )


def lines(keys):
    """The table without its warning."""
    return esp_sa(keys).removeprefix(f"{WARNING}\n")


def test_phase_1_is_a_cookie_and_a_key():
    keys = [ExportedKey(b"\x01" * 8, b"\xab" * 16), ExportedKey(b"\x02" * 8, b"\xcd" * 24)]
    assert ikev1_decryption_table(keys).splitlines() == [
        WARNING,
        f"{'01' * 8},{'ab' * 16}",
        f"{'02' * 8},{'cd' * 24}",
    ]


def test_a_key_both_ends_exported_is_written_once():
    assert len(ikev1_decryption_table([ExportedKey(b"\x01" * 8, b"k")] * 2).splitlines()) == 2
    assert len(esp_sa([key(suite(12, 128, 2))] * 2).splitlines()) == 2


def test_of_two_keys_for_one_cookie_the_initiators_counts():
    mine = ExportedKey(b"\x01" * 8, b"\xaa", Role.RESPONDER)
    peers = ExportedKey(b"\x01" * 8, b"\xbb", Role.INITIATOR)
    for keys in ([mine, peers], [peers, mine]):
        warning, line, other = ikev1_decryption_table(keys).splitlines()
        assert line == f"{'01' * 8},bb"
        assert other.startswith("# the responder has computed another key")
        assert warning == WARNING


def test_of_two_views_of_one_sa_the_senders_counts():
    sent = replace(key(suite(12, 128, 2)), inbound=False)
    received = replace(key(suite(12, 128, 1)), inbound=True)
    for keys in ([sent, received], [received, sent]):
        _, line, other = esp_sa(keys, anywhere=True).splitlines()
        assert "HMAC-SHA-1-96" in line
        assert other.startswith("# the receiver holds another key")


def test_no_keys_no_lines():
    assert ikev1_decryption_table([]) == esp_sa([]) == ""


def test_esp_with_a_cipher_and_a_hash():
    made = suite(12, 128, 2)
    numbers = bytes(range(36)).hex()
    assert lines([key(made)]) == (
        '"IPv4","198.51.100.1","203.0.113.1","0x00001234","AES-CBC [RFC3602]",'
        f'"0x{numbers[:32]}","HMAC-SHA-1-96 [RFC2404]","0x{numbers[32:]}"\n'
    )


def test_the_key_of_a_combined_mode_includes_the_salt():
    fields = lines([key(suite(20, 256, None))]).strip().split(",")
    assert fields[4] == '"AES-GCM with 16 octet ICV [RFC4106]"'
    assert fields[5] == f'"0x{bytes(range(36)).hex()}"'
    assert fields[6:] == ['"NULL"', '""']


def test_the_ends_can_be_left_open():
    assert '"IPv4","*","*","0x00001234"' in esp_sa([key(suite(12, 128, 2))], anywhere=True)


def test_the_96_bit_mistake_has_a_name_of_its_own():
    assert "HMAC-SHA-256-96 [draft" in esp_sa([key(EspSuite(12, 128, 5, truncated_sha256=True))])


SUITES = [
    made
    for made in (
        EspSuite(transform, bits, authentication)
        for transform in ENCRYPTIONS
        for bits in (None, 128, 192, 256)
        for authentication in (None, *INTEGRITIES)
    )
    if made.valid()
]


@pytest.mark.parametrize("made", SUITES, ids=lambda made: made.name)
def test_every_suite_has_a_line_of_eight_fields(made):
    assert lines([key(made)]).count('"') == 16
