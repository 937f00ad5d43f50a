"""axe on a page of the browser: no violation, of any weight."""

from __future__ import annotations

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

OPTIONS = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]},
    "resultTypes": ["violations"],
}
NODES_SHOWN = 5


def assert_accessible(page: Page) -> None:
    """Run axe on the page as it stands, under its own content policy; fail with what to repair and where."""
    page.wait_for_load_state("load")
    violations: list[dict[str, Any]] = Axe().run(page, options=OPTIONS).response["violations"]
    assert not violations, f"{page.url} has {len(violations)} violations:\n" + "\n".join(map(_told, violations))


def _told(violation: dict[str, Any]) -> str:
    nodes = violation["nodes"]
    head = f"- {violation['id']} ({violation['impact']}): {violation['help']} — {len(nodes)} places"
    return "\n".join([head, *(_place(node) for node in nodes[:NODES_SHOWN])])


def _place(node: dict[str, Any]) -> str:
    why = " ".join((node.get("failureSummary") or "").split())
    return f"    {' '.join(map(str, node['target']))}\n      {node['html'][:160]}\n      {why}"
