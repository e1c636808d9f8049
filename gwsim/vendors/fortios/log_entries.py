"""Which events the event log tells, and how; the debug output is told elsewhere.

Source: vendor sheet, FortiOS event log.
"""

from collections.abc import Iterator

from gwsim.gateway.events import GatewayStarted, LinkChanged, PacketDropped
from gwsim.ike.events import (
    DpdFailed,
    GaveUp,
    MessageSent,
    NotifyReceived,
    PhaseOneClosed,
    PhaseOneCompleted,
    PhaseTwoClosed,
    PhaseTwoCompleted,
    Rejected,
)
from gwsim.ike.flaws import Flaw
from gwsim.ike.states import Role
from gwsim.vendors.fortios import eventlog, words
from gwsim.vendors.fortios.eventlog import Step
from gwsim.vendors.fortios.names import notify_name
from gwsim.vendors.fortios.story import Story, cookie_pair
from gwsim.vendors.vendor import LogLine
from gwsim.wire.numbers import NotifyType, is_error_notify

STAGES: dict[str, int] = {
    "main-1": 1,
    "main-2": 1,
    "main-3": 2,
    "main-4": 2,
    "main-5": 3,
    "aggr-1": 1,
    "aggr-2": 1,
    "quick-1": 1,
    "quick-2": 1,
}
"""The stage of a negotiation that a message makes; what completes it is told as done."""

MODES: dict[str, str] = {"main": "main", "aggr": "aggressive", "quick": "quick"}
"""Modes by the first part of a message's label."""

_LAST_STAGE = {"main": 3, "aggressive": 2}

PHASE1_REASONS: dict[Flaw, str] = {
    Flaw.NO_PROPOSAL_PHASE1: eventlog.MISMATCH,
    Flaw.UNDECRYPTABLE: words.PSK_MISMATCH,
    Flaw.HASH_PHASE1: words.PSK_MISMATCH,
    Flaw.UNKNOWN_PEER: words.NO_MATCHING_GATEWAY,
    Flaw.NO_PRE_SHARED_KEY: words.NO_MATCHING_GATEWAY,
    Flaw.EXCHANGE_MODE: words.NO_MATCHING_GATEWAY,
    Flaw.PEER_ID: words.INCORRECT_IDENTITY,
}
"""Why phase 1 failed, by what was wrong with a message."""

PHASE2_REASONS: dict[Flaw, str] = {
    Flaw.NO_PROPOSAL_PHASE2: eventlog.MISMATCH,
    Flaw.PFS: eventlog.MISMATCH,
    Flaw.PROXY_ID: eventlog.MISMATCH,
}
"""Why phase 2 failed; selectors are part of the policy as well."""

STATELESS = frozenset({Flaw.UNKNOWN_COOKIE, Flaw.UNKNOWN_COOKIE_ENCRYPTED, Flaw.NO_PHASE1})
"""Flaws of a quick mode whose IKE SA nobody knows."""


def message_sent(story: Story, event: MessageSent) -> Iterator[LogLine]:
    """Tell how far a negotiation has come when a message leaves for the first time."""
    stage = STAGES.get(event.label)
    if stage is not None and not event.attempt and not event.answers_duplicate:
        mode = MODES[event.label.partition("-")[0]]
        yield eventlog.progress(story, event, Step(mode, event.role, stage, True, "OK"))


def phase_one_completed(story: Story, event: PhaseOneCompleted) -> Iterator[LogLine]:
    """Tell that phase 1 is done."""
    outbound = (event.role is Role.RESPONDER) == (event.exchange == "main")
    stage = _LAST_STAGE.get(event.exchange, 3)
    yield eventlog.progress(story, event, Step(event.exchange, event.role, stage, outbound, "DONE"))


def gave_up(story: Story, event: GaveUp) -> Iterator[LogLine]:
    """Tell that a negotiation took too long, and at which stage."""
    family, _, awaited = event.state.value.lower().partition("_wait_")
    label = f"{family}-{int(awaited) - 1}" if awaited.isdigit() else ""
    step = Step(MODES.get(family, family), event.role, STAGES.get(label, 1), True, "ERROR")
    yield eventlog.progress(story, event, step)


