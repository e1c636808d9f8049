"""Messages of IOS whose wording is believed, not proven: no capture of them was at hand.

Each is one line, so that a correction is one line too. Source: vendor sheet, IOS, entries of
general knowledge.
"""

from gwsim.ike.events import CloseReason
from gwsim.vendors.ios.text import Head, Text, syslog

RETRANSMITTING_QUICK = Text(" retransmitting phase 2 {idle} {node} ...")
ERROR_COUNTER_NODE = Text(
    "incrementing error counter on node, attempt {attempt} of {most}: retransmit phase 2",
    Head.APART,
)
RETRANSMITTING_QUICK_NOW = Text(" retransmitting phase 2 {node} {idle}")
DUPLICATE_QUICK = Text(" phase 2 packet is a duplicate of a previous packet.")
DUE_TO_RETRANSMIT_QUICK = Text(" retransmitting due to retransmit phase 2")
BEGINNING_AGGRESSIVE = Text(" beginning Aggressive Mode exchange")
CONSTRUCT_FAILED = Text(
    "incrementing error counter on sa, attempt 1 of 5: construct_fail_ag_init", Head.APART
)
FAILED_TO_CONSTRUCT = Text(" Failed to construct AG informational message.")
RESERVED_NOT_ZERO = Text("reserved not zero on {what} payload!")
NO_HASH = Text("Notify has no hash. Rejected.")
UNKNOWN_INPUT = Text(
    "Unknown Input IKE_MESG_FROM_PEER, IKE_INFO_NOTIFY:  state = {state}", Head.APART
)
DPD_RECEIVED = Text("DPD/{what} received from peer {peer}, sequence 0x{sequence:X}")
DPD_SEQUENCE = Text(" seq. no 0x{sequence:X}")
DPD_COUNTER = Text("DPD incrementing error counter ({missed}/5)")
NOT_RESPONDING = Text("peer {peer} not responding!")
PRE_SHARED_OFFERED = "Preshared authentication offered but"

AGGRESSIVE_DISABLED = syslog(
    "IKMP_AG_MODE_DISABLED",
    5,
    "Unable to initiate or respond to Aggressive Mode while disabled",
)
BAD_MAC = syslog(
    "RECVD_PKT_MAC_ERR",
    4,
    "decrypt: mac verify failed for connection id={id} local={destination} remote={source} "
    "spi={spi:08X} seqno={sequence:08X}",
)
WRONG_IDENTITY = syslog(
    "RECVD_PKT_INV_IDENTITY",
    4,
    "identity doesn't match negotiated identity. (ip) dest_addr= {inner_destination}, "
    "src_addr= {inner_source}, prot= {inner_protocol}. (ident) local={destination} "
    "remote={source} local_proxy={local}, remote_proxy={remote}",
)
SESSION_UP = syslog(
    "SESSION_STATUS", 5, "Crypto tunnel is UP  .  Peer {peer}:{port}       Id: {id}"
)
SESSION_DOWN = syslog(
    "SESSION_STATUS", 5, "Crypto tunnel is DOWN.  Peer {peer}:{port}       Id: {id}"
)
RESTART = syslog("RESTART", 5, "System restarted --", "SYS")
INTERFACE = syslog("UPDOWN", 3, "Interface {interface}, changed state to {state}", "LINK")
LINE_PROTOCOL = syslog(
    "UPDOWN", 5, "Line protocol on Interface {interface}, changed state to {state}", "LINEPROTO"
)

POLICY_REFUSED = "Phase1 SA policy proposal not accepted"

REASONS: dict[CloseReason, str] = {
    CloseReason.RETRANSMIT_LIMIT: "Death by retransmission P1",
    CloseReason.HALF_OPEN_TIMEOUT: "Death by retransmission P1",
    CloseReason.REFUSED: POLICY_REFUSED,
    CloseReason.PEER_REFUSED: "No reason",
    CloseReason.PEER_DELETE: "No reason",
    CloseReason.INITIAL_CONTACT: "Receive initial contact",
    CloseReason.EXPIRED: "IKE SA Lifetime Exceeded",
    CloseReason.REKEYED: "IKE SA Lifetime Exceeded",
    CloseReason.DEAD_PEER: "P1 errcounter exceeded (PEERS_ALIVE_TIMER)",
    CloseReason.CLEARED: "Death by tree-walk",
    CloseReason.SHUTDOWN: "Death by tree-walk",
    CloseReason.PHASE2_FAILED: "No reason",
    CloseReason.PHASE1_GONE: "No reason",
    CloseReason.LAST_CHILD_GONE: "No reason",
    CloseReason.RECONFIGURED: "Death by tree-walk",
}
"""Why an SA is deleted, in the words of `deleting SA reason`."""

NODE_REASONS: dict[CloseReason, str] = {
    CloseReason.RETRANSMIT_LIMIT: "Death by retransmission P2",
    CloseReason.HALF_OPEN_TIMEOUT: "Death by retransmission P2",
}
"""Why a quick mode is given up, where its ISAKMP SA is not the cause."""

LARVAL = "Delete Larval"
QM_REJECTED = "QM rejected"
QM_DONE = "QM done (await)"
NO_ERROR = "No Error"
INFORMATIONAL = "Informational (in) state 1"
IKE_DELETED = "IKE deleted"
"""Why a node is deleted."""

ERROR_PROXY = 32
ERROR_TRANSFORM = 256
"""With what IPsec invalidates a proposal."""

NO_ENGINE = "       Engine-id:Conn-id =  ???"
DELETED_DETAIL = "       (deleted)"
"""What the detailed table says of an SA without keys, and below one that has ended."""

BELIEVED = frozenset(
    value.mnemonic or value.words for value in list(globals().values()) if isinstance(value, Text)
)
"""Mnemonics of the messages above, of debug lines their words."""
