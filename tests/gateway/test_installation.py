from gwsim.crypto.esp import suite
from gwsim.gateway.installation import inbound_parameters, outbound_parameters
from tests.gateway.boxes import BRANCH, HQ, TO_BRANCH, TO_HQ, child_keys


def test_each_direction_has_its_spi_its_keys_and_its_addresses():
    keys = child_keys(udp=(4500, 1025))
    inbound, outbound = inbound_parameters(keys), outbound_parameters(keys)
    assert (inbound.spi, inbound.keymat, inbound.inbound) == (TO_HQ, keys.keymat_in, True)
    assert (outbound.spi, outbound.keymat, outbound.inbound) == (TO_BRANCH, keys.keymat_out, False)
    assert (inbound.outer_source, inbound.outer_destination, inbound.udp) == (
        BRANCH,
        HQ,
        (1025, 4500),
    )
    assert (outbound.outer_source, outbound.outer_destination, outbound.udp) == (
        HQ,
        BRANCH,
        (4500, 1025),
    )


def test_both_directions_share_what_was_agreed():
    keys = child_keys(
        authentication=5,
        truncated_sha256=True,
        replay_window=1024,
        esn=True,
        lifetime_kilobytes=4608000,
        transport=True,
        remote="10.2.0.0/24 tcp/80",
    )
    for made in (inbound_parameters(keys), outbound_parameters(keys)):
        assert made.suite == suite(12, 128, 5, truncated_sha256=True)
        assert (str(made.local), str(made.remote)) == ("10.1.0.0/24", "10.2.0.0/24 tcp/80")
        assert (made.replay_window, made.esn, made.kilobytes) == (1024, True, 4608000)
        assert (made.transport, made.udp) == (True, None)
        assert (made.connection, made.child) == ("branch", "net")
