"""Addresses, networks, selectors, suites and times that contradict each other are found."""

import pytest

from gwsim.lab.load import ScenarioError, load_text
from tests.lab.scenarios_for_tests import TWO_ASAS, varied

KEY = "psk: correct horse battery staple"


def problems(*changes: tuple[str, str]) -> list[str]:
    with pytest.raises(ScenarioError) as caught:
        load_text(varied(*changes), "x.yaml")
    return [str(problem) for problem in caught.value.problems]


def warnings(*changes: tuple[str, str]) -> list[str]:
    return [str(warning) for warning in load_text(varied(*changes), "x.yaml").warnings]


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("pc: 10.2.0.10", "pc: 10.3.0.10", "10.3.0.10 is not inside branch: 10.2.0.0/24"),
        (
            "hosts: {pc: 10.2.0.10}",
            "hosts: {pc: 10.2.0.10, pd: 10.2.0.10}",
            "10.2.0.10 is already the address of branch.pc",
        ),
        ("203.0.113.1", "198.51.100.1", "198.51.100.1 is already the address of hq"),
        (
            "hosts: {pc",
            "behind_nat: {public: 203.0.113.1}, hosts: {pc",
            "behind a NAT the gateway's own outside address is another one",
        ),
        (
            KEY,
            f"{KEY}\n  - between: [branch, hq]",
            "there is already a tunnel between branch and hq",
        ),
        (KEY, f"{KEY}\n    selectors: [{{local: 10.1.0.0/24}}]", "local and remote to whom?"),
        (
            "aes-256, integrity",
            "aes-gcm, integrity",
            "hq cannot run this phase 2 proposal: AES-GCM",
        ),
    ],
)
def test_contradictions_are_errors(old: str, new: str, complaint: str) -> None:
    assert any(complaint in line for line in problems((old, new)))


@pytest.mark.parametrize("word", ["wire", "traffic", "latency", "psk", "from"])
def test_a_gateway_is_not_called_by_a_word_of_the_language(word: str) -> None:
    text = TWO_ASAS.replace("branch", word)
    with pytest.raises(ScenarioError, match=f"{word!r} is a word of the language, not a name"):
        load_text(text)


def test_a_selector_must_say_which_of_several_networks_it_means() -> None:
    told = problems(
        ("inside: 10.1.0.0/24", "inside: [10.1.0.0/24, 10.9.0.0/24]"),
        (KEY, f"{KEY}\n    selectors: [{{branch: 10.2.0.0/24}}]"),
    )
    assert "name the network of hq: it has 2" in told[0]


def test_only_the_two_ends_have_a_say_in_a_tunnel() -> None:
    third = "\n  far: {vendor: asa, outside: 192.0.2.9, inside: 10.3.0.0/24}\ntunnels:"
    told = problems(("\ntunnels:", third), (KEY, f"{KEY}\n    far: {{pfs: 2}}"))
    assert "far is not an end of the tunnel between hq and branch" in told[0]
    told = problems(("\ntunnels:", third), (KEY, f"{KEY}\n    selectors: [{{far: 10.3.0.0/24}}]"))
    assert "far is not an end of this tunnel" in told[0]


def test_times_beyond_the_end_of_the_run_are_errors() -> None:
    told = problems(("timeline:", "duration: 5s\ntimeline:"))
    assert told == ["x.yaml:15:5: 10s lies beyond the end of the run at 5s"]
    told = problems(("timeline:", "duration: 10s\ntimeline:"), ("at: 1s", "at: 11s"))
    assert told == ["x.yaml:13:5: 11s lies beyond the end of the run at 10s"]


def test_what_is_odd_but_possible_is_a_warning() -> None:
    assert warnings(("10.2.0.0/24", "10.1.0.0/16"), ("10.2.0.10", "10.1.2.10")) == [
        "x.yaml:5:55: 10.1.0.0/16 of branch overlaps 10.1.0.0/24 of hq"
    ]
    third = "\n  far: {vendor: asa, outside: 192.0.2.9, inside: 10.3.0.0/24}\ntunnels:"
    assert "far is the end of no tunnel" in warnings(("\ntunnels:", third))[0]
    told = warnings((f"    {KEY}\n", ""))
    assert [line.split(": ", 1)[1] for line in told] == [
        "hq has no pre-shared key; write `psk: no` if that is meant",
        "branch has no pre-shared key; write `psk: no` if that is meant",
    ]
    assert warnings((KEY, "psk: no")) == []


def test_transport_mode_is_not_for_networks() -> None:
    transport = (KEY, f"{KEY}\n    encapsulation: transport")
    assert [line.split(": ", 1)[1] for line in warnings(transport)] == [
        "transport mode carries only what hq itself says, not its networks; "
        "let 198.51.100.1/32 be inside",
        "transport mode carries only what branch itself says, not its networks; "
        "let 203.0.113.1/32 be inside",
    ]
    themselves = (
        transport,
        ("inside: 10.1.0.0/24, hosts: {server: 10.1.0.10}", "inside: 198.51.100.1/32"),
        ("inside: 10.2.0.0/24, hosts: {pc: 10.2.0.10}", "inside: 203.0.113.1/32"),
        ("from: hq.server, to: branch.pc", "from: hq, to: branch"),
    )
    assert warnings(*themselves) == []


def test_neighbours_behind_one_nat_that_translates_ports_share_its_address():
    spec = "outside: {}, behind_nat: {{public: 203.0.113.7{}}}"
    both = [
        ("outside: 198.51.100.1", spec.format("192.168.1.2", "")),
        ("outside: 203.0.113.1", spec.format("192.168.2.2", "")),
    ]
    assert load_text(varied(*both)).scenario
    one_to_one = (both[0], (both[1][0], spec.format("192.168.2.2", ", ports: one-to-one")))
    assert any("203.0.113.7 is already the address of hq" in one for one in problems(*one_to_one))
    same = (both[0], (both[1][0], spec.format("192.168.1.2", "")))
    assert any("already the address" in one for one in problems(*same))


NAT = ("outside: 203.0.113.1", "outside: 192.168.1.2, behind_nat: {public: 203.0.113.1}")
PING = "ping: {from: hq.server, to: branch.pc}"


def test_a_nat_that_forgets_must_be_there():
    forget = (PING, "nat_rebind: branch")
    assert warnings(forget) == ["x.yaml:12:26: there is no NAT in front of branch"]
    assert warnings(forget, NAT) == []
    assert warnings(forget, ("timeline:\n", "faults: [nat]\ntimeline:\n")) == []
