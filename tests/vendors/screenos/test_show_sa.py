"""`get sa` and its kin: columns, directions, and what is not known."""

from dataclasses import replace

import pytest

from gwsim.gateway.outputs import EspOut
from gwsim.ike.config import Phase2Transform
from gwsim.vendors.screenos.show_sa import get_sa
from tests.vendors.screenos.pair import Pair


def rows(pair: Pair, command: str = "get sa", name: str = "hq") -> list[str]:
    return pair.show(name, command).splitlines()


def test_a_vpn_that_is_up_has_two_rows():
    pair = Pair().ping(5)
    sa = pair.view("hq").snapshot.ipsec[0].negotiated
    assert rows(pair)[2:] == [
        f"00000001<         2.2.2.2  500 esp:3des/sha1 {sa.inbound_spi:08x}  3595 unlim A/-"
        "     2 0",
        f"00000001>         2.2.2.2  500 esp:3des/sha1 {sa.outbound_spi:08x}  3595 unlim A/-"
        "     1 0",
    ]


def test_one_that_is_down_shows_what_it_offered():
    pair = Pair(branch_is={"pfs_group": 2}).ping(30)
    assert rows(pair)[2:] == [
        "00000001<         2.2.2.2  500 esp:3des/sha1 00000000 expir unlim I/I     2 0",
        "00000001>         2.2.2.2  500 esp:3des/sha1 00000000 expir unlim I/I     1 0",
    ]
    assert rows(pair, "get sa active") == ["Total active sa: 0", rows(pair)[1]]


def test_what_was_never_negotiated_is_shown_as_configured():
    cipher = {"transforms": (Phase2Transform(12, 1, 256), Phase2Transform(3, 2))}
    assert rows(Pair(cipher))[2] == (
        "00000001<         2.2.2.2  500 esp:a256/md5  00000000 expir unlim I/I     2 0"
    )


def test_what_nobody_knows_is_left_blank():
    view = replace(Pair().view("hq"), config=None)
    assert get_sa(view).splitlines()[2] == (
        "00000001<         2.2.2.2  500               00000000 expir unlim I/I     2 0"
    )


@pytest.mark.parametrize(
    ("transform", "column"),
    [
        (Phase2Transform(12, 2, 128), "esp:a128/sha1"),
        (Phase2Transform(12, 1, 256), "esp:a256/md5 "),
        (Phase2Transform(2, 1), "esp:des/md5  "),
        (Phase2Transform(11, 2), "esp:null/sha1"),
    ],
)
def test_the_algorithm_column(transform, column):
    own = {"transforms": (transform,)}
    assert rows(Pair(own, own).ping(5))[2][31:44] == column


def test_nat_and_volume_have_their_columns():
    own = {"nat_traversal": True, "force_encapsulation": True, "lifetime_kilobytes": 5000}
    row = rows(Pair(own, own).ping(5))[2]
    assert row[26:30] == "4500"
    assert row[60:65].strip() in ("5000", "4999")


def test_counters_stand_in_the_direction_that_counted():
    pair = Pair().ping(5).ping(6)
    inbound, outbound = rows(pair, "get sa stat")[2:]
    assert inbound.split()[-1] == "0"
    assert outbound.split()[-1] == "33"
    assert rows(pair, "get sa stat", "branch")[2].split()[-1] == "33"


def test_a_forged_packet_is_an_authentication_failure():
    pair = Pair(branch_is={"transforms": (Phase2Transform(3, 2),)}).ping(5)
    pair.lost = lambda output, sender: isinstance(output, EspOut)
    spi = pair.view("hq").snapshot.ipsec[0].negotiated.inbound_spi
    forged = spi.to_bytes(4, "big") + bytes(60)
    pair.gateways["hq"].receive_esp(forged, "2.2.2.2", "1.1.1.1", pair.now)
    columns = rows(pair, "get sa stat")[2].split()
    assert columns[2:5] == ["0", "1", "0"]


@pytest.mark.parametrize("typed", ["1", "0x1", "00000001"])
def test_one_vpn_by_its_index(typed):
    lines = rows(Pair({"replay_window": 64}).ping(5), f"get sa id {typed}")
    assert lines[0] == "index 0, name branch, peer gateway ip 2.2.2.2. vsys<Root>"
    assert "  esp, group 0, 3des encryption, sha1 authentication" in lines
    assert "  proxy id: local 10.1.0.0/255.255.255.0, remote 10.2.0.0/255.255.255.0, " in (
        "\n".join(lines)
    )
    assert any(line.startswith("  anti-replay on, last 0x0, window 0x1") for line in lines)


def test_one_that_is_encapsulated_shows_its_ports():
    own = {"nat_traversal": True, "force_encapsulation": True}
    lines = rows(Pair(own, own).ping(5), "get sa id 1")
    assert "nat-traversal map: local port 4500, peer port 4500" in lines


@pytest.mark.parametrize("typed", ["2", "x"])
def test_one_that_is_not_there(typed):
    assert rows(Pair(), f"get sa id {typed}") == [f"can't find sa with id {typed}"]


def test_a_box_without_vpns_shows_none():
    pair = Pair({"pairs": []}, {"pairs": []})
    assert rows(pair)[0] == "total configured sa: 0"
    assert len(rows(pair)) == 2
