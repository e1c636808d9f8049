"""Reading a router's configuration.

Line by line, each by the first rule that fits; a line below another one belongs to its block.
What no rule knows, and what contradicts itself, is returned with its number and never stops the
reading. Source: vendor sheet, IOS configuration grammar.
"""

import re

from gwsim.vendors import crypto_maps
from gwsim.vendors.ios import config_handlers as handlers
from gwsim.vendors.ios.config_draft import Draft
from gwsim.vendors.line_grammar import Grammar, Rule, nothing, rules
from gwsim.vendors.vendor import ConfigText, Reading


def read_config(text: str) -> Reading:
    """Read a configuration, for instance the output of `show running-config`.

    Raises ValueError when it has no crypto map on an interface with an address; nothing else.
    """
    draft = Draft()
    ignored = _GRAMMAR.read(text, draft)
    return Reading(draft.finish(), ignored)


_ENTRY = r"crypto (?P<kind>map|dynamic-map) (?P<name>\S+) (?P<number>\d{1,5})"
_LIFETIME = r"security-association lifetime (?P<unit>seconds|kilobytes) (?P<value>\w+)"

_RULES: tuple[Rule[Draft], ...] = rules(
    (r"hostname (?P<name>\S+)", handlers.hostname),
    (r"interface (?P<name>\S+)", handlers.interface),
    (r"ip route (?P<network>\S+) (?P<mask>\S+) \S+( \d+)?", handlers.route),
    (r"crypto isakmp policy (?P<number>\d{1,5})", handlers.policy),
    (
        r"crypto isakmp key ((?P<kind>[06]) )?(?P<key>\S.*?) address (?P<address>\S+)"
        r"( (?P<mask>\d\S+))?( no-xauth)?",
        handlers.key,
    ),
    (
        r"crypto isakmp keepalive (?P<idle>\d{1,4})( (?P<retry>\d{1,4}))?"
        r"( (?P<kind>periodic|on-demand))?",
        handlers.keepalive,
    ),
    (r"crypto isakmp nat keepalive (?P<seconds>\d{1,4})", handlers.nat_keepalive),
    (r"crypto isakmp aggressive-mode disable", handlers.am_disable),
    (r"crypto isakmp identity (?P<who>address|hostname)", handlers.identity),
    (r"no crypto isakmp enable", handlers.disable),
    (r"crypto isakmp enable|crypto logging session", nothing),
    (r"no crypto ipsec nat-transparency udp-encapsulation", handlers.nat_t_off),
    (r"crypto ipsec transform-set (?P<name>\S+) (?P<words>esp-.+)", handlers.transform_set),
    (rf"crypto ipsec {_LIFETIME}", handlers.lifetime),
    (
        r"crypto ipsec security-association replay (window-size (?P<size>\d{1,4})|disable)",
        crypto_maps.replay,
    ),
    (_ENTRY + r" ipsec-isakmp dynamic (?P<dynamic>\S+)", crypto_maps.dynamic),
    (_ENTRY + r"( ipsec-isakmp)?", handlers.entry),
    (r"ip access-list extended (?P<name>\S+)", handlers.acl),
    (
        r"access-list (?P<name>\d{3,4}) permit (?P<protocol>\S+) (?P<ends>.+)",
        handlers.ace,
    ),
    (r"(version|service|boot|no service|ip cef|no aaa|line|end)\b.*", nothing),
)
"""Rules for lines of their own."""

_INTERFACE = r"interface (?P<name>\S+) / "
_IN_ENTRY = _ENTRY + r"( ipsec-isakmp)? / "

_BLOCK_RULES: tuple[Rule[Draft], ...] = rules(
    (_INTERFACE + r"ip address (?P<address>\S+) (?P<mask>\S+)", handlers.interface_address),
    (_INTERFACE + r"crypto map (?P<map>\S+)", handlers.interface_map),
    (_INTERFACE + r"ip mtu (?P<mtu>\d{2,5})", handlers.interface_mtu),
    (_INTERFACE + r"crypto ipsec df-bit (?P<df>copy|clear|set)", handlers.interface_df),
    (r"interface \S+ / (description|speed|duplex|no shutdown)\b.*", nothing),
    (
        r"crypto isakmp policy (?P<number>\d{1,5}) / "
        r"(?P<what>encr|encryption|hash|authentication|group|lifetime) (?P<value>\S.*)",
        handlers.policy_line,
    ),
    (
        r"crypto ipsec transform-set (?P<name>\S+) \S.* / mode (?P<mode>tunnel|transport)",
        crypto_maps.transform_set_mode,
    ),
    (_IN_ENTRY + r"match address (?P<acl>\S+)", crypto_maps.match_address),
    (_IN_ENTRY + r"set peer (?P<peer>\S+)( default)?", handlers.peer),
    (_IN_ENTRY + r"set transform-set (?P<names>\S.*)", crypto_maps.sets),
    (_IN_ENTRY + r"set pfs( group(?P<group>\d{1,2}))?", handlers.pfs),
    (_IN_ENTRY + r"set " + _LIFETIME, handlers.entry_lifetime),
    (_IN_ENTRY + r"description.*", nothing),
    (
        r"ip access-list extended (?P<name>\S+) / (\d+ )?permit (?P<protocol>\S+) (?P<ends>.+)",
        handlers.ace,
    ),
    (r"ip access-list extended \S+ / (\d+ )?remark.*", nothing),
)
"""Rules for lines of a block, given as `block / line`."""

_GRAMMAR = Grammar(_RULES, _BLOCK_RULES, comments=("!",))

CONFIG_TEXT = ConfigText(
    read=read_config,
    sign=re.compile(r"^(crypto isakmp key\b| +crypto map \S+ *$)", re.MULTILINE | re.ASCII),
    command="show running-config",
)
"""How the registry's users read such a configuration, and know it when they see one."""