def rejected(story: Story, event: Rejected) -> Iterator[LogLine]:
    """Tell why a negotiation failed."""
    pair = cookie_pair(event)
    if event.flaw in PHASE1_REASONS and event.phase == 1:
        reason = PHASE1_REASONS[event.flaw]
        yield eventlog.refused(story, event, eventlog.PHASE1_ERROR, reason, cookies=pair)
    elif event.flaw in PHASE2_REASONS:
        reason = PHASE2_REASONS[event.flaw]
        more = {"mode": "quick", "cookies": pair}
        yield eventlog.refused(story, event, eventlog.PHASE2_ERROR, reason, **more)
    elif event.flaw in STATELESS and event.label.startswith("quick"):
        rest = 'status="negotiate_error"'
        yield eventlog.entry(story, event, eventlog.NO_STATE, rest, cookies=pair)


def notify_received(story: Story, event: NotifyReceived) -> Iterator[LogLine]:
    """Tell that a peer has refused what we offered."""
    if not is_error_notify(event.notify_type) or event.notify_type == NotifyType.INVALID_SPI:
        return
    told, reason = notify_name(event.notify_type), words.PEER_NOTIFICATION
    if event.phase == 2:
        more = {"mode": "quick", "peer_notif": told}
        yield eventlog.refused(story, event, eventlog.PHASE2_ERROR, reason, **more)
    else:
        yield eventlog.refused(story, event, eventlog.PHASE1_ERROR, reason, peer_notif=told)


def phase_two_completed(story: Story, event: PhaseTwoCompleted) -> Iterator[LogLine]:
    """Tell of a pair of IPsec SAs, and of a tunnel that it brings up."""
    outbound = event.role is Role.INITIATOR
    done = Step("quick", event.role, 2, outbound, "DONE")
    yield eventlog.progress(story, event, done)
    spis = f'in_spi="{event.inbound_spi:08x}" out_spi="{event.outbound_spi:08x}"'
    yield eventlog.entry(story, event, eventlog.INSTALLED, f'role="{event.role.value}" {spis}')
    up = story.up.setdefault(event.connection, set())
    first = not up
    up.add(event.inbound_spi)
    if first:
        story.since[event.connection] = event.at
        name = f'phase2_name="{event.child}"'
        yield eventlog.entry(story, event, eventlog.PHASE2_STATUS, name, "phase2-up")
        yield eventlog.connection(story, event, up=True)


def phase_two_closed(story: Story, event: PhaseTwoClosed) -> Iterator[LogLine]:
    """Tell of a pair of IPsec SAs that is gone, and of a tunnel that is down without it."""
    spis = f'in_spi="{event.inbound_spi:08x}" out_spi="{event.outbound_spi:08x}"'
    yield eventlog.entry(story, event, eventlog.PHASE2_DELETED, spis)
    sent, received = story.octets.get(event.connection, (0, 0))
    story.octets[event.connection] = (sent + event.bytes_out, received + event.bytes_in)
    up = story.up.setdefault(event.connection, set())
    up.discard(event.inbound_spi)
    if not up:
        name = f'phase2_name="{event.child}"'
        yield eventlog.entry(story, event, eventlog.PHASE2_STATUS, name, "phase2-down")
        yield eventlog.connection(story, event, up=False)


def phase_one_closed(story: Story, event: PhaseOneClosed) -> Iterator[LogLine]:
    """Tell of an IKE SA that is gone; one that never was is told by its failure."""
    if event.up_for is not None:
        yield eventlog.entry(story, event, eventlog.PHASE1_DELETED, "")


def dpd_failed(story: Story, event: DpdFailed) -> Iterator[LogLine]:
    """Tell that the peer is given up for dead."""
    yield eventlog.entry(story, event, eventlog.DPD, 'status="dpd_failure"')


def packet_dropped(story: Story, event: PacketDropped) -> Iterator[LogLine]:
    """Tell of an ESP packet that was dropped."""
    what = words.ESP_ERRORS.get(event.cause)
    if what is not None and event.inbound:
        rest = (
            f'status="esp_error" error_num="{what}" spi="{event.spi:08x}" '
            f'seq="{event.sequence:08x}"'
        )
        yield eventlog.entry(story, event, eventlog.ESP, rest, peer=event.source)


def link_changed(story: Story, event: LinkChanged) -> Iterator[LogLine]:
    """Tell that the outside interface went up or down."""
    yield eventlog.link(story, event)


def gateway_started(story: Story, event: GatewayStarted) -> Iterator[LogLine]:
    """Tell that the box is up; one that was running before has forgotten everything."""
    story.forget()
    yield eventlog.started(event)
