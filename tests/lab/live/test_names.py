"""The names by which containers of a lab know each other."""

from gwsim.lab.live.names import hosts_lines, know_each_other

ADDRESSES = {"hq": "198.51.100.1", "hq.server": "10.1.0.10"}


def test_a_host_is_known_by_the_name_of_its_node_and_of_its_container():
    assert list(hosts_lines(ADDRESSES)) == [
        "127.0.0.1 localhost\n",
        "198.51.100.1 hq\n",
        "10.1.0.10 hq.server hq-server\n",
    ]


def test_what_the_engine_wrote_is_replaced(tmp_path):
    """It knows the containers by addresses that no interface of the lab has any more."""
    file = tmp_path / "hosts"
    file.write_text("172.18.0.3 hq\n")
    know_each_other(ADDRESSES, file)
    know_each_other(ADDRESSES, file)
    assert file.read_text().splitlines() == [
        "127.0.0.1 localhost",
        "198.51.100.1 hq",
        "10.1.0.10 hq.server hq-server",
    ]
