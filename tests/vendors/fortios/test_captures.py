"""A responder's debug output against real transcripts of it, line by line and length by length.

`captures` has six transcripts of FortiOS 7 from Fortinet's own Chinese handbook: two FortiGates,
main and aggressive mode as unpacked, and four faults. Addresses, cookies, numbers and keys have
become letters, and dumps of octets (`in`, `out`, `dec`) and the lines about caching are gone; that
apart the lines are as they were printed. What we do not tell is named here.
"""

import re
from itertools import takewhile
from pathlib import Path

import pytest

from gwsim.ike.config import Phase1Transform, Phase2Transform
from tests.vendors.fortios.pair import Pair

FOLDER = Path(__file__).parent / "captures"
AGGRESSIVE = {"aggressive": True}
NOT_HAD = "trans_id = ESP_CHACHA20_POLY1305"
UNTOLD = ("replay protection enabled",)
LENGTHS = {"len=620": "len=588", "len=720": "len=704", "len=656": "len=640", "len=529": "len=528"}
"""Messages that are longer there: by ChaCha20 in quick-1, by the nonce in aggr-1 and aggr-2."""

QUICK_ANSWER = "sent IKE msg (quick_r1send)"


def plain(line):
    """Put letters where every run differs."""
    line = re.sub(r"\d+(\.\d+){3}", "IP", line)
    line = re.sub(r"\b[0-9a-f]{16}/(0{16})", "C/0", line)
    line = re.sub(r"\b[0-9a-f]{16}/[0-9a-f]{16}", "C/R", line)
    line = re.sub(r"(C/R):[0-9a-f]{8}", r"\1:M", line)
    line = re.sub(r"(ifindex=)\d+", r"\1N", line)
    line = re.sub(r"0x[0-9a-f]+ \d+ IP->", "N IP->", line)
    line = re.sub(r"(key|auth) (\d+):\S+", r"\1 \2:K", line)
    line = re.sub(r"(SPIs?[= ](?:0x)?|spi )[0-9a-f]{8}(/[0-9a-f]{8})?", r"\1S", line)
    line = re.sub(r"(soft seconds=429)\d\d", r"\1NN", line)
    line = re.sub(r"^(ike 0:[^: ]*):\d+:", r"\1:N:", line)
    line = re.sub(r"^(ike 0:hq(?::N)?(?::hq)?):\d+:", r"\1:N:", line)
    line = re.sub(r"(Error: ike 0:[^: ]*)(:\d+)+:", r"\1:N:", line)
    return line.rstrip()


def without(lines):
    """Leave out what a FortiGate tells and we do not: our own offer, ChaCha20, and `UNTOLD`."""
    kept, skipped, own = [], 0, False
    for line in lines:
        own = line.endswith("my proposal:") or (own and not line.endswith("incoming proposal:"))
        skipped = 3 if NOT_HAD in line else max(0, skipped - 1)
        if not (own or skipped or line.endswith(UNTOLD)):
            kept.append(line)
    return kept


def later(lines):
    """Put the answer to quick-1 before its IPsec SA: we tell of one when it is in use."""
    start = len(list(takewhile(lambda line: "SA life soft" not in line, lines)))
    answer = next(n for n, line in enumerate(lines) if QUICK_ANSWER in line)
    moved = lines[answer : answer + 3]
    return [*lines[:start], *moved, *lines[start:answer], *lines[answer + 3 :]]


@pytest.mark.parametrize(("mode", "both"), [("main", {}), ("aggressive", AGGRESSIVE)])
def test_a_responder_tells_what_the_capture_tells(mode, both):
    captured = (FOLDER / f"{mode}.txt").read_text(encoding="utf-8").splitlines()
    for longer, ours in LENGTHS.items():
        captured = [line.replace(longer, ours) for line in captured]
    pair = Pair(dict(both), dict(both)).ping(1.0)
    assert [plain(line) for line in pair.debug("branch")] == later(without(captured))


AES = 7
SUITES = ((AES, 4, 128), (AES, 4, 256), (AES, 2, 128), (AES, 2, 256))


def offers(*suites, groups=(14, 5)):
    """Suites of phase 1 as cipher, hash and key bits."""
    return tuple(Phase1Transform(c, h, g, bits) for c, h, bits in suites for g in groups)


def transforms(*digests):
    """AES-256 with each of these hashes."""
    return tuple(Phase2Transform(12, digest, 256) for digest in digests)


def without_lifetimes_of_ours(lines):
    """Leave out the lifetimes in our own offer of phase 1, which no refusal speaks of."""
    start = next(n for n, line in enumerate(lines) if "my proposal, gw" in line)
    return [*lines[:start], *(line for line in lines[start:] if "SA lifetime=" not in line)]


def without_second_group(lines):
    """Leave out the second proposal of ours, which is for the second group of `dhgrp 14 5`."""
    start = next(n for n, line in enumerate(lines) if line.endswith("proposal id = 2:"))
    return [*lines[:start], *lines[start + 6 :]]


GROUP_5 = {**AGGRESSIVE, "phase1": offers(*SUITES, groups=(5,))}


@pytest.mark.parametrize(
    ("fault", "hq_is", "branch_is", "untold"),
    [
        (
            "offer_refused",
            {"phase1": offers((AES, 6, 128))},
            {"phase1": offers(*SUITES)},
            without_lifetimes_of_ours,
        ),
        (
            "wrong_key",
            {"phase1": offers((AES, 4, 128))},
            {"phase1": offers((AES, 4, 128)), "psk": b"another"},
            list,
        ),
        (
            "phase2_refused",
            {**GROUP_5, "transforms": transforms(2, 5)},
            {**GROUP_5, "transforms": transforms(7)},
            without_second_group,
        ),
        (
            "selectors_refused",
            {**GROUP_5, "transforms": transforms(2, 5), "pfs_group": 5},
            {**GROUP_5, "pairs": [("10.2.0.0/24", "10.9.0.0/24")]},
            list,
        ),
    ],
)
def test_a_responder_tells_of_faults_what_the_capture_tells(fault, hq_is, branch_is, untold):
    captured = (FOLDER / f"{fault}.txt").read_text(encoding="utf-8").splitlines()
    for longer, ours in LENGTHS.items():
        captured = [line.replace(longer, ours) for line in captured]
    pair = Pair(hq_is, branch_is).ping(1.0)
    assert [plain(line) for line in pair.debug("branch")] == untold(captured)


@pytest.mark.parametrize("mode", sorted(file.stem for file in FOLDER.glob("*.txt")))
def test_captures_have_nothing_left_that_a_run_decides(mode):
    for line in (FOLDER / f"{mode}.txt").read_text(encoding="utf-8").splitlines():
        assert plain(line) == line
