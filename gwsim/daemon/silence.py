"""A box without power, or without a line, answers nothing: neither may the kernel in its place.

Left alone the kernel would go on answering echo requests to the gateway's addresses. While the box
is silent, a rule before all others swallows what comes in by its interfaces; for that the rule of
the local table, otherwise the first of all, gives way.
"""

from collections.abc import Iterable
from socket import AF_INET
from typing import Any

_SWALLOW = 7690
_LOCAL_THEN = 7691
_LOCAL_TABLE = 255


def silence(ipr: Any, names: Iterable[str]) -> None:
    """Let nothing in by interfaces of these names, and all others speak again.

    `ipr` is an open netlink socket; raises NetlinkError.
    """
    wanted = set(names)
    rules = list(ipr.get_rules(family=AF_INET))
    silent = {rule.get("FRA_IIFNAME") for rule in rules if rule.get("FRA_PRIORITY") == _SWALLOW}
    moved = any(rule.get("FRA_PRIORITY") == _LOCAL_THEN for rule in rules)
    if wanted and not moved:
        ipr.rule("add", priority=_LOCAL_THEN, table=_LOCAL_TABLE)
    for name in sorted(wanted - silent):
        ipr.rule("add", priority=_SWALLOW, iifname=name, action="blackhole")
    for name in sorted(silent - wanted):
        ipr.rule("del", priority=_SWALLOW, iifname=name, action="blackhole")
    if wanted and not moved:
        ipr.rule("del", priority=0, table=_LOCAL_TABLE)
    if moved and not wanted:
        if not any(_is_usual(rule) for rule in rules):
            ipr.rule("add", priority=0, table=_LOCAL_TABLE)
        ipr.rule("del", priority=_LOCAL_THEN, table=_LOCAL_TABLE)


def _is_usual(rule: Any) -> bool:
    """Say whether this is the local table's rule in its usual place, which has no number."""
    return not rule.get("FRA_PRIORITY") and rule.get("FRA_TABLE") == _LOCAL_TABLE
