"""Several photos in one answer: what went wrong with one is told in its place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from common.answers import UNEXPECTED_DETAIL, describe_problem
from common.errors import UNEXPECTED, DomainError, problem_of
from common.observability import describe_exception, logger
from predict.models import BatchResponse, FailedImage, PredictResponse

if TYPE_CHECKING:
    from collections.abc import Sequence


def answer_batch(outcomes: Sequence[PredictResponse | Exception]) -> BatchResponse:
    """Return the outcomes as they are told."""
    return BatchResponse(
        results=[
            outcome if isinstance(outcome, PredictResponse) else _describe(outcome)
            for outcome in outcomes
        ]
    )


def _describe(error: Exception) -> FailedImage:
    if isinstance(error, DomainError):
        logger.info("photo refused", extra={"refusal": problem_of(type(error)).code})
        return FailedImage(**describe_problem(problem_of(type(error)), error.detail))
    logger.error("unexpected exception", extra=describe_exception(error))
    return FailedImage(**describe_problem(UNEXPECTED, UNEXPECTED_DETAIL))
