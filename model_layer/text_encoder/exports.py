"""What exporting a network tells the bundle's `config.json`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Exported:
    """See `recommend.text_encoder.EncoderConfig`; `files` lie in the bundle's folder.

    `weights_sha256` is of the file with the original weights, where there is one. `image` has the
    `mean` and `std` of an image tower's pixels, three values in 0..1 each.
    """

    dimension: int
    max_tokens: int
    first_id: int
    last_id: int
    pad_id: int
    padded_tokens: int | None
    made_from: str
    weights_sha256: str | None
    files: tuple[str, ...]
    image: dict[str, list[float]] | None = None
