"""What the fields of published models mean: the descriptions in the schemas that are made of models.

Belongs here: words for fields that are written as they are held, by model and field. Does not belong here: fields of
sections made for the manifest, whose words stand with them (`manifest_shape`). A test finds a field without words.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from pipelines.publication.contracts.gate_field_words import GATE_FIELD_WORDS

_START = "Where it begins, in characters from 0."
_END = "Where it ends, in characters; the character there is the first after it."

_OF_CLAIMS: dict[str, dict[str, str]] = {
    "CostLine": {
        "stage": "What worked on the record: claims, reference_audits, verdicts or reviews.",
        "recorded_at": "When it was saved.",
        "processor_seconds": "Seconds of the processor; null: not measured.",
        "model": "What was spent on models.",
    },
    "CostTotal": {
        "times": "How often a stage worked on the record.",
        "processor_seconds": "Seconds of the processor, over the lines that have them; null: none has.",
        "model": "What was spent on models.",
    },
    "Spent": {
        "calls": "Calls to models.",
        "tokens_in": "Tokens that models read, over the calls of which it is known; null: of none.",
        "tokens_out": "Tokens that models wrote, likewise.",
        "money": "Money, at the prices that were set, likewise.",
        "calls_without_tokens": "Calls whose tokens are not known.",
        "calls_without_money": "Calls whose price is not known.",
    },
    "OwnAnswer": {
        "section": "Heading that it stands under; null: the record is an answer as a whole.",
        "text": "The paragraph, cut after a sentence where it is long.",
        "start": "Where it begins in the record's text, in characters from 0.",
        "end": "Where it ends there.",
    },
    "Claim": {
        "claim_id": "Id; the same as long as the words of the claim stand.",
        "ordinal": "Place among the record's claims, from 1.",
        "text": "The claim as it stands in the record, never cut by us.",
        "start": _START,
        "end": _END,
        "normalised": "The text without mark-up and citation marks: what was verified.",
        "standalone": "The same with its pronouns resolved; null: nothing to resolve.",
        "origin": "Whether the record lists it as a claim, or it was taken out of its prose.",
        "kind": "What kind of statement it is.",
        "truncated": "True: the record itself cut it.",
        "hedged": "True: said with reserve.",
        "quantities": "The numbers in it.",
        "citations": "Marks of the references that it cites.",
        "duplicate_of": "Id of the claim that it repeats; null: it repeats none.",
        "section": "Heading that it stands under; null: none.",
        "stated_verified": "What the record says of its verification; null: nothing.",
        "stated_confidence": "The confidence that the record gives it; null: none.",
    },
    "Quantity": {
        "value": "The number; of a range its low end.",
        "unit": "Unit as written; null: none.",
        "comparison": "<, >, <=, >= or ~; null: none.",
        "high": "High end of a range; null: it is no range.",
        "metric": "What was measured, in the claim's words; null: not said.",
        "data_set": "What it was measured on, in the claim's words; null: not said.",
        "text": "The number as it stands in `normalised`.",
        "start": _START,
        "end": _END,
    },
    "EvidenceSection": {
        "passage_id": "Id of the passage that the sentence stands in.",
        "source_id": "Id of the source.",
        "stance": "Whether the sentence supports the claim, refutes it, or decides nothing.",
        "score": "How much of the claim the sentence covers, 0 to 1.",
        "start": "Where the sentence begins in the passage, in characters from 0.",
        "end": "Where the sentence ends in the passage, in characters.",
        "text": "The sentence, word for word.",
        "why": "What decided the stance; null: nothing in particular.",
    },
    "Probabilities": {
        "supported": "Share of SUPPORTED.",
        "refuted": "Share of REFUTED.",
        "not_enough_info": "Share of NOT_ENOUGH_INFO.",
    },
    "SourceVerdict": {
        "source_id": "Id of the source.",
        "verdict": "What this source alone says of the claim.",
        "confidence": "Calibrated, 0 to 1; null: none was measured.",
        "probabilities": "Shares of three verdicts; null: the back end gives none.",
        "conflict": "True: something in it speaks against that verdict.",
        "reason": "Why.",
    },
    "AxisJudgement": {
        "axis": "What claim and sentence are compared on.",
        "outcome": "Whether they agree there.",
        "why": "Both sides, where they differ; null: nothing to say.",
    },
    "Adjudication": {
        "verdict": "The person's verdict.",
        "reason": "Their reason.",
        "by": "Who they are.",
        "recorded_at": "When it was recorded.",
    },
    "ClaimCounts": {
        "extracted": "Claims found in the record; never to be read as verified.",
        "supported": "Claims that a sentence in a source supports: the only count that may be called verified.",
        "refuted": "Claims that a sentence in a source refutes.",
        "not_enough_info": "Claims of which the sources that were read do not say.",
        "disputed": "Claims on which sources disagree.",
        "not_checked": "Claims for which no source text could be had.",
    },
}

_OF_REFERENCES: dict[str, dict[str, str]] = {
    "ReferenceView": {
        "reference": "The entry as the record gives it.",
        "audit": "What was found about it; null: not audited.",
    },
    "Reference": {
        "ordinal": "Place in the reference list, from 1.",
        "mark": "The label that the text cites it by; null: none.",
        "raw": "The whole entry as it stands.",
        "doi": "DOI, in lower case, without resolver; null: none stated.",
        "arxiv_id": "arXiv id without version; null: none stated.",
        "arxiv_version": "Version of the arXiv id; null: none stated.",
        "pmid": "PubMed id; null: none stated.",
        "pmcid": "PubMed Central id; null: none stated.",
        "isbn": "ISBN of 13 digits; null: none stated.",
        "openalex": "OpenAlex id; null: none stated.",
        "s2": "Semantic Scholar id; null: none stated.",
        "url": "Address as stated, not to be trusted; null: none stated.",
        "title": "Title as stated; null: none could be told.",
        "authors": "Authors as stated.",
        "year": "Year as stated; null: none.",
        "venue": "Venue as stated; null: none.",
        "start": "Where the entry begins in the record, in characters from 0; null: not known.",
        "end": "Where the entry ends in the record; null: not known.",
    },
    "ReferenceAudit": {
        "finding": "Whether the work exists and is what the entry says it is.",
        "source_id": "Id of the work that it is; null: none was found.",
        "reason": "Why.",
        "mismatches": "Fields in which entry and work differ.",
        "notices": "Editorial notices about the work.",
        "answered_by": "Indexes that answered.",
        "answers": "Every question that was asked for it, failures among them.",
    },
    "Mismatch": {
        "field": "Which field.",
        "stated": "What the record states.",
        "held": "What the index holds.",
    },
    "Notice": {
        "kind": "What it says of the work.",
        "id": "Id of the notice itself; null: not known.",
        "date": "ISO date as precise as stated; null: not stated.",
        "origin": "Who says so.",
        "detail": "More, in words; null: the kind says all.",
    },
    "IndexAnswer": {
        "index": "The index that was asked.",
        "by": "What it was asked by: doi, arxiv, title, ...",
        "value": "What it was asked for.",
        "outcome": "held, absent or failed; a failed one speaks against nothing.",
        "reason": "Why it failed; null: it did not.",
        "http_status": "Status of the answer; null: there was none.",
        "url": "Address that was asked; null: none.",
        "sha256": "Hash of the answer as received; null: none.",
        "asked_at": "When; null: not known.",
    },
    "ReferenceCounts": {
        "found": "References that exist and are what they are said to be.",
        "misdescribed": "References that exist and are described wrongly.",
        "unfindable": "References that no index that answered has, of too few to say more.",
        "likely_fabricated": "References that two or more indexes covering such works do not have.",
        "unreachable": "References for which too few indexes answered.",
        "retracted": "References with a notice of retraction, whatever the finding.",
    },
    "SourceView": {
        "source_id": "Best identifier: doi:, arxiv:, pmid:, ...",
        "title": "Title as the index has it.",
        "authors": "Authors as the index has them.",
        "year": "Year; null: not known.",
        "venue": "Journal, series or repository; null: not known.",
        "type": "Type as the index names it; null: not known.",
        "licence": "Licence of the text; null: not known.",
        "text_kind": "abstract or fulltext; null: no text was had.",
        "complete": "False: the text is known to be cut; null: not known.",
        "notices": "Editorial notices about it.",
        "versions": "Its versions, oldest first.",
        "origin": "Index or library that it comes from.",
        "text_withdrawn": "When and why its text was taken down here; null: it was not.",
    },
    "WorkVersion": {
        "label": "Name of the version.",
        "source_id": "Identifier of the version.",
        "date": "ISO date as precise as stated; null: not stated.",
    },
}

_OF_THE_RECORD: dict[str, dict[str, str]] = {
    "StatedFacts": {
        "papers": "Papers it says it draws on; null: it does not say.",
        "claims_extracted": "Claims it says it extracted; null: it does not say.",
        "claims_verified": "Claims it says it verified; null: it does not say.",
        "review_score": "Its review score; null: it does not say.",
        "tier": "Its tier; null: it does not say.",
        "level": "Its verification level; null: it does not say.",
        "gate": "The gate it names; null: none.",
        "gate_status": "The status of that gate; null: it does not say.",
        "gate_reason": "The reason for that status; null: it does not say.",
        "gate_evaluated_at": "When that gate was evaluated; null: it does not say.",
        "doi": "Its DOI, whose registration was not looked up; null: it does not say.",
        "source_grounded_claims": "Claims it calls source-grounded; null: it does not say.",
        "figures": "Every statement of a figure, with its place.",
    },
    "StatedFigure": {
        "name": "Field of `as_published` that it states.",
        "value": "What it states.",
        "place": "Where.",
    },
    "Place": {
        "start": _START,
        "end": _END,
        "words": "The words there.",
    },
    "Finding": {
        "rule": "Name of the rule that found it.",
        "severity": "How much it matters.",
        "message": "What was found, in a sentence.",
        "where": "Places in the record that it is about.",
    },
    "ReviewSummary": {
        "score": "0 to 10; null: there is none, and `reason` says why.",
        "low": "Low end of a 95 % interval over claims and references; null: none.",
        "high": "High end of that interval; null: none.",
        "without_one_low": "Lowest score without any one reviewer; null: none.",
        "without_one_high": "Highest score without any one reviewer; null: none.",
        "agreement": "Krippendorff's alpha, interval metric: 1 perfect, 0 chance; null: none.",
        "agreement_low": "Low end of its 95 % interval; null: none.",
        "agreement_high": "High end of its 95 % interval; null: none.",
        "agreement_reason": "Over what it was computed, or why there is none; null: nothing to say.",
        "reviewers": "Reviewers that gave scores.",
        "absent": "Reviewers that failed or had nothing to score, each with the reason.",
        "dimensions": "Scores by dimension.",
        "reason": "How the score came about, or why there is none.",
    },
    "DimensionScore": {
        "dimension": "Which of D-1 to D-8.",
        "score": "0 to 10; null: unassessed.",
        "reason": "How it came about, or why there is none.",
        "low": "Low end of a 95 % interval; null: none.",
        "high": "High end of that interval; null: none.",
    },
    "Review": {
        "reviewer": "Name of the reviewer.",
        "version": "Its version.",
        "scores": "Its scores; none where it failed.",
        "failed": "Why it failed; null: it did not.",
        "model": "The language model it asked; null: a reviewer by rule.",
    },
    "RigorScan": {
        "source_version_id": "The version of a source that was scanned.",
        "scanned": "False: it was not.",
        "reason": "What was scanned, or why not.",
        "scanner_version": "Version of the scanner.",
        "items": "Items of the checklist.",
    },
    "RigorItem": {
        "item": "Which item.",
        "answer": "Whether the text reports it.",
        "rule": "What answered.",
        "quote": "The words it rests on; null: none.",
        "start": "Where the quote begins in the scanned text; null: none.",
        "end": "Where the quote ends; null: none.",
        "section": "Heading that the quote stands under; null: none.",
        "applies": "Whether the item applies to the work; null: not decided.",
        "why": "Why it does not apply, or needs judgement; null: nothing to say.",
    },
    "Correction": {
        "correction_id": "The record's id, '#correction-' and the place in its log.",
        "sequence": "Place in the record's log, from 1.",
        "kind": "METADATA, ARTIFACT, CLAIM, BENCHMARK, PROVENANCE or QUALITY_ASSESSMENT.",
        "before": "Changed fields as they were; what is new does not stand here.",
        "after": "Changed fields as they are; what went does not stand here.",
        "why": "What brought the change.",
        "recorded_at": "When it was recorded.",
        "previous_hash": "Hash of the event before; null: it is the first.",
        "hash": "sha256 over the previous hash and the content (docs/corrections.md).",
    },
    "Heads": {
        "schema": "The contract that the document follows.",
        "head_of_all": "sha256 over all heads, in the order of record ids.",
        "records": "The records that were ever corrected, by id.",
    },
    "Head": {
        "record_id": "Id of the record.",
        "count": "How many events it has.",
        "hash": "Hash of the newest.",
    },
}

FIELD_WORDS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    _OF_CLAIMS | _OF_REFERENCES | _OF_THE_RECORD | GATE_FIELD_WORDS
)
