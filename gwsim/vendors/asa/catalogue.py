"""Messages of the ASA whose wording is known: from captures or from Cisco's message guide.

Source: vendor sheet, ASA syslog catalogue and debug. What is only believed stands in `words`.
Misspellings and double blanks are the device's own.
"""

from gwsim.vendors.asa.text import Head, Text

# Phase 1.
ACQUIRE = Text("715077", 7, "Pitcher: received a key acquire message, spi 0x0", Head.NONE)
INITIATOR = Text(
    "713041",
    5,
    "IKE Initiator: {what} Phase {phase}, Intf {interface}, IKE Peer {peer}  "
    "local Proxy Address {local}, remote Proxy Address {remote},  Crypto map ({map})",
)
QUEUING = Text("713219", 6, "Queuing KEY-ACQUIRE messages to be processed when P1 SA is complete.")
CONSTRUCTING = Text("715046", 7, "constructing {what}")
PROCESSING = Text("715047", 7, "processing {what}")
SENDING_VENDOR_ID = Text("715048", 7, "Send {what}")
RECEIVED_VENDOR_ID = Text("715049", 7, "Received {what}")
SPOOFING_IOS = Text(
    "715038",
    7,
    "Constructing ASA spoofing IOS Vendor ID payload (version: 1.0.0, capabilities: 20000001)",
)
FRAGMENTATION_FLAGS = Text(
    "715064",
    7,
    "IKE Peer included IKE fragmentation capability flags:  Main Mode:        {main}  "
    "Aggressive Mode:  {aggressive}",
)
KEEPALIVE = Text("715034", 7, "{what} IOS keep alive payload: proposal={first}/{second} sec.")
COMPUTING_HASH = Text("715076", 7, "Computing hash for ISAKMP")
COMPUTING_NAT_HASH = Text("713906", 7, "computing NAT Discovery hash")
DECODE = Text(
    "713236",
    7,
    "IKE_DECODE {verb} Message (msgid={message_id:x}) with payloads : {payloads} "
    "total length : {length}",
    Head.IP,
)
IDENTITY_RECEIVED = Text("714011", 7, "{kind} ID received{value}")
OAKLEY_ACCEPTABLE = Text("713906", 7, "Oakley proposal is acceptable")
IKE_TRANSFORM_ACCEPTABLE = Text(
    "715028",
    7,
    "IKE SA Proposal # {proposal}, Transform # {transform} acceptable  "
    "Matches global IKE entry # {entry}",
)
ALL_UNACCEPTABLE = Text("713906", 7, "All SA proposals found unacceptable")
MISMATCH = Text(
    "713257",
    5,
    "Phase {phase} failure:  Mismatched attribute types for class {attribute}:  "
    "Rcv'd: {offered}  Cfg'd: {wanted}",
)
LANDED = Text("713906", 7, "Connection landed on tunnel_group {group}", Head.IP)
NAT_STATUS = Text(
    "713172",
    6,
    "Automatic NAT Detection Status:     Remote end {remote} behind a NAT device     "
    "This   end {local} behind a NAT device",
)
GROUP_POLICY = Text(
    "113009", 6, "AAA retrieved default group policy (DfltGrpPolicy) for user = {peer}", Head.NONE
)
PHASE_1_COMPLETED = Text("713119", 5, "PHASE 1 COMPLETED")
KEEPALIVE_TYPE = Text("713121", 7, "Keep-alive type for this connection: {kind}")
REKEY_TIMER = Text("715080", 7, "Starting P{phase} rekey timer: {seconds} seconds.")
HISTORY = Text(
    "715065",
    7,
    "IKE {mode} {role} FSM error history (struct &0x{struct:08x})  <state>, <event>:  {history}",
)
NO_TUNNEL_GROUP = Text("713903", 4, "Can't find a valid tunnel group, aborting...!")
UNKNOWN_GROUP_NAME = Text(
    "713255", 4, "Received ISAKMP Aggressive Mode message 1 with unknown tunnel group name {group}"
)
NOT_IN_PEER_TABLE = Text("713902", 3, "Removing peer from peer table failed, no match!")
NO_PEER_ENTRY = Text("713903", 4, "Error: Unable to remove PeerTblEntry")
PEER_NOT_AS_CONFIGURED = Text(
    "713187",
    7,
    "Tunnel Rejected: IKE peer does not match remote peer as defined in L2L policy  "
    "IKE peer address: {peer}, Remote peer address: {expected}",
)

