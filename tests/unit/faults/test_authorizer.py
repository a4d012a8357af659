"""The authorizer cannot read its keys: it says no, in time, and yes as soon as it can."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.fakes.aws_wire import Plan
from tests.fakes.events import load_event, read_json, with_header
from tests.fakes.faults import FAULTS, Fault

if TYPE_CHECKING:
    from tests.unit.faults.world import World

# What the stack gives it at least: the gateway waits 10 s for it.
TIMEOUT_SECONDS = 9.0


@pytest.mark.parametrize("fault", [one for one in FAULTS if one.lasts], ids=str)
def test_a_gateway_gets_a_no_in_time_while_there_are_no_keys(world: World, fault: Fault) -> None:
    token = read_json(world.sign_in())["access_token"]
    event = with_header(load_event("authorizer"), "authorization", f"Bearer {token}")
    event |= {"identitySource": [f"Bearer {token}"]}
    handler = world.handlers["authorizer"]
    plan = Plan(fault, lambda _number: True)
    world.wire.begin(plan)
    answer = handler.handle(event, None)
    assert answer["isAuthorized"] is not bool(plan.hit)
    assert world.wire.seconds_taken < TIMEOUT_SECONDS
    world.wire.begin(keep_time=True)
    assert handler.handle(event, None)["isAuthorized"]
