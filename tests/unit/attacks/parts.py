"""The whole service in one process: every function over one table, behind a gateway.

The functions are loaded anew, under names of their own, so that nothing of it stays for other
tests. The gateway is as much of API Gateway as matters here: it finds the route by method and path,
asks the authorizer where the route is not public, and passes on what the authorizer vouches for.
"""

from __future__ import annotations

import base64
import importlib.util
import io
import json
import re
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from common.images import MAX_IMAGE_BYTES
from common.uploads import Uploads
from describe.outcomes import Outcome, Reply
from tests.fakes.mail import Mailbox
from tests.fakes.signing_keys import FixedSigningKeys
from tests.fakes.tables import InMemoryTable
from tests.unit.predict.conftest import write_bundle
from tests.unit.recommend.small_bundle import write_model_root

if TYPE_CHECKING:
    from types import ModuleType

    import pytest

    from common.http import HttpApi
    from common.signing_keys import SigningKeys

ROOT = Path(__file__).parents[3]
FUNCTIONS = ("auth", "account", "predict", "describe", "recommend", "docs")
PASSWORD = "a lovely journey"
SOURCE_IP = "203.0.113.7"
VISION_TOKEN = "hf_CanaryVisionToken0123456789"

Answer = dict[str, Any]


class Keys(FixedSigningKeys):
    """Keys that are there, also for the init phase."""

    def read_ahead(self) -> None:
        """Have them already."""


class Models:
    """Remote models that keep what they are sent."""

    def __init__(self) -> None:
        self.seen: list[dict[str, Any]] = []

    def ask(self, model: str, prompt: str, photo: bytes, *, token: str, seconds: float) -> Reply:
        assert seconds > 0
        self.seen.append({"model": model, "prompt": prompt, "photo": photo, "token": token})
        return Reply(Outcome.ANSWERED, "A castle on a hill.")


class Bucket:
    """A bucket in memory, and the forms for it."""

    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}

    def generate_presigned_post(self, bucket: str, key: str, **_terms: object) -> dict[str, Any]:
        return {"url": f"https://{bucket}.s3.test/", "fields": {"key": key}}

    def get_object(self, **asked: str) -> dict[str, Any]:
        data = self.objects.get(asked["Key"])
        if data is None:
            response: Any = {
                "Error": {"Code": "AccessDenied"},
                "ResponseMetadata": {"HTTPStatusCode": 403},
            }
            raise ClientError(response, "GetObject")
        return {"Body": io.BytesIO(data), "ContentLength": len(data)}


@dataclass
class Service:
    """Every function, and what they stand on."""

    table: InMemoryTable
    keys: SigningKeys
    mailbox: Mailbox
    models: Models
    bucket: Bucket
    functions: dict[str, ModuleType]
    requests: int = field(default=0)

    def call(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        token: str | None = None,
        headers: dict[str, str] | None = None,
        query: dict[str, str] | None = None,
        source_ip: str = SOURCE_IP,
    ) -> Answer:
        """Send a request: text and bytes as they are, anything else as JSON."""
        sent = {"content-type": "application/json", **(headers or {})}
        if token is not None:
            sent["authorization"] = f"Bearer {token}"
        return self.pass_on(self.event(method, path, body, sent, query or {}, source_ip))

    def event(
        self,
        method: str,
        path: str,
        body: object,
        headers: dict[str, str],
        query: dict[str, str],
        source_ip: str,
    ) -> dict[str, Any]:
        """Write a request as the HTTP API passes it on (payload format 2.0)."""
        self.requests += 1
        event: dict[str, Any] = {
            "version": "2.0",
            "rawPath": path,
            "rawQueryString": "&".join(f"{name}={value}" for name, value in query.items()),
            "headers": headers,
            "requestContext": {
                "requestId": f"R{self.requests}",
                "http": {"method": method, "path": path, "sourceIp": source_ip},
            },
            "isBase64Encoded": isinstance(body, bytes),
        }
        if query:
            event["queryStringParameters"] = query
        if isinstance(body, bytes):
            event["body"] = base64.b64encode(body).decode()
        elif body is not None:
            event["body"] = body if isinstance(body, str) else json.dumps(body)
        return event

    def pass_on(self, event: dict[str, Any]) -> Answer:
        """Do what the gateway does with a request."""
        http = event["requestContext"]["http"]
        found = self.find(http["method"], http["path"])
        if found is None:
            return {"statusCode": 404, "headers": {}, "body": '{"message":"Not Found"}'}
        function, route, public = found
        event["routeKey"] = route
        if not public:
            if not any(name.lower() == "authorization" for name in event["headers"]):
                return {"statusCode": 401, "headers": {}, "body": '{"message":"Unauthorized"}'}
            said = self.functions["authorizer"].handle(event, None)
            if not said["isAuthorized"]:
                return {"statusCode": 403, "headers": {}, "body": '{"message":"Forbidden"}'}
            event["requestContext"]["authorizer"] = {"lambda": said["context"]}
        answer: Answer = self.functions[function].handle(event, None)
        return answer

    def find(self, method: str, path: str) -> tuple[str, str, bool] | None:
        """Return which function has a route, what it is called, and whether it is public."""
        for name in FUNCTIONS:
            api: HttpApi = self.functions[name].api
            for route in api.routes:
                pattern = re.sub(r"{\w+}", "[^/]+", route.path)
                if route.method == method and re.fullmatch(pattern, path, re.DOTALL):
                    return name, f"{method} {route.path}", route.public
        return None

    def sign_up(self, name: str, password: str = PASSWORD) -> dict[str, Any]:
        """Open an account and return what signing up answers."""
        details = {"email": f"{name}@example.com", "username": name, "password": password}
        answer = self.call("POST", "/auth/signup", details, source_ip=f"198.51.100.{len(name)}")
        assert answer["statusCode"] == 201, answer["body"]
        signed_in: dict[str, Any] = json.loads(answer["body"])
        return signed_in


