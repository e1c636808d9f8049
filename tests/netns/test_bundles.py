"""A run on real sockets is reported and packed like any other, and opened anywhere."""

import re

import pytest

from gwsim.capture.wanted import Wanted
from gwsim.lab.bundle.pack import BundleKeeper, for_travel
from gwsim.lab.bundle.result import compare, result_of
from gwsim.lab.bundle.unpack import unpack
from gwsim.lab.load import load_scenario
from gwsim.lab.runner import run
from gwsim.lab.runtimes.registry import make_runtime
from tests.netns.conftest import SCENARIOS

pytestmark = pytest.mark.needs("ip")

SPEED = 4.0


def test_what_was_packed_in_namespaces_comes_to_the_same_in_process(tmp_path):
    loaded = for_travel(load_scenario(SCENARIOS / "healthy/asa-screenos.yaml"))
    file = tmp_path / "a.gwsim"
    made = make_runtime("netns", SPEED, Wanted(packets=True))
    played = run(loaded, runtime=made, keepers=[BundleKeeper(file, "netns", SPEED)])
    manifest, folder = unpack(file, tmp_path / "out")
    assert (manifest.runtime, manifest.speed) == ("netns", SPEED)
    again = run(load_scenario(folder / manifest.scenario), manifest.seed)
    assert compare(manifest.result, result_of(again)).outcome
    report = (folder / manifest.report).read_text(encoding="utf-8")
    assert "gwsim run asa-screenos.yaml --seed 1 --runtime netns" in report
    screen = re.findall("MM_ACTIVE|OAK_QM_IDLE", report)
    assert {"MM_ACTIVE", "OAK_QM_IDLE"} <= set(screen)
    assert played.verdict.word == manifest.result.verdict == "passed"
