"""What a FortiGate says whose wording is believed, not proven: no capture of it was at hand.

Each is one line, so that a correction is one line too. Source: vendor sheet, FortiOS, entries of
general knowledge.
"""

from gwsim.gateway.events import DropCause
from gwsim.vendors.fortios.text import Head, Text
from gwsim.vendors.vendor import Complaints

CONNECT_NEGOTIATING = Text(
    "IPsec SA connect {index} {local}->{remote}:{remote_port} negotiating", Head.REQUEST
)
QUEUING = Text(
    "no suitable ISAKMP SA, queuing quick-mode request and initiating ISAKMP SA negotiation",
    Head.TUNNEL,
)
QUEUED = Text("request is on the queue", Head.REQUEST)
SENDING_FIRST_AGGRESSIVE = Text("initiator: aggressive mode is sending 1st message...")
ANNOUNCED: dict[str, Text] = {
    "main-2": Text("initiator: main mode get 1st response..."),
    "main-4": Text("initiator: main mode get 2nd response..."),
    "main-6": Text("initiator: main mode get 3rd response..."),
    "aggr-2": Text("initiator: aggressive mode get 1st response..."),
}
"""What an initiator says of a message of phase 1 that it got."""

MAIN_MODE_DONE = Text("initiator: main mode done")
ADD_CONTACT = Text("add INITIAL-CONTACT")
NAT_DETECTED = Text("NAT detected: {who}")
FLOATED = Text("NAT-T float port {port}")
PENDING = Text("initiating pending Quick-Mode negotiations")
FIRST_ANSWER = Text("initiator received first quick-mode message", Head.QUICK)
TRANSPORT_MODE = Text("using transport mode.", Head.CHILD)
UNKNOWN_VENDOR_ID = Text("VID unknown ({length}): {octets}")
RETRANSMISSION = Text("retransmission, re-send last message")
NO_GATEWAY = Text(
    "no matching gateway for new request {local}:{local_port}->{remote}:{remote_port}"
)
NO_IKE_SA = Text(
    "no established IKE SA for exchange-type {exchange} from {remote}:{remote_port}->{local} "
    "{index} cookie {cookies}, drop",
    Head.BOX,
)
BAD_MESSAGE = Text("ignoring {what}: {why}")
NOTIFY = Text("notify msg received: {what}")
RECEIVED_IPSEC_DELETE = Text("recv IPsec SA delete, spi count {count}")
RECEIVED_IKE_DELETE = Text("recv ISAKMP SA delete {cookies}")
SEND_IPSEC_DELETE = Text("send IPsec SA delete, spi {spi}", Head.TUNNEL)
SEND_IKE_DELETE = Text("send IKE SA delete {cookies}")
DELETING = Text("deleting", Head.TUNNEL)
DELETED = Text("deleted", Head.TUNNEL)
TRAP_DOWN = Text("sending SNMP tunnel DOWN trap", Head.TUNNEL)
LINK_FAIL = Text("link fail {index} {local}->{remote}:{port} dpd=1", Head.TUNNEL)

MESSAGES: dict[str, str] = {
    "main-3": "ident_i2send",
    "main-5": "ident_i3send",
    "aggr-1": "agg_i1send",
    "aggr-3": "agg_i2send",
    "quick-1": "quick_i1send",
    "quick-3": "quick_i2send",
}
"""How `sent IKE msg (...)` calls messages of which no capture has it; the others see `names`."""

PHASE2_AGAIN = "P2_RETRANSMIT"
ANSWERED_AGAIN = "retransmit"
IPSEC_DELETE = "IPsec SA_DELETE-NOTIFY"
IKE_DELETE = "ISAKMP SA DELETE-NOTIFY"
PHASE1_NOTIFY = "p1_notify_{number}"
"""The same for what is sent again, for deletes and for other notifications."""

ESP_ERRORS: dict[DropCause, str] = {
    DropCause.UNKNOWN_SPI: "Received ESP packet with unknown SPI.",
    DropCause.REPLAYED: "Invalid ESP packet detected (replayed packet).",
    DropCause.TOO_OLD: "Invalid ESP packet detected (replayed packet).",
    DropCause.BAD_ICV: "Invalid ESP packet detected (HMAC validation failed).",
    DropCause.BAD_PADDING: "Invalid ESP packet detected (invalid padding).",
}
"""What the event log says of ESP packets that are dropped."""

PSK_MISMATCH = "probable pre-shared key mismatch"
PEER_NOTIFICATION = "peer notification"
NO_MATCHING_GATEWAY = "no matching gateway for new request"
INCORRECT_IDENTITY = "invalid peer ID"
"""Reasons in the event log; `peer SA proposal not match local policy` is a sample's."""

STARTED = "FortiGate has started"
INTERFACE = "Link monitor: Interface {interface} was turned {state}"

COMPLAINTS = Complaints(
    unknown="\ncommand parse error before '{word}'\nCommand fail. Return code -61\n",
    ambiguous="\nambiguous command before '{word}'\nCommand fail. Return code -61\n",
    incomplete="\nincomplete command in the end\nCommand fail. Return code -160\n",
)
"""What the command line says; the number of the second is believed."""

UDP_MODE = "ENCAPSULATION_MODE_UDP_TUNNEL_RFC3947"
UDP_MODE_DRAFT = "ENCAPSULATION_MODE_UDP_TUNNEL"
TRANSPORT = "ENCAPSULATION_MODE_TRANSPORT"
UDP_TRANSPORT = "ENCAPSULATION_MODE_UDP_TRANSPORT_RFC3947"
UDP_TRANSPORT_DRAFT = "ENCAPSULATION_MODE_UDP_TRANSPORT"

BELIEVED = frozenset(
    text.words
    for value in list(globals().values())
    for text in (value.values() if isinstance(value, dict) else (value,))
    if isinstance(text, Text)
)
"""The words of the lines above."""
