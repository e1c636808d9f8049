"""`show running-config` and its sections: what the box is told, keys starred.

Source: vendor sheet, ASA configuration grammar; the frame round the configuration is general
knowledge and stands in `words`.
"""

import hashlib
from collections.abc import Callable
from types import MappingProxyType

from gwsim.vendors.asa import words
from gwsim.vendors.asa.config import running_config
from gwsim.vendors.vendor import View


def show_running_config(view: View) -> str:
    """`show running-config`: everything, between the version and a checksum."""
    body = _body(view)
    checksum = hashlib.md5(body.encode(), usedforsecurity=False).hexdigest()
    return f"{words.CONFIG_HEAD}{body}{words.CONFIG_TAIL.format(checksum=checksum)}"


def section(beginning: str) -> Callable[[View], str]:
    """Make the screen of one section: the lines that begin so, and what is indented below them."""

    def show(view: View) -> str:
        kept = []
        inside = False
        for line in _body(view).splitlines():
            if not line.startswith(" "):
                inside = line.startswith(f"{beginning} ")
            if inside:
                kept.append(f"{line}\n")
        return "".join(kept)

    return show


def _body(view: View) -> str:
    """Write the configuration; of a box whose configuration nobody knows, only its name."""
    if view.config is None:
        return f"hostname {view.snapshot.name}\n"
    return running_config(view.config)


COMMANDS: MappingProxyType[str, Callable[[View], str]] = MappingProxyType(
    {
        "show running-config": show_running_config,
        "show running-config access-list": section("access-list"),
        "show running-config crypto": section("crypto"),
        "show running-config crypto ikev1": section("crypto ikev1"),
        "show running-config crypto ipsec": section("crypto ipsec"),
        "show running-config crypto map": section("crypto map"),
        "show running-config interface": section("interface"),
        "show running-config route": section("route"),
        "show running-config tunnel-group": section("tunnel-group"),
    }
)
"""Every command of this module by its full spelling."""
