"""The tree of errors: one root, so that a caller can catch all of it."""

import pytest

from gwsim.crypto import errors


@pytest.mark.parametrize(
    "kind",
    [errors.UnsupportedAlgorithm, errors.BadPublicValue, errors.BadIcv, errors.BadPadding],
)
def test_every_error_is_a_crypto_error(kind):
    assert issubclass(kind, errors.CryptoError)


def test_the_root_is_a_value_error():
    assert issubclass(errors.CryptoError, ValueError)
