"""What can go wrong between a function and the services that it calls.

A fault is what happens to one request on the wire, below botocore's retries: a service answers
with an error, or nobody answers, or the function dies. Whether the service had done what was asked
for by then is a part of it: whoever hears nothing cannot know.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from botocore.exceptions import (
    ConnectionClosedError,
    ConnectTimeoutError,
    EndpointConnectionError,
    ReadTimeoutError,
)

from tests.contracts.account_contract import Killed

if TYPE_CHECKING:
    from tests.fakes.aws_wire import Sent

# How a service says it. None: this fault does not happen to such a request.
Said = Callable[["Sent"], tuple[int, str] | None]


@dataclass(frozen=True)
class Fault:
    """One kind of failure.

    `says` is a service's answer; without it, `raises` is what botocore's HTTP client raises.
    `applied` tells whether the service did what was asked for, `passes` whether it is over when
    botocore tries again, so that nobody notices, `lasts` whether it can go on whatever is sent.
    `connecting` and `waiting` are the timeouts that have run out by then.
    """

    name: str
    says: Said | None = None
    raises: Callable[[str], BaseException] | None = None
    applied: bool = False
    passes: bool = True
    lasts: bool = True
    connecting: bool = False
    waiting: bool = False

    # Another that botocore cannot tell from this one while it may still pass.
    like: str = ""

    @property
    def takes_time(self) -> bool:
        return self.connecting or self.waiting

    def __str__(self) -> str:
        return self.name


def _always(status: int, codes: dict[str, str]) -> Said:
    return lambda sent: (status, codes[sent.service]) if sent.service in codes else None


def _throttled(sent: Sent) -> tuple[int, str]:
    status = {"s3": 503, "sesv2": 429, "lambda": 429}.get(sent.service, 400)
    return status, THROTTLED[sent.service]


def _conflict(sent: Sent) -> tuple[int, str] | None:
    if sent.operation == "TransactWriteItems":
        return 400, "TransactionConflict"
    single = {"PutItem", "UpdateItem", "DeleteItem"}
    return (400, "TransactionConflictException") if sent.operation in single else None


def _in_transaction(code: str) -> Said:
    return lambda sent: (400, code) if sent.operation == "TransactWriteItems" else None


def _refused(sent: Sent) -> tuple[int, str] | None:
    if not sent.is_conditional:
        return None
    if sent.operation == "TransactWriteItems":
        return 400, "ConditionalCheckFailed"
    return 400, "ConditionalCheckFailedException"


def _missing(sent: Sent) -> tuple[int, str] | None:
    if sent.operation == "GetObject":
        return 404, "NoSuchKey"
    return (400, "ParameterNotFound") if sent.operation == "GetParameter" else None


def _closed(url: str) -> BaseException:
    return ConnectionClosedError(endpoint_url=url)


def _nobody(url: str) -> BaseException:
    return EndpointConnectionError(endpoint_url=url, error="refused")


def _no_connection(url: str) -> BaseException:
    return ConnectTimeoutError(endpoint_url=url)


def _no_answer(url: str) -> BaseException:
    return ReadTimeoutError(endpoint_url=url)


def _killed(_url: str) -> BaseException:
    return Killed()


THROTTLED = {
    "dynamodb": "ProvisionedThroughputExceededException",
    "ssm": "ThrottlingException",
    "s3": "SlowDown",
    "sesv2": "TooManyRequestsException",
    "lambda": "TooManyRequestsException",
}
BROKEN = {
    "dynamodb": "InternalServerError",
    "ssm": "InternalServerError",
    "s3": "InternalError",
    "sesv2": "InternalServiceErrorException",
    "lambda": "ServiceException",
}
FAULTS = (
    Fault("throttled", _throttled),
    Fault("server error", _always(500, BROKEN)),
    Fault(
        "service unavailable",
        _always(503, dict.fromkeys(BROKEN, "ServiceUnavailable")),
        like="server error",
    ),
    Fault("conflict", _conflict),
    Fault("transaction throttled", _in_transaction("ThrottlingError"), passes=False),
    Fault(
        "transaction out of capacity",
        _in_transaction("ProvisionedThroughputExceeded"),
        passes=False,
    ),
    Fault("condition refused", _refused, passes=False, lasts=False),
    Fault("missing", _missing, passes=False),
    Fault("reset before it was sent", raises=_closed),
    Fault("reset after it was done", raises=_closed, applied=True),
    Fault("too slow, not done", raises=_no_answer, waiting=True, like="reset before it was sent"),
    Fault("too slow, done", raises=_no_answer, applied=True, waiting=True),
    Fault("nobody there", raises=_nobody, like="reset before it was sent"),
    Fault("no connection", raises=_no_connection, connecting=True, like="reset before it was sent"),
    Fault("killed before", raises=_killed, passes=False, lasts=False),
    Fault("killed after", raises=_killed, applied=True, passes=False, lasts=False),
)
