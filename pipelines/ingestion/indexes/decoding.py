"""From a response body to JSON, XML or plain words, or to a named fault: bounded, and hardened.

Input: a `Response`. Output: the parsed value, or an `IndexFault` whose message quotes a bounded piece at
most. Does not belong here: what a value means (the index's own module).
"""

from __future__ import annotations

import html
import re
from typing import Any

from lxml import etree

from pipelines.ingestion.indexes.contract import FaultKind, IndexFault, Response
from pipelines.ingestion.json_reading import JsonFault, parse_json

MAX_BODY = 30_000_000  # bytes: the largest honest page of an index is below 2 MB
MAX_WORDS = 200_000  # characters of one field
QUOTED = 120

_TAG = re.compile(r"</?[a-zA-Z!?][^<>]{0,2000}>")  # "p < .05 and n > 3" is none
_SPACE = re.compile(r"\s+")
_HTML = re.compile(rb"\s*(?:<!--.{0,500}?-->\s*)?<(?:!doctype\s+html|html)\b", re.IGNORECASE | re.DOTALL)
_UNBROKEN = re.compile(
    r"</?(?:[a-z]+:)?(?:i|b|em|strong|sub|sup|scp|italic|bold|sc|tt|u|mi|mo|mn)\b[^<>]{0,200}>", re.I
)


def fault_of_status(response: Response) -> IndexFault | None:
    """The fault that the status alone tells; None for 2xx, 3xx and 404, which an index reads itself."""
    status = response.status
    if status == 429:
        return IndexFault(FaultKind.TOO_FAST, "it answered 429: asked too fast", retry_after_of(response))
    if status in (401, 403):
        return IndexFault(FaultKind.FORBIDDEN, f"it answered {status}: a key is missing or refused")
    if status >= 500:
        return IndexFault(FaultKind.UNAVAILABLE, f"it answered {status}", retry_after_of(response))
    if status >= 400 and status not in (404, 410):
        return IndexFault(FaultKind.BAD_REQUEST, f"it answered {status} and did not take the question")
    return None


def retry_after_of(response: Response) -> float | None:
    """Seconds that the answer asks to wait, where it says so in seconds."""
    stated = response.headers.get("retry-after", "").strip()
    return float(stated) if stated.isascii() and stated.isdigit() and len(stated) <= 7 else None


def json_of(response: Response) -> Any | IndexFault:
    """The JSON value of the body."""
    if (too_large := _too_large(response)) is not None:
        return too_large
    if _HTML.match(response.body[:2_000]):
        return IndexFault(FaultKind.MALFORMED, "it answered with an HTML page in the place of JSON")
    try:
        return parse_json(response.body.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        return IndexFault(FaultKind.MALFORMED, f"its answer is not UTF-8: byte {error.start} does not fit")
    except JsonFault as fault:
        return IndexFault(FaultKind.MALFORMED, f"its answer is no JSON: {fault.reason[:QUOTED]}")


def xml_of(response: Response) -> etree._Element | IndexFault:
    """The root of the body as XML; entities are not resolved, nothing is fetched, depth is bounded."""
    if (too_large := _too_large(response)) is not None:
        return too_large
    if _HTML.match(response.body[:2_000]):
        return IndexFault(FaultKind.MALFORMED, "it answered with an HTML page in the place of XML")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False, recover=False)
    try:
        return etree.fromstring(response.body, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        return IndexFault(FaultKind.MALFORMED, f"its answer is no XML: {str(error)[:QUOTED]}")


def _too_large(response: Response) -> IndexFault | None:
    if len(response.body) <= MAX_BODY:
        return None
    return IndexFault(FaultKind.TOO_LARGE, f"its answer has more than {MAX_BODY:,} bytes")


def plain_words(marked: str) -> str:
    """Words without mark-up (HTML, JATS, MathML), entities resolved, white space folded."""
    text = html.unescape(marked[:MAX_WORDS])
    text = html.unescape(_TAG.sub(" ", _UNBROKEN.sub("", text)))
    return _SPACE.sub(" ", text).strip()
