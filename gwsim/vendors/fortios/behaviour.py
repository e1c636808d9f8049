"""The temperament of a FortiGate (FortiOS 6.4 to 7.2, IKEv1) and what a new tunnel is set to.

Sources: vendor sheet, FortiOS and fault matrix; captures of main and aggressive mode between two
FortiGates for octets, order and what is answered; the protocol sheet's fingerprint 0, 6, 12.
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
from gwsim.vendors.vendor import Defaults
from gwsim.wire import vendor_ids
from gwsim.wire.numbers import Encryption, EspAuthentication, EspTransform, Group, HashAlgorithm

NEGOTIATE_TIMEOUT = 30.0
"""`negotiate-timeout`: seconds after which an unfinished negotiation is deleted."""

PHASE1_LIFETIME = 86400
PHASE2_LIFETIME = 43200
KEEPALIVE = 10.0
REPLAY_WINDOW = 2048
USUAL_DPD = Dpd(idle=20.0, retry=20.0, count=3, on_demand=True)

_SCHEDULE = Schedule(resends=(6.0, 18.0), give_up=NEGOTIATE_TIMEOUT)

_FRAGMENTATION = (
    vendor_ids.FRAGMENTATION,
    vendor_ids.FRAGMENTATION_MAIN_AND_AGGRESSIVE,
)

VENDOR_IDS = VendorIds(
    first=(vendor_ids.DPD, *_FRAGMENTATION, vendor_ids.FORTIGATE),
    second=(vendor_ids.DPD, vendor_ids.FORTIGATE, *_FRAGMENTATION),
    nat_t_first=True,
    nat_t=(
        vendor_ids.NAT_T_RFC,
        vendor_ids.NAT_T_DRAFT_03,
        vendor_ids.NAT_T_DRAFT_02,
        vendor_ids.NAT_T_DRAFT_02_NEWLINE,
        vendor_ids.NAT_T_DRAFT_01,
        vendor_ids.NAT_T_DRAFT_00,
    ),
    # The DPD vendor ID stands among the others, and is there whether DPD is on or not.
    dpd_in=(),
)
"""Ten in the first message, five in its answer, none later: 572 and 192 octets as unpacked."""

REACTIONS = MappingProxyType(
    {
        flaw: Answer.SILENCE
        for flaw in (
            Flaw.MAJOR_VERSION,
            Flaw.EXCHANGE_TYPE,
            Flaw.FLAGS,
            Flaw.MALFORMED,
            Flaw.UNKNOWN_PEER,
            Flaw.NO_PRE_SHARED_KEY,
            Flaw.EXCHANGE_MODE,
            Flaw.NO_PROPOSAL_PHASE1,
            Flaw.HALF_OPEN_LIMIT,
            Flaw.UNDECRYPTABLE,
            Flaw.HASH_PHASE1,
            Flaw.PEER_ID,
            Flaw.PROXY_ID,
            Flaw.QUICK_IDS,
        )
    }
    | {
        Flaw.NO_PROPOSAL_PHASE2: Answer.PROTECTED,
        Flaw.PFS: Answer.PROTECTED,
    }
)
"""Captures show one refusal that is answered: an offer of phase 2, by `p2_notify_14`.

An offer of phase 1, a message that cannot be read and selectors that do not match are met with
silence; the peer runs into its own timeout.
"""

BEHAVIOUR = Behaviour(
    phase1=_SCHEDULE,
    phase1_responder=_SCHEDULE,
    quick=_SCHEDULE,
    quick_responder=_SCHEDULE,
    half_open_timeout=NEGOTIATE_TIMEOUT,
    half_open_limit=10,
    reactions=REACTIONS,
    unknown_peer=UnknownPeer.AT_SA,
    pfs=PfsPolicy.EXACT,
    proxy=ProxyPolicy.EXACT,
    host_equals_slash32=True,
    lifetime=LifetimePolicy.LOWER,
    phase2_failure_deletes_phase1=False,
    last_child_deletes_phase1=False,
    phase1_end_deletes_children=True,
    abandon_on_clear_error=False,
    # `peertype any`, as everybody sets it.
    check_peer_id=False,
    initial_contact=("main-5", "aggr-3"),
    nat_traversal=("rfc3947", "draft-03", "draft-02"),
    keepalive=KEEPALIVE,
    dpd_start=0,
    always_pads=True,
    vendor_ids=VENDOR_IDS,
    phase1_rekey=Rekey(margin=300.0, responder_margin=270.0, jitter=0.0),
    phase2_rekey=Rekey(margin=300.0, responder_margin=270.0, jitter=0.0),
    nonce_length=16,
    id_protocol=0,
    id_port=0,
)
"""One schedule for every message and both roles: sent again after 6 and 12 more seconds.

A phase 2 that fails leaves phase 1 alone; a phase 1 that ends takes its IPsec SAs along. Both are
renewed five minutes before their end, by a responder half a minute later. Selectors must mean the
same traffic, however they are written, and PFS must be set alike on both ends.
"""

_CIPHERS = (
    (128, HashAlgorithm.SHA2_256),
    (256, HashAlgorithm.SHA2_256),
    (128, HashAlgorithm.SHA1),
    (256, HashAlgorithm.SHA1),
)

DEFAULTS = Defaults(
    phase1=tuple(
        Phase1Transform(
            encryption=Encryption.AES_CBC,
            hash=digest,
            group=group,
            key_bits=bits,
            lifetime_seconds=PHASE1_LIFETIME,
        )
        for bits, digest in _CIPHERS
        for group in (Group.MODP_2048, Group.MODP_1536)
    ),
    phase2=(
        Phase2Transform(EspTransform.AES_CBC, EspAuthentication.HMAC_SHA1, 128),
        Phase2Transform(EspTransform.AES_CBC, EspAuthentication.HMAC_SHA1, 256),
        Phase2Transform(EspTransform.AES_CBC, EspAuthentication.HMAC_SHA2_256, 128),
        Phase2Transform(EspTransform.AES_CBC, EspAuthentication.HMAC_SHA2_256, 256),
        Phase2Transform(EspTransform.AES_GCM_16, None, 128),
        Phase2Transform(EspTransform.AES_GCM_16, None, 256),
    ),
    pfs_group=Group.MODP_2048,
    phase1_lifetime=PHASE1_LIFETIME,
    phase2_lifetime=PHASE2_LIFETIME,
    phase2_kilobytes=None,
    dpd=USUAL_DPD,
    nat_traversal=True,
    replay_window=REPLAY_WINDOW,
    dont_fragment="copy",
    queue=0,
    accepts_other_mode=False,
    outside_interface="port1",
    inside_interface="port2",
)
"""What a tunnel has that was given nothing but a peer and a key: `dhgrp 14 5`, PFS, DPD on demand.

ChaCha20-Poly1305, the last of a FortiGate's own phase 2 proposals, is not had here; and of two
groups for PFS only the first, which an initiator offers.
"""
