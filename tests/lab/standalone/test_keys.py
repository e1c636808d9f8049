"""Keys from a file and from the environment reach the peers they are for."""

from dataclasses import replace

import pytest

from gwsim.lab.standalone.configuration import ConfigurationError, read_configuration
from gwsim.lab.standalone.keys import read_keys, with_keys
from tests.lab.standalone.texts import ASA, SCREENOS


@pytest.fixture
def asa(tmp_path):
    (tmp_path / "asa.txt").write_text(ASA)
    return read_configuration(tmp_path / "asa.txt").config


@pytest.fixture
def netscreen(tmp_path):
    (tmp_path / "fw.txt").write_text(SCREENOS)
    return read_configuration(tmp_path / "fw.txt").config


def key_of(config):
    return config.endpoint.connections[0].psk


def test_a_file_has_a_line_for_each_peer(tmp_path):
    path = tmp_path / "keys"
    path.write_text("# ours\n\n203.0.113.1   correct horse # battery\nany x\n")
    assert read_keys(path) == {"203.0.113.1": b"correct horse # battery", "any": b"x"}


@pytest.mark.parametrize(
    ("text", "words"),
    [("203.0.113.1\n", ":1: a peer, a blank and its key"), ("a x\na y\n", ":2: a is here for the")],
)
def test_a_bad_line_has_its_number(tmp_path, text, words):
    path = tmp_path / "keys"
    path.write_text(text)
    with pytest.raises(ConfigurationError) as told:
        read_keys(path)
    assert words in str(told.value)


def test_a_file_that_cannot_be_read_is_named(tmp_path):
    with pytest.raises(ConfigurationError, match="nothing: cannot be read: No such file"):
        read_keys(tmp_path / "nothing")


def test_what_is_said_nearer_wins(asa, netscreen):
    assert key_of(with_keys(asa, {"203.0.113.1": b"file"}, "variable")) == b"file"
    assert key_of(with_keys(asa, {}, "variable")) == b"variable"
    assert key_of(with_keys(netscreen, {}, "variable")) == b"correct horse"
    assert key_of(with_keys(netscreen, {"to-hq": b"file"}, "")) == b"file"


def test_a_peer_without_a_key_is_told_how_to_give_it(asa):
    with pytest.raises(ConfigurationError) as told:
        with_keys(asa, {}, "")
    assert "`203.0.113.1 KEY` as --keys FILE, or set GWSIM_PSK" in str(told.value)


def test_who_has_no_fixed_address_is_called_any(asa):
    (peer,) = asa.endpoint.connections
    anybody = replace(asa.endpoint, connections=(replace(peer, remote=None, name="Default"),))
    config = replace(asa, endpoint=anybody)
    assert key_of(with_keys(config, {"any": b"x"}, "")) == b"x"


def test_a_key_for_nobody_is_named(asa):
    with pytest.raises(ConfigurationError, match=r"no peer 203\.0\.113\.2 .* did you mean '203\.0"):
        with_keys(asa, {"203.0.113.2": b"x"}, "x")
