"""Print what a month on AWS costs: `make cost`, `make cost ARGS="--requests 50000 --mix photos"`.

--page             write docs/cost.md anew
--measure          measure anew what requests take: some minutes, on a machine without load
--measure-page     measure anew what a visit of the web page loads: seconds
-c setting=value   as for `cdk deploy`: -c dashboards=folded
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import aws_cdk as cdk

from app import build_app
from local.cost.measure import measure, measure_page_alone
from local.cost.measured import load_measurements
from local.cost.page import write_page
from local.cost.prices import load_prices
from local.cost.tables import bills_of, write_bill
from local.cost.templates import read_deployment
from local.cost.traffic import DEFAULT_MIX, MIXES, REQUESTS
from local.terminal import CannotContinueError, say
from local.web.build import build_web
from stacks.settings import REPOSITORY, SettingsError, read_settings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from local.cost.templates import Deployment

PAGE = REPOSITORY / "docs" / "cost.md"


def synthesise(environment: str, changes: Mapping[str, str]) -> Deployment:
    """Write the templates of an environment to a folder that goes again, and read them.

    Raises `SettingsError` for a setting that is refused, and where the layers are not built.
    """
    context = json.loads((REPOSITORY / "cdk.json").read_text())["context"]
    context |= {"environment": environment, **changes}
    with tempfile.TemporaryDirectory() as folder:
        app = cdk.App(outdir=folder, context=context)
        build_app(app, read_settings(context))
        app.synth()
        files = Path(folder).glob("*.template.json")
        return read_deployment(json.loads(file.read_text()) for file in files)


def main() -> None:
    """Do what the arguments say."""
    parser = argparse.ArgumentParser(
        prog="make cost", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--requests", type=int, nargs="+", default=list(REQUESTS), metavar="N")
    parser.add_argument("--mix", choices=MIXES, default=DEFAULT_MIX)
    parser.add_argument("--environment", choices=["staging", "production"], default="production")
    parser.add_argument("--context", "-c", action="append", default=[], metavar="SETTING=VALUE")
    parser.add_argument("--page", action="store_true")
    parser.add_argument("--measure", action="store_true")
    parser.add_argument("--measure-page", action="store_true")
    wanted = parser.parse_args()
    changes = dict(change.split("=", 1) for change in wanted.context)
    try:
        if wanted.measure:
            measure()
        elif wanted.measure_page:
            measure_page_alone()
        measured, table = load_measurements(), load_prices()
        if wanted.page:
            build_web()
            deployments = {
                "production": synthesise("production", {}),
                "folded": synthesise("production", {"dashboards": "folded"}),
                "web": synthesise("production", {"web": "true"}),
                "staging": synthesise("staging", {}),
            }
            PAGE.write_text(write_page(deployments, measured, table), encoding="utf-8")
            say(f"Written: {PAGE.relative_to(REPOSITORY)}")
        else:
            deployment = synthesise(wanted.environment, changes)
            mix = MIXES[wanted.mix]
            say(f"{wanted.environment}, {table.region}, prices of {table.looked_up}: {mix.title}\n")
            say(write_bill(bills_of([deployment], mix, wanted.requests, measured, table), table))
            say("\nWhat it rests on: docs/cost.md")
    except (SettingsError, CannotContinueError) as error:
        sys.exit(f"\n{error}\n")


if __name__ == "__main__":
    main()
