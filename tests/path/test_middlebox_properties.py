"""What holds on any path: whatever lines, NAT and rules it is made of, whatever is sent."""

from collections import Counter, defaultdict

from hypothesis import given, settings
from hypothesis import strategies as st

from gwsim.path.config import Link, Match, Nat, Rule, RuleAction
from gwsim.path.events import FATES
from gwsim.wire.ip import (
    ICMP,
    UDP,
    IcmpError,
    Ipv4Packet,
    build_icmp,
    build_ipv4,
    parse_ipv4,
    quote,
)
from tests.path.packets import (
    BRANCH,
    HQ,
    PRIVATE,
    Path,
    echo,
    esp,
    two_sides,
    udp,
)

PUBLIC = "203.0.113.1"


LINKS = st.builds(
    Link,
    latency=st.sampled_from([0.0, 0.01, 0.2]),
    jitter=st.sampled_from([0.0, 0.05]),
    loss=st.sampled_from([0.0, 0.3]),
    duplicate=st.sampled_from([0.0, 0.3, 1.0]),
    reorder=st.sampled_from([0.0, 0.3, 1.0]),
    corrupt=st.sampled_from([0.0, 0.3]),
    mtu=st.sampled_from([None, 100, 600]),
    black_hole=st.booleans(),
)
NATS = st.one_of(
    st.none(),
    st.builds(
        Nat,
        st.just(PUBLIC),
        translate_ports=st.booleans(),
        udp_timeout=st.sampled_from([1.0, 120.0]),
        esp_helper=st.booleans(),
        random_ports=st.booleans(),
        forward=st.sampled_from([(), ((UDP, 500),)]),
    ),
)
RULES = st.lists(
    st.tuples(
        st.sampled_from(RuleAction),
        st.builds(
            Match,
            protocol=st.sampled_from([None, 17, 50]),
            label=st.sampled_from(["", "esp", "main"]),
            occurrences=st.sampled_from([None, frozenset({1, 3})]),
        ),
        st.sampled_from([0.0, 0.5]),
    ),
    max_size=3,
).map(lambda rows: tuple(Rule(str(i), a, m, s) for i, (a, m, s) in enumerate(rows)))
ENDS = st.sampled_from([HQ, BRANCH, PRIVATE, PUBLIC, "198.18.0.99"])
PACKETS = st.one_of(
    st.builds(udp, ENDS, ENDS, st.sampled_from([500, 4500]), payload=st.binary(max_size=700)),
    st.builds(udp, ENDS, ENDS, payload=st.just(bytes(900)), df=st.just(True)),
    st.builds(esp, ENDS, ENDS, body=st.binary(max_size=700)),
    st.builds(echo, ENDS, ENDS, reply=st.booleans(), size=st.sampled_from([0, 800])),
    st.builds(
        lambda a, b, packet: build_ipv4(
            Ipv4Packet(a, b, ICMP, build_icmp(IcmpError(3, 4, 600, quote(parse_ipv4(packet)))))
        ),
        ENDS,
        ENDS,
        st.builds(udp, ENDS, ENDS),
    ),
    st.builds(
        lambda *fields: build_ipv4(Ipv4Packet(*fields)),
        ENDS,
        ENDS,
        st.sampled_from([1, 6, 17, 50, 89]),
        st.binary(max_size=60),
    ),
    st.binary(max_size=60),
)
SENDINGS = st.lists(
    st.tuples(st.sampled_from(["hq", "branch"]), PACKETS, st.sampled_from([0.0, 0.1, 3.0])),
    max_size=12,
)


def run(config, sendings, seed):
    path, now = Path(config, seed), 0.0
    for side, packet, wait in sendings:
        now += wait
        path.send(side, packet, now)
    path.run()
    return path


CONFIGS = st.builds(two_sides, LINKS, LINKS, NATS, RULES)


@settings(max_examples=150, deadline=None)
@given(CONFIGS, SENDINGS, st.integers(0, 3))
def test_the_same_seed_gives_the_same_packets(config, sendings, seed):
    first, second = (run(config, sendings, seed) for _ in range(2))
    assert first.arrived == second.arrived
    assert first.events == second.events


@settings(max_examples=150, deadline=None)
@given(CONFIGS, SENDINGS)
def test_every_packet_meets_a_fate_and_nothing_is_left_behind(config, sendings):
    path = run(config, sendings, 1)
    fates = defaultdict(Counter)
    for event in path.events:
        fates[event.packet][event.action] += 1
    for counted in fates.values():
        assert any(action in FATES for action in counted)
    assert path.box.next_timer() is None
    times = [event.at for event in path.events]
    assert times == sorted(times)
    assert all(event.delay >= 0 for event in path.events)


@settings(max_examples=150, deadline=None)
@given(CONFIGS, SENDINGS)
def test_whatever_arrives_is_a_sound_packet(config, sendings):
    for _, side, packet in run(config, sendings, 1).arrived:
        parsed = parse_ipv4(packet)
        assert build_ipv4(parsed) == packet
        assert side in ("hq", "branch")
