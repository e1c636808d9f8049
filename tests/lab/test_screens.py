"""Screens against the engine, in scenarios nobody thought of: no view shows what is not so.

A seed makes a scenario: vendors, algorithms, faults that begin and end, operators and reboots. At
moments within and after negotiations, the states, roles, SPIs and counters that a device prints
must be those of the snapshot, no more and no fewer.
"""

import json
import re
from collections.abc import Callable
from random import Random
from typing import Any

import pytest

from gwsim.gateway.snapshot import Snapshot
from gwsim.ike.snapshot import IkeSaSnapshot
from gwsim.lab.load import load_text
from gwsim.lab.session import Console, Session

VENDORS = ("asa", "ios", "pix", "screenos", "fortios")
NEGOTIATING = tuple(1.005 + 0.01 * n for n in range(9))
HOSTS = {"zug": "zug.w", "ulm": "ulm.s"}

Show = Callable[[str], str]
Row = tuple[str, ...]

WAITS = ("MAIN_WAIT_2", "MAIN_WAIT_3", "MAIN_WAIT_4", "MAIN_WAIT_5", "MAIN_WAIT_6")
STATES = (*WAITS, "AGGR_WAIT_2", "AGGR_WAIT_3", "ESTABLISHED")
ASA = ("MM_WAIT_MSG2", "MM_WAIT_MSG3", "MM_WAIT_MSG4", "MM_WAIT_MSG5", "MM_WAIT_MSG6")
CISCO = ("MM_NO_STATE", "MM_SA_SETUP", "MM_SA_SETUP", "MM_KEY_EXCH", "MM_KEY_EXCH")
STEPS = (3, 3, 5, 5, 7, 3, 3)
WORDS = {
    "asa": dict(zip(STATES, (*ASA, "AM_WAIT_MSG2", "AM_WAIT_MSG3"), strict=False)),
    "cisco": dict(zip(STATES, (*CISCO, "AG_INIT_EXCH", "AG_INIT_EXCH", "QM_IDLE"), strict=True)),
    "fortios": dict(zip(STATES, (f"connecting, state {n}" for n in STEPS), strict=False)),
}
"""The words of the vendor sheet, written down a second time: the product's are under test."""


def faults(rng: Random) -> list[dict[str, Any]]:
    """Choose up to three faults, some of which begin or end in mid-run."""
    at = {"at": rng.choice(sorted(HOSTS))}
    phase1 = ("psk-mismatch", "missing-psk", "phase1-group-mismatch", "mode-mismatch")
    phase2 = ("pfs-mismatch", "proxy-id-mismatch", "phase2-encryption-mismatch", "acl-missing")
    path = ("udp-500-blocked", "udp-4500-blocked", "esp-blocked", "jacob-two-two", "delete-lost")
    chosen = []
    pool = (*phase1, *phase2, "nat", "reboot", "link-down", *path)
    for name in rng.sample(pool, rng.choice((0, 1, 1, 2, 3))):
        given: dict[str, Any] = {} if name in path else dict(at)
        if rng.random() < 0.4:
            given["start"] = f"{rng.randrange(60)}s"
        if rng.random() < 0.4:
            given["end"] = f"{rng.randrange(61, 120)}s"
        chosen.append({name: given})
    return chosen


def timeline(rng: Random) -> list[dict[str, Any]]:
    """Let hosts ping and operators meddle; the first ping is where negotiations begin."""
    acts: list[dict[str, Any]] = [
        {"at": "1s", "ping": {"from": "zug.w", "to": "ulm.s", "count": 3}},
    ]
    for at in sorted(rng.sample(range(2, 180), 4)):
        name = rng.choice(sorted(HOSTS))
        there = HOSTS["ulm" if name == "zug" else "zug"]
        act = rng.choice(
            (
                {"ping": {"from": HOSTS[name], "to": there, "size": rng.choice((56, 1400, 3000))}},
                {"clear": {"at": name, "what": rng.choice(("ike", "ipsec", "all"))}},
                {"reboot": {"at": name, "down": f"{rng.randrange(20)}s"}},
                {"rekey": {"at": name, "phase": rng.choice((1, 2))}},
                {"initiate": name},
            )
        )
        acts.append({"at": f"{at}s", **act})
    return acts


