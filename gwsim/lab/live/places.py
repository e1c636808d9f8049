"""Where running labs leave word of themselves: one directory each, which only its owner can read.

A lab's directory is under $XDG_RUNTIME_DIR/gwsim or, where there is none, /tmp/gwsim-UID. Whoever
keeps the lab running holds a lock in it. A directory whose lock is free is what a crash left.

    lab.json      what the lab is; NAME.sock, NAME.log, NAME.debug, NAME.journal: door, vendor's
    _lock         log, debug output and journal of a node; names with an underline are not of nodes
"""

import fcntl
import json
import os
import re
import shutil
import stat
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from gwsim.daemon.logfiles import debug_beside
from gwsim.lab.runtimes.failure import RuntimeFailure

NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")
"""What a lab may be called."""

PASSING = "run-"
"""How the names of labs begin that end with the `gwsim run` they belong to."""

DOCKER = "docker"
"""What `State.runtime` says of a lab of containers, inside of which it is looked at."""

KEEPER = "_keeper"
HINTS = "_hints"
ENDING = "_ending"
"""A file that says: what ends now is not to come back."""

_LOCK = "_lock"
_STATE = "lab.json"


class PlaceError(RuntimeFailure):
    """A lab cannot be put where it should be, or is not there; the text is for people."""


@dataclass(frozen=True, slots=True)
class State:
    """What is known about a running lab.

    `networks` are the descriptors under which the process `keeper` holds the nodes' namespaces.
    `kinds` says of each node what it is: gateway, host or internet. `ports` names the interface
    of a node on which there is most to see. `text` is the scenario as it is now, changed faults
    included ("" when it is none of the user's business, as in a `gwsim run`), and `faults` are
    those in it: the name of each, and in words when it comes and goes. `epoch` is the wall-clock
    time at second 0, ISO 8601; `started` the machine's, in seconds since 1970.
    """

    name: str
    title: str
    runtime: str
    keeper: int
    speed: float
    epoch: str
    started: float
    networks: dict[str, int]
    kinds: dict[str, str]
    ports: dict[str, str]
    vendors: dict[str, str]
    addresses: dict[str, str]
    scenario: str = ""
    text: str = ""
    faults: tuple[tuple[str, str], ...] = ()


def state_from(found: Mapping[str, Any]) -> State:
    """Make what is known about a lab of its JSON; raises TypeError or KeyError."""
    return State(**{**found, "faults": tuple(map(tuple, found["faults"]))})


class Place:
    """The directory of one lab."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def name(self) -> str:
        """The lab's name."""
        return self.path.name

    def door(self, node: str) -> Path:
        """The control socket of a node."""
        return self.path / f"{node}.sock"

    def log(self, node: str) -> Path:
        """The device's own log."""
        return self.path / f"{node}.log"

    def debug(self, node: str) -> Path:
        """What debug commands of the device show."""
        return debug_beside(self.log(node))

    def journal(self, node: str) -> Path:
        """What the process of a node says about itself."""
        return self.path / f"{node}.journal"

    def state(self) -> State:
        """Read what the lab is; raises PlaceError for one that is just coming or going."""
        try:
            found = json.loads((self.path / _STATE).read_text(encoding="utf-8"))
            return state_from(found)
        except (OSError, ValueError, TypeError, KeyError):
            raise PlaceError(f"the lab {self.name} is just starting or ending; try again") from None

    def write_state(self, state: State) -> None:
        """Say what the lab is, in one step."""
        fresh = self.path / f".{_STATE}.{os.getpid()}"
        fresh.write_text(json.dumps(asdict(state), indent=1), encoding="utf-8")
        fresh.replace(self.path / _STATE)

    def lock(self) -> int | None:
        """Take the lock and give the descriptor that holds it; None when somebody has it."""
        try:
            descriptor = os.open(self.path / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except FileNotFoundError:
            return None
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return None
        return descriptor

    def remove(self) -> None:
        """Take the directory away."""
        shutil.rmtree(self.path, ignore_errors=True)


def base() -> Path:
    """Give the directory in which labs are, made if need be; raises PlaceError."""
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    if runtime and os.access(runtime, os.W_OK):
        path = Path(runtime) / "gwsim"
    else:
        path = Path(tempfile.gettempdir()) / f"gwsim-{os.getuid()}"
    with suppress(FileExistsError):
        path.mkdir(mode=0o700)
    found = path.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or found.st_mode & 0o077:
        raise PlaceError(f"{path} is in the way: it must be a directory of yours, mode 0700")
    return path


def take(name: str) -> tuple[Place, int]:
    """Make the directory of a new lab and give it with its lock; raises PlaceError."""
    if not NAME.fullmatch(name):
        raise PlaceError(f"{name!r} is no name for a lab: small letters, digits and -, at most 32")
    with _alone() as folder:
        _sweep(folder)
        place = Place(folder / name)
        with suppress(FileExistsError):
            place.path.mkdir(mode=0o700)
        lock = place.lock()
    if lock is None:
        raise PlaceError(name_is_taken(name))
    return place, lock


def name_is_taken(name: str) -> str:
    """Say that a lab of this name is running, and what can be done about it."""
    return (
        f"a lab called {name} is running already;"
        f" end it with `gwsim down {name}`, or give this one another name with --name"
    )


def join(name: str) -> tuple[Place, int]:
    """Make the directory of a lab, or find it made, and hold it together with others.

    The lab counts as running as long as any of those who joined holds the lock that is given.
    Raises PlaceError when somebody holds it alone.
    """
    with _alone() as folder:
        place = Place(folder / name)
        with suppress(FileExistsError):
            place.path.mkdir(mode=0o700)
        descriptor = os.open(place.path / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            raise PlaceError(name_is_taken(name)) from None
    return place, descriptor


def running() -> list[Place]:
    """List the labs that are running, by name; what crashes left is swept up on the way."""
    sweep()
    return [Place(path) for path in sorted(_directories(base()))]


def find(name: str = "", node: str = "") -> Place:
    """Find a running lab; without a name the only one there is, or that has a node of this name.

    Labs of a `gwsim run` that is going on are meant only where there are no others. Raises
    PlaceError.
    """
    labs = [place for place in running() if not name or place.name == name]
    labs = [place for place in labs if not place.name.startswith(PASSING)] or labs
    if len(labs) > 1 and node:
        labs = [place for place in labs if _has(place, node)] or labs
    if len(labs) == 1:
        return labs[0]
    if name:
        raise PlaceError(f"no lab called {name} is running; `gwsim status` lists those that are")
    if not labs:
        raise PlaceError("no lab is running; start one with `gwsim up SCENARIO`")
    names = ", ".join(place.name for place in labs)
    raise PlaceError(f"several labs are running, say which with --lab: {names}")


def _has(place: Place, node: str) -> bool:
    with suppress(PlaceError):
        return node in place.state().kinds
    return False


def sweep() -> list[str]:
    """Remove what labs left that ended without an end, and give their names."""
    with _alone() as folder:
        return _sweep(folder)


def _sweep(folder: Path) -> list[str]:
    swept = []
    for path in _directories(folder):
        place = Place(path)
        lock = place.lock()
        if lock is not None:
            place.remove()
            os.close(lock)
            swept.append(place.name)
    return swept


@contextmanager
def _alone() -> Iterator[Path]:
    """Keep others from making and sweeping directories; gives the one in which labs are."""
    folder = base()
    descriptor = os.open(folder / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield folder
    finally:
        os.close(descriptor)


def _directories(folder: Path) -> list[Path]:
    return [path for path in folder.iterdir() if path.is_dir() and NAME.fullmatch(path.name)]
