"""Messages of the ASA whose wording is believed, not proven: no capture of them was at hand.

Each is one line, so that a correction is one line too. Whatever a capture or Cisco's own
documentation confirms stands in `catalogue`. Source: vendor sheet, ASA, entries of general
knowledge.
"""

from gwsim.vendors.asa.text import Head, Text

# The frame round the running configuration.
CONFIG_HEAD = ": Saved\n:\nASA Version 9.8(4) \n!\n"
CONFIG_TAIL = "Cryptochecksum:{checksum}\n: end\n"

# Phase 1. The octets of "proposal=32767/32767 sec.": 8 of them, by the lengths in transcripts.
IOS_KEEPALIVE = bytes.fromhex("80007fff80007fff")
GENERATING_KEYS = Text("713906", 7, "Generating keys for {role}...")
SA_TERMINATING = Text(
    "713906", 7, "IKE SA {mode}:{cookie} terminating:  flags {flags}, refcnt 0, tuncnt {tunnels}"
)
SENDING_DELETE = Text("713906", 7, "sending delete/delete with reason message")
PROBABLE_PSK_MISMATCH = Text(
    "713903",
    4,
    "ERROR, had problems decrypting packet, probably due to mismatched pre-shared key.  Aborting",
)
INVALID_PAYLOADS = Text(
    "713904",
    5,
    "Received encrypted Oakley {exchange} packet with invalid payloads, MessID = {message_id:x}",
)
PEER_SAYS_WRONG = Text(
    "713903",
    4,
    "Error, peer has indicated that something is wrong with our message.  "
    "This could indicate a pre-shared key mismatch.",
)
HASH_MISMATCH = Text("713903", 4, "Hash mismatch, probably due to mismatched pre-shared key.")
NO_MATCHING_SA = Text(
    "713904", 5, "Received encrypted packet with no matching SA, dropping", Head.IP
)
AGGRESSIVE_DISABLED = Text(
    "713903", 4, "Unable to initiate or respond to Aggressive Mode while disabled"
)
DUPLICATE = Text(
    "713201", 5, "Duplicate Phase {phase} packet detected.  Retransmitting last packet."
)
DUPLICATE_UNANSWERED = Text(
    "713201", 5, "Duplicate Phase {phase} packet detected.  No last packet to retransmit."
)
SESSION_TIMED_OUT = Text(
    "713136", 5, "IKE session establishment timed out [{state}], aborting!", Head.IP
)
DEQUEUING = Text("713220", 6, "De-queuing KEY-ACQUIRE messages that were left pending.")
PAYLOAD_ERROR = Text("713048", 3, "Error processing payload: Payload ID: {payload}")

