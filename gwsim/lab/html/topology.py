"""The picture of a lab: hosts, gateways, NAT, the lines and the internet between them.

It is drawn twice, lying for wide pages and paper, standing for phones; the page shows one.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from markupsafe import Markup

from gwsim.lab.faults.catalogue import CATALOGUE, parameters_of
from gwsim.lab.faults.deltas import gateway_of
from gwsim.lab.faults.fault import At, FaultKind
from gwsim.lab.html.svg import markup, picture, shape, text
from gwsim.lab.plan import Plan
from gwsim.lab.scenario import FaultUse, Scenario
from gwsim.path.config import Link, Side
from gwsim.vendors.registry import VENDORS

_USUAL = 0.005
"""One-way seconds of a line of which nothing is said."""

_HOSTS = 4
_LINE = 19
_LYING, _STANDING = 1200, 360
_BOX = 122


@dataclass(frozen=True, slots=True)
class Site:
    """One gateway and what is around it, in the words that stand in the picture."""

    name: str
    vendor: str
    address: str
    networks: tuple[str, ...]
    hosts: tuple[str, ...]
    nat: str
    line: str
    faults: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Topology:
    """The picture, lying and standing; `words` say the same, `between` the internet's faults."""

    lying: Markup
    standing: Markup
    words: str


def topology(scenario: Scenario, plan: Plan) -> Topology:
    """Draw the lab of a plan, with its faults where they are."""
    sites = [_site(scenario, plan, side) for side in plan.path.sides]
    between = tuple(_on_the_way(scenario))
    words = _words(sites, between)
    return Topology(
        lying=markup(_lying(sites, between, words)),
        standing=markup(_standing(sites, between, words)),
        words=words,
    )


def _site(scenario: Scenario, plan: Plan, side: Side) -> Site:
    config = next(config for config in plan.gateways if config.name == side.name)
    hosts = [host for host in plan.hosts if host.gateway == side.name]
    named = [f"{host.name.partition('.')[2] or host.name} {host.address}" for host in hosts]
    more = [f"and {len(named) - _HOSTS} more"] if len(named) > _HOSTS else []
    return Site(
        name=side.name,
        vendor=VENDORS[config.vendor].title,
        address=config.endpoint.address,
        networks=config.inside,
        hosts=(*named[:_HOSTS], *more),
        nat=side.nat.public if side.nat is not None else "",
        line=_line_words(side.link),
        faults=tuple(_at_gateway(scenario, side.name)),
    )


def _line_words(link: Link) -> str:
    """Say what is unusual about a line, "" when nothing is."""
    told = [f"{link.latency * 1000:g} ms"] if link.latency != _USUAL else []
    if link.jitter:
        told.append(f"± {link.jitter * 1000:g} ms")
    for name in ("loss", "duplicate", "reorder", "corrupt"):
        if getattr(link, name):
            told.append(f"{name} {getattr(link, name):.0%}")
    if link.mtu is not None:
        told.append(f"MTU {link.mtu}" + (" (black hole)" if link.black_hole else ""))
    if not link.up:
        told.append("down")
    return ", ".join(told)


def _at_gateway(scenario: Scenario, name: str) -> Iterator[str]:
    for use in scenario.faults:
        parameters = parameters_of(use)
        if CATALOGUE[use.name].kind is FaultKind.PATH or not isinstance(parameters, At):
            continue
        if gateway_of(scenario, parameters) == name:
            yield use.name


def _on_the_way(scenario: Scenario) -> Iterator[str]:
    for use in scenario.faults:
        if CATALOGUE[use.name].kind is FaultKind.PATH or not isinstance(parameters_of(use), At):
            yield f"{use.name} {told_of(use)}".strip()


def told_of(use: FaultUse) -> str:
    """Give what a fault of the path is told, in one line: `main-4 from hq`."""
    brief = [] if use.brief is None else [str(use.brief)]
    return " ".join([*brief, *(f"{key} {value}" for key, value in use.parameters.items())])


def _words(sites: Sequence[Site], between: Sequence[str]) -> str:
    told = [_site_words(site) for site in sites]
    faults = f" Faults on the way: {', '.join(between)}." if between else ""
    return f"The lab: {'; '.join(told)}; the internet joins them.{faults}"


def _site_words(site: Site) -> str:
    nat = f", behind a NAT with {site.nat}" if site.nat else ""
    line = f", line: {site.line}" if site.line else ""
    faults = f", fault: {', '.join(site.faults)}" if site.faults else ""
    networks = " and ".join(site.networks)
    return f"{site.name}, a {site.vendor} at {site.address} for {networks}{nat}{line}{faults}"


# lying: half of the sites on the left, half on the right, the internet between them

_ROW = 150


