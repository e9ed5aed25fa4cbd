"""From a document to a `ParsedRecord`: which layout it is, and what it states.

Input: a `Document` (documents.py). Output: a `ParsedRecord`, or `NotARecord` with one sentence.
Does not belong here: how each layout is read (the rooms beside this one), what follows from it.
"""

from __future__ import annotations

import hashlib
import unicodedata
from pathlib import PurePath

from pipelines.ingestion.answers import JsonSynthesis, json_synthesis, what_the_json_is
from pipelines.ingestion.bibliographies import BibliographyFormat, is_csl_json, read_bibliography
from pipelines.ingestion.claim_rows import stated_claims
from pipelines.ingestion.documents import MediaType
from pipelines.ingestion.errors import NotARecord
from pipelines.ingestion.front_matter import Preamble, preamble_of
from pipelines.ingestion.identifiers import all_identifiers
from pipelines.ingestion.layouts import layout_of
from pipelines.ingestion.manifests import Manifest, manifest_in
from pipelines.ingestion.pages import page_header
from pipelines.ingestion.prose import prose_title, report_header, stated_date, stated_question
from pipelines.ingestion.references import references_in
from pipelines.ingestion.scholarly_xml import ScholarlyText
from pipelines.ingestion.stated import stated_facts
from pipelines.ingestion.stated_pages import is_stated_page, stated_page
from pipelines.models import Document, Layout, ParsedRecord

UNDATED = "undated"
_JSON = "application/json"
_PAGES = (Layout.PAGE_OLD, Layout.PAGE_NEW, Layout.PAGE_TABLES)
_ID_LENGTH = 32
_BIBLIOGRAPHIES: dict[str, BibliographyFormat] = {
    MediaType.BIBTEX: BibliographyFormat.BIBTEX,
    MediaType.RIS: BibliographyFormat.RIS,
}


def parse_record(document: Document) -> ParsedRecord:
    """The record in a document. Every offset points into the record's `text`.

    For an answer or a report inside JSON, the record's text is the answer, not the JSON around it.
    """
    if isinstance(document.data, ScholarlyText):
        return _article(document.data)
    if form := _bibliography_format(document):
        return _reference_list(document, form)
    if document.media_type == _JSON:
        return _json_record(document)
    record = _text_record(document.text)
    declared = isinstance(document.data, dict) and document.data.get("synthetic") is True
    return record.model_copy(update={"synthetic": True}) if declared else record


def record_id_of(record: ParsedRecord) -> str:
    """The publisher's identifier, else `text:` and the hash of the normalised text."""
    if record.identifier:
        return record.identifier
    normalised = " ".join(unicodedata.normalize("NFKC", record.text).split())
    return "text:" + hashlib.sha256(normalised.encode()).hexdigest()[:_ID_LENGTH]


def cohort_of(record: ParsedRecord) -> str:
    """The month of publication, `2026-05`, or `undated` where the record says none."""
    day = record.published_on
    return f"{day.year:04d}-{day.month:02d}" if day else UNDATED


def _text_record(text: str) -> ParsedRecord:
    preamble = preamble_of(text)
    if not text[preamble.body :].strip():
        raise NotARecord("there is no text after the front matter")
    layout = layout_of(text[preamble.body :])
    if layout is Layout.REPORT:
        return _report(text, preamble)
    if layout in _PAGES:
        return _page(text, preamble, layout)
    return _prose(text, preamble)


def _article(article: ScholarlyText) -> ParsedRecord:
    """A review article, whose XML says itself what the other layouts have to be searched for."""
    names = all_identifiers(article.doi, article.arxiv_id, article.pmid, pmcid=article.pmcid)
    return ParsedRecord(
        layout=Layout.PROSE,
        title=article.title,
        publisher=article.journal,
        published_on=article.published_on,
        question=stated_question(article.text),
        identifier=names[0] if names else None,
        text=article.text,
        references=article.references,
    )


def _bibliography_format(document: Document) -> BibliographyFormat | None:
    if document.media_type == _JSON:
        return BibliographyFormat.CSL_JSON if is_csl_json(document.data) else None
    return _BIBLIOGRAPHIES.get(document.media_type)


