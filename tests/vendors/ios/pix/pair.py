"""Two PIXes: how their log is read, and what of their text a seed decides."""

import re

from gwsim.vendors.ios.pix import VENDOR
from tests.vendors import pair


class Pair(pair.Pair):
    """Two PIXes; `texts` are their logs without time and number."""

    vendor = VENDOR

    def texts(self, name: str, *numbers: str) -> list[str]:
        """The texts of these message numbers; without any, all."""
        lines = self.lines(name)
        return [line.text for line in lines if not numbers or line.id in numbers]


def steady(text: str) -> str:
    """Take out what a seed decides: SPIs."""
    text = re.sub(r"0x[0-9a-f]{3,8}\(\d+\)", "0x________(__________)", text)
    return re.sub(r"(outbound spi: )(?!0$)[0-9a-f]+", r"\1________", text)
