"""The XML that Europe PMC answers with where JSON was not asked for: its own form, and Dublin Core.

Input: the root of an answer, already parsed with entities and network off and its depth bounded. Output: the
same page as the JSON form has it. Does not belong here: what a record means (europepmc.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from lxml import etree

from pipelines.ingestion.identifiers import normalised_doi

MOST_DESCRIBED = 1_000

_DC = "{http://purl.org/dc/elements/1.1/}"
_DCTERMS = "{http://purl.org/dc/terms/}"
_DESCRIPTION = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}Description"
_PAGE = re.compile(r"https?://europepmc\.org/(?:abstract|article)/([A-Z]{3})/([A-Z0-9]{1,20})$")


def page_of_xml(root: etree._Element) -> Any:
    """The page in the form of its JSON; None where the answer is no page of results."""
    if root.tag != "responseWrapper":
        return None
    page = _as_json(root)
    described = list(root.iter(_DESCRIPTION))[:MOST_DESCRIBED]
    if isinstance(page, dict) and described:
        page["resultList"] = {"result": [_record_of_dc(one) for one in described]}
    return page


def _as_json(element: etree._Element) -> Any:
    """The JSON form of an element: children by name, repeated ones as a list. The parser bounds the depth."""
    children = list(element.iterchildren(etree.Element))
    if not children:
        return "".join(map(str, element.itertext()))
    found: dict[str, Any] = {}
    for child in children:
        value = _as_json(child)
        if child.tag not in found:
            found[child.tag] = value
        elif isinstance(found[child.tag], list):
            found[child.tag].append(value)
        else:
            found[child.tag] = [found[child.tag], value]
    return found


def _record_of_dc(described: etree._Element) -> dict[str, Any]:
    """A Dublin Core description as a record of the JSON form."""

    def all_of(name: str, namespace: str = _DC) -> list[str]:
        return [(element.text or "").strip() for element in described.iterchildren(namespace + name)]

    def first(values: Iterable[str]) -> str:
        return next(filter(None, values), "")

    identifiers = all_of("identifier")
    page = next(filter(None, map(_PAGE.match, identifiers)), None)
    return {
        "source": page[1] if page else "",
        "id": page[2] if page else "",
        "doi": first(one for one in identifiers if normalised_doi(one)),
        "pmcid": first(one.rpartition("/")[2] for one in all_of("isVersionOf", _DCTERMS)),
        "abstractText": first(all_of("abstract", _DCTERMS)),
        "title": first(all_of("title")),
        "authorList": {"author": [{"fullName": name} for name in all_of("creator")]},
        "pubYear": first(all_of("date")),
        "pubType": "; ".join(all_of("description")[:20]),
    }
