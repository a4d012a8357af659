"""The networks that `predict` is measured with, in every form that somebody runs.

Below `build/benchmarks/predict/<name>/`:

    root/models/classifier/     the bundle
    compiled/<threads>/<set>/   the network compiled for one set of instructions, and nothing else
    timm.pth                    the same weights for `timm.create_model`
    served.onnx                 the network as it is served: pixels in, three outputs
    plain.onnx                  timm's: a normalised image in, landmarks out
    work.json                   its floating-point operations

All of a network is made anew when what makes it changes.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import warnings
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from benchmarks.fresh import run_python
from benchmarks.reports import ROOT
from local.stamps import content_stamp, is_current, write_stamp
from predict.bundle import Bundle, read_bundle
from predict.instruction_sets import usable_here

FOLDER = ROOT / "build" / "benchmarks" / "predict"
SHIPPED = ROOT / "model_layer" / "opt" / "models" / "classifier"
TITLES = {"b3": "EfficientNet-B3, 300 px", "lite2": "the shipped EfficientNet-Lite2, 260 px"}
CLASSES = 108
# What is measured; packages are compiled for a number of threads.
THREADS = tuple(number for number in (1, 2) if number <= (os.cpu_count() or 1))
_MADE_BY = (
    Path(__file__),
    ROOT / "benchmarks" / "predict_weights.py",
    ROOT / "model_layer" / "classifier" / "compile_model.py",
    ROOT / "model_layer" / "classifier" / "serving_form.py",
    ROOT / "functions" / "predict" / "eager.py",
    ROOT / "functions" / "predict" / "instruction_sets.py",
    ROOT / "functions" / "predict" / "requirements.txt",
    ROOT / "functions" / "predict" / "requirements-eager.txt",
)
_PATHS = (ROOT, ROOT / "model_layer", ROOT / "functions", ROOT / "shared_layer" / "python")


@dataclass(frozen=True)
class Case:
    """One network; `name` is of `TITLES`."""

    name: str

    @property
    def folder(self) -> Path:
        """Where all of it lies."""
        return FOLDER / self.name

    @property
    def model_root(self) -> Path:
        """What `MODEL_ROOT` of the function would be."""
        return self.folder / "root"

    @cached_property
    def bundle(self) -> Bundle:
        """The bundle, read."""
        return read_bundle(self.model_root / "models" / "classifier")

    def compiled(self, instructions: str, threads: int) -> Path:
        """Return the directory of the network compiled for one set and number of threads."""
        return self.folder / "compiled" / str(threads) / instructions

    @property
    def flops(self) -> int:
        """Floating-point operations of one photo, a multiply-add being two."""
        return int(json.loads((self.folder / "work.json").read_text(encoding="utf-8"))["flops"])


def prepare_networks() -> dict[str, Case]:
    """Make what is not there yet: some minutes the first time."""
    cases = {name: Case(name) for name in TITLES}
    for case in cases.values():
        stamp = content_stamp([*_MADE_BY, SHIPPED], also=[sys.version])
        if not is_current(case.folder / "stamp", stamp):
            shutil.rmtree(case.folder, ignore_errors=True)
            _make(case)
            write_stamp(case.folder / "stamp", stamp)
    return cases


def _make(case: Case) -> None:
    case.model_root.mkdir(parents=True)
    bundle = case.model_root / "models" / "classifier"
    if case.name == "lite2":
        shutil.copytree(SHIPPED.parents[1] / "models", case.model_root / "models")
    else:
        sys.stderr.write(f"making weights for {TITLES[case.name]}\n")
        _make_bundle(case.folder, bundle)
    _export(case)
    _compile(case)


def _make_bundle(folder: Path, bundle: Path) -> None:
    """Make a bundle of a checkpoint, as somebody would of their own."""
    import torch  # noqa: PLC0415 - takes a second, and only the first run needs it

    from benchmarks.predict_weights import random_weights  # noqa: PLC0415
    from classifier.import_checkpoint import import_checkpoint  # noqa: PLC0415

    checkpoint = folder / "random.pth"
    torch.save(random_weights("efficientnet_b3", 300, CLASSES), checkpoint)
    names = [f"Landmark {number:03}" for number in range(CLASSES)]
    import_checkpoint(checkpoint, names, "efficientnet_b3", 300, bundle)
    checkpoint.unlink()


def _export(case: Case) -> None:
    """Write timm's weights, both ONNX files and the count of operations."""
    import torch  # noqa: PLC0415 - as above
    from torch.utils.flop_counter import FlopCounterMode  # noqa: PLC0415

    from predict.bundle import verify_weights  # noqa: PLC0415
    from predict.eager import build_network  # noqa: PLC0415

    import timm  # noqa: PLC0415 # isort: skip

    bundle, px = case.bundle, case.bundle.px
    served = build_network(bundle, verify_weights(bundle))
    served.to(memory_format=torch.contiguous_format)  # type: ignore[call-overload] # as exported
    inner = served.network
    plain = timm.create_model(bundle.arch, num_classes=len(bundle.classes)).eval()
    state = dict(inner.backbone.state_dict())
    for part in ("weight", "bias"):
        state[f"classifier.{part}"] = inner.landmarks.state_dict()[part]
    plain.load_state_dict(state)
    torch.save(plain.state_dict(), case.folder / "timm.pth")
    image, pixels = torch.zeros(1, 3, px, px), torch.zeros(1, px, px, 3, dtype=torch.uint8)
    with warnings.catch_warnings(), torch.no_grad():
        # The exporter that needs no further package says that there is another.
        warnings.simplefilter("ignore")
        outputs = ["logits", "scene", "features"]
        torch.onnx.export(
            served, (pixels,), str(case.folder / "served.onnx"),
            input_names=["pixels"], output_names=outputs, dynamo=False,
        )  # fmt: skip
        torch.onnx.export(
            plain, (image,), str(case.folder / "plain.onnx"),
            input_names=["image"], output_names=outputs[:1], dynamo=False,
        )  # fmt: skip
        counter = FlopCounterMode(display=False)
        with counter:
            served(pixels)
    work = {"flops": counter.get_total_flops()}
    (case.folder / "work.json").write_text(json.dumps(work), encoding="utf-8")


def _compile(case: Case) -> None:
    """Compile for every instruction set with the project's own command, and sort by set."""
    for threads in THREADS:
        sys.stderr.write(f"compiling {TITLES[case.name]} with threads: {threads}\n")
        together = case.folder / "compiled" / str(threads)
        environment = {
            "PYTHONPATH": os.pathsep.join(map(str, _PATHS)),
            "MODEL_ROOT": str(case.model_root),
            "COMPILED_MODELS": str(together),
            "TORCH_THREADS": str(threads),
            "POWERTOOLS_SERVICE_NAME": "benchmark",
        }
        run_python(["-m", "classifier.compile_model", "all"], environment)
        for instructions in usable_here():
            alone = case.compiled(instructions.name, threads)
            alone.mkdir()
            instructions.package(together).rename(instructions.package(alone))
