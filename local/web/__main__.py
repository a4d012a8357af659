"""`make web`: build the page into `web/dist`.

--if-hosted ENVIRONMENT   only where the settings of that environment host it (`web` in cdk.json)
"""

from __future__ import annotations

import argparse
import sys

from local.terminal import CannotContinueError, say, skip
from local.web.build import build_web


def main() -> None:
    """Build it, where it is asked for."""
    parser = argparse.ArgumentParser(
        prog="make web", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--if-hosted", metavar="ENVIRONMENT", default="")
    environment = parser.parse_args().if_hosted
    try:
        if environment and not _is_hosted(environment):
            skip(f"Page: {environment} does not host it")
            return
        build_web()
    except CannotContinueError as error:
        say(f"\n{error}")
        sys.exit(1)


def _is_hosted(environment: str) -> bool:
    # Reading settings takes the CDK's library, which building does without.
    from local.deploy import settings_of  # noqa: PLC0415

    return settings_of(environment).hosts_web


if __name__ == "__main__":
    main()
