"""The temperament of a PIX (6.3), where it is not that of a router, and its defaults.

Sources: the protocol sheet's fingerprint 0, 5 x 5 of PIX 6.3; vendor sheet, PIX 6. What neither
says is as in IOS, whose IKE it shares.
"""

from dataclasses import replace

from gwsim.ike.config import Schedule, VendorIds
from gwsim.vendors.ios import behaviour as ios
from gwsim.wire import vendor_ids

INTERVAL = 5.0
RESENDS = 5
PHASE2_LIFETIME = 28800

_SCHEDULE = Schedule(
    resends=tuple(INTERVAL * n for n in range(1, RESENDS + 1)),
    give_up=INTERVAL * (RESENDS + 1),
)
_WHO_WE_ARE = (vendor_ids.CISCO_UNITY, vendor_ids.DPD, vendor_ids.XAUTH)

BEHAVIOUR = replace(
    ios.BEHAVIOUR,
    phase1=_SCHEDULE,
    phase1_responder=_SCHEDULE,
    quick=_SCHEDULE,
    quick_responder=_SCHEDULE,
    half_open_timeout=60.0,
    nat_traversal=("draft-03", "draft-02"),
    vendor_ids=VendorIds(
        third=_WHO_WE_ARE, fourth=_WHO_WE_ARE, nat_t_first=True, dpd_in=("aggr-1", "aggr-2")
    ),
)
"""Five resends, five seconds apart. Its vendor IDs are ours: a router's, save that of a router.

NAT traversal is of its time: the drafts, and only when it is switched on.
"""

DEFAULTS = replace(
    ios.DEFAULTS,
    phase2_lifetime=PHASE2_LIFETIME,
    nat_traversal=False,
    outside_interface="outside",
    inside_interface="inside",
)
"""A router's policy, DES with SHA and group 1; IPsec SAs live for eight hours."""
