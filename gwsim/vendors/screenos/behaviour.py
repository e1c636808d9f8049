"""The temperament of a NetScreen (ScreenOS 5 and 6) and what a freshly unpacked one is set to.

Sources: vendor sheet, Juniper ScreenOS; the protocol sheet's fingerprint 0, 4 x 11; the lengths
of the transcript of `debug ike detail` (main-1 of 156 octets, main-5 of 68, quick-1 of 300).
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
from gwsim.wire.numbers import Encryption, EspAuthentication, EspTransform, Group, HashAlgorithm

RESENDS = 11
INTERVAL = 4.0
SOFT_LIFETIME_BUFFER = 10.0
CONN_ENTRY = 32.0
"""Seconds for which a finished quick mode is remembered, as its "conn entry" is."""

_SCHEDULE = Schedule(
    resends=tuple(INTERVAL * n for n in range(1, RESENDS + 1)),
    give_up=INTERVAL * (RESENDS + 1),
)

_WHO_WE_ARE = (vendor_ids.SCREENOS, vendor_ids.DPD, vendor_ids.NETSCREEN_HEARTBEAT)

VENDOR_IDS = VendorIds(
    first=_WHO_WE_ARE,
    second=_WHO_WE_ARE,
    nat_t_first=False,
    # The DPD vendor ID stands between the two others, and is there whether DPD is on or not.
    dpd_in=(),
)
"""The box's own vendor ID and two "custom" ones: `[SA] [VID] [VID] [VID]`, 156 octets."""

REACTIONS = MappingProxyType(
    {
        # "Phase 1 has not been completed yet, no response is sent back to the originator."
        flaw: Answer.SILENCE
        for flaw in (
            Flaw.MAJOR_VERSION,
            Flaw.EXCHANGE_TYPE,
            Flaw.FLAGS,
            Flaw.UNKNOWN_COOKIE,
            Flaw.UNKNOWN_COOKIE_ENCRYPTED,
            Flaw.UNKNOWN_PEER,
            Flaw.NO_PRE_SHARED_KEY,
            Flaw.EXCHANGE_MODE,
            Flaw.NO_PROPOSAL_PHASE1,
            Flaw.HALF_OPEN_LIMIT,
            Flaw.UNDECRYPTABLE,
            Flaw.HASH_PHASE1,
            Flaw.PEER_ID,
        )
    }
    | {
        # What can go wrong in either phase is answered only when there are keys to answer with.
        flaw: Answer.PROTECTED
        for flaw in (
            Flaw.MALFORMED,
            Flaw.PAYLOAD_TYPE,
            Flaw.MISSING_PAYLOAD,
            Flaw.DOI,
            Flaw.SITUATION,
            Flaw.PROPOSAL_SYNTAX,
            Flaw.PROTOCOL_ID,
            Flaw.SPI,
            Flaw.TRANSFORM_ID,
            Flaw.ATTRIBUTES,
            Flaw.KEY_INFORMATION,
            Flaw.NONCE,
            Flaw.CHANGED_ANSWER,
        )
    }
)
"""A NetScreen says nothing before phase 1 is done; its initiator runs into the resend limit."""

BEHAVIOUR = Behaviour(
    phase1=_SCHEDULE,
    phase1_responder=_SCHEDULE,
    quick=_SCHEDULE,
    quick_responder=_SCHEDULE,
    half_open_timeout=60.0,
    half_open_limit=8,
    answers_second_initial=False,
    reactions=REACTIONS,
    unknown_peer=UnknownPeer.AT_SA,
    pfs=PfsPolicy.EXACT,
    proxy=ProxyPolicy.EXACT,
    host_equals_slash32=False,
    lifetime=LifetimePolicy.LOWER,
    responder_lifetime_notify=False,
    replay_status_notify=False,
    phase2_failure_deletes_phase1=False,
    last_child_deletes_phase1=False,
    phase1_end_deletes_children=False,
    abandon_on_clear_error=False,
    check_peer_id=True,
    # "Cannot use a preshared key because the peer's gateway has a dynamic IP address and
    # negotiations are in Main mode": `set ike gateway ... dynamic` goes with Aggressive alone.
    dynamic_peers_in_main_mode=False,
    # `set ike initial-contact` switches it on; the transcript's main-5 is ID and HASH alone.
    initial_contact=(),
    nat_traversal=("draft-02",),
    keepalive=5.0,
    vendor_ids=VENDOR_IDS,
    phase1_rekey=Rekey(margin=SOFT_LIFETIME_BUFFER, jitter=0.0),
    phase2_rekey=Rekey(margin=SOFT_LIFETIME_BUFFER, jitter=0.0),
    invalid_spi_notify=True,
    linger=CONN_ENTRY,
    long_phase2_life=True,
    always_pads=True,
)
"""One schedule for every message: eleven resends, four seconds apart, given up after 48.

A second initial packet is discarded; main-2 goes out again by that schedule and not for it.
A phase 2 that fails leaves phase 1 alone. Proxy IDs must mirror each other exactly, service
included, and a host is another thing than its /32; PFS must be set alike on both ends. IPsec SAs
are renewed ten seconds before their end (the soft lifetime buffer), whatever their lifetime; that
phase 1, which ends as its lifetime does, is given the same ten seconds is ours.
"""

PHASE1_LIFETIME = 28800
PHASE2_LIFETIME = 3600

DEFAULTS = Defaults(
    phase1=(
        Phase1Transform(
            encryption=Encryption.TRIPLE_DES_CBC,
            hash=HashAlgorithm.SHA1,
            group=Group.MODP_1024,
            lifetime_seconds=PHASE1_LIFETIME,
        ),
    ),
    phase2=(Phase2Transform(EspTransform.TRIPLE_DES, EspAuthentication.HMAC_SHA1),),
    pfs_group=None,
    phase1_lifetime=PHASE1_LIFETIME,
    phase2_lifetime=PHASE2_LIFETIME,
    phase2_kilobytes=None,
    dpd=None,
    nat_traversal=False,
    replay_window=0,
    dont_fragment="clear",
    queue=0,
    accepts_other_mode=False,
    outside_interface="ethernet0/0",
    inside_interface="ethernet0/1",
)
"""A gateway has no proposal until it is given one; these are `pre-g2-3des-sha` and
`nopfs-esp-3des-sha`, the ones everybody starts with. Replay protection (`no-replay`), DPD and
NAT-T are off until they are switched on.
"""