def _reference_list(document: Document, form: BibliographyFormat) -> ParsedRecord:
    """A record whose only content is references."""
    return ParsedRecord(
        layout=Layout.BIBLIOGRAPHY,
        title=_stem(document.name),
        text=document.text,
        references=read_bibliography(document.text, form).references,
    )


def _stem(name: str) -> str:
    """The file's name without what tells its form: `refs` of `refs.csl.json`."""
    path = PurePath(name)
    return PurePath(path.stem).stem if path.stem.endswith(".csl") else path.stem


def _report(text: str, preamble: Preamble) -> ParsedRecord:
    header = report_header(text, preamble.body)
    return ParsedRecord(
        layout=Layout.REPORT,
        title=preamble.title or header.title,
        publisher=preamble.publisher or header.publisher,
        published_on=preamble.published_on or header.published_on,
        question=preamble.question or stated_question(text, preamble.body),
        identifier=preamble.identifier,
        text=text,
        stated=stated_facts(text, preamble.body),
        claims=stated_claims(text, preamble.body),
        references=references_in(text, preamble.body),
        synthetic=preamble.synthetic,
    )


def _page(text: str, preamble: Preamble, layout: Layout) -> ParsedRecord:
    header = page_header(text, preamble.body)
    stated = stated_facts(text, preamble.body)
    return ParsedRecord(
        layout=layout,
        title=preamble.title or header.title,
        publisher=preamble.publisher or header.publisher,
        published_on=preamble.published_on or header.published_on,
        question=preamble.question or header.question,
        identifier=preamble.identifier or (f"doi:{stated.doi}" if stated.doi else header.record_number),
        text=text,
        stated=stated,
        claims=stated_claims(text, preamble.body),
        references=references_in(text, preamble.body),
        synthetic=preamble.synthetic,
    )


def _prose(text: str, preamble: Preamble) -> ParsedRecord:
    return ParsedRecord(
        layout=Layout.PROSE,
        title=preamble.title or prose_title(text, preamble.body),
        publisher=preamble.publisher,
        published_on=preamble.published_on or stated_date(text, preamble.body),
        question=preamble.question or stated_question(text, preamble.body),
        identifier=preamble.identifier,
        text=text,
        references=references_in(text, preamble.body),
        synthetic=preamble.synthetic,
    )


def _json_record(document: Document) -> ParsedRecord:
    manifest = manifest_in(document.data, document.text)
    if manifest is not None:
        return _manifest_record(manifest, document)
    if is_stated_page(document.data):
        return _stated_page_record(document)
    synthesis = json_synthesis(document.data)
    if synthesis is None:
        raise what_the_json_is(document.data)
    return _answer(synthesis) if synthesis.passages else _report_in_json(synthesis)


def _manifest_record(manifest: Manifest, document: Document) -> ParsedRecord:
    return ParsedRecord(
        layout=Layout.MANIFEST,
        title=manifest.title,
        publisher=manifest.publisher,
        published_on=manifest.published_on,
        question=manifest.question,
        identifier=manifest.identifier,
        text=document.text,
        stated=manifest.stated,
        synthetic=isinstance(document.data, dict) and document.data.get("synthetic") is True,
    )


def _stated_page_record(document: Document) -> ParsedRecord:
    page = stated_page(document.data, document.text)
    return ParsedRecord(
        layout=Layout.MANIFEST,
        title=page.title,
        published_on=page.published_on,
        question=page.question,
        identifier=page.identifier,
        text=document.text,
        stated=page.stated,
        synthetic=document.data.get("synthetic") is True,
    )


def _answer(synthesis: JsonSynthesis) -> ParsedRecord:
    return ParsedRecord(
        layout=Layout.ANSWER,
        title=synthesis.title,
        publisher=synthesis.publisher,
        published_on=synthesis.published_on,
        question=synthesis.question,
        identifier=synthesis.identifier,
        text=synthesis.text,
        passages=synthesis.passages,
        synthetic=synthesis.synthetic,
    )


def _report_in_json(synthesis: JsonSynthesis) -> ParsedRecord:
    record = _text_record(synthesis.text)
    stated = {
        "title": synthesis.title,
        "question": synthesis.question,
        "published_on": synthesis.published_on,
        "publisher": synthesis.publisher,
        "identifier": synthesis.identifier,
        "synthetic": synthesis.synthetic or None,
    }
    return record.model_copy(update={name: value for name, value in stated.items() if value is not None})
