"""A good bundle comes out whole; of a bad one nothing does, whatever is wrong with it."""

import stat
import struct
import tempfile
from pathlib import Path
from zipfile import ZIP_BZIP2, ZipFile, ZipInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gwsim.lab.bundle import unpack as module
from gwsim.lab.bundle.manifest import BundleError
from gwsim.lab.bundle.unpack import unpack
from tests.lab.bundle.made import forged, listed, manifest, members, packed

FILES = [(name, content) for name, content in members().items() if name != "manifest.json"]


@pytest.fixture
def bundle(tmp_path):
    """A good one."""
    file = tmp_path / "a.gwsim"
    file.write_bytes(packed())
    return file


def refused(file, folder):
    """Give the complaint about a bundle, having seen that nothing of it is left."""
    before = set(folder.parent.iterdir())
    with pytest.raises(BundleError) as error:
        unpack(file, folder)
    assert set(folder.parent.iterdir()) == before
    return str(error.value).removeprefix(f"{file}: ")


def with_extra(path, content=b"", **changes):
    """A manifest that lists one more file."""
    return manifest(files=[*manifest()["files"], listed(path, content, **changes)])


def test_everything_comes_out_as_it_went_in(bundle, tmp_path):
    found, folder = unpack(bundle, tmp_path / "out")
    assert folder == tmp_path / "out"
    assert found.name == "two-asas"
    there = {p.relative_to(folder).as_posix(): p for p in folder.rglob("*") if p.is_file()}
    assert {name: path.read_bytes() for name, path in there.items()} == members()


def test_without_a_folder_there_is_a_fresh_one(bundle, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    folders = {unpack(bundle)[1] for _ in range(2)}
    assert len(folders) == 2
    assert all(folder.name.startswith("gwsim-two-asas-") for folder in folders)
    assert all(stat.S_IMODE(folder.stat().st_mode) == 0o700 for folder in folders)


def test_keys_come_out_for_the_owner_alone(tmp_path):
    file = tmp_path / "a.gwsim"
    file.write_bytes(packed(keys=True))
    found, folder = unpack(file, tmp_path / "out")
    secret = [folder / entry.path for entry in found.files if entry.secret]
    assert secret
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in secret)


def test_an_empty_folder_is_filled_and_a_full_one_is_left_alone(bundle, tmp_path):
    (tmp_path / "empty").mkdir()
    assert unpack(bundle, tmp_path / "empty")[1] == tmp_path / "empty"
    assert "is not an empty folder" in refused(bundle, tmp_path / "empty")
    assert "is not an empty folder" in refused(bundle, bundle)


def test_a_folder_that_cannot_be_made_is_told(bundle, tmp_path):
    with pytest.raises(BundleError, match="cannot be written: File exists"):
        unpack(bundle, bundle / "below")


@pytest.mark.parametrize(
    "name", ["../evil", "/tmp/evil", "a/../../evil", "evil\\..\\x", "captures/../../evil"]
)
def test_a_path_out_of_the_folder_is_refused_listed_or_not(tmp_path, name):
    extra = [*FILES, (name, b"evil")]
    for said in (manifest(), with_extra(name, b"evil")):
        file = forged(tmp_path / "a.gwsim", said, extra)
        assert refused(file, tmp_path / "out")


def link(name):
    entry = ZipInfo(name)
    entry.create_system = 3
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    return entry


def test_links_and_folders_are_refused(tmp_path):
    target = b"/etc/passwd"
    file = forged(tmp_path / "a.gwsim", with_extra("x", target), [*FILES, (link("x"), target)])
    assert refused(file, tmp_path / "out") == "holds 'x', which is no plain file"
    file = forged(tmp_path / "a.gwsim", manifest(), [*FILES, ("captures/", b"")])
    assert refused(file, tmp_path / "out") == "holds 'captures/', which is no plain file"


def test_the_same_name_twice_is_refused(tmp_path):
    with pytest.warns(UserWarning, match="Duplicate"):
        file = forged(tmp_path / "a.gwsim", manifest(), [*FILES, FILES[0]])
    assert "of which its manifest says nothing" in refused(file, tmp_path / "out")


