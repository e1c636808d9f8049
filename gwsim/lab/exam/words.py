"""What a student can say in an exam: a line is a word with its arguments, the answer is text."""

import shlex
from collections.abc import Callable
from dataclasses import dataclass

from gwsim.lab.exam.mark import HINT, WRONG
from gwsim.lab.exam.paper import asked
from gwsim.lab.exam.room import Misunderstood, Room
from gwsim.lab.faults.catalogue import CATALOGUE
from gwsim.lab.nearest import hint
from gwsim.lab.source import ScenarioError

ALL = "all"
"""What is said to have a ladder in full."""

DONE = "done"
"""The word that ends an exam."""


@dataclass(frozen=True, slots=True)
class Word:
    """One word: its arguments as people write them, how many there may be, what it is for."""

    usage: str
    arguments: range
    purpose: str
    say: Callable[[Room, list[str]], str]


def _help(room: Room, given: list[str]) -> str:
    rows = [(f"{name} {word.usage}".rstrip(), word.purpose) for name, word in WORDS.items()]
    width = max(len(left) for left, _ in rows)
    return "\n".join(f"  {left.ljust(width)}  {right}" for left, right in rows)


def _faults(room: Room, given: list[str]) -> str:
    """List what an exam can hide, theme by theme, whatever its level."""
    hidden = [fault for name, fault in CATALOGUE.items() if asked(name)]
    lines: list[str] = []
    for theme in dict.fromkeys(fault.theme for fault in hidden):
        lines.append(theme.value)
        lines += [f"  {fault.name}: {fault.title}" for fault in hidden if fault.theme is theme]
    return "\n".join(lines)


def _wire(room: Room, given: list[str]) -> str:
    if given not in ([], [ALL]):
        raise Misunderstood(f"it is `wire` or `wire {ALL}`")
    return room.wire(whole=bool(given))


def _show(room: Room, given: list[str]) -> str:
    return room.console(given[0]).show(" ".join(given[1:]))


WORDS: dict[str, Word] = {
    "show": Word(
        "GATEWAY COMMAND", range(2, 12), "what the device prints when you type that", _show
    ),
    "commands": Word(
        "GATEWAY",
        range(1, 2),
        "what can be typed there",
        lambda room, given: room.commands(*given),
    ),
    "log": Word(
        "GATEWAY",
        range(1, 2),
        "the log of the device",
        lambda room, given: "\n".join(room.console(given[0]).log),
    ),
    "debug": Word(
        "GATEWAY",
        range(1, 2),
        "the log with debug lines",
        lambda room, given: "\n".join(room.console(given[0]).debug),
    ),
    "wire": Word(f"[{ALL}]", range(2), "the messages between the gateways", _wire),
    "ping": Word(
        "FROM TO", range(2, 3), "four pings, host to host", lambda room, given: room.ping(*given)
    ),
    "clear": Word(
        "GATEWAY", range(1, 2), "delete all its SAs", lambda room, given: room.clear(*given)
    ),
    "wait": Word("TIME", range(1, 2), "let time pass: 30s, 2m", lambda r, given: r.wait(*given)),
    "faults": Word("", range(1), "the names of all faults that can be it", _faults),
    "diagnose": Word(
        "FAULT [GATEWAY]",
        range(1, 3),
        f"what is wrong, where, or whose packets; wrong: -{WRONG}",
        lambda room, given: room.diagnose(*given),
    ),
    "repair": Word(
        "FAULT [GATEWAY]", range(1, 3), "mend that", lambda room, given: room.repair(*given)
    ),
    "hint": Word("", range(1), f"a hint: -{HINT}", lambda room, _: room.hint()),
    DONE: Word("", range(1), "end the exam", lambda *_: "the exam is over"),
    "help": Word("", range(1), "this list", _help),
}
"""Every word a student can say."""


def answer(room: Room, line: str) -> str:
    """Do what a line says and give the answer. Raises Misunderstood for what is no command."""
    try:
        name, *given = shlex.split(line)
    except ValueError as error:
        raise Misunderstood(f"{line!r}: {error}") from None
    word = WORDS.get(name)
    if word is None:
        remedy = hint(name, WORDS) or "; say `help`"
        raise Misunderstood(f"there is no {name!r} here{remedy}")
    if len(given) not in word.arguments:
        raise Misunderstood(f"it is `{f'{name} {word.usage}'.rstrip()}`")
    try:
        return word.say(room, given)
    except ScenarioError as error:
        raise Misunderstood(str(error)) from None
