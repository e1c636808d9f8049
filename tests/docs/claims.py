"""What really happens, for each row of docs/folklore.md: a question to the run of its scenario.

A check is written from the last column of its row; it would fail if the verdict were another.
"""

from collections.abc import Callable

from gwsim.ike.events import LifetimeCompared, NotifyReceived, PhaseTwoCompleted
from gwsim.vendors.registry import VENDORS
from gwsim.wire.ip import ESP, parse_ipv4
from tests.docs.seen import Seen

MAIN = [f"main-{number}" for number in range(1, 7)]
QUICK = [f"quick-{number}" for number in range(1, 4)]
AGGRESSIVE = [f"aggr-{number}" for number in range(1, 4)]


def order(seen: Seen, *labels: str) -> bool:
    """Say whether messages came in this order, each for the first time."""
    places = [seen.labels().index(label) for label in labels]
    return places == sorted(places)


def once_each(seen: Seen, labels: list[str]) -> bool:
    return all(seen.count(label) == 1 for label in labels) and order(seen, *labels)


def no_key(seen: Seen, *labels: str) -> bool:
    return all("KE" not in seen.payloads(label) for label in labels)


def only(seen: Seen, *labels: str) -> bool:
    return set(seen.labels()) == set(labels)


def never_up(seen: Seen) -> bool:
    return not (seen.up("hq") or seen.up("branch"))


def notified(seen: Seen, gateway: str, number: int) -> bool:
    return any(
        event.notify_type == number for event in seen.record.gateway(gateway).of(NotifyReceived)
    )


def key_on_the_wire(seen: Seen) -> bool:
    [connection] = seen.config("hq").endpoint.connections
    return any(connection.psk in departure.packet for departure in seen.record.departures)


def sequence_numbers(seen: Seen, gateway: str) -> list[int]:
    packets = (parse_ipv4(one.packet) for one in seen.record.departures if one.gateway == gateway)
    return [int.from_bytes(p.payload[4:8]) for p in packets if p.protocol == ESP]


def esp_length(seen: Seen) -> int:
    return seen.first("esp").length


def spis(seen: Seen) -> set[int]:
    done = [g.of(PhaseTwoCompleted) for g in seen.record.gateways]
    return {spi for events in done for event in events for spi in (event.inbound_spi,)}


def shortest_lifetime(seen: Seen) -> bool:
    compared = [e for e in seen.record.gateway("branch").of(LifetimeCompared) if e.phase == 1]
    return any(e.ours != e.theirs and e.chosen == min(e.ours, e.theirs) for e in compared)


def suites_differ(seen: Seen) -> bool:
    """Phase 1 has a hash, the ESP of phase 2 authenticates by its cipher."""
    scenario = seen.run.scenario.tunnels[0]
    return scenario.phase1[0].hash == "sha1" and scenario.phase2[0].encryption == "aes-256-gcm"


def lifetimes(vendor: str) -> int:
    return VENDORS[vendor].defaults.phase2_lifetime


