"""What other functions of ours ask, past the HTTP API: only an invocation by name brings this in.

The event is `{"classify": {"image": <base64>, "image_sha256": <hex>}}`, the answer
`{"answer": {...}}` with what `POST /predict` says of a photo. Nothing is kept in a history. An
image that cannot be used is a defect of the caller and fails the invocation.
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

from common.observability import flush_metrics, logger

if TYPE_CHECKING:
    from collections.abc import Mapping

    from predict.identify import Identifier

EVENT_KEY = "classify"


def classify_for_function(identifier: Identifier, event: Mapping[str, Any]) -> dict[str, Any]:
    """Answer an internal event."""
    logger.clear_state()
    asked = event[EVENT_KEY]
    photo = base64.b64decode(asked["image"], validate=True)
    answer = identifier.glance(photo, asked["image_sha256"])
    logger.info("answered", extra={"route": EVENT_KEY})
    flush_metrics()
    return {"answer": answer.facts}
