"""Two NetScreens (or one and a stranger): how their log is read, and what a seed decides."""

import re
from datetime import datetime

from gwsim.vendors.screenos import VENDOR
from tests.vendors import pair

__all__ = ["BRANCH", "HQ", "Pair", "steady"]

HQ, BRANCH = "1.1.1.1", "2.2.2.2"
EPOCH = datetime(2007, 11, 27, 21, 53, 41)


class Pair(pair.Pair):
    """Two NetScreens at the addresses and the time of the real transcript."""

    vendor = VENDOR
    addresses = (HQ, BRANCH)
    epoch = EPOCH

    def log(self, name: str) -> list[str]:
        """The texts of the event log, oldest first."""
        return [line.text for line in self.lines(name) if not line.debug]

    def debug(self, name: str) -> list[str]:
        """The debug buffer without its time stamps."""
        return [line[25:] for line in self.show(name, "get dbuf stream").splitlines()]


def steady(text: str) -> str:
    """Take out what a seed decides: cookies, SPIs, message ids and the handles made of them."""
    text = re.sub(r"(?<![0-9a-f])[0-9a-f]{16}(?![0-9a-f])", "#" * 16, text)
    text = re.sub(r"((?:SPI|SPI 0x|msg ID|mess_id in) ?<?)[0-9a-f]{8}", r"\1########", text)
    text = re.sub(r"((?:spi|new |entry|msg-id |msg id |SPI )[<(]?)[0-9a-f]{8}", r"\1########", text)
    text = re.sub(r"((?:identity|pidt =|0x) ?)(?!0x0$)(?:0x)?[0-9a-f]{5,7}\b", r"\1#######", text)
    return re.sub(r"(esp:\S+ +)(?!00000000)[0-9a-f]{8}", r"\1########", text)
