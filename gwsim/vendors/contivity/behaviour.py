"""The temperament of a Nortel Contivity, and what one is set to.

Sources: vendor sheet, Contivity, which is a ScreenOS transcript of a tunnel with one (main-2 of 112
octets with two vendor IDs, main-6 of 92, the refusal of 68); the protocol sheet's fingerprint
0, 16, 16, 16. Where neither says anything the engine's own defaults hold.
"""

from gwsim.ike.config import (
    Behaviour,
    LifetimePolicy,
    Phase1Transform,
    Phase2Transform,
    ProxyPolicy,
    Schedule,
    VendorIds,
)
from gwsim.vendors.vendor import Defaults
from gwsim.wire import vendor_ids
from gwsim.wire.numbers import Encryption, EspAuthentication, EspTransform, Group, HashAlgorithm

LIFETIME = 28800

_SCHEDULE = Schedule(resends=(16.0, 32.0, 48.0), give_up=64.0)
_WHO_WE_ARE = (vendor_ids.NORTEL_CONTIVITY,)

BEHAVIOUR = Behaviour(
    phase1=_SCHEDULE,
    phase1_responder=_SCHEDULE,
    quick=_SCHEDULE,
    quick_responder=_SCHEDULE,
    half_open_timeout=80.0,
    proxy=ProxyPolicy.EXACT,
    lifetime=LifetimePolicy.LOWER,
    initial_contact=("main-5", "main-6", "aggr-3"),
    vendor_ids=VendorIds(
        first=_WHO_WE_ARE,
        second=_WHO_WE_ARE,
        nat_t_first=False,
        dpd_in=("main-1", "main-2", "aggr-1", "aggr-2"),
    ),
    id_protocol=0,
    id_port=0,
    names_offered_spi=False,
)
"""Its own vendor ID ("BNES") and that of DPD; an identity for any protocol and port; an initial
contact in main-6.

Proxy IDs must mirror its own exactly, the service included: with service ANY on its side a policy
for one service alone is refused with INVALID-ID-INFORMATION. Which SPI that notify holds the
transcript does not show, only that it has four octets and is not the one that was offered: the
initiator finds no quick mode by it.
"""

DEFAULTS = Defaults(
    phase1=(
        Phase1Transform(
            encryption=Encryption.TRIPLE_DES_CBC,
            hash=HashAlgorithm.SHA1,
            group=Group.MODP_1024,
            lifetime_seconds=LIFETIME,
        ),
    ),
    phase2=(Phase2Transform(EspTransform.TRIPLE_DES, EspAuthentication.HMAC_SHA1),),
    pfs_group=None,
    phase1_lifetime=LIFETIME,
    phase2_lifetime=LIFETIME,
    phase2_kilobytes=None,
    dpd=None,
    nat_traversal=False,
    replay_window=64,
)
"""What it was set to in the transcript: 3DES, SHA, group 2, eight hours; PFS is the tunnel's."""
