"""All functions that call anybody, on one table, with a traveller who has lived a little.

The handlers are loaded anew, so that they stand on the real adapters and the real botocore; what
botocore sends goes to `tests/fakes/aws_wire.py`, what httpx sends to a transport of its own.
"""

from __future__ import annotations

import base64
import importlib
import io
import json
import pickle
import sys
from typing import TYPE_CHECKING, Any

import httpx
from PIL import Image

from common.clients import FUNCTION_TIMEOUT_SECONDS, client
from common.uploads import new_upload_key
from local.operations.invariants import Violation, take_census
from local.operations.rotation import new_ring
from tests.fakes.aws_wire import AwsWire, WireClock
from tests.fakes.events import load_event, read_json, signed_in_as
from tests.unit.conftest import ENVIRONMENT
from tests.unit.describe.conftest import BRIDGE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from types import ModuleType

    import pytest

EMAIL, NAME, PASSWORD = "ada@example.com", "ada", "a lovely journey"
FUNCTIONS = ("auth", "account", "predict", "describe", "recommend", "authorizer")
TOKEN_PARAMETER = "/unit/vision-token"
ANSWERED: dict[str, Any] = {"choices": [{"message": {"content": "A castle on a hill."}}]}
Answer = dict[str, Any]


def photo(red: int) -> bytes:
    encoded = io.BytesIO()
    Image.new("RGB", (80, 60), (red, 30, 30)).save(encoded, "JPEG")
    return encoded.getvalue()


def in_base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


class World:
    """The functions and what they stand on. `reset` brings back the traveller's life so far."""

    def __init__(self, patch: pytest.MonkeyPatch, opt: Path) -> None:
        self.wire = AwsWire()
        self.wire.install(patch)
        self.wire.parameters = {
            ENVIRONMENT["JWT_KEYS_PARAMETER"]: new_ring().write(),
            TOKEN_PARAMETER: "hf_token",
        }
        self.wire.invoked = lambda _payload: {"answer": BRIDGE}
        self.vision: Callable[[httpx.Request], httpx.Response] = answer_remotely
        self.handlers = {name: _load(patch, name, opt) for name in FUNCTIONS}
        # What it sees does not matter here, only that it takes no time to look.
        self.handlers["predict"].classifier._network = SeenOnce(
            self.handlers["predict"].classifier._network
        )
        self._use_clock(patch)
        self._live()
        self._before = pickle.dumps(self.wire.table.items)

    def _use_clock(self, patch: pytest.MonkeyPatch) -> None:
        """Put the wire's clock in where a module has taken the real one at its import."""
        clock = self.wire.clock
        for name in ("auth", "account", "predict", "describe"):
            self.handlers[name].table._sleep = clock.sleep
        deletions, auth = self.handlers["account"].deletions, self.handlers["auth"]
        deletions._clock = clock.monotonic
        for part in (deletions._attempts, auth.attempts, auth.sessions, auth.resets):
            part._clock = clock.time
        self.handlers["predict"].identifier._clock = clock.monotonic
        for user in ("common.uploads", "describe.classifier", "describe.chat"):
            patch.setattr(f"{user}.run_within", clock.run_within)
        transport = httpx.MockTransport(self._answer_about_a_photo)
        self.handlers["describe"].endpoint.__dict__["_client"] = httpx.Client(transport=transport)

    def _answer_about_a_photo(self, request: httpx.Request) -> httpx.Response:
        return self.vision(request)

    def reset(self) -> None:
        """Go back to the traveller's life so far, in functions that have just started."""
        self.wire.table.items = pickle.loads(self._before)  # noqa: S301 - our own
        self.wire.mails.clear()
        self.vision = answer_remotely
        self.wire.sluggish = lambda _timeout: 0.0
        for name in ("auth", "authorizer"):
            keys = self.handlers[name].keys
            keys.__init__(keys._read)
        token = self.handlers["describe"].token
        token.__init__(token._read)
        self.wire.begin()

    def call(
        self,
        method: str,
        path: str,
        body: object = None,
        **more: Any,  # noqa: ANN401 - see `event`
    ) -> Answer:
        """Send a request to the function that has the route."""
        name = function_of(path)
        context = Context(self.wire.clock, timeout_seconds(name))
        answer: Answer = self.handlers[name].handle(self.event(method, path, body, **more), context)
        return answer

    def event(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        headers: dict[str, str] | None = None,
        query: dict[str, str] | None = None,
    ) -> dict[str, Any]:
        """Write a request as API Gateway sends it; all but those of `auth` are signed in."""
        sent = load_event("profile")
        sent |= {"rawPath": path, "routeKey": f"{method} {path}", "isBase64Encoded": False}
        sent["headers"] = {"content-type": "application/json", **(headers or {})}
        sent["requestContext"]["http"] |= {"method": method, "path": path}
        sent.pop("body", None)
        if isinstance(body, bytes):
            sent |= {"body": in_base64(body), "isBase64Encoded": True}
            sent["headers"]["content-type"] = "image/jpeg"
        elif body is not None:
            sent["body"] = json.dumps(body)
        if query:
            sent["queryStringParameters"] = query
        return signed_in_as(sent, getattr(self, "user_id", ""))

    def violations(self) -> list[Violation]:
        """Return what does not hold of the table."""
        census = take_census(self.wire.table.items.items(), self.wire.clock.time())
        return list(census.violations())

    def sign_in(self, password: str = PASSWORD) -> Answer:
        return self.call("POST", "/auth/login", {"email": EMAIL, "password": password})

    def _live(self) -> None:
        """Sign up, look at photos, plan a trip, forget the password."""
        for name, email in (("grace", "grace@example.com"), (NAME, EMAIL)):
            who = {"email": email, "username": name, "password": PASSWORD}
            signed_up = self._must("POST", "/auth/signup", who)
        self.user_id, self.refresh_token = signed_up["user_id"], signed_up["refresh_token"]
        self.photo, self.new_photo = photo(200), photo(90)
        self.prediction_id = self._must("POST", "/predict", self.photo)["prediction_id"]
        self.labelled_id = self._must("POST", "/predict", self.photo)["prediction_id"]
        said = {"prediction_id": self.labelled_id, "correct": False, "landmark": "Arles"}
        self._must("POST", "/feedback", said)
        self.upload_key = new_upload_key(self.user_id)
        self.wire.objects[self.upload_key] = self.new_photo
        self.trip = {"name": "Rome", "stops": [{"name": "A", "latitude": 1.0, "longitude": 2.0}]}
        self.itinerary_id = self._must("POST", "/itinerary", self.trip)["itinerary_id"]
        self._must("POST", "/auth/password-reset/request", {"email": EMAIL})
        self.reset_token = self.mailed_token()

    def mailed_token(self) -> str:
        return self.wire.mails[-1].partition("Your reset token is:\n")[2].partition("\n")[0]

    def _must(self, method: str, path: str, body: object) -> dict[str, Any]:
        answer = self.call(method, path, body)
        assert answer["statusCode"] < 300, answer
        return read_json(answer)


