"""Two gateway processes on real interfaces."""

from pathlib import Path

import pytest

from tests.daemon.lab import Lab
from tests.gateway.boxes import PC, branch_config, hq_config

pytestmark = pytest.mark.needs("ip", "ping", "unshare")


def test_a_ping_brings_the_tunnel_up_and_comes_back(tmp_path: Path) -> None:
    with Lab(tmp_path, hq_config(queue=4), branch_config(queue=4)) as lab:
        assert lab.ping("server", PC, "-c", "4", "-i", "0.1", "-W", "2") == 4
        (tunnel,) = lab.gateway("hq").snapshot().tunnels
        assert tunnel.up
        assert (tunnel.encapsulated, tunnel.decapsulated) == (4, 4)
