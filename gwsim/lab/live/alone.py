"""A gateway without a lab, in the network in which it is started; it ends with this process.

For those who ask it is a lab of one node, so `gwsim show`, `logs`, `status` and `down` find it.
"""

import os
import re
import time
from contextlib import suppress
from datetime import datetime

from gwsim.daemon.clock import Timing
from gwsim.daemon.node import run_node
from gwsim.daemon.nodefile import GatewayFile
from gwsim.gateway.config import GatewayConfig
from gwsim.lab.live.linux import require_tun
from gwsim.lab.live.places import Place, State, take
from gwsim.vendors.registry import VENDORS

ALONE = "gateway"
"""What `State.runtime` says of a gateway without a lab."""


def lab_name(gateway: str) -> str:
    """Give the name of the lab that stands for a gateway: its own, as names of labs are written."""
    return re.sub(r"[^a-z0-9]+", "-", gateway.lower()).strip("-")[:32].rstrip("-") or ALONE


def serve(config: GatewayConfig, name: str) -> None:
    """Be this gateway until SIGTERM or SIGINT, under the name of a lab.

    Raises RuntimeFailure or NodeError, in words, when it cannot run here.
    """
    require_tun()
    place, lock = take(name)
    place.sign(lock)
    now = datetime.now().replace(microsecond=0)
    try:
        place.write_state(_state(config, place, now))
        door, log = str(place.door(config.name)), str(place.log(config.name))
        run_node(GatewayFile(config, Timing(now), door, log))
    finally:
        place.remove()
        with suppress(OSError):
            os.close(lock)


def _state(config: GatewayConfig, place: Place, now: datetime) -> State:
    address = config.endpoint.address
    return State(
        name=place.name,
        title=f"{VENDORS[config.vendor].title} at {address}",
        runtime=ALONE,
        keeper=0,
        speed=1.0,
        epoch=now.isoformat(),
        started=time.time(),
        networks={},
        kinds={config.name: "gateway"},
        ports={config.name: ""},
        vendors={config.name: config.vendor},
        addresses={config.name: address},
    )
