"""The rules by which a scan of version 3 is taken in or refused, each finding with its place and value.

Belongs here: the table of rules, and the checks of paper, modules and the lists beside the checklist. Input: the
JSON value. Output: findings; one error refuses the whole file. Does not belong here: which version it is
(`scans.versions`), the answers of the checklist (`scans.checklist`), building the scan (`scans.importing`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from pipelines.ingestion.identifiers import normalised_doi
from pipelines.models import Severity
from pipelines.review.rigor.items import MODULES, MODULES_OF_TAG, TAGS
from pipelines.review.scans.models import ScanFinding, pointer_of, shown_value
from pipelines.review.scans.reading import walk

LONGEST_TEXT = 20_000
MOST_ENTRIES = 2_000
MOST_FINDINGS = 200
FIRST_YEAR, LAST_YEAR = 1600, 2200
SCORES = range(4)
SUPPORTED = ("strong", "moderate", "weak")
ENGAGEMENT = frozenset(
    {"practical_relevance", "surprise_contrarian", "fear_safety", "drama_conflict", "demo_ability", "brand_recognition"}
)

_E, _W = Severity.ERROR, Severity.WARNING
# Rule to its severity and what it says.
RULES: dict[str, tuple[Severity, str]] = {
    "too_large": (_E, "the file is larger than a scan may be"),
    "not_utf8": (_E, "the bytes are no UTF-8 text"),
    "page_incomplete": (_E, "of a file shown on a web page, a numbered line is missing"),
    "not_json": (_E, "the text is not valid JSON"),
    "duplicate_key": (_E, "a key stands twice in one object"),
    "too_deep": (_E, "the JSON is nested too deep"),
    "not_a_scan": (_E, "the JSON is no scan: it has neither a paper nor a checklist"),
    "version_not_read": (_E, "the version is known and cannot be imported"),
    "version_unknown": (_E, "there is no such version"),
    "version_contradicts": (_E, "name, content and scan_version do not agree on the version"),
    "missing_key": (_E, "a required key is missing"),
    "wrong_type": (_E, "the value is of the wrong type"),
    "empty_text": (_E, "a required text is empty"),
    "too_long": (_E, f"a text has more than {LONGEST_TEXT:,} characters, or a list more than {MOST_ENTRIES:,} entries"),
    "no_year": (_E, f"the number is no year between {FIRST_YEAR} and {LAST_YEAR}"),
    "malformed_arxiv_id": (_E, "the arXiv id is not four digits, a dot and four or five digits"),
    "unknown_tag": (_E, "there is no such methodology tag"),
    "unknown_module": (_E, "there is no such module"),
    "modules_differ": (_E, "active_modules and the categories of the checklist do not name the same modules"),
    "unknown_category": (_E, "version 3 has no such category"),
    "unknown_item": (_E, "the category has no such item in version 3"),
    "missing_item": (_E, "an item of a core category or an active module is missing"),
    "empty_justification": (_E, "the justification is empty"),
    "answer_without_applies": (_E, "the answer is true though the item does not apply"),
    "unknown_supported": (_E, f"supported is none of {', '.join(SUPPORTED)}"),
    "tag_without_module": (_W, "a tag calls for a module that is not active, or the other way round"),
    "placeholder_doi": (_W, "the DOI is a placeholder or no DOI at all; it is left out"),
    "arxiv_doi_differs": (_W, "the DOI is that of another arXiv paper than the arXiv id"),
    "arxiv_later_than_year": (_W, "the arXiv id was given after the stated year"),
    "no_identifier": (_W, "neither DOI nor arXiv id: the scan cannot be linked to a source"),
    "duplicate_entry": (_W, "an entry of a list stands there more than once"),
    "score_out_of_range": (_W, "the score is not between 0 and 3"),
    "unknown_key": (_W, "the key is not known in version 3 and was not read"),
    "unchecked_item": (_W, "the items of this module are not known here, so that its name was not checked"),
    "cited_arxiv_id": (_W, "the arXiv id of a cited paper is malformed"),
}

ARXIV_ID = re.compile(r"\d{4}\.\d{4,5}", re.ASCII)
_PLACEHOLDER = re.compile(r"x{4,}|n{5,}", re.IGNORECASE)
_ARXIV_DOI = "10.48550/arxiv."
_TYPES: dict[type, str] = {
    dict: "an object",
    list: "a list",
    str: "a text",
    int: "a whole number",
    bool: "true or false",
}
_TOP: dict[str, type] = {
    "paper": dict,
    "checklist": dict,
    "claims": list,
    "methodology_tags": list,
    "key_findings": str,
    "red_flags": list,
    "cited_papers": list,
}
_TOP_OPTIONAL: dict[str, type] = {"scan_version": int, "active_modules": list, "engagement_factors": dict}
_PAPER: dict[str, type] = {"title": str, "authors": list, "year": int}
_PAPER_OPTIONAL: dict[str, type] = {"venue": str, "arxiv_id": str, "doi": str}
_CITED_OPTIONAL: dict[str, type] = {"authors": list, "year": int, "arxiv_id": str, "doi": str, "relevance": str}

Path = tuple[str | int, ...]


def finding(rule: str, path: Path, value: Any = None, detail: str = "") -> ScanFinding:
    severity, said = RULES[rule]
    return ScanFinding(
        rule=rule,
        severity=severity,
        pointer=pointer_of(*path),
        message=f"{said}: {detail}" if detail else said,
        value=None if value is None else shown_value(value),
    )


def shape(
    value: Any, path: Path, required: Mapping[str, type], optional: Mapping[str, type] | None = None
) -> Iterator[ScanFinding]:
    """The keys of an object and their types; an optional one may be null. Texts that are required are not empty."""
    optional = optional or {}
    if not isinstance(value, dict):
        yield finding("wrong_type", path, value, "not an object")
        return
    for key, wanted in (*required.items(), *optional.items()):
        if key not in value:
            if key in required:
                yield finding("missing_key", (*path, key))
        elif not is_a(value[key], wanted) and not (value[key] is None and key in optional):
            yield finding("wrong_type", (*path, key), value[key], f"not {_TYPES[wanted]}")
        elif wanted is str and key in required and not has_words(value[key]):
            yield finding("empty_justification" if key == "justification" else "empty_text", (*path, key), value[key])
    for key in value:
        if key not in required and key not in optional:
            yield finding("unknown_key", (*path, key))


def is_a(value: Any, wanted: type) -> bool:
    """JSON's true is no number here, though it is one in Python."""
    return isinstance(value, wanted) and (wanted is bool or not isinstance(value, bool))


