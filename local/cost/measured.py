"""What a request takes, as `make cost ARGS=--measure` found, and what that is on Lambda."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from local.cost.templates import Function

MEASURED = Path(__file__).with_name("measured.json")

# https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html: "at 1,769 MB, a function
# has the equivalent of one vCPU"; below, a share of one.
ONE_CORE_MB = 1_769
# What a call takes in which the function waits, though it is billed: single-digit milliseconds is
# what DynamoDB promises. Assumed, not measured: no account was at hand.
CALL_MS: Mapping[str, float] = {"dynamodb": 5, "ssm": 15, "s3": 30, "lambda": 10, "sesv2": 100}


@dataclass(frozen=True)
class Work:
    """Computing and calls of one request, or of one start."""

    cpu_ms: float
    """On all cores together, of the machine that measured."""
    calls: Mapping[str, int]
    """Of other services, by name."""

    def billed_ms(self, function: Function, threads: int) -> int:
        """Return how long the work takes with the function's share of a core, in whole ms.

        A core of Lambda is taken to be as fast as one of the machine that measured.
        """
        cores = min(threads, function.memory_mb / ONE_CORE_MB)
        waiting_ms = sum(CALL_MS[service] * times for service, times in self.calls.items())
        return math.ceil(self.cpu_ms / cores + waiting_ms)


@dataclass(frozen=True)
class Request:
    """One request to a route."""

    function: str
    authorised: bool
    work: Work
    sent_bytes: int
    answered_bytes: int
    log_bytes: int
    """What the function itself writes."""
    log_lines: int


@dataclass(frozen=True)
class PageWeight:
    """The files of the web page."""

    files: int
    compressed_bytes: int
    bytes: int


@dataclass(frozen=True)
class Measurements:
    """All figures that were measured, and what the rest of the bill needs of sizes."""

    machine: Mapping[str, Any]
    requests: Mapping[str, Request]
    """By route; "authorizer" and "predict for describe" are what happens behind others."""
    starts: Mapping[str, Work]
    """By function: the init phase of a cold start."""
    threads: Mapping[str, int]
    image_gb: float
    """Compressed, as ECR stores it."""
    image_source: str
    packages_gb: float
    """What one deployment leaves in the CDK's bucket."""
    table_bytes_a_request: int
    page: PageWeight


def load_measurements(path: Path = MEASURED) -> Measurements:
    """Read the figures."""
    figures: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return Measurements(
        machine=figures["machine"],
        requests={
            route: Request(**{**request, "work": Work(**request["work"])})
            for route, request in figures["requests"].items()
        },
        starts={name: Work(**work) for name, work in figures["starts"].items()},
        threads=figures["threads"],
        image_gb=figures["image"]["compressed_gb"],
        image_source=figures["image"]["source"],
        packages_gb=figures["packages_gb"],
        table_bytes_a_request=figures["table_bytes_a_request"],
        page=PageWeight(**figures["page"]),
    )
