"""Records to review, each with the works that its sources are found in, and the way of one through the pipeline.

Belongs here: a record as a file with its library (`Case`); reading, extracting, auditing and verifying it with the
pipeline's own functions, in process (`Desk`); cases made of the corpus. Does not belong here: what is done to a
case (`perturbations.py`), the study (`review_perturbations.py`).

No library is searched for open claims: a case is judged by its own sources alone.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from benchmarks.labelled_claims import OWN_SET, LabelledClaims, plain_claim, read_labelled, rows
from pipelines.extraction.citations import normalised
from pipelines.extraction.claims import extract_claims
from pipelines.ingestion.documents import read_document
from pipelines.ingestion.passages import given_works, split_passages
from pipelines.ingestion.records import parse_record, record_id_of
from pipelines.ingestion.sources import WorkIndex, match_reference, stated_names
from pipelines.models import (
    Claim,
    ClaimVerdict,
    IndexAnswer,
    ParsedRecord,
    Passage,
    Reference,
    ReferenceAudit,
    Verdict,
    Work,
)
from pipelines.review.findings.published import published_findings
from pipelines.review.material import ReviewMaterial
from pipelines.review.terms import specific_terms
from pipelines.verification.audit import audit_reference
from pipelines.verification.backend import Backend
from pipelines.verification.verdict import PreparedPassages, prepare_passages, verify_claim

LIBRARY = "library:study"
ASKED = ("crossref", "datacite", "doi", "openalex", "semantic-scholar")
CLAIMS_A_RECORD = 10
BIOLOGY = "labelled reports, biology"
Links = Sequence[tuple[str | None, Work]]  # mark that the record cites a work by


@dataclass(frozen=True)
class Case:
    """A record as its publisher's file holds it. `beside`: what a JSON file holds beside the answer.

    `gold` tells what people said of a claim, by its words; claims of most records have no such label.
    """

    name: str
    family: str
    text: str
    beside: Mapping[str, Any] | None = None
    works: tuple[Work, ...] = ()
    gold: Mapping[str, ClaimVerdict] = field(default_factory=dict)

    def record(self) -> ParsedRecord:
        if self.beside is None:
            return parse_record(read_document(f"{self.name}.md", self.text.encode()))
        data = json.dumps({**self.beside, "answer": self.text})
        return parse_record(read_document(f"{self.name}.json", data.encode()))

    def saying(self, text: str) -> Case:
        return replace(self, text=text)

    @property
    def is_open(self) -> bool:
        """Half of the cases may be looked at while reviewers are written; the other half is only counted."""
        return hashlib.sha256(self.name.encode()).digest()[0] % 2 == 0


class Desk:
    """Takes cases through the pipeline. A claim is judged once against the same sources."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self._judged: dict[object, Verdict] = {}
        self._prepared: dict[tuple[tuple[str, str], ...], PreparedPassages] = {}

    def material(self, case: Case) -> ReviewMaterial:
        record = case.record()
        claims = extract_claims(record, record_id_of(record))
        links, audits = _sources(record, case.works)
        verdicts = {claim.claim_id: self._verdict(claim, links) for claim in claims}
        findings = published_findings(record, claims, verdicts)
        return ReviewMaterial(record=record, claims=claims, verdicts=verdicts, audits=audits, findings=findings)

    def _verdict(self, claim: Claim, links: Links) -> Verdict:
        texts = tuple(sorted({(work.source_id, work.text) for _, work in links if work.text}))
        cited = frozenset(work.source_id for mark, work in links if mark is not None and mark in claim.citations)
        key = (claim.standalone or claim.normalised, claim.truncated, cited, texts)
        if key not in self._judged:
            if texts not in self._prepared:
                self._prepared[texts] = prepare_passages(_passages(texts), {w.source_id: w.title for _, w in links})
            reached = verify_claim(claim, self._prepared[texts], cited=cited, backend=self._backend)
            self._judged[key] = reached.verdict
        return self._judged[key].model_copy(update={"claim_id": claim.claim_id})


def _sources(record: ParsedRecord, works: Sequence[Work]) -> tuple[Links, tuple[ReferenceAudit, ...]]:
    """The works that a record draws on, and the audit of each reference. An unknown one is asked for in vain."""
    index = WorkIndex.of(works)
    links: list[tuple[str | None, Work]] = list(given_works(record))
    audits = []
    for reference in record.references:
        found = match_reference(reference, index)
        links += [(reference.mark, work) for work in found]
        answers = () if found else _absent(reference)
        audits.append(audit_reference(reference, found, answers=answers, library=(LIBRARY,), given=False))
    return links, tuple(audits)


def _absent(reference: Reference) -> tuple[IndexAnswer, ...]:
    """What the indexes say of a reference that nobody has."""
    asked_for = [tuple(name.split(":", 1)) for name in stated_names(reference)]
    if reference.title:
        asked_for.append(("title", reference.title))
    return tuple(
        IndexAnswer(index=index, by=by, value=value, outcome="absent") for by, value in asked_for for index in ASKED
    )


