"""JATS front matter: title, people, dates, identifiers and licence as an article states them.

Runs in the parser's child process. Input: the article-meta element. Output: JSON values. Does not belong here:
running text and references (jats_markup.py), normalising identifiers (scholarly_xml.py).
"""

from __future__ import annotations

from typing import Any

from pipelines.ingestion.scholarly_layout import attribute, character, folded, pieces, plain

_DATE_RANKS = ("epub", "pub", "epub-ppub", "ppub", "collection", "epreprint", "pmc-release", "")


def title_of(meta: Any) -> str | None:
    group = meta.find("title-group")
    if group is None:
        return None
    title, subtitle = plain_words(group.find("article-title")), plain_words(group.find("subtitle"))
    return f"{title.rstrip(':')}: {subtitle}" if title and subtitle else title


def plain_words(element: Any) -> str | None:
    """Words of a title: no footnote marks, citations dropped."""
    if element is None:
        return None
    words = "".join(
        (child.tail or "") if child.tag in ("xref", "fn") else _kept(child) + (child.tail or "") for child in element
    )
    return folded((element.text or "") + words) or None


def _kept(child: Any) -> str:
    return "".join(pieces(child)) if isinstance(child.tag, str) else character(child)


def contributor(contrib: Any) -> str | None:
    if contrib.get("contrib-type", "author") != "author":
        return None
    name = next(
        (contrib.find(tag) for tag in ("name", "string-name", "name-alternatives/name") if _has(contrib, tag)), None
    )
    return person_named(name) if name is not None else plain(contrib.find("collab"))


def _has(element: Any, path: str) -> bool:
    return element.find(path) is not None


def person_named(name: Any) -> str | None:
    """`Given Surname Suffix`; a string name without parts as it stands."""
    parts = [plain(name.find(tag)) for tag in ("given-names", "surname", "suffix")]
    return " ".join(filter(None, parts)) or plain(name)


def dates(meta: Any) -> dict[str, Any]:
    ranked = sorted(meta.findall("pub-date"), key=_date_rank)
    read = [(_number(date, "year"), _number(date, "month"), _number(date, "day")) for date in ranked]
    whole = next((date for date in read if all(date)), None)
    year = whole[0] if whole else next((date[0] for date in read if date[0]), None)
    return {"year": year, "published_on": list(whole) if whole else None}


def _date_rank(date: Any) -> int:
    kind = date.get("pub-type") or date.get("date-type") or ""
    return _DATE_RANKS.index(kind) if kind in _DATE_RANKS else len(_DATE_RANKS)


def _number(element: Any, tag: str) -> int | None:
    words = plain(element.find(tag)) or ""
    return int(words) if words.isascii() and words.isdigit() and len(words) <= 4 else None


def article_ids(meta: Any) -> dict[str, str | None]:
    stated = {one.get("pub-id-type"): plain(one) for one in reversed(meta.findall("article-id"))}
    return {
        "doi": stated.get("doi"),
        "pmid": stated.get("pmid"),
        "pmcid": stated.get("pmc") or stated.get("pmcid") or stated.get("pmcaid"),
        "arxiv_id": stated.get("arxiv"),
    }


def licence_of(meta: Any) -> str | None:
    """The address of the licence where one is given, else its words."""
    licence = meta.find("permissions/license")
    if licence is None:
        return None
    address = attribute(licence, "href") or plain(licence.find("license_ref"))
    link = licence.find(".//ext-link")
    address = address or (attribute(link, "href") if link is not None else None)
    words = plain(licence)
    return address or (words[:500] if words else None)
