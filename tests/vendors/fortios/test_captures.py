"""A responder's debug output against real transcripts of it, line by line and length by length.

`captures` has two transcripts of FortiOS 7 from Fortinet's own Chinese handbook: two FortiGates,
as unpacked but for their names, main and aggressive mode. Addresses, cookies, numbers and keys
have become letters, and dumps of octets (`in`, `out`, `dec`) and the lines about caching are gone;
that apart the lines are as they were printed. What we do not tell is named here.
"""

import re
from itertools import takewhile
from pathlib import Path

import pytest

from tests.vendors.fortios.pair import Pair

FOLDER = Path(__file__).parent / "captures"
AGGRESSIVE = {"aggressive": True}
NOT_HAD = "trans_id = ESP_CHACHA20_POLY1305"
UNTOLD = ("replay protection enabled",)
LENGTHS = {"len=620": "len=588", "len=720": "len=704"}
"""Messages of an initiator that are longer: by ChaCha20, and by a longer nonce."""

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


@pytest.mark.parametrize("mode", ["main", "aggressive"])
def test_captures_have_nothing_left_that_a_run_decides(mode):
    for line in (FOLDER / f"{mode}.txt").read_text(encoding="utf-8").splitlines():
        assert plain(line) == line
