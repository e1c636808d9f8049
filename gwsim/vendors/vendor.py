"""What every vendor folder provides, and what its views are made from.

A vendor is one folder and one line in `registry`. Views are functions of a `View`; they see
nothing but the snapshot, the events and the configuration, so they cannot show what the engine
is not in.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType

from gwsim.gateway.config import GatewayConfig
from gwsim.gateway.events import GatewayStarted
from gwsim.gateway.snapshot import Snapshot
from gwsim.ike.config import Behaviour, Dpd, Phase1Transform, Phase2Transform
from gwsim.ike.events import Event
from gwsim.vendors.habits import Trait


@dataclass(frozen=True, slots=True)
class View:
    """All a screen may be made from: the snapshot, the events so far, the calendar, the wishes.

    `epoch` is the wall-clock time at which the engine's clock stood at zero. `config` is what the
    box is told at this moment, for the screens that print it or what is configured and not yet
    negotiated; None where it is not at hand.
    """

    snapshot: Snapshot
    events: tuple[Event, ...]
    epoch: datetime
    config: GatewayConfig | None = None

    def clock(self, at: float) -> datetime:
        """Give the wall-clock time of a moment on the engine's clock."""
        return self.epoch + timedelta(seconds=at)

    @property
    def since_start(self) -> tuple[Event, ...]:
        """The events since the last boot: what a device that keeps nothing on disk remembers."""
        starts = [n for n, event in enumerate(self.events) if isinstance(event, GatewayStarted)]
        return self.events[starts[-1] :] if starts else self.events


@dataclass(frozen=True, slots=True)
class LogLine:
    """One line of a vendor's log or debug output.

    `at` is the engine's time, `text` the message without time stamp or device prefix, `id` the
    vendor's message number ("713119", "00536", "" for debug only), `severity` its level as the
    vendor writes it, `debug` true when only a debug command shows it.
    """

    at: float
    text: str
    id: str = ""
    severity: str = ""
    debug: bool = False


@dataclass(frozen=True, slots=True)
class Defaults:
    """What a freshly unpacked device of this vendor would have: the scenario's blanks are these.

    `accepts_other_mode` says whether a gateway configured for main mode also answers aggressive
    mode, and the other way round. The interfaces are what the device calls its two sides.
    """

    phase1: tuple[Phase1Transform, ...]
    phase2: tuple[Phase2Transform, ...]
    pfs_group: int | None
    phase1_lifetime: int
    phase2_lifetime: int
    phase2_kilobytes: int | None
    dpd: Dpd | None
    nat_traversal: bool
    replay_window: int
    dont_fragment: str = "copy"
    queue: int = 0
    accepts_other_mode: bool = True
    outside_interface: str = "outside"
    inside_interface: str = "inside"


@dataclass(frozen=True, slots=True)
class Complaints:
    """What a device's command line says about a line that it cannot make a command of.

    `{typed}` is the line, `{word}` the offending word, `{indent}` the blanks that put a marker
    under it.
    """

    unknown: str = "{indent}^ unknown keyword {word}"
    ambiguous: str = "ambiguous command: {typed}"
    incomplete: str = "incomplete command: {typed}"


@dataclass(frozen=True, slots=True)
class Ignored:
    """A line of a configuration that was not understood: its number from 1, its text, and why."""

    number: int
    text: str
    why: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What became of a device's configuration: ours, and the lines that are not in it."""

    config: GatewayConfig
    ignored: tuple[Ignored, ...]


@dataclass(frozen=True, slots=True)
class ConfigText:
    """How a device's own configuration is read.

    `read` raises ValueError for a text without any tunnel. `sign` is found in texts of this
    vendor and of no other, `command` is what prints such a text, keys and all.
    """

    read: Callable[[str], Reading]
    sign: re.Pattern[str]
    command: str


@dataclass(frozen=True, slots=True)
class Vendor:
    """One vendor: temperament, words and screens.

    `state_word(state, exchange)` gives the vendor's word for an engine state, None when it shows
    nothing there. `commands` maps the full spelling of each command to its screen, `parametric`
    those whose last word is an argument, spelled `<like-this>`; `registry` resolves abbreviations
    and has the `complaints` about the rest. `log(events, snapshot)` renders events in order (it
    may look back in the sequence) into log and debug lines; the snapshot gives names of the box
    only. `format_line` writes a line as the device's own log command would print it. `config_text`
    reads the device's own configuration, None where that is not known. `unseen` says, of a vendor
    of which only the wire is known, that its screens are not; it has no commands and no log then.
    `believed` are the texts that are general knowledge of the device, and `proven` names a source
    for every habit that is more than that.
    """

    name: str
    title: str
    behaviour: Behaviour
    defaults: Defaults
    state_words: tuple[str, ...]
    state_word: Callable[[str, str], str | None]
    commands: Mapping[str, Callable[[View], str]]
    log: Callable[[tuple[Event, ...], Snapshot], tuple[LogLine, ...]]
    format_line: Callable[[LogLine, datetime], str]
    prompt: Callable[[Snapshot], str]
    believed: frozenset[str] = field(default_factory=frozenset)
    proven: Mapping[Trait, str] = field(default_factory=lambda: MappingProxyType({}))
    parametric: Mapping[str, Callable[[View, str], str]] = field(
        default_factory=lambda: MappingProxyType({})
    )
    complaints: Complaints = Complaints()
    config_text: ConfigText | None = None
    unseen: str = ""
