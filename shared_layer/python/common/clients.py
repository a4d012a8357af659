"""AWS clients: made once, on first use, with bounded timeouts.

botocore is imported only for them, and only when one is wanted: it takes longer to import than
everything else together. It is not in the layer, since the Lambda runtime carries a compiled
copy, while a layer's copy would be compiled anew in every cold start.
"""

from __future__ import annotations

import gc
import os
from functools import cache
from typing import TYPE_CHECKING, Any

from common.errors import Unavailable
from common.observability import logger
from common.time_left import seconds_left

if TYPE_CHECKING:
    from collections.abc import Callable

    from common.aws_session import Service

# What the stacks give a function that waits for nothing slower than the table.
FUNCTION_TIMEOUT_SECONDS = 15.0
# DynamoDB and SSM answer within tens of milliseconds from inside a region. The worst case of one
# call is 3 * (1 + 2) s and up to 3 s of pauses in between: time enough to say 503 instead of dying.
# When several calls of a request are slow, `time_left.py` says when to stop.
CONNECT_TIMEOUT_SECONDS = 1.0
READ_TIMEOUT_SECONDS = 2.0
ATTEMPTS = 3
# Who calls these gives up by a clock of their own (`bounded.py`).
BOUNDED_BY_CALLERS = frozenset({"lambda", "s3"})


@cache
def client(
    service: Service,
    *,
    read_timeout_seconds: float = READ_TIMEOUT_SECONDS,
    attempts: int = ATTEMPTS,
) -> Any:  # noqa: ANN401 - botocore makes its clients' methods at run time
    """Return the process's client of an AWS service.

    `AWS_ENDPOINT_URL` points it at the local cloud, as it does every AWS client. Its calls raise
    `Unavailable` where the request that is being answered has no time left for them.
    """
    from botocore.config import Config  # noqa: PLC0415 - see the module's docstring

    from common.aws_session import create_client  # noqa: PLC0415

    made = create_client(
        service,
        Config(
            connect_timeout=CONNECT_TIMEOUT_SECONDS,
            read_timeout=read_timeout_seconds,
            retries={"mode": "standard", "total_max_attempts": attempts},
            tcp_keepalive=True,
            **(_s3_options() if service == "s3" else {}),
        ),
    )
    if service not in BOUNDED_BY_CALLERS:

        def refuse_what_would_be_late(**_sent: object) -> None:
            if seconds_left() < CONNECT_TIMEOUT_SECONDS + read_timeout_seconds:
                logger.warning("no time left", extra={"service": service})
                raise Unavailable

        made.meta.events.register("before-send", refuse_what_would_be_late)
    return made


def _s3_options() -> dict[str, Any]:
    """Return what the upload forms that S3 is asked for need.

    botocore would sign them with version 2, which not every region takes, and address them to
    s3.amazonaws.com, which redirects to the bucket's own region: no browser follows with a form.
    In us-east-1 it still would, and the page's policy names the region. The local cloud's host name
    has no names of buckets in front of it.
    """
    addressing_style = "path" if "AWS_ENDPOINT_URL" in os.environ else "virtual"
    return {
        "signature_version": "s3v4",
        "s3": {"addressing_style": addressing_style, "us_east_1_regional_endpoint": "regional"},
    }


def prepare_on_lambda(*steps: Callable[[], object]) -> None:
    """Run `steps` now if this is the init phase of a Lambda function; do nothing elsewhere.

    The init phase has a full CPU whatever the function's memory, the first request has only
    the function's share: what the first request needs is better made here. Every handler ends
    with it, since it also ends the phase: garbage is collected from here on, and what is loaded
    by now is never looked through for it.
    """
    if "AWS_LAMBDA_INITIALIZATION_TYPE" in os.environ:
        for step in steps:
            step()
        gc.freeze()
        gc.enable()
