"""Why a vendor of ours does something else than strongSwan does in its place.

Every difference that a test finds must be one of these: a vendor, a fault, who begins, and what
differs. `docs/peers.md` is written from them.
"""

from collections.abc import Iterable
from dataclasses import dataclass

_ALL = frozenset({"asa", "ios", "screenos", "fortios"})
_PHASE1 = frozenset(
    {
        "encryption",
        "key-length",
        "hash",
        "group",
        "group-aggressive",
        "unknown-here",
        "unknown-there",
        "mode-aggressive",
        "no-psk-east",
    }
)
_PHASE2 = frozenset(
    {
        "pfs-here",
        "pfs-there",
        "pfs-group",
        "esp-encryption",
        "esp-key-length",
        "esp-integrity",
        "selectors",
        "selectors-wider",
        "selectors-narrower",
    }
)
_NO_NARROWING = frozenset({"selectors-wider", "selectors-narrower"})


@dataclass(frozen=True, slots=True)
class Explanation:
    """One habit: whose it is, at which faults it shows, who began then, and in what it shows."""

    key: str
    text: str
    vendors: frozenset[str]
    faults: frozenset[str]
    begins: frozenset[str]
    fields: frozenset[str]

    def fits(self, vendor: str, fault: str, initiator: str, name: str) -> bool:
        """Say whether a difference is this habit."""
        return (
            vendor in self.vendors
            and fault in self.faults
            and initiator in self.begins
            and name in self.fields
        )


def _habit(
    key: str, vendors: Iterable[str], faults: Iterable[str], begins: str, fields: str, text: str
) -> Explanation:
    return Explanation(
        key,
        text,
        frozenset(vendors),
        frozenset(faults),
        frozenset(begins.split()),
        frozenset(fields.split(", ")),
    )


_VERDICT = "says, notifies, phase 1, phase 2"

EXPLANATIONS = (
    _habit(
        "a",
        _ALL,
        _PHASE1,
        "west",
        "repeats, phase 1",
        "A notify in the clear could be anybody's. These vendors take it for a hint and go on"
        " asking until they give up; strongSwan believes it and ends the negotiation at once.",
    ),
    _habit(
        "b",
        _ALL,
        ("no-psk-east", "blocked-4500", "blocked-back"),
        "east",
        "repeats, phase 1",
        "As responder these vendors repeat main-4 on their own until somebody answers; strongSwan"
        " only answers a main-3 that is repeated to it. A notify in the clear stops neither.",
    ),
    _habit(
        "c",
        ("ios",),
        ("psk",),
        "east",
        "repeats",
        "A router that cannot read main-5 takes it for lost and repeats main-4.",
    ),
    _habit(
        "d",
        ("asa",),
        ("psk", "psk-aggressive"),
        "west east",
        "notifies",
        "An ASA says in the clear that it could not read main-5 (16) or that the proof is wrong"
        " (23), so that a peer with another key can read it, and answers what comes under cookies"
        " it has forgotten with INVALID-COOKIE (4). strongSwan encrypts both with a key that the"
        " peer does not have.",
    ),
    _habit(
        "e",
        ("ios", "screenos", "fortios"),
        ("psk", "psk-aggressive"),
        "west east",
        "notifies",
        "Routers, NetScreens and FortiGates write a wrong pre-shared key into their own log and say"
        " nothing.",
    ),
    _habit(
        "f",
        _ALL,
        ("no-psk-west",),
        "west",
        "says, notifies",
        "Without a key these vendors do not begin. strongSwan begins and notices at main-4.",
    ),
    _habit(
        "g",
        ("asa",),
        ("no-psk-west", "unknown-here"),
        "east",
        "says, notifies",
        "An ASA looks for the tunnel-group at main-3: main-2 goes to anybody, then it is silent,"
        " and the repeated main-3 finds no SA any more: INVALID-COOKIE (4).",
    ),
    _habit(
        "h",
        ("ios",),
        ("no-psk-west",),
        "east",
        "says, notifies",
        "To a router a peer without key is one whose offer cannot be accepted: NO-PROPOSAL-CHOSEN"
        " (14) at main-1. strongSwan notices at main-3 and says INVALID-KEY-INFORMATION (17).",
    ),
    _habit(
        "i",
        ("screenos", "fortios"),
        _PHASE1 | {"no-psk-west", "mode-main"},
        "west east",
        "says, notifies",
        "A NetScreen or a FortiGate says nothing before phase 1 is done; what was wrong stands in"
        " its log.",
    ),
    _habit(
        "j",
        ("asa", "ios", "fortios"),
        ("identity-here",),
        "west east",
        _VERDICT,
        "With a pre-shared key these vendors know the peer by its address, whatever it calls"
        " itself.",
    ),
    _habit(
        "k",
        ("asa", "ios"),
        ("mode-main", "mode-aggressive"),
        "east",
        _VERDICT,
        "These vendors answer in the mode they are asked in. strongSwan, NetScreens and FortiGates"
        " have one mode for each peer.",
    ),
    _habit(
        "l",
        ("asa",),
        _PHASE2,
        "west east",
        "notifies, phase 1",
        "On an ASA a phase 2 that fails takes phase 1 along, with a delete.",
    ),
    _habit(
        "m",
        ("ios",),
        ("pfs-there",),
        "east",
        "says, notifies, phase 2",
        "A router without PFS of its own takes any that is offered.",
    ),
    _habit(
        "n",
        _ALL,
        _NO_NARROWING,
        "west east",
        "says, notifies, phase 2",
        "The RFC lets a responder accept proxy IDs or refuse them, not change them; strongSwan"
        " narrows them. These vendors neither narrow, nor accept as initiator what was narrowed."
        " A router accepts what is part of its own.",
    ),
    _habit(
        "o",
        ("ios",),
        ("selectors", *_NO_NARROWING),
        "west east",
        "notifies",
        "To a router proxy IDs are part of the proposal: NO-PROPOSAL-CHOSEN (14) instead of"
        " INVALID-ID-INFORMATION (18).",
    ),
    _habit(
        "p",
        ("fortios",),
        ("selectors",),
        "east",
        "notifies",
        "A FortiGate that has no phase 2 for the selectors it is asked for says nothing.",
    ),
    _habit(
        "q",
        ("screenos",),
        ("identity-here",),
        "west east",
        "notifies",
        "A NetScreen that expects another identity refuses the peer in its log alone.",
    ),
)


def keys_for(vendor: str, fault: str, initiator: str, name: str) -> list[str]:
    """Give the keys of all habits that explain a difference."""
    fitting = [e for e in EXPLANATIONS if e.fits(vendor, fault, initiator, name)]
    return [one.key for one in fitting]