def has_words(text: str) -> bool:
    return any(letter.isalnum() for letter in text)


def check_bounds(value: Any) -> Iterator[ScanFinding]:
    for path, inner in walk(value):
        if isinstance(inner, str | list | dict) and len(inner) > (
            LONGEST_TEXT if isinstance(inner, str) else MOST_ENTRIES
        ):
            yield finding("too_long", path, inner)


def check_top(value: Mapping[str, Any]) -> Iterator[ScanFinding]:
    """Everything but the checklist."""
    yield from shape(value, (), _TOP, _TOP_OPTIONAL)
    if isinstance(value.get("paper"), dict):
        yield from check_paper(value["paper"])
    yield from _words_of(value, "methodology_tags", TAGS, "unknown_tag")
    yield from _words_of(value, "active_modules", MODULES, "unknown_module")
    yield from _check_modules(value)
    yield from _check_claims(_entries(value, "claims"))
    yield from _check_red_flags(_entries(value, "red_flags"))
    yield from _check_cited(_entries(value, "cited_papers"))
    yield from _check_engagement(value.get("engagement_factors"))


def _entries(value: Mapping[str, Any], key: str) -> list[Any]:
    found = value.get(key)
    return found if isinstance(found, list) else []


# --- the paper ----------------------------------------------------------------------------------


def check_paper(paper: Any) -> Iterator[ScanFinding]:
    yield from shape(paper, ("paper",), _PAPER, _PAPER_OPTIONAL)
    if not isinstance(paper, dict):
        return
    authors = paper.get("authors")
    if isinstance(authors, list):
        yield from _texts(authors, ("paper", "authors"))
        if not authors:
            yield finding("empty_text", ("paper", "authors"), authors)
    year = _year_of(paper)
    if year is not None and not FIRST_YEAR <= year <= LAST_YEAR:
        yield finding("no_year", ("paper", "year"), year)
    yield from _check_identifiers(paper)


def _check_identifiers(paper: Mapping[str, Any]) -> Iterator[ScanFinding]:
    arxiv_id, doi = (paper.get(key) or None for key in ("arxiv_id", "doi"))
    if isinstance(arxiv_id, str) and not ARXIV_ID.fullmatch(arxiv_id):
        yield finding("malformed_arxiv_id", ("paper", "arxiv_id"), arxiv_id)
        return
    held = usable_doi(doi)
    if doi is not None and held is None and isinstance(doi, str):
        yield finding("placeholder_doi", ("paper", "doi"), doi)
    if not isinstance(arxiv_id, str):
        if held is None:
            yield finding("no_identifier", ("paper",))
        return
    if held is not None and held.startswith(_ARXIV_DOI) and held != _ARXIV_DOI + arxiv_id:
        yield finding("arxiv_doi_differs", ("paper", "doi"), doi, f"the arXiv id is {arxiv_id}")
    year = _year_of(paper)
    if year is not None and 2000 + int(arxiv_id[:2]) > year:
        yield finding("arxiv_later_than_year", ("paper", "arxiv_id"), arxiv_id, f"the year is {year}")


