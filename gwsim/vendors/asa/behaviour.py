"""The temperament of an ASA (8.4 and later, IKEv1) and what a freshly unpacked one is set to.

Sources: vendor sheet, ASA; the protocol sheet's fingerprint 0, 8, 8, 8 of the VPN 3000 family.
"""

from types import MappingProxyType

from gwsim.ike.config import (
    Behaviour,
    Dpd,
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
from gwsim.vendors.asa import words
from gwsim.vendors.vendor import Defaults
from gwsim.wire import vendor_ids
from gwsim.wire.numbers import Encryption, EspAuthentication, EspTransform, Group, HashAlgorithm

# An ASA poses as IOS in main-3 and main-4; these octets were seen on an 1800 router.
IOS_SPOOF = bytes.fromhex("3e984048101e66cc659fd002b0ed3655")

_SCHEDULE = Schedule(resends=(8.0, 16.0, 24.0), give_up=32.0)

_CAPABILITIES = (vendor_ids.FRAGMENTATION_MAIN_AND_AGGRESSIVE,)
_WHO_WE_ARE = (vendor_ids.CISCO_UNITY, vendor_ids.XAUTH, IOS_SPOOF, vendor_ids.CISCO_ASA)

VENDOR_IDS = VendorIds(
    first=_CAPABILITIES,
    second=_CAPABILITIES,
    third=_WHO_WE_ARE,
    fourth=_WHO_WE_ARE,
    nat_t_first=True,
    dpd_in=("main-5", "main-6", "aggr-1", "aggr-2"),
)
"""What goes with which message; the oldest dialect of NAT-T is announced first."""

REACTIONS = MappingProxyType(
    {
        # "Received an un-encrypted ... notify message, dropping" is the other side of these.
        Flaw.UNKNOWN_COOKIE: Answer.CLEAR,
        Flaw.UNKNOWN_COOKIE_ENCRYPTED: Answer.SILENCE,
        Flaw.UNDECRYPTABLE: Answer.CLEAR,
        Flaw.HASH_PHASE1: Answer.CLEAR,
        Flaw.NO_PROPOSAL_PHASE1: Answer.CLEAR,
        Flaw.UNKNOWN_PEER: Answer.SILENCE,
        Flaw.NO_PRE_SHARED_KEY: Answer.SILENCE,
        Flaw.EXCHANGE_MODE: Answer.SILENCE,
        Flaw.HALF_OPEN_LIMIT: Answer.SILENCE,
    }
)
"""Where an ASA's answer to a flaw differs from, or insists on, that of the bad-input table."""

BEHAVIOUR = Behaviour(
    phase1=_SCHEDULE,
    phase1_responder=_SCHEDULE,
    quick=_SCHEDULE,
    quick_responder=_SCHEDULE,
    answers_beside_resend=False,
    half_open_timeout=60.0,
    half_open_limit=20,
    reactions=REACTIONS,
    unknown_peer=UnknownPeer.AT_KEY,
    pfs=PfsPolicy.EXACT,
    proxy=ProxyPolicy.EXACT,
    host_equals_slash32=True,
    # A transform set's mode is for traffic between the peers and ignored for any other.
    transport_needs_peers=True,
    lifetime=LifetimePolicy.LOWER,
    responder_lifetime_notify=True,
    phase2_failure_deletes_phase1=True,
    changes_spare_sas=True,
    last_child_deletes_phase1=True,
    phase1_end_deletes_children=True,
    abandon_on_clear_error=False,
    # With a pre-shared key the tunnel-group is found by the peer's address, never by its ID.
    check_peer_id=False,
    initial_contact=("quick-1",),
    nat_traversal=("draft-02", "draft-03", "rfc3947"),
    keepalive=20.0,
    keepalive_payload=words.IOS_KEEPALIVE,
    vendor_ids=VENDOR_IDS,
    phase1_rekey=Rekey(fraction=0.75, responder_fraction=0.95, jitter=0.0),
    phase2_rekey=Rekey(fraction=0.85, responder_fraction=0.95, jitter=0.0),
)
"""One schedule for every message: again after 8, 16 and 24 seconds, given up after 32.

A phase 2 that fails takes phase 1 with it, and so does the end of the last phase 2: that is why
an ASA with a wrong crypto ACL flickers between MM_ACTIVE and nothing at all. PFS must be set alike
on both ends; proxy IDs must mirror each other, but a host and its /32 are the same to it. The
initiator's rekey timers give 64800 of 86400 and 24480 of 28800 seconds; a responder waits longer,
so that the two rarely cross.
"""

DEFAULTS = Defaults(
    phase1=(
        Phase1Transform(
            encryption=Encryption.TRIPLE_DES_CBC,
            hash=HashAlgorithm.SHA1,
            group=Group.MODP_1024,
            lifetime_seconds=86400,
        ),
    ),
    phase2=(Phase2Transform(EspTransform.TRIPLE_DES, EspAuthentication.HMAC_SHA1),),
    pfs_group=None,
    phase1_lifetime=86400,
    phase2_lifetime=28800,
    phase2_kilobytes=4_608_000,
    dpd=Dpd(idle=10.0, retry=2.0, count=3),
    nat_traversal=True,
    replay_window=64,
    dont_fragment="copy",
    queue=0,
)
"""A policy's own defaults are 3DES, SHA and group 2; packets are not queued for a tunnel."""
