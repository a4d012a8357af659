"""A day of traffic with known secrets: none is in a log, a metric or a trace.

The secrets are canaries: texts that occur nowhere else. What is written is searched for each of
them, in every form in which it was sent.
"""

from __future__ import annotations

import base64
import io
import json
import logging
from dataclasses import dataclass
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from aws_xray_sdk.core import xray_recorder  # type: ignore[import-untyped]
from botocore.exceptions import ClientError
from PIL import Image

from common import observability
from tests.unit.attacks.parts import VISION_TOKEN, Service, read

if TYPE_CHECKING:
    from collections.abc import Iterator

# Imported while tests are collected, since it opens a socket. It is never used here.
RECORDER = xray_recorder
RECORDER.emitter._socket.close()
EMAIL, USERNAME = "canary.ada@example.com", "canary-ada"
PASSWORD, NEW_PASSWORD, WRONG_PASSWORD = "canary password", "canary new word", "canary wrong word"
PLACE, NOTE, COMMENT = "Canary Garden", "canary note for nobody", "canary comment"
PROMPT, DESCRIPTION = "What is the canary prompt?", "a canary by a fountain"
LATITUDE, LONGITUDE = 48.858370, 2.294481
SOURCE_IP = "203.0.113.199"
USER_AGENT = "Canary/1.0 (somebody's phone)"
EXIF_WORDS = "canary at home"
GPS = 0x8825


def photo(quality: int = 90) -> bytes:
    """Draw a photo that says where it was taken and by whom."""
    exif = Image.Exif()
    exif[0x010E] = EXIF_WORDS
    exif[0x9286] = EXIF_WORDS
    exif.get_ifd(GPS).update({1: "N", 2: (48.0, 51.0, 30.132), 3: "E", 4: (2.0, 17.0, 40.1316)})
    encoded = io.BytesIO()
    picture = Image.effect_noise((320, 240), 80).convert("RGB")
    picture.save(encoded, "JPEG", exif=exif, quality=quality, comment=EXIF_WORDS.encode())
    return encoded.getvalue()


class Traces:
    """Keeps what X-Ray's daemon would have been sent."""

    def __init__(self) -> None:
        self.sent: list[str] = []

    def send_entity(self, entity: Any) -> None:  # noqa: ANN401 - X-Ray's
        self.sent.append(entity.serialize())


@dataclass
class Written:
    """Everything that left the functions, other than answers."""

    lines: str
    traces: str
    secrets: list[str]

    @property
    def everything(self) -> str:
        return self.lines + self.traces


@pytest.fixture
def traces(monkeypatch: pytest.MonkeyPatch) -> Iterator[Traces]:
    traces = Traces()
    RECORDER.configure(sampling=False, emitter=traces, context_missing="RUNTIME_ERROR")
    monkeypatch.setattr(observability, "load_tracer", lambda: SimpleNamespace(provider=RECORDER))
    with RECORDER.in_segment("service"):
        yield traces


@pytest.fixture
def others() -> Iterator[io.StringIO]:
    """Collect what libraries log, as Lambda does: from the root logger, warnings and worse."""
    stream = io.StringIO()
    collector = logging.StreamHandler(stream)
    collector.setLevel(logging.WARNING)
    logging.getLogger().addHandler(collector)
    yield stream
    logging.getLogger().removeHandler(collector)


