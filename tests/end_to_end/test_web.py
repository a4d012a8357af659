"""The page in a real browser, against the deployed API, with real photos.

What a visitor does is in `web/browser`, one file a subject; each is one test here, and shows the
names and the output of its own. Without a browser they are skipped, but in CI: there it has to be,
unless `.ci/run` could not install one (`NO_BROWSER` says why).
"""

from __future__ import annotations

import os
import subprocess
from collections import Counter
from typing import TYPE_CHECKING

import gpxpy
import pytest
from icalendar import Calendar

from local.terminal import CannotContinueError
from local.web.browser import BROWSERS, find_browser
from local.web.build import DIST, WEB, build_web
from local.web.server import serving
from local.web.site import Site

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from local.deployment import Deployment

# There has to be one: a skip would hide that it is missing.
IN_CI = "CI" in os.environ
NO_BROWSER = os.environ.get("NO_BROWSER", "")

_WITHOUT_BROWSER = "size"
_LIFE = "whole_life"
_SUBJECTS = sorted(path.name.removesuffix(".test.ts") for path in WEB.glob("browser/*.test.ts"))
_OTHERS = [name for name in _SUBJECTS if name not in {_WITHOUT_BROWSER, _LIFE}]


@pytest.fixture(scope="module")
def chromium() -> str:
    found = find_browser()
    if found:
        return found
    if IN_CI and not NO_BROWSER:
        pytest.fail(f"There is none of {', '.join(BROWSERS)}, which CI has to install")
    pytest.skip(reason=NO_BROWSER or "no browser drives the page: apt-get install chromium")


@pytest.fixture(scope="module")
def dist() -> Path:
    try:
        build_web()
    except CannotContinueError as error:
        if IN_CI:
            raise
        pytest.skip(reason=f"the page cannot be built here: {error}")
    return DIST


@pytest.fixture(scope="module")
def page(dist: Path, deployment: Deployment) -> Iterator[str]:
    with serving(Site(dist, deployment.url)) as url:
        yield url


def run(subject: str, **told: str) -> None:
    """Run the tests of one file, and fail with what they say."""
    done = subprocess.run(  # noqa: S603 - ours
        ["npx", "vitest", "run", "--config", "browser/vitest.config.ts", f"{subject}.test.ts"],  # noqa: S607 - wherever Node is
        capture_output=True,
        check=False,
        cwd=WEB,
        env={**os.environ, **told, "NO_COLOR": "1", "NO_PROXY": "*"},
        text=True,
    )
    if done.returncode != 0:
        pytest.fail(f"{subject}.test.ts:\n{done.stdout}\n{done.stderr}", pytrace=False)


def test_the_first_load_is_small(dist: Path) -> None:
    run(_WITHOUT_BROWSER, WEB_DIST=str(dist))


@pytest.mark.parametrize("subject", _OTHERS)
def test_in_a_browser(subject: str, chromium: str, page: str, deployment: Deployment) -> None:
    run(subject, CHROMIUM=chromium, WEB_URL=page, API_URL=deployment.url)


def test_the_whole_life_of_a_visitor(
    chromium: str, page: str, deployment: Deployment, tmp_path: Path
) -> None:
    told = {"CHROMIUM": chromium, "WEB_URL": page, "API_URL": deployment.url}
    run(_LIFE, **told, KEPT_FILES=str(tmp_path))
    gpx = gpxpy.parse((tmp_path / "Rome-in-May.gpx").read_text())
    names = [point.name for point in gpx.waypoints]
    calendar = Calendar.from_ical((tmp_path / "Rome-in-May.ics").read_bytes())
    assert Counter(str(event["summary"]) for event in calendar.walk("VEVENT")) == Counter(names)
    assert "Colosseum" in names
    assert len(names) == 4