def _passages(texts: Iterable[tuple[str, str]]) -> list[Passage]:
    return [
        Passage(
            passage_id=f"{source_id}/{start}",
            source_id=source_id,
            source_version_id=source_id,
            ordinal=ordinal,
            start=start,
            end=end,
            text=text[start:end],
        )
        for source_id, text in texts
        for ordinal, (start, end) in enumerate(split_passages(text), start=1)
    ]


# --- cases of the corpus --------------------------------------------------------------------------


def corpus_cases(corpus: Path) -> list[Case]:
    """All base records: machine-written answers, answers by people, and records of labelled claims."""
    scifact = read_labelled(corpus / "claims/scifact/claims_train.jsonl", corpus / "claims/scifact/corpus.jsonl")
    integrity = corpus / "claims/citation-integrity"
    citances = read_labelled(integrity / "claims_dev.jsonl", integrity / "corpus.jsonl")
    return [
        *(_machine_answer(path) for path in sorted((corpus / "texts/scholarqa_answers").glob("*.json"))),
        *(_answer_with_list(path) for path in sorted((corpus / "texts/scholarqa_human").glob("*.json"))),
        *(_labelled_report(f"scifact-{at:02d}", BIOLOGY, one, scifact) for at, one in enumerate(_grouped(scifact))),
        *(_labelled_answer(f"citances-{at:02d}", one, citances) for at, one in enumerate(_grouped(citances))),
        *own_reports(),
    ]


def own_reports() -> list[Case]:
    """Records of our own labelled claims, two abstracts each; claims made to contradict them are left out."""
    own = [row for row in rows(OWN_SET / "train.jsonl") if row["label"] != ClaimVerdict.REFUTED]
    sources = {row["source"]["id"]: row["source"] for row in own}
    names = sorted(sources)
    documents = {one["id"]: {"title": one["title"], "abstract": one["sentences"]} for one in sources.values()}
    cases = []
    for at, pair in enumerate(zip(names[::2], names[1::2], strict=True)):
        group = [_own_claim(row) for row in own if row["source"]["id"] in pair]
        held = LabelledClaims(tuple(group), documents, {})
        cases.append(_labelled_report(f"own-{at:02d}", "labelled reports, computing", group, held))
    return cases


def _own_claim(row: Mapping[str, Any]) -> dict[str, Any]:
    """In the form of SciFact."""
    settled = row["label"] == ClaimVerdict.SUPPORTED
    evidence = {row["source"]["id"]: [{"sentences": row["sentences"], "label": "SUPPORT"}]} if settled else {}
    return {"id": row["id"], "claim": row["claim"], "cited_doc_ids": [row["source"]["id"]], "evidence": evidence}


_LAST_LIST = re.compile(r"^References:[ \t]*$", re.MULTILINE)
_ENTRY = re.compile(r"^\[(\d{1,3})\] ", re.MULTILINE)


def _machine_answer(path: Path) -> Case:
    """The answer, and as the passages it was given the list of passages at its end."""
    text = json.loads(path.read_text(encoding="utf-8"))["answer_text"].replace("\r\n", "\n")
    heading = list(_LAST_LIST.finditer(text))[-1]
    listed = text[heading.end() :]
    starts = list(_ENTRY.finditer(listed))
    ends = [match.start() for match in starts[1:]] + [len(listed)]
    passages = [
        {"mark": match[1], "text": listed[match.end() : end].strip()} for match, end in zip(starts, ends, strict=True)
    ]
    return Case(path.stem, "machine answers", text[: heading.start()], {"passages": passages})


def _answer_with_list(path: Path) -> Case:
    """An answer by a person as a report that lists the sources it cites, which are the library."""
    held = json.loads(path.read_text(encoding="utf-8"))
    answer = held["output"].replace("\r\n", "\n")
    cited = [
        (str(mark), source) for mark, source in enumerate(held["ctxs"]) if re.search(rf"\[[\d,; ]*\b{mark}\b", answer)
    ]
    entries = [_entry(mark, source) for mark, source in cited]
    works = {source["url"]: _work_of(source) for _, source in cited}
    question = " ".join(held["input"].split())
    front = f"---\nquestion: {json.dumps(question)}\n---\n\n"
    text = f"{front}{answer.strip()}\n\n## References\n\n" + "\n".join(entries) + "\n"
    field_of = "people's answers, biology" if held["subject"] == "bio" else "people's answers, computing"
    return Case(path.stem, field_of, text, works=tuple(works.values()))


def _entry(mark: str, source: Mapping[str, Any]) -> str:
    people = ", ".join(one["name"] for one in source.get("authors") or [])
    title = " ".join(source["title"].split())
    return f'[{mark}] {people} ({source.get("year")}). "{title}." {source["url"]}'


