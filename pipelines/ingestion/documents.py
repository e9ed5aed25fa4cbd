"""From bytes to a `Document`: text, Markdown, HTML, PDF, JSON, scholarly XML and bibliographies.

They are told apart by name *and* content.

Input: a name and bytes (files.py). Output: decoded text with `\\n` line ends, or `UnreadableDocument`.
A name that contradicts the content is a refusal, since one of the two is not what the sender meant.
Does not belong here: what kind of record the text is (records.py).
"""

from __future__ import annotations

import codecs
import re
from enum import StrEnum
from pathlib import PurePath

from pipelines.ingestion.errors import UnreadableDocument
from pipelines.ingestion.json_reading import JsonFault, parse_json
from pipelines.ingestion.parser_bounds import MAX_CHARACTERS
from pipelines.ingestion.parser_process import ExtractedText, ParserKind, ParserLimits, extract_text
from pipelines.ingestion.scan_pages import refuse_scan_page, refuse_scan_value
from pipelines.ingestion.scholarly_xml import scholarly_xml
from pipelines.models import Document


class MediaType(StrEnum):
    TEXT = "text/plain"
    MARKDOWN = "text/markdown"
    HTML = "text/html"
    PDF = "application/pdf"
    JSON = "application/json"
    SCHOLARLY_XML = "application/jats+xml"  # JATS or TEI: `Document.data` is the `ScholarlyText`
    BIBTEX = "application/x-bibtex"
    RIS = "application/x-research-info-systems"


_BY_EXTENSION = {
    ".txt": MediaType.TEXT,
    ".text": MediaType.TEXT,
    ".md": MediaType.MARKDOWN,
    ".markdown": MediaType.MARKDOWN,
    ".html": MediaType.HTML,
    ".htm": MediaType.HTML,
    ".xhtml": MediaType.HTML,
    ".pdf": MediaType.PDF,
    ".json": MediaType.JSON,
    ".jsonl": MediaType.JSON,
    ".xml": MediaType.SCHOLARLY_XML,
    ".nxml": MediaType.SCHOLARLY_XML,
    ".jats": MediaType.SCHOLARLY_XML,
    ".tei": MediaType.SCHOLARLY_XML,
    ".bib": MediaType.BIBTEX,
    ".bibtex": MediaType.BIBTEX,
    ".ris": MediaType.RIS,
}
_WORDS = {
    MediaType.TEXT: "text",
    MediaType.MARKDOWN: "Markdown",
    MediaType.HTML: "an HTML page",
    MediaType.PDF: "a PDF",
    MediaType.JSON: "JSON",
    MediaType.SCHOLARLY_XML: "JATS or TEI",
    MediaType.BIBTEX: "BibTeX",
    MediaType.RIS: "RIS",
}
_BIBLIOGRAPHY_MARKS = {
    MediaType.BIBTEX: re.compile(r"^[ \t]{0,40}@[A-Za-z]{1,30}\s{0,5}[{(]", re.MULTILINE),
    MediaType.RIS: re.compile(r"^TY {1,2}-", re.MULTILINE),
}
_BINARY_SIGNATURES = (
    (b"\x89PNG\r\n\x1a\n", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"II*\x00", "a TIFF image"),
    (b"MM\x00*", "a TIFF image"),
    (b"PK\x03\x04", "a ZIP archive (as .docx, .odt and .epub files are)"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ\x00", "an xz archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"\x7fELF", "a program"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Microsoft Office file"),
    (b"SQLite format 3\x00", "an SQLite database"),
)
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_CONTROL_SHARE = 0.01
_HTML_START = re.compile(r"\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--[^>]{0,500}-->\s*)?<(?:!doctype\s+html|html)\b", re.I)
_ANY_TAG = re.compile(r"<[a-zA-Z!/]")
_SCHOLARLY_START = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--[^>]{0,500}-->\s*)?(?:<!DOCTYPE\s+article\b[^>\[]{0,500}>\s*)?"
    rb"<(?:article|TEI|pmc-articleset)\b"
)
_META_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?([\w-]{2,40})", re.IGNORECASE)
_META_SYNTHETIC = re.compile(
    r"""<meta\s{1,9}name=["']?synthetic["']?\s{1,9}content=["']?true["']?\s{0,9}/?>""", re.IGNORECASE
)
_PDF_TAIL = 2048


def read_document(name: str, data: bytes) -> Document:
    """The document in `data`, or `UnreadableDocument` with one sentence that says why not."""
    if not data.strip():
        raise UnreadableDocument("the file is empty")
    stated = _BY_EXTENSION.get(PurePath(name).suffix.lower())
    if _is_pdf(data) or stated is MediaType.PDF:
        return _read_pdf(name, data, stated)
    _refuse_binary(data, stated)
    if stated is MediaType.HTML:
        return _read_html(name, data)
    if stated is MediaType.SCHOLARLY_XML or (stated is None and _SCHOLARLY_START.match(data)):
        return _read_scholarly(name, data)
    if stated in (MediaType.TEXT, MediaType.MARKDOWN) and _SCHOLARLY_START.match(data):
        raise UnreadableDocument(_contradiction(stated, "an article in JATS or TEI"))
    text = _decoded(data)
    if stated in _BIBLIOGRAPHY_MARKS:
        return _read_bibliography(name, text, stated)
    if stated is None and _HTML_START.match(text):
        return _read_html(name, data)
    refuse_scan_page(text)
    if stated is MediaType.JSON or (stated is None and text.lstrip()[:1] in ("{", "[")):
        return _read_json(name, text)
    return _read_text(name, text, stated or MediaType.TEXT)


