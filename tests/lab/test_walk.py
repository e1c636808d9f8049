"""The walk finds every key and word that nobody knows, whatever else is wrong."""

import yaml
from hypothesis import given
from hypothesis import strategies as st

from gwsim.lab.names import Names
from gwsim.lab.scenario import Scenario, TunnelSpec
from gwsim.lab.source import Loc
from gwsim.lab.walk import check_words, keys_of
from gwsim.vendors.registry import VENDORS
from tests.lab.scenarios_for_tests import TWO_ASAS, varied


def found(text: str) -> dict[Loc, str]:
    data = yaml.safe_load(text)
    names = Names(data, VENDORS)
    complaints = check_words(Scenario, data, (), names)
    return {loc: f"{c.message}|{c.hint}" for loc, c, _ in complaints}


def test_a_scenario_that_is_right_has_none() -> None:
    assert found(TWO_ASAS) == {}


def test_keys_are_those_of_yaml_not_of_python() -> None:
    assert "between" in keys_of(TunnelSpec)
    assert "source" not in keys_of(TunnelSpec)


def test_unknown_keys_are_found_at_every_depth() -> None:
    text = varied(
        ("title:", "titel: x\ntitle:"),
        ("hash: sha1", "hahs: sha1"),
        ("psk:", "branch: {pfss: group2}\n    psk:"),
        ("from:", "coutn: 3, from:"),
    )
    told = found(text)
    assert told[("titel",)] == "unknown key 'titel' in the scenario|title"
    assert told[("tunnels", 0, "phase1", "hahs")] == "unknown key 'hahs' in phase1|hash"
    assert told[("tunnels", 0, "branch", "pfss")] == "unknown key 'pfss' in branch|pfs"
    assert told[("timeline", 0, "ping", "coutn")] == "unknown key 'coutn' in ping|count"


def test_names_stand_where_they_may_and_nowhere_else() -> None:
    text = varied(
        ("expect:\n", "internet: {hq: {loss: 1%}, brnch: {}}\nexpect:\n"),
        ("hq: {state: ESTABLISHED}", "hq: {state: ESTABLISHED}\n    trafic: both"),
    )
    told = found(text)
    assert told[("internet", "brnch")] == "unknown key 'brnch' in internet|branch"
    complaint = "'trafic' is neither a gateway nor a key of an expectation|traffic"
    assert told[("expect", 0, "trafic")] == complaint
    assert len(told) == 2


def test_a_log_is_not_expected_of_a_vendor_of_which_only_the_wire_is_known() -> None:
    text = varied(("vendor: asa", "vendor: contivity"), ("{state: ESTABLISHED}", "{log: x}"))
    told = found(text)
    assert list(told) == [("expect", 0, "hq", "log")]
    assert told["expect", 0, "hq", "log"].startswith("hq is contivity, and gwsim knows")


def test_further_keys_of_a_gateway_are_commands() -> None:
    text = varied(("{state: ESTABLISHED}", "{sate: x, show crypto isakmp sa: y, show foo: z}"))
    told = found(text)
    assert told[("expect", 0, "hq", "sate")] == "'sate' is neither a key nor a command of asa|state"
    assert told[("expect", 0, "hq", "show foo")].startswith("asa has no command 'show foo'")
    assert len(told) == 2


def test_labels_are_checked_as_keys_and_as_values() -> None:
    text = varied(
        ("  - at: 10s\n", "  - at: 10s\n    wire: {main-7: 1, order: [main-1, qick-2]}\n")
    )
    told = found(text)
    assert told[("expect", 0, "wire", "main-7")] == "unknown key 'main-7' in wire|main-6"
    assert told[("expect", 0, "wire", "order", 1)] == "there is no message label 'qick-2'|quick-2"


def test_a_brief_act_refers_as_well() -> None:
    told = found(varied(("timeline:\n", "timeline:\n  - {clear: hw}\n")))
    assert told == {("timeline", 0, "clear"): "there is no gateway 'hw'|hq"}


def test_a_key_without_a_value_is_told_except_at_the_top() -> None:
    told = found(
        varied(("psk: correct horse battery staple", "psk:"), ("timeline:", "story:\ntimeline:"))
    )
    assert told == {("tunnels", 0, "psk"): "there is no value for 'psk'|"}


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=8)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(
            st.sampled_from(
                ["gateways", "tunnels", "expect", "hq", "at", "faults", "between", "x"]
            ),
            inner,
            max_size=4,
        ),
    ),
    max_leaves=20,
)


@given(st.dictionaries(st.sampled_from(sorted(keys_of(Scenario))), JSON))
def test_the_walk_takes_any_data(data: dict[str, object]) -> None:
    for loc, complaint, _ in check_words(Scenario, data, (), Names(data, VENDORS)):
        assert loc
        assert complaint.message
