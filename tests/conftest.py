"""What all tests share: tools that may be missing, and one closing line that says so.

A test that needs a program of the machine says `@pytest.mark.needs("tshark")`. Where it is missing
the test is skipped and named at the end; with GWSIM_DEMAND_ALL=1 (as CI runs it) any skip fails.
Some programs are of no use alone; of those something is asked, once (`PROBES`).
"""

import os
import shutil
import subprocess
from functools import cache

import pytest
from hypothesis import settings

pytest_plugins = ["pytester"]

settings.register_profile("house", deadline=None)
settings.load_profile("house")

DEMAND_ALL = os.environ.get("GWSIM_DEMAND_ALL") == "1"


PROBES = {
    "docker": (("docker", "version", "--format", "{{.Server.Version}}"), "no engine answers"),
    "docker compose": (("docker", "compose", "version"), "not installed"),
}
"""What is asked of a program that is more than a file, and what no answer means."""


@cache
def missing(program: str) -> str:
    """Say why a program is of no use here, "" if it is."""
    question, words = PROBES.get(program, ((program,), ""))
    if shutil.which(question[0]) is None:
        return "not installed"
    if len(question) == 1:
        return ""
    try:
        said = subprocess.run(question, capture_output=True, timeout=30, check=False)
    except subprocess.TimeoutExpired:
        return words
    return "" if said.returncode == 0 else words


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "needs(program): a program of the machine the test runs")


def pytest_runtest_setup(item: pytest.Item) -> None:
    for mark in item.iter_markers("needs"):
        for program in mark.args:
            if words := missing(program):
                pytest.skip(f"needs {program}: {words}")


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    skipped = terminalreporter.stats.get("skipped", [])
    if not skipped:
        terminalreporter.write_line("everything this project checks could be run here")
        return
    reasons = sorted({report.longrepr[2].removeprefix("Skipped: ") for report in skipped})
    line = f"could not run here: {len(skipped)} tests ({'; '.join(reasons)})"
    terminalreporter.write_line(line)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if DEMAND_ALL and reporter is not None and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
