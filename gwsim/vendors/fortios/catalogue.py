"""Lines of `diagnose debug application ike -1` as captures and Fortinet's own articles have them.

What is believed only stands in `words`. Source: vendor sheet, FortiOS; captures of both modes,
FortiOS 7. The three announcements of a responder's messages are spelled as they are, the second
without a blank. Dumps of octets (`in`, `out`, `enc`, `dec`) are left to a capture.
"""

from gwsim.vendors.fortios.text import Head, Text

# Packets.
COMES = Text(
    "comes {remote}:{remote_port}->{local}:{local_port},ifindex={index},vrf=0....", Head.BOX
)
EXCHANGE = Text("IKEv1 exchange={exchange} id={cookies} len={length} vrf=0", Head.BOX)
SENT = Text(
    "sent IKE msg ({what}): {local}:{local_port}->{remote}:{remote_port}, "
    "len={length}, vrf=0, id={cookies}"
)
COOKIE = Text("cookie {cookies}")
VENDOR_ID = Text("VID {name} {octets}")

# Phase 1, initiator.
CREATED = Text(
    "created connection: 0x{struct:x} {index} {local}->{remote}:{remote_port}.", Head.TUNNEL
)
AUTO_NEGOTIATE = Text("auto-negotiate connection", Head.TUNNEL)
CONNECT = Text("IPsec SA connect {index} {local}->{remote}:0", Head.REQUEST)

# Phase 1, both.
ANNOUNCED: dict[str, Text] = {
    "main-1": Text("responder: main mode get 1st message..."),
    "main-3": Text("responder:main mode get 2nd message..."),
    "main-5": Text("responder: main mode get 3rd message..."),
    "aggr-1": Text("responder: aggressive mode get 1st message..."),
    "aggr-3": Text("responder: aggressive mode get 2nd response..."),
}
"""What a responder says of a message of phase 1 that it got."""

SENDING_FIRST = Text("initiator: main mode is sending 1st message...")
RESULT = Text("negotiation result")
CHOSEN = Text("SA proposal chosen, matched gateway {connection}")
DPD_NEGOTIATED = Text("DPD negotiated")
FORTIGATE_PEER = Text("peer is FortiGate/FortiOS (v{version} b{build})")
NAT_T_VERSION = Text("selected NAT-T version: {version}")
NAT_D = Text("received NAT-D payload type {number}")
NAT_ABSENT = Text("NAT not detected ")
GENERATE_DH = Text("generate DH public value request queued")
COMPUTE_DH = Text("compute DH shared secret request queued")
KEY = Text("ISAKMP SA {cookies} key {octets}:{key}")
PHASE1_NOTIFY = Text("received p1 notify type {what}")
PEER_IDENTIFIER = Text("peer identifier {kind} {name}")
PEER_IDENTIFIER_NAMELESS = Text("peer identifier {kind} {name}", Head.NAMELESS)
AUTHENTICATED = Text("PSK authentication succeeded")
AUTHENTICATION_OK = Text("authentication OK")
ESTABLISHED = Text("established IKE SA {cookies}")
PEER_ROUTE = Text("check peer route: if_addr4_rcvd=0, if_addr6_rcvd=0, mode_cfg=0")
PROCESSING_CONTACT = Text("processing INITIAL-CONTACT")
FLUSHING = Text("flushing ", Head.TUNNEL)
FLUSHED = Text("flushed ", Head.TUNNEL)
PROCESSED_CONTACT = Text("processed INITIAL-CONTACT")
OPERATION_UP = Text("set oper up", Head.TUNNEL)
NOTHING_PENDING = Text("no pending Quick-Mode negotiations")

# Proposals.
INCOMING = Text("incoming proposal:")
MINE = Text("my proposal, gw {connection}:")
MY_PHASE2 = Text("my proposal:", Head.CHILD)
INCOMING_PHASE2 = Text("incoming proposal:", Head.CHILD)
RESULT_PHASE2 = Text("negotiation result", Head.CHILD)
PROPOSAL = Text("{what}")
PROPOSAL_PHASE2 = Text("{what}", Head.CHILD)

# Phase 2.
FIRST_QUICK = Text("responder received first quick-mode message", Head.QUICK)
PEER_PROPOSAL = Text("peer proposal is: peer:{peer}, me:{me}", Head.QUICK)
TRYING = Text("trying", Head.CHILD)
MATCHED = Text("matched phase2", Head.CHILD)
AUTOKEY = Text("autokey", Head.CHILD)
SET_PFS = Text("set pfs={group}", Head.CHILD)
TUNNEL_MODE = Text("using tunnel mode.", Head.CHILD)
GENERATE_DH_PHASE2 = Text(GENERATE_DH.words, Head.CHILD)
COMPUTE_DH_PHASE2 = Text(COMPUTE_DH.words, Head.CHILD)
LIFE_SOFT = Text("SA life soft seconds={seconds}.", Head.CHILD)
LIFE_HARD = Text("SA life hard seconds={seconds}.", Head.CHILD)
SELECTORS = Text("IPsec SA selectors #src=1 #dst=1", Head.CHILD)
SELECTOR = Text("{what} 0 {type} {selector}", Head.CHILD)
ADD = Text("add IPsec SA: SPIs={inbound:08x}/{outbound:08x}", Head.CHILD)
SA_KEYS = Text(
    "IPsec SA {what} spi {spi:08x} key {octets}:{key} auth {digest_octets}:{digest}", Head.CHILD
)
ADDED = Text("added IPsec SA: SPIs={inbound:08x}/{outbound:08x}", Head.CHILD)
TRAP_UP = Text("sending SNMP tunnel UP trap", Head.CHILD)
SA_DONE = Text("send SA_DONE SPI 0x{spi:x}", Head.SELECTOR)

# Failures.
FAILURE = Text("negotiation failure")
FAILURE_PHASE2 = Text("negotiation failure", Head.CHILD)
NOTHING_CHOSEN = Text("no SA proposal chosen", Head.ISAKMP_ERROR)
NOTHING_CHOSEN_PHASE2 = Text("no SA proposal chosen", Head.IPSEC_ERROR)
PARSE_ERROR = Text("parse error")
SECRET_MISMATCH = Text("probable pre-shared secret mismatch")
INCORRECT_ID = Text("ignoring IKE request, incorrect ID.", Head.TUNNEL)
SELECTORS_MISMATCH = Text("specified selectors mismatch", Head.QUICK)
SELECTORS_COMPARED = Text(
    "{whose}: type=7/7, local={local}, remote={remote}",
    Head.QUICK,
)
NO_PHASE2 = Text("no matching phase2 found", Head.QUICK)
NO_PROPOSAL = Text("failed to get responder proposal", Head.QUICK)
SEND_NOTIFY = Text("info_send_n2, type {number}, peer SPI {spi}", Head.NOTICE)
QUICK_ERROR = Text("error processing quick-mode message from {peer} as responder")
TIMEOUT = Text("negotiation timeout, deleting")
EXPIRING = Text("connection expiring due to phase1 down", Head.TUNNEL)

# Dead peers, and the end.
LINK_IDLE = Text(
    "link is idle {index} {local}->{remote}:{port} dpd=1 seqno={sequence:x} rr=0", Head.TUNNEL
)
PROBE = Text("send IKEv1 DPD probe, seqno {sequence}")
GOING = Text("going to be deleted", Head.TUNNEL)
DELETING_SPI = Text("deleting IPsec SA with SPI {spi:08x}", Head.TUNNEL)
