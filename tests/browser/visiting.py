"""People's browsers, watched: who else was asked, what the console said, what axe and a narrow screen found."""

import os
from dataclasses import dataclass, field
from typing import Any, Final

from axe_playwright_python.sync_playwright import Axe
from django.db import connection
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, Response

WIDTHS: Final = (1280, 390)
PATIENCE: Final = 20_000
"""Milliseconds that a page may take on a machine with much else to do."""
NARROW: Final = 320
HEIGHT: Final = 900
AXE: Final = {"resultTypes": ["violations"], "preload": False}
"""Without reading style sheets again, which a strict policy of contents refuses to axe itself."""


def launch_arguments() -> dict[str, Any]:
    """Return how Chromium is started: never as a guest of the network."""
    arguments = [
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-dev-shm-usage",
        "--disable-quic",
        "--disable-sync",
        "--no-first-run",
    ]
    if os.geteuid() == 0:
        arguments.append("--no-sandbox")
    return {
        "executable_path": os.environ.get("CHROMIUM", "/usr/bin/chromium-headless-shell"),
        "args": arguments,
    }


@dataclass
class Visits:
    """Every browser opened in a test and what was strange in them."""

    browser: Browser
    base_url: str
    arguments: dict[str, Any]
    contexts: list[BrowserContext] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    said: list[tuple[str, str]] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)

    def open(self, *, scripts: bool = True, width: int = WIDTHS[0], **more: Any) -> Page:
        """Return a page of a new browser, without cookies; ``scripts`` off as an old office PC."""
        context = self.browser.new_context(
            **{
                **self.arguments,
                "base_url": self.base_url,
                "java_script_enabled": scripts,
                "viewport": {"width": width, "height": HEIGHT},
                **more,
            }
        )
        context.set_default_timeout(PATIENCE)
        context.on("request", self._asked)
        context.on("response", self._answered)
        context.on("requestfailed", self._failed)
        context.on("console", self._console)
        context.on("weberror", lambda error: self.said.append(("", str(error.error))))
        self.contexts.append(context)
        return context.new_page()

    def close(self) -> None:
        """Close every browser."""
        for context in self.contexts:
            context.close()
        self.contexts.clear()

    def oddities(self) -> list[str]:
        """Return what should not have happened: another host asked, an error in the console, a lost file.

        The console also notes the pages that the portal refuses on purpose (4xx); those belong to the tests.
        """
        errors = [text for url, text in self.said if not (url and url in self.refused)]
        return [*self.elsewhere, *self.failed, *errors]

    def _asked(self, request: Request) -> None:
        if not request.url.startswith((f"{self.base_url}/", "data:", "blob:")):
            self.elsewhere.append(f"asked elsewhere: {request.url}")

    def _answered(self, response: Response) -> None:
        if response.status >= 400 and response.request.is_navigation_request():
            self.refused.add(response.url)
        elif response.status >= 400:
            self.failed.append(f"{response.status}: {response.url}")

    def _failed(self, request: Request) -> None:
        if "ERR_ABORTED" not in (request.failure or ""):
            self.failed.append(f"{request.failure}: {request.url}")

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.said.append((message.location.get("url", ""), message.text))


@dataclass
class Inspector:
    """Looks at pages with axe and through a narrow window; keeps what it finds, so that one run tells all."""

    findings: list[str] = field(default_factory=list)
    seen: list[str] = field(default_factory=list)

    def look(self, page: Page, name: str) -> None:
        """Check the page as it stands, at the widths of a desk and a phone, and at 320 px for overflow."""
        self.seen.append(name)
        page.wait_for_load_state()
        if connection.vendor != "sqlite":
            return  # the page is the same: looked at once
        before = page.viewport_size
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": HEIGHT})
            found = Axe().run(page, options=AXE)
            self.findings.extend(
                f"{name}, {width} px: {violation['id']} · {node['target']} · {node['html'][:160]}"
                for violation in found.response["violations"]
                for node in violation["nodes"]
            )
        page.set_viewport_size({"width": NARROW, "height": HEIGHT})
        wide = page.evaluate("document.documentElement.scrollWidth")
        if wide > NARROW:
            self.findings.append(f"{name}: {wide} px wide in a window of {NARROW}; {_widest(page)}")
        if before:
            page.set_viewport_size(before)


def _widest(page: Page) -> str:
    """Return which elements stick out."""
    return str(
        page.evaluate(
            """limit => [...document.querySelectorAll("body *")]
                .filter(one => one.getBoundingClientRect().right > limit + 1)
                .slice(0, 5)
                .map(one => `${one.tagName}.${one.className} ${Math.round(one.getBoundingClientRect().right)}`)
                .join(", ")""",
            NARROW,
        )
    )
