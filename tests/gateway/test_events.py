from gwsim.gateway.events import DropCause, PacketDropped


def test_causes_have_names_of_their_own_fit_for_counters():
    names = [cause.value for cause in DropCause]
    assert len(set(names)) == len(names)
    assert all(name == name.lower() and " " not in name for name in names)


def test_a_packet_dropped_without_an_sa_says_so():
    dropped = PacketDropped(
        at=1.0,
        cause=DropCause.NO_ROUTE,
        inbound=True,
        source="192.0.2.1",
        destination="192.0.2.2",
        protocol=1,
    )
    assert (dropped.spi, dropped.inner, dropped.child, dropped.peer) == (0, None, "", "")
