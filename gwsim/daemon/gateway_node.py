"""The process round one gateway: it moves bytes, re-arms one timer and opens a door."""

import asyncio
import contextlib
import os
import socket
from collections.abc import Callable, Mapping
from pathlib import Path
from random import Random, SystemRandom
from typing import Any

import asyncio_dgram

from gwsim.daemon.clock import Clock
from gwsim.daemon.control import Control, end_this_process
from gwsim.daemon.eventlog import CAPACITY, EventLog, page_to_json
from gwsim.daemon.hints import HintSender
from gwsim.daemon.inside_tap import InsideTap
from gwsim.daemon.nodefile import GatewayFile, gateway_config_from_json, gateway_config_to_json
from gwsim.daemon.packet_path import PacketPath
from gwsim.daemon.routing import GatewayRoutes, inside_of, interfaces, require_forwarding
from gwsim.daemon.screens import faring, screen_answer
from gwsim.daemon.sockets import (
    Outgoing,
    esp_socket,
    icmp_error_socket,
    nat_t_socket,
    own_voice,
    udp_socket,
)
from gwsim.daemon.tun import Tun
from gwsim.daemon.vendor_log import VendorLog
from gwsim.daemon.ways_out import Sockets, WaysOut, source_of
from gwsim.gateway.commands import Shutdown
from gwsim.gateway.config import GatewayConfig
from gwsim.gateway.events import GatewayStarted, GatewayStopped, LinkChanged
from gwsim.gateway.gateway import Gateway
from gwsim.gateway.jsonform import encode
from gwsim.gateway.keys import KeyBook
from gwsim.gateway.outputs import Output
from gwsim.gateway.wireform import command_from_json, event_to_json, snapshot_to_json
from gwsim.ike.events import Event
from gwsim.vendors.registry import VENDORS, screen
from gwsim.vendors.vendor import View
from gwsim.wire.hops import after_hops
from gwsim.wire.ip import SocketAddress
from gwsim.wire.numbers import IKE_PORT, NAT_T_PORT

REPORT_EVERY = 0.02
"""Seconds of real time for which passing traffic is added up before it is written down."""

_TURNS = (GatewayStarted, GatewayStopped, LinkChanged)
_LONGEST = 1 << 16


