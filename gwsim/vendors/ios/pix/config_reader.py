"""Reading the configuration of a PIX 6.x.

Every line stands for itself and is read by the first rule that fits. What no rule knows, and what
contradicts itself, is returned with its number and never stops the reading. Source: real
configurations of 6.3, and its command reference.
"""

import re

from gwsim.ike.config import Dpd
from gwsim.vendors import crypto_maps
from gwsim.vendors.ios import config_handlers as handlers
from gwsim.vendors.ios.config_draft import Draft, Interface
from gwsim.vendors.ios.pix.behaviour import BEHAVIOUR, DEFAULTS
from gwsim.vendors.line_grammar import Grammar, Rule, nothing, rules
from gwsim.vendors.vendor import ConfigText, Reading

DPD_COUNT = 5
DEFAULT_RETRY = 2.0


def read_config(text: str) -> Reading:
    """Read a configuration, for instance one that `write net` has left on a file server.

    Raises ValueError when it has no crypto map on an interface with an address; nothing else.
    """
    draft = Draft(
        hostname="pixfirewall",
        vendor="pix",
        behaviour=BEHAVIOUR,
        defaults=DEFAULTS,
        seconds=DEFAULTS.phase2_lifetime,
        nat_t=DEFAULTS.nat_traversal,
    )
    ignored = _GRAMMAR.read(text, draft)
    return Reading(draft.finish(), ignored)


def _interface(draft: Draft, name: str) -> Interface:
    return draft.interfaces.setdefault(name, Interface())


def nameif(draft: Draft, m: re.Match[str]) -> None:
    """Name an interface."""
    _interface(draft, m["name"])


def mtu(draft: Draft, m: re.Match[str]) -> None:
    """Set an interface's MTU."""
    _interface(draft, m["name"]).mtu = int(m["mtu"])


def address(draft: Draft, m: re.Match[str]) -> None:
    """Give an interface its address and network."""
    _interface(draft, m["name"])
    handlers.interface_address(draft, m)


def bind(draft: Draft, m: re.Match[str]) -> None:
    """Put a crypto map on an interface."""
    _interface(draft, m["interface"]).map = m["name"]


def transform_set(draft: Draft, m: re.Match[str]) -> None:
    """Define a transform set; a PIX ties the key length to the cipher."""
    words = re.sub(r"\b(esp-aes)-(192|256)\b", r"\1 \2", m["words"])
    handlers.define_transform_set(draft, m["name"], words)


def key(draft: Draft, m: re.Match[str]) -> None:
    """Set the key for a peer or a network of peers."""
    if set(m["key"]) == {"*"}:
        raise ValueError("the key is starred; write net saves it in clear")
    handlers.add_key(draft, m["key"], m["address"], m["mask"])


def policy_line(draft: Draft, m: re.Match[str]) -> None:
    """Set one value of a phase 1 policy."""
    what = "encryption" if m["what"].startswith("encr") else m["what"]
    value = re.sub(r"^aes-(192|256)$", r"aes \1", m["value"])
    handlers.set_policy(draft, int(m["number"]), what, value)


def keepalive(draft: Draft, m: re.Match[str]) -> None:
    """Switch dead peer detection on."""
    retry = float(m["retry"] or DEFAULT_RETRY)
    draft.dpd = Dpd(idle=float(m["idle"]), retry=retry, count=DPD_COUNT)


def nat_traversal(draft: Draft, m: re.Match[str]) -> None:
    """Switch NAT traversal on."""
    draft.nat_t = True
    draft.keepalive = float(m["seconds"] or BEHAVIOUR.keepalive)


_ENTRY = r"crypto (?P<kind>map|dynamic-map) (?P<name>\S+) (?P<number>\d{1,5})"
_OTHERS = (
    "PIX Version|interface|enable password|passwd|domain-name|fixup|no fixup|names|pager|logging|"
    "no ip address|ip audit|pdm|arp|global|nat|static|access-group|timeout|aaa|snmp-server|"
    "no snmp-server|floodguard|no floodguard|sysopt|no sysopt|service|telnet|ssh|console|http|"
    "terminal|Cryptochecksum|conduit|clock|no logging"
)

_RULES: tuple[Rule[Draft], ...] = rules(
    (r"hostname (?P<name>\S+)", handlers.hostname),
    (r"nameif \S+ (?P<name>\S+) security\d{1,3}", nameif),
    (r"mtu (?P<name>\S+) (?P<mtu>\d{2,5})", mtu),
    (r"ip address (?P<name>\S+) (?P<address>\d\S+) (?P<mask>\d\S+)", address),
    (r"route \S+ (?P<network>\S+) (?P<mask>\S+) \S+( \d+)?", handlers.route),
    (
        r"access-list (?P<name>\S+)( line \d+)? permit (?P<protocol>\S+) (?P<ends>.+)",
        handlers.masked_ace,
    ),
    (r"access-list \S+ (remark|deny).*", nothing),
    (
        r"crypto ipsec transform-set (?P<name>\S+) mode (?P<mode>transport)",
        crypto_maps.transform_set_mode,
    ),
    (r"crypto ipsec transform-set (?P<name>\S+) (?P<words>esp-.+)", transform_set),
    (
        r"crypto ipsec security-association lifetime (?P<unit>seconds|kilobytes) (?P<value>\w+)",
        handlers.lifetime,
    ),
    (_ENTRY + r" ipsec-isakmp dynamic (?P<dynamic>\S+)", crypto_maps.dynamic),
    (_ENTRY + r" ipsec-isakmp", handlers.entry),
    (_ENTRY + r" match address (?P<acl>\S+)", crypto_maps.match_address),
    (_ENTRY + r" set peer (?P<peer>\S+)", handlers.peer),
    (_ENTRY + r" set transform-set (?P<names>\S.*)", crypto_maps.sets),
    (_ENTRY + r" set pfs( group(?P<group>\d{1,2}))?", handlers.pfs),
    (
        _ENTRY + r" set security-association lifetime (?P<lives>(seconds|kilobytes) .+)",
        handlers.entry_lifetimes,
    ),
    (r"crypto map (?P<name>\S+) interface (?P<interface>\S+)", bind),
    (r"isakmp enable \S+", nothing),
    (r"no isakmp enable \S+", handlers.disable),
    (
        r"isakmp key (?P<key>\S.*?) address (?P<address>\S+)( netmask (?P<mask>\S+))?"
        r"( no-xauth)?( no-config-mode)?",
        key,
    ),
    (r"isakmp identity (?P<who>address|hostname)", handlers.identity),
    (r"isakmp keepalive (?P<idle>\d{1,4})( (?P<retry>\d{1,4}))?", keepalive),
    (r"isakmp nat-traversal( (?P<seconds>\d{1,4}))?", nat_traversal),
    (
        r"isakmp policy (?P<number>\d{1,5}) "
        r"(?P<what>authentication|encryption|encrypt|encr|hash|group|lifetime) (?P<value>\S+)",
        policy_line,
    ),
    (rf"({_OTHERS})\b.*", nothing),
)
"""Rules for lines, the first that fits."""

_GRAMMAR = Grammar(_RULES, (), comments=(":", "!"))

CONFIG_TEXT = ConfigText(
    read=read_config,
    sign=re.compile(
        r"^(PIX Version [56]|nameif ethernet\d+ \S+ security\d|isakmp key )",
        re.MULTILINE | re.ASCII,
    ),
    command="write net",
)
"""How the registry's users read such a configuration, and know it when they see one."""
