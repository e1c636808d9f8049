"""Other people's tools write captures in every form they know; the ladder reads them all alike."""

import gzip
import io
import subprocess

import pytest

from gwsim.capture.reading.files import CaptureFile
from gwsim.capture.reading.text import outline_text
from tests.capture.reading.files import pcap
from tests.capture.reading.stories import capture_of, read_with

pytestmark = pytest.mark.needs("tshark", "editcap")

STORY = "healthy/behind-nat"


@pytest.fixture
def original(tmp_path):
    file = tmp_path / "original.pcapng"
    file.write_bytes(capture_of(STORY, "branch-outside"))
    return file


def convert(original, *options):
    """What editcap makes of a capture."""
    target = original.with_name("converted")
    subprocess.run(["editcap", *options, str(original), str(target)], check=True, timeout=60)
    return target.read_bytes()


def drawn(data):
    return outline_text(read_with(data)).splitlines()[1:]


@pytest.mark.parametrize("form", ["pcap", "nsecpcap", "pcapng", "modpcap"])
def test_every_form_of_pcap_is_drawn_alike(original, form):
    assert drawn(convert(original, "-F", form)) == drawn(original.read_bytes())


def test_a_snap_length_leaves_the_ladder(original):
    """Of short frames the labels remain; proposals are cut off and said to be."""
    found = drawn(convert(original, "-s", "80"))
    labels = [line[22:36].split() for line in found if "|" in line]
    assert labels == [line[22:36].split() for line in drawn(original.read_bytes()) if "|" in line]
    assert any("cut off by the capture" in line for line in found)


def test_what_a_card_sees_twice_is_drawn_once(original):
    twice = original.with_name("twice.pcapng")
    command = ["mergecap", "-w", str(twice), str(original), str(original)]
    subprocess.run(command, check=True, timeout=60)
    found = drawn(twice.read_bytes())
    assert "18 packets seen twice" in found[1]
    assert [line for line in found if "|" in line] == [
        line for line in drawn(original.read_bytes()) if "|" in line
    ]


def test_gzipped_by_the_writer(original):
    assert drawn(gzip.compress(original.read_bytes())) == drawn(original.read_bytes())


@pytest.mark.parametrize("order", [">", "<"])
def test_ethernet_with_and_without_tags_is_drawn_alike(original, order):
    plain = [(frame.at, frame.data) for frame in CaptureFile(io.BytesIO(original.read_bytes()))]
    for head in (b"\x08\x00", b"\x81\x00\x00\x64\x08\x00"):
        frames = [(at, bytes(12) + head + data) for at, data in plain]
        made = pcap(frames, order, "ns", link=1)
        original.with_name("ethernet.pcap").write_bytes(made)
        command = ["tshark", "-n", "-r", str(original.with_name("ethernet.pcap"))]
        said = subprocess.run(command, check=True, timeout=60, capture_output=True, text=True)
        assert said.stdout.count("ISAKMP") == 9
        assert drawn(made) == drawn(original.read_bytes())
