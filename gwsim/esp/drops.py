"""Why the data plane refuses a packet."""

from enum import StrEnum


class Drop(StrEnum):
    """One reason to refuse a packet; each is counted under its own name.

    Inbound, in the order of the checks (RFC 4303 3.4): UNKNOWN_SPI, ENCAPSULATION (protocol 50
    where UDP was agreed, or the other way round), REPLAYED, TOO_OLD (left of the window), BAD_ICV,
    BAD_PADDING, MALFORMED, CONGESTION (RFC 6040 4.2), BAD_SELECTOR. Outbound: DISCARD (the policy
    says so), NO_SA, TRANSPORT_ENDS (transport mode carries only what the gateways themselves say),
    TOO_BIG, SEQUENCE_EXHAUSTED. EXPIRED, the volume being used up, happens in both.
    """

    UNKNOWN_SPI = "unknown-spi"
    ENCAPSULATION = "wrong-encapsulation"
    REPLAYED = "replayed"
    TOO_OLD = "left-of-window"
    BAD_ICV = "bad-icv"
    BAD_PADDING = "bad-padding"
    MALFORMED = "malformed"
    CONGESTION = "congestion-marked"
    BAD_SELECTOR = "inner-selector"
    DISCARD = "policy-discard"
    NO_SA = "no-sa"
    TRANSPORT_ENDS = "not-between-the-ends"
    TOO_BIG = "too-big"
    SEQUENCE_EXHAUSTED = "sequence-exhausted"
    EXPIRED = "expired"
