"""Model folders small enough to compute by hand: each token adds a known number to each output."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]")
Weights = Mapping[str, Sequence[float]]


def write_tokenizer(folder: Path, words: Sequence[str]) -> None:
    """Words by white space; `[CLS] a [SEP]`, or `[CLS] a [SEP] b [SEP]` with the second text of kind 1."""
    from tokenizers import Tokenizer
    from tokenizers.models import WordLevel
    from tokenizers.pre_tokenizers import WhitespaceSplit
    from tokenizers.processors import TemplateProcessing

    vocabulary = {word: place for place, word in enumerate((*SPECIAL, *words))}
    tokenizer = Tokenizer(WordLevel(vocabulary, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = WhitespaceSplit()
    tokenizer.post_processor = TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[("[CLS]", 2), ("[SEP]", 3)],
    )
    # As published tokenizers do; a reader must not rely on either.
    tokenizer.enable_padding(length=64)
    tokenizer.enable_truncation(max_length=6)
    tokenizer.save(str(folder / "tokenizer.json"))


def write_network(
    folder: Path, weights: Weights, *, per_token: bool = False, rounded: bool = False, kinds: bool = True
) -> None:
    """`logits` = sum of the weights of the first text's tokens, or `last_hidden_state` = the weights themselves.

    `rounded` quantises while running, with one scale for the whole batch, as published 8-bit networks do.
    """
    import onnx
    from onnx import TensorProto, helper, numpy_helper

    width = len(next(iter(weights.values())))
    words = [word for word in weights if word not in SPECIAL]
    nothing = [0.0] * width
    table = np.asarray([weights.get(word, nothing) for word in (*SPECIAL, *words)], dtype=np.float32)
    constants = [
        numpy_helper.from_array(table, "table"),
        numpy_helper.from_array(np.asarray([2], dtype=np.int64), "last"),
        numpy_helper.from_array(np.asarray([1], dtype=np.int64), "tokens"),
    ]
    nodes = [helper.make_node("Gather", ["table", "input_ids"], ["found"])]
    values = "found"
    if rounded:
        nodes.append(helper.make_node("DynamicQuantizeLinear", ["found"], ["whole", "scale", "zero"]))
        nodes.append(helper.make_node("DequantizeLinear", ["whole", "scale", "zero"], ["near"]))
        values = "near"
    names = ["input_ids", "attention_mask"]
    shown = "attention_mask"
    if kinds:
        names.append("token_type_ids")
        nodes.append(helper.make_node("Sub", ["attention_mask", "token_type_ids"], ["first"]))
        shown = "first"
    nodes += [
        helper.make_node("Cast", [shown], ["as_float"], to=TensorProto.FLOAT),
        helper.make_node("Unsqueeze", ["as_float", "last"], ["column"]),
        helper.make_node("Mul", [values, "column"], ["kept"]),
        helper.make_node("ReduceSum", ["kept", "tokens"], ["logits"], keepdims=0),
    ]
    output, shape = ("logits", ["batch", width])
    if per_token:
        nodes, output, shape = nodes[:1], "last_hidden_state", ["batch", "length", width]
        nodes[0].output[0] = output
        names = ["input_ids"]
    inputs = [helper.make_tensor_value_info(name, TensorProto.INT64, ["batch", "length"]) for name in names]
    graph = helper.make_graph(
        nodes, "tiny", inputs, [helper.make_tensor_value_info(output, TensorProto.FLOAT, shape)], constants
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)])
    model.ir_version = 9
    onnx.checker.check_model(model)
    (folder / "model.onnx").write_bytes(model.SerializeToString())


def write_json(folder: Path, name: str, held: Any) -> None:
    """One of the folder's JSON files."""
    (folder / name).write_text(json.dumps(held), encoding="utf-8")
