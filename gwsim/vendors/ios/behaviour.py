"""The temperament of IOS (12.4T to 15.x, IKEv1) and what a freshly unpacked router is set to.

Sources: vendor sheet, IOS and fault matrix; Cisco's configuration guide for the lifetimes.
"""

from types import MappingProxyType

from gwsim.ike.config import (
    Behaviour,
    LifetimePolicy,
    PfsPolicy,
    Phase1Transform,
    Phase2Transform,
    ProxyPolicy,
    Rekey,
    Schedule,
    UnknownPeer,
    VendorIds,
)
from gwsim.ike.flaws import Answer, Flaw
from gwsim.vendors.vendor import Defaults
from gwsim.wire import vendor_ids
from gwsim.wire.numbers import (
    Encryption,
    EspAuthentication,
    EspTransform,
    Group,
    HashAlgorithm,
    NotifyType,
)

INTERVAL = 10.0
RESENDS = 5
PHASE1_LIFETIME = 86400
PHASE2_LIFETIME = 3600
PHASE2_KILOBYTES = 4_608_000

# These octets were seen on an 1800 router; other boxes know a router by how they begin.
IOS_ID = bytes.fromhex("3e984048101e66cc659fd002b0ed3655")

_SCHEDULE = Schedule(
    resends=tuple(INTERVAL * n for n in range(1, RESENDS + 1)),
    give_up=INTERVAL * (RESENDS + 1),
)

_WHO_WE_ARE = (vendor_ids.CISCO_UNITY, vendor_ids.DPD, IOS_ID, vendor_ids.XAUTH)

VENDOR_IDS = VendorIds(
    third=_WHO_WE_ARE,
    fourth=_WHO_WE_ARE[:3],
    nat_t_first=True,
    nat_t=(
        vendor_ids.NAT_T_RFC,
        vendor_ids.NAT_T_DRAFT_07,
        vendor_ids.NAT_T_DRAFT_03,
        vendor_ids.NAT_T_DRAFT_02_NEWLINE,
    ),
    # The DPD vendor ID stands among the others, and is there whether keepalives are on or not.
    dpd_in=("aggr-1", "aggr-2"),
)
"""The first two messages carry nothing but NAT-T; who we are is told with the key exchange."""

REACTIONS = MappingProxyType(
    {
        Flaw.NO_PROPOSAL_PHASE1: Answer.CLEAR,
        Flaw.UNKNOWN_PEER: Answer.CLEAR,
        Flaw.NO_PRE_SHARED_KEY: Answer.CLEAR,
        Flaw.UNDECRYPTABLE: Answer.SILENCE,
        Flaw.MALFORMED: Answer.SILENCE,
        Flaw.HASH_PHASE1: Answer.SILENCE,
        Flaw.UNKNOWN_COOKIE: Answer.SILENCE,
        Flaw.UNKNOWN_COOKIE_ENCRYPTED: Answer.SILENCE,
        Flaw.EXCHANGE_MODE: Answer.SILENCE,
        Flaw.HALF_OPEN_LIMIT: Answer.SILENCE,
    }
)
"""Where a router's answer to a flaw differs from, or insists on, that of the bad-input table.

"No offers accepted" is what becomes of a bad policy, of a peer that is not configured and of one
without a key: all end with the first message and are answered in clear.
"""

NOTIFIES = MappingProxyType(
    {
        Flaw.NO_PRE_SHARED_KEY: NotifyType.NO_PROPOSAL_CHOSEN,
        Flaw.PROXY_ID: NotifyType.NO_PROPOSAL_CHOSEN,
    }
)
"""A router knows one answer to whatever it cannot accept: "NOTIFY PROPOSAL_NOT_CHOSEN"."""

BEHAVIOUR = Behaviour(
    phase1=_SCHEDULE,
    phase1_responder=_SCHEDULE,
    quick=_SCHEDULE,
    quick_responder=_SCHEDULE,
    half_open_timeout=120.0,
    half_open_limit=20,
    resends_to_unreadable=True,
    reactions=REACTIONS,
    notifies=NOTIFIES,
    unknown_peer=UnknownPeer.AT_SA,
    pfs=PfsPolicy.IF_CONFIGURED,
    proxy=ProxyPolicy.SUBSET,
    host_equals_slash32=True,
    # A transform set's mode is for traffic between the peers and ignored for any other.
    transport_needs_peers=True,
    lifetime=LifetimePolicy.LOWER,
    responder_lifetime_notify=True,
    phase2_failure_deletes_phase1=False,
    changes_spare_sas=True,
    last_child_deletes_phase1=False,
    phase1_end_deletes_children=False,
    abandon_on_clear_error=False,
    # The key is found by the peer's address; only a profile would look at its identity.
    check_peer_id=False,
    initial_contact=("main-5", "aggr-3"),
    nat_traversal=("rfc3947", "draft-03", "draft-02"),
    keepalive=20.0,
    vendor_ids=VENDOR_IDS,
    id_port_floated=0,
    phase1_rekey=Rekey(fraction=None),
    phase2_rekey=Rekey(
        fraction=1 - 256 / PHASE2_KILOBYTES, jitter=0.0, margin=30.0, responder_margin=20.0
    ),
)
"""One schedule for every message and both roles: five resends, ten seconds apart; a main-5 that
nobody can read does not stop a responder from resending main-4.

A phase 2 that fails leaves phase 1 alone, and IPsec SAs outlive the ISAKMP SA they came from. An
ISAKMP SA is not renewed: it expires, and the next quick mode makes another one. IPsec SAs are
renewed 30 seconds or 256 kilobytes before their end; that the responder waits ten seconds longer,
so that the two rarely cross, is ours. PFS is demanded only by whoever has it configured, and proxy
IDs may be a part of our own.
"""

DEFAULTS = Defaults(
    phase1=(
        Phase1Transform(
            encryption=Encryption.DES_CBC,
            hash=HashAlgorithm.SHA1,
            group=Group.MODP_768,
            lifetime_seconds=PHASE1_LIFETIME,
        ),
    ),
    phase2=(Phase2Transform(EspTransform.DES, EspAuthentication.HMAC_SHA1),),
    pfs_group=None,
    phase1_lifetime=PHASE1_LIFETIME,
    phase2_lifetime=PHASE2_LIFETIME,
    phase2_kilobytes=PHASE2_KILOBYTES,
    dpd=None,
    nat_traversal=True,
    replay_window=64,
    dont_fragment="copy",
    queue=0,
    outside_interface="GigabitEthernet0/0",
    inside_interface="GigabitEthernet0/1",
)
"""A policy's own defaults are DES, SHA and group 1; keepalives (DPD) are off until they are set.

A transform set has no default; DES with SHA goes with such a policy.
"""
