"""What all tests share: tools that may be missing, skips that CI does not take, Hypothesis."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Generator

import pytest
from hypothesis import HealthCheck, settings

NO_SKIPS = bool(os.environ.get("GOVNEWS_NO_SKIPS"))

settings.register_profile("here", deadline=None)
settings.register_profile(
    "ci",
    deadline=None,
    derandomize=True,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("ci" if NO_SKIPS else "here")


@pytest.fixture(scope="session")
def needs_tool() -> Callable[..., str]:
    """`needs_tool("sqlite3", apt="sqlite3")`: the tool's path, or a skip naming the cure."""

    def path_or_skip(tool: str, *, apt: str) -> str:
        if path := shutil.which(tool):
            return path
        pytest.skip(f"{tool} is missing; on Debian: sudo apt install {apt}")

    return path_or_skip


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """With GOVNEWS_NO_SKIPS a skipped test has failed; an expected failure has not."""
    report = yield
    if NO_SKIPS and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = (
            f"{item.nodeid} was skipped, and GOVNEWS_NO_SKIPS allows none\n{_why(report)}"
        )
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """The same for a file that skips itself as a whole."""
    report = yield
    if NO_SKIPS and report.skipped:
        report.outcome = "failed"
        report.longrepr = (
            f"{collector.nodeid} skips itself, and GOVNEWS_NO_SKIPS allows none\n{_why(report)}"
        )
    return report


def _why(report: pytest.TestReport | pytest.CollectReport) -> str:
    return str(report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr)
