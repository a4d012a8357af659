"""What the route of this function reads and writes."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, ConfigDict, Field, model_validator

from common.models import RequestModel, ResponseModel
from describe.reasons import Reason
from describe.text import is_control

MAX_PROMPT_CHARACTERS = 500
MAX_KEY_CHARACTERS = 200


def normalise_prompt(text: str) -> str:
    """Return a prompt on one line.

    Raises:
        ValueError: with a sentence for the user.

    """
    prompt = " ".join(text.split())
    if not prompt:
        message = "The prompt is empty. Leave it out, or say what to describe."
        raise ValueError(message)
    if len(prompt) > MAX_PROMPT_CHARACTERS:
        message = f"A prompt has at most {MAX_PROMPT_CHARACTERS} characters."
        raise ValueError(message)
    if any(is_control(char) for char in prompt):
        message = "A prompt may not have control characters."
        raise ValueError(message)
    return prompt


Prompt = Annotated[str, AfterValidator(normalise_prompt)]


class DescribeRequest(RequestModel):
    """A photo (in base64, as a data URI, uploaded), or a prediction made of one; what to say of it.

    Of a prediction no photo is kept, so that a model cannot be asked about it any more: the
    answer is what a model said of the same photo before, or what the prediction itself tells.
    """

    image: str | None = None
    upload_key: Annotated[str, Field(min_length=1, max_length=MAX_KEY_CHARACTERS)] | None = None
    prediction_id: Annotated[str, Field(min_length=1, max_length=64)] | None = None
    prompt: Prompt | None = None

    @model_validator(mode="after")
    def _shows_one_thing(self) -> DescribeRequest:
        given = [self.image, self.upload_key, self.prediction_id]
        if given.count(None) != len(given) - 1:
            message = "Send one of image, upload_key and prediction_id."
            raise ValueError(message)
        return self


class Quota(ResponseModel):
    """Calls of the remote model that the user may still cause this month.

    `remaining` is the smaller of what is left of the user's share and of everybody's; null where
    it could not be read. `resets_at` is the first moment of the next month, in UTC.
    """

    limit: int
    remaining: int | None
    resets_at: str


class DescribeResponse(ResponseModel):
    """A photo in words. `model` names who wrote them; `reason` says why they are local."""

    model_config = ConfigDict(protected_namespaces=())

    description: str
    source: Literal["llava", "local"]
    model: str
    cached: bool
    reason: Reason | None
    quota: Quota