# Phase 2.
FIRST_QUICK_MODE = Text("714004", 7, "IKE Initiator sending 1st QM pkt: msg id = {message_id:x}")
GOT_SPI = Text("715006", 7, "IKE got SPI from key engine: SPI = 0x{spi:08x}")
MAP_CHECK = Text("713221", 7, "Static Crypto Map check, checking map = {map}, seq = {number}...")
MAP_MISMATCH = Text(
    "713222",
    7,
    "Static Crypto Map check, map = {map}, seq = {number}, "
    "ACL does not match proxy IDs src:{remote} dst:{local}",
)
MAP_MATCH = Text(
    "713225", 7, "Static Crypto Map check, map {map}, seq = {number} is a successful match"
)
CONFIGURED_FOR = Text("713066", 7, "IKE Remote Peer configured for SA: {map}")
NO_CRYPTO_MAP = Text(
    "713061",
    3,
    "Rejecting IPSec tunnel: no matching crypto map entry for remote proxy {remote} "
    "local proxy {local} on interface {interface}",
)
IPSEC_TRANSFORM_ACCEPTABLE = Text(
    "715027",
    7,
    "IPSec SA Proposal # {proposal}, Transform # {transform} acceptable  "
    "Matches global IPSec SA entry # {entry}",
)
MISSING_PAYLOAD = Text(
    "713193", 3, "Received packet with missing payload, Expected payload: {payload}"
)
RESPONDER_FORCES = Text(
    "713073",
    5,
    "Responder forcing change of {what} rekeying duration from {old} to {new} seconds",
)
RESPONDER_FORCES_VOLUME = Text(
    "713074", 5, "Responder forcing change of {what} rekeying duration from {old} to {new} Kbs"
)
OVERRIDING = Text(
    "713075", 5, "Overriding Initiator's {what} rekeying duration from {old} to {new} seconds"
)
OVERRIDING_VOLUME = Text(
    "713076", 5, "Overriding Initiator's {what} rekeying duration from {old} to {new} Kbs"
)
NEGOTIATED = Text(
    "713049",
    5,
    "Security negotiation complete for LAN-to-LAN Group ({group})  {role}, "
    "Inbound SPI = 0x{inbound:08x}, Outbound SPI = 0x{outbound:08x}",
)
KEY_ADD = Text("715007", 7, "IKE got a KEY_ADD msg for SA: SPI = 0x{spi:08x}")
KEY_UPDATE = Text("715077", 7, "Pitcher: received KEY_UPDATE, spi 0x{spi:x}")
PHASE_2_COMPLETED = Text("713120", 5, "PHASE 2 COMPLETED (msgid={message_id:08x})")
QM_FSM_ERROR = Text(
    "713902", 3, "QM FSM error (P2 struct &0x{struct:08x}, mess id 0x{message_id:x})!"
)
NOT_IN_CORRELATOR = Text("713902", 3, "Removing peer from correlator table failed, no match!")
DELETING_SA = Text("715009", 7, "IKE Deleting SA: Remote Proxy {remote}, Local Proxy {local}")

# Informational exchanges and the end.
CLEAR_NOTIFY_DROPPED = Text(
    "713904", 5, "Received an un-encrypted {notify} notify message, dropping"
)
INFORMATION_FAILED = Text("713903", 4, "Information Exchange processing failed")
NOTIFY = Text("713068", 5, "Received non-routine Notify message: {notify} ({number})")
INVALID_SPI = Text("713117", 7, "Received Invalid SPI notify (SPI {spi:08x})!")
DPD_SENT = Text("715036", 7, "Sending keep-alive of type DPD {kind} (seq number 0x{sequence:x})")
DPD_RECEIVED = Text(
    "715075", 7, "Received keep-alive of type DPD {kind} (seq number 0x{sequence:x})"
)
LOST_CONTACT = Text(
    "713123",
    3,
    "IKE lost contact with remote peer, deleting connection (keepalive type: DPD)",
)
TERMINATED = Text(
    "713050",
    5,
    "Connection terminated for peer {peer}.  Reason: {reason}  "
    "Remote Proxy {remote}, Local Proxy {local}",
)
TORN_DOWN = Text("713259", 5, "Session is being torn down. Reason: {reason}")
DISCONNECTED = Text(
    "113019",
    4,
    "Group = {peer}, Username = {peer}, IP = {peer}, Session disconnected. "
    "Session Type: LAN-to-LAN, Duration: {duration}, Bytes xmt: {sent}, Bytes rcv: {received}, "
    "Reason: {reason}",
    Head.NONE,
)

# The tunnel manager.
ACQUIRE_FAILED = Text(
    "752006",
    3,
    "Tunnel Manager failed to dispatch a KEY_ACQUIRE message. Probable mis-configuration of the "
    "crypto map or tunnel-group.  Map Tag = {map}.  Map Sequence Number = {number}.",
    Head.NONE,
)
ALL_FAILED = Text(
    "752015",
    3,
    "Tunnel Manager has failed to establish an L2L SA.  All configured IKE versions failed to "
    "establish the tunnel. Map Tag= {map}.  Map Sequence Number = {number}.",
    Head.NONE,
)

# The data plane.
UNKNOWN_SPI = Text(
    "402114",
    4,
    "IPSEC: Received an ESP packet (SPI= 0x{spi:08X}, sequence number= 0x{sequence:X}) "
    "from {source} to {destination} with an invalid SPI.",
    Head.NONE,
)
INNER_MISMATCH = Text(
    "402116",
    4,
    "IPSEC: Received an ESP packet (SPI= 0x{spi:08X}, sequence number= 0x{sequence:X}) "
    "from {source} (user= {source}) to {destination}. The decapsulated inner packet doesn't match "
    "the negotiated policy in the SA.  The packet specifies its destination as {inner_destination},"
    " its source as {inner_source}, and its protocol as {inner_protocol}.  "
    "The SA specifies its local proxy as {local} and its remote_proxy as {remote}.",
    Head.NONE,
)
NOT_IPSEC = Text(
    "402117",
    4,
    "IPSEC: Received a non-IPSec packet (protocol= {protocol}) from {source} to {destination}.",
    Head.NONE,
)
REPLAYED = Text(
    "402119",
    4,
    "IPSEC: Received an ESP packet (SPI= 0x{spi:08X}, sequence number= 0x{sequence:X}) "
    "from {source} (user= {source}) to {destination} that failed anti-replay checking.",
    Head.NONE,
)
BAD_ICV = Text(
    "402120",
    4,
    "IPSEC: Received an ESP packet (SPI= 0x{spi:08X}, sequence number= 0x{sequence:X}) "
    "from {source} (user= {source}) to {destination} that failed authentication.",
    Head.NONE,
)
