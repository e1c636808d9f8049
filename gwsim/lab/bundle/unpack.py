"""A bundle taken apart: nothing in it is trusted, and nothing is left behind of a bad one.

Only plain files are written, only those of the manifest, only below the folder; each must have
the size and digest that the manifest says. Digests show damage; they do not show who packed it.
"""

import os
import shutil
import stat
import struct
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from gwsim.lab.bundle.manifest import (
    MANIFEST,
    MOST_FILES,
    MOST_OCTETS,
    BundleError,
    Manifest,
    PackedFile,
    read_manifest,
)

_END = struct.Struct("<4s4H2LH")
_END_SIGN, _LARGE_SIGN = b"PK\x05\x06", b"PK\x06\x07"
_LARGE_LOCATOR = 20
_LONGEST_DIRECTORY = 1 << 20
_LONGEST_MANIFEST = 1 << 24
_CHUNK = 1 << 16
_ENCRYPTED = 0x1
_BROKEN = (BadZipFile, zlib.error, EOFError, struct.error, RuntimeError, ValueError)


def unpack(path: Path, folder: Path | None = None) -> tuple[Manifest, Path]:
    """Take a bundle apart into a folder; gives its manifest and where its files are.

    `folder` may not exist yet or must be empty; not given, it is a fresh one for temporary files.
    Raises BundleError when anything is wrong, and then nothing is left of the bundle.
    """
    with _archive(path) as archive:
        manifest = _manifest(archive)
        entries = _entries(archive, manifest)
        try:
            return manifest, _placed(archive, manifest, entries, folder)
        except OSError as error:
            raise BundleError(f"{error.filename}: cannot be written: {error.strerror}") from None


@contextmanager
def _archive(path: Path) -> Iterator[ZipFile]:
    """Open an archive; whatever is wrong with it from here on is a BundleError in its name."""
    try:
        with path.open("rb") as file:
            _check_end(file)
            with ZipFile(file) as archive:
                yield archive
    except BundleError as error:
        raise BundleError(f"{path}: {error}") from None
    except OSError as error:
        raise BundleError(f"{path}: cannot be read: {error.strerror or error}") from None
    except _BROKEN:
        raise BundleError(f"{path}: is damaged, or no bundle at all") from None


def _check_end(file: BinaryIO) -> None:
    """Look at the archive's last record before its directory is read, which may be endless."""
    size = file.seek(0, os.SEEK_END)
    if size > MOST_OCTETS:
        raise BundleError(f"is larger than {MOST_OCTETS >> 20} MiB; that is no bundle")
    file.seek(max(0, size - _END.size - _LARGE_LOCATOR))
    tail = file.read()
    if len(tail) < _END.size:
        raise BundleError("is no bundle")
    sign, _, _, _, entries, length, _, comment = _END.unpack(tail[-_END.size :])
    if sign != _END_SIGN or comment or tail.startswith(_LARGE_SIGN):
        raise BundleError("is no bundle")
    if entries > MOST_FILES + 1 or length > _LONGEST_DIRECTORY:
        raise BundleError("lists more files than a bundle has")


def _manifest(archive: ZipFile) -> Manifest:
    entry = next((entry for entry in archive.infolist() if entry.filename == MANIFEST), None)
    if entry is None:
        raise BundleError("has no manifest: it is no bundle")
    if entry.file_size > _LONGEST_MANIFEST:
        raise BundleError("has a manifest of no bundle's size")
    _check_entry(entry)
    return read_manifest(archive.read(entry).decode("utf-8"))


def _entries(archive: ZipFile, manifest: Manifest) -> dict[str, ZipInfo]:
    """Match the archive with the manifest: both must list the same files, each once."""
    listed = {file.path: file for file in manifest.files}
    found: dict[str, ZipInfo] = {}
    for entry in archive.infolist():
        if entry.filename == MANIFEST and MANIFEST not in found:
            found[MANIFEST] = entry
            continue
        _check_entry(entry)
        if entry.filename not in listed or entry.filename in found:
            raise BundleError(f"holds {entry.filename!r}, of which its manifest says nothing")
        if entry.file_size != listed[entry.filename].size:
            raise BundleError(f"{entry.filename} has another size than the manifest says")
        found[entry.filename] = entry
    missing = next((path for path in listed if path not in found), None)
    if missing is not None:
        raise BundleError(f"lacks {missing}, which its manifest lists")
    return found


def _check_entry(entry: ZipInfo) -> None:
    """Refuse what is no plain file: a link, a folder, an encrypted or oddly packed one."""
    mode = entry.external_attr >> 16
    plain = not stat.S_IFMT(mode) or stat.S_ISREG(mode)
    packed_well = entry.compress_type in (ZIP_STORED, ZIP_DEFLATED)
    if not plain or entry.is_dir() or entry.flag_bits & _ENCRYPTED or not packed_well:
        raise BundleError(f"holds {entry.filename!r}, which is no plain file")


def _placed(
    archive: ZipFile, manifest: Manifest, entries: dict[str, ZipInfo], folder: Path | None
) -> Path:
    """Write all files into a fresh folder, and put that in its place when all are well."""
    if folder is not None and folder.exists() and not _is_empty(folder):
        raise BundleError(f"is not unpacked: {folder} is not an empty folder")
    parent = None if folder is None else folder.parent
    if parent is not None:
        parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=f"gwsim-{manifest.name[:40]}-", dir=parent))
    try:
        for file in manifest.files:
            _write(archive, entries[file.path], file, fresh / file.path)
        (fresh / MANIFEST).write_bytes(archive.read(entries[MANIFEST]))
        return fresh if folder is None else fresh.rename(folder)
    except BaseException:
        shutil.rmtree(fresh, ignore_errors=True)
        raise


def _is_empty(folder: Path) -> bool:
    return folder.is_dir() and next(folder.iterdir(), None) is None


def _write(archive: ZipFile, entry: ZipInfo, file: PackedFile, target: Path) -> None:
    """Write one file and check its digest; keys nobody but the owner can read."""
    target.parent.mkdir(parents=True, exist_ok=True)
    digest = sha256()
    mode = 0o600 if file.secret else 0o666
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    with archive.open(entry) as source, os.fdopen(os.open(target, flags, mode), "wb") as copy:
        while chunk := source.read(_CHUNK):
            digest.update(chunk)
            copy.write(chunk)
    if digest.hexdigest() != file.sha256:
        raise BundleError(f"{file.path} is not what was packed: its digest differs")