def _year_of(paper: Mapping[str, Any]) -> int | None:
    year = paper.get("year")
    return year if isinstance(year, int) and not isinstance(year, bool) else None


def usable_doi(doi: Any) -> str | None:
    """The normalised DOI; None of what is absent, a placeholder or no DOI."""
    if not isinstance(doi, str) or not doi or len(doi) > 500 or _PLACEHOLDER.search(doi):
        return None
    return normalised_doi(doi)


# --- modules and lists --------------------------------------------------------------------------


def _words_of(value: Mapping[str, Any], key: str, known: tuple[str, ...], rule: str) -> Iterator[ScanFinding]:
    words = _entries(value, key)
    yield from _texts(words, (key,))
    for place, word in enumerate(words):
        if isinstance(word, str) and word not in known:
            yield finding(rule, (key, place), word)
    yield from _repeated(words, (key,))


def _texts(values: list[Any], path: Path) -> Iterator[ScanFinding]:
    for place, one in enumerate(values):
        if not isinstance(one, str):
            yield finding("wrong_type", (*path, place), one, "not a text")
        elif not has_words(one):
            yield finding("empty_text", (*path, place), one)


def _check_modules(value: Mapping[str, Any]) -> Iterator[ScanFinding]:
    checklist = value.get("checklist")
    present = {key for key in checklist if key in MODULES} if isinstance(checklist, dict) else set()
    stated = value.get("active_modules")
    if isinstance(stated, list):
        named = {one for one in stated if one in MODULES}
        for module in sorted(present - named):
            yield finding("modules_differ", ("checklist", module), None, f"{module} is not in active_modules")
        for module in sorted(named - present):
            yield finding("modules_differ", ("active_modules",), stated, f"the checklist has no {module}")
    tags = [tag for tag in _entries(value, "methodology_tags") if isinstance(tag, str)]
    wanted = {module for tag in tags for module in MODULES_OF_TAG.get(tag, ())}
    for module in sorted(wanted ^ present):
        said = "is called for and not there" if module in wanted else "is there and no tag calls for it"
        yield finding("tag_without_module", ("methodology_tags",), tags, f"{module} {said}")


def _check_claims(claims: list[Any]) -> Iterator[ScanFinding]:
    for place, claim in enumerate(claims):
        path: Path = ("claims", place)
        yield from shape(claim, path, {"claim": str, "evidence": str, "supported": str})
        supported = claim.get("supported") if isinstance(claim, dict) else None
        if isinstance(supported, str) and has_words(supported) and supported not in SUPPORTED:
            yield finding("unknown_supported", (*path, "supported"), supported)
    yield from _repeated([one.get("claim") if isinstance(one, dict) else None for one in claims], ("claims",))


def _check_red_flags(flags: list[Any]) -> Iterator[ScanFinding]:
    for place, flag in enumerate(flags):
        yield from shape(flag, ("red_flags", place), {"flag": str, "detail": str})


def _check_cited(cited: list[Any]) -> Iterator[ScanFinding]:
    for place, paper in enumerate(cited):
        path: Path = ("cited_papers", place)
        yield from shape(paper, path, {"title": str}, _CITED_OPTIONAL)
        arxiv_id = paper.get("arxiv_id") if isinstance(paper, dict) else None
        if isinstance(arxiv_id, str) and arxiv_id and not ARXIV_ID.fullmatch(arxiv_id):
            yield finding("cited_arxiv_id", (*path, "arxiv_id"), arxiv_id)
    yield from _repeated([one.get("title") if isinstance(one, dict) else None for one in cited], ("cited_papers",))


def _repeated(texts: list[Any], path: Path) -> Iterator[ScanFinding]:
    plain = [" ".join(one.split()).casefold() if isinstance(one, str) else None for one in texts]
    counted, seen = Counter(plain), set()
    for place, one in enumerate(plain):
        if one is not None and counted[one] > 1 and one in seen:
            yield finding("duplicate_entry", (*path, place), texts[place])
        seen.add(one)


def _check_engagement(factors: Any) -> Iterator[ScanFinding]:
    if not isinstance(factors, dict):
        return
    for key, factor in factors.items():
        path: Path = ("engagement_factors", key)
        if key not in ENGAGEMENT:
            yield finding("unknown_key", path)
            continue
        yield from shape(factor, path, {"score": int, "justification": str})
        score = factor.get("score") if isinstance(factor, dict) else None
        if is_a(score, int) and score not in SCORES:
            yield finding("score_out_of_range", (*path, "score"), score)