class GatewayNode:
    """One gateway on this machine's interfaces; `open`, then `close` in the end."""

    def __init__(self, file: GatewayFile) -> None:
        timing = file.timing
        self._file = file
        self._clock = clock = Clock(timing)
        rng = SystemRandom() if timing.seed is None else Random(_seed(timing.seed, clock.now()))
        self._events: EventLog[Event] = EventLog()
        self._gateway = Gateway(file.config, rng, self._clock.now())
        self._inside = InsideTap(clock)
        self._keys = KeyBook()
        self._timer: asyncio.TimerHandle | None = None
        self._report: asyncio.TimerHandle | None = None
        self._reported = 0.0
        self._stack = contextlib.AsyncExitStack()
        self._doors = contextlib.AsyncExitStack()

    @property
    def _address(self) -> str:
        return self._gateway.config.endpoint.address

    async def open(self) -> None:
        """Take everything this node needs, and begin; what was taken is given back on failure.

        Raises SocketError, TunError, RoutingError or OSError, all of them in words.
        """
        self._loop = asyncio.get_running_loop()
        async with contextlib.AsyncExitStack() as stack:
            self._open_files(stack)
            self._open_devices(stack)
            stack.push_async_callback(self._close_sockets)
            await self._open_sockets()
            control = Control(Path(self._file.control), self._handlers())
            await control.open()
            stack.callback(control.close)
            self._stack = stack.pop_all()
        self._settle()

    def _open_files(self, stack: contextlib.AsyncExitStack) -> None:
        self._log: VendorLog | None = None
        if self._file.log:
            vendor = VENDORS[self._file.config.vendor]
            calendar = self._file.timing.calendar
            self._log = VendorLog(vendor, Path(self._file.log), calendar)
            stack.callback(self._log.close)
        self._hints: HintSender | None = None
        if self._file.hints:
            self._hints = HintSender(Path(self._file.hints))
            stack.callback(self._hints.close)

    def _open_devices(self, stack: contextlib.AsyncExitStack) -> None:
        require_forwarding()
        self._tun = Tun(self._file.tun, headed=True)
        self._tun_outside = Tun(f"{self._file.tun}-o")
        for device in (self._tun, self._tun_outside):
            stack.callback(device.close)
        self._routes = GatewayRoutes(self._tun.name, self._tun_outside.name)
        stack.callback(self._routes.clear)
        self._routes.apply(self._file.config)
        stack.callback(self._inside.close)
        if self._file.capture.packets:
            self._inside.open(sorted(inside_of(self._file.config, interfaces())))
        voice = own_voice()
        stack.callback(voice.close)
        self._path = PacketPath(self._gateway, self._clock, self._tun, self._settle, self._passed)
        self._out = WaysOut(self._path, voice, self._hints)
        self._loop.add_reader(self._tun.fileno(), self._path.drain_inside)
        stack.callback(self._loop.remove_reader, self._tun.fileno())
        self._loop.add_reader(self._tun_outside.fileno(), self._drain_outside)
        stack.callback(self._loop.remove_reader, self._tun_outside.fileno())

    async def _open_sockets(self) -> None:
        """Open the sockets that are bound to the outside address."""
        address = self._address
        async with contextlib.AsyncExitStack() as stack:
            ike = stack.enter_context(contextlib.closing(udp_socket(address, IKE_PORT)))
            nat_t = stack.enter_context(contextlib.closing(nat_t_socket(address, NAT_T_PORT)))
            esp = stack.enter_context(contextlib.closing(esp_socket(address)))
            icmp = stack.enter_context(contextlib.closing(icmp_error_socket(address)))
            self._path.use(nat_t, esp, address)
            self._out.use(Sockets(address, ike, nat_t, esp))
            self._watch(stack, nat_t, self._path.drain_nat_t)
            self._watch(stack, esp, self._path.drain_esp)
            self._watch(stack, icmp, lambda: self._drain_icmp(icmp.socket))
            stream = await asyncio_dgram.from_socket(ike.socket)
            stack.push_async_callback(_end, self._loop.create_task(self._hear(stream)))
            self._doors = stack.pop_all()

    def _watch(
        self, stack: contextlib.AsyncExitStack, made: Outgoing, drain: Callable[[], None]
    ) -> None:
        self._loop.add_reader(made.fileno(), drain)
        stack.callback(self._loop.remove_reader, made.fileno())

    async def _close_sockets(self) -> None:
        await self._doors.aclose()

    async def close(self) -> None:
        """Say goodbye to the peers and give everything back."""
        self._gateway.command(Shutdown(), self._clock.now())
        self._settle()
        for timer in (self._timer, self._report):
            if timer is not None:
                timer.cancel()
        await self._stack.aclose()

    # what arrives beside the packet path

    async def _hear(self, stream: Any) -> None:
        """Take IKE from port 500."""
        while True:
            data, origin = await stream.recv()
            # As a callback of its own, so that one message that fails does not end the listening.
            self._loop.call_soon(self._receive_ike, data, origin[:2])

    def _receive_ike(self, data: bytes, origin: SocketAddress) -> None:
        to = (self._address, IKE_PORT)
        self._gateway.receive_udp(data, origin, to, self._clock.now())
        self._settle()

    def _drain_icmp(self, heard: socket.socket) -> None:
        with contextlib.suppress(BlockingIOError):
            while True:
                self._gateway.receive_outside(heard.recv(_LONGEST), self._clock.now())
                self._settle()

    def _drain_outside(self) -> None:
        """Take clear text that arrived outside for somebody behind the gateway.

        The kernel routes it twice, here and to the host. A gateway is one hop: one is given back.
        """
        with contextlib.suppress(BlockingIOError):
            while True:
                packet = os.read(self._tun_outside.fileno(), _LONGEST)
                if packet[0] >> 4 == 4:
                    self._gateway.receive_outside(after_hops(packet, -1), self._clock.now())
                    self._settle()

    # what leaves

    def _settle(self) -> None:
        """Send what is to be sent, write down what happened, re-arm the timer."""
        for output in self._gateway.outputs():
            self._out.send(output)
        events = self._gateway.events()
        if events:
            self._events.extend(events)
            if any(isinstance(event, _TURNS) for event in events):
                self._fall_silent()
            if self._file.capture.keys:
                self._keys.add(self._gateway.exported_keys())
            if self._log is not None:
                self._log.write(events, lambda: self._gateway.snapshot(self._clock.now()))
        self._arm()

    def _fall_silent(self) -> None:
        """Keep the kernel from answering for a box that is down, or whose line is."""
        snapshot = self._gateway.snapshot(self._clock.now())
        down = not snapshot.running
        self._routes.silence(outside=down or not snapshot.link_up, inside=down)

    # time

    def _arm(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        due = self._gateway.next_timer()
        self._timer = None
        if due is not None:
            self._timer = self._loop.call_at(self._clock.real(due), self._tick, due)

    def _tick(self, due: float) -> None:
        self._gateway.handle_timer(self._clock.now_for(due))
        self._settle()

    def _passed(self) -> None:
        """Write down what passed in bulk, but not more often than is of use to anybody."""
        if not self._gateway.bulk.unreported or self._report is not None:
            return
        wait = self._reported + REPORT_EVERY - self._loop.time()
        if wait <= 0:
            self._write_report()
        else:
            self._report = self._loop.call_later(wait, self._write_report)

    def _write_report(self) -> None:
        self._report = None
        self._reported = self._loop.time()
        self._gateway.bulk.report(self._clock.now())
        self._settle()

    # the door

    def _handlers(self) -> dict[str, Any]:
        return {
            "status": self._status,
            "begin": self._begin,
            "snapshot": self._snapshot,
            "screen": self._screen,
            "events": self._page,
            "command": self._command,
            "configuration": lambda _: gateway_config_to_json(self._gateway.config),
            "reconfigure": self._reconfigure,
            "inside": self._packets_inside,
            "keys": self._all_keys,
            "stop": end_this_process,
        }

    def _status(self, _: Mapping[str, Any]) -> dict[str, Any]:
        config = self._gateway.config
        return {
            "kind": "gateway",
            "name": config.name,
            "vendor": config.vendor,
            "address": config.endpoint.address,
            "pid": os.getpid(),
            "now": self._clock.now(),
            "late": self._clock.late,
            "unsent": self._path.unsent,
            **faring(self._gateway.snapshot(self._clock.now())),
        }

    def _begin(self, question: Mapping[str, Any]) -> None:
        self._clock.begin(float(question["epoch"]), float(question["speed"]))
        self._arm()

    def _snapshot(self, _: Mapping[str, Any]) -> str:
        self._gateway.bulk.report(self._clock.now())
        return snapshot_to_json(self._gateway.snapshot(self._clock.now()))

    def _screen(self, question: Mapping[str, Any]) -> dict[str, Any]:
        self._write_report_now()
        snapshot = self._gateway.snapshot(self._clock.now())
        events = self._events.since(0, CAPACITY).items
        view = View(snapshot, events, self._file.timing.calendar, self._gateway.config)
        vendor, typed = VENDORS[snapshot.vendor], str(question["command"])
        return screen_answer(vendor, typed, snapshot.now, lambda: screen(vendor, typed, view))

    def _page(self, question: Mapping[str, Any]) -> dict[str, Any]:
        self._write_report_now()
        page = self._events.since(int(question["cursor"]), int(question["limit"]))
        return page_to_json(page, event_to_json)

    def _packets_inside(self, question: Mapping[str, Any]) -> dict[str, Any]:
        self._inside.catch_up()
        page = self._inside.packets.since(int(question["cursor"]), int(question["limit"]))
        return page_to_json(page, encode)

    def _all_keys(self, _: Mapping[str, Any]) -> Any:
        """Give the keys of SAs that live, and of all before them if they were to be kept."""
        living = self._gateway.exported_keys()
        if not self._file.capture.keys:
            return encode(living)
        self._keys.add(living)
        return encode(self._keys.keys())

    def _write_report_now(self) -> None:
        if self._report is not None:
            self._report.cancel()
            self._write_report()

    def _command(self, question: Mapping[str, Any]) -> None:
        self._gateway.command(command_from_json(question["command"]), self._clock.now())
        self._settle()

    def _reconfigure(self, question: Mapping[str, Any]) -> None:
        config = gateway_config_from_json(question["config"])
        before = self._gateway.config
        if before.endpoint.address != config.endpoint.address:
            self._change_address(config)
            return
        if _ways(before) != _ways(config):
            self._routes.apply(config)
        self._gateway.reconfigure(config, self._clock.now())
        self._settle()

    def _change_address(self, config: GatewayConfig) -> None:
        """Take a configuration with another address; first goodbyes leave from the one it had."""
        old, new = self._address, config.endpoint.address
        self._gateway.reconfigure(config, self._clock.now())
        outputs = self._gateway.outputs()
        for output in outputs:
            if source_of(output) == old:
                self._out.send(output)
        self._routes.change_outside(old, new)
        self._routes.apply(config)
        self._settle()
        later = [output for output in outputs if source_of(output) != old]
        self._moving = self._loop.create_task(self._move(later))

    async def _move(self, outputs: list[Output]) -> None:
        """Use sockets bound to the address that the gateway has now, and send what waited."""
        await self._close_sockets()
        await self._open_sockets()
        for output in outputs:
            self._out.send(output)


def _ways(config: GatewayConfig) -> object:
    """Give what routes depend on."""
    children = [c.children for c in config.endpoint.connections]
    return config.inside, [[(c.local, c.remote) for c in group] for group in children]


def _seed(seed: str, now: float) -> str:
    """Give a node that starts again others of the cookies it had in its former life."""
    return seed if now <= 0 else f"{seed}@{now}"


async def _end(task: asyncio.Task[None]) -> None:
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
