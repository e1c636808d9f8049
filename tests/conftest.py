"""What all tests share: tools that may be missing, and one closing line that says so.

A test that needs a program of the machine says `@pytest.mark.needs("tshark")`. Where it is missing
the test is skipped and named at the end; with GWSIM_DEMAND_ALL=1 (as CI runs it) any skip fails.
"""

import os
import shutil

import pytest
from hypothesis import settings

settings.register_profile("house", deadline=None)
settings.load_profile("house")

DEMAND_ALL = os.environ.get("GWSIM_DEMAND_ALL") == "1"


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "needs(program): a program of the machine the test runs")


def pytest_runtest_setup(item: pytest.Item) -> None:
    for mark in item.iter_markers("needs"):
        for program in mark.args:
            if shutil.which(program) is None:
                pytest.skip(f"needs {program}: not installed")


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
