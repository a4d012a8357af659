"""The adapter of `predict`: our own classifier, called as a function."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

from common.bounded import run_within
from common.errors import Unavailable
from common.observability import describe_exception, logger

if TYPE_CHECKING:
    from collections.abc import Callable

# A cold `predict` was meant to answer well within a few seconds; soon it will be warm.
RETRY_AFTER_SECONDS = 5


class ClassifierUnavailable(Unavailable):
    """`predict` is busy or out of reach."""

    detail = "The photo cannot be described at the moment. Try again in a few seconds."

    def __init__(self) -> None:
        """Say when to come back."""
        super().__init__(retry_after_seconds=RETRY_AFTER_SECONDS)


class PredictFunction:
    """Asks the function `predict`, past the HTTP API and without an entry in anybody's history."""

    def __init__(self, function_name: str, aws_lambda: Callable[[], Any]) -> None:
        """Ask the function of that name; `aws_lambda` gives the client when first needed."""
        self._function_name = function_name
        self._aws_lambda = aws_lambda

    def classify(self, photo: bytes, image_sha256: str, seconds: float) -> dict[str, Any]:
        """Return what `predict` answers for a JPEG: the landmarks, the scene, how sure it is.

        `image_sha256` is of the photo as it was sent: what was answered to that before is
        answered again.

        Raises:
            ClassifierUnavailable: no answer within `seconds`, or none that can be used.

        """
        image = base64.b64encode(photo).decode("ascii")
        payload = json.dumps({"classify": {"image": image, "image_sha256": image_sha256}})
        try:
            return run_within(seconds, lambda: self._invoke(payload.encode("ascii")))
        except ClassifierUnavailable:
            raise
        except Exception as error:
            # A time-out, a throttle, a network: the same to whoever waits.
            logger.warning("predict out of reach", extra=describe_exception(error))
            raise ClassifierUnavailable from error

    def _invoke(self, payload: bytes) -> dict[str, Any]:
        answer = self._aws_lambda().invoke(FunctionName=self._function_name, Payload=payload)
        # Read in any case: an answer that is left lying keeps its connection.
        payload = answer["Payload"].read()
        if "FunctionError" in answer:
            logger.warning("predict failed", extra={"reason": answer["FunctionError"]})
            raise ClassifierUnavailable
        document: dict[str, Any] = json.loads(payload)["answer"]
        return document
