"""Bases of the models that cross HTTP."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class RequestModel(BaseModel):
    """A request body. Unknown fields are ignored, so that newer clients still work.

    Strict: "5" is no number and 1 is no text. Inputs are never quoted in errors.
    """

    model_config = ConfigDict(
        strict=True, frozen=True, allow_inf_nan=False, hide_input_in_errors=True
    )


class QueryModel(BaseModel):
    """The parameters of a query, which all arrive as text. Unknown ones are ignored."""

    model_config = ConfigDict(frozen=True, allow_inf_nan=False, hide_input_in_errors=True)


class ResponseModel(BaseModel):
    """An answer's body, written with exactly the declared fields."""

    model_config = ConfigDict(frozen=True, allow_inf_nan=False, hide_input_in_errors=True)
