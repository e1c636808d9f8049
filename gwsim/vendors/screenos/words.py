"""What a NetScreen says in words that are believed, not proven: no capture of them was at hand.

Each is one line, so that a correction is one line too. Whatever a capture, a real log or the
vendor's own documentation confirms stands in `catalogue` or, for debug output, with the function
that writes it. Source: vendor sheet, ScreenOS, entries of general knowledge.
"""

from gwsim.vendors.screenos.text import Text

# The event log.
RESPONDER_STARTS = Text("IKE<{peer}> Phase 1: Responder starts {mode} mode negotiations.")
RESPONDED_PHASE2 = Text(
    "IKE<{peer}> Phase 2 msg ID {message_id:08x}: Responded to the peer's first message."
)
KEY_GENERATED = Text(
    "IKE<{peer}> phase {phase}:The symmetric crypto key has been generated successfully.",
    buffered=False,
)
RETRANSMISSION_LIMIT_PHASE2 = Text(
    "IKE<{peer}> Phase 2 msg ID {message_id:08x}: Retransmission limit has been reached."
)
FAILED_PHASE2 = Text("IKE<{peer}> Phase 2 msg ID {message_id:08x}: Negotiations have failed.")
ATTRIBUTES_PHASE2 = Text("IKE<{peer}> Phase 2: P2 Attributes not supported.")
DEAD_PEER = Text("IKE<{peer}>: DPD got no answer to {missed} messages. The peer is dead.")
LINK = Text(
    "The physical state of interface {interface} has changed to {state}.",
    type="00513",
    level="notif",
    buffered=False,
)

# Reasons of a rejected packet.
NO_PHASE1_PROPOSALS = "there were no acceptable Phase 1 proposals."
NO_PHASE2_PROPOSALS = "there were no acceptable Phase 2 proposals."
WRONG_PROXY_ID = "the peer sent a proxy ID that did not match the one in the SA config."
UNENCRYPTED = "an unencrypted packet unexpectedly arrived."
TOO_EARLY = "the peer sent a packet with a message ID before Phase 1 authentication was done."

# Debug output; what stands here is said after `IKE<peer> `.
RETRY = "re-trans timer expired, msg retry ({attempt}) ({flags:x}/{step})"
CONSTRUCTING = "Phase 1 {mode} {role} constructing {ordinal} message."
CONSTRUCT_NATD = "Construct [NATD]"
CONSTRUCT_NOTIFY = "Construct [NOTIF] ({name})"
CONSTRUCT_DELETE = "Construct [DELETE]"
DELETE_RECEIVED = "DELETE payload received, deleting Phase-{phase} SA"
PHASE2_KEY_PAYLOAD = "processing ISA_KE in phase 2."
PHASE2_NONCE = "processing NONCE in phase 2."

# Numbers of the predefined phase 1 proposals, by encryption, hash and group.
PROPOSAL_IDS: dict[tuple[int, int, int], int] = {
    (1, 1, 1): 0,
    (1, 2, 1): 1,
    (1, 1, 2): 2,
    (1, 2, 2): 3,
    (5, 1, 2): 4,
    (5, 2, 2): 5,
}
FIRST_CUSTOM_PROPOSAL = 16

# Screens.
NAT_MAP = (
    "nat-traversal map: keepalive frequency {keepalive:g} sec, nat-t udp checksum disabled, "
    "local pri ip {address} local pri port {port}"
)
RESEND_TIMER_IDLE = 16777218
UNKNOWN_KEYWORD = "{indent}^---unknown keyword {word}\n"
AMBIGUOUS = "ambiguous keyword {word}\n"
INCOMPLETE = "incomplete command: {typed}\n"
ENTRIES = "Total event entries = {count}"
MATCHED = "Total entries matched = {count}"
EVENT_HEADER = "Date       Time     Module Level  Type Description"
CONFIG_SIZE = "Total Config size {octets}:"
NO_SUCH_SA = "can't find sa with id {typed}"

BELIEVED: frozenset[str] = frozenset(
    value.words if isinstance(value, Text) else value
    for name, value in list(globals().items())
    if name.isupper() and isinstance(value, Text | str)
)
"""The texts above, as they stand before they are filled in."""
