"""Whether `recommend` offers places like a photo, by the vector that `predict` gives it.

    python -m evaluation.photo_vectors --photos folder

`folder` is a photo collection with an `index.csv` (see `classifier.photos`). Each photo is
classified and recommended from, anywhere in the world, as by its prediction alone: once as it is
kept, and once without its vector, which leaves the tags and names that the answer shows. An offer
is like the photo's place if the two share a category of the catalogue. Shares are of the first five
offers without the place itself, averaged over landmarks. The classifier
writes its metrics in between, a line for every hundred photos.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from tqdm import tqdm

from classifier.photos import read_index
from classifier.splits import read_splits
from common.photo_vector import VECTOR
from evaluation.retrieval import default_weights, recommender_of
from predict.bundle import read_bundle
from predict.classify import Classifier
from predict.embedders import load_embedder
from predict.network import load_network
from recommend.bundle import Bundle
from recommend.models import RecommendRequest
from recommend.names import Names

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from classifier.photos import Photo
    from common.predictions import Answer
    from recommend.recommender import Recommender

OPT = Path(__file__).resolve().parents[1] / "opt"
# Used if it is there, as in the function.
COMPILED = OPT.parents[1] / "build" / "compiled"
THREADS = 2
OFFERS = 5


class OnePrediction:
    """A history with one prediction, which is set."""

    def __init__(self) -> None:
        """Start with none."""
        self.item: Mapping[str, Any] = {}

    def get(self, _user_id: str, _prediction_id: str) -> Mapping[str, Any]:
        """Return it."""
        return self.item


def kept(answer: Answer) -> dict[str, Any]:
    """Return an answer as `predict` keeps it."""
    return {**answer.facts, **(answer.vector.attributes() if answer.vector else {})}


def choose(folder: Path, kind: str) -> list[Photo]:
    """Return the photos of unknown landmarks, or those of known ones that were kept for testing."""
    photos = read_index(folder)
    if kind == "unknown":
        return [photo for photo in photos if photo.kind == "unknown"]
    splits = read_splits()
    return [
        photo
        for photo in photos
        if photo.kind == "full" and splits.get(photo.path, ("", ""))[0] == "test"
    ]


def share_alike(recommender: Recommender, categories: Sequence[str], landmark_id: str) -> float:
    """Return the share of offers, for the prediction that is set, that are like a landmark."""
    asked = RecommendRequest(prediction_id="it", max_distance_km=None, top_k=OFFERS + 1)
    offers = recommender.recommend("anybody", asked).recommendations
    others = [offer for offer in offers if offer.landmark_id != landmark_id][:OFFERS]
    return float(np.mean([bool(set(offer.categories) & set(categories)) for offer in others]))


def main() -> None:
    """Print the shares for photos of unknown and of known landmarks."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--photos", type=Path, required=True, help="folder with an index.csv")
    arguments = parser.parse_args()
    os.environ.setdefault("POWERTOOLS_METRICS_NAMESPACE", "evaluation")
    bundle = read_bundle(OPT / "models" / "classifier")
    classifier = Classifier(
        bundle,
        load_network(bundle, COMPILED, THREADS),
        load_embedder(OPT, "minilm", bundle, THREADS),
    )
    search = Bundle(OPT, "minilm", THREADS)
    names, history = Names(search.catalogue.landmarks), OnePrediction()
    recommender = recommender_of(search, default_weights(), history)
    for kind in ("unknown", "known"):
        shares: dict[str, list[tuple[float, float]]] = defaultdict(list)
        for photo in tqdm(choose(arguments.photos, kind), disable=None):
            position = names.find(photo.landmark)
            if position is None:
                continue
            place = search.catalogue.landmarks[position]
            item = kept(classifier.classify((arguments.photos / photo.path).read_bytes()))
            pair = []
            for stored in (item, {name: item[name] for name in item if name != VECTOR}):
                history.item = stored
                pair.append(share_alike(recommender, place.categories, place.landmark_id))
            shares[photo.landmark].append((pair[0], pair[1]))
        by_vector, by_tags = np.mean([np.mean(pairs, axis=0) for pairs in shares.values()], axis=0)
        count = sum(map(len, shares.values()))
        sys.stdout.write(
            f"{bundle.model_version}: {count} photos of {len(shares)} {kind} landmarks; of "
            f"{OFFERS} offers like the place: {by_vector:.3f} by vector, {by_tags:.3f} by tags\n"
        )


if __name__ == "__main__":
    main()
