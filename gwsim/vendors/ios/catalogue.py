"""Messages of IOS as captures and Cisco's documentation have them.

What is believed only stands in `words`. Source: vendor sheet, IOS debug and syslog.
"""

from gwsim.vendors.ios.text import Head, Text, syslog

# Making an SA.
REQUEST_PROFILE = Text(" SA request profile is (NULL)")
CREATED_PEER = Text(" Created a peer struct for {peer}, peer port {port}", Head.PLAIN)
NEW_PEER = Text(" New peer created peer = 0x{struct:08X} peer_handle = 0x{handle:08X}", Head.PLAIN)
LOCKING_PEER = Text(" Locking peer struct 0x{struct:08X}, refcount 1 for {user}", Head.PLAIN)
PORTS = Text(" local port {local}, remote port {remote}", Head.PLAIN)
SET_NODE = Text(" set new node {node} to {idle}", Head.PLAIN)
INSERTED = Text("insert sa successfully sa = {struct:08X}")
NOT_AGGRESSIVE = Text("Can not start Aggressive mode, trying Main mode.")
FOUND_KEY = Text("found peer pre-shared key matching {peer}")
NO_KEY = Text("No pre-shared key with {peer}!")
NO_CERTIFICATE = Text(" No Cert or pre-shared address key.")
CANNOT_START = Text(" construct_initial_message: Can not start Main mode")
LOCAL_KEY_FOUND = Text(" local preshared key found")
SCANNING = Text(" Scanning profiles for xauth ...", Head.PLAIN)
CONSTRUCTED_NAT_T = Text(" constructed NAT-T vendor-{what} ID")
BEGINNING_MAIN = Text(" beginning Main Mode exchange")
BEGINNING_QUICK = Text("beginning Quick Mode exchange, M-ID of {node}")

# The machine that drives it.
INPUT = Text("Input = {what}")
NODE_INPUT = Text("Node {node}, Input = {what}")
MOVE = Text("Old State = {old}  New State = {new} \n")
NODE_MOVE = Text("Old State = {old}  New State = {new}")

# Packets.
SENDING = Text(" sending packet to {peer} my_port {local} peer_port {remote} {place}")
SENDING_PACKET = Text("Sending an IKE IPv4 Packet.")
RECEIVED = Text(
    "received packet from {peer} dport {local} sport {remote} Global {place}", Head.APART
)
RETRANSMITTING = Text(" retransmitting phase 1 {state}...")
RETRANSMITTING_NOW = Text(" retransmitting phase 1 {state}")
DUPLICATE = Text(" phase 1 packet is a duplicate of a previous packet.")
DUE_TO_RETRANSMIT = Text(" retransmitting due to retransmit phase 1")
ERROR_COUNTER = Text(
    "incrementing error counter on sa, attempt {attempt} of {most}: retransmit phase {phase}",
    Head.APART,
)

# Payloads.
PROCESSING = Text(" processing {what} payload. message ID = {node}")
PROCESSING_VENDOR_ID = Text(" processing vendor id payload")
SEEMS_UNITY = Text(" vendor ID seems Unity/DPD but major {major} mismatch")
SEEMS_UNITY_HASH = Text("vendor ID seems Unity/DPD but hash mismatch")
VENDOR_ID_IS = Text(" vendor ID is {what}")
ANOTHER_IOS = Text(" speaking to another IOS box!")
RECEIVED_PAYLOAD = Text("received payload type {number}", Head.PLAIN)
NAT_HASH = Text("{what}", Head.APART)
IDENTITY = Text(
    "ID payload \n\tnext-payload : {following}\n\ttype         : {kind} \n"
    "\t{caption} : {name} \n\tprotocol     : {protocol} \n\tport         : {port} \n"
    "\tlength       : {length}",
    Head.APART,
)
TOTAL_LENGTH = Text("Total payload length: {length}")
NO_PROFILE = Text("(0):: peer matches *none* of the profiles", Head.PLAIN)
AUTHENTICATED = Text("SA authentication status:\n\tauthenticated")
AUTHENTICATED_WITH = Text("SA has been authenticated with {peer}")
PORT_FLOATING = Text("Detected port floating to port = {port}")
SEND_INITIAL_CONTACT = Text("Send initial contact")
DOING_PRE_SHARED = Text("SA is doing pre-shared key authentication using id type {kind}")
PROCESS_INITIAL_CONTACT = Text(
    "Process initial contact,\nbring down existing phase 1 and 2 SA's with local {local} "
    "remote {peer} remote port {port}"
)

