"""The gateway is told to forget its answers: that of the right API, and never the local one."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from local.operations.restart import forget_gateways_answers
from stacks.settings import read_settings

NAMES = {"A1": "cv-location-classifier-production", "A2": "cv-location-classifier-staging"}


class Gateway:
    """An account with two APIs, each on a page of its own."""

    def __init__(self, *, broken: bool = False) -> None:
        self.broken = broken
        self.reset: list[tuple[str, str]] = []

    def get_paginator(self, _operation: str) -> Gateway:
        return self

    def paginate(self) -> list[dict[str, Any]]:
        return [{"Items": [{"ApiId": key, "Name": name}]} for key, name in NAMES.items()]

    def reset_authorizers_cache(self, *, ApiId: str, StageName: str) -> None:  # noqa: N803
        if self.broken:
            answer: Any = {"Error": {"Code": "AccessDeniedException", "Message": ""}}
            raise ClientError(answer, "ResetAuthorizersCache")
        self.reset.append((ApiId, StageName))


class FakeTarget:
    def __init__(self, environment: str, gateway: Gateway) -> None:
        self.settings = read_settings({"environment": environment})
        self.client = lambda _service: gateway


@pytest.mark.parametrize(
    ("environment", "broken", "forgotten"),
    [
        ("staging", False, [("A2", "$default")]),
        ("production", False, [("A1", "$default")]),
        ("production", True, []),
        ("local", False, []),
    ],
)
def test_the_gateway_of_the_environment_is_told(
    environment: str,
    broken: bool,  # noqa: FBT001 - a parameter of the test
    forgotten: list[tuple[str, str]],
) -> None:
    gateway = Gateway(broken=broken)
    told = forget_gateways_answers(FakeTarget(environment, gateway))  # type: ignore[arg-type]
    assert told is bool(forgotten)
    assert gateway.reset == forgotten
