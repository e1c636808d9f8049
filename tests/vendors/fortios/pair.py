"""Two FortiGates: how their log is read, and what of their text a seed decides."""

import re
from functools import partial

from gwsim.vendors.fortios import VENDOR
from gwsim.vendors.vendor import LogLine
from tests.vendors import pair
from tests.vendors.pair import BRANCH, EPOCH, HQ, HQ_NET

__all__ = ["BRANCH", "EPOCH", "HQ", "HQ_NET", "Pair", "connection", "gateway", "steady"]

connection = partial(pair.connection, VENDOR)
gateway = partial(pair.gateway, VENDOR)


class Pair(pair.Pair):
    """Two FortiGates."""

    vendor = VENDOR

    def log(self, name: str) -> tuple[LogLine, ...]:
        """All that the gateway has told."""
        return self.lines(name)

    def debug(self, name: str) -> list[str]:
        """What `diagnose debug application ike -1` has printed, without its time stamps."""
        return [line.text for line in self.lines(name) if line.debug]

    def entries(self, name: str, number: str = "") -> list[str]:
        """The entries of the event log, or those with this number."""
        return [line.text for line in self.lines(name) if line.id and number in ("", line.id)]


def steady(text: str) -> str:
    """Take out what a seed decides: cookies, message ids, SPIs."""
    text = re.sub(r"[0-9a-f]{16}(?=/[0-9a-f]{16})", "____", text)
    text = re.sub(r"____/(?!0{16})[0-9a-f]{16}", "____/____", text)
    text = re.sub(r"(____/____|____/0{16}):[0-9a-f]{8}", r"\1:____", text)
    text = re.sub(r"(SPIs=)[0-9a-f]{8}/[0-9a-f]{8}", r"\1____/____", text)
    return re.sub(r"(?i)(spi(?:=|: |=\"| | 0x))[0-9a-f]{7,8}\b", r"\1____", text)
