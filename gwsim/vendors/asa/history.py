"""The history of a negotiation that an ASA prints when it fails, rebuilt from the events.

    MM_DONE, EV_ERROR-->MM_WAIT_MSGn, EV_RETRY-->MM_WAIT_MSGn, EV_TIMEOUT-->...

Newest first, at most eight steps. The states of sending and building exist only here: an ASA
names them after the message it makes, as it names those of waiting after the one it awaits.
Source: vendor sheet, ASA debug (captures of MM and AM initiators and of an MM responder).
"""

from collections import deque

from gwsim.ike.events import MessageSent
from gwsim.ike.states import Role

LENGTH = 8
MODES: dict[str, str] = {"main": "MM", "aggressive": "AM", "quick": "QM"}
"""How an exchange is called in messages, by the engine's name of it."""

_LAST: dict[str, int] = {"MM": 6, "AM": 3, "QM": 3}


class History:
    """What one negotiation went through: `mode` as in MODES, our `role` in it."""

    def __init__(self, mode: str, role: Role) -> None:
        self.mode = mode
        self.role = role
        self._steps: deque[str] = deque(maxlen=LENGTH - 1)
        self._add("START", f"EV_START_{mode}")

    def sent(self, event: MessageSent) -> None:
        """Note that a message of the exchange left, for the first time or again."""
        number = int(event.label[-1])
        if event.attempt:
            self._timed_out(number + 1)
        self._add(f"SND_MSG{number}", "EV_RESEND_MSG" if event.attempt else "EV_BLD_MSG")
        self._add(f"SND_MSG{number}", "EV_START_TMR")
        self._add(f"SND_MSG{number}", "EV_SND_MSG")
        if number < _LAST[self.mode]:
            self._add(f"WAIT_MSG{number + 1}", "NullEvent")

    def received(self, label: str) -> None:
        """Note that the awaited message came."""
        number = int(label[-1])
        self._add(f"WAIT_MSG{number}" if number > 1 else "START", "EV_RCV_MSG")

    def negotiating(self) -> None:
        """Note that a responder compares the proposals of quick mode."""
        self._add("BLD_MSG2", "EV_NEGO_SA")

    def gave_up(self, awaited: int) -> None:
        """Note that the last resend went unanswered; `awaited` numbers the missing message."""
        self._timed_out(awaited)
        if self.mode == "MM" and awaited == _LAST["MM"]:
            self._add(f"WAIT_MSG{awaited}", "EV_PROB_AUTH_FAIL")

    def text(self) -> str:
        """Print the history as it is after the failure."""
        return "-->".join([f"{self.mode}_DONE, EV_ERROR", *reversed(self._steps)])

    def _timed_out(self, awaited: int) -> None:
        self._add(f"WAIT_MSG{awaited}", "EV_TIMEOUT")
        if awaited == 2 and self.mode != "QM":
            self._add(f"WAIT_MSG{awaited}", "EV_RETRY")

    def _add(self, state: str, event: str) -> None:
        self._steps.append(f"{self.mode}_{state}, {event}")
