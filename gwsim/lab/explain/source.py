"""Places in gwsim's own source text: functions, uses of a name, texts of messages."""

import ast
import inspect
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import gwsim

_PACKAGE = Path(gwsim.__file__).parent
_FIELD = re.compile(r"\{[^{}]*\}")
_NUMBER = re.compile(r"\b\d+\b")
_LEAST_KNOWN = 3
_LEAST_LETTERS = 8
_LEAST_SHARE = 3
_FEW_WORDS = 2


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A line of a source file; `file` is relative to the folder that holds the package."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


@dataclass(frozen=True, slots=True)
class Template:
    """The text of a message somewhere in the source; what varies in it is `{}`."""

    place: Place
    text: str

    def mentions(self, fragment: str) -> bool:
        """Say whether the text contains a fragment, or can become a line that contains it.

        So both a few words and a whole line copied from a device find their source; of that
        line the text must make up a fair share.
        """
        if fragment.lower() in self.text.lower():
            return True
        if _letters(fragment) >= _LEAST_KNOWN and _general(fragment) in self.text.lower():
            return True
        pattern = _pattern(self.text)
        if pattern is None or _letters(self.text) * _LEAST_SHARE < _letters(fragment):
            return False
        return pattern.search(fragment) is not None


def _letters(text: str) -> int:
    return sum(map(str.isalpha, text))


def _general(text: str) -> str:
    """Blank out the numbers, which are what varies most: `DOI <1> <18>` is `DOI <{}> <{}>`."""
    return _NUMBER.sub("{}", text.lower())


@cache
def _pattern(text: str) -> re.Pattern[str] | None:
    """Make the pattern of a line from a text; None for one that could be part of any line.

    Whole words must match. A text of two words must be the end of the line: devices put time,
    number and peer before a message, and two words are soon found inside another one.
    """
    fixed = _FIELD.sub("", text).split()
    if _letters("".join(fixed)) < _LEAST_LETTERS or len(fixed) < _FEW_WORDS:
        return None
    end = r"\s*$" if len(fixed) == _FEW_WORDS else r"(?!\w)"
    words = ".*?".join(map(re.escape, text.strip(" .!").split("{}")))
    return re.compile(rf"(?<!\w){words}{end}", re.IGNORECASE)


def place_of(function: Callable[..., Any]) -> Place:
    """Give the place where a function begins."""
    file = Path(inspect.getsourcefile(function) or "")
    return Place(_relative(file), inspect.getsourcelines(function)[1])


def uses(folder: str, owner: str, member: str) -> tuple[Place, ...]:
    """Find where the modules of a folder (`ike`) speak of a member of an enumeration."""
    return _members(folder).get((owner, member), ())


@cache
def _members(folder: str) -> dict[tuple[str, str], tuple[Place, ...]]:
    found: dict[tuple[str, str], set[Place]] = {}
    for file, tree in _trees(folder):
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                place = Place(_relative(file), node.lineno)
                found.setdefault((node.value.id, node.attr), set()).add(place)
    return {key: tuple(sorted(places)) for key, places in found.items()}


@cache
def templates(folder: str) -> tuple[Template, ...]:
    """List the texts in the modules of a folder that are not docstrings."""
    return tuple(
        Template(Place(_relative(file), line), text)
        for file, tree in _trees(folder)
        for line, text in _texts(tree)
    )


def folder_of(function: Callable[..., Any]) -> str:
    """Give the folder whose modules hold a function: `vendors/asa`."""
    return "/".join(function.__module__.split(".")[1:-1])


@cache
def _trees(folder: str) -> tuple[tuple[Path, ast.Module], ...]:
    files = sorted((_PACKAGE / folder).rglob("*.py"))
    return tuple((file, ast.parse(file.read_text(encoding="utf-8"))) for file in files)


def _relative(file: Path) -> str:
    return file.resolve().relative_to(_PACKAGE.resolve().parent).as_posix()


def _texts(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Walk through the texts of a module; pieces of an f-string come joined, docstrings not."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.JoinedStr):
            yield node.lineno, "".join(_piece(value) for value in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.lineno, _FIELD.sub("{}", node.value)
        elif not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)):
            yield from _texts(node)


def _piece(value: ast.expr) -> str:
    return str(value.value) if isinstance(value, ast.Constant) else "{}"
