"""The browser that tries the page out and takes its pictures, where this machine has one."""

from __future__ import annotations

import shutil

BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def find_browser() -> str | None:
    """Return the path of a browser of the kind that the tests drive; None where there is none."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)
