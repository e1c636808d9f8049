"""From what quick mode agreed upon to the two SAs that the data plane runs."""

from gwsim.crypto.esp import EspSuite
from gwsim.esp.parameters import SaParameters
from gwsim.ike.events import ChildKeys
from gwsim.wire.selector import Selector


def inbound_parameters(keys: ChildKeys) -> SaParameters:
    """Give the SA on which the peer sends to us."""
    return _parameters(keys, True, keys.inbound_spi, keys.keymat_in)


def outbound_parameters(keys: ChildKeys) -> SaParameters:
    """Give the SA on which we send to the peer."""
    return _parameters(keys, False, keys.outbound_spi, keys.keymat_out)


def _parameters(keys: ChildKeys, inbound: bool, spi: int, keymat: bytes) -> SaParameters:
    ours, theirs = keys.local_address, keys.peer_address
    return SaParameters(
        spi=spi,
        inbound=inbound,
        suite=EspSuite(keys.transform, keys.key_bits, keys.authentication, keys.truncated_sha256),
        keymat=keymat,
        transport=keys.transport,
        outer_source=theirs if inbound else ours,
        outer_destination=ours if inbound else theirs,
        udp=None if keys.udp is None else (keys.udp[::-1] if inbound else keys.udp),
        local=Selector.parse(keys.local),
        remote=Selector.parse(keys.remote),
        replay_window=keys.replay_window,
        esn=keys.esn,
        kilobytes=keys.lifetime_kilobytes,
        child=keys.child,
        connection=keys.connection,
    )
