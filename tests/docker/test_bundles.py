"""A run in containers is reported and packed like any other."""

import pytest

from gwsim.capture.wanted import Wanted
from gwsim.lab.bundle.pack import BundleKeeper, for_travel
from gwsim.lab.bundle.unpack import unpack
from gwsim.lab.load import load_scenario
from gwsim.lab.runner import run_loaded
from tests.docker.conftest import ROOT

SPEED = 4.0


@pytest.mark.needs("docker")
def test_a_run_in_containers_is_packed(image, tmp_path):
    loaded = for_travel(load_scenario(ROOT / "scenarios/healthy/asa-screenos.yaml"))
    keeper = BundleKeeper(tmp_path / "a.gwsim", "docker", SPEED)
    verdict = run_loaded(loaded, None, "docker", SPEED, [keeper], Wanted(packets=True))
    assert verdict.word == "passed", verdict.error
    manifest, folder = unpack(tmp_path / "a.gwsim", tmp_path / "out")
    assert manifest.runtime == "docker"
    assert "MM_ACTIVE" in (folder / manifest.report).read_text(encoding="utf-8")
    assert (folder / "captures/hq-inside.pcapng").stat().st_size > 1000