def scenario(seed: int, vendors: tuple[str, str]) -> str:
    """Write a scenario that only this seed has, between these two vendors."""
    rng = Random(seed)
    one, other = vendors
    zug = {"vendor": one, "outside": "203.0.113.77", "inside": "10.77.0.0/24"}
    ulm = {"vendor": other, "outside": "198.51.100.88", "inside": "10.88.0.0/16"}
    phase1 = {
        "encryption": rng.choice(("3des", "aes-128", "aes-256")),
        "hash": rng.choice(("md5", "sha1")),
        "group": rng.choice((1, 2)),
        "lifetime": rng.choice(("70s", "300s", "8h")),
    }
    phase2 = {"encryption": "aes-128", "integrity": "sha1", "lifetime": rng.choice(("120s", "1h"))}
    tunnel = {
        "between": ["zug", "ulm"],
        "mode": rng.choice(("main", "main", "aggressive")),
        "psk": "a secret",
        "phase1": phase1,
        "phase2": phase2,
    }
    whole = {
        "name": "unthought-of",
        "title": f"Seed {seed}",
        "seed": seed,
        "gateways": {
            "zug": {**zug, "hosts": {"w": "10.77.0.7"}},
            "ulm": {**ulm, "hosts": {"s": "10.88.3.3"}},
        },
        "tunnels": [tunnel],
        "faults": faults(rng),
        "timeline": timeline(rng),
    }
    return json.dumps(whole)


def spis(snapshot: Snapshot) -> set[str]:
    """Give the SPIs of all SAs, both directions, in eight digits."""
    pairs = [pair.negotiated for pair in snapshot.ipsec]
    return {f"{spi:08x}" for p in pairs for spi in (p.inbound_spi, p.outbound_spi)}


def asa(show: Show, snapshot: Snapshot) -> None:
    """An ASA: peers, roles and states; the SAs and what they counted."""

    def word(sa: IkeSaSnapshot) -> str:
        active = "AM_ACTIVE" if sa.exchange == "aggressive" else "MM_ACTIVE"
        return active if sa.state == "ESTABLISHED" else WORDS["asa"][sa.state]

    row = r"Peer: (\S+)\s+Type    : \S+\s+Role    : (\S+)\s+Rekey   : \S+\s+State   : (\S+)"
    sas = snapshot.ike.sas
    shown = re.findall(row, show("show crypto isakmp sa"))
    assert sorted(shown) == sorted((sa.peer, sa.role, word(sa)) for sa in sas)
    flows = show("show crypto ipsec sa")
    assert {spi.lower() for spi in re.findall(r"spi: 0x(\w{8}) ", flows)} == spis(snapshot)
    sent = sum(int(n) for n in re.findall(r"#pkts encaps: (\d+)", flows))
    earlier = {pair.negotiated.child: pair.outbound_before.packets for pair in snapshot.ipsec}
    assert sent == sum(pair.outbound.packets for pair in snapshot.ipsec) + sum(earlier.values())
    sessions = show("show vpn-sessiondb l2l")
    up = [sa for sa in sas if sa.established is not None and not sa.replaced]
    assert re.findall(r"Connection   : (\S+)", sessions) == [sa.peer for sa in up]
    assert bool(re.search(r"Protocol     : \S+ IPsec", sessions)) == bool(up and snapshot.ipsec)
    tunnels = show("show vpn-sessiondb detail l2l")
    packets = sum(int(n) for n in re.findall(r"Pkts Tx      : (\d+)", tunnels))
    assert not up or packets == sent, "two screens count the same tunnel differently"


