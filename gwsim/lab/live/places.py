"""Where running labs leave word of themselves: one directory each, which only its owner can read.

A lab's directory is under $XDG_RUNTIME_DIR/gwsim or, where there is none, /tmp/gwsim-UID. Whoever
keeps the lab running holds a lock in it. A directory whose lock is free is what a crash left.

    lab.json      what the lab is; NAME.sock, NAME.log, NAME.debug, NAME.journal: door, vendor's
    _lock         log, debug output and journal of a node; names with an underline are not of nodes

While a lab is made there is no lab.json yet, while it ends there is none any more.
"""

import fcntl
import json
import os
import re
import shutil
import stat
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, get_origin, get_type_hints

from gwsim.daemon.logfiles import debug_beside
from gwsim.lab.runtimes.failure import RuntimeFailure

NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")
"""What a lab may be called."""

PASSING = "run-"
"""How the names of labs begin that end with the `gwsim run` they belong to."""

DOCKER = "docker"
"""What `State.runtime` says of a lab of containers, inside of which it is looked at."""

TRAINING = "training"
"""What the lab of docker-compose.yml is called inside its containers."""

KEEPER = "_keeper"
HINTS = "_hints"
ENDING = "_ending"
"""A file that says: what ends now is not to come back, and what begins is to end."""

TURNING = 15.0
"""Seconds that a lab may take to come or go before somebody loses patience."""

_LOCK = "_lock"
_CHANGE = "_change"
_STATE = "lab.json"
_PAUSE = 0.02


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
    """Make what is known about a lab of its JSON; raises ValueError, TypeError or KeyError."""
    state = State(**{**found, "faults": tuple(map(tuple, found["faults"]))})
    for name, hint in get_type_hints(State).items():
        if not isinstance(getattr(state, name), get_origin(hint) or hint):
            raise ValueError(f"{name} is no {hint}")
    return state


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

    @property
    def turning(self) -> bool:
        """Whether the lab is just coming or going."""
        return not (self.path / _STATE).exists()

    def state(self) -> State:
        """Read what the lab is; raises PlaceError for one that is just coming or going."""
        file = self.path / _STATE
        try:
            return state_from(json.loads(file.read_text(encoding="utf-8")))
        except FileNotFoundError:
            raise PlaceError(f"the lab {self.name} is just starting or ending; try again") from None
        except (OSError, ValueError, TypeError, KeyError):
            raise PlaceError(
                f"what the lab {self.name} is cannot be read from {file}, which something else"
                f" wrote; `gwsim down {self.name}` ends it all the same"
            ) from None

    def write_state(self, state: State) -> None:
        """Say what the lab is, in one step; raises PlaceError where it cannot be written."""
        fresh = self.path / f".{_STATE}.{os.getpid()}"
        try:
            fresh.write_text(json.dumps(asdict(state), indent=1), encoding="utf-8")
            fresh.replace(self.path / _STATE)
        except OSError as error:
            raise unusable(fresh.parent, error) from None

    def forget_state(self) -> None:
        """Say nothing any more of what the lab is: it ends."""
        with suppress(OSError):
            (self.path / _STATE).unlink()

    def ask_to_end(self) -> None:
        """Leave word that the lab is to end, for whoever is still making it."""
        with suppress(OSError):
            (self.path / ENDING).touch()

    @property
    def is_to_end(self) -> bool:
        """Whether somebody wants the lab to end."""
        return (self.path / ENDING).exists()

    @contextmanager
    def changing(self) -> Iterator[None]:
        """Keep others from changing what the lab is, until this is done."""
        try:
            descriptor = os.open(self.path / _CHANGE, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise unusable(self.path, error) from None
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)

    def lock(self) -> int | None:
        """Take the lock and give the descriptor that holds it; None when somebody has it."""
        try:
            descriptor = _open_lock(self.path)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise unusable(self.path, error) from None
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return None
        return descriptor

    def sign(self, lock: int) -> None:
        """Write into the lock which process keeps it from now on."""
        os.ftruncate(lock, 0)
        os.pwrite(lock, str(os.getpid()).encode(), 0)

    def signed(self) -> int:
        """Give the process that keeps the lock, 0 where nobody has signed."""
        with suppress(OSError, ValueError):
            return int((self.path / _LOCK).read_text(encoding="ascii"))
        return 0

    @contextmanager
    def watched(self) -> Iterator[Callable[[], bool]]:
        """Give what says whether anybody still holds this very lab, and not another of its name."""
        try:
            descriptor = os.open(self.path / _LOCK, os.O_RDWR | os.O_CLOEXEC)
        except OSError:
            yield lambda: False
            return

        def held() -> bool:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
            fcntl.flock(descriptor, fcntl.LOCK_UN)
            sweep()
            return False

        try:
            yield held
        finally:
            os.close(descriptor)

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
    try:
        path.mkdir(mode=0o700)
    except FileExistsError:
        pass
    except OSError as error:
        raise unusable(path, error) from None
    found = path.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or found.st_mode & 0o077:
        raise PlaceError(f"{path} is in the way: it must be a directory of yours, mode 0700")
    return path


def take(name: str) -> tuple[Place, int]:
    """Make the directory of a new lab and give it with its lock.

    One of this name that is just coming or going is waited for. Raises PlaceError.
    """
    if not NAME.fullmatch(name):
        raise PlaceError(f"{name!r} is no name for a lab: small letters, digits and -, at most 32")
    until = time.monotonic() + TURNING
    while True:
        with _alone() as folder:
            _sweep(folder)
            place = _made(folder, name)
            lock = place.lock()
        if lock is not None:
            return place, lock
        if not place.turning or time.monotonic() > until:
            raise PlaceError(name_is_taken(name))
        time.sleep(_PAUSE)


def _made(folder: Path, name: str) -> Place:
    """Make the directory of a lab, or find it made."""
    place = Place(folder / name)
    try:
        place.path.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise unusable(place.path, error) from None
    return place


def unusable(path: Path, error: OSError) -> PlaceError:
    """Say that labs cannot be where they should be, and what to do."""
    return PlaceError(
        f"{path} cannot be written ({error.strerror}): labs keep their doors and logs there; make"
        " room, or name another directory of yours in XDG_RUNTIME_DIR"
    )


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
        place = _made(folder, name)
        try:
            descriptor = _open_lock(place.path)
        except OSError as error:
            raise unusable(place.path, error) from None
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
    try:
        descriptor = _open_lock(folder)
    except OSError as error:
        raise unusable(folder, error) from None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield folder
    finally:
        os.close(descriptor)


def _open_lock(folder: Path) -> int:
    return os.open(folder / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


def _directories(folder: Path) -> list[Path]:
    return [path for path in folder.iterdir() if path.is_dir() and NAME.fullmatch(path.name)]
