"""What a file of a device, or of ours, comes to; and what is said where it comes to nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gwsim.lab.source import ScenarioError
from gwsim.lab.standalone.configuration import ConfigurationError, read_configuration
from gwsim.vendors.registry import VENDORS
from tests.lab.standalone.texts import ASA, OURS, SCREENOS


@pytest.fixture
def written(tmp_path):
    def write(text, name="device.txt"):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


def test_the_text_of_an_asa_is_a_gateway(written):
    found = read_configuration(written(ASA))
    assert (found.config.name, found.config.vendor) == ("hq", "asa")
    assert found.config.endpoint.address == "198.51.100.1"
    assert [peer.remote for peer in found.config.endpoint.connections] == ["203.0.113.1"]
    assert found.config.inside == ("10.1.0.0/24",)


def test_lines_about_tunnels_are_told_and_others_counted(written):
    path = written(ASA)
    found = read_configuration(path)
    assert (
        found.unused[0] == f"{path}:18: crypto map outside_map 1 set reverse-route: not known here"
    )
    assert "the key is starred" in found.unused[1]
    assert len(found.unused) == 2
    assert found.foreign == 2


def test_the_text_of_a_netscreen_is_a_gateway_by_another_name_if_wanted(written):
    found = read_configuration(written(SCREENOS), name="fw")
    assert (found.config.name, found.config.vendor) == ("fw", "screenos")
    (peer,) = found.config.endpoint.connections
    assert peer.psk == b"correct horse"


def test_our_own_form_is_the_language_of_scenarios_with_peers_without_vendor(written):
    found = read_configuration(written(OURS, "hq.yaml"))
    assert found.config.vendor == "asa"
    (peer,) = found.config.endpoint.connections
    assert (peer.remote, peer.psk) == ("203.0.113.1", None)
    assert peer.phase1[0].key_bits == 256


def test_of_a_whole_scenario_the_gateway_is_named(written):
    path = written(OURS.replace("branch: {", "branch: {vendor: screenos, "), "both.yaml")
    assert read_configuration(path, name="branch").config.vendor == "screenos"
    with pytest.raises(ScenarioError, match=r"both\.yaml:2:.*Say it with --name \(hq, branch\)"):
        read_configuration(path)
    with pytest.raises(ScenarioError, match="no gateway 'brunch'; did you mean 'branch'"):
        read_configuration(path, name="brunch")


def test_mistakes_in_our_own_form_have_their_place(written):
    path = written(OURS.replace("aes-256, hash", "aes-257, hash"), "hq.yaml")
    with pytest.raises(ScenarioError, match=r"hq\.yaml:6:\d+: 'aes-257' is none of"):
        read_configuration(path)


def test_a_gateway_without_a_tunnel_is_told_so(written):
    lonely = OURS
    text = lonely.replace("between: [hq, branch]", "between: [depot, branch]").replace(
        "tunnels:", "  depot: {outside: 198.51.100.7, inside: 10.7.0.0/24}\ntunnels:"
    )
    with pytest.raises(ScenarioError, match="no tunnel is one of hq"):
        read_configuration(written(text, "hq.yaml"))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("hello\n", "does not tell which device it is of; say it with --vendor"),
        (ASA + SCREENOS, "--vendor (asa or screenos)"),
        (ASA.replace("set peer", "set pear"), "there is no whole tunnel to any peer"),
        (ASA.replace("interface outside\n", "interface nowhere\n"), "more system:running-config"),
    ],
)
def test_what_is_no_gateway_is_one_clear_message(written, text, words):
    with pytest.raises(ConfigurationError) as told:
        read_configuration(written(text))
    assert words in str(told.value)


def test_a_missing_file_and_an_unknown_vendor_are_named(written, tmp_path):
    with pytest.raises(ConfigurationError, match="nothing: cannot be read: No such file"):
        read_configuration(tmp_path / "nothing")
    with pytest.raises(ConfigurationError, match="did you mean 'asa'"):
        read_configuration(written(ASA), vendor="ase")


def test_an_old_banner_is_no_hindrance(written):
    assert read_configuration(written(b"banner motd caf\xe9\n" + ASA.encode())).config.name == "hq"


@given(st.text(max_size=300), st.sampled_from(sorted(VENDORS)))
def test_any_text_is_a_gateway_or_a_complaint(tmp_path_factory, text, vendor):
    path = tmp_path_factory.mktemp("any") / "device.txt"
    path.write_bytes(text.encode("utf-8", "replace"))
    try:
        assert read_configuration(path, vendor).config.endpoint.connections
    except ConfigurationError as error:
        assert str(error)
