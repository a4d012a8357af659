"""AWS in memory, on the other side of botocore: real clients, retries and adapters, no sockets.

Every request that a client would send comes here instead (botocore's `before-send`), where a fault
can befall it. Time is not waited for: timeouts, pauses and slow answers move a clock.
"""

from __future__ import annotations

import io
import json
import time
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

from botocore import UNSIGNED
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from botocore.config import Config

from common import aws_session, clients
from tests.fakes.dynamodb_wire import DynamoServer, cancelled, problem
from tests.fakes.tables import InMemoryTable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    import pytest
    from botocore.awsrequest import AWSPreparedRequest

    from tests.fakes.faults import Fault


PLAIN = Config(signature_version=UNSIGNED, parameter_validation=False)


class Sent(NamedTuple):
    """One request: to which service, what it asks for, and the body."""

    service: str
    operation: str
    body: bytes

    @property
    def is_conditional(self) -> bool:
        """Whether it is a write that a condition can refuse."""
        return b'"ConditionExpression"' in self.body


class Timeouts(NamedTuple):
    """What a client waits for, in seconds."""

    connecting: float
    reading: float


class Received(NamedTuple):
    """An answer on its way back."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = MappingProxyType({})


@dataclass
class Plan:
    """A fault, and which requests it befalls, by their numbers from 0."""

    fault: Fault
    befalls: Callable[[int], bool]
    # What it has befallen.
    hit: list[Sent] = field(default_factory=list)


class WireClock:
    """Real time, and all the time that was not waited for."""

    def __init__(self) -> None:
        self.skipped = 0.0
        self._monotonic, self._time = time.monotonic, time.time

    def monotonic(self) -> float:
        return self._monotonic() + self.skipped

    def time(self) -> float:
        return self._time() + self.skipped

    def sleep(self, seconds: float) -> None:
        self.skipped += max(0.0, seconds)

    def run_within(self, seconds: float, work: Callable[[], Any]) -> Any:  # noqa: ANN401 - its answer
        """Stand for `common.bounded.run_within`, by this clock."""
        began = self.skipped
        try:
            answer = work()
        except Exception:
            if self.skipped - began <= seconds:
                raise
        else:
            if self.skipped - began <= seconds:
                return answer
        self.skipped = began + seconds
        raise TimeoutError


class AwsWire:
    """The services, what they hold, and what befalls requests to them."""

    def __init__(self) -> None:
        self.clock = WireClock()
        self.table = InMemoryTable()
        self.parameters: dict[str, str] = {}
        self.objects: dict[str, bytes] = {}
        self.mails: list[str] = []
        self.invoked: Callable[[bytes], dict[str, Any]] = lambda _payload: {}
        self.plan: Plan | None = None
        self.sent: list[Sent] = []
        # Every answer takes this long; a timeout of 0 means that only faults take time.
        self.sluggish: Callable[[float], float] = lambda _read_timeout: 0.0
        self._dynamo = DynamoServer(self.table)
        self._began = 0.0

    def install(self, patch: pytest.MonkeyPatch) -> None:
        """Let every client made from now on end here."""
        create = aws_session.create_client

        def create_here(service: aws_session.Service, config: Config) -> Any:  # noqa: ANN401
            # Signing and checking arguments is most of what a request costs here.
            timeouts = Timeouts(
                config.connect_timeout,  # type: ignore[attr-defined]
                config.read_timeout,  # type: ignore[attr-defined]
            )
            client = create(service, config if service == "s3" else config.merge(PLAIN))

            def answer(request: AWSPreparedRequest, event_name: str, **_: object) -> AWSResponse:
                sent = Sent(service, event_name.rpartition(".")[2], _body(request))
                return self._befall(sent, request, timeouts)

            # Last, since whatever else looks at requests may refuse them.
            client.meta.events.register_last("before-send", answer)
            return client

        clients.client.cache_clear()
        patch.setattr(aws_session, "create_client", create_here)
        # Thousands of failures in one process would spend what botocore has for retries.
        patch.setattr(
            "botocore.retries.standard.RetryQuotaChecker.acquire_retry_quota",
            lambda _self, _context: True,
        )
        for name in ("monotonic", "time", "sleep"):
            patch.setattr(time, name, getattr(self.clock, name))
        patch.setattr(time, "time_ns", lambda: int(self.clock.time() * 1e9))

    def begin(self, plan: Plan | None = None, *, keep_time: bool = False) -> None:
        """Count requests and what they take anew; let `plan` befall them."""
        self.plan, self.sent = plan, []
        self.clock.skipped = self.clock.skipped if keep_time else 0.0
        self._began = self.clock.skipped

    @property
    def seconds_taken(self) -> float:
        """How long everything since `begin` would have been waited for."""
        return self.clock.skipped - self._began

    def _befall(self, sent: Sent, request: AWSPreparedRequest, timeouts: Timeouts) -> AWSResponse:
        at, plan = len(self.sent), self.plan
        self.sent.append(sent)
        self.clock.skipped += self.sluggish(timeouts.reading)
        if plan is None or not plan.befalls(at):
            return _as_response(request, self._do(sent, request))
        fault = plan.fault
        said = fault.says(sent) if fault.says else None
        if fault.says and said is None:
            return _as_response(request, self._do(sent, request))
        plan.hit.append(sent)
        if fault.connecting:
            self.clock.skipped += timeouts.connecting
        if fault.waiting:
            self.clock.skipped += timeouts.reading
        if said:
            return _as_response(request, _refusal(sent, *said))
        if fault.applied:
            self._do(sent, request)
        assert fault.raises
        raise fault.raises(request.url)

    def _do(self, sent: Sent, request: AWSPreparedRequest) -> Received:
        if sent.service == "dynamodb":
            status, document = self._dynamo.answer(sent.operation, sent.body)
            return Received(status, json.dumps(document).encode())
        if sent.service == "ssm":
            return self._read_parameter(json.loads(sent.body)["Name"])
        if sent.service == "s3":
            return self._read_object(urlsplit(request.url).path.lstrip("/"))
        if sent.service == "sesv2":
            self.mails.append(json.loads(sent.body)["Content"]["Simple"]["Body"]["Text"]["Data"])
            return Received(200, b'{"MessageId": "1"}')
        answer = self.invoked(sent.body)
        return Received(200, json.dumps(answer).encode())

    def _read_parameter(self, name: str) -> Received:
        if name not in self.parameters:
            return _refusal(Sent("ssm", "GetParameter", b""), 400, "ParameterNotFound")
        parameter = {"Parameter": {"Name": name, "Value": self.parameters[name]}}
        return Received(200, json.dumps(parameter).encode())

    def _read_object(self, key: str) -> Received:
        if key not in self.objects:
            return _refusal(Sent("s3", "GetObject", b""), 404, "NoSuchKey")
        data = self.objects[key]
        whole = {"content-range": f"bytes 0-{len(data) - 1}/{len(data)}"}
        return Received(206, data, {"content-length": str(len(data)), **whole})


class _Raw(io.BytesIO):
    """A body, read as urllib3 lets it be read."""

    def stream(self, *_sizes: object, **_options: object) -> Iterator[bytes]:
        yield self.read()


def _as_response(request: AWSPreparedRequest, received: Received) -> AWSResponse:
    headers = HTTPHeaders.from_dict(dict(received.headers))
    return AWSResponse(request.url, received.status, headers, _Raw(received.body))


def _body(request: AWSPreparedRequest) -> bytes:
    body = request.body or b""
    return body.encode() if isinstance(body, str) else bytes(body)  # type: ignore[arg-type]


def _refusal(sent: Sent, status: int, code: str) -> Received:
    """Write an error as the service does."""
    if sent.service == "s3":
        return Received(status, f"<Error><Code>{code}</Code></Error>".encode())
    if sent.operation == "TransactWriteItems" and status == 400 and "Exception" not in code:
        items = [part for item in json.loads(sent.body)["TransactItems"] for part in item.values()]
        conditional = ["ConditionExpression" in item for item in items]
        at = conditional.index(True) if True in conditional else 0
        codes = [code if number == at else "None" for number in range(len(items))]
        status, document = cancelled(codes)
        return Received(status, json.dumps(document).encode())
    status, document = problem(code, status)
    return Received(status, json.dumps(document).encode(), {"x-amzn-errortype": code})