def cisco(shown: list[Row], flows: str, snapshot: Snapshot) -> None:
    """A router or a PIX: destination, source and state of each SA; the SAs and counters."""
    wanted = []
    for sa in snapshot.ike.sas:
        ends = (sa.peer, sa.local) if sa.role == "initiator" else (sa.local, sa.peer)
        wanted.append((*ends, WORDS["cisco"][sa.state]))
    assert sorted(shown) == sorted(wanted)
    printed = {spi.lower().zfill(8) for spi in re.findall(r"spi: 0x(\w+)\s*\(", flows)}
    assert printed - {"00000000"} == spis(snapshot)
    sent = sum(int(n) for n in re.findall(r"#pkts encaps: (\d+)", flows))
    assert sent == sum(tunnel.encapsulated for tunnel in snapshot.tunnels)


def ios(show: Show, snapshot: Snapshot) -> None:
    """A router also remembers what has ended, and says so."""
    row = r"^(\d\S+)\s+(\S+)\s+(\w+)\s+\d+ ACTIVE$"
    shown = re.findall(row, show("show crypto isakmp sa"), re.MULTILINE)
    flows, session = show("show crypto ipsec sa"), show("show crypto session detail")
    cisco(shown, flows, snapshot)
    encaps, enc = r"#pkts encaps: (\d+)", r"Outbound: #pkts enc'ed (\d+) "
    assert re.findall(encaps, flows) == re.findall(enc, session)
    active = [int(n) for n in re.findall(r"Active SAs: (\d+)", session)]
    assert sum(active) == 2 * len(snapshot.ipsec)
    assert ("UP-" in session) == bool(snapshot.ipsec or any(row[2] == "QM_IDLE" for row in shown))


def pix(show: Show, snapshot: Snapshot) -> None:
    """A PIX 6 has the router's words in a table of its own."""
    shown = re.findall(
        r"^ +(\d\S+) +(\S+) +([A-Z]\w+) ", show("show crypto isakmp sa"), re.MULTILINE
    )
    cisco(shown, show("show crypto ipsec sa"), snapshot)


def screenos(show: Show, snapshot: Snapshot) -> None:
    """A NetScreen: ends and roles of each SA, and a tunnel that is active when it is up."""
    row = r"^\w+/\d+, (\S+):\d+->(\S+):\d+, .*\n.*\n(initiator|responder), err"
    shown = re.findall(row, show("get ike cookies"), re.MULTILINE)
    assert sorted(shown) == sorted((sa.local, sa.peer, sa.role) for sa in snapshot.ike.sas)
    row = r"^\w{8}< +\S+ +\d+ \S+ +(\w{8}) +\S+ +\S+ (\w)/"
    lines = re.findall(row, show("get sa"), re.MULTILINE)
    assert {spi for spi, _ in lines} - {"00000000"} <= spis(snapshot)
    assert [state == "A" for _, state in lines] == [tunnel.up for tunnel in snapshot.tunnels]
    octets = [int(n) for n in re.findall(r"^\w{8}> .* (\d+)$", show("get sa stat"), re.MULTILINE)]
    newest = {pair.negotiated.child: pair.outbound.octets for pair in snapshot.ipsec}
    assert octets == [newest.get(tunnel.child, 0) for tunnel in snapshot.tunnels]


def fortios(show: Show, snapshot: Snapshot) -> None:
    """A FortiGate: cookies, role and state of each SA; selectors that are up, and counters."""
    row = r"id/spi: \d+ (\S+)\n  direction: (\S+)\n  status: (established|connecting, state \d)"
    shown = re.findall(row, show("diagnose vpn ike gateway list"))
    words = {**WORDS["fortios"], "ESTABLISHED": "established"}
    assert sorted(shown) == sorted(
        (f"{sa.initiator_cookie}/{sa.responder_cookie}", sa.role, words[sa.state])
        for sa in snapshot.ike.sas
    )
    printed = set(re.findall(r"(?:dec|enc): spi=(\w+)", show("diagnose vpn tunnel list")))
    assert printed <= spis(snapshot)
    assert bool(printed) == any(tunnel.up for tunnel in snapshot.tunnels)
    summary = show("get vpn ipsec tunnel summary")
    [(up, sent)] = re.findall(r"\): \d+/(\d+)  rx\S+ \d+/\d+  tx\S+ (\d+)/", summary)
    assert int(up) == sum(tunnel.up for tunnel in snapshot.tunnels)
    assert int(sent) == sum(tunnel.encapsulated for tunnel in snapshot.tunnels)


