"""The picture is made from the books: what stands in them, no more and no less."""

from gwsim.ike.states import Role
from tests.ike.configs import ADDRESS
from tests.ike.forge import sa_of
from tests.ike.pair import connected, facing


def test_an_endpoint_without_anything_shows_nothing():
    shown = facing().snapshot("A")
    assert (shown.sas, shown.children, shown.pending) == ((), (), ())


def test_a_half_open_phase_1_shows_what_is_known_so_far():
    pair = facing()
    pair.drop("B main-2", None)
    pair.initiate()
    (a,), (b,) = pair.snapshot("A").sas, pair.snapshot("B").sas
    assert (a.state, a.role, a.connection) == ("MAIN_WAIT_2", Role.INITIATOR, "peer")
    assert (a.encryption, a.group, a.lifetime_seconds) == (None, None, None)
    assert a.responder_cookie == "0" * 16
    assert not a.peer_known
    assert a.next_resend == 8.0
    assert (b.state, b.encryption, b.group) == ("MAIN_WAIT_3", 7, 2)
    assert not b.peer_known
    assert pair.snapshot("A").pending == ("lan",)


def test_the_peer_is_known_when_there_are_keys():
    pair = facing(a={"psk": b"other"})
    pair.initiate()
    assert pair.sa("A").peer_known
    assert pair.sa("B").peer_known


def test_an_established_sa_shows_everything():
    pair = connected(pfs_group=2)
    a, b = pair.sa("A"), pair.sa("B")
    assert (a.local, a.local_port, a.peer, a.peer_port) == (ADDRESS["A"], 500, ADDRESS["B"], 500)
    assert (a.encryption, a.key_bits, a.hash, a.group, a.authentication) == (7, 128, 2, 2, 1)
    assert (a.lifetime_seconds, a.exchange) == (86400, "main")
    assert (a.initiator_cookie, a.responder_cookie) == (b.initiator_cookie, b.responder_cookie)
    assert (a.peer_id, b.peer_id) == (ADDRESS["B"], ADDRESS["A"])
    assert a.created == 0.0
    assert a.established == 0.3
    assert (a.nat_local, a.nat_peer, a.nat_variant) == (False, False, "rfc3947")
    assert a.last_exchange == 32
    assert a.quick_modes == ()
    assert a.number == 1


def test_a_pair_of_ipsec_sas_shows_everything():
    pair = connected(pfs_group=2, lifetime_kilobytes=1000)
    a, b = pair.children("A")[0], pair.children("B")[0]
    assert (a.inbound_spi, a.outbound_spi) == (b.outbound_spi, b.inbound_spi)
    assert (a.local, a.remote) == (b.remote, b.local) == ("10.1.0.0/24", "10.2.0.0/24")
    assert (a.transform, a.key_bits, a.authentication) == (12, 128, 2)
    assert (a.pfs_group, a.esn, a.udp, a.transport) == (2, False, False, False)
    assert (a.lifetime_seconds, a.lifetime_kilobytes) == (28800, 1000)
    assert (a.role, b.role) == (Role.INITIATOR, Role.RESPONDER)
    assert a.message_id == b.message_id
    assert a.peer == ADDRESS["B"]


def test_a_quick_mode_under_way_shows_its_state_and_its_resends():
    pair = connected()
    pair.drop("B quick-2", None)
    pair.act("A", lambda end: end.rekey("peer", 2, pair.now))
    pair.run(9)
    (mine,), (theirs,) = pair.sa("A").quick_modes, pair.sa("B").quick_modes
    assert (mine.state, mine.retransmissions, mine.child) == ("QUICK_WAIT_2", 1, "lan")
    assert (theirs.state, theirs.retransmissions) == ("QUICK_WAIT_3", 0)
    assert (theirs.local, theirs.remote) == (mine.remote, mine.local)
    assert mine.message_id == theirs.message_id


def test_a_finished_quick_mode_is_not_shown_though_it_lingers():
    pair = connected()
    assert sa_of(pair, "A").quick_modes
    assert pair.sa("A").quick_modes == ()
    pair.run(61)
    assert not sa_of(pair, "A").quick_modes
