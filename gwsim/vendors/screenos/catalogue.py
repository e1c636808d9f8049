"""Messages of the event log whose wording a real log, a knowledge base or a capture confirms.

Source: vendor sheet, ScreenOS event log and debug. What is only believed stands in `words`.
"""

from gwsim.vendors.screenos.text import Text

INITIATED_PHASE1 = Text(
    "IKE<{peer}> Phase 1: Initiated negotiations in {mode} mode.", buffered=False
)
COMPLETED_PHASE1 = Text(
    "IKE<{peer}> Phase 1: Completed {mode} mode negotiations with a {seconds}-second lifetime.",
    buffered=False,
)
INITIATED_PHASE2 = Text("IKE<{peer}> Phase 2: Initiated negotiations.", buffered=False)
COMPLETED_PHASE2 = Text(
    "IKE<{peer}> Phase 2 msg ID {message_id:08x}: Completed negotiations with SPI {spi:08x}, "
    "tunnel ID {tunnel}, and lifetime {seconds} seconds/{kilobytes} KB.",
    buffered=False,
)
RETRANSMISSION_LIMIT = Text("IKE<{peer}> Phase 1: Retransmission limit has been reached.")
TIME_LIMIT = Text("IKE<{peer}> Phase 1: Aborted negotiations because the time limit has elapsed.")
REJECTED_PROPOSALS = Text("IKE<{peer}> Phase 1: Rejected proposals from peer. Negotiations failed.")
REJECTED_PACKET = Text(
    "Rejected an IKE packet on {interface} from {source} to {destination} "
    "with cookies {initiator_cookie} and {responder_cookie} because {reason}"
)
NO_POLICY = Text(
    "IKE<{peer}> Phase 2: No policy exists for the proxy ID received: "
    "local ID ({local}) remote ID ({remote})."
)
WRONG_PFS_GROUP = Text(
    "IKE<{peer}> Phase 2: Received DH group {offered} instead of expected group {wanted} for PFS."
)
WRONG_ID = Text("IKE<{peer}>: Received incorrect ID payload: {received} instead of {expected}.")
DYNAMIC_PEER = Text(
    "IKE<{peer}> Phase 1: Cannot use a preshared key because the peer's gateway has a dynamic IP "
    "address and negotiations are in Main mode."
)
AGGRESSIVE_FAILED = Text("IKE<{peer}> Phase 1: Aggressive mode negotiations have failed.")
RECEIVED_INITIAL_CONTACT = Text(
    "IKE<{peer}>: Received initial contact notification and removed Phase {phase} SAs.",
    buffered=False,
)
SENT_INITIAL_CONTACT = Text("IKE<{peer}>: Sent initial contact notification message.")
RECEIVED_NOTIFICATION = Text(
    "IKE<{peer}>: Received a notification message for DOI {doi} {number} {name}.", buffered=False
)
BAD_SPI_AFTER_REBOOT = Text("IKE<{peer}>: Responded to a packet with a bad SPI after rebooting.")
RECEIVED_BAD_SPI = Text("IKE<{peer}>: Received a bad SPI.")
REMOVED_AFTER_NOTIFICATION = Text(
    "IKE<{peer}>: Removed Phase 2 SAs after receiving a notification message."
)
DETECTED_NAT = Text(
    "IKE<{peer}> Phase 1: IKE {role} has detected NAT in front of the {end} device."
)
SECOND_INITIAL_PACKET = Text(
    "IKE<{peer}>: Discarded a second initial packet, which arrived within {seconds} seconds "
    "after the first."
)
BAD_SPI = Text(
    "IPSec tunnel on interface {interface} with tunnel ID 0x{tunnel:x} received a packet with a "
    "bad SPI. {source}->{destination}/{length}, ESP, SPI 0x{spi:x}, SEQ 0x{sequence:x}.",
    type="00026",
    level="alert",
    buffered=False,
)
REPLAY = Text(
    "Replay packet detected on IPSec tunnel on {interface} with tunnel ID 0x{tunnel:x}! "
    "From {source} to {destination}/{length}, ESP, SPI 0x{spi:x}, SEQ 0x{sequence:x}.",
    type="00042",
    level="crit",
    buffered=False,
)

UNRECOGNIZED_PEER = "an initial Phase 1 packet arrived from an unrecognized peer gateway."
PRESHARED_KEYS = "Phase 1 negotiations failed. (The preshared keys might not match.)"
"""Reasons of a rejected packet; further ones, only believed, stand in `words`."""
