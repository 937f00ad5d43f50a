"""In continuous integration nothing may be left out unseen: only tests marked `shared_data` may skip."""

from __future__ import annotations

import os

import pytest

ALLOWED = "shared_data"
unseen = pytest.StashKey[list[str]]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[unseen] = []
    if os.environ.get("CI"):
        config.pluginmanager.register(_Watch(config), "maillage-skips")


class _Watch:
    def __init__(self, config: pytest.Config) -> None:
        self.skipped = config.stash[unseen]

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.skipped and not hasattr(report, "wasxfail") and ALLOWED not in report.keywords:
            self.skipped.append(f"{report.nodeid}: {_reason(report)}")

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.skipped:
            self.skipped.append(f"{report.nodeid} (whole file): {_reason(report)}")

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if self.skipped and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if self.skipped:
            terminalreporter.section("skipped without being allowed to", red=True)
            for line in self.skipped:
                terminalreporter.line(line)


def _reason(report: pytest.TestReport | pytest.CollectReport) -> str:
    return str(report.longrepr[2]) if isinstance(report.longrepr, tuple) else str(report.longrepr)