class Day:
    """One traveller's day, with everything that may go wrong in it."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self.secrets = [
            *(EMAIL, USERNAME, PASSWORD, NEW_PASSWORD, WRONG_PASSWORD, PLACE, NOTE, COMMENT),
            *(PROMPT, DESCRIPTION, str(LATITUDE), str(LONGITUDE), SOURCE_IP, USER_AGENT),
            *(EXIF_WORDS, VISION_TOKEN, "canary"),
        ]
        self._token = ""

    def _call(self, method: str, path: str, body: object = None, **more: Any) -> dict[str, Any]:  # noqa: ANN401
        headers = {"user-agent": USER_AGENT, **more.pop("headers", {})}
        return self._service.call(
            method,
            path,
            body,
            token=more.pop("token", self._token or None),
            headers=headers,
            source_ip=SOURCE_IP,
            **more,
        )

    def _keep(self, answer: dict[str, Any]) -> dict[str, Any]:
        assert answer["statusCode"] < 300, answer["body"]
        body = read(answer)
        self._token = body["access_token"]
        for kind in ("access_token", "refresh_token"):
            self.secrets += [body[kind], *body[kind].split(".")[1:]]
        return body

    def live(self) -> None:
        """Do everything that one can do."""
        tokens = self._come()
        photos = [photo(quality) for quality in (90, 80, 70, 60)]
        for sent in photos:
            encoded = base64.b64encode(sent).decode()
            self.secrets += [encoded[at : at + 40] for at in range(0, len(encoded) - 40, 997)]
        self._look(photos)
        self._plan()
        self._go_wrong()
        self._leave(tokens)

    def _come(self) -> dict[str, Any]:
        details = {"email": EMAIL, "username": USERNAME, "password": PASSWORD}
        self._keep(self._call("POST", "/auth/signup", details))
        assert self._call("POST", "/auth/signup", details)["statusCode"] == 409
        wrong = {"email": EMAIL, "password": WRONG_PASSWORD}
        assert self._call("POST", "/auth/login", wrong)["statusCode"] == 401
        tokens = self._keep(self._call("POST", "/auth/login", details))
        spent = {"refresh_token": tokens["refresh_token"]}
        tokens = self._keep(self._call("POST", "/auth/refresh", spent))
        change = {"current_password": PASSWORD, "new_password": NEW_PASSWORD}
        tokens = self._keep(self._call("POST", "/auth/password", change))
        assert self._call("POST", "/auth/refresh", spent)["statusCode"] == 401
        assert self._call("GET", "/user/profile", token=f"{self._token}x")["statusCode"] == 403
        return tokens

    def _look(self, photos: list[bytes]) -> None:
        raw, in_json, in_form, uploaded = photos
        image = {"content-type": "image/jpeg"}
        seen = read(self._call("POST", "/predict", raw, headers=image))
        encoded = base64.b64encode(in_json).decode()
        self._call("POST", "/predict", {"images": [encoded, encoded, "canary"]})
        form = (
            b'--b\r\nContent-Disposition: form-data; name="file"; filename="canary.jpg"\r\n\r\n'
            + in_form
            + b'\r\n--b\r\nContent-Disposition: form-data; name="prompt"\r\n\r\n'
            + PROMPT.encode()
            + b"\r\n--b--\r\n"
        )
        headers = {"content-type": "multipart/form-data; boundary=b"}
        assert self._call("POST", "/describe", form, headers=headers)["statusCode"] == 200
        offer = read(self._call("POST", "/uploads"))
        self.secrets.append(offer["upload_key"])
        self._service.bucket.objects[offer["upload_key"]] = uploaded
        for path in ("/predict", "/describe"):
            asked = {"upload_key": offer["upload_key"]}
            assert self._call("POST", path, asked)["statusCode"] == 200
        asked = {"image": encoded, "prompt": PROMPT}
        assert read(self._call("POST", "/describe", asked))["source"] == "llava"
        said = {"prediction_id": seen["prediction_id"], "correct": False, "landmark": PLACE}
        self._call("POST", "/feedback", {**said, "comment": COMMENT})
        wish = {
            "itinerary_landmarks": [PLACE, "Eiffel Tower"],
            "llava_description": DESCRIPTION,
            "latitude": LATITUDE,
            "longitude": LONGITUDE,
        }
        assert self._call("POST", "/recommend", wish)["statusCode"] == 200
        near = {"near": f"{LATITUDE},{LONGITUDE}", "q": PLACE}
        assert self._call("GET", "/landmarks", query=near)["statusCode"] == 200

    def _plan(self) -> None:
        stop = {"name": PLACE, "latitude": LATITUDE, "longitude": LONGITUDE, "note": NOTE}
        trip = {"name": PLACE, "note": NOTE, "starts_on": "2026-12-01", "stops": [stop]}
        made = self._call("POST", "/itinerary", trip, headers={"idempotency-key": "canary-key"})
        assert made["statusCode"] == 201
        path = made["headers"]["location"]
        for accept in ("application/gpx+xml", "text/calendar", "application/geo+json"):
            assert self._call("GET", path, headers={"accept": accept})["statusCode"] == 200
        self._call("PATCH", path, {"note": NOTE}, headers={"if-match": '"1"'})
        self._call("GET", f"{path}/order", query={"day": "1"})
        for listed in ("/user/profile", "/user/export", "/predictions", "/itinerary"):
            assert self._call("GET", listed)["statusCode"] == 200

    def _go_wrong(self) -> None:
        """Break what the functions stand on, with secrets in the words of the failures."""
        table, bucket, mailbox = (
            self._service.table,
            self._service.bucket,
            self._service.mailbox,
        )
        said = f"no {EMAIL} {USERNAME} {NOTE} {LATITUDE} {self._token}"
        with pytest.MonkeyPatch.context() as patch:
            for name in ("get", "query", "write", "update"):
                patch.setattr(table, name, _fail(RuntimeError(said)))
            for method, path, body in (
                ("POST", "/auth/login", {"email": EMAIL, "password": PASSWORD}),
                ("GET", "/user/profile", None),
                ("POST", "/itinerary", {"name": PLACE}),
                ("POST", "/recommend", {"prediction_id": "0" * 26}),
            ):
                assert self._call(method, path, body)["statusCode"] == 500
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(bucket, "get_object", _fail(_client_error("InternalError", said, 500)))
            for path in ("/predict", "/describe"):
                asked = {"upload_key": next(iter(bucket.objects))}
                assert self._call("POST", path, asked)["statusCode"] == 503
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(mailbox, "send", _fail(RuntimeError(said)))
            asked = {"email": EMAIL}
            assert self._call("POST", "/auth/password-reset/request", asked)["statusCode"] == 500
        for text in (f'{{"email": "{EMAIL}", "x": ', f'{{"email": "{EMAIL}"}}', EMAIL):
            assert self._call("POST", "/auth/login", text)["statusCode"] in {400, 422}

    def _leave(self, tokens: dict[str, Any]) -> None:
        asked = {"email": EMAIL}
        assert self._call("POST", "/auth/password-reset/request", asked)["statusCode"] == 202
        mail = self._service.mailbox.mails[-1].text
        token = mail.split("token is:\n")[1].split("\n")[0]
        self.secrets += [token, token.partition(".")[2]]
        body = {"token": token, "password": PASSWORD}
        assert self._call("POST", "/auth/password-reset/confirm", body)["statusCode"] == 204
        self._call("POST", "/auth/logout", {"refresh_token": tokens["refresh_token"]})
        for password, status in ((WRONG_PASSWORD, 403), (PASSWORD, 204)):
            left = self._call("DELETE", "/user/profile", {"password": password})
            assert left["statusCode"] == status


def _client_error(code: str, words: str, status: int) -> ClientError:
    response: Any = {
        "Error": {"Code": code, "Message": words},
        "ResponseMetadata": {"HTTPStatusCode": status},
    }
    return ClientError(response, "Anything")


def _fail(error: Exception) -> Any:  # noqa: ANN401 - stands for any method
    def fail(*_: object, **__: object) -> None:
        raise error

    return fail


@pytest.fixture
def written(
    service: Service,
    logged: io.StringIO,
    others: io.StringIO,
    traces: Traces,
    capfd: pytest.CaptureFixture[str],
) -> Written:
    day = Day(service)
    day.live()
    RECORDER.end_segment()
    RECORDER.begin_segment("after")
    captured = capfd.readouterr()
    lines = logged.getvalue() + others.getvalue() + captured.out + captured.err
    return Written(lines, "\n".join(traces.sent), day.secrets)


def test_no_secret_of_a_whole_day_is_in_a_log_a_metric_or_a_trace(written: Written) -> None:
    # All three were written at all.
    assert written.lines.count('"answered"') > 40
    assert '"SignIns"' in written.lines
    assert '"unexpected exception"' in written.lines
    assert "## decode" in written.traces
    assert "## read upload" in written.traces
    assert len(written.secrets) > 50
    found = [secret for secret in written.secrets if secret.lower() in written.everything.lower()]
    assert found == []


def test_of_a_failure_a_trace_tells_the_kind_and_not_the_words(traces: Traces) -> None:
    """SES says for whom a mail was refused, and X-Ray keeps what exceptions say for 30 days."""
    refusal = _client_error("MessageRejected", f"not verified: {EMAIL}", 400)
    with pytest.raises(ClientError), observability.trace("send_email"):
        raise refusal
    RECORDER.end_segment()
    RECORDER.begin_segment("after")
    (sent,) = traces.sent
    (step,) = json.loads(sent)["subsegments"]
    assert step["fault"] is True
    assert step["annotations"] == {"failure": "ClientError"}
    assert EMAIL not in sent


def test_no_metadata_of_a_photo_leaves_or_stays(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where it was taken reaches neither the remote model, nor our classifier, nor the table."""
    passed_on: list[dict[str, Any]] = []

    class Predict:
        def invoke(self, **given: Any) -> dict[str, Any]:  # noqa: ANN401 - as boto3
            passed_on.append(json.loads(given["Payload"]))
            answer = service.functions["predict"].handle(passed_on[-1], None)
            return {"Payload": io.BytesIO(json.dumps(answer).encode())}

    token = service.sign_up("carla")["access_token"]
    image = {"content-type": "image/jpeg"}
    sent = photo(88)
    described = service.call("POST", "/describe", sent, token=token, headers=image)
    assert read(described)["source"] == "llava"
    describe = service.functions["describe"]
    monkeypatch.setattr(describe.token, "get", lambda: None)
    monkeypatch.setattr(describe.describer, "_classifier", _through(Predict()))
    locally = service.call("POST", "/describe", photo(87), token=token, headers=image)
    assert read(locally)["source"] == "local"
    assert service.call("POST", "/predict", sent, token=token, headers=image)["statusCode"] == 200
    copies = [service.models.seen[-1]["photo"], base64.b64decode(passed_on[0]["classify"]["image"])]
    for copy in copies:
        with Image.open(io.BytesIO(copy)) as opened:
            assert dict(opened.getexif()) == {}
            assert dict(opened.getexif().get_ifd(GPS)) == {}
            assert opened.info.keys() <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
        assert EXIF_WORDS.encode() not in copy
        assert b"Exif" not in copy
    stored = repr(service.table.items)
    assert EXIF_WORDS not in stored
    assert "Exif" not in stored
    assert base64.b64encode(sent).decode()[:60] not in stored


def _through(client: Any) -> Any:  # noqa: ANN401 - as boto3
    from describe.classifier import PredictFunction  # noqa: PLC0415 - beside its use

    return PredictFunction("predict", lambda: client)
