"""A question may come as JSON, as a form or as a photo alone."""

from __future__ import annotations

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.errors import (
    DomainError,
    ImageEncodingInvalid,
    ImageMissing,
    InvalidFields,
    UnsupportedMediaType,
)
from common.request import Request
from describe.intake import Question, read_question
from describe.models import MAX_PROMPT_CHARACTERS, normalise_prompt
from tests.unit.describe.conftest import jpeg

PHOTO = jpeg()
BOUNDARY = "frontier"


def request(body: bytes, content_type: str, query: dict[str, str] | None = None) -> Request:
    return Request(
        method="POST",
        path="/describe",
        headers={"content-type": content_type},
        query=query or {},
        authorizer={},
        request_id="r",
        source_ip="",
        raw_body=base64.b64encode(body).decode(),
        raw_body_is_base64=True,
    )


def as_json(**fields: object) -> Request:
    return request(json.dumps(fields).encode(), "application/json")


def as_form(*parts: tuple[str, bytes]) -> Request:
    body = b"".join(
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'.encode()
        + value
        + b"\r\n"
        for name, value in parts
    )
    whole = body + f"--{BOUNDARY}--\r\n".encode()
    return request(whole, f"multipart/form-data; boundary={BOUNDARY}")


ENCODED = base64.b64encode(PHOTO).decode()


@pytest.mark.parametrize(
    "sent",
    [
        as_json(image=ENCODED),
        as_json(image=f"data:image/jpeg;base64,{ENCODED}", prediction_id=None),
        as_form(("file", PHOTO)),
        request(PHOTO, "image/jpeg"),
    ],
)
def test_a_photo_is_read_whichever_way_it_comes(sent: Request) -> None:
    question = read_question(sent)
    assert question.photo is not None
    assert question.photo.shrunk
    assert (question.prediction_id, question.prompt) == (None, None)


def test_a_prompt_comes_in_the_json_or_the_form() -> None:
    assert read_question(as_json(image=ENCODED, prompt=" How\nold? ")).prompt == "How old?"
    assert read_question(as_form(("file", PHOTO), ("prompt", b"How old?"))).prompt == "How old?"


def test_a_prompt_in_the_address_is_not_read_since_addresses_are_logged() -> None:
    assert read_question(request(PHOTO, "image/jpeg", {"prompt": "How old?"})).prompt is None


def test_a_prediction_can_be_described() -> None:
    question = read_question(as_json(prediction_id="01J", prompt="How old?"))
    assert (question.photo, question.prediction_id, question.prompt) == (None, "01J", "How old?")


def test_an_upload_can_be_described() -> None:
    question = read_question(as_json(upload_key="uploads/U1/01J"))
    assert (question.photo, question.upload_key) == (None, "uploads/U1/01J")


def test_a_question_shows_nothing_of_itself() -> None:
    question = Question(prediction_id="01J", prompt="my secret")
    assert repr(question) == "Question(a prediction, with a prompt)"


LONG = "x" * (MAX_PROMPT_CHARACTERS + 1)


@pytest.mark.parametrize(
    ("broken", "error"),
    [
        (as_json(), InvalidFields),
        (as_json(image=ENCODED, prediction_id="01J"), InvalidFields),
        (as_json(upload_key="k", prediction_id="01J"), InvalidFields),
        (as_json(upload_key=""), InvalidFields),
        (as_json(upload_key="k" * 201), InvalidFields),
        (as_json(prediction_id=""), InvalidFields),
        (as_json(prediction_id="0" * 65), InvalidFields),
        (as_json(image=ENCODED, prompt=""), InvalidFields),
        (as_json(image=ENCODED, prompt=" \n "), InvalidFields),
        (as_json(image=ENCODED, prompt=LONG), InvalidFields),
        (as_json(image=ENCODED, prompt="a\x00b"), InvalidFields),
        (as_json(image=ENCODED, prompt=7), InvalidFields),
        (as_form(("file", PHOTO), ("prompt", LONG.encode())), InvalidFields),
        (as_json(image=""), ImageMissing),
        (as_json(image="%%%"), ImageEncodingInvalid),
        (request(b"", "image/png"), ImageMissing),
        (request(PHOTO, "text/csv"), UnsupportedMediaType),
    ],
)
def test_unusable_requests_are_refused(broken: Request, error: type[DomainError]) -> None:
    with pytest.raises(error):
        read_question(broken)


def test_a_refused_prompt_is_named_but_not_quoted() -> None:
    for sent in (
        as_json(image=ENCODED, prompt=LONG),
        as_form(("file", PHOTO), ("prompt", LONG.encode())),
    ):
        with pytest.raises(InvalidFields) as refusal:
            read_question(sent)
        (error,) = refusal.value.errors
        assert error.field == "prompt"
        assert "at most 500 characters" in error.message
        assert LONG not in error.message


@given(st.text(max_size=600))
def test_a_prompt_that_is_taken_is_one_line_without_control_characters(text: str) -> None:
    try:
        prompt = normalise_prompt(text)
    except ValueError:
        return
    assert prompt == " ".join(text.split())
    assert 1 <= len(prompt) <= MAX_PROMPT_CHARACTERS
    assert not {"\n", "\r", "\x00", "\x1b"} & set(prompt)


@pytest.mark.parametrize("prompt", ["می\u200cبینم", "यह क्या है?", "👩\u200d👧 where?"])
def test_prompts_are_in_any_language(prompt: str) -> None:
    assert normalise_prompt(prompt) == prompt
