"""Reading an ASA's configuration: both the grammar of 8.4 and later and that of 7.x to 8.3.

Line by line, each by the first rule that fits; a line below another one belongs to its block.
What no rule knows, and what contradicts itself, is returned with its number and never stops the
reading. Source: vendor sheet, ASA configuration grammar.
"""

import re

from gwsim.vendors import crypto_maps
from gwsim.vendors.asa import config_handlers as handlers
from gwsim.vendors.asa.config_draft import Draft
from gwsim.vendors.line_grammar import Grammar, Rule, nothing, rules
from gwsim.vendors.vendor import ConfigText, Reading


def read_config(text: str) -> Reading:
    """Read a configuration, for instance the output of `more system:running-config`.

    Raises ValueError when it has no crypto map on an interface with an address; nothing else.
    """
    draft = Draft()
    ignored = _GRAMMAR.read(text, draft)
    return Reading(draft.finish(), ignored)


_SET = r"crypto (?P<kind>map|dynamic-map) (?P<name>\S+) (?P<number>\d{1,5}) "

_RULES: tuple[Rule[Draft], ...] = rules(
    (r"hostname (?P<name>\S+)", handlers.hostname),
    (r"interface \S+", nothing),
    (r"object(-group)? network (?P<name>\S+)", handlers.object),
    (r"route (?P<name>\S+) (?P<network>\S+) (?P<mask>\S+) \S+( \d+)?", handlers.route),
    (r"mtu (?P<name>\S+) (?P<mtu>\d{2,5})", handlers.mtu),
    (r"access-list \S+ remark.*", nothing),
    (
        r"access-list (?P<name>\S+)( line \d+)?( extended)? permit (?P<protocol>\S+) (?P<ends>.+)",
        handlers.ace,
    ),
    (
        r"crypto ipsec( ikev1)? transform-set (?P<name>\S+) mode (?P<mode>\w+)",
        crypto_maps.transform_set_mode,
    ),
    (
        r"crypto ipsec( ikev1)? transform-set (?P<name>\S+) (?P<words>esp-.+)",
        handlers.transform_set,
    ),
    (
        r"crypto ipsec security-association lifetime (?P<unit>seconds|kilobytes) (?P<value>\w+)",
        handlers.lifetime,
    ),
    (
        r"crypto ipsec security-association replay (window-size (?P<size>\d{1,4})|disable)",
        crypto_maps.replay,
    ),
    (r"crypto ipsec df-bit (?P<df>copy|clear|set)-df (?P<name>\S+)", handlers.df),
    (_SET + r"match address (?P<acl>\S+)", crypto_maps.match_address),
    (_SET + r"set peer (?P<peers>\S.*)", handlers.peer),
    (_SET + r"set (ikev1 )?transform-set (?P<names>\S.*)", crypto_maps.sets),
    (_SET + r"set pfs( group(?P<group>\d{1,2}))?", handlers.pfs),
    (_SET + r"set security-association lifetime (?P<values>\S.*)", handlers.entry_lifetime),
    (_SET + r"set nat-t-disable", handlers.nat_t_disable),
    (
        _SET + r"set connection-type (?P<type>bi-directional|originate-only|answer-only)",
        handlers.connection_type,
    ),
    (
        _SET + r"set (ikev1 )?phase1-mode (?P<mode>main|aggressive)( group(?P<group>\d{1,2}))?",
        handlers.phase1_mode,
    ),
    (_SET + r"ipsec-isakmp dynamic (?P<dynamic>\S+)", crypto_maps.dynamic),
    (_SET + r"ipsec-isakmp", nothing),
    (r"crypto map (?P<name>\S+) interface (?P<interface>\S+)", handlers.bind),
    (r"crypto (ikev1|isakmp) enable (?P<interface>\S+)", handlers.enable),
    (r"crypto (ikev1|isakmp) am-disable", handlers.am_disable),
    (r"crypto (ikev1|isakmp) policy (?P<number>\d{1,5})", handlers.policy),
    (r"crypto isakmp identity (?P<who>address|auto|hostname|key-id \S+)", handlers.identity),
    (r"(?P<no>no )?crypto isakmp nat-traversal( (?P<keepalive>\d{1,4}))?", handlers.nat_traversal),
    (r"tunnel-group (?P<name>\S+) (type ipsec-l2l|ipsec-attributes)", handlers.tunnel_group),
)
"""Rules for lines of their own."""

_POLICY_WORDS = "authentication|encryption|hash|group|lifetime"
_GROUP = r"tunnel-group (?P<name>\S+) ipsec-attributes / "

_BLOCK_RULES: tuple[Rule[Draft], ...] = rules(
    (r"interface (?P<port>\S+) / nameif (?P<name>\S+)", handlers.nameif),
    (
        r"interface (?P<port>\S+) / ip address (?P<address>\S+) (?P<mask>\S+)( standby \S+)?",
        handlers.interface_address,
    ),
    (r"interface \S+ / (security-level \d+|speed \S+|duplex \S+|no shutdown)", nothing),
    (r"object network (?P<name>\S+) / (?P<value>(subnet|host|range) .+)", handlers.object_value),
    (
        r"object-group network (?P<name>\S+) / (?P<value>(network-object|group-object) .+)",
        handlers.object_value,
    ),
    (r"object(-group)? network \S+ / description.*", nothing),
    (
        r"crypto (ikev1|isakmp) policy (?P<number>\d{1,5}) / "
        rf"(?P<what>{_POLICY_WORDS}) (?P<value>\S+)",
        handlers.policy_line,
    ),
    (_GROUP + r"(ikev1 )?pre-shared-key (?P<key>\S.*)", handlers.pre_shared_key),
    (
        _GROUP + r"isakmp keepalive ((?P<off>disable)|threshold (?P<idle>\d{1,4})"
        r"( retry (?P<retry>\d{1,4}))?)",
        handlers.keepalive,
    ),
    (_GROUP + r"peer-id-validate nocheck", nothing),
)
"""Rules for lines of a block, given as `block / line`."""

_GRAMMAR = Grammar(_RULES, _BLOCK_RULES, comments=("!", ":"))

CONFIG_TEXT = ConfigText(
    read=read_config,
    sign=re.compile(r"^( nameif \S|tunnel-group \S+ (type|ipsec-))", re.MULTILINE | re.ASCII),
    command="more system:running-config",
)
"""How the registry's users read such a configuration, and know it when they see one."""
