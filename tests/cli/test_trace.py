"""`gwsim trace` draws every message."""

import json


def test_the_ladder_shows_acts_messages_and_sizes(gwsim, scenario):
    result = gwsim("trace", scenario)
    assert result.exit_code == 0
    lines = result.output.splitlines()
    assert lines[0] == f"A tunnel ({scenario}, seed 1)"
    assert lines[1].split(None, 1) == ["1.000", "hq.server pings branch.pc 3 times"]
    for label in (*(f"main-{n}" for n in range(1, 7)), "quick-3", "2 x esp"):
        assert label in result.output


def test_lines_fit_a_page(gwsim, scenario):
    assert max(map(len, gwsim("trace", scenario).output.splitlines()[2:])) <= 100


def test_the_same_seed_draws_the_same_ladder(gwsim, scenario):
    assert gwsim("trace", scenario).output == gwsim("trace", scenario).output


def test_json_has_an_entry_for_each_packet(gwsim, scenario):
    entries = json.loads(gwsim("trace", scenario, "--json").output)
    assert [entry["label"] for entry in entries[:3]] == ["main-1", "main-2", "main-3"]
    assert entries[0]["source_node"] == "hq"
    assert entries[0]["fate"] == "delivered"
