"""The table of a port-translating NAT: which inside endpoint has which public port.

The mapping does not depend on whom an endpoint sends to, the filter does: only an address and
port that was sent to lately may answer. (RFC 4787 calls this endpoint-independent mapping with
address and port-dependent filtering; most home routers do it.) The identifier of an ICMP echo
stands for a port.
"""

from dataclasses import dataclass, field
from random import Random

from gwsim.path.config import Nat
from gwsim.wire.ip import SocketAddress

MAX_BINDINGS = 4096
"""How many inside endpoints a NAT remembers; the one that was silent longest gives way."""

MAX_REMOTES = 1024
"""How many remote endpoints may answer one inside endpoint."""

_LOWEST_RANDOM = 1024
_PORTS = 65536


@dataclass(frozen=True, slots=True)
class Binding:
    """One line of a NAT's table: an inside endpoint, its public port, and who may answer.

    `expires` is when the binding ends if nothing refreshes it, in seconds.
    """

    protocol: int
    inside: SocketAddress
    public_port: int
    remotes: tuple[SocketAddress, ...]
    expires: float


@dataclass(slots=True)
class _Mapping:
    """What is known of one inside endpoint; the remote one it was used with last stands last."""

    protocol: int
    inside: SocketAddress
    port: int
    used: float
    remotes: dict[SocketAddress, float] = field(default_factory=dict)

    def refresh(self, remote: SocketAddress, now: float) -> None:
        self.used = now
        self.remotes.pop(remote, None)
        self.remotes[remote] = now
        if len(self.remotes) > MAX_REMOTES:
            del self.remotes[next(iter(self.remotes))]


class Bindings:
    """Public ports of inside endpoints, each for as long as it is used.

    Ports that `nat` forwards are given to nobody. A port that was forgotten by the last `forget`
    is not given again until the next one.
    """

    def __init__(self, nat: Nat, rng: Random) -> None:
        self.nat = nat
        self._rng = rng
        self._by_inside: dict[tuple[int, SocketAddress], _Mapping] = {}
        self._by_port: dict[tuple[int, int], _Mapping] = {}
        self._spent: frozenset[tuple[int, int]] = frozenset()

    def outward(
        self, protocol: int, inside: SocketAddress, remote: SocketAddress, now: float
    ) -> int:
        """Give the public port of an endpoint that sends: a new one when it has none."""
        mapping = self._alive(self._by_inside.get((protocol, inside)), now)
        if mapping is None:
            mapping = _Mapping(protocol, inside, self._choose(protocol, inside[1], now), now)
            self._make_room()
            self._by_inside[protocol, inside] = mapping
        # The one that sent last stands last.
        self._by_port.pop((protocol, mapping.port), None)
        self._by_port[protocol, mapping.port] = mapping
        mapping.refresh(remote, now)
        return mapping.port

    def inward(
        self, protocol: int, port: int, remote: SocketAddress, now: float
    ) -> SocketAddress | None:
        """Give the inside endpoint that a remote one may answer, None when there is none.

        An answer may refresh the binding.
        """
        inside = self.owner(protocol, port, remote, now)
        if inside is not None and self.nat.inbound_refreshes:
            self._by_port[protocol, port].refresh(remote, now)
        return inside

    def owner(
        self, protocol: int, port: int, remote: SocketAddress, now: float
    ) -> SocketAddress | None:
        """Give the inside endpoint that has a public port and has sent to a remote one lately."""
        mapping = self._alive(self._by_port.get((protocol, port)), now)
        used = None if mapping is None else mapping.remotes.get(remote)
        if mapping is None or used is None or self._expired(used, now):
            return None
        return mapping.inside

    def port_of(self, protocol: int, inside: SocketAddress, now: float) -> int | None:
        """Give the public port an inside endpoint has, None when it has none."""
        mapping = self._alive(self._by_inside.get((protocol, inside)), now)
        return None if mapping is None else mapping.port

    def forget(self) -> None:
        """Lose everything, and give nobody a port again that somebody had."""
        self._spent = frozenset(self._by_port)
        self._by_inside.clear()
        self._by_port.clear()

    def alive(self, now: float) -> tuple[Binding, ...]:
        """Give the bindings that have not expired, the one that sent last at the end."""
        return tuple(
            Binding(
                mapping.protocol,
                mapping.inside,
                mapping.port,
                tuple(r for r, used in mapping.remotes.items() if not self._expired(used, now)),
                mapping.used + self.nat.udp_timeout,
            )
            for mapping in self._by_port.values()
            if not self._expired(mapping.used, now)
        )

    def _expired(self, used: float, now: float) -> bool:
        return now - used >= self.nat.udp_timeout

    def _alive(self, mapping: _Mapping | None, now: float) -> _Mapping | None:
        """Give the mapping back unless it has expired, in which case it is gone for good."""
        if mapping is not None and self._expired(mapping.used, now):
            self._remove(mapping)
            return None
        return mapping

    def _remove(self, mapping: _Mapping) -> None:
        del self._by_inside[mapping.protocol, mapping.inside]
        del self._by_port[mapping.protocol, mapping.port]

    def _make_room(self) -> None:
        if len(self._by_port) >= MAX_BINDINGS:
            self._remove(next(iter(self._by_port.values())))

    def _choose(self, protocol: int, own: int, now: float) -> int:
        """Choose a port nobody has: the endpoint's own one if possible and allowed."""
        port = self._random_port() if self.nat.random_ports else own
        while not self._free((protocol, port), now):
            port = self._random_port()
        return port

    def _random_port(self) -> int:
        return self._rng.randrange(_LOWEST_RANDOM, _PORTS)

    def _free(self, key: tuple[int, int], now: float) -> bool:
        if key in self._spent or key in self.nat.forward:
            return False
        return self._alive(self._by_port.get(key), now) is None
