"""What a bundle says of itself: what was run, where, what came of it, and its files' digests.

It is read from strangers' files: every complaint is a `BundleError`, one sentence for people.
"""

import json
import re
from dataclasses import dataclass

from gwsim.gateway.jsonform import decode, encode
from gwsim.lab.bundle.result import Result
from gwsim.lab.scenario import SCENARIO_NAME

MANIFEST = "manifest.json"
"""The name of the manifest in a bundle; it comes first."""

FORMAT = 1
"""What this version writes, and all that it reads."""

MOST_FILES = 500
MOST_OCTETS = 1 << 29
"""No bundle holds more files, nor more octets in all of them together."""

_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,99}(/[A-Za-z0-9_][A-Za-z0-9._-]{0,99}){0,3}")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_SEEDS = range(1 << 63)


class BundleError(ValueError):
    """A bundle cannot be used; the text says why."""


@dataclass(frozen=True, slots=True)
class PackedFile:
    """A file of the bundle: its path, size in octets and SHA-256; a `secret` one holds keys."""

    path: str
    size: int
    sha256: str
    secret: bool


@dataclass(frozen=True, slots=True)
class Manifest:
    """A whole manifest.

    `scenario` and `report` are paths of two of the `files`. `speed` is None where the runtime's
    own was used. `simulated` counts seconds of the run.
    """

    format: int
    version: str
    name: str
    title: str
    scenario: str
    report: str
    seed: int
    runtime: str
    speed: float | None
    simulated: float
    result: Result
    files: tuple[PackedFile, ...]

    @property
    def keys(self) -> bool:
        """Whether there are keys among the files."""
        return any(file.secret for file in self.files)

    @property
    def size(self) -> int:
        """Octets of all files together."""
        return sum(file.size for file in self.files)


def manifest_text(manifest: Manifest) -> str:
    """Write a manifest as JSON, ending in a newline."""
    return json.dumps(encode(manifest), indent=1) + "\n"


def read_manifest(text: str) -> Manifest:
    """Read a manifest and check what it promises. Raises BundleError."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        raise BundleError("its manifest is not JSON") from None
    written = value.get("format") if isinstance(value, dict) else None
    if written != FORMAT:
        raise BundleError(f"its format is {written!r}; this gwsim reads format {FORMAT} only")
    try:
        manifest: Manifest = decode(Manifest, value, "manifest")
    except (ValueError, TypeError, RecursionError) as error:
        raise BundleError(f"its manifest is not one: {error}") from None
    _check(manifest)
    return manifest


def _check(manifest: Manifest) -> None:
    if manifest.seed not in _SEEDS:
        raise BundleError("its manifest has a seed that is none")
    if not re.fullmatch(SCENARIO_NAME, manifest.name):
        raise BundleError("its manifest has a name that no scenario can have")
    if len(manifest.files) > MOST_FILES or manifest.size > MOST_OCTETS:
        raise BundleError(
            f"it holds more than {MOST_FILES} files or {MOST_OCTETS >> 20} MiB; that is no bundle"
        )
    for file in manifest.files:
        if not _NAME.fullmatch(file.path) or ".." in file.path:
            raise BundleError(f"it names a file {file.path!r}, which may not be written")
        if file.size < 0 or not _DIGEST.fullmatch(file.sha256):
            raise BundleError(f"its manifest has no size or digest of {file.path}")
    paths = [file.path for file in manifest.files]
    if len(set(paths)) != len(paths) or MANIFEST in paths:
        raise BundleError("its manifest names a file twice")
    for path in (manifest.scenario, manifest.report):
        if path not in paths:
            raise BundleError(f"its manifest speaks of {path!r}, which is not among its files")
