"""Entries of a crypto map become children, and those of one peer belong together."""

from gwsim.ike.config import Phase2Transform
from gwsim.vendors.crypto_maps import CryptoMaps, MapEntry, TransformSet
from gwsim.wire.selector import Selector

PAIR = Selector.parse("10.1.0.0/24"), Selector.parse("10.2.0.0/24")
OTHER = Selector.parse("10.1.0.0/24"), Selector.parse("10.3.0.0/24")
PEER = "203.0.113.1"


def maps(**entries: MapEntry) -> CryptoMaps[MapEntry]:
    """A map `m` with these entries, `e10` being number 10, and a dynamic map `d` with one."""
    return CryptoMaps(
        blank=MapEntry,
        acls={"one": [PAIR], "two": [PAIR, OTHER]},
        transform_sets={"set": TransformSet(Phase2Transform(12, 2, 256), transport=True)},
        maps={"m": {int(name[1:]): entry for name, entry in entries.items()}},
        dynamic_maps={"d": {1: MapEntry(acl="one", transform_sets=("set",))}},
        seconds=3600,
        kilobytes=4608000,
        replay_window=64,
    )


def test_entries_of_a_peer_come_together_in_the_order_of_their_numbers() -> None:
    entry = MapEntry(acl="one", peer=PEER, transform_sets=("set",))
    found = maps(e20=entry, e10=entry, e65535=MapEntry(dynamic="d")).by_peer("m")
    assert {peer: [label for label, _ in named] for peer, named in found.items()} == {
        PEER: ["m 10", "m 20"],
        None: ["d 1"],
    }


def test_an_entry_without_acl_peer_or_set_is_passed_by() -> None:
    wanting = {
        "e1": MapEntry(acl="none", peer=PEER, transform_sets=("set",)),
        "e2": MapEntry(acl="one", transform_sets=("set",)),
        "e3": MapEntry(acl="one", peer=PEER, transform_sets=("other",)),
        "e4": MapEntry(dynamic="unknown"),
    }
    assert maps(**wanting).by_peer("m") == {}


def test_each_line_of_the_access_list_is_a_child() -> None:
    entry = MapEntry(acl="two", peer=PEER, transform_sets=("other", "set"), pfs_group=14)
    first, second = maps().children("m 10", entry)
    assert (first.name, first.local, first.remote) == ("m 10.1", *PAIR)
    assert (second.name, second.local, second.remote) == ("m 10.2", *OTHER)
    assert (first.transport, first.pfs_group, len(first.transforms)) == (True, 14, 1)


def test_what_an_entry_does_not_say_is_the_devices() -> None:
    silent = MapEntry(acl="one", transform_sets=("set",))
    said = MapEntry(acl="one", transform_sets=("set",), seconds=600, unlimited=True)
    [child], [other] = maps().children("m", silent), maps().children("m", said)
    assert (child.name, child.lifetime_seconds, child.lifetime_kilobytes) == ("m", 3600, 4608000)
    assert (other.lifetime_seconds, other.lifetime_kilobytes) == (600, None)
    assert child.replay_window == 64