def _work_of(source: Mapping[str, Any]) -> Work:
    return Work(
        source_id=f"s2:{source['url'].rstrip('/').rpartition('/')[2]}",
        title=" ".join(source["title"].split()),
        authors=tuple(one["name"] for one in source.get("authors") or []),
        year=source.get("year"),
        text=source["text"] if isinstance(source["text"], str) else None,  # NaN where none was stored
        text_kind="passages",
        origin=LIBRARY,
    )


def _grouped(held: LabelledClaims) -> Iterator[list[dict[str, Any]]]:
    """Every claim once, in groups of neighbours by subject words; the first of a group is what it is about."""
    left = {str(claim["id"]): (claim, specific_terms(plain_claim(claim["claim"]))) for claim in held.claims}
    while len(left) >= CLAIMS_A_RECORD:
        _, (seed, subject) = next(iter(left.items()))
        near = sorted(left, key=lambda name: (-len(subject & left[name][1]) / (1 + len(left[name][1])), name))
        group = [seed, *(left[name][0] for name in near if left[name][0] is not seed)][:CLAIMS_A_RECORD]
        for claim in group:
            del left[str(claim["id"])]
        yield group


def _verdict_of(claim: Mapping[str, Any], held: LabelledClaims) -> ClaimVerdict:
    labels = {held.label(claim, str(document))[0] for document in claim["cited_doc_ids"]}
    decided = labels - {ClaimVerdict.NOT_ENOUGH_INFO}
    return decided.pop() if len(decided) == 1 else ClaimVerdict.NOT_ENOUGH_INFO


def _statement(claim: Mapping[str, Any]) -> str:
    return plain_claim(claim["claim"]).rstrip(" .")


def _cited_documents(group: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Document id: the mark it is cited by."""
    documents = dict.fromkeys(str(document) for claim in group for document in claim["cited_doc_ids"])
    return {document: str(mark) for mark, document in enumerate(documents, start=1)}


def _marked(claim: Mapping[str, Any], marks: Mapping[str, str]) -> str:
    cited = "".join(f" [{marks[str(document)]}]" for document in claim["cited_doc_ids"])
    return f"{_statement(claim)}{cited}."


def _gold(
    group: Sequence[Mapping[str, Any]], held: LabelledClaims, marks: Mapping[str, str]
) -> dict[str, ClaimVerdict]:
    return {normalised(_marked(claim, marks)): _verdict_of(claim, held) for claim in group}


def _labelled_report(name: str, family: str, group: Sequence[dict[str, Any]], held: LabelledClaims) -> Case:
    """A published report whose ticks are the labels: an honest one."""
    marks = _cited_documents(group)
    listed = [(_marked(claim, marks), _verdict_of(claim, held) is ClaimVerdict.SUPPORTED) for claim in group]
    works = tuple(
        Work(
            source_id=f"labelled:{document}",
            title=held.documents[document]["title"],
            text=" ".join(held.documents[document]["abstract"]),
            text_kind="abstract",
            origin=LIBRARY,
        )
        for document in marks
    )
    entries = [
        f'[{mark}] "{held.documents[document]["title"].rstrip(".")}." https://api.semanticscholar.org/CorpusID:{document}'
        for document, mark in marks.items()
    ]
    text = report_text(f"Is it known that {_statement(group[0])}?", listed, entries)
    return Case(name, family, text, works=works, gold=_gold(group, held, marks))


def report_text(question: str, rows: Sequence[tuple[str, bool]], entries: Sequence[str]) -> str:
    """A report in the published layout, with its own list of claims, ticked or crossed."""
    papers, verified = len(entries), sum(ticked for _, ticked in rows)
    counted = f"{papers} papers retrieved. {len(rows)} claims extracted; {verified} independently verified."
    listed = "\n".join(f"{words}\t{'✓' if ticked else '×'}\t{0.9 if ticked else 0.2}" for words, ticked in rows)
    return (
        f"What is known\n\nStudy desk\n\nMay 4, 2026\n\nAbstract\n\nThis report synthesises findings from {papers} "
        f"papers addressing the following research question: {question}\n\n1 Results\n\n{counted}\n\n"
        "2 Limitations\n\nThis report is machine-generated. Its sources were read as abstracts only, and some of "
        "its claims are not borne out by them.\n\n3 Extracted Claims\n\nClaim\tVerified\tConfidence\n"
        f"{listed}\n\nReferences\n\n" + "\n".join(entries) + "\n"
    )


def _labelled_answer(name: str, group: Sequence[dict[str, Any]], held: LabelledClaims) -> Case:
    """What articles say of works they cite, as one answer with the passages of those works."""
    marks = _cited_documents(group)
    passages = [
        {"mark": mark, "text": " ".join(held.documents[document]["abstract"])} for document, mark in marks.items()
    ]
    text = "\n\n".join(_marked(claim, marks) for claim in group) + "\n"
    beside = {"question": f"Is it known that {_statement(group[0])}?", "passages": passages}
    return Case(name, "citing sentences", text, beside, gold=_gold(group, held, marks))
