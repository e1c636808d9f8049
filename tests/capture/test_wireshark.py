"""The files of a Wireshark profile."""

from gwsim.capture.keys import WARNING
from gwsim.capture.wireshark import profile
from gwsim.gateway.keys import ExportedKeys
from gwsim.ike.export import ExportedKey


def test_a_profile_has_both_tables_and_says_what_they_are():
    files = profile(ExportedKeys((ExportedKey(b"\x01" * 8, b"\xab" * 16),), ()))
    assert files["ikev1_decryption_table"].splitlines() == [WARNING, f"{'01' * 8},{'ab' * 16}"]
    assert files["esp_sa"] == f"{WARNING}\n"


def test_decryption_is_switched_on_and_the_label_has_a_column():
    lines = profile(ExportedKeys((), ()))["preferences"].splitlines()
    assert "esp.enable_encryption_decode: TRUE" in lines
    assert "esp.enable_authentication_check: TRUE" in lines
    assert any("frame.comment" in line for line in lines)
