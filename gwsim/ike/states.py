"""Roles and states of the negotiation engine; a state is named by the label it awaits."""

from enum import StrEnum


class Role(StrEnum):
    """Who spoke first in an exchange."""

    INITIATOR = "initiator"
    RESPONDER = "responder"

    @property
    def other(self) -> "Role":
        """The role of the peer."""
        return Role.RESPONDER if self is Role.INITIATOR else Role.INITIATOR


class State(StrEnum):
    """Where a negotiation rests, in the project's one vocabulary.

    `MAIN_WAIT_4` waits for `main-4`. ESTABLISHED is an ISAKMP SA that carries quick modes,
    INSTALLED a quick mode whose SAs are in use, CLOSED anything that has ended.
    """

    MAIN_WAIT_2 = "MAIN_WAIT_2"
    MAIN_WAIT_3 = "MAIN_WAIT_3"
    MAIN_WAIT_4 = "MAIN_WAIT_4"
    MAIN_WAIT_5 = "MAIN_WAIT_5"
    MAIN_WAIT_6 = "MAIN_WAIT_6"
    AGGR_WAIT_2 = "AGGR_WAIT_2"
    AGGR_WAIT_3 = "AGGR_WAIT_3"
    ESTABLISHED = "ESTABLISHED"
    QUICK_WAIT_2 = "QUICK_WAIT_2"
    QUICK_WAIT_3 = "QUICK_WAIT_3"
    INSTALLED = "INSTALLED"
    CLOSED = "CLOSED"
