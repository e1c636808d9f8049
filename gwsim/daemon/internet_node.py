"""The process round a middlebox: the internet between gateways, on real interfaces.

Whatever a side sends is routed into that side's TUN device, read here, and written, if it comes
out of the middlebox, to the device of the side where it comes out.
"""

import asyncio
import contextlib
import os
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from random import Random, SystemRandom
from typing import Any

from gwsim.daemon.clock import Clock
from gwsim.daemon.control import Control, end_this_process
from gwsim.daemon.eventlog import EventLog, page_to_json
from gwsim.daemon.hints import HintBook
from gwsim.daemon.nodefile import InternetFile, path_config_from_json
from gwsim.daemon.routing import InternetRoutes, require_forwarding
from gwsim.daemon.tun import Tun
from gwsim.gateway.jsonform import encode
from gwsim.path.config import PathConfig
from gwsim.path.express import Happening, told
from gwsim.path.middlebox import Middlebox
from gwsim.wire.hops import after_hops
from gwsim.wire.ip import HEADER_SIZE, UDP
from gwsim.wire.numbers import IKE_PORT, NAT_T_PORT

BUDGET = 128
"""Packets that one wake-up handles."""

REMEMBERED = 60_000
"""Events that are kept, each with its packet."""

_LONGEST = 1 << 16
_UDP_HEADER = 8
_MARKER = bytes(4)
_IKE, _NAT_T = (port.to_bytes(2, "big") for port in (IKE_PORT, NAT_T_PORT))


class InternetNode:
    """The internet on this machine's interfaces; `open`, then `close` in the end."""

    def __init__(self, file: InternetFile) -> None:
        timing = file.timing
        rng = Random() if timing.seed is None else Random(timing.seed)
        if timing.seed is None:
            rng.seed(SystemRandom().getrandbits(64))
        self._file = file
        self._config = file.config
        self._clock = Clock(timing)
        self._events: EventLog[Happening] = EventLog(REMEMBERED)
        ports = file.capture.packets
        self._middlebox = Middlebox(file.config, rng, self._clock.now(), ports, routed=True)
        self._tuns: dict[str, Tun] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._stack = contextlib.ExitStack()
        self._hints: HintBook | None = None
        self._unsent = 0

    async def open(self) -> None:
        """Take everything this node needs, and begin; what was taken is given back on failure.

        Raises TunError, RoutingError or OSError, all of them in words.
        """
        self._loop = asyncio.get_running_loop()
        with contextlib.ExitStack() as stack:
            require_forwarding()
            if self._file.hints:
                self._hints = HintBook(Path(self._file.hints))
                stack.callback(self._hints.close)
                self._loop.add_reader(self._hints.fileno(), self._hints.hear)
                stack.callback(self._loop.remove_reader, self._hints.fileno())
            stack.callback(self._close_tuns)
            self._open_tuns(self._config)
            self._routes = InternetRoutes(lambda side: self._tuns[side].name)
            stack.callback(self._routes.clear)
            self._routes.apply(self._config)
            control = Control(Path(self._file.control), self._handlers())
            await control.open()
            stack.callback(control.close)
            self._stack = stack.pop_all()
        self._settle()

    def _open_tuns(self, config: PathConfig) -> None:
        """Make a device for each side that has none."""
        for side in config.sides:
            if side.name not in self._tuns:
                tun = Tun(f"{self._file.tun}{len(self._tuns)}")
                self._tuns[side.name] = tun
                self._loop.add_reader(tun.fileno(), partial(self._drain, side.name, tun))

    def _close_tuns(self) -> None:
        for tun in self._tuns.values():
            self._loop.remove_reader(tun.fileno())
            tun.close()

    async def close(self) -> None:
        """Give everything back; what is still on its way is lost."""
        if self._timer is not None:
            self._timer.cancel()
        self._stack.close()

    # packets

    def _drain(self, side: str, tun: Tun) -> None:
        """Take what a side has sent."""
        now = self._clock.now()
        with contextlib.suppress(BlockingIOError):
            for _ in range(BUDGET):
                packet = os.read(tun.fileno(), _LONGEST)
                if packet[0] >> 4 == 4:
                    self._middlebox.receive(packet, side, now, self._label(packet))
        self._settle()

    def _label(self, packet: bytes) -> str:
        """Ask for the sender's own label of a message, "" where nobody told one.

        From outside not every message can be told: what is encrypted, or written wrongly.
        """
        if self._hints is None or packet[9] != UDP:
            return ""
        start = (packet[0] & 15) * 4
        ports, payload = packet[start : start + 4], start + _UDP_HEADER
        if _NAT_T in (ports[:2], ports[2:]):
            # Of ESP inside UDP nobody tells anything, and there is much of it.
            if packet[payload : payload + len(_MARKER)] != _MARKER:
                return ""
        elif _IKE not in (ports[:2], ports[2:]):
            return ""
        return self._hints.label(packet[payload : int.from_bytes(packet[2:4], "big")])

    def _settle(self) -> None:
        """Deliver what has arrived, write down what happened, re-arm the timer."""
        for delivery in self._middlebox.packets_to_send():
            try:
                os.write(self._tuns[delivery.side].fileno(), delivery.packet)
            except OSError:
                self._unsent += 1
        self._events.extend(self._middlebox.happenings())
        if self._timer is not None:
            self._timer.cancel()
        due = self._middlebox.next_timer()
        self._timer = None
        if due is not None:
            self._timer = self._loop.call_at(self._clock.real(due), self._tick, due)

    def _tick(self, due: float) -> None:
        self._middlebox.handle_timer(self._clock.now_for(due))
        self._settle()

    # the door

    def _handlers(self) -> dict[str, Any]:
        return {
            "status": self._status,
            "begin": self._begin,
            "events": self._page,
            "reconfigure": self._reconfigure,
            "rebind": self._rebind,
            "bites": lambda _: self._middlebox.bites,
            "inject": self._inject,
            "stop": end_this_process,
        }

    def _status(self, _: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "kind": "internet",
            "name": "internet",
            "sides": [side.name for side in self._config.sides],
            "pid": os.getpid(),
            "now": self._clock.now(),
            "late": self._clock.late,
            "unsent": self._unsent,
        }

    def _begin(self, question: Mapping[str, Any]) -> None:
        self._clock.begin(float(question["epoch"]), float(question["speed"]))
        self._settle()

    def _page(self, question: Mapping[str, Any]) -> dict[str, Any]:
        page = self._events.since(int(question["cursor"]), int(question["limit"]))
        return page_to_json(page, lambda happening: encode(told(happening)))

    def _reconfigure(self, question: Mapping[str, Any]) -> None:
        config = path_config_from_json(question["config"])
        self._open_tuns(config)
        if _ways(config) != _ways(self._config):
            self._routes.apply(config)
        self._config = config
        self._middlebox.reconfigure(config, self._clock.now())
        self._settle()

    def _rebind(self, question: Mapping[str, Any]) -> None:
        self._middlebox.rebind(str(question["side"]), self._clock.now())
        self._settle()

    def _inject(self, question: Mapping[str, Any]) -> None:
        packet, side = bytes.fromhex(question["packet"]), str(question["side"])
        if len(packet) < HEADER_SIZE:
            raise ValueError("that is no IPv4 packet")
        self._middlebox.receive(after_hops(packet), side, self._clock.now())
        self._settle()


def _ways(config: PathConfig) -> list[tuple[str, tuple[str, ...]]]:
    """Give what routes depend on."""
    return [(side.name, side.addresses) for side in config.sides]