class Bytes(httpx.SyncByteStream):
    """An answer as it comes in, part by part; an exception among them is raised."""

    def __init__(self, *parts: bytes | Exception) -> None:
        self._parts = parts

    def __iter__(self) -> Iterator[bytes]:
        for part in self._parts:
            if isinstance(part, Exception):
                raise part
            yield part


def answer_remotely(_request: httpx.Request) -> httpx.Response:
    return httpx.Response(200, stream=Bytes(json.dumps(ANSWERED).encode()))


class SeenOnce:
    """A network that sees in every picture what the real one has seen in the first."""

    def __init__(self, network: Any) -> None:  # noqa: ANN401 - see `predict.network.Network`
        self.kind, self._network = network.kind, network
        self._seen: Any = None

    def run(self, pixels: object) -> Any:  # noqa: ANN401 - three arrays
        self._seen = self._seen or self._network.run(pixels)
        return self._seen


class Context:
    """What Lambda says of the time that is left, by the wire's clock."""

    def __init__(self, clock: WireClock, seconds: int) -> None:
        self._clock, self._seconds, self._began = clock, seconds, clock.skipped

    def get_remaining_time_in_millis(self) -> int:
        return int(1000 * (self._seconds - self._clock.skipped + self._began))


def timeout_seconds(function: str) -> int:
    """Return what the stacks give a function: `tests/infrastructure` holds them to it."""
    return 29 if function in {"predict", "describe"} else int(FUNCTION_TIMEOUT_SECONDS)


def function_of(path: str) -> str:
    first = path.split("/")[1]
    own = {"auth", "predict", "describe", "recommend"}
    return first if first in own else "predict" if first == "uploads" else "account"


def _load(patch: pytest.MonkeyPatch, name: str, opt: Path) -> ModuleType:
    """Import a handler of one's own, beside any that other tests have."""
    module_name = f"{name}.handler"
    settings = {
        "MODEL_ROOT": str(opt),
        "COMPILED_MODELS": str(opt / "absent"),
        "UPLOADS_BUCKET": "uploads-bucket",
        "PREDICT_FUNCTION_NAME": "predict",
        "VISION_TOKEN_PARAMETER": TOKEN_PARAMETER,
        "VISION_BASE_URL": "https://vision.test/v1",
        "VISION_MODELS": "first,second",
        "MAIL_SENDER": "noreply@example.com",
    }
    for variable, text in settings.items():
        patch.setenv(variable, text)
    theirs = sys.modules.pop(module_name, None)
    module = importlib.import_module(module_name)
    package = sys.modules[name]
    del sys.modules[module_name]
    delattr(package, "handler")
    if theirs is not None:
        sys.modules[module_name] = theirs
        package.handler = theirs  # type: ignore[attr-defined]
    return module


def forget_clients() -> None:
    """Let nobody else have a client that ends in a wire."""
    client.cache_clear()
