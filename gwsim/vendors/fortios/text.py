"""The form of a line of `diagnose debug application ike`: how it begins, and its words."""

from dataclasses import dataclass
from enum import Enum


class Head(Enum):
    """What a line begins with.

    `{who}` is the tunnel's name or, until a gateway has been matched, the cookies; `{id}` counts
    IKE SAs, `{child}` is a phase 2 by its name and `{quick}` by its number.
    """

    BOX = "ike 0: "
    TUNNEL = "ike 0:{who}: "
    SA = "ike 0:{who}:{id}: "
    NAMELESS = "ike 0::{id}: "
    QUICK = "ike 0:{who}:{id}:{quick}: "
    CHILD = "ike 0:{who}:{id}:{child}:{quick}: "
    SELECTOR = "ike 0:{who}:{child}:{quick}: "
    REQUEST = "ike 0:{who}:{child}: "
    NOTICE = "ike 0:{who}:{quick}: "
    ISAKMP_ERROR = "ike Negotiate ISAKMP SA Error: ike 0:{who}:{id}: "
    IPSEC_ERROR = "ike Negotiate IPsec SA Error: ike 0:{who}:{id}:{quick}: "


@dataclass(frozen=True, slots=True)
class Text:
    """A line: its words with places to fill in, and how it begins."""

    words: str
    head: Head = Head.SA
