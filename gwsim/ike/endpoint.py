"""The endpoint: finds the negotiation a datagram belongs to and lets its table run.

Six verbs and a picture: `initiate`, `receive_datagram`, `handle_timer`, `next_timer`,
`datagrams_to_send`, `next_event`; `snapshot`. It has no socket and no clock: the caller brings
datagrams and the time, and carries away datagrams and events.
"""

from random import Random

from gwsim.ike import (
    commands,
    contact,
    dpd,
    informational,
    initiation,
    intake,
    lifecycle,
    picture,
    upkeep,
)
from gwsim.ike.config import EndpointConfig
from gwsim.ike.events import CloseReason, Event
from gwsim.ike.export import ExportedKey, exported
from gwsim.ike.ledger import Ledger
from gwsim.ike.snapshot import EndpointSnapshot
from gwsim.ike.turn import Datagram
from gwsim.wire.ip import SocketAddress
from gwsim.wire.numbers import NotifyType, Protocol
from gwsim.wire.payloads import Notification


class Endpoint:
    """One IKE speaker at one address.

    `rng` is the only source of cookies, nonces, private values, SPIs and message ids: the same
    seed and the same calls give the same octets. `now` is in seconds and never goes back.
    """

    def __init__(self, config: EndpointConfig, rng: Random, now: float) -> None:
        self._ledger = Ledger(config, rng, now)
        self._auto_start = now
        self._begun = False

    @property
    def config(self) -> EndpointConfig:
        """The configuration in force."""
        return self._ledger.config

    def initiate(self, connection: str, child: str, now: float, trigger: str = "traffic") -> bool:
        """Get a child negotiated, now or after phase 1; False, with an event, if it cannot be."""
        self._ledger.turn.now = now
        return initiation.acquire(self._ledger, connection, child, trigger)

    def receive_datagram(
        self, data: bytes, source: SocketAddress, destination: SocketAddress, now: float
    ) -> None:
        """Process one ISAKMP message (bare, without the non-ESP marker), whatever its octets."""
        self._ledger.turn.now = now
        if self._ledger.config.enabled:
            intake.receive(self._ledger, data, source, destination)

    def handle_timer(self, now: float) -> None:
        """Do everything that is due."""
        self._ledger.turn.now = now
        if self._starts() and self._auto_start <= now:
            self._begun = True
            self._auto_start = now + self._ledger.turn.behaviour.auto_start_retry
            initiation.auto_start(self._ledger)
        upkeep.run_timers(self._ledger)

    def next_timer(self) -> float | None:
        """Tell when `handle_timer` is wanted next, or None."""
        due = upkeep.next_due(self._ledger)
        if self._starts():
            return self._auto_start if due is None else min(due, self._auto_start)
        return due

    def _starts(self) -> bool:
        """Say whether something is to be begun that shall be up without traffic."""
        config = self._ledger.config
        if not config.enabled or not any(c.auto_start for c in config.connections):
            return False
        return not self._begun or initiation.waits_to_start(self._ledger)

    def datagrams_to_send(self) -> list[Datagram]:
        """Hand over the datagrams to send, in order, once."""
        out = list(self._ledger.outbox)
        self._ledger.outbox.clear()
        return out

    def next_event(self) -> Event | None:
        """Hand over the next event, or None."""
        return self._ledger.events.popleft() if self._ledger.events else None

    def snapshot(self) -> EndpointSnapshot:
        """Freeze what is."""
        return picture.snapshot(self._ledger)

    def note_traffic(self, peer: str, inbound: bool, now: float) -> None:
        """Hear from the data plane that ESP came from (proof of life) or went to a peer."""
        for sa in self._ledger.sas:
            if sa.up and sa.remote[0] == peer:
                if inbound:
                    dpd.heard(sa, now)
                else:
                    sa.last_esp_out = now

    def rekey_child(self, inbound_spi: int, now: float) -> None:
        """Renew a pair of SAs because its volume or its sequence numbers run out."""
        self._ledger.turn.now = now
        pair = self._ledger.children.get(inbound_spi)
        if pair is not None and not pair.retired:
            upkeep.rekey_child(self._ledger, pair)

    def expire_child(self, inbound_spi: int, now: float) -> None:
        """End a pair of SAs whose volume is used up."""
        self._ledger.turn.now = now
        pair = self._ledger.children.get(inbound_spi)
        if pair is not None:
            lifecycle.remove_children(self._ledger, [pair], CloseReason.EXPIRED, tell=True)

    def peer_moved(self, inbound_spi: int, new: SocketAddress, now: float) -> None:
        """Follow a NAT mapping that changed: authenticated ESP came from `new` (RFC 3947 4)."""
        self._ledger.turn.now = now
        pair = self._ledger.children.get(inbound_spi)
        sa = self._ledger.established(pair.partner) if pair else None
        if sa is not None and sa.remote != new:
            contact.moved(self._ledger, sa, new)

    def unknown_spi(self, peer: str, spi: int, now: float) -> None:
        """Tell a peer with a live phase 1 that its SPI is unknown here (RFC 2408 3.14.1)."""
        ledger = self._ledger
        ledger.turn.now = now
        live = [sa for sa in ledger.sas if sa.up and sa.remote[0] == peer]
        if not live or not ledger.turn.behaviour.invalid_spi_notify:
            return
        if informational.may_complain(ledger, peer):
            notify = Notification(NotifyType.INVALID_SPI, Protocol.ESP, spi.to_bytes(4, "big"))
            informational.send_protected(ledger, live[-1], notify)

    def clear(self, what: str, peer: str, now: float) -> None:
        """Delete SAs on the operator's word: "ike", "ipsec" or "all", of one peer or ""."""
        self._ledger.turn.now = now
        commands.clear(self._ledger, what, peer, CloseReason.CLEARED)

    def rekey(self, connection: str, phase: int, now: float) -> None:
        """Renew the ISAKMP SA (1) or all pairs of IPsec SAs (2) of a connection."""
        self._ledger.turn.now = now
        commands.rekey(self._ledger, connection, phase)

    def shutdown(self, now: float) -> None:
        """Delete everything with a word to the peers."""
        self._ledger.turn.now = now
        commands.clear(self._ledger, "all", "", CloseReason.SHUTDOWN)

    def reconfigure(self, config: EndpointConfig, now: float) -> None:
        """Take a new configuration; SAs of connections that changed or went are deleted."""
        self._ledger.turn.now = now
        commands.reconfigure(self._ledger, config)
        self._auto_start, self._begun = now, False

    def exported_keys(self) -> tuple[ExportedKey, ...]:
        """Give the phase 1 keys of every SA so far, for a capture the user asked for."""
        return exported(self._ledger)