def load_service(folder: Path, patch: pytest.MonkeyPatch) -> Service:
    """Put all functions together; `patch` has to last as long as they do."""
    table, keys, mailbox, models, bucket = InMemoryTable(), Keys(), Mailbox(), Models(), Bucket()
    write_bundle(folder / "predict")
    write_model_root(folder / "recommend")
    for name, text in {
        "COMPILED_MODELS": str(folder / "absent"),
        "UPLOADS_BUCKET": "uploads-bucket",
        "PREDICT_FUNCTION_NAME": "predict",
        "VISION_TOKEN_PARAMETER": "/unit/token",
        "MAIL_SENDER": "no-reply@service.test",
        "CALL_INTERVAL_MS": "1",
        "PASSWORDS_PER_EMAIL": "1000",
        "SIGN_UPS_PER_NETWORK": "1000",
        "SIGN_IN_FAILURES_PER_NETWORK": "1000",
        "RESETS_PER_NETWORK": "1000",
    }.items():
        patch.setenv(name, text)
    patch.setattr("common.table.DynamoTable", lambda *_: table)
    patch.setattr("common.signing_keys.signing_keys_in_ssm", lambda _: keys)
    patch.setattr("auth.mail.SesMailer", lambda _: mailbox)
    patch.setattr("describe.chat.ChatEndpoint", lambda *_, **__: models)
    patch.setattr("common.clients.client", lambda *_, **__: bucket)
    functions = {}
    for name in ("authorizer", *FUNCTIONS):
        patch.setenv("MODEL_ROOT", str(folder / ("predict" if name == "predict" else "recommend")))
        functions[name] = _load(name)
    functions["describe"].token._read = lambda: VISION_TOKEN
    return _use_bucket(Service(table, keys, mailbox, models, bucket, functions))


def _load(function: str) -> ModuleType:
    name = f"attacked_{function}_handler"
    spec = importlib.util.spec_from_file_location(
        name, ROOT / "functions" / function / "handler.py"
    )
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    # While it is loaded, its models look their own module up.
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    finally:
        del sys.modules[name]
    return module


def _use_bucket(service: Service) -> Service:
    uploads = Uploads("uploads-bucket", MAX_IMAGE_BYTES, lambda: service.bucket)
    service.functions["predict"].uploads = uploads  # type: ignore[attr-defined]
    service.functions["predict"].upload_forms._s3 = lambda: service.bucket
    service.functions["describe"].describer._uploads = uploads
    return service


def read(answer: Answer) -> dict[str, Any]:
    """Parse the body of an answer."""
    document: dict[str, Any] = json.loads(answer["body"])
    return document


def apart_from_request_id(answer: Answer) -> tuple[int, dict[str, str], dict[str, Any]]:
    """Return all that an answer tells, but the id of its request."""
    headers = {name: text for name, text in answer["headers"].items() if name != "x-request-id"}
    body = json.loads(answer["body"]) if answer["body"] else {}
    body.pop("request_id", None)
    return answer["statusCode"], headers, body
