"""Events made by hand, for lines that no conversation of two of our own gateways calls forth.

And views made from what came through a control socket.
"""

from typing import Any

from gwsim.gateway import events as gateway_events
from gwsim.gateway import wireform
from gwsim.gateway.events import DropCause, PacketDropped
from gwsim.ike import events as ike_events
from gwsim.ike.events import Event, Message, NotifyReceived, Rejected
from gwsim.ike.flaws import Flaw
from gwsim.ike.states import Role, State
from gwsim.vendors.vendor import View
from tests.vendors.pair import BRANCH, HQ

_NAMED = {**vars(ike_events), **vars(gateway_events)}.values()
EVENTS = {kind for kind in _NAMED if isinstance(kind, type) and issubclass(kind, Event)}
EVENTS -= {Event, Message}
"""All classes of events, those left out that only hold what several share."""


def refusal(flaw: Flaw, **changes: Any) -> Rejected:
    """hq has refused main-3 of branch."""
    values = {
        "at": 1.0,
        "peer": BRANCH,
        "sa": 1,
        "flaw": flaw,
        "why": "because",
        "label": "main-3",
        "phase": 1,
        "notify": None,
        "local": (HQ, 500),
        "remote": (BRANCH, 500),
        "initiator_cookie": "00" * 8,
        "responder_cookie": "11" * 8,
        "role": Role.RESPONDER,
        "state": State.MAIN_WAIT_3,
    }
    return Rejected(**(values | changes))


def notify(kind: int, protected: bool = True, **changes: Any) -> NotifyReceived:
    """hq has got a notification from branch, and done nothing about it."""
    values = {
        "at": 1.0,
        "peer": BRANCH,
        "sa": 1,
        "notify_type": kind,
        "protocol_id": 1,
        "spi": b"",
        "data": b"",
        "protected": protected,
        "message_id": 5,
        "phase": 1,
        "acted": False,
    }
    return NotifyReceived(**(values | changes))


def dropped(cause: DropCause, at: float = 1.0, **changes: Any) -> PacketDropped:
    """hq has dropped an ESP packet of branch."""
    values = {
        "at": at,
        "peer": BRANCH,
        "cause": cause,
        "inbound": True,
        "source": BRANCH,
        "destination": HQ,
        "protocol": 50,
        "spi": 0x1234ABCD,
        "sequence": 0x1F,
    }
    return PacketDropped(**(values | changes))


def travelled(view: View) -> View:
    """Give a view as it is made at the other end of a control socket, from what came through."""
    told = (event for event in view.events if isinstance(event, wireform.EVENTS))
    events = tuple(wireform.event_from_json(wireform.event_to_json(event)) for event in told)
    snapshot = wireform.snapshot_from_json(wireform.snapshot_to_json(view.snapshot))
    return View(snapshot, events, view.epoch, view.config)