def pdf_content(data: bytes, limits: ParserLimits | None = None) -> ExtractedText:
    """The text and stated title of a PDF that is whole; `UnreadableDocument` for any other."""
    if not _is_pdf(data):
        raise UnreadableDocument("it is no PDF: the %PDF mark is missing at its start")
    if b"%%EOF" not in data[-_PDF_TAIL:]:
        raise UnreadableDocument("the PDF is cut off: its end mark (%%EOF) is missing")
    return extract_text(ParserKind.PDF, data, limits)


def _is_pdf(data: bytes) -> bool:
    return data[:1024].lstrip().startswith(b"%PDF-")


def _read_pdf(name: str, data: bytes, stated: MediaType | None) -> Document:
    if stated not in (None, MediaType.PDF):
        raise UnreadableDocument(_contradiction(stated, "a PDF"))
    if not _is_pdf(data):
        raise UnreadableDocument(_contradiction(MediaType.PDF, _content_words(data)))
    return Document(name=name, media_type=MediaType.PDF, text=pdf_content(data).text)


def _content_words(data: bytes) -> str:
    signature = next((words for mark, words in _BINARY_SIGNATURES if data.startswith(mark)), None)
    return signature or "something else (the %PDF mark is missing at its start)"


def _contradiction(stated: MediaType | None, content: str) -> str:
    if stated is None:
        return f"it is {content}, which is not read"
    return f"its name says {_WORDS[stated]}, but its content is {content}"


def _refuse_binary(data: bytes, stated: MediaType | None) -> None:
    for mark, words in _BINARY_SIGNATURES:
        if data.startswith(mark):
            raise UnreadableDocument(_contradiction(stated, words))


def _decoded(data: bytes) -> str:
    encoding, skipped = next(
        ((codec, len(mark)) for mark, codec in _BYTE_ORDER_MARKS if data.startswith(mark)), ("utf-8", 0)
    )
    if skipped == 0 and b"\x00" in data[:65536]:
        raise UnreadableDocument(f"it is a binary file: byte {data.index(0)} is zero")
    try:
        text = data[skipped:].decode(encoding)
    except UnicodeDecodeError as error:
        place = skipped + error.start
        raise UnreadableDocument(f"it is not valid {encoding.upper()}: byte {place} does not fit") from error
    return _accepted(text)


def _accepted(text: str) -> str:
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        raise UnreadableDocument("the file is empty")
    if len(text) > MAX_CHARACTERS:
        raise UnreadableDocument(f"its text has {len(text):,} characters; the most that is read is {MAX_CHARACTERS:,}")
    controls = len(_CONTROL.findall(text))
    if "\x00" in text or controls > _CONTROL_SHARE * len(text):
        raise UnreadableDocument("it is a binary file: it is full of control characters")
    return text


def _read_scholarly(name: str, data: bytes) -> Document:
    article = scholarly_xml(data)
    return Document(name=name, media_type=MediaType.SCHOLARLY_XML, text=article.text, data=article)


def _read_bibliography(name: str, text: str, stated: MediaType) -> Document:
    if not _BIBLIOGRAPHY_MARKS[stated].search(text):
        raise UnreadableDocument(_contradiction(stated, "something else (no entry begins in it)"))
    return Document(name=name, media_type=stated, text=text)


def _read_text(name: str, text: str, media_type: MediaType) -> Document:
    if _HTML_START.match(text):
        raise UnreadableDocument(_contradiction(media_type, "an HTML page"))
    if text.lstrip()[:1] == "{" and _is_json(text):
        raise UnreadableDocument(_contradiction(media_type, "JSON"))
    return Document(name=name, media_type=media_type, text=text)


def _is_json(text: str) -> bool:
    try:
        parse_json(text)
    except JsonFault:
        return False
    return True


def _read_json(name: str, text: str) -> Document:
    try:
        value = parse_json(text)
    except JsonFault as fault:
        if text.lstrip()[:1] not in tuple('{["-0123456789tfnNI'):
            raise UnreadableDocument(_contradiction(MediaType.JSON, "something else")) from fault
        raise UnreadableDocument(fault.reason) from fault
    refuse_scan_value(value)
    return Document(name=name, media_type=MediaType.JSON, text=text, data=value)


def _read_html(name: str, data: bytes) -> Document:
    text = _decoded_html(data)
    if not _ANY_TAG.search(text):
        raise UnreadableDocument(_contradiction(MediaType.HTML, "text without any mark-up"))
    content = extract_text(ParserKind.HTML, text.encode()).text
    refuse_scan_page(content)
    declared = {"synthetic": True} if _META_SYNTHETIC.search(text[:4096]) else None
    return Document(name=name, media_type=MediaType.HTML, text=content, data=declared)


def _decoded_html(data: bytes) -> str:
    declared = _META_CHARSET.search(data[:4096])
    has_mark = any(data.startswith(mark) for mark, _ in _BYTE_ORDER_MARKS)
    if declared is None or has_mark:
        return _decoded(data)
    name = declared.group(1).decode("ascii", "replace")
    try:
        codec = codecs.lookup(name).name
        return _accepted(data.decode(codec))
    except LookupError as error:
        raise UnreadableDocument(f"the page says that it is written in {name}, which is unknown") from error
    except UnicodeDecodeError as error:
        sentence = f"it is not valid {name}, which the page declares: byte {error.start} does not fit"
        raise UnreadableDocument(sentence) from error
