"""What happened in an endpoint, as frozen values in the order in which it happened.

Vendors turn events into log lines; nothing in an event is written for one vendor. `at` is in
seconds. Addresses are dotted text, cookies sixteen hex digits, selectors printed as
`10.1.0.0/24` or `10.1.0.0/24 tcp/80`. An endpoint is a (address, port) pair.

* `base`: what all have in common; `messages`: single messages; `negotiation`: the way to an SA;
  `outcomes`: what stands and what ends; `instructions`: what the data plane is to do.
"""

from gwsim.ike.events.base import (
    CloseReason,
    Event,
    Head,
)
from gwsim.ike.events.instructions import (
    ChildActivated,
    ChildKeys,
    ChildRemoved,
    ChildRetired,
)
from gwsim.ike.events.messages import (
    DuplicateReceived,
    Message,
    MessageReceived,
    MessageSent,
    Rejected,
)
from gwsim.ike.events.negotiation import (
    Comparison,
    ConnectionMatched,
    GaveUp,
    KeysGenerated,
    LifetimeCompared,
    NatDetected,
    NegotiationStarted,
    PeerIdentified,
    PeerMoved,
    PfsRefused,
    PortFloated,
    ProposalAccepted,
    ProposalRefused,
    ProxyIdAccepted,
    ProxyIdRefused,
    SpiAllocated,
    StateChanged,
)
from gwsim.ike.events.outcomes import (
    AcquireFailed,
    AcquireQueued,
    DeleteReceived,
    DeleteSent,
    DpdFailed,
    DpdReceived,
    DpdSent,
    NotifyReceived,
    NotifySent,
    PhaseOneClosed,
    PhaseOneCompleted,
    PhaseTwoClosed,
    PhaseTwoCompleted,
    QuickModeClosed,
)

__all__ = [
    "AcquireFailed",
    "AcquireQueued",
    "ChildActivated",
    "ChildKeys",
    "ChildRemoved",
    "ChildRetired",
    "CloseReason",
    "Comparison",
    "ConnectionMatched",
    "DeleteReceived",
    "DeleteSent",
    "DpdFailed",
    "DpdReceived",
    "DpdSent",
    "DuplicateReceived",
    "Event",
    "GaveUp",
    "Head",
    "KeysGenerated",
    "LifetimeCompared",
    "Message",
    "MessageReceived",
    "MessageSent",
    "NatDetected",
    "NegotiationStarted",
    "NotifyReceived",
    "NotifySent",
    "PeerIdentified",
    "PeerMoved",
    "PfsRefused",
    "PhaseOneClosed",
    "PhaseOneCompleted",
    "PhaseTwoClosed",
    "PhaseTwoCompleted",
    "PortFloated",
    "ProposalAccepted",
    "ProposalRefused",
    "ProxyIdAccepted",
    "ProxyIdRefused",
    "QuickModeClosed",
    "Rejected",
    "SpiAllocated",
    "StateChanged",
]
