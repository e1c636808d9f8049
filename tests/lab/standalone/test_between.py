"""Two devices' configurations made into a scenario that behaves as the two devices would."""

import pytest

from gwsim.gateway.config import GatewayConfig
from gwsim.lab.compile import standing
from gwsim.lab.load import load_text
from gwsim.lab.runner import run
from gwsim.lab.standalone.between import STAND_IN, scenario_between
from gwsim.lab.standalone.configuration import ConfigurationError, read_configuration
from tests.lab.standalone.texts import ASA, FORTIOS, IOS, SCREENOS


@pytest.fixture
def between(tmp_path):
    """Read two texts and give what comes of them."""

    def made(one: str, other: str):
        for name, text in (("one.txt", one), ("other.txt", other)):
            (tmp_path / name).write_text(text)
        ends = (read_configuration(tmp_path / name) for name in ("one.txt", "other.txt"))
        return scenario_between(*ends, name="case")

    return made


def outcome(made):
    return run(load_text(made.text)).verdict.tunnels[0]


@pytest.mark.parametrize("branch", [SCREENOS, IOS, FORTIOS], ids=["screenos", "ios", "fortios"])
@pytest.mark.parametrize("branch_begins", [False, True])
def test_devices_that_fit_have_a_tunnel(between, branch, branch_begins):
    ends = (branch, ASA) if branch_begins else (ASA, branch)
    assert outcome(between(*ends)).word == "up"


def test_an_end_has_what_its_device_has(between, tmp_path):
    made = between(ASA, SCREENOS)
    wanted = read_configuration(tmp_path / "other.txt").config
    got: GatewayConfig = standing(load_text(made.text).scenario, 0.0)[0][1]
    assert got.default == wanted.default == "discard"
    [ours], [theirs] = got.endpoint.connections, wanted.endpoint.connections
    assert (ours.phase1, ours.psk, ours.dpd) == (theirs.phase1, theirs.psk, theirs.dpd)
    assert (ours.accept_main, ours.accept_aggressive) == (True, False)
    [child], [meant] = ours.children, theirs.children
    assert (child.transforms, child.pfs_group) == (meant.transforms, None)
    assert (child.lifetime_seconds, child.replay_window) == (3600, 0)


@pytest.mark.parametrize(
    ("was", "becomes", "refusal"),
    [
        (" no-pfs esp aes256", " group2 esp aes256", "refuses quick-1: PFS group not acceptable"),
        ("preshare group2 esp aes256", "preshare group5 esp aes256", "refuses main-1: "),
        ("10.1.0.0 255.255.255.0", "10.1.0.0 255.255.0.0", "refuses quick-1: "),
    ],
)
def test_what_does_not_fit_on_the_devices_does_not_fit_here(between, was, becomes, refusal):
    assert was in SCREENOS
    told = outcome(between(ASA, SCREENOS.replace(was, becomes)))
    assert told.word == "never up"
    assert refusal in told.refusals[0]


def test_a_device_that_seeks_its_peer_elsewhere_does_so_here(between):
    made = between(ASA, SCREENOS.replace("address 198.51.100.1", "address 198.51.100.7"))
    assert "peer: 198.51.100.7" in made.text
    assert outcome(made).word == "never up"


def test_a_private_address_is_behind_the_nat_that_the_peer_speaks_to(between):
    inner = ASA.replace("198.51.100.1 255", "192.168.9.2 255")
    made = between(inner, SCREENOS)
    assert load_text(made.text).scenario.gateways["hq"].behind_nat.public == "198.51.100.1"


class TestKeys:
    def test_a_starred_key_is_taken_to_be_that_of_the_other_end(self, between):
        made = between(ASA, SCREENOS)
        assert made.text.count("psk: correct horse") == 2
        assert any(
            note.startswith("hq: its key is not in the configuration") for note in made.notes
        )

    def test_so_are_two_that_nobody_can_read(self, between):
        made = between(
            ASA, SCREENOS.replace("correct horse", "TnbmDJ9nNzpM8ZsB/6CnAE3NxIn98pRxAg==")
        )
        assert made.text.count(f"psk: {STAND_IN}") == 2
        assert len(made.notes) == 2

    def test_keys_that_differ_differ_here(self, between):
        made = between(ASA.replace("*****", "battery staple"), SCREENOS)
        assert "preshared" not in " ".join(made.notes)
        assert outcome(made).word == "never up"

    def test_a_key_that_is_configured_for_nobody_is_missing_here(self, between):
        keyless = ASA.partition("tunnel-group")[0]
        assert "psk: false" in between(keyless, SCREENOS).text


def test_what_is_left_out_is_told(between):
    more = SCREENOS + (
        'set ike gateway "other" address 198.51.100.99 Main outgoing-interface "ethernet0/0" '
        'preshare "x" proposal "ours"\n'
        'set vpn "other" gateway "other" proposal "ours"\n'
        'set vpn "other" proxy-id local-ip 10.2.0.0/24 remote-ip 10.9.0.0/24 "ANY"\n'
    )
    made = between(ASA, more)
    assert "branch: 1 tunnels to other peers are left out" in made.notes


@pytest.mark.parametrize(
    ("one", "other", "words"),
    [
        (ASA, ASA, "both at 198.51.100.1"),
        (ASA, SCREENOS.replace("10.2.0", "10.1.0"), "no scenario"),
    ],
)
def test_devices_that_exclude_each_other_are_refused(between, one, other, words):
    with pytest.raises(ConfigurationError, match=words):
        between(one, other)
