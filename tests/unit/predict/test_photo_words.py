"""Where a photo lies among words: by all that it faintly shows, never by a landmark it is not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image
from safetensors import safe_open
from safetensors.numpy import save_file

from predict.bundle import Bundle, read_bundle
from predict.embedders import Sight
from predict.photo_words import FORMAT_VERSION, PhotoWords, PhotoWordsError, read_photo_words
from recommend.catalogue import Catalogue, read_catalogue
from recommend.text_encoder import read_encoder_config
from text_encoder.photo_words import scene_phrases

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from common.photo_vector import PhotoVector

OPT = Path(__file__).parents[3] / "model_layer" / "opt"
SHA256 = "e" * 64
PICTURE = Image.new("RGB", (8, 8))
# Bridges along the first axis, towers along the second, the landmark itself along the third.
SCENES = np.array([[1, 0, 0], [0.9, 0.1, 0], [0, 1, 0], [0, 0, 0]], np.float32)
LANDMARKS = np.array([[0, 0.6, 0.8], [0, 0, 0]], np.float32)
KINDS = np.array([[0, 1, 0], [0, 0, 0]], np.float32)
WORDS = PhotoWords(SCENES, LANDMARKS, KINDS, SHA256)


def sight(scene: list[float], classes: list[float], *, recognised: bool = False) -> Sight:
    return Sight(PICTURE, np.array(scene), np.array(classes), recognised)


def direction(vector: PhotoVector | None) -> NDArray[np.float32]:
    assert vector is not None
    assert vector.encoder_sha256 == SHA256
    return np.frombuffer(vector.values, "<f2").astype(np.float32)


def test_a_vector_is_of_unit_length_in_half_precision() -> None:
    vector = WORDS.embed(sight([0.2, 0.1, 0.3, 0.4], [0.5, 0.5]))
    assert vector is not None
    assert len(vector.values) == 2 * 3
    assert np.linalg.norm(direction(vector)) == pytest.approx(1, abs=1e-3)


def test_a_recognised_landmark_says_where_its_photo_lies() -> None:
    seen = direction(WORDS.embed(sight([0.9, 0, 0, 0.1], [1.0, 0], recognised=True)))
    assert seen @ LANDMARKS[0] > 0.9


def test_an_unknown_place_is_not_drawn_to_the_landmark_that_it_is_taken_for() -> None:
    unknown = sight([0.5, 0, 0, 0.5], [1.0, 0])
    elsewhere = PhotoWords(SCENES, -LANDMARKS, KINDS, SHA256)
    np.testing.assert_array_equal(
        direction(WORDS.embed(unknown)), direction(elsewhere.embed(unknown))
    )
    assert direction(WORDS.embed(unknown))[2] == 0


def test_what_kind_of_place_the_likely_landmarks_are_counts_for_an_unknown_one() -> None:
    with_towers = direction(WORDS.embed(sight([0.5, 0, 0, 0.5], [1.0, 0])))
    without = direction(WORDS.embed(sight([0.5, 0, 0, 0.5], [0, 1.0])))
    assert with_towers[1] > without[1]
    assert with_towers[0] > 0


def test_what_says_nothing_of_a_place_does_not_count() -> None:
    alone = direction(WORDS.embed(sight([0.3, 0, 0, 0], [0, 1.0])))
    beside_a_dog = direction(WORDS.embed(sight([0.3, 0, 0, 0.7], [0, 1.0])))
    np.testing.assert_allclose(alone, beside_a_dog, atol=1e-3)


def test_other_vectors_have_another_version() -> None:
    assert PhotoWords(SCENES, LANDMARKS, KINDS, SHA256).version == WORDS.version
    assert PhotoWords(SCENES * 2, LANDMARKS, KINDS, SHA256).version != WORDS.version
    assert PhotoWords(SCENES, LANDMARKS, KINDS, "f" * 64).version != WORDS.version


def test_of_nothing_known_there_is_no_vector() -> None:
    assert WORDS.embed(sight([0, 0, 0, 1.0], [0, 1.0])) is None


def test_a_network_without_scenes_goes_by_its_classes() -> None:
    words = PhotoWords(np.zeros((0, 3), np.float32), LANDMARKS, KINDS, SHA256)
    assert direction(words.embed(sight([], [1.0, 0])))[1] == pytest.approx(1)


def write(path: Path, **about: str) -> Path:
    known = {
        "format_version": FORMAT_VERSION,
        "encoder_sha256": SHA256,
        "labels": json.dumps(["thing 7", "thing 3"]),
        "landmarks": json.dumps(["gamma-gate", "beta-bridge"]),
        **about,
    }
    vectors = np.arange(8, dtype=np.float16).reshape(2, 4)
    save_file({"scenes": vectors, "landmarks": vectors, "kinds": vectors}, path, metadata=known)
    return path


def test_vectors_are_read_by_name_in_the_order_of_the_network(
    bundle: Bundle, tmp_path: Path
) -> None:
    words = read_photo_words(write(tmp_path / "w"), SHA256, bundle)
    assert words._scenes.shape == (1000, 4)
    assert words._scenes[7].tolist() == [0, 1, 2, 3]
    assert words._scenes[3].tolist() == [4, 5, 6, 7]
    # Alpha Arch is not in the file.
    assert words._landmarks.tolist() == [[0, 0, 0, 0], [4, 5, 6, 7], [0, 1, 2, 3]]


@pytest.mark.parametrize(
    ("about", "why"),
    [
        ({"encoder_sha256": "f" * 64}, "another encoder"),
        ({"format_version": "0"}, "has format 0"),
        ({"labels": "[]"}, "2 rows for 0 names"),
        ({"labels": "no JSON"}, "cannot be read"),
    ],
)
def test_vectors_that_do_not_fit_are_refused(
    bundle: Bundle, tmp_path: Path, about: dict[str, str], why: str
) -> None:
    with pytest.raises(PhotoWordsError, match=why):
        read_photo_words(write(tmp_path / "w", **about), SHA256, bundle)


@pytest.mark.parametrize("content", [None, b"", b"no safetensors at all"])
def test_a_missing_or_damaged_file_is_refused(
    bundle: Bundle, tmp_path: Path, content: bytes | None
) -> None:
    path = tmp_path / "w"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(PhotoWordsError, match="cannot be read"):
        read_photo_words(path, SHA256, bundle)


SHIPPED = OPT / "models" / "photo_words" / "minilm.safetensors"


class Shipped:
    """The shipped classifier, words and catalogue."""

    def __init__(self) -> None:
        self.bundle = read_bundle(OPT / "models" / "classifier")
        encoder = read_encoder_config(OPT / "models" / "text_encoder" / "minilm")
        self.words = read_photo_words(SHIPPED, encoder.model_sha256, self.bundle)
        self.catalogue: Catalogue = read_catalogue(OPT / "data" / "landmarks_unified.json")
        matrix = np.load(OPT / "data" / "landmarks_minilm_embeddings.npy")
        self.vectors = matrix[:, 0].astype(np.float32)

    def nearest_kinds(
        self, scene: dict[str, float], classes: dict[str, float]
    ) -> list[tuple[str, ...]]:
        """Return the categories of the five landmarks nearest to an unknown photo."""
        ids = [one.landmark_id for one in self.bundle.classes]
        vector = self.words.embed(
            Sight(
                PICTURE,
                spread(self.bundle.scene_labels, scene),
                spread(ids, classes),
                recognised=False,
            )
        )
        assert vector is not None
        similarities = self.vectors @ np.frombuffer(vector.values, "<f2").astype(np.float32)
        best = np.argsort(-similarities)[:5]
        return [self.catalogue.landmarks[position].categories for position in best]


def spread(names: list[str] | tuple[str, ...], stated: dict[str, float]) -> NDArray[np.float64]:
    """Return probabilities: those stated, and the rest in equal parts."""
    rest = (1 - sum(stated.values())) / len(names)
    assert set(stated) <= set(names)
    return np.array([stated.get(name, 0.0) + rest for name in names])


@pytest.fixture(scope="module")
def shipped() -> Shipped:
    return Shipped()


@pytest.mark.parametrize(
    "classes", [{}, {"eiffel-tower": 0.5}, {"taj-mahal": 0.4, "hagia-sophia": 0.2}], ids=str
)
@pytest.mark.parametrize(
    ("scene", "wanted", "at_least"),
    [
        ({"suspension bridge": 0.6, "pier": 0.2}, {"bridge"}, 4),
        ({"suspension bridge": 0.25, "steel arch bridge": 0.1, "dock": 0.1}, {"bridge"}, 4),
        ({"fountain": 0.5}, {"fountain", "waterfall"}, 3),
        ({"dam": 0.5, "cliff": 0.1}, {"dam"}, 2),
        ({"geyser": 0.5}, {"geyser"}, 2),
        ({"volcano": 0.6}, {"volcano"}, 4),
        ({"castle": 0.5, "palace": 0.1}, {"castle", "palace"}, 4),
        ({"mosque": 0.5, "dome": 0.1}, {"mosque"}, 4),
        ({"seashore": 0.4, "sandbar": 0.3}, {"beach", "island", "coast"}, 4),
    ],
    ids=str,
)
def test_an_unknown_place_lies_near_its_like_whatever_landmark_it_is_taken_for(
    shipped: Shipped,
    scene: dict[str, float],
    classes: dict[str, float],
    wanted: set[str],
    at_least: int,
) -> None:
    kinds = shipped.nearest_kinds(scene, classes)
    assert sum(bool(wanted & set(categories)) for categories in kinds) >= at_least, kinds


def test_a_waterfall_lies_near_waterfalls_though_imagenet_has_no_word_for_it(
    shipped: Shipped,
) -> None:
    scene = {"cliff": 0.3, "valley": 0.1, "dam": 0.1, "fountain": 0.1}
    kinds = shipped.nearest_kinds(scene, {"niagara-falls": 0.4, "victoria-falls": 0.2})
    assert sum("waterfall" in categories for categories in kinds) >= 3, kinds


def test_the_shipped_vectors_are_of_the_shipped_classifier_and_of_the_words_as_they_are(
    shipped: Shipped,
) -> None:
    """Build them again where this fails: `make text-encoder ARGS=--vectors-only`."""
    with safe_open(SHIPPED, framework="numpy") as file:
        about = file.metadata()
        assert json.loads(about["labels"]) == list(scene_phrases())
        assert set(scene_phrases()) <= set(shipped.bundle.scene_labels)
        ids = {one.landmark_id for one in shipped.bundle.classes}
        assert set(json.loads(about["landmarks"])) == ids & set(shipped.catalogue.positions)
        lengths = np.linalg.norm(file.get_tensor("scenes").astype(np.float32), axis=1)
    np.testing.assert_allclose(lengths, 1, atol=2e-3)
