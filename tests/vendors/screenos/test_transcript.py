"""A real `debug ike detail` of a NetScreen with a Contivity, and ours of the same configuration.

`transcript/` holds the real one in the form that `normal` gives a line: addresses, cookies, SPIs,
message ids, pointers, names and the numbers of VPNs are generalised, and what the page it was
printed on took for markup (`<ethernet0/0>`) is cut off. Everything else has to be the same: lines
and their order, payload tags, lengths, lifetimes, notifies. What differs stands in `DIFFERENCES`.
"""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path

import pytest

from gwsim.lab.load import load_text
from gwsim.lab.runner import run
from gwsim.vendors.screenos.log import entries

FOLDER = Path(__file__).parent / "transcript"

NORMAL_FORM = (
    (r"\s+", " "),
    (r"(?<![\d.])(?!192\.168\.|255\.|0\.0\.0\.0)\d+\.\d+\.\d+\.\d+", "IP"),
    (r"(IKE<[\d.IP]+) >", r"\1>"),
    (r"(IDX-|index<|peer_id<|SA <|sa is <|sa_index<|policy sa \(|ID <|id<|bk_idx <)\d+", r"\1#"),
    (r"(sa index <|p2 sa |saidx )\d+", r"\1#"),
    (r"(new |entry\(|identity |sa_pidt = )(0x|0)?[0-9a-f]{7,8}\b", r"\1#"),
    (r"(msg id <|msg-id <|SPI <|spi[<(]|nsptunnel <)[0-9a-f]{8}\b", r"\1#"),
    (r"(finished job d|mess_id in|type<2>,spi|self|Recv packet if|txt)\b.*", r"\1 #"),
    (r" <[A-Z-]+>\.$", ""),
    (r"of peer .*", "of peer #"),
    (r"^42 4e.*", "42 4e #"),
)

SCENARIO = """
name: transcript
title: Remote network 192.168.133.0/24 and local server 192.168.124.4
gateways:
  hq:
    vendor: contivity
    outside: 198.51.100.1
    inside: [192.168.128.0/21, 192.168.136.0/22]
    hosts: {pc: 192.168.133.10}
  branch:
    vendor: screenos
    outside: 203.0.113.1
    inside: 192.168.124.0/24
    hosts: {server: 192.168.124.4}
tunnels:
  - between: [hq, branch]
    psk: correct horse battery staple
    phase1: {encryption: 3des, hash: sha1, group: 2}
    phase2: {encryption: 3des, integrity: sha1, pfs: group2}
    selectors: [{selectors}]
"""
OFFICES = range(138, 132, -1)
PING_ONLY = """
    branch:
      selectors: [{selectors}]
timeline:
  - {at: 1s, ping: {from: branch.server, to: hq.pc, count: 1}}
  - {at: 50s, clear: {at: branch, what: ike}}
  - {at: 60s, ping: {from: branch.server, to: hq.pc, count: 1}}
duration: 61s
"""
ANY_SERVICE = """
timeline:
  - {at: 1s, ping: {from: hq.pc, to: branch.server, count: 1}}
  - {at: 50s, clear: {at: branch}}
  - {at: 60s, ping: {from: hq.pc, to: branch.server, count: 1}}
duration: 130s
"""


@dataclass(frozen=True)
class Difference:
    """Where the two differ: lines missing in ours, or the first, last and number of ours."""

    why: str
    missing: tuple[str, ...] = ()
    ours: tuple[str, str, int] | None = None


DIFFERENCES: dict[str, tuple[Difference, ...]] = {
    "refused": (),
    "completed": (
        Difference(
            "The real one lacks what must have been there, the answer and the proof in between.",
            ours=("IKE<0.0.0.0> dh group 2", "IKE<IP> Process [HASH]:", 35),
        ),
        Difference(
            "These are tunnel interfaces; the VPNs of our box belong to policies and have none.",
            missing=(
                "IKE<IP> nhtb_list_update_status: vpn #",
                "IKE<IP> ** link ready return 8",
                "IKE<IP> sa_link_status_for_tunl_ifp: saidx #, preliminary status 8",
            )
            * 3,
        ),
    ),
}


def normal(line: str) -> str:
    """Give a line of a debug buffer in its normal form."""
    for pattern, form in NORMAL_FORM:
        line = re.sub(pattern, form, line)
    return line.strip()


def _pairs(form: str) -> str:
    return ", ".join(form.replace("NET", f"192.168.{number}.0/24") for number in OFFICES)


@cache
def buffer(name: str) -> tuple[str, ...]:
    """Run the configuration of the transcript and give our box's debug buffer."""
    text = SCENARIO.replace("{selectors}", _pairs("{hq: NET, branch: 192.168.124.4}"))
    ping_only = PING_ONLY.replace("{selectors}", _pairs("{local: HOST, remote: NET icmp}"))
    text += {"refused": ping_only, "completed": ANY_SERVICE}[name]
    record = run(load_text(text.replace("HOST", "192.168.124.4 icmp"))).record.gateway("branch")
    told = entries(record.events, record.snapshots[-1])
    return tuple(e.line.text for e in told if e.buffered and e.line.at >= 60)


def excerpt(name: str) -> tuple[list[str], list[str]]:
    """Give the real lines and ours, from where the real ones begin to where they end."""
    real = (FOLDER / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    ours = [normal(line) for line in buffer(name)]
    begin = ours.index(real[0])
    end = len(ours) - ours[::-1].index(real[-1])
    return real, ours[begin:end]


@pytest.mark.parametrize("name", sorted(DIFFERENCES))
def test_our_debug_has_the_lines_of_the_real_one_in_its_order(name):
    real, ours = excerpt(name)
    found = []
    for what, a, b, c, d in SequenceMatcher(None, real, ours, autojunk=False).get_opcodes():
        if what != "equal":
            added = (ours[c], ours[d - 1], d - c) if d > c else None
            found.append((tuple(real[a:b]), added))
    assert found == [(d.missing, d.ours) for d in DIFFERENCES[name]]


def test_the_real_lines_are_many_and_already_in_normal_form():
    lines = [line for name in DIFFERENCES for line in excerpt(name)[0]]
    assert len(lines) == 231
    assert [line for line in lines if normal(line) != line] == []


def test_addresses_are_those_of_whom_the_line_speaks():
    """The page it was printed on mixed them."""
    lines = buffer("refused")
    tags = {line[4:].partition(">")[0].strip() for line in lines if line.startswith("IKE<")}
    assert tags == {"198.51.100.1", "0.0.0.0", "192.168.124.4", "192.168.133.0"}
    assert "IKE<198.51.100.1> create sa: 203.0.113.1->198.51.100.1" in lines
    assert "IKE<198.51.100.1> Use IPv4 address 203.0.113.1 as IKE p1 ID." in lines
    assert "IKE<198.51.100.1> Initiator sending IPv4 IP 198.51.100.1/port 500" in lines


def test_numbers_that_were_generalised_hang_together():
    """An entry is deleted under the id it was made with, a VPN keeps its number."""
    lines = buffer("completed")
    made = [line[-9:-1] for line in lines if "...done(new " in line]
    gone = [line[-9:-1] for line in lines if "...found conn entry(" in line]
    assert made == gone
    assert {line[line.index("sa index <") + 10] for line in lines if "sa index <" in line} == {"6"}
