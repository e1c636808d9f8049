"""Two ASAs: how their log is read, and what of their text a seed decides."""

import re
from functools import partial

from gwsim.vendors.asa import VENDOR
from gwsim.vendors.vendor import LogLine
from tests.vendors import pair
from tests.vendors.pair import BRANCH, BRANCH_NET, EPOCH, HQ, HQ_NET

__all__ = [
    "BRANCH",
    "BRANCH_NET",
    "EPOCH",
    "HQ",
    "HQ_NET",
    "Pair",
    "connection",
    "gateway",
    "steady",
]

connection = partial(pair.connection, VENDOR)
gateway = partial(pair.gateway, VENDOR)


class Pair(pair.Pair):
    """Two ASAs."""

    vendor = VENDOR

    def log(self, name: str, *numbers: str) -> list[LogLine]:
        """The lines of these message numbers; without any, all lines."""
        return [line for line in self.lines(name) if not numbers or line.id in numbers]

    def texts(self, name: str, *numbers: str) -> list[str]:
        """The texts of these lines without their prefix."""
        return [
            re.sub(r"^(Group = \S+, )?IP = \S+, ", "", line.text)
            for line in self.log(name, *numbers)
        ]


def steady(text: str) -> str:
    """Take out what a seed decides: SPIs, message ids, cookies, memory addresses."""
    before = r"(spi:? |SPI ?= ?|&|mess id |seq number )"
    text = re.sub(before + r"0x[0-9a-fA-F]{5,8}\b", r"\g<1>0x________", text)
    text = re.sub(r"\((\d{6,10})\)", "(__________)", text)
    text = re.sub(r"(spi ?:) [0-9A-F]{8}", r"\1 ________", text)
    text = re.sub(r"(msgid=|msg id = |msg id |MessID = )[1-9a-f][0-9a-f]{4,7}", r"\1________", text)
    return re.sub(r"(SA [AM]M:)[0-9a-f]{8}", r"\1________", text)
