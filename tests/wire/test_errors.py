"""Errors carry where and why, and say both."""

from gwsim.wire.errors import ProposalSyntaxError, WireError


def test_a_wire_error_says_where_and_why():
    error = WireError(12, "the end came too early")
    assert (error.offset, error.reason) == (12, "the end came too early")
    assert str(error) == "at octet 12: the end came too early"
    assert isinstance(error, ValueError)


def test_bad_proposals_are_wire_errors_too():
    assert issubclass(ProposalSyntaxError, WireError)
