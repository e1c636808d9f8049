"""A YAML file as plain data in which every key and value still knows its line.

Only plain YAML comes through: text, numbers, truth values, lists and mappings, anchors and merge
keys; no tags, no second document, bounded in size, depth and count. `Problem` is a complaint
with its place, `ScenarioError` all complaints about a file at once.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

MAX_BYTES = 1 << 20
MAX_DEPTH = 24
MAX_NODES = 50_000

Loc = tuple[str | int, ...]
"""The keys and indices from the root to a place, as they stand in the file."""

_MAP, _SEQ, _STR = (f"tag:yaml.org,2002:{name}" for name in ("map", "seq", "str"))
_NULL, _BOOL, _INT = (f"tag:yaml.org,2002:{name}" for name in ("null", "bool", "int"))
_FLOAT, _TIME = (f"tag:yaml.org,2002:{name}" for name in ("float", "timestamp"))
_VALUE, _MERGE = (f"tag:yaml.org,2002:{name}" for name in ("value", "merge"))
_PLAIN_INT = re.compile(r"0|-?[1-9][0-9]{0,17}")
_PLAIN_FLOAT = re.compile(r"[-+]?[0-9]{1,17}\.[0-9]{1,17}")
_FAST: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The reader written in C, ten times as fast, where PyYAML was built with it."""

_TRUE = frozenset(("true", "yes", "on"))

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
"""What no text of a scenario holds, though YAML can escape it: control characters and halves."""

_IN_WORDS: tuple[tuple[str, str], ...] = (
    ("'\\t'", "a tab; YAML is indented with blanks"),
    ("expected <block end>", "this line is indented otherwise than those it belongs to"),
    ("could not find expected ':'", "a key without its colon, or a text that needs quotes"),
    ("mapping values are not allowed", "a second colon; a text that holds `: ` needs quotes"),
    ("cannot start any token", "a text that begins so needs quotes"),
    ("undefined alias", "no `&` gives this name; a text that begins with `*` needs quotes"),
    ("expected ',' or", "a comma or the closing bracket is missing, or a text needs quotes"),
    ("unexpected end of stream", "a quote that is opened and never closed"),
)
"""What the complaints of the YAML reader come to; the first that fits is added to its words."""


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """A complaint: file, line and column (from 1; 0 when the file as a whole is meant), words.

    `hint` is the nearest legal word, empty when there is none near.
    """

    path: str
    line: int
    column: int
    message: str
    hint: str = ""

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}:{self.column}" if self.line else self.path
        return f"{place}: {self.message}" + (f"; did you mean {self.hint!r}?" if self.hint else "")


