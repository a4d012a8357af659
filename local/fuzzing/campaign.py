"""Running a fuzzer in a process of its own, and reading what it says it did and found."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from local.deployment import ROOT
from local.fuzzing.seeds import write_seeds

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

TARGETS = ("images", "requests")
# By the clock, for what waits: much longer than anything takes on a machine that is busy otherwise.
# What computes is stopped by the processor's time (`targets.CPU_SECONDS`).
HANG_SECONDS = 60
# Everything in one process: imports, the fuzzer's own tables and the largest picture. `describe`,
# the smaller of the two functions that read photos, has 1,769 MB.
MEMORY_MB = 1_200
# No seed is larger.
_LONGEST_BYTES = 65_536
_MODULES = (ROOT, ROOT / "functions", ROOT / "shared_layer" / "python")
_COMMAND = (sys.executable, "-m", "local.fuzzing")


@dataclass(frozen=True)
class Outcome:
    """What a fuzzer did: how many inputs it tried, and the files of those that found something."""

    target: str
    cases: int
    findings: tuple[Path, ...]
    ended: int
    log: Path

    @property
    def good(self) -> bool:
        """Tell whether it tried something, ended by itself, and found nothing."""
        return self.cases > 0 and self.ended == 0 and not self.findings


# A new program counts the most memory of the process that it was forked from as its own, and
# libFuzzer stops by that count: a shell between them has little. It forks, as its work goes on.
_IN_A_PROCESS_OF_ITS_OWN = ("/bin/sh", "-c", '"$@"; exit $?', "sh")


def run_fuzzer(
    target: str, folder: Path, *limits: str, command: Sequence[str | Path] = _COMMAND
) -> Outcome:
    """Fuzz a target within libFuzzer's `limits`, such as `-runs=1000` or `-max_total_time=60`.

    Inputs that reached new code stay in `folder`, and a later run begins with them.
    """
    corpus, seeds, found = folder / "corpus", folder / "seeds", folder / "findings"
    write_seeds(target, seeds)
    for made in (corpus, found):
        made.mkdir(parents=True, exist_ok=True)
    known = set(found.iterdir())
    log = folder / "log.txt"
    options = [
        *(f"-dict={seeds.with_suffix('.dict')}", f"-artifact_prefix={found}/"),
        *(f"-timeout={HANG_SECONDS}", f"-rss_limit_mb={MEMORY_MB}", f"-max_len={_LONGEST_BYTES}"),
        # Slow by the clock says more of the machine than of the input.
        *("-report_slow_units=1000000", "-print_final_stats=1", "-verbosity=1", *limits),
    ]
    with log.open("wb") as output:
        ended = subprocess.run(  # noqa: S603 - ours
            [*_IN_A_PROCESS_OF_ITS_OWN, *command, target, corpus, seeds, *options],
            cwd=ROOT,
            env={**os.environ, **_environment()},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            check=False,
        ).returncode
    findings = sorted(set(found.iterdir()) - known)
    return Outcome(
        target, count_cases(log.read_text(errors="replace")), tuple(findings), ended, log
    )


def _environment() -> dict[str, str]:
    return {
        "PYTHONPATH": os.pathsep.join(str(folder) for folder in _MODULES),
        "POWERTOOLS_SERVICE_NAME": "fuzzing",
        "POWERTOOLS_TRACE_DISABLED": "1",
    }


def count_cases(log: str) -> int:
    """Return how many inputs libFuzzer tried: at the end it says so, and now and then before it."""
    told = re.findall(
        r"^stat::number_of_executed_units:\s*(\d+)|^#(\d+)\t", log, flags=re.MULTILINE
    )
    return max((int(one or other) for one, other in told), default=0)
