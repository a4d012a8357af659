"""`make load`: fifty travellers for a day of two minutes at the local API, then the reckoning.

Everything that a client was told has to be in the table afterwards, nothing else may be there, and
no answer may be a fault of the server's but a 503 that says when to come back. Exits with 1 when
something is found. It only ever goes to the local cloud of this machine.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from local.load.trial import Trial, try_a_day
from local.operations.check_table import read_items
from local.operations.target import ending_with, find_target
from local.terminal import CannotContinueError, say, step
from local.up import API_FILE

# Nobody else reads the local table.
_UNITS_A_SECOND = 1_000_000.0


def main() -> None:
    """Run it, and say what was found."""
    parser = argparse.ArgumentParser(prog="load", description=__doc__)
    parser.add_argument("--travellers", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=120.0, help="how long a day takes")
    parser.add_argument("--seed", type=int, default=1, help="who does what")
    parser.add_argument("--out", type=Path, help="a file for all of it, in JSON")
    options = parser.parse_args()
    if not 1 <= options.travellers <= 200 or not 10 <= options.seconds <= 3600:  # noqa: PLR2004 - bounded
        parser.error("1 to 200 travellers, a day of 10 to 3600 seconds")
    with ending_with(2):
        if not API_FILE.is_file():
            message = "No local API runs here: make up"
            raise CannotContinueError(message)
        url = json.loads(API_FILE.read_text())["url"]
        target = find_target("local")
        name, dynamodb = target.table_name(), target.client("dynamodb")
        with step(f"A day of {options.travellers} travellers in {options.seconds:.0f} s"):
            trial = try_a_day(
                url,
                lambda: read_items(dynamodb, name, _UNITS_A_SECOND),
                travellers=options.travellers,
                seconds=options.seconds,
                seed=options.seed,
            )
    if options.out:
        options.out.write_text(json.dumps(trial.as_dict(), indent=2) + "\n")
    _tell(trial)
    sys.exit(1 if trial.findings else 0)


def _tell(trial: Trial) -> None:
    answers = sum(trial.statuses.values())
    say(f"\n{answers} answers in {trial.seconds:.0f} s, {trial.hung_up} not waited for:")
    say(
        "  " + ", ".join(f"{status}: {trial.statuses[status]}" for status in sorted(trial.statuses))
    )
    say(f"\n{'route':34}{'answers':>8}{'median':>10}{'95 %':>10}")
    for route, (number, median, high) in trial.latencies_ms.items():
        say(f"{route:34}{number:>8}{median:>7.0f} ms{high:>7.0f} ms")
    say("\nwrites told:   " + ", ".join(f"{many} {kind}" for kind, many in trial.told.items()))
    say("writes unsure: " + ", ".join(f"{many} {kind}" for kind, many in trial.unsure.items()))
    for finding in trial.findings:
        say(f"\n! {finding}")
    if trial.findings:
        say(f"\n{len(trial.findings)} findings.")
    else:
        say(f"\n✓ What was told is what the {trial.items} items of the table hold.")


if __name__ == "__main__":
    main()
