"""Two routers: how their log is read, and what of their text a seed decides."""

import re
from functools import partial

from gwsim.vendors.ios import VENDOR
from gwsim.vendors.vendor import LogLine
from tests.vendors import pair
from tests.vendors.pair import BRANCH, EPOCH, HQ, HQ_NET

__all__ = ["BRANCH", "EPOCH", "HQ", "HQ_NET", "Pair", "connection", "gateway", "steady"]

connection = partial(pair.connection, VENDOR)
gateway = partial(pair.gateway, VENDOR)


class Pair(pair.Pair):
    """Two routers."""

    vendor = VENDOR

    def log(self, name: str, *mnemonics: str) -> list[LogLine]:
        """The lines of the system log with these mnemonics; without any, all lines."""
        lines = self.lines(name)
        return [line for line in lines if not mnemonics or line.id.rpartition("-")[2] in mnemonics]

    def texts(self, name: str, *mnemonics: str) -> list[str]:
        """The texts of these lines; without mnemonics those of all, prefixes included."""
        return [line.text for line in self.log(name, *mnemonics)]


def steady(text: str) -> str:
    """Take out what a seed decides: SPIs, message ids, hashes of addresses."""
    text = re.sub(r"0x[0-9A-F]{7,8}\((\d{8,10})\)", "0x________(__________)", text)
    text = re.sub(r"(SPI:)0x[0-9A-F]{6,8}", r"\g<1>0x________", text)
    text = re.sub(r"(ID = |M-ID of |node |Node |spi |idle|phase 2 )\d{6,10}", r"\1__________", text)
    text = re.sub(r"(QM_IDLE {6} ?)\d{6,10}", r"\1__________", text)
    return re.sub(r"(sequence|seq\. no) 0x[0-9A-F]+", r"\1 0x________", text)
