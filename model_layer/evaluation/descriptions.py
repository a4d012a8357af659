"""What local descriptions say of photos that show no known landmark: read them, and count.

    python -m evaluation.descriptions --photos folder

`folder` is a photo collection with an `index.csv` (see `classifier.photos`); only its photos of
landmarks that are no classes are described. Set `POWERTOOLS_METRICS_DISABLED=true` to see the
descriptions alone.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tqdm import tqdm

from classifier.photos import read_index
from describe.catalogue import Catalogue
from describe.photo import Photo
from describe.wording import describe_prediction
from predict.bundle import read_bundle
from predict.classify import Classifier
from predict.network import load_network

OPT = Path(__file__).resolve().parents[1] / "opt"
# Used if it is there, as in the function.
COMPILED = OPT.parents[1] / "build" / "compiled"
THREADS = 2


def main() -> None:
    """Print each photo's path and description, and how many were named or not made out."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--photos", type=Path, required=True, help="folder with an index.csv")
    arguments = parser.parse_args()
    bundle = read_bundle(OPT / "models" / "classifier")
    classifier = Classifier(bundle, load_network(bundle, COMPILED, THREADS))
    catalogue = Catalogue(OPT / "data" / "landmarks_unified.json")
    unknown = [photo for photo in read_index(arguments.photos) if photo.kind == "unknown"]
    named = silent = 0
    for photo in tqdm(unknown, disable=None):
        # As `describe` sends it to `predict`.
        shrunk = Photo((arguments.photos / photo.path).read_bytes()).shrunk
        facts = classifier.classify(shrunk).facts
        words = describe_prediction(facts, catalogue)
        named += facts["recognised"]
        silent += "cannot make out" in words
        sys.stdout.write(f"{photo.landmark}: {words}\n")
    sys.stdout.write(
        f"{bundle.model_version}: {len(unknown)} photos, {named} taken for a known landmark, "
        f"{silent} not made out\n"
    )


if __name__ == "__main__":
    main()
