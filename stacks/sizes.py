"""How much memory, and so CPU, each function gets, and how long it may take.

The sizes are what the rule of `benchmarks/sizes_model.py` gives for what was measured: a test holds
them to it. `make bench SUITE=sizes` measures anew, and docs/performance.md has the figures, with
what other sizes would cost and take.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

# With so much a function has one whole core, with less a share of one
# (https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html).
ONE_CORE_MB = 1_769
# The most that a new account allows.
LARGEST_MB = 3_008
# A request that waits for a table out of reach gives up after 11 s: three attempts of 3 s, and the
# pauses between them. What it computes beside that takes it 1 s at most.
TABLE_TIMEOUT_SECONDS = 15
# API Gateway gives an integration 30 s; a function that ends before it can say why.
LONGEST_TIMEOUT_SECONDS = 29


@dataclass(frozen=True)
class Size:
    """One function's memory and time. CPU comes with memory."""

    memory_mb: int
    timeout_seconds: int


SIZES: Mapping[str, Size] = {
    # It takes 35 MB; starting is 140 ms of a core, and stands in front of other cold starts: 260 ms
    # with this share of one, 500 ms with half of it. The gateway waits 10 s for it
    # (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html); SSM out
    # of reach is given up after 5 s.
    "authorizer": Size(1_024, 9),
    # bcrypt is 240 ms of a core, or 480 where a password is changed: GB-seconds are the same with
    # any share of one, and nobody waits longer than he has to.
    "auth": Size(ONE_CORE_MB, TABLE_TIMEOUT_SECONDS),
    # It takes 66 MB, and usual requests are 5 ms of a core: the size is for the start, of 240 ms,
    # and for a full export, of 430 ms.
    "account": Size(1_024, TABLE_TIMEOUT_SECONDS),
    # 850 MB for the largest photo (a WebP of 50 megapixels), and 1 s of a core.
    "describe": Size(ONE_CORE_MB, LONGEST_TIMEOUT_SECONDS),
    # It takes 159 MB; the size is for the start, of 440 ms, and the longest description, of 640 ms.
    # Computing is all that it does, so that GB-seconds are the same with any share of a core.
    "recommend": Size(ONE_CORE_MB, TABLE_TIMEOUT_SECONDS),
    # It takes 38 MB and waits for nobody: the size is for the start, of 110 ms.
    "docs": Size(1_024, 3),
    # 1,101 MB for the largest photo, and 1.2 s of a core. A photo of 12 megapixels is 76 ms in one
    # thread; in two, on the 1.7 cores of 3,008 MB, it would take no less and cost three quarters
    # more.
    "predict": Size(ONE_CORE_MB, LONGEST_TIMEOUT_SECONDS),
}
# Not measured, since its weights could not be had: the image tower of `clip` has 350 MB of them.
PREDICT_WITH_CLIP = Size(LARGEST_MB, LONGEST_TIMEOUT_SECONDS)


def size_of(name: str, *, text_encoder: str) -> Size:
    """Return the size of a function beside which `text_encoder` is deployed."""
    return PREDICT_WITH_CLIP if (name, text_encoder) == ("predict", "clip") else SIZES[name]
