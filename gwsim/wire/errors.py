"""The one way in which parsing can fail.

WireError
├── ProposalSyntaxError
└── TooManyPayloads
"""


class WireError(ValueError):
    """Bytes that are not what they claim to be.

    `offset` is the octet, counted from the start of what was parsed, at which the contradiction
    was seen; `reason` says it in words fit for a log. No other exception leaves a parser of this
    floor, whatever the bytes.
    """

    def __init__(self, offset: int, reason: str) -> None:
        super().__init__(f"at octet {offset}: {reason}")
        self.offset = offset
        self.reason = reason


class ProposalSyntaxError(WireError):
    """The proposals and transforms inside an SA payload contradict themselves.

    It stands apart because ISAKMP has a notify of its own for it, BAD-PROPOSAL-SYNTAX
    (RFC 2408 5.5), where every other malformed payload is PAYLOAD-MALFORMED.
    """


class TooManyPayloads(WireError):
    """A chain of more payloads than anybody needs; whoever sends it is up to no good."""
