"""What pytest calls: options, markers, collection of scenario files, and the fixture `lab`."""

import re
from collections.abc import Iterator
from fnmatch import fnmatch
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

RUNTIMES = ("sim", "netns", "docker")
LEVELS = ("beginner", "intermediate", "advanced")
THEMES = ("healthy", "contact", "phase1", "nat", "phase2", "traffic", "life", "crafted")
"""What scenarios are about: the themes of the fault catalogue, or no fault at all."""

_ITEMS = "gwsim.pytest_plugin.items"
_LABS = "gwsim.pytest_plugin.labs"
_MOST = 1 << 20
_KEYS = tuple(
    re.compile(rf"^{key}:", re.MULTILINE) for key in ("name", "title", "gateways", "tunnels")
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options of the group gwsim, and the settings of an ini file."""
    group = parser.getgroup("gwsim", "VPN scenarios")
    group.addoption(
        "--gwsim-runtime",
        choices=RUNTIMES,
        default="sim",
        help="where scenarios and labs run (sim: in process, on a virtual clock)",
    )
    group.addoption(
        "--gwsim-speed",
        type=float,
        metavar="N",
        help="seconds of a scenario that pass in a real one, on netns and docker",
    )
    group.addoption("--gwsim-seed", type=int, metavar="N", help="replaces the scenarios' own seed")
    parser.addini(
        "gwsim_files",
        "patterns of file names in which to look for scenarios",
        type="args",
        default=["*.yaml", "*.yml"],
    )
    parser.addini(
        "gwsim_scenarios",
        "the folder in which the fixture `lab` finds scenarios by name, before those of gwsim",
        default="scenarios",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Announce the markers, and refuse a speed that means nothing."""
    for level in LEVELS:
        config.addinivalue_line("markers", f"level_{level}: a scenario for {level} students")
    for theme in THEMES:
        config.addinivalue_line("markers", f"theme_{theme}: a scenario about {theme}")
    speed = config.getoption("gwsim_speed")
    if speed is not None and not speed > 0:
        raise pytest.UsageError("--gwsim-speed is a number above 0")
    if speed is not None and config.getoption("gwsim_runtime") == "sim":
        raise pytest.UsageError("--gwsim-speed is for runtimes with real time, netns and docker")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Take a YAML file for a scenario if it has the keys that every scenario has."""
    patterns = parent.config.getini("gwsim_files")
    if not any(fnmatch(file_path.name, pattern) for pattern in patterns):
        return None
    if not _looks_like_one(file_path):
        return None
    collector: pytest.Collector = import_module(_ITEMS).ScenarioFile.from_parent(
        parent, path=file_path
    )
    return collector


def _looks_like_one(path: Path) -> bool:
    try:
        with path.open(encoding="utf-8") as source:
            text = source.read(_MOST)
    except (OSError, UnicodeDecodeError):
        return False
    return all(key.search(text) for key in _KEYS)


@pytest.fixture
def lab(request: pytest.FixtureRequest) -> Iterator[Any]:
    """Labs for this test: `lab("psk-mismatch")` starts one, which ends with the test."""
    with import_module(_LABS).Labs(request.config) as labs:
        yield labs
