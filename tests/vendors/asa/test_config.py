"""The running configuration: written from ours, read by ntc-templates and by ourselves."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ntc_templates.parse import parse_output

from gwsim.ike.config import Dpd, Identity, Phase1Transform, Phase2Transform
from gwsim.vendors.asa.config import running_config, transform_set_name
from gwsim.vendors.asa.config_reader import read_config
from gwsim.wire.numbers import IdType
from tests.vendors.asa.pair import BRANCH, BRANCH_NET, HQ, HQ_NET, connection, gateway

AES = Phase2Transform(12, 2, 256)


def config(*connections, **changes):
    made = gateway("hq", HQ, HQ_NET, *(connections or (connection("branch", HQ, BRANCH),)))
    return replace(made, **changes)


def lines_with(text, word):
    return "".join(f"{line}\n" for line in text.splitlines() if word in line)


def test_a_plain_configuration(golden):
    golden("running_config__plain", running_config(config()))


def test_a_rich_configuration(golden):
    rich = connection(
        "branch",
        HQ,
        BRANCH,
        pairs=[("10.1.0.0/24", "10.2.0.0/24 tcp/443"), ("10.1.0.10", "10.9.0.0/16")],
        phase1=(Phase1Transform(7, 2, 5, 256), Phase1Transform(5, 1, 2, lifetime_seconds=None)),
        transforms=(AES, Phase2Transform(3, 1)),
        pfs_group=5,
        transport=True,
        lifetime_seconds=3600,
        lifetime_kilobytes=None,
        replay_window=1024,
        dpd=Dpd(30.0, 5.0, 3),
        aggressive=True,
        accept_aggressive=False,
        nat_traversal=False,
        may_respond=False,
        local_id=Identity(IdType.FQDN, "hq"),
    )
    anyone = connection("anyone", HQ, None, dpd=None, pairs=[("10.1.0.0/24", "any")])
    whole = config(rich, anyone, inside=(HQ_NET, "10.7.0.0/16"), mtu=1400, df="clear")
    quiet = replace(
        whole.endpoint,
        behaviour=replace(whole.endpoint.behaviour, keepalive=30.0),
        enabled=False,
    )
    golden("running_config__rich", running_config(replace(whole, endpoint=quiet), secrets=True))


def test_keys_are_starred_unless_wanted():
    assert " ikev1 pre-shared-key *****\n" in running_config(config())
    assert " ikev1 pre-shared-key correct horse\n" in running_config(config(), secrets=True)


def test_what_is_not_configured_is_not_there():
    text = running_config(config(connection("branch", HQ, BRANCH, psk=None)))
    assert "tunnel-group" not in text
    bare = replace(config(), endpoint=replace(config().endpoint, connections=()), inside=())
    assert running_config(bare).splitlines()[0] == "hostname hq"
    assert "crypto map" not in running_config(bare)


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"may_initiate": False}, "crypto map outside_map 1 set connection-type answer-only"),
        ({"may_respond": False}, "crypto map outside_map 1 set connection-type originate-only"),
        ({"replay_window": 0}, "crypto ipsec security-association replay disable"),
        ({"local_id": Identity(IdType.KEY_ID, "hq")}, "crypto isakmp identity key-id hq"),
        ({"dpd": None}, " isakmp keepalive disable"),
    ],
)
def test_single_settings(changes, line):
    text = running_config(config(connection("branch", HQ, BRANCH, **changes)))
    assert f"{line}\n" in text
    assert f"{line}\n" not in running_config(config())


def test_transform_sets_are_named_as_the_wizard_names_them():
    assert transform_set_name(AES, False) == "ESP-AES-256-SHA"
    assert transform_set_name(Phase2Transform(12, 1, 128), False) == "ESP-AES-MD5"
    assert transform_set_name(Phase2Transform(3, 2), True) == "ESP-3DES-SHA-TRANS"
    assert transform_set_name(Phase2Transform(11, None), False) == "ESP-NULL-NONE"


def test_ntc_templates_read_it():
    """Four independent templates find in the text what the configuration holds."""
    made = connection(
        "branch",
        HQ,
        BRANCH,
        pfs_group=2,
        phase1=(Phase1Transform(7, 2, 5, 256),),
        transforms=(AES,),
    )
    text = running_config(config(made))
    (entry,) = parse_output(
        "cisco_asa", "show running-config crypto map", lines_with(text, "crypto map")
    )
    wanted = {"map": "outside_map", "seq": "1", "pfs": "group2", "peer": BRANCH}
    assert {key: entry[key] for key in wanted} == wanted
    assert entry["transform"] == "ESP-AES-256-SHA"
    assert entry["matched_address"] == "outside_cryptomap_1"
    wanted = {"encryption": "aes-256", "auth_algorithm": "sha", "dh_group": "group 5"}
    found = next(
        row
        for row in parse_output("cisco_asa", "show running-config crypto ikev1", text)
        if row["policy_id"] == "10"
    )
    assert {key: found[key] for key in wanted} == wanted
    (sets,) = parse_output(
        "cisco_asa", "show running-config ipsec", lines_with(text, "transform-set ESP")[:-1]
    )[:1]
    assert (sets["name"], sets["ike_version"]) == ("ESP-AES-256-SHA", "1")
    groups = text[text.index("tunnel-group") :]
    (group,) = parse_output("cisco_asa", "show running-config tunnel-group", groups)
    assert (group["name"], group["type"], group["ikev1_psk"]) == (BRANCH, "ipsec-l2l", "*****")


selectors = st.sampled_from(
    ["10.1.0.0/24", "10.9.0.0/16", "10.1.0.10", "any", "10.4.0.0/30", "10.1.0.0/24 tcp/443"]
)


@given(
    pairs=st.lists(st.tuples(selectors, selectors), min_size=1, max_size=3),
    phase1=st.lists(
        st.builds(
            Phase1Transform,
            encryption=st.just(7),
            hash=st.sampled_from([1, 2, 4]),
            group=st.sampled_from([2, 5, 14]),
            key_bits=st.sampled_from([128, 192, 256]),
            lifetime_seconds=st.sampled_from([None, 3600, 86400]),
        ),
        min_size=1,
        max_size=3,
        unique=True,
    ).map(tuple),
    transforms=st.lists(
        st.sampled_from([AES, Phase2Transform(3, 1), Phase2Transform(12, 2, 128)]),
        min_size=1,
        max_size=2,
        unique=True,
    ).map(tuple),
    pfs_group=st.sampled_from([None, 1, 2, 5, 14]),
    transport=st.booleans(),
    dpd=st.sampled_from([None, Dpd(10.0, 2.0, 3), Dpd(60.0, 5.0, 3)]),
    nat_traversal=st.booleans(),
    psk=st.sampled_from([None, b"secret", b"with ?%$& in it"]),
    lifetime_seconds=st.sampled_from([28800, 3600]),
    lifetime_kilobytes=st.sampled_from([None, 4_608_000, 1000]),
    accept_aggressive=st.booleans(),
    replay_window=st.sampled_from([0, 64, 1024]),
)
def test_what_is_written_is_read_back(pairs, **settings):
    """Write, read, write: the same text, and nothing was ignored."""
    fixed = []
    for local, remote in pairs:
        service = max(local.partition(" ")[2], remote.partition(" ")[2])
        sides = [side.partition(" ")[0] for side in (local, remote)]
        fixed.append(tuple(f"{side} {service}".strip() for side in sides))
    made = config(connection("branch", HQ, BRANCH, pairs=fixed, **settings))
    text = running_config(made, secrets=True)
    reading = read_config(text)
    assert reading.ignored == ()
    assert running_config(reading.config, secrets=True) == text
    before, after = made.endpoint.connections[0], reading.config.endpoint.connections[0]
    assert after.phase1 == before.phase1
    assert after.psk == before.psk
    assert before.psk is None or after.dpd == before.dpd
    assert after.nat_traversal == before.nat_traversal
    assert [c.local.same_traffic(d.local) for c, d in _children(before, after)] == [True] * len(
        pairs
    )
    assert [(c.transforms, c.pfs_group, c.transport) for c in after.children] == [
        (c.transforms, c.pfs_group, c.transport) for c in before.children
    ]


def _children(before, after):
    return list(zip(before.children, after.children, strict=True))


def test_networks_behind_come_back_too():
    made = config(inside=(HQ_NET, "10.7.0.0/16", BRANCH_NET))
    assert read_config(running_config(made)).config.inside == made.inside