def _lying(sites: Sequence[Site], between: Sequence[str], words: str) -> Element:
    left = sites[: (len(sites) + 1) // 2]
    height = _ROW * len(left) + _LINE * len(between) + 10 * bool(between)
    drawn = picture("topology lying", _LYING, height, words)
    for place, site in enumerate(sites):
        right = place >= len(left)
        row = place - len(left) if right else place
        _lying_site(drawn, site, _ROW * row, right)
    shape(drawn, "rect", "internet", x=550, y=14, width=100, height=_ROW * len(left) - 28, rx=26)
    text(drawn, 600, _ROW * len(left) // 2 + 5, "internet", "middle strong")
    for number, fault in enumerate(between):
        text(drawn, 600, _ROW * len(left) + 8 + _LINE * number, f"⚠ {fault}", "middle fault")
    return drawn


def _lying_site(drawn: Element, site: Site, top: int, right: bool) -> None:
    def x(left: int, width: int = 0) -> int:
        return _LYING - left - width if right else left

    middle = top + _ROW // 2
    shape(drawn, "line", "line", x1=x(100), x2=x(550), y1=middle, y2=middle)
    _card(drawn, x(4, 196), top + 22, 196, 106, "inside", (*site.networks[:2], *site.hosts))
    _gateway(drawn, site, x(222, 216), top + 14)
    if site.nat:
        _nat(drawn, site, x(450, 88), middle)
    if site.line:
        text(drawn, x(494), middle + (40 if site.nat else 22), site.line, "middle small")


def _gateway(drawn: Element, site: Site, left: int, top: int) -> None:
    shape(drawn, "rect", "gateway", x=left, y=top, width=216, height=_BOX, rx=8)
    centre, y = left + 108, top + (28 if site.faults else 40)
    text(drawn, centre, y, site.name, "middle strong")
    text(drawn, centre, y + 24, site.vendor, "middle small")
    text(drawn, centre, y + 48, site.address, "middle mono")
    if site.faults:
        text(drawn, centre, y + 76, f"⚠ {', '.join(site.faults)}", "middle fault")


def _nat(drawn: Element, site: Site, left: int, middle: int) -> None:
    shape(drawn, "rect", "nat", x=left, y=middle - 24, width=88, height=48, rx=6)
    text(drawn, left + 44, middle - 5, "NAT", "middle strong")
    text(drawn, left + 44, middle + 14, site.nat, "middle tiny")


def _card(
    drawn: Element, left: int, top: int, width: int, height: int, kind: str, lines: Sequence[str]
) -> None:
    """Draw a box with lines of text in its middle."""
    shape(drawn, "rect", kind, x=left, y=top, width=width, height=height, rx=8)
    first = top + (height - _LINE * len(lines)) // 2 + 14
    for number, line in enumerate(lines):
        text(drawn, left + width // 2, first + _LINE * number, line, "middle mono")


# standing: one site above the internet, the others below it, all in one column

_MIDDLE = 180
_STEM = 20
_BUS = 66
_EDGE = 2


def _standing(sites: Sequence[Site], between: Sequence[str], words: str) -> Element:
    height = sum(map(_tall, sites)) + 46 + _LINE * len(between) + 10 * bool(between)
    drawn = picture("topology standing", _STANDING, height, words)
    y = _above(drawn, sites[0])
    joint = y = _standing_internet(drawn, y, between)
    for site in sites[1:]:
        if y > joint:
            shape(drawn, "path", "line", d=f"M{_BUS} {joint - 20} V{y} H{_MIDDLE}")
        y = _below(drawn, site, y)
    return drawn


def _tall(site: Site) -> int:
    """How much room a standing site takes: its boxes, and a stem for each."""
    nat = 48 + _STEM if site.nat else 0
    return _BOX + _STEM + _hosts_height(site) + _STEM + nat + 22 * bool(site.line) + 4


def _hosts_height(site: Site) -> int:
    return _LINE * (len(site.networks[:2]) + len(site.hosts)) + 16


def _standing_internet(drawn: Element, top: int, between: Sequence[str]) -> int:
    shape(drawn, "rect", "internet", x=60, y=top, width=240, height=46, rx=23)
    text(drawn, _MIDDLE, top + 28, "internet", "middle strong")
    for number, fault in enumerate(between):
        text(drawn, _MIDDLE, top + 66 + _LINE * number, f"⚠ {fault}", "middle fault")
    return top + 46 + _LINE * len(between) + 10 * bool(between)


def _above(drawn: Element, site: Site) -> int:
    """Draw a site from its hosts down to the internet; gives where it ends."""
    y = _stem(drawn, _hosts(drawn, site, _EDGE))
    y = _stem(drawn, _standing_gateway(drawn, site, y))
    if site.nat:
        y = _stem(drawn, _standing_nat(drawn, site, y))
    return _line(drawn, site, y)


def _below(drawn: Element, site: Site, top: int) -> int:
    """Draw a site from the internet down to its hosts; gives where it ends."""
    y = _stem(drawn, _line(drawn, site, top))
    if site.nat:
        y = _stem(drawn, _standing_nat(drawn, site, y))
    y = _stem(drawn, _standing_gateway(drawn, site, y))
    return _hosts(drawn, site, y) + 4


def _hosts(drawn: Element, site: Site, top: int) -> int:
    height = _hosts_height(site)
    _card(drawn, 78, top, 204, height, "inside", (*site.networks[:2], *site.hosts))
    return top + height


def _standing_gateway(drawn: Element, site: Site, top: int) -> int:
    _gateway(drawn, site, 72, top)
    return top + _BOX


def _standing_nat(drawn: Element, site: Site, top: int) -> int:
    _nat(drawn, site, 136, top + 24)
    return top + 48


def _line(drawn: Element, site: Site, top: int) -> int:
    if not site.line:
        return top
    text(drawn, _MIDDLE, top + 15, site.line, "middle small")
    return top + 22


def _stem(drawn: Element, top: int) -> int:
    shape(drawn, "line", "line", x1=_MIDDLE, x2=_MIDDLE, y1=top, y2=top + _STEM)
    return top + _STEM
