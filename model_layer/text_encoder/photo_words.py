"""Vectors of the words for what a photo may show: scenes, landmarks and their kinds.

Of ImageNet's labels those count that `functions/describe/scenes.json` has words for: what stands
in a place, or is one. A dog or a pair of sunglasses says nothing of where one is.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from safetensors.numpy import save_file

from predict.photo_words import FORMAT_VERSION
from text_encoder.landmark_texts import kinds

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from recommend.catalogue import Catalogue
    from recommend.text_encoder import TextEncoder

PHRASES = Path(__file__).resolve().parents[2] / "functions" / "describe" / "scenes.json"
_ARTICLES = ("a ", "an ", "the ")


def scene_phrases() -> dict[str, str]:
    """Return words for each of ImageNet's labels that says something of a place."""
    scenes = json.loads(PHRASES.read_text(encoding="utf-8"))
    landscapes = {label: phrases[0] for label, phrases in scenes["landscapes"].items()}
    return {
        label: _without_article(phrase)
        for label, phrase in (scenes["structures"] | landscapes).items()
    }


def write_photo_words(
    opt: Path, encoder: TextEncoder, catalogue: Catalogue, matrix: NDArray[np.float16]
) -> None:
    """Write the vectors for the classifier in `opt`; `matrix` `(n, v, d)` is the catalogue's.

    Classes that the catalogue does not know have none.
    """
    phrases = scene_phrases()
    classes = json.loads((opt / "models" / "classifier" / "classes.json").read_text("utf-8"))
    known = [one["id"] for one in classes if one["id"] in catalogue.positions]
    positions = [catalogue.positions[landmark_id] for landmark_id in known]
    of_kinds = [encoder.encode(kinds(catalogue.landmarks[position])) for position in positions]
    path = opt / "models" / "photo_words" / f"{encoder.config.name}.safetensors"
    path.parent.mkdir(exist_ok=True)
    save_file(
        {
            "scenes": _stack([encoder.encode(phrase) for phrase in phrases.values()]),
            "landmarks": np.ascontiguousarray(matrix[positions, 0]),
            "kinds": _stack(of_kinds),
        },
        path,
        metadata={
            "format_version": FORMAT_VERSION,
            "encoder_sha256": encoder.config.model_sha256,
            "labels": json.dumps(list(phrases)),
            "landmarks": json.dumps(known),
        },
    )
    # safetensors writes for its owner alone, but functions run as another user.
    path.chmod(0o644)


def _stack(vectors: list[NDArray[np.float32]]) -> NDArray[np.float16]:
    return np.stack(vectors).astype(np.float16)


def _without_article(phrase: str) -> str:
    for article in _ARTICLES:
        if phrase.startswith(article):
            return phrase.removeprefix(article)
    return phrase
