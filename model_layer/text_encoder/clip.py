"""Both towers of an open_clip network: words and pictures in one space."""

from __future__ import annotations

import gzip
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import torch
from torch import nn

from predict.torchvision_operators import declare_missing_operators
from text_encoder.exporting import export_onnx, quantise
from text_encoder.exports import Exported

if TYPE_CHECKING:
    from tokenizers import Tokenizer
    from torch import Tensor

DEFAULT_ARCH = "ViT-B-32"
DEFAULT_WEIGHTS = "laion2b_s34b_b79k"
# As open_clip's SimpleTokenizer cuts text: https://github.com/mlfoundations/open_clip (MIT).
_PIECES = r"""'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"""
_MERGES_END = 49152 - 256 - 2 + 1
_WORD_END = "</w>"
_FIRST, _LAST = "<start_of_text>", "<end_of_text>"


class TextTower(nn.Module):
    """Tokens to vectors. Padding needs no mask: CLIP reads from left to right to the last token."""

    def __init__(self, clip: nn.Module) -> None:
        """Use the text tower of `clip`."""
        super().__init__()
        self.clip = clip

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        """Map tokens `(n, t)` int64 to vectors `(n, d)` of unit length."""
        encode = cast("Any", self.clip).encode_text
        return cast("Tensor", encode(input_ids * attention_mask, normalize=True))


class ImageTower(nn.Module):
    """Pixels to vectors."""

    def __init__(self, clip: nn.Module) -> None:
        """Use the image tower of `clip`."""
        super().__init__()
        self.clip = clip

    def forward(self, pixels: Tensor) -> Tensor:
        """Map pixels `(n, 3, px, px)` to vectors `(n, d)` of unit length."""
        return cast("Tensor", cast("Any", self.clip).encode_image(pixels, normalize=True))


def load_clip(weights: Path | None, arch: str = DEFAULT_ARCH) -> nn.Module:
    """Load weights from a file, or download the default ones."""
    declare_missing_operators()
    import open_clip  # noqa: PLC0415 - needs the operators declared

    source = str(weights) if weights else DEFAULT_WEIGHTS
    network: nn.Module = open_clip.create_model(arch, pretrained=source).eval()
    return network


def export_clip(
    target: Path, network: nn.Module, made_from: str, weights_sha256: str | None = None
) -> Exported:
    """Write both towers (`model.onnx`, `image.onnx`, int8) and `tokenizer.json` into `target`."""
    clip = cast("Any", network)
    length = int(clip.context_length)
    tokenizer = clip_tokenizer()
    tokens = torch.ones((2, length), dtype=torch.int64)
    px = clip.visual.image_size
    height, width = px if isinstance(px, tuple) else (px, px)
    for name, tower, example, inputs in (
        ("model", TextTower(network), (tokens, tokens), ("input_ids", "attention_mask")),
        ("image", ImageTower(network), (torch.zeros(2, 3, height, width),), ("pixels",)),
    ):
        exact = target / f"{name}.float32.onnx"
        export_onnx(tower, example, inputs, exact, free_length=False)
        quantise(exact, target / f"{name}.onnx")
        exact.unlink()
    vocabulary = tokenizer.get_vocab()
    tokenizer.save(str(target / "tokenizer.json"), pretty=False)
    with torch.no_grad():
        dimension = int(clip.encode_text(tokens).shape[-1])
    return Exported(
        dimension=dimension,
        max_tokens=length,
        first_id=vocabulary[_FIRST],
        last_id=vocabulary[_LAST],
        pad_id=0,
        padded_tokens=length,
        made_from=made_from,
        weights_sha256=weights_sha256,
        files=("model.onnx", "image.onnx", "tokenizer.json"),
        image=_normalisation(network),
    )


def _normalisation(network: nn.Module) -> dict[str, list[float]]:
    import open_clip  # noqa: PLC0415 - needs the operators declared, which loading has done

    known = open_clip.get_model_preprocess_cfg(network)
    defaults = {"mean": open_clip.OPENAI_DATASET_MEAN, "std": open_clip.OPENAI_DATASET_STD}
    return {name: list(known.get(name, default)) for name, default in defaults.items()}


def clip_tokenizer() -> Tokenizer:
    """Return open_clip's own vocabulary as a tokenizer of the `tokenizers` library."""
    from tokenizers import AddedToken, Regex, Tokenizer, models, normalizers  # noqa: PLC0415
    from tokenizers.pre_tokenizers import ByteLevel, Sequence, Split  # noqa: PLC0415

    package = find_spec("open_clip")
    if package is None or not package.submodule_search_locations:
        message = "open_clip is missing: pip install open_clip_torch"
        raise FileNotFoundError(message)
    path = Path(next(iter(package.submodule_search_locations))) / "bpe_simple_vocab_16e6.txt.gz"
    lines = gzip.decompress(path.read_bytes()).decode("utf-8").split("\n")
    merges = [tuple(line.split()) for line in lines[1:_MERGES_END]]
    letters = _byte_letters()
    pieces = [*letters, *(letter + _WORD_END for letter in letters)]
    pieces += ["".join(merge) for merge in merges]
    pieces += [_FIRST, _LAST]
    vocabulary = {piece: number for number, piece in enumerate(pieces)}
    tokenizer = Tokenizer(
        models.BPE(
            vocab=vocabulary,
            merges=cast("list[tuple[str, str]]", merges),
            end_of_word_suffix=_WORD_END,
            unk_token=_LAST,
        )
    )
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.NFC(), normalizers.Replace(Regex(r"\s+"), " "), normalizers.Lowercase()]
    )
    tokenizer.pre_tokenizer = Sequence(
        [
            Split(Regex(_PIECES), behavior="removed", invert=True),
            ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    tokenizer.add_special_tokens([AddedToken(_FIRST), AddedToken(_LAST)])
    return tokenizer


def _byte_letters() -> list[str]:
    """Return a printable letter for every byte, in the order of open_clip's vocabulary."""
    printable = [*range(ord("!"), ord("~") + 1), *range(ord("¡"), ord("¬") + 1)]
    printable += range(ord("®"), ord("ÿ") + 1)
    others = [byte for byte in range(256) if byte not in printable]
    return [chr(byte) for byte in printable] + [chr(256 + at) for at in range(len(others))]
