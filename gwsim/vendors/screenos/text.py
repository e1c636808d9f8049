"""What a message of the event log is before it is filled in, and the type it goes by."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    """A message of the event log: its words with places to fill in, its type and its level.

    `type` is the five-digit message type, `level` as `get event` writes it ("info", "alert",
    "crit", "notif"). `buffered` says that `debug ike detail` shows the same words; where it is
    False the debug buffer has a wording of its own.
    """

    words: str
    type: str = "00536"
    level: str = "info"
    buffered: bool = True