class ScenarioError(Exception):
    """A scenario file cannot be used; `problems` says why, in the order of the file."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Source:
    """The file: its name as given, its text, its data, and where each key and value stands."""

    name: str
    text: str
    data: Any
    keys: dict[Loc, tuple[int, int]] = field(repr=False)
    values: dict[Loc, tuple[int, int]] = field(repr=False)

    def position(self, loc: Loc, key: bool = False) -> tuple[int, int]:
        """Give line and column of the nearest place that the file has: a key or its value."""
        marks = (self.keys, self.values) if key else (self.values, self.keys)
        for length in range(len(loc), -1, -1):
            for table in marks:
                if loc[:length] in table:
                    return table[loc[:length]]
        return 1, 1

    def line(self, loc: Loc) -> int:
        """Give the line on which a key stands, or the nearest one above it that the file has."""
        return self.position(loc, key=True)[0]

    def place(self, loc: Loc) -> str:
        """Give `file:line` of a place."""
        return f"{self.name}:{self.line(loc)}"

    def source_line(self, loc: Loc) -> str:
        """Give the text of the line on which a place stands, without indentation."""
        lines = self.text.splitlines()
        number = self.line(loc)
        return lines[number - 1].strip() if number <= len(lines) else ""

    def problem(self, loc: Loc, message: str, hint: str = "", key: bool = False) -> Problem:
        """Make a complaint about a place."""
        line, column = self.position(loc, key)
        return Problem(self.name, line, column, message, hint)


def read_source(path: str | Path) -> Source:
    """Read a scenario file from disk. Raises ScenarioError for whatever is wrong with it."""
    name = str(path)
    try:
        with Path(path).open("rb") as file:
            octets = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise _whole(name, "there is no such file") from None
    except IsADirectoryError:
        raise _whole(name, "this is a directory, not a scenario file") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise _whole(name, f"cannot be read: {reason}") from None
    if len(octets) > MAX_BYTES:
        raise _whole(name, f"is larger than {MAX_BYTES >> 20} MiB; that is no scenario")
    try:
        text = octets.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = octets.count(b"\n", 0, error.start) + 1
        column = error.start - octets.rfind(b"\n", 0, error.start)
        problem = Problem(name, line, column, f"octet 0x{octets[error.start]:02x} is not UTF-8")
        raise ScenarioError((problem,)) from None
    return parse_source(text, name)


def parse_source(text: str, name: str) -> Source:
    """Read a scenario from text; `name` is how complaints call it. Raises ScenarioError."""
    if len(text) > MAX_BYTES:
        raise _whole(name, f"is larger than {MAX_BYTES >> 20} MiB; that is no scenario")
    try:
        root = _composed(text, name)
    except yaml.MarkedYAMLError as error:
        raise ScenarioError((_yaml_problem(name, error),)) from None
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        column = error.position - text.rfind("\n", 0, error.position)
        message = f"character U+{_code_point(error.character):04X} is not allowed in YAML"
        raise ScenarioError((Problem(name, line, column, message),)) from None
    except (ValueError, OverflowError):
        raise _whole(name, "is not YAML: it escapes a character that does not exist") from None
    if root is None:
        raise _whole(name, "is empty; `gwsim new` writes a scenario to start from")
    reading = _Reading(name)
    data = reading.convert(root, (), 0)
    if not isinstance(data, dict):
        reading.complain(root, "a scenario is a mapping of keys to values, `name: ...` and so on")
    if reading.problems:
        raise ScenarioError(tuple(sorted(reading.problems)))
    return Source(name, text, data, reading.keys, reading.values)


def _whole(name: str, message: str) -> ScenarioError:
    return ScenarioError((Problem(name, 0, 0, message),))


def _code_point(character: int | str) -> int:
    return character if isinstance(character, int) else ord(character)


def _composed(text: str, name: str) -> yaml.Node | None:
    """Read the nodes with the fast reader; what it dislikes is told in the words of the other."""
    try:
        _check_depth(text, name, _FAST)
        return yaml.compose(text, Loader=_FAST)
    except (yaml.YAMLError, ValueError, OverflowError):
        _check_depth(text, name, yaml.SafeLoader)
        return yaml.compose(text, Loader=yaml.SafeLoader)


def _check_depth(text: str, name: str, loader: Any) -> None:
    """Refuse nesting and length before anything recursive touches the text."""
    depth = 0
    for count, event in enumerate(yaml.parse(text, Loader=loader)):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > MAX_DEPTH or count > MAX_NODES:
            what = "nested too deeply" if depth > MAX_DEPTH else "too long"
            line, column = _start(event)
            raise ScenarioError((Problem(name, line, column, f"this is {what}"),))


def _yaml_problem(name: str, error: yaml.MarkedYAMLError) -> Problem:
    mark = error.problem_mark or error.context_mark
    message = f"not YAML: {error.problem or error.context}"
    if "single document" in str(error.context):
        message = "a second document; one file holds one scenario"
    elif words := next((words for part, words in _IN_WORDS if part in message), ""):
        message = words if words.startswith("a tab") else f"{message}: {words}"
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    return Problem(name, line, column, message)


class _Reading:
    """Turns composed nodes into plain data, and remembers where each came from."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.problems: list[Problem] = []
        self.keys: dict[Loc, tuple[int, int]] = {}
        self.values: dict[Loc, tuple[int, int]] = {}
        self._nodes = 0
        self._sound: set[int] = set()

    def complain(self, node: yaml.Node, message: str) -> None:
        """Note a problem at a node."""
        line, column = _start(node)
        self.problems.append(Problem(self.name, line, column, message))

    def convert(self, node: yaml.Node, loc: Loc, depth: int) -> Any:
        """Give the plain data of a node; aliases are expanded, within bounds."""
        self._bound(node, depth)
        self.values[loc] = _start(node)
        if isinstance(node, yaml.MappingNode) and node.tag == _MAP:
            return self._mapping(node, loc, depth)
        if isinstance(node, yaml.SequenceNode) and node.tag == _SEQ:
            return [
                self.convert(item, (*loc, index), depth + 1)
                for index, item in enumerate(node.value)
            ]
        if isinstance(node, yaml.ScalarNode):
            return self._scalar(node)
        self.complain(node, f"the tag {node.tag!r} is not understood here")
        return None

    def _bound(self, node: yaml.Node, depth: int) -> None:
        """Count a node, and refuse what aliases and merges have made endless."""
        self._nodes += 1
        if depth > MAX_DEPTH or self._nodes > MAX_NODES:
            line, column = _start(node)
            message = "aliases make this too large; write it out or use fewer"
            raise ScenarioError((Problem(self.name, line, column, message),))

    def _mapping(self, node: yaml.MappingNode, loc: Loc, depth: int) -> dict[str, Any]:
        merged: dict[str, Any] = {}
        result: dict[str, Any] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                self.complain(key_node, "a key must be a word")
            elif key_node.tag == _MERGE:
                merged.update(self._merge(value_node, loc, depth + 1))
            elif key_node.value in result:
                first = self.keys[(*loc, key_node.value)][0]
                self.complain(
                    key_node, f"the key {key_node.value!r} is already there on line {first}"
                )
            else:
                place = (*loc, key_node.value)
                result[key_node.value] = self.convert(value_node, place, depth + 1)
                self.keys[place] = _start(key_node)
        return {**merged, **result}

    def _merge(self, node: yaml.Node, loc: Loc, depth: int) -> dict[str, Any]:
        self._bound(node, depth)
        nodes = node.value if isinstance(node, yaml.SequenceNode) else [node]
        merged: dict[str, Any] = {}
        for item in reversed(nodes):
            if isinstance(item, yaml.MappingNode):
                merged.update(self._mapping(item, loc, depth + 1))
            else:
                self.complain(item, "`<<` merges mappings only")
        return merged

    def _scalar(self, node: yaml.ScalarNode) -> Any:
        text: str = node.value
        if id(node) not in self._sound:  # an alias is the same node, and a text may be long
            self._sound.add(id(node))
            if found := _CONTROL.search(text):
                self.complain(node, f"character U+{ord(found[0]):04X} is not allowed in a text")
        if node.tag == _NULL and text in ("", "~"):
            return None
        if node.tag == _BOOL:
            return text.lower() in _TRUE
        if node.tag == _INT and _PLAIN_INT.fullmatch(text):
            return int(text)
        if node.tag == _FLOAT and _PLAIN_FLOAT.fullmatch(text):
            return float(text)
        # `null` is what people call ESP without encryption, so it is a word like any other.
        if node.tag not in (_STR, _INT, _FLOAT, _TIME, _VALUE, _NULL):
            self.complain(node, f"the tag {node.tag!r} is not understood here")
        return text


def _start(item: Any) -> tuple[int, int]:
    """Give line and column, from 1, at which a node or an event begins."""
    return item.start_mark.line + 1, item.start_mark.column + 1
