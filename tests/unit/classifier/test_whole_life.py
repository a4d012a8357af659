"""EfficientNet-B3 through a training step, packaging, import and serving, on random weights."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
import torch
from PIL import Image

from classifier.import_checkpoint import import_checkpoint, read_names
from classifier.package import package
from classifier.train import Recipe, train
from predict.bundle import read_bundle
from predict.network import EagerNetwork
from tests.unit.predict.conftest import make_identifier, sent

import timm  # isort: skip - predict.network prepares torchvision for it

if TYPE_CHECKING:
    from numpy.typing import NDArray

ARCH, PX = "efficientnet_b3", 64
LANDMARKS = ("Colosseum", "Eiffel Tower", "Taj Mahal")
PHOTO = (Path(__file__).parents[2] / "photos" / "machu-picchu.jpg").read_bytes()


@pytest.fixture(scope="module")
def collection(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a collection of two small pictures a landmark, each landmark of one colour."""
    folder = tmp_path_factory.mktemp("photos")
    (folder / "lowres").mkdir()
    with (folder / "index.csv").open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["path", "landmark", "country", "origin", "px"])
        for number, landmark in enumerate(LANDMARKS):
            for copy in range(2):
                path = f"lowres/{number}-{copy}.png"
                colour = tuple(int(c) for c in np.eye(3)[number] * (250 - 40 * copy))
                Image.new("RGB", (90, 70), colour).save(folder / path)
                rows.writerow([path, landmark, "", "test", 96])
    return folder


@pytest.fixture(scope="module")
def run(collection: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("run")
    recipe = Recipe(arch=ARCH, weights="none", phases=[(PX, 2)], batch=4, frozen_blocks=0)
    train(recipe, collection, out, workers=0)
    return out


def test_a_finished_run_is_taken_up_without_another_step(run: Path, collection: Path) -> None:
    before = torch.load(run / "checkpoint.pt", weights_only=True)
    recipe = Recipe(arch=ARCH, weights="none", phases=[(PX, 2)], batch=4, frozen_blocks=0)
    train(recipe, collection, run, workers=0)
    after = torch.load(run / "checkpoint.pt", weights_only=True)
    assert before["step"] == after["step"] == 2
    weight = "landmarks.weight"
    torch.testing.assert_close(before["network"][weight], after["network"][weight])


def test_a_run_of_another_recipe_is_not_taken_up(run: Path, collection: Path) -> None:
    other = Recipe(arch=ARCH, weights="none", phases=[(PX, 3)], batch=4, frozen_blocks=0)
    with pytest.raises(SystemExit, match="another recipe"):
        train(other, collection, run, workers=0)


def test_the_packaged_run_names_a_photo(run: Path, collection: Path, tmp_path: Path) -> None:
    package(collection, run, tmp_path, PX)
    bundle = read_bundle(tmp_path)
    assert [landmark.name for landmark in bundle.classes] == list(LANDMARKS)
    assert bundle.classes[0].country == "IT"
    answer = make_identifier(bundle, EagerNetwork(bundle)).identify("U1", sent(PHOTO), 3)
    assert {guess.landmark for guess in answer.predictions} == set(LANDMARKS)
    assert sum(guess.confidence for guess in answer.predictions) == pytest.approx(1, abs=1e-3)
    assert answer.scene
    assert answer.model_version.startswith(f"{ARCH}-3-")


@pytest.mark.parametrize("wrapper", [None, "model_state_dict"])
def test_an_imported_checkpoint_answers_like_the_network_it_came_from(
    tmp_path: Path, wrapper: str | None
) -> None:
    torch.manual_seed(1)
    theirs = timm.create_model(ARCH, num_classes=3).eval()
    state = theirs.state_dict()
    checkpoint = tmp_path / "model.pth"
    torch.save({wrapper: state, "epoch": 3} if wrapper else state, checkpoint)
    names = tmp_path / "names.json"
    names.write_text(json.dumps({"0": "Colosseum", "1": "Eiffel Tower", "2": "Somewhere Else"}))
    out = tmp_path / "bundle"
    import_checkpoint(checkpoint, read_names(names), ARCH, PX, out)
    bundle = read_bundle(out)
    pixels = np.random.default_rng(0).integers(0, 256, (1, PX, PX, 3), dtype=np.uint8)
    logits, scene, _ = EagerNetwork(bundle).run(pixels)
    np.testing.assert_allclose(logits, _logits(theirs, pixels, bundle.mean, bundle.std), atol=0.05)
    assert scene.shape == (1, 0)
    assert bundle.classes[2].name == "Somewhere Else"
    assert bundle.classes[2].latitude is None


def _logits(
    network: torch.nn.Module,
    pixels: NDArray[np.uint8],
    mean: tuple[float, ...],
    std: tuple[float, ...],
) -> NDArray[np.float32]:
    images = torch.from_numpy(pixels).permute(0, 3, 1, 2).float() / 255
    images = (images - torch.tensor(mean).view(3, 1, 1)) / torch.tensor(std).view(3, 1, 1)
    with torch.inference_mode():
        logits: NDArray[np.float32] = network(images).numpy()
    return logits


def test_a_checkpoint_with_other_classes_is_refused(tmp_path: Path) -> None:
    checkpoint = tmp_path / "model.pth"
    torch.save(timm.create_model("test_efficientnet", num_classes=3).state_dict(), checkpoint)
    with pytest.raises(ValueError, match="3 classes in the checkpoint, 2 names"):
        import_checkpoint(checkpoint, ["A", "B"], "test_efficientnet", PX, tmp_path)


def test_a_checkpoint_of_another_network_is_refused(tmp_path: Path) -> None:
    checkpoint = tmp_path / "model.pth"
    torch.save(timm.create_model("test_efficientnet", num_classes=3).state_dict(), checkpoint)
    with pytest.raises(ValueError, match=f"not a checkpoint of {ARCH}"):
        import_checkpoint(checkpoint, ["A", "B", "C"], ARCH, PX, tmp_path)


@pytest.mark.parametrize(
    "document", [["A", "B"], {"0": "A", "1": "B"}, {"1": "B", "0": "A"}, {"A": 0, "B": 1}]
)
def test_names_are_read_in_every_form(tmp_path: Path, document: object) -> None:
    path = tmp_path / "names.json"
    path.write_text(json.dumps(document))
    assert read_names(path) == ["A", "B"]


@pytest.mark.parametrize("document", ["A", {"0": "A", "2": "B"}])
def test_names_with_gaps_are_refused(tmp_path: Path, document: object) -> None:
    path = tmp_path / "names.json"
    path.write_text(json.dumps(document))
    with pytest.raises(ValueError, match=r"names\.json"):
        read_names(path)
