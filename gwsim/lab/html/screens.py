"""What gateways answer to commands at a moment, and what they log, cut to a readable length."""

from collections.abc import Iterable
from dataclasses import dataclass

from gwsim.lab.expect.evidence import Witness
from gwsim.lab.matrix.wording import is_believed
from gwsim.lab.scenario import Scenario
from gwsim.vendors.vendor import LogLine

_LINES = 150
_LOG_HEAD, _LOG_TAIL = 60, 140
_LATEST = 3
_STREAMS = ("debug ", "get dbuf")  # what these show is the debug lines, which stand with the log


@dataclass(frozen=True, slots=True)
class Screen:
    """What was typed (`also`: other spellings with the same answer), and the answer.

    `wanted` when the scenario expects something of it; `left_out` lines are not shown.
    """

    command: str
    also: tuple[str, ...]
    text: str
    left_out: int
    wanted: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a log as the device writes it, with the run's time in seconds.

    Whether its wording is `believed` only, not proven by a sample or a manual.
    """

    at: float
    text: str
    believed: bool


@dataclass(frozen=True, slots=True)
class Log:
    """A gateway's log: the `first` lines, how many were `left_out`, and the `last` ones."""

    first: tuple[Line, ...]
    left_out: int
    last: tuple[Line, ...]
    total: int


def screens(witness: Witness, scenario: Scenario, moment: float) -> tuple[Screen, ...]:
    """Give what every command of a gateway shows at a moment, each text once.

    The device's first command comes first, then those the scenario speaks of.
    """
    wanted = _wanted(witness, scenario)
    commands = [command for command in witness.vendor.commands if not command.startswith(_STREAMS)]
    spelled: dict[str, list[str]] = {}
    for command in dict.fromkeys((*commands[:1], *wanted, *commands[1:])):
        spelled.setdefault(witness.screen(command, moment), []).append(command)
    return tuple(
        _screen(text, names, bool(set(names) & set(wanted))) for text, names in spelled.items()
    )


def changed(now: Iterable[Screen], before: Iterable[Screen]) -> tuple[Screen, ...]:
    """Leave out the screens that show what they showed before."""
    known = {(screen.command, screen.text) for screen in before}
    return tuple(screen for screen in now if (screen.command, screen.text) not in known)


def log(witness: Witness, debug: bool) -> Log:
    """Give a gateway's log, or its debug lines."""
    lines = [line for line in witness.lines if line.debug is debug]
    cut = max(0, len(lines) - _LOG_HEAD - _LOG_TAIL)
    head = lines[:_LOG_HEAD] if cut else lines
    tail = lines[-_LOG_TAIL:] if cut else []

    first = tuple(_written(witness, line) for line in head)
    last = tuple(_written(witness, line) for line in tail)
    return Log(first, cut, last, len(lines))


def said_last(witness: Witness, moment: float) -> tuple[Line, ...]:
    """Give the last lines of a log up to a moment; of what was said again and again, the last."""
    said = [line for line in witness.lines if not line.debug and line.at <= moment]
    different = {line.text: line for line in said}
    latest = sorted(different.values(), key=lambda line: line.at)[-_LATEST:]
    return tuple(_written(witness, line) for line in latest)


def _written(witness: Witness, line: LogLine) -> Line:
    return Line(line.at, witness.written(line), is_believed(witness.vendor, line))


def _wanted(witness: Witness, scenario: Scenario) -> tuple[str, ...]:
    name = witness.gateway.name
    blocks = [block.gateways[name] for block in scenario.expect if name in block.gateways]
    return tuple(dict.fromkeys(command for block in blocks for command in block.named))


def _screen(text: str, names: list[str], wanted: bool) -> Screen:
    lines = text.strip("\n").splitlines()
    left_out = max(0, len(lines) - _LINES)
    return Screen(names[0], tuple(names[1:]), "\n".join(lines[:_LINES]), left_out, wanted)
