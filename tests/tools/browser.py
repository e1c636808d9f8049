"""A real browser without a window: what pages ask for and how wide they are."""

import base64
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service

ARGUMENTS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
)


class Browser:
    """Opens pages at a width, and remembers what they asked for."""

    def __init__(self, driver: webdriver.Chrome) -> None:
        self._driver = driver

    def open(self, page: Path, width: int, fragment: str = "") -> None:
        """Open a page in a window of so many CSS pixels, a phone's below 600."""
        size = {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": width < 600}
        self._driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        self._driver.get(page.as_uri() + fragment)

    def ask(self, script: str, *arguments: object) -> Any:
        """Ask the page something from outside; a page's own policy does not apply to that."""
        return self._driver.execute_script(f"return {script}", *arguments)

    def open_everything(self) -> None:
        """Open whatever is folded."""
        self.ask("document.querySelectorAll('details').forEach(one => one.open = true)")

    def overhang(self) -> int:
        """Give how many pixels the page is wider than its window."""
        return self.ask("document.documentElement.scrollWidth - window.innerWidth")

    def dark(self, wanted: bool) -> None:
        """Say that the person likes dark pages."""
        scheme = {"name": "prefers-color-scheme", "value": "dark" if wanted else "light"}
        self._driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [scheme]})

    def printed(self) -> bytes:
        """Print the page as PDF."""
        found = self._driver.execute_cdp_cmd("Page.printToPDF", {"preferCSSPageSize": True})
        return base64.b64decode(found["data"])

    def complaints(self) -> list[str]:
        """Give what the browser wrote on its console since the last question."""
        return [entry["message"] for entry in self._driver.get_log("browser")]

    def requests(self) -> list[str]:
        """Give the addresses pages asked for since the last question."""
        events = [json.loads(e["message"])["message"] for e in self._driver.get_log("performance")]
        return [
            event["params"]["request"]["url"]
            for event in events
            if event["method"] == "Network.requestWillBeSent"
            and event["params"].get("documentURL", "").startswith("file:")
        ]


@contextmanager
def browser(profile: Path) -> Iterator[Browser]:
    """Start a browser with a profile of its own, and end it."""
    options = Options()
    for argument in (*ARGUMENTS, f"--user-data-dir={profile}"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(shutil.which("chromedriver")))
    try:
        yield Browser(driver)
    finally:
        driver.quit()
