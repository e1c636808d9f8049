"""What can be configured for one end of a tunnel, as the scenario language has it.

The same block stands on a tunnel (both ends), on a gateway (all its tunnels) and on a tunnel
under a gateway's name (that end only); the later of these wins, key by key. None always means
"not said": then the vendor's own default holds.
"""

from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from gwsim.lab.algorithms import ENCRYPTIONS, ESP_ENCRYPTIONS, HASHES, INTEGRITIES, group_number
from gwsim.lab.base import (
    Address,
    AlsoWritten,
    Model,
    OneOrMany,
    OpenModel,
    SelectorText,
    Service,
)
from gwsim.lab.impairments import ImpairmentOptions
from gwsim.lab.units import Duration, Volume

EncryptionName = Literal[
    "des", "3des", "aes-128", "aes-192", "aes-256", "aes", "aes128", "aes192", "aes256"
]
HashName = Literal[
    "md5", "sha1", "sha256", "sha384", "sha512", "sha", "sha-1", "sha-256", "sha-384", "sha-512"
]
EspName = Literal[
    "des",
    "3des",
    "aes-128",
    "aes-192",
    "aes-256",
    "aes-128-ctr",
    "aes-192-ctr",
    "aes-256-ctr",
    "aes-128-gcm",
    "aes-192-gcm",
    "aes-256-gcm",
    "null",
    "aes",
    "aes128",
    "aes192",
    "aes256",
    "aes-gcm",
]
IntegrityName = Literal[
    "md5",
    "sha1",
    "sha256",
    "sha384",
    "sha512",
    "none",
    "sha",
    "sha-1",
    "sha-256",
    "sha-384",
    "sha-512",
]


