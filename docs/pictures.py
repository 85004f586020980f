"""Takes the pictures of the documentation from a running ``bin/demo``.

.venv/bin/python docs/pictures.py http://localhost:8000
"""

import os
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

FOLDER = Path(__file__).parent / "img"
PICTURES = {"portada": "/"}


def main(portal: str) -> None:
    """Save one picture per page, 1280 pixels wide, as a visitor sees it."""
    FOLDER.mkdir(exist_ok=True)
    arguments = ["--disable-background-networking", "--no-first-run"]
    if os.geteuid() == 0:
        arguments.append("--no-sandbox")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), args=arguments
        )
        page = browser.new_page(locale="es-MX", viewport={"width": 1280, "height": 860})
        for name, path in PICTURES.items():
            page.goto(portal + path, wait_until="networkidle")
            page.screenshot(path=FOLDER / f"{name}.png")
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"))
