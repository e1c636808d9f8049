"""Reading a FortiGate's configuration: `config`, `edit`, `set`, `next` and `end`.

The sections that matter to a tunnel are read; of another one its first line is returned, and what
is in it is passed over. What nobody reads, and what contradicts itself, is returned with its
number and never stops the reading. `unset` means a default, which is what there is already.
Source: vendor sheet, FortiOS configuration grammar.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from gwsim.vendors.fortios.config_draft import Draft
from gwsim.vendors.fortios.config_handlers import HANDLERS, PHASE2_SECTIONS, entered
from gwsim.vendors.vendor import ConfigText, Ignored, Reading

UNKNOWN = "not known here"

_PASSED_OVER = ""
"""The section of a frame that nobody reads."""

_VDOM = "vdom"
"""A section that holds sections: one of the virtual firewalls, or what all of them share."""

_WRAPPERS = ("vdom", "global")
_WORD = re.compile(r'"((?:[^"\\]|\\.)*)"|(\S+)', re.DOTALL)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_LONGEST = 100
"""Lines that a quoted text may go over; a certificate has some thirty."""


@dataclass(slots=True)
class _Frame:
    """A section that is open, and its entry that is."""

    section: str
    entry: str = ""


def read_config(text: str) -> Reading:
    """Read a configuration, for instance the output of `show`.

    Raises ValueError when no tunnel is bound to an interface with an address; nothing else.
    """
    draft = Draft()
    stack: list[_Frame] = []
    ignored: list[Ignored] = []
    for number, line in _lines(text):
        why = _read_line(draft, stack, _words(line), number)
        if why:
            ignored.append(Ignored(number, line.splitlines()[0], why))
    config, left_out = draft.finish()
    return Reading(config, tuple(sorted([*ignored, *left_out], key=lambda line: line.number)))


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Give the lines that say something; a quoted text that goes over several is in one."""
    lines = text.splitlines()
    number = 0
    while number < len(lines):
        start, line = number, lines[number]
        number += 1
        while _is_open(line) and number < len(lines) and number - start < _LONGEST:
            line += f"\n{lines[number]}"
            number += 1
        if _is_open(line):
            line, number = lines[start], start + 1
        if line.strip() and not line.lstrip().startswith("#"):
            yield start + 1, line


def _is_open(line: str) -> bool:
    """Say whether a quoted text is still open at the end of a line."""
    return '"' in _WORD.sub(lambda m: m[2] or "", line)


def _words(line: str) -> list[str]:
    return [
        m[2] if m[1] is None else _ESCAPED.sub(r"\1", m[1]) for m in _WORD.finditer(line.strip())
    ]


def _read_line(draft: Draft, stack: list[_Frame], words: list[str], number: int) -> str:
    """Read one line; gives why it was ignored, or nothing."""
    verb, rest = words[0], words[1:]
    if verb == "config":
        return _open(stack, " ".join(rest))
    if not stack:
        return UNKNOWN
    frame = stack[-1]
    if verb == "end":
        stack.pop()
        return ""
    if frame.section in (_PASSED_OVER, _VDOM):
        return ""
    if verb == "edit" and rest:
        frame.entry = rest[0]
        entered(draft, frame.section, frame.entry, number)
        return ""
    if verb == "next":
        frame.entry = ""
        return ""
    if verb == "set" and len(rest) > 1:
        return _set(draft, frame, rest[0], rest[1:])
    return "" if verb == "unset" else UNKNOWN


def _open(stack: list[_Frame], path: str) -> str:
    """Begin a section."""
    within = stack[-1].section if stack else _VDOM
    if path in _WRAPPERS and within == _VDOM:
        stack.append(_Frame(_VDOM))
    elif path in HANDLERS and within == _VDOM:
        stack.append(_Frame(path))
    else:
        stack.append(_Frame(_PASSED_OVER))
        return UNKNOWN if within else ""
    return ""


def _set(draft: Draft, frame: _Frame, word: str, values: list[str]) -> str:
    handler = HANDLERS[frame.section].get(word)
    if handler is None:
        return UNKNOWN
    try:
        handler(draft, frame.entry, values)
        if frame.section in PHASE2_SECTIONS and word in ("src-name", "dst-name"):
            return _named(draft, values[0])
    except ValueError as wrong:
        return str(wrong)
    except KeyError:
        return "no entry is open"
    except IndexError:
        return "a value is missing"
    return ""


def _named(draft: Draft, name: str) -> str:
    """Say what is wrong with the name of an address object, which stands above its user."""
    return "" if draft.address(name) else f"{name!r} is not one network; everything is meant here"


CONFIG_TEXT = ConfigText(
    read=read_config,
    sign=re.compile(r"^\s*config vpn ipsec phase1(-interface)?\s*$", re.MULTILINE | re.ASCII),
    command="show",
)
"""How the registry's users read such a configuration, and know it when they see one."""
