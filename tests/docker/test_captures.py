"""Captures of a run in containers arrive where gwsim was called, and can be read."""

import pytest

from tests.tools.test_captures import CARDS, labels_sent, read_everything


@pytest.mark.needs("tshark", "docker")
def test_every_packet_of_a_run_in_containers_is_read(image, tmp_path):
    assert labels_sent(CARDS[0], "docker", tmp_path) <= read_everything(tmp_path)
    assert (tmp_path / "hq-inside.pcapng").stat().st_size > 1000
