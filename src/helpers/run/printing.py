"""Prints finished pages to PDF, in one headless chromium for all of them."""

import shutil
import tempfile
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path

_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
_OPTIONS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--no-first-run",
]  # fmt: skip
_PATIENCE = 60_000  # milliseconds


class PrintingError(RuntimeError):
    """A page that could not be printed, and why."""


class Printer:
    """A browser that prints; it is opened at the first page and closed with the ``with`` block.

    Its thread is its own: what drives it keeps an event loop running, and so does the
    execution of notebooks.
    """

    def __init__(self):
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="printer")
        self._driver = self._browser = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._thread.submit(self._close).result()
        self._thread.shutdown()

    def print_page(self, page: str, target: Path) -> None:
        """Print a page as its print style says.

        Parameters
        ----------
        page : str
            HTML that needs no other file.
        target : pathlib.Path
            The PDF: tagged, with an outline of the headings.

        Raises
        ------
        PrintingError
            If there is no browser, or it fails.
        """
        self._thread.submit(self._print, page, target).result()

    def _print(self, page: str, target: Path) -> None:
        browser = self._browser or self._open()
        from playwright.sync_api import Error

        try:
            with tempfile.TemporaryDirectory() as folder:
                source = Path(folder) / "page.html"
                source.write_text(page, encoding="utf-8")
                opened = browser.new_page(offline=True)
                opened.set_default_timeout(_PATIENCE)
                try:
                    opened.goto(source.as_uri())
                    opened.pdf(path=target, prefer_css_page_size=True, tagged=True, outline=True)
                finally:
                    opened.close()
        except Error as error:
            raise PrintingError(f"{error.message.splitlines()[0]}") from None

    def _open(self):
        found = find_browser()
        if found is None:
            raise PrintingError("no chromium, or no playwright to drive it, is installed")
        from playwright.sync_api import Error, sync_playwright

        self._driver = sync_playwright().start()
        try:
            self._browser = self._driver.chromium.launch(executable_path=found, args=_OPTIONS)
        except Error as error:
            raise PrintingError(f"{error.message.splitlines()[0]}") from None
        return self._browser

    def _close(self) -> None:
        if self._browser:
            self._browser.close()
        if self._driver:
            self._driver.stop()


def find_browser() -> str | None:
    """Find a chromium and the package that drives it; None if one of them is missing."""
    if find_spec("playwright") is None:
        return None
    return next(filter(None, map(shutil.which, _BROWSERS)), None)
