"""The documentation page in a real browser."""

from typing import Any

import pytest
from playwright.sync_api import Page


@pytest.mark.browser
def test_the_documentation_works_under_the_content_policy(page: Page, live_server: Any) -> None:
    """All of it comes from here, and the browser refuses nothing of it."""
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{live_server.url}/api/docs/")
    page.wait_for_selector("#operations-tag-ties")
    page.click("#operations-tag-boards")
    page.wait_for_selector("text=Read a board's standings")
    assert complaints == []
    assert {url.split("/")[2] for url in asked if url.startswith("http")} == {live_server.url.split("/")[2]}