CHECKS: dict[str, Callable[[Seen], bool]] = {
    "A1": lambda s: once_each(s, MAIN),
    "A2": lambda s: once_each(s, AGGRESSIVE),
    "A3": lambda s: {x for x in s.labels() if x.startswith("aggr")} == set(AGGRESSIVE),
    "A4": lambda s: order(s, "main-6", *QUICK, "esp"),
    "A5": lambda s: once_each(s, QUICK),
    "A6": lambda s: set(s.payloads("main-1")) == {"SA", "VID"},
    "A7": lambda s: no_key(s, "main-1"),
    "A8": lambda s: "HASH" not in s.payloads("main-3") and "HASH" in s.payloads("main-5"),
    "A9": lambda s: {"KE", "NONCE"} <= set(s.payloads("main-4")) and s.rests("hq").endswith("MSG4"),
    "A10": lambda s: {"KE", "NONCE"} == set(s.payloads("main-4")),
    "A11": lambda s: s.logs("branch", "preshared keys might not match"),
    "A12": lambda s: (
        s.since("hq", "MM_ACTIVE") < s.since("branch", "MM_ACTIVE")
        if "MM_WAIT_MSG3" in s.passed("hq")
        else s.since("branch", "MM_ACTIVE") < s.since("hq", "MM_ACTIVE")
    ),
    "A13": lambda s: "*" not in (*s.payloads("main-1"), *s.payloads("main-2")),
    "A14": lambda s: all({"*", "ID"} <= set(s.payloads(x)) for x in ("main-5", "main-6")),
    "A15": lambda s: all(
        "ID" in s.payloads(x) and "*" not in s.payloads(x) for x in AGGRESSIVE[:2]
    ),
    "A16": lambda s: (
        [s.payloads(x)[0] == "*" for x in (*AGGRESSIVE, "quick-1")] == [False, False, True, True]
    ),
    "A17": lambda s: (
        all({"KE", "NONCE"} <= set(s.payloads(x)) for x in AGGRESSIVE[:2])
        and ["HASH" in s.payloads(x) for x in AGGRESSIVE] == [False, True, True]
    ),
    "A18": lambda s: not key_on_the_wire(s),
    "A19": lambda s: (
        s.first("main-4").source.endswith(":500")
        and s.first("main-5").destination.endswith(":4500")
    ),
    "A20": lambda s: all("KE" in s.payloads(x) for x in QUICK[:2]),
    "A21": lambda s: no_key(s, *QUICK),
    "A22": lambda s: (
        s.count("quick-1") > 1
        and all("KE" not in e.payloads.split() for e in s.trace if e.label == "quick-1")
    ),
    "A23": lambda s: (
        s.first("quick-1").length - s.first("quick-2").length == 32
        and "N(INITIAL-CONTACT)" in s.payloads("quick-1")
    ),
    "S1": lambda s: only(s, "main-1") and s.count("main-1") > 1,
    "S2": lambda s: s.passed("hq") == ["MM_WAIT_MSG2"],
    "S3": lambda s: s.passed("hq") == ["MM_WAIT_MSG2"] and s.passed("branch") == [],
    "S4": lambda s: s.passed("hq") == ["MM_WAIT_MSG2"] and "main-2" in s.labels(),
    "S5": lambda s: s.passed("hq") == ["MM_WAIT_MSG2"] and only(s, "main-1"),
    "S6": lambda s: s.passed("hq") == ["MM_WAIT_MSG2"],
    "S7": lambda s: s.rests("branch") == "MM_WAIT_MSG6",
    "S8": lambda s: s.passed("hq") == [] and s.labels() == [],
    "S9": lambda s: s.passed("hq") == ["MM_WAIT_MSG2"] and s.passed("branch") == [],
    "S10": lambda s: s.rests("branch") == "MM_WAIT_MSG3" and order(s, "main-2", "main-3"),
    "S11": lambda s: s.config("hq").vendor != s.config("branch").vendor and s.up("hq"),
    "S12": lambda s: "MM_WAIT_MSG3" not in (*s.passed("hq"), *s.passed("branch")),
    "S13": lambda s: s.rests("branch") == "MM_WAIT_MSG3",
    "S14": lambda s: "SA" in s.payloads("main-2") and s.rests("hq") == "MM_WAIT_MSG4",
    "S15": lambda s: s.rests("hq") == "MM_WAIT_MSG4" and s.logs("branch", "valid tunnel group"),
    "S16": lambda s: s.rests("hq") == "MM_WAIT_MSG4" and "dropped" in s.first("main-4").fate,
    "S17": lambda s: s.config("hq").vendor != s.config("branch").vendor and s.up("branch"),
    "S18": lambda s: "MM_WAIT_MSG5" not in s.passed("branch"),
    "S19": lambda s: s.rests("hq") == "MM_WAIT_MSG5",
    "S20": lambda s: s.rests("hq") == "MM_WAIT_MSG6" and s.count("main-5") > 1,
    "S21": lambda s: (s.rests("branch"), s.rests("hq")) == ("MM_WAIT_MSG6", "MM_WAIT_MSG5"),
    "S22": lambda s: s.up("hq") and s.first("main-5").destination.endswith(":500"),
    "S23": lambda s: s.up("hq") and s.up("branch") and not s.carried("branch", "hq"),
    "S24": lambda s: s.first("main-5").destination.endswith(":4500"),
    "S25": lambda s: s.passed("hq").count("MM_ACTIVE") > 2 and never_up(s),
    "S26": lambda s: s.passed("hq").count("MM_WAIT_MSG2") > 2,
    "S27": lambda s: "MM_ACTIVE" in s.passed("hq") and never_up(s),
    "S28": lambda s: s.rests("hq") == "AM_ACTIVE",
    "S29": lambda s: s.passed("hq")[0] == "MM_WAIT_MSG2" and s.record.echoes[0].source[:2] == "hq",
    "P1": lambda s: s.passed("hq")[0] == "MM_NO_STATE",
    "P2": lambda s: s.passed("hq")[1] == "MM_SA_SETUP" and s.count("main-2") > 0,
    "P3": lambda s: s.rests("hq") == "MM_KEY_EXCH",
    "P4": lambda s: s.rests("hq") == s.passed("hq")[-1] == "QM_IDLE",
    "P5": lambda s: s.rests("hq") == "QM_IDLE" and s.count("quick-3") == 1,
    "T1": lambda s: len(spis(s)) == 2 and s.count("main-6") == 1,
    "T2": lambda s: len(spis(s)) == 2 and s.count("main-6") == 1,
    "T3": lambda s: s.count("main-6") == 1 and len(s.of("hq").pairs) == 2,
    "T4": lambda s: notified(s, "hq", 18) and not s.of("hq").pairs,
    "T5": lambda s: s.up("hq") and s.run.scenario.faults[0].name == "proxy-id-mismatch",
    "T6": lambda s: (
        s.up("hq") and {s.config(x).vendor for x in ("hq", "branch")} == {"asa", "screenos"}
    ),
    "T7": lambda s: notified(s, "hq", 14) and never_up(s),
    "T8": lambda s: s.up("hq") and suites_differ(s),
    "T9": lambda s: (
        bool(s.carried("hq", "branch") and s.carried("branch", "hq")) and not s.record.clear_text()
    ),
    "T10": lambda s: esp_length(s) < esp_length(Seen("healthy/asa-screenos")),
    "T11": lambda s: bool(s.carried("branch", "hq")) and not s.drops("hq"),
    "T12": lambda s: all(
        sequence_numbers(s, g) == list(range(1, len(sequence_numbers(s, g)) + 1))
        for g in ("hq", "branch")
    ),
    "T13": lambda s: "replayed" in s.drops("branch"),
    "T14": lambda s: "replayed" in s.drops("branch") and "replayed" not in s.drops("hq"),
    "T15": lambda s: "clear-text" in (*s.drops("hq"), *s.drops("branch")),
    "T16": lambda s: s.up("hq") and s.up("branch") and not s.carried("hq", "branch"),
    "T17": lambda s: (
        (lifetimes("asa"), lifetimes("ios"), lifetimes("screenos")) == (28800, 3600, 3600)
    ),
    "T18": lambda s: s.up("hq") and shortest_lifetime(s),
    "T19": lambda s: s.logs("branch", "initial contact notification and removed Phase 2"),
    "L1": lambda s: s.logs("branch", "Retransmission limit") and only(s, "main-1"),
    "L2": lambda s: only(s, "main-1") and s.config("branch").vendor == "screenos",
    "L3": lambda s: s.logs("branch", "Rejected proposals from peer"),
    "L4": lambda s: s.logs("branch", "notification message for DOI 1 14"),
    "L5": lambda s: "main-3" not in s.labels() and notified(s, "hq", 14),
    "L6": lambda s: s.logs("branch", "unrecognized peer gateway"),
    "L7": lambda s: s.logs("branch", "No policy exists for the proxy ID received"),
    "L8": lambda s: s.logs("branch", "P2 Attributes not supported"),
    "L9": lambda s: s.logs("branch", "DOI 1 4 INVALID-COOKIE") and s.passed("branch") != [],
    "L10": lambda s: s.passed("hq") == ["AM_WAIT_MSG2"] and only(s, "aggr-1"),
    "L11": lambda s: s.rests("hq") == "AM_ACTIVE" and "ID" in s.payloads("aggr-1"),
    "L12": lambda s: notified(s, "branch", 18) and not s.of("branch").pairs,
    "F1": lambda s: s.debugs(
        "hq",
        "responder: main mode get 1st message...",
        "responder:main mode get 2nd message...",
        "responder: main mode get 3rd message...",
    ),
    "F2": lambda s: s.debugs("hq", "3rd message...", "responder received first quick-mode"),
    "F3": lambda s: s.debugs("hq", "first quick-mode message", "matched phase2") and s.up("hq"),
    "K1": lambda s: s.up("hq") and s.up("branch"),
    "K2": lambda s: s.logs("branch", "preshared keys might not match") and never_up(s),
    "K3": lambda s: notified(s, "hq", 14) and never_up(s),
    "K4": lambda s: only(s, "main-1") and never_up(s),
    "K5": lambda s: "dropped" in s.first("main-5").fate and never_up(s),
}
"""One check for each row."""
