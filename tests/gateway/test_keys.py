from gwsim.crypto.esp import suite
from gwsim.gateway.keys import esp_key
from tests.esp.planes import parameters


def test_keymat_is_cut_into_cipher_key_and_hmac_key():
    key = esp_key(parameters(suite=suite(12, 128, 2), keymat=bytes(range(36))))
    assert key.encryption_key == bytes(range(16))
    assert (key.salt, key.authentication_key) == (b"", bytes(range(16, 36)))


def test_the_salt_of_gcm_stands_behind_its_key():
    key = esp_key(parameters(suite=suite(20, 256, None), keymat=bytes(range(36))))
    assert (key.encryption_key, key.salt) == (bytes(range(32)), bytes(range(32, 36)))
    assert key.authentication_key == b""


def test_printing_a_key_does_not_show_it():
    key = esp_key(parameters())
    assert "encryption_key" not in repr(key)
    assert "authentication_key" not in repr(key)