# Proposals of phase 1.
CHECKING = Text("Checking ISAKMP transform {transform} against priority {policy} policy")
ATTRIBUTE = Text("      {what}", Head.PLAIN)
ACCEPTABLE = Text("atts are acceptable. Next payload is {following}")
NOT_ACCEPTABLE = Text("atts are not acceptable. Next payload is {following}")
MISMATCH = Text("{what} does not match policy!")
NO_OFFERS = Text("no offers accepted!")
POLICY_NOT_ACCEPTABLE = Text(
    " phase {phase} SA policy not acceptable! (local {local} remote {remote})"
)
ACTUAL_LIFE = Text("Acceptable atts:actual life: {life}")
ATTS_LIFE = Text("Acceptable atts:life: 0")
VPI_LENGTH = Text("Fill atts in sa vpi_length:4")
FILL_LIFE = Text("Fill atts in sa life_in_seconds:{life}")
BASIC_LIFE = Text("Basic life_in_seconds:{life}")
RETURNING_LIFE = Text("Returning Actual lifetime: {life}")
STARTED_TIMER = Text(":Started lifetime timer: {life}.\n")

# Phase 2.
CHECKING_IPSEC = Text("Checking IPSec proposal {proposal}")
TRANSFORM = Text(" transform {transform}, {name}", Head.PLAIN)
ATTRIBUTES = Text("   attributes in transform:", Head.PLAIN)
ACCEPTABLE_IPSEC = Text("atts are acceptable.")
GETS_SPI = Text("QM {role} gets spi")
INSTALL_CALLBACK = Text("Received IPSec Install callback... proceeding with the negotiation")
INSTALLED = Text("Successfully installed IPSEC SA (SPI:0x{spi:X}) on {interface}")
DELETING_NODE = Text('deleting node {node} error {error} reason "{reason}"')
INVALIDATED = Text(" IPSec policy invalidated proposal with error {error}")
NOT_SUPPORTED = Text(
    "IPSEC(ipsec_process_proposal): transform proposal not supported for identity:\n"
    "    {{{transform} }}",
    Head.NONE,
)
NO_MAP = Text("map_db_find_best did not find matching map", Head.NONE)
PROXY_NOT_SUPPORTED = Text(
    "IPSEC(ipsec_process_proposal): proxy identities not supported", Head.NONE
)

# Notifications and the end.
PROCESSING_NOTIFY = Text(
    " processing NOTIFY {what} protocol {protocol}\n\tspi {spi}, message ID = {node}, "
    "sa = 0x{struct:X}"
)
SENDING_NOTIFY = Text(
    "Sending NOTIFY {what} protocol {protocol}\n\t spi {spi}, message ID = {node}"
)
DELETING_SPI = Text(" Deleting spi {spi} message ID = {node}")
RESPONDER_LIFETIME = Text(" processing responder lifetime")
NO_KEEPALIVES = Text("peer does not do paranoid keepalives.\n")
DELETING_SA = Text('deleting SA reason "{reason}" state {place} (peer {peer}) ')

# The system log.
BAD_MESSAGE = syslog(
    "IKMP_BAD_MESSAGE",
    4,
    "IKE message from {peer} failed its sanity check or is malformed",
)
MODE_FAILURE = syslog(
    "IKMP_MODE_FAILURE", 6, "Processing of {mode} mode failed with peer at {peer}"
)
NOT_OFFERED = syslog(
    "IKMP_SA_NOT_OFFERED",
    6,
    "Remote peer {peer} responded with attribute {attribute} not offered or changed",
)
NOT_AUTHENTICATED = syslog(
    "IKMP_SA_NOT_AUTH",
    6,
    "Cannot accept Quick Mode exchange from {peer} if SA is not authenticated!",
)
NOT_ENCRYPTED = syslog(
    "IKMP_NOT_ENCRYPTED",
    6,
    "IKE packet from {peer} was not encrypted and it should've been.",
)
NO_SA = syslog(
    "IKMP_NO_SA", 4, "IKE message from {peer} has no SA and is not an initialization offer"
)
INVALID_SPI = syslog(
    "RECVD_PKT_INV_SPI",
    4,
    "decaps: rec'd IPSEC packet has invalid spi for destaddr={destination}, prot={protocol}, "
    "spi=0x{spi:X}({spi}), srcaddr={source}, input interface={interface}",
)
NOT_IPSEC = syslog(
    "RECVD_PKT_NOT_IPSEC",
    4,
    "Rec'd packet not an IPSEC packet. (ip) vrf/dest_addr= /{destination}, src_addr= {source}, "
    "prot= {protocol}",
)
REPLAYED = syslog(
    "PKT_REPLAY_ERR",
    4,
    "decrypt: replay check failed connection id={id}, sequence number={sequence}",
)
