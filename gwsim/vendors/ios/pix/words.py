"""What a PIX says: messages of its log, and the layouts of its screens.

The 602xxx messages are from real logs, the 702xxx ones from public lists of messages. What stands
in `BELIEVED` is general knowledge of the device. Source: vendor sheet, PIX 6.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    """A message of the system log: its number, its severity and its words."""

    id: str
    severity: int
    words: str


_ENDS = "(local {local} ({role}), remote {remote})"

PHASE1_DELETE_RECEIVED = Text("702201", 7, f"ISAKMP Phase 1 delete received {_ENDS}")
PHASE1_DELETE_SENT = Text("702202", 7, f"ISAKMP Phase 1 delete sent {_ENDS}")
DPD_TIMED_OUT = Text("702203", 7, f"ISAKMP DPD timed out {_ENDS}")
PHASE1_RETRANSMISSION = Text("702204", 7, f"ISAKMP Phase 1 retransmission {_ENDS}")
PHASE2_RETRANSMISSION = Text("702205", 7, f"ISAKMP Phase 2 retransmission {_ENDS}")
MALFORMED = Text("702206", 7, f"ISAKMP malformed payload received {_ENDS}")
DUPLICATE = Text("702207", 7, f"ISAKMP duplicate packet detected {_ENDS}")
PHASE1_STARTED = Text("702208", 7, f"ISAKMP Phase 1 exchange started {_ENDS}")
PHASE2_STARTED = Text("702209", 7, f"ISAKMP Phase 2 exchange started {_ENDS}")
PHASE1_COMPLETED = Text("702210", 7, f"ISAKMP Phase 1 exchange completed {_ENDS}")
PHASE2_COMPLETED = Text("702211", 7, f"ISAKMP Phase 2 exchange completed {_ENDS}")
REKEY = Text("702212", 7, f"ISAKMP Phase 1 initiating rekey {_ENDS}")
PHASE1_SA = Text(
    "602201",
    6,
    "ISAKMP Phase 1 SA created (local {local}/{local_port} ({role}), remote {remote}/{remote_port},"
    " authentication=pre-share, encryption={encryption}, hash={hash}, group={group},"
    " lifetime={lifetime}s)",
)
_SA = (
    "(sa) sa_dest= {address}, sa_prot= 50, sa_spi= 0x{spi:x}({spi}), "
    "sa_trans= {transform}, sa_conn_id= {conn}"
)
SA_CREATED = Text("602301", 6, f"sa created, {_SA}")
SA_DELETED = Text("602302", 6, f"deleting SA, {_SA}")

CONNECTED = Text("602202", 6, f"ISAKMP session connected {_ENDS}")
DISCONNECTED = Text("602203", 6, f"ISAKMP session disconnected {_ENDS}")
INVALID_SPI = Text(
    "402101",
    4,
    "decaps: rec'd IPSEC packet has invalid spi for destaddr={destination}, prot=esp, "
    "spi=0x{spi:x}({spi})",
)
WRONG_IDENTITY = Text(
    "402103",
    4,
    "identity doesn't match negotiated identity (ip) dest_address= {inner_destination}, "
    "src_addr= {inner_source}, prot= {inner_protocol}, (ident) local={destination}, "
    "remote={source}, local_proxy={local}, remote_proxy={remote}",
)
NOT_IPSEC = Text(
    "402106",
    4,
    "Rec'd packet not an IPSEC packet (ip) dest_address= {inner_destination}, "
    "src_addr= {inner_source}, prot= {inner_protocol}",
)

ISAKMP_HEAD = "Total     : {total}\nEmbryonic : {embryonic}\n"
ISAKMP_COLUMNS = "        dst               src        state     pending     created\n"
LOGGING_HEAD = """\
Syslog logging: enabled
    Facility: 20
    Timestamp logging: enabled
    Standby logging: disabled
    Console logging: disabled
    Monitor logging: disabled
    Buffer logging: level debugging, {count} messages logged
    Trap logging: disabled
    History logging: disabled
    Device ID: disabled
"""
UNKNOWN = "Type help or '?' for a list of available commands.\n"

BELIEVED: frozenset[str] = frozenset(
    {
        *(t.words for t in (CONNECTED, DISCONNECTED, INVALID_SPI, WRONG_IDENTITY, NOT_IPSEC)),
        ISAKMP_HEAD,
        ISAKMP_COLUMNS,
        LOGGING_HEAD,
        UNKNOWN,
    }
)
"""The texts of which no sample and no document was at hand."""
