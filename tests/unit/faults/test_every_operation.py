"""Every operation meets every fault at every request that it sends."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from common.errors import UNEXPECTED, problem_of
from tests.contracts.account_contract import Killed
from tests.fakes.aws_wire import Plan
from tests.fakes.events import read_json
from tests.fakes.faults import FAULTS, Fault
from tests.unit.faults.operations import OPERATIONS, Operation
from tests.unit.faults.world import World, function_of, timeout_seconds

if TYPE_CHECKING:
    from common.http import Route

DOCUMENT = json.loads((Path(__file__).parents[3] / "docs" / "openapi.json").read_text())
BUSY = 503
MOST_REQUESTS = 60
MOST_WAITS = 12


def hold(world: World, operation: Operation, answer: dict[str, Any]) -> None:
    """Hold an answer to what the API's description says, and the table to its invariants."""
    status, route = answer["statusCode"], _route(world, operation)
    declared = DOCUMENT["paths"][operation.path][operation.method.lower()]["responses"]
    assert str(status) in declared
    if status >= 400:
        code = read_json(answer)["code"]
        assert code != UNEXPECTED.code, [sent.operation for sent in world.wire.sent]
        assert code in {problem_of(error).code for error in route.errors}
    if status == BUSY:
        assert int(answer["headers"]["retry-after"]) > 0
    within = timeout_seconds(function_of(operation.path))
    assert world.wire.seconds_taken < within, "answered in time"
    assert world.violations() == []


def _route(world: World, operation: Operation) -> Route:
    routes = world.handlers[function_of(operation.path)].api.routes
    found: Route
    (found,) = (
        route
        for route in routes
        if (route.method, route.path) == (operation.method, operation.path)
    )
    return found


def meet(world: World, operation: Operation, plan: Plan) -> dict[str, Any] | None:
    """Send the request under a plan of faults, then again without, until it is settled."""
    world.reset()
    world.wire.begin(plan)
    answer: dict[str, Any] | None = None
    try:
        answer = operation.send(world)
    except Killed:
        assert world.violations() == []
    else:
        hold(world, operation, answer)
    if not plan.hit:
        return answer
    again = send_again(world, operation)
    hold(world, operation, again)
    done = answer is not None and answer["statusCode"] < 300
    assert done or again["statusCode"] in operation.again, read_json_code(again)
    operation.settled(world)
    assert world.violations() == []
    return answer


def send_again(world: World, operation: Operation) -> dict[str, Any]:
    """Send a request without faults until it is answered with more than when to come back.

    Whoever was killed holds what it has claimed for as long as it could have lived.
    """
    for _ in range(MOST_WAITS):
        world.wire.begin(keep_time=True)
        answer = operation.send(world)
        if "retry-after" not in answer["headers"]:
            break
        hold(world, operation, answer)
        world.wire.clock.sleep(int(answer["headers"]["retry-after"]))
    return answer


def read_json_code(answer: dict[str, Any]) -> str | None:
    return read_json(answer)["code"] if answer["statusCode"] >= 400 else None


def test_without_faults_everything_is_answered_and_settled(world: World) -> None:
    for operation in OPERATIONS:
        world.reset()
        answer = operation.send(world)
        assert answer["statusCode"] in operation.again, (operation.name, answer)
        hold(world, operation, answer)
        operation.settled(world)


def test_every_route_that_calls_anybody_is_among_the_operations(world: World) -> None:
    tried = {(operation.method, operation.path) for operation in OPERATIONS}
    routes = {
        (route.method, route.path)
        for name, handler in world.handlers.items()
        if name != "authorizer"
        for route in handler.api.routes
    }
    assert routes - tried == {("GET", "/landmarks"), ("GET", "/landmarks/{landmark_id}")}


def _by_name(one: object) -> str:
    return str(one).replace(" ", "-")


@pytest.mark.parametrize("fault", [one for one in FAULTS if not one.like], ids=_by_name)
@pytest.mark.parametrize("operation", OPERATIONS, ids=_by_name)
def test_a_fault_that_passes_leaves_a_declared_answer_and_a_whole_table(
    world: World, operation: Operation, fault: Fault
) -> None:
    usual = operation.send(world)["statusCode"]
    for at in range(MOST_REQUESTS):
        plan = Plan(fault, lambda number, at=at: number == at)  # type: ignore[misc]
        answer = meet(world, operation, plan)
        if at >= len(world.wire.sent) and not plan.hit:
            break
        repeated = fault.passes and plan.hit and plan.hit[0].service not in {"lambda", "ssm"}
        if answer is not None and repeated:
            assert answer["statusCode"] == usual, (plan.hit[0].operation, read_json_code(answer))
    else:
        pytest.fail("it never ends")


@pytest.mark.parametrize("fault", [one for one in FAULTS if one.lasts], ids=_by_name)
@pytest.mark.parametrize("operation", OPERATIONS, ids=_by_name)
def test_a_fault_that_lasts_leaves_a_declared_answer_in_time(
    world: World, operation: Operation, fault: Fault
) -> None:
    requests = len(_sent_usually(world, operation))
    for at in range(requests):
        meet(world, operation, Plan(fault, lambda number, at=at: number >= at))  # type: ignore[misc]


def _sent_usually(world: World, operation: Operation) -> list[Any]:
    world.reset()
    operation.send(world)
    return list(world.wire.sent)


@pytest.mark.parametrize("fault", [one for one in FAULTS if one.takes_time], ids=_by_name)
@pytest.mark.parametrize("operation", OPERATIONS, ids=_by_name)
def test_a_service_that_answers_now_and_then_is_given_up_in_time(
    world: World, operation: Operation, fault: Fault
) -> None:
    # As slow as can be: of three attempts at a request the third is answered.
    meet(world, operation, Plan(fault, lambda number: number % 3 != 2))


@pytest.mark.parametrize("operation", OPERATIONS, ids=_by_name)
def test_services_that_take_their_time_are_waited_for_in_time(
    world: World, operation: Operation
) -> None:
    world.wire.sluggish = lambda read_timeout: read_timeout - 0.01
    hold(world, operation, operation.send(world))