# Phase 2.
CONSTRUCTING_QUICK_MODE = Text("713906", 7, "oakley constucting quick mode")
CONSTRUCTING_FINAL = Text("713906", 7, "oakley constructing final quick mode")
ALL_IPSEC_UNACCEPTABLE = Text("713904", 5, "All IPSec SA proposals found unacceptable!")
RESPONDER_LIFETIME = Text("713906", 7, "Sending RESPONDER LIFETIME notification to Initiator")
TRANSMITTING_PROXY_ID = Text("713906", 7, "Transmitting Proxy Id:\n{first}\n{second}")
LOCAL_SUBNET = "  Local subnet:  {address}  mask {mask} Protocol {protocol}  Port {port}"
REMOTE_SUBNET = "  Remote subnet: {address}  Mask {mask} Protocol {protocol}  Port {port}"
INITIAL_CONTACT = Text("714007", 7, "IKE Initiator sending Initial Contact")
STARTING_QUICK_MODE = Text(
    "714003", 7, "IKE Responder starting QM: msg id = {message_id:x}", Head.IP
)
SECOND_QUICK_MODE = Text("714005", 7, "IKE Responder sending 2nd QM pkt: msg id = {message_id:x}")
THIRD_QUICK_MODE = Text("714006", 7, "IKE Initiator sending 3rd QM pkt: msg id = {message_id:x}")
REMOTE_PROXY_HOST = Text(
    "713025",
    7,
    "Received remote Proxy Host data in ID Payload:  Address {address}, "
    "Protocol {protocol}, Port {port}",
)
LOCAL_PROXY_HOST = Text(
    "713024",
    7,
    "Received local Proxy Host data in ID Payload:  Address {address}, "
    "Protocol {protocol}, Port {port}",
)
REMOTE_PROXY_SUBNET = Text(
    "713035",
    7,
    "Received remote IP Proxy Subnet data in ID Payload:   Address {address}, Mask {mask}, "
    "Protocol {protocol}, Port {port}",
)
LOCAL_PROXY_SUBNET = Text(
    "713034",
    7,
    "Received local IP Proxy Subnet data in ID Payload:   Address {address}, Mask {mask}, "
    "Protocol {protocol}, Port {port}",
)
LOADING_SAS = Text("713906", 7, "loading all IPSEC SAs")
QUICK_MODE_KEY = Text("713906", 7, "Generating Quick Mode Key!")
SA_CREATED = Text(
    "602303",
    6,
    "IPSEC: An {direction} LAN-to-LAN SA (SPI= 0x{spi:08X}) between {local} and {peer} "
    "(user= {peer}) has been created.",
    Head.NONE,
)
SA_DELETED = Text(
    "602304",
    6,
    "IPSEC: An {direction} LAN-to-LAN SA (SPI= 0x{spi:08X}) between {local} and {peer} "
    "(user= {peer}) has been deleted.",
    Head.NONE,
)

# Informational exchanges.
SENDING_NOTIFY = Text("713906", 7, "sending notify message")
CONSTRUCTING_NOTIFY = Text(
    "715046", 7, "constructing ipsec notify payload for msg id {message_id:x}"
)
CONSTRUCTING_IKE_DELETE = Text("715046", 7, "constructing IKE delete payload")
CONSTRUCTING_IPSEC_DELETE = Text("715046", 7, "constructing IPSec delete payload")
PROCESSING_DELETE = Text("715047", 7, "processing delete")
DPD_OUT_OF_SEQUENCE = Text(
    "713124", 6, "Received DPD sequence number 0x{sequence:x} in DPD {kind}, out of sequence"
)

# The tunnel manager.
ACQUIRE_DISPATCHED = Text(
    "752004",
    5,
    "Tunnel Manager dispatching a KEY_ACQUIRE message to IKEv1.  Map Tag = {map}.  "
    "Map Sequence Number = {number}.",
    Head.NONE,
)
IKE_UNSUCCESSFUL = Text(
    "752012",
    4,
    "IKEv1 was unsuccessful at setting up a tunnel.  Map Tag = {map}.  "
    "Map Sequence Number = {number}.",
    Head.NONE,
)
IKE_SUCCESSFUL = Text(
    "752016",
    5,
    "IKEv1 was successful at setting up a tunnel.  Map Tag = {map}. "
    "Map Sequence Number = {number}.",
    Head.NONE,
)

# The box.
STARTED = Text("199002", 6, "Startup completed.  Beginning operation.", Head.NONE)
LINE_UP = Text(
    "411001", 4, "Line protocol on Interface {interface}, changed state to up", Head.NONE
)
LINE_DOWN = Text(
    "411002", 4, "Line protocol on Interface {interface}, changed state to down", Head.NONE
)

PEER_RECONNECTED = "Peer Reconnected"
LOST_SERVICE = "Lost Service"
PHASE_2_MISMATCH = "Phase 2 Mismatch"
USER_REQUESTED = "User Requested"
MAX_TIME_EXCEEDED = "Max time exceeded"
EMPTY_SESSIONS = "INFO: There are presently no active sessions"
"""Reasons of a session's end, and what `show vpn-sessiondb` says without one."""

BELIEVED = frozenset(value.id for value in list(globals().values()) if isinstance(value, Text))
"""Numbers of the messages above."""