def _group(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise ValueError("a Diffie-Hellman group is wanted, such as 2, group14 or modp2048")
    return group_number(value)


def _pfs(value: object) -> int:
    if value is False or value in ("none", "no", "off", 0):
        return 0
    if value is True:
        raise ValueError("name the group of PFS, such as group2, or `no`")
    return _group(value)


def _psk(value: object) -> object:
    if value == "":
        raise ValueError("an empty pre-shared key is none; `no` means that none is set")
    if value is False or isinstance(value, str):
        return value
    if isinstance(value, int) and value is not True:
        return str(value)
    raise ValueError("a pre-shared key is text: put it in quotes; `no` means that none is set")


def _listed(value: object) -> object:
    return value if isinstance(value, list | tuple) else (value,)


def _window(value: int) -> int:
    if 0 < value < 32:
        raise ValueError("a replay window has 32 packets or more (RFC 4303 3.4.3), or 0 for none")
    return value


def _dpd(value: object) -> object:
    if not isinstance(value, bool | dict | DpdOptions):
        raise ValueError("dpd is `yes`, `no` or its times, as in {idle: 10s, retry: 2s, count: 3}")
    return {} if value is True else value


def _some_time(seconds: float) -> float:
    if seconds < SHORTEST:
        raise ValueError(f"{seconds:g} s is too short: one second at least")
    return seconds


SHORTEST = 1.0
"""The shortest lifetime and the shortest wait of DPD, in seconds: what a device can be told."""

SomeTime = Annotated[Duration, AfterValidator(_some_time)]
"""A duration of a second at least."""

GroupNumber = Annotated[
    int,
    BeforeValidator(_group),
    Field(description="A Diffie-Hellman group: 2, group2 or modp1024."),
    AlsoWritten(("text",)),
]
PfsGroup = Annotated[
    int,
    BeforeValidator(_pfs),
    Field(description="The group of perfect forward secrecy: group2, modp1024, or `none`."),
    AlsoWritten(("text", "no")),
]
"""A group number; 0 is "no PFS"."""


class Phase1(Model):
    """One phase 1 proposal: cipher, hash, group, lifetime and how the ends prove themselves.

    Certificates (`rsa-sig`) can be asked for but not used: it is the other end that refuses them.
    """

    encryption: EncryptionName | None = None
    hash: HashName | None = None
    group: GroupNumber | None = None
    lifetime: SomeTime | None = None
    authentication: Literal["psk", "rsa-sig"] | None = None

    @property
    def cipher(self) -> tuple[int, int | None] | None:
        """The wire number and key bits of the cipher."""
        return None if self.encryption is None else ENCRYPTIONS[self.encryption]

    @property
    def hash_number(self) -> int | None:
        """The wire number of the hash."""
        return None if self.hash is None else HASHES[self.hash]


class Phase2(Model):
    """One ESP proposal; `pfs`, `lifetime` and `volume` belong to the tunnel, not to a proposal."""

    encryption: EspName | None = None
    integrity: IntegrityName | None = None
    pfs: PfsGroup | None = None
    lifetime: SomeTime | None = None
    volume: Volume | None = None

    @property
    def cipher(self) -> tuple[int, int | None] | None:
        """The ESP transform and key bits."""
        return None if self.encryption is None else ESP_ENCRYPTIONS[self.encryption]

    @property
    def integrity_number(self) -> int | None:
        """The wire number of the integrity algorithm; None for `none` and when not said."""
        return None if self.integrity is None else INTEGRITIES[self.integrity]


class DpdOptions(Model):
    """Dead peer detection (RFC 3706): probe after `idle`, every `retry`, `count` times."""

    idle: SomeTime | None = None
    retry: SomeTime | None = None
    count: Annotated[int, Field(ge=1, le=100)] | None = None
    action: Literal["clear", "hold", "restart"] | None = None
    on_demand: bool | None = None


class SelectorPair(OpenModel):
    """One pair of proxy IDs: an entry for each end, under the gateways' names.

    Under a gateway's own name in a tunnel `local` and `remote` may be used. `service` holds for
    both ends; its port is that of the gateway named second in `between`.
    """

    __pydantic_extra__: dict[str, SelectorText] = Field(init=False)

    local: SelectorText | None = None
    remote: SelectorText | None = None
    service: Service | None = None


class BehaviourOptions(Model):
    """Where this gateway shall differ from its vendor's temperament (`ike.config.Behaviour`).

    `nat_dialects` are the ways of NAT traversal it announces, the preferred one first. `resend:
    never` sends nothing twice, `give-up` ends a negotiation where it would; `rekey: no`
    renews no SA, `expire: no` keeps IPsec SAs beyond their lifetime. `impairments` is what this
    gateway writes wrongly.
    """

    pfs: Literal["obey", "if-configured", "exact"] | None = None
    proxy: Literal["exact", "subset", "any"] | None = None
    lifetime: Literal["lower", "strict", "obey", "exact"] | None = None
    initial_contact: bool | None = None
    send_delete: bool | None = None
    check_peer_id: bool | None = None
    keepalive: Duration | None = None
    half_open_timeout: Duration | None = None
    half_open_limit: Annotated[int, Field(ge=1, le=10000)] | None = None
    nat_dialects: tuple[Literal["rfc3947", "draft-03", "draft-02"], ...] = ()
    resend: Literal["never", "give-up"] | None = None
    rekey: bool | None = None
    expire: bool | None = None
    impairments: Annotated[tuple[ImpairmentOptions, ...], Field(max_length=32)] = ()


ProposalsPhase1 = Annotated[
    tuple[Phase1, ...], BeforeValidator(_listed), Field(min_length=1, max_length=32), OneOrMany()
]
ProposalsPhase2 = Annotated[
    tuple[Phase2, ...], BeforeValidator(_listed), Field(min_length=1, max_length=32), OneOrMany()
]
Selectors = Annotated[
    tuple[SelectorPair, ...], BeforeValidator(_listed), Field(max_length=64), OneOrMany()
]
Window = Annotated[
    int, Field(ge=0, le=2048, description="Packets; 0 checks nothing."), AfterValidator(_window)
]

DpdChoice = Annotated[DpdOptions | Literal[False], BeforeValidator(_dpd), AlsoWritten(("yes",))]
"""DPD on (with the vendor's times), off, or on with times of one's own."""

PskChoice = Annotated[str | Literal[False], BeforeValidator(_psk), AlsoWritten(("digits",))]
"""A pre-shared key, or that there is none."""


class SideOptions(Model):
    """Everything that can be said for one end of a tunnel.

    `psk: no` means that no key is configured for the peer. `identity` is what this end calls
    itself: an address, a name, `user@name` or `key-id:text`; `peer_identity` what it expects.
    `peer` is the address at which the peer is sought. `selectors: []` protects nothing.
    `direction` tells who may start. `truncated_sha256` is the 96-bit mistake of early gateways.
    """

    psk: PskChoice | None = None
    mode: Literal["main", "aggressive"] | None = None
    accept: tuple[Literal["main", "aggressive"], ...] | None = None
    phase1: ProposalsPhase1 | None = None
    phase2: ProposalsPhase2 | None = None
    pfs: PfsGroup | None = None
    selectors: Selectors | None = None
    dpd: DpdChoice | None = None
    nat_traversal: bool | None = None
    force_encapsulation: bool | None = None
    encapsulation: Literal["tunnel", "transport"] | None = None
    identity: Annotated[str, Field(min_length=1, max_length=255)] | None = None
    peer_identity: Annotated[str, Field(min_length=1, max_length=255)] | None = None
    peer: Address | Literal["any"] | None = None
    direction: Literal["both", "answer-only", "originate-only"] | None = None
    auto_start: bool | None = None
    replay_window: Window | None = None
    esn: bool | None = None
    truncated_sha256: bool | None = None

    @model_validator(mode="after")
    def _one_each(self) -> "SideOptions":
        entries = self.phase2 or ()
        for name in ("pfs", "lifetime", "volume"):
            said = {getattr(entry, name) for entry in entries} - {None}
            if len(said) > 1:
                raise ValueError(f"{name} is one for all proposals of phase2, not {len(said)}")
            if name == "pfs" and said and self.pfs is not None:
                raise ValueError("pfs stands twice: here and in phase2")
        return self
