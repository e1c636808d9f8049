"""Node files: what is written is read back equal, and only the owner can read it."""

import math
import stat
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gwsim.daemon.clock import Timing
from gwsim.daemon.nodefile import (
    GatewayFile,
    InternetFile,
    NodeFile,
    gateway_config_from_json,
    gateway_config_to_json,
    node_from_json,
    node_to_json,
    path_config_from_json,
    path_config_to_json,
    read_node,
    write_node,
)
from gwsim.path.config import Link, Match, Nat, PathConfig, Rule, RuleAction, Side
from gwsim.vendors.registry import VENDORS
from tests.gateway.boxes import branch_config, hq_config

TIMING = Timing(datetime(2026, 3, 1, 9, 0, tzinfo=UTC), 12.5, 10.0, "7/hq")
GATEWAY = GatewayFile(hq_config(), TIMING, "/run/hq.sock", "/run/hq.log", "/run/hints", "tun9")
INTERNET = InternetFile(
    PathConfig(
        (
            Side("hq", ("198.51.100.1", "10.1.0.0/24"), Link(0.01, mtu=1400)),
            Side("branch", ("10.9.0.2",), nat=Nat("203.0.113.1", forward=((50, 0), (17, 500)))),
        ),
        (
            Rule(
                "drop[0]", RuleAction.DROP, Match(17, 4500, "main-5", occurrences=frozenset({2, 3}))
            ),
        ),
    ),
    TIMING,
    "/run/internet.sock",
)


@pytest.mark.parametrize("node", [GATEWAY, INTERNET])
def test_a_node_file_is_read_back_equal(node: NodeFile) -> None:
    assert node_from_json(node_to_json(node)) == node


@pytest.mark.parametrize("vendor", sorted(VENDORS))
def test_every_vendors_behaviour_survives(vendor: str) -> None:
    config = branch_config()
    config = replace(config, endpoint=replace(config.endpoint, behaviour=VENDORS[vendor].behaviour))
    assert gateway_config_from_json(gateway_config_to_json(config)) == config


def test_endless_rules_and_keys_of_any_octets_survive() -> None:
    assert path_config_from_json(path_config_to_json(INTERNET.config)) == INTERNET.config
    assert INTERNET.config.rules[0].match.end == math.inf
    connection = replace(hq_config().endpoint.connections[0], psk=bytes(range(256)))
    config = replace(hq_config(), endpoint=replace(hq_config().endpoint, connections=(connection,)))
    assert gateway_config_from_json(gateway_config_to_json(config)) == config


def test_only_the_owner_may_read_a_node_file(tmp_path: Path) -> None:
    path = tmp_path / "hq.json"
    path.write_text("old", encoding="utf-8")
    path.chmod(0o644)
    write_node(GATEWAY, path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert read_node(path) == GATEWAY
    assert list(tmp_path.iterdir()) == [path]


@given(st.one_of(st.text(), st.dictionaries(st.text(), st.text()).map(str)))
def test_anything_else_is_refused_in_words(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        node_from_json(text)


def test_a_complaint_names_the_file_and_the_place(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_text(node_to_json(GATEWAY).replace('"speed":10.0', '"speed":-1'), encoding="utf-8")
    with pytest.raises(ValueError, match=r"x\.json: gateway\.timing.*speed above 0"):
        read_node(path)


def test_a_rule_does_only_what_rules_can_do() -> None:
    text = node_to_json(INTERNET).replace('"action":"drop"', '"action":"explode"')
    with pytest.raises(ValueError, match=r"rules\.0\.action.*'drop', 'delay'.*'drip'"):
        node_from_json(text)
