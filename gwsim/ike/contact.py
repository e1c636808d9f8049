"""Where the peer talks from, and when it was last heard.

The engine answers to where an authentic message came from, so that it follows a NAT whose mapping
has changed (RFC 3947 4); pairs of IPsec SAs with the peer move along.
"""

from gwsim.ike import dpd
from gwsim.ike.events import PeerMoved
from gwsim.ike.inbound import Ends
from gwsim.ike.ledger import Ledger
from gwsim.ike.sa import IkeSa
from gwsim.wire.ip import SocketAddress


def heard_from(ledger: Ledger, sa: IkeSa, ends: Ends) -> None:
    """Take an accepted message as proof of life and talk to where it came from."""
    dpd.heard(sa, ledger.turn.now)
    follow(ledger, sa, ends)


def follow(ledger: Ledger, sa: IkeSa, ends: Ends) -> None:
    """Talk to where the peer talks from, and from where it asks; `ends` is (source, destination).

    An ISAKMP SA that is not up yet may change ports without a word, as it floats.
    """
    source, sa.local = ends
    if sa.up and sa.remote != source:
        moved(ledger, sa, source)
    sa.remote = source


def moved(ledger: Ledger, sa: IkeSa, new: SocketAddress) -> None:
    """Move an ISAKMP SA, and the pairs of IPsec SAs at the same place, to a new address or port."""
    old = sa.remote
    ledger.turn.emit(PeerMoved(**ledger.head(sa), old=old, new=new))
    sa.remote = new
    for pair in ledger.children_of(sa.partner):
        if pair.peer_endpoint == old:
            pair.peer_endpoint = new
