"""Bundles for the tests of this package: one made once, and archives put together by hand."""

import io
import json
from functools import cache
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZipFile

from gwsim.capture.wanted import Wanted
from gwsim.lab.bundle.pack import BundleKeeper, for_travel
from gwsim.lab.load import load_text
from gwsim.lab.runner import run
from gwsim.lab.runtimes.registry import make_runtime
from tests.lab.scenarios_for_tests import with_fault

STUCK = with_fault("psk-mismatch: {at: branch}", ("{state: ESTABLISHED}", "{state: MM_WAIT_MSG6}"))


def pack(target, keys=False, seed=None, text=STUCK):
    """Run a scenario and pack it."""
    loaded = for_travel(load_text(text, "/home/somebody/customer/toy.yaml"))
    keeper = BundleKeeper(target)
    return run(loaded, seed, make_runtime(capture=Wanted(True, keys)), [keeper])


@cache
def packed(keys=False):
    """Give the octets of a bundle."""
    with TemporaryDirectory() as folder:
        target = Path(folder) / "a.gwsim"
        pack(target, keys)
        return target.read_bytes()


@cache
def members():
    """Give the files of a bundle by their names, the manifest first."""
    with ZipFile(io.BytesIO(packed())) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def manifest(**changes):
    """Give the manifest of the bundle with some fields changed, as a dictionary."""
    return {**json.loads(members()["manifest.json"]), **changes}


def listed(path, content=b"", **changes):
    """Give what a manifest says of a file."""
    entry = {"path": path, "size": len(content), "sha256": sha256(content).hexdigest()}
    return {**entry, "secret": False, **changes}


def forged(target, said, files, compression=8):
    """Write an archive with a manifest and files of one's own choice; a name may be a ZipInfo."""
    with ZipFile(target, "w", compression) as archive:
        archive.writestr("manifest.json", said if isinstance(said, str) else json.dumps(said))
        for name, content in files:
            archive.writestr(name, content)
    return target
