"""Asking a language model for the prose of an answer: one request, its answer kept like any other.

An I/O edge over the one door to the network. Without a configured model, or where it fails, the answer is written
by extraction, and the method part says which and why. Does not belong here: what is sent and what is kept of the
reply (model_writing.py).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.ingestion.asking import Asker
from pipelines.ingestion.indexes.contract import IndexFault, Response
from pipelines.ingestion.indexes.decoding import fault_of_status, json_of
from pipelines.ingestion.lookups import Asked
from pipelines.ingestion.model_service import ModelService, completion_request
from pipelines.ingestion.network import MODEL, ModelSettings
from pipelines.publication.synthesis.grouping import Group
from pipelines.publication.synthesis.model_writing import NoProse, WrittenProse, prose_of, request_body
from pipelines.publication.synthesis.quotation import quotable

BY_EXTRACTION = "by extraction: each sentence is quoted from its source word for word"


@dataclass(frozen=True)
class Prose:
    """The prose that a model wrote, if any, and in words who wrote the answer."""

    text: str | None
    writer: str


def prose_by_model(question: str, groups: Sequence[Group], model: ModelSettings | None, asker: Asker) -> Prose:
    """Prose for these groups. Each of its sentences is checked later like any other."""
    fit, _ = quotable(groups)
    if model is None or not fit:
        return Prose(None, BY_EXTRACTION)
    if asker.edge is None:
        return Prose(None, f"{BY_EXTRACTION}; {model.model} was not asked, the network is off")
    body = json.dumps(request_body(question, fit, model.model), ensure_ascii=False).encode()
    sent = asker.edge.ask(ModelService(base=model.url), completion_request(model.url, body))
    if isinstance(sent, Response):
        asker.store.save([Asked(MODEL, (), sent, "POST")])
    written = _read(sent, fit)
    if isinstance(written, NoProse):
        return Prose(None, f"{BY_EXTRACTION}; {model.model} gave no prose: {written.reason}")
    return Prose(written.text, f"by the model {model.model}; {written.dropped} of its sentences were not kept")


def _read(sent: Response | IndexFault, groups: Sequence[Group]) -> WrittenProse | NoProse:
    value = sent if isinstance(sent, IndexFault) else (fault_of_status(sent) or json_of(sent))
    return NoProse(value.message) if isinstance(value, IndexFault) else prose_of(value, groups)