def test_files_and_manifest_must_agree(tmp_path):
    folder = tmp_path / "out"
    file = forged(tmp_path / "a.gwsim", manifest(), FILES[:-1])
    assert refused(file, folder) == f"lacks {FILES[-1][0]}, which its manifest lists"
    file = forged(tmp_path / "a.gwsim", manifest(), [*FILES[:-1], (FILES[-1][0], b"short")])
    assert "has another size than the manifest says" in refused(file, folder)
    last, content = FILES[-1]
    file = forged(tmp_path / "a.gwsim", manifest(), [*FILES[:-1], (last, content[::-1])])
    assert refused(file, folder) == f"{last} is not what was packed: its digest differs"


def test_an_unusual_compression_is_refused(tmp_path):
    file = forged(tmp_path / "a.gwsim", manifest(), FILES, ZIP_BZIP2)
    assert "which is no plain file" in refused(file, tmp_path / "out")


def test_a_bomb_is_refused_before_it_is_read(tmp_path, monkeypatch):
    zeros = bytes(1 << 22)
    files = [*FILES, ("bomb", zeros)]
    file = forged(tmp_path / "a.gwsim", with_extra("bomb", zeros, size=10), files)
    assert "has another size" in refused(file, tmp_path / "out")
    monkeypatch.setattr("gwsim.lab.bundle.manifest.MOST_OCTETS", 1 << 20)
    file = forged(tmp_path / "a.gwsim", with_extra("bomb", zeros), files)
    assert "that is no bundle" in refused(file, tmp_path / "out")


def test_an_entry_that_unpacks_to_more_than_it_says_is_refused(tmp_path):
    files = [*FILES, ("bomb", bytes(1 << 16))]
    file = forged(tmp_path / "a.gwsim", with_extra("bomb", bytes(10)), files)
    octets = bytearray(file.read_bytes())
    place = octets.rindex(b"bomb") - 46  # its entry in the directory
    assert octets[place : place + 4] == b"PK\x01\x02"
    octets[place + 24 : place + 28] = struct.pack("<L", 10)
    file.write_bytes(octets)
    assert refused(file, tmp_path / "out")


def test_a_directory_without_end_is_not_read(tmp_path, monkeypatch):
    many = [(f"f{number}", b"") for number in range(600)]
    file = forged(tmp_path / "a.gwsim", manifest(), many)
    monkeypatch.setattr(module, "ZipFile", None)  # would fail if it were
    assert refused(file, tmp_path / "out") == "lists more files than a bundle has"


def test_a_huge_file_is_not_read(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "MOST_OCTETS", 100)
    file = tmp_path / "a.gwsim"
    file.write_bytes(packed())
    assert "that is no bundle" in refused(file, tmp_path / "out")


def test_other_archives_and_other_files_are_no_bundles(tmp_path):
    folder = tmp_path / "out"
    file = tmp_path / "a.gwsim"
    with ZipFile(file, "w") as archive:
        archive.writestr("a.txt", "hello")
    assert refused(file, folder) == "has no manifest: it is no bundle"
    for content in (b"", b"PK", b"hello" * 100, packed() + b"x", packed()[:-1]):
        file.write_bytes(content)
        assert refused(file, folder) == "is no bundle"
    assert "No such file" in refused(tmp_path / "none.gwsim", folder)
    assert "cannot be read" in refused(tmp_path, folder)


def test_a_manifest_of_absurd_size_is_not_read(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "_LONGEST_MANIFEST", 100)
    file = tmp_path / "a.gwsim"
    file.write_bytes(packed())
    assert refused(file, tmp_path / "out") == "has a manifest of no bundle's size"


@settings(max_examples=150)
@given(data=st.data())
def test_a_damaged_bundle_comes_out_whole_or_not_at_all(data):
    octets = bytearray(packed())
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(octets) - 1))
        octets[place] = data.draw(st.integers(0, 255))
    with tempfile.TemporaryDirectory() as name:
        file = Path(name) / "a.gwsim"
        file.write_bytes(octets)
        try:
            _, folder = unpack(file, Path(name) / "out")
        except BundleError:
            assert list(Path(name).iterdir()) == [file]
        else:
            for path, content in FILES:
                assert (folder / path).read_bytes() == content
