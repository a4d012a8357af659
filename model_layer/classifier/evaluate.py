"""Measure the bundle on the `test` split, through the code that serves it.

    python -m classifier.evaluate --photos FOLDER [--held-out-bundle BUNDLE]

prints the figures, writes them into the bundle's `config.json` (shown by `GET /info`) and writes
the model card. `--held-out-bundle` is a second bundle, trained without some landmarks: photos of
those measure how often a class that was never taught is mistaken for one that was.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from classifier.bundle_files import write_json
from classifier.calibrate import evidence_without_own_class
from classifier.classes import describe_classes, read_catalogue
from classifier.import_checkpoint import DEFAULT_OUT
from classifier.model_card import CARD, write_card
from classifier.outputs import Outputs, labels, paths, run_all
from classifier.package import split_photos
from classifier.photos import Photo, read_index
from classifier.scenes import plain_scenes
from classifier.splits import read_splits
from predict.bundle import Bundle, read_bundle
from predict.classify import prepare
from predict.network import EagerNetwork, Network
from predict.recognition import judge, score_evidence, softmax

if TYPE_CHECKING:
    from numpy.typing import NDArray

CALIBRATION_BINS = 15


@dataclass(frozen=True, slots=True)
class Judged:
    """What the service would say of each photo."""

    recognised: NDArray[np.bool_]
    high: NDArray[np.bool_]
    scores: NDArray[np.float64]
    first: NDArray[np.int64]


def judge_all(outputs: Outputs, bundle: Bundle) -> Judged:
    """Pass the verdict on every photo."""
    verdicts = [
        judge(logits, features, bundle, top_k=1)
        for logits, features in zip(outputs.logits, outputs.features, strict=True)
    ]
    return Judged(
        recognised=np.array([verdict.recognised for verdict in verdicts]),
        high=np.array([verdict.confidence_level == "high" for verdict in verdicts]),
        scores=np.array([verdict.score for verdict in verdicts]),
        first=np.array([verdict.ranked[0][0] for verdict in verdicts]),
    )


def expected_calibration_error(confidences: NDArray[np.float64], right: NDArray[np.bool_]) -> float:
    """Return the mean gap between confidence and accuracy over equal-width bins (Naeini 2015)."""
    bins = np.minimum((confidences * CALIBRATION_BINS).astype(int), CALIBRATION_BINS - 1)
    gaps = [
        abs(confidences[bins == b].mean() - right[bins == b].mean()) * (bins == b).mean()
        for b in np.unique(bins)
    ]
    return float(np.sum(gaps))


def accuracy_figures(outputs: Outputs, truth: NDArray[np.int64], bundle: Bundle) -> dict[str, Any]:
    """Return top-1, top-5, macro accuracy, calibration and recognition of known photos."""
    order = np.argsort(-outputs.logits, axis=1)
    right = order[:, 0] == truth
    among_five = (order[:, :5] == truth[:, None]).any(axis=1)
    per_class = [right[truth == c].mean() for c in np.unique(truth)]
    confidences = np.array(
        [softmax(row / bundle.calibration.temperature).max() for row in outputs.logits]
    )
    judged = judge_all(outputs, bundle)
    return {
        "photos": len(truth),
        "landmarks": len(per_class),
        "top1": float(right.mean()),
        "top5": float(among_five.mean()),
        "macro": float(np.mean(per_class)),
        "calibration_error": expected_calibration_error(confidences, right),
        "recognised": float(judged.recognised.mean()),
        "right_of_recognised": float(right[judged.recognised].mean()),
        "high": float(judged.high.mean()),
        "right_of_high": float(right[judged.high].mean()) if judged.high.any() else None,
    }


def accept_figures(outputs: Outputs, bundle: Bundle) -> dict[str, Any]:
    """Return how many photos of no known landmark are taken for one."""
    judged = judge_all(outputs, bundle)
    return {
        "photos": len(judged.recognised),
        "accepted": float(judged.recognised.mean()),
        "accepted_high": float(judged.high.mean()),
    }


def per_landmark(
    outputs: Outputs, truth: NDArray[np.int64], unknown: Outputs, bundle: Bundle
) -> list[dict[str, Any]]:
    """Return, for each landmark, its photos, how they fare, and who is mistaken for it."""
    known, strangers = judge_all(outputs, bundle), judge_all(unknown, bundle)
    first = outputs.logits.argmax(axis=1)
    rows = []
    for index, landmark in enumerate(bundle.classes):
        own = truth == index
        rows.append(
            {
                "landmark": landmark.name,
                "photos": int(own.sum()),
                "right": int((first[own] == index).sum()),
                "recognised": int(known.recognised[own].sum()),
                "mistaken_for_it": int((known.recognised & (first == index) & ~own).sum()),
                "unknown_accepted": int((strangers.recognised & (strangers.first == index)).sum()),
            }
        )
    return rows


def separation(known: Judged, unknown: Judged) -> float:
    """Return the AUROC of the score: the chance that a known photo outranks an unknown one."""
    higher = known.scores[:, None] > unknown.scores[None, :]
    equal = known.scores[:, None] == unknown.scores[None, :]
    return float((higher + 0.5 * equal).mean())


def taken_away_figures(
    outputs: Outputs, truth: NDArray[np.int64], bundle: Bundle
) -> dict[str, Any]:
    """Measure known photos as if their class had no logit and no references.

    The backbone has seen the class all the same: a network that never did is measured by
    `held_out_figures`.
    """
    calibration = bundle.calibration
    evidence = evidence_without_own_class(outputs, truth, bundle)
    scores = np.array([score_evidence(row, calibration) for row in evidence])
    return {
        "photos": len(scores),
        "accepted": float((scores >= calibration.recognised_from).mean()),
        "accepted_high": float((scores >= calibration.high_from).mean()),
    }


def scene_outputs(network: Network, px: int) -> Outputs:
    """Run the plain scenes."""
    pixels = np.stack([prepare(png, px) for _, png in plain_scenes()])
    return Outputs(*network.run(pixels))


def held_out_figures(folder: Path, bundle_folder: Path) -> dict[str, Any]:
    """Measure a bundle trained without some landmarks on photos of those landmarks.

    All their full-size photos count: none of them was ever shown to that bundle's network.
    """
    bundle = read_bundle(bundle_folder)
    config = json.loads((bundle_folder / "config.json").read_text(encoding="utf-8"))
    names = config["provenance"]["recipe"]["hold_out"]
    photos = [p for p in read_index(folder) if p.kind == "full" and p.landmark in names]
    network = EagerNetwork(bundle)
    outputs = run_all(network, paths(folder, photos), bundle.px, "kept out")
    judged = judge_all(outputs, bundle)
    of: dict[str, list[bool]] = defaultdict(list)
    for photo, recognised in zip(photos, judged.recognised, strict=True):
        of[photo.landmark].append(bool(recognised))
    known, _ = split_photos(folder, "test")
    known = [photo for photo in known if photo.landmark not in names]
    class_names = _collection_names(known, bundle)
    shown = run_all(network, paths(folder, known), bundle.px, "taught")
    return {
        **accept_figures(outputs, bundle),
        "accepted_by_landmark": {name: float(np.mean(of[name])) for name in sorted(of)},
        "of_taught": accuracy_figures(shown, labels(known, class_names), bundle),
        "steps": config["provenance"]["steps_done"],
    }


def _collection_names(photos: list[Photo], bundle: Bundle) -> list[str]:
    """Return the collection's names of the bundle's classes, in order."""
    names = sorted({photo.landmark for photo in photos})
    described = describe_classes(names, read_catalogue())
    by_id = {entry["id"]: name for name, entry in zip(names, described, strict=True)}
    return [by_id.get(landmark.landmark_id, landmark.name) for landmark in bundle.classes]


def evaluate(folder: Path, bundle_folder: Path, held_out: Path | None) -> dict[str, Any]:
    """Return every figure of the model card."""
    bundle = read_bundle(bundle_folder)
    network = EagerNetwork(bundle)
    splits = read_splits()
    known, unknown = split_photos(folder, "test")
    truth = labels(known, _collection_names(known, bundle))
    outputs = run_all(network, paths(folder, known), bundle.px, "known")
    strangers = run_all(network, paths(folder, unknown), bundle.px, "unknown")
    new_origin = np.array([splits[photo.path][1] == "origin" for photo in known])

    def part(mask: NDArray[np.bool_]) -> dict[str, Any]:
        chosen = Outputs(outputs.logits[mask], outputs.scene[mask], outputs.features[mask])
        return accuracy_figures(chosen, truth[mask], bundle)

    return {
        "model_version": bundle.model_version,
        "test": accuracy_figures(outputs, truth, bundle),
        "test_new_origins": part(new_origin),
        "test_same_origin_other_groups": part(~new_origin),
        "unknown": accept_figures(strangers, bundle),
        "separation_auroc": separation(judge_all(outputs, bundle), judge_all(strangers, bundle)),
        "class_taken_away": taken_away_figures(outputs, truth, bundle),
        "plain_scenes": accept_figures(scene_outputs(network, bundle.px), bundle),
        "kept_out": held_out_figures(folder, held_out) if held_out else None,
        "per_landmark": per_landmark(outputs, truth, strangers, bundle),
    }


def main() -> None:
    """Evaluate, and write down what came out."""
    parser = argparse.ArgumentParser(description="Measure the bundle on the test split.")
    parser.add_argument("--photos", type=Path, required=True, help="folder with index.csv")
    parser.add_argument("--bundle", type=Path, default=DEFAULT_OUT)
    parser.add_argument("--held-out-bundle", type=Path)
    parser.add_argument("--card", type=Path, default=CARD, help="model card to write")
    given = parser.parse_args()
    figures = evaluate(given.photos, given.bundle, given.held_out_bundle)
    config_file = given.bundle / "config.json"
    config = json.loads(config_file.read_text(encoding="utf-8"))
    config["metrics"] = {
        **{key: round(figures["test"][key], 4) for key in ("top1", "top5", "macro")},
        "recognised": round(figures["test"]["recognised"], 4),
        "right_of_recognised": round(figures["test"]["right_of_recognised"], 4),
        "unknown_accepted": round(figures["unknown"]["accepted"], 4),
        "test_photos": figures["test"]["photos"],
    }
    write_json(config_file, config)
    write_card(figures, config, given.card)
    shown = {key: value for key, value in figures.items() if key != "per_landmark"}
    print(json.dumps(shown, indent=2))  # noqa: T201 - the command's answer


if __name__ == "__main__":
    main()
