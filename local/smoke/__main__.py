"""`make smoke URL=…`: use a deployed API as a traveller would, and leave nothing behind.

Every step wants what the one before made, so the first that fails ends the visit. The account goes
whatever happened; the exit status is 0 when everything answered as it should and nothing is left.
"""

from __future__ import annotations

import argparse
import sys
import time
from typing import TYPE_CHECKING

import httpx

from local.deployed import read_deployed
from local.smoke.patience import PatientClient
from local.smoke.visit import CheckFailedError, Visit
from local.terminal import CannotContinueError, say

if TYPE_CHECKING:
    from collections.abc import Callable

# The gateway gives up after 30 s.
_REQUEST_SECONDS = 35.0
# All checks together: they take a few seconds where functions are warm, and the first request to
# each of them starts it.
_VISIT_SECONDS = 300.0
_LEAVING_SECONDS = 90.0


def visit_api(visit: Visit) -> bool:
    """Run all checks, printing each with its time; return whether all is well and nothing left."""
    started = time.monotonic()
    try:
        well = all(_report(name, check) for name, check in visit.checks)
    finally:
        visit.client.renew(_LEAVING_SECONDS)
        left = _report("leaving", visit.leave)
    if not left:
        say(f"\nThe account {visit.email} may be left behind.")
    seconds = time.monotonic() - started
    repeated = f", {visit.client.repeated} requests repeated" if visit.client.repeated else ""
    say(f"\n{'All well' if well and left else 'FAILED'} after {seconds:.1f} s{repeated}")
    return well and left


def _report(name: str, check: Callable[[], str]) -> bool:
    started = time.monotonic()
    try:
        found, mark = check(), "✓"
    except (CheckFailedError, httpx.HTTPError) as error:
        found, mark = str(error) or type(error).__name__, "✗"
    except (KeyError, TypeError, ValueError) as error:
        found, mark = f"the answer has another form: {error!r}", "✗"
    say(f"  {mark} {name:<10} {time.monotonic() - started:6.1f} s  {found}".rstrip())
    return mark == "✓"


def main() -> None:
    """Visit the API at an address, or what `make deploy` deployed last."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", default="", help="the address that `make deploy` printed")
    parser.add_argument("--environment", default="", help="what this checkout deployed last")
    parser.add_argument("--version", default="", help="fail if another version answers")
    options = parser.parse_args()
    try:
        url, version = options.url, options.version
        if not url:
            deployed = read_deployed(options.environment)
            url, version = deployed.url, version or deployed.version
    except CannotContinueError as error:
        say(f"\n{error}")
        sys.exit(1)
    say(f"Visiting {url}")
    with httpx.Client(base_url=url, timeout=_REQUEST_SECONDS) as http:
        client = PatientClient(http, _VISIT_SECONDS)
        sys.exit(0 if visit_api(Visit(client, version)) else 1)


if __name__ == "__main__":
    main()