CHECKS = {"asa": asa, "ios": ios, "pix": pix, "screenos": screenos, "fortios": fortios}


def check(console: Console, snapshot: Snapshot) -> None:
    """Hold every screen of a device that is running against its snapshot."""
    CHECKS[snapshot.vendor](console.show, snapshot)
    for command in console.vendor.commands:
        shown = console.show(command)
        assert not re.search(r"\bnan\b|\{\w+\}|<gwsim| object at 0x|[:=] ?-\d", shown), command


@pytest.mark.parametrize("seed", range(10))
def test_screens_show_what_the_engine_is_in(seed: int) -> None:
    vendors = (VENDORS[seed % 5], VENDORS[(seed * 2 + seed // 5) % 5])
    rng = Random(seed)
    later = sorted(rng.uniform(1.2, 240) for _ in range(8))
    seen = 0
    with Session(load_text(scenario(seed, vendors))) as session:
        for moment in (*NEGOTIATING, *later):
            session.advance(moment - session.now)
            for name in session.gateways:
                snapshot = session.view(name).snapshot
                if snapshot.running:
                    check(session.console(name), snapshot)
                    seen += len(snapshot.ike.sas)
    assert seen, "nothing was ever negotiated here"


def printed_spis(console: Console) -> tuple[list[str], list[str]]:
    """Read the SPIs of a tunnel off the screens: those a device receives on, those it sends on."""
    vendor = console.vendor.name
    if vendor == "screenos":
        rows = re.findall(r"^\w{8}([<>]) +\S+ +\d+ \S+ +(\w{8})", console.show("get sa"), re.M)
        inward, outward = "<", ">"
    elif vendor == "fortios":
        rows = re.findall(r"(dec|enc): spi=(\w{8})", console.show("diagnose vpn tunnel list"))
        inward, outward = "dec", "enc"
    else:
        flows = console.show("show crypto ipsec sa")
        parts = re.split(r"(inbound|outbound) esp sas:", flows)[1:]
        rows = [
            (way, spi.lower().zfill(8))
            for way, part in zip(parts[::2], parts[1::2], strict=True)
            for spi in re.findall(r"spi: 0x(\w+) ?\(", part)
        ]
        inward, outward = "inbound", "outbound"
    return [s for way, s in rows if way == inward], [s for way, s in rows if way == outward]


@pytest.mark.parametrize("number", range(5))
def test_what_one_end_sends_on_the_other_prints_as_its_own(number: int) -> None:
    vendors = (VENDORS[number], VENDORS[(number * 2 + 1) % 5])
    data = {**json.loads(scenario(number, vendors)), "faults": [], "timeline": []}
    data["tunnels"][0]["phase2"]["pfs"] = "none"
    with Session(load_text(json.dumps(data))) as session:
        session.ping("zug.w", "ulm.s", count=2)
        session.advance(20)
        (own, other), (theirs, ours) = (printed_spis(session.console(n)) for n in ("zug", "ulm"))
        assert len(own) == len(other) == 1
        assert (own, other) == (ours, theirs)


@pytest.mark.parametrize(
    ("vendor", "command"),
    [
        ("asa", "show logging"),
        ("asa", "debug crypto ikev1 127"),
        ("ios", "show logging"),
        ("ios", "debug crypto isakmp"),
        ("pix", "show logging"),
        ("screenos", "get event"),
        ("screenos", "get dbuf stream"),
        ("fortios", "diagnose debug application ike -1"),
    ],
)
def test_what_is_kept_in_memory_does_not_outlive_a_reboot(vendor: str, command: str) -> None:
    data = {**json.loads(scenario(0, ("asa", vendor))), "faults": [], "timeline": []}
    with Session(load_text(json.dumps(data))) as session:
        session.ping("zug.w", "ulm.s", count=2)
        console = session.console("ulm")
        assert len(console.log) > 1
        assert "203.0.113.77" in console.show(command)
        session.do(reboot="ulm")
        assert "203.0.113.77" not in console.show(command)
