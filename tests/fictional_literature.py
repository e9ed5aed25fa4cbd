"""A literature that does not exist, and the answers that eleven services would give about it.

Every title, person and sentence was made up for the tests. The bodies have the shapes that the services
document; `answer` is what a server over loopback replies with. Import it as `tests.fictional_literature`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import unquote
from xml.sax.saxutils import escape

from rapidfuzz import fuzz

NEAR = 60.0  # of 100: what a search of titles brings up


@dataclass(frozen=True)
class Fiction:
    """A work. `updated_by` are Crossref's updates on the original: (type, notice DOI, source)."""

    title: str
    authors: tuple[str, ...]
    year: int
    doi: str | None = None
    arxiv: str | None = None
    arxiv_version: int = 1
    pmid: str | None = None
    abstract: str | None = None
    venue: str = "Annals of Invented Results"
    updated_by: tuple[tuple[str, str, str], ...] = ()
    withdrawn: bool = False
    registry: str = "crossref"  # or "datacite"


@dataclass(frozen=True)
class Reply:
    status: int
    content_type: str
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


def _json(value: object, status: int = 200) -> Reply:
    return Reply(status, "application/json", json.dumps(value).encode())


class FictionalLiterature:
    """The works, and each service's answers about them."""

    def __init__(self, works: Iterable[Fiction]) -> None:
        self.works = tuple(works)
        self.by_doi = {work.doi: work for work in self.works if work.doi}
        self.by_arxiv = {work.arxiv: work for work in self.works if work.arxiv}
        self.by_pmid = {work.pmid: work for work in self.works if work.pmid}

    def answer(self, service: str, path: str, query: Mapping[str, Sequence[str]], body: bytes) -> Reply:
        """The reply of `service` (as the indexes are named) to what stands behind its address."""
        reply: Reply = getattr(self, "_" + service.replace("-", "_"))(unquote(path), query, body)
        return reply

    def near(self, words: str, limit: int = 5) -> list[Fiction]:
        words = words.casefold()
        scored = [(fuzz.token_set_ratio(words, work.title.casefold()), work) for work in self.works]
        scored.sort(key=lambda one: (-one[0], one[1].title))
        return [work for score, work in scored if score >= NEAR][:limit]

    # --- one method a service --------------------------------------------------------------------

    def _crossref(self, path: str, query: Mapping[str, Sequence[str]], body: bytes) -> Reply:
        if path.startswith("/works/"):
            work = self.by_doi.get(path.removeprefix("/works/").casefold())
            if work is None or work.registry != "crossref":
                return Reply(404, "text/plain", b"Resource not found.")
            return _json({"status": "ok", "message-type": "work", "message": crossref_item(work)})
        wanted = [one.removeprefix("updates:") for given in query.get("filter", ()) for one in given.split(",")]
        if any(wanted):
            notices = [one for doi in wanted if doi in self.by_doi for one in crossref_notices(self.by_doi[doi])]
            return _list_of(notices)
        words = next((query[name][0] for name in sorted(query) if name.startswith("query")), "")
        return _list_of([crossref_item(one) for one in self.near(words) if one.doi and one.registry == "crossref"])

    def _openalex(self, path: str, query: Mapping[str, Sequence[str]], body: bytes) -> Reply:
        if path.startswith("/works/"):
            name = path.removeprefix("/works/").removeprefix("https://doi.org/")
            scheme, _, value = name.partition(":")
            held = {"doi": self.by_doi, "pmid": self.by_pmid}.get(scheme, {})
            work = held.get(value.casefold().removeprefix("https://doi.org/"))
            if work is None:
                return Reply(404, "text/html", b"<!doctype html><html><title>404 Not Found</title></html>")
            return _json(openalex_item(work))
        words = " ".join(query.get("filter", ())).partition(":")[2] or " ".join(query.get("search", ()))
        found = [openalex_item(one) for one in self.near(words)]
        return _json({"meta": {"count": len(found), "next_cursor": None}, "results": found})

    def _arxiv(self, path: str, query: Mapping[str, Sequence[str]], body: bytes) -> Reply:
        if wanted := ",".join(query.get("id_list", ())):
            names = [re.sub(r"v\d+$", "", one) for one in wanted.split(",")]
            found = [self.by_arxiv[name] for name in names if name in self.by_arxiv]
        else:
            words = re.sub(r"\b(?:ti|all|abs):|[\"()]", " ", " ".join(query.get("search_query", ())))
            found = [one for one in self.near(words) if one.arxiv]
        return Reply(200, "application/atom+xml", arxiv_feed(found).encode())

    def _arxiv_oai(self, path: str, query: Mapping[str, Sequence[str]], body: bytes) -> Reply:
        work = self.by_arxiv.get(query["identifier"][0].removeprefix("oai:arXiv.org:"))
        return Reply(200, "text/xml", (arxiv_raw(work) if work else OAI_UNKNOWN).encode())

    def _semantic_scholar(self, path: str, query: Mapping[str, Sequence[str]], body: bytes) -> Reply:
        if path.endswith("/paper/batch"):
            return _json([self._s2(name) for name in json.loads(body)["ids"]])
        found = [s2_item(one) for one in self.near(query["query"][0])]
        if path.endswith("/match"):
            return _json({"data": found[:1]}) if found else _json({"error": "Title match not found"}, 404)
        return _json({"total": len(found), "offset": 0, "data": found} if found else {"total": 0, "offset": 0})

    def _s2(self, name: str) -> object:
        scheme, _, value = name.partition(":")
        held = {"DOI": self.by_doi, "ARXIV": self.by_arxiv, "PMID": self.by_pmid}.get(scheme.upper(), {})
        work = held.get(value.casefold() if scheme.upper() == "DOI" else value)
        return s2_item(work) if work else None

    def _europe_pmc(self, path: str, query: Mapping[str, Sequence[str]], body: bytes) -> Reply:
        words = query["query"][0]
        named = re.findall(r"DOI:\"?([^\s\")]+)", words, re.IGNORECASE)
        numbered = re.findall(r"EXT_ID:\"?(\d+)", words)
        found = [self.by_doi[one.casefold()] for one in named if one.casefold() in self.by_doi]
        found += [self.by_pmid[one] for one in numbered if one in self.by_pmid]
        if not named and not numbered:
            found = self.near(re.sub(r"\b[A-Z_]+:|[\"()]", " ", words))
        listed = [europepmc_item(one) for one in found if one.pmid]
        return _json({"version": "6.9", "hitCount": len(listed), "resultList": {"result": listed}})

    def _pubmed(self, path: str, query: Mapping[str, Sequence[str]], body: bytes) -> Reply:
        asked = ",".join(query.get("id", ())) or re.sub(r"^.*\bid=([\d,%C]+).*$", r"\1", body.decode())
        found = [self.by_pmid[one] for one in asked.replace("%2C", ",").split(",") if one in self.by_pmid]
        return Reply(200, "text/xml", pubmed_set(found).encode())

    def _datacite(self, path: str, query: Mapping[str, Sequence[str]], body: bytes) -> Reply:
        work = self.by_doi.get(path.removeprefix("/dois/").casefold())
        if work is None or work.registry != "datacite":
            return _json(
                {"errors": [{"status": "404", "title": "The resource you are looking for doesn't exist."}]}, 404
            )
        attributes = {
            "doi": work.doi,
            "titles": [{"title": work.title}],
            "creators": [{"name": name} for name in work.authors],
            "publicationYear": work.year,
            "types": {"resourceTypeGeneral": "Dataset"},
            "state": "findable",
            "isActive": True,
            "relatedIdentifiers": [],
            "descriptions": [],
        }
        return _json({"data": {"id": work.doi, "type": "dois", "attributes": attributes}})

    def _doi(self, path: str, query: Mapping[str, Sequence[str]], body: bytes) -> Reply:
        work = self.by_doi.get(path.lstrip("/").casefold())
        if work is None:
            return Reply(404, "text/html", b"<!doctype html><html><title>DOI Not Found</title></html>")
        return Reply(
            200,
            "application/vnd.citationstyles.csl+json",
            json.dumps({"DOI": work.doi, "title": work.title, "type": "article-journal"}).encode(),
        )


# --- bodies ---------------------------------------------------------------------------------------


def _list_of(items: list[dict[str, object]]) -> Reply:
    message = {"total-results": len(items), "items": items, "items-per-page": 20}
    return _json({"status": "ok", "message-type": "work-list", "message": message})


def _given_family(name: str) -> dict[str, str]:
    given, _, family = name.rpartition(" ")
    return {"given": given, "family": family}


def crossref_item(work: Fiction) -> dict[str, object]:
    item: dict[str, object] = {
        "DOI": work.doi,
        "title": [work.title],
        "author": [_given_family(name) for name in work.authors],
        "issued": {"date-parts": [[work.year]]},
        "container-title": [work.venue],
        "type": "journal-article",
    }
    if work.abstract:
        item["abstract"] = f"<jats:p>{escape(work.abstract)}</jats:p>"
    if work.updated_by:
        item["updated-by"] = [
            {
                "DOI": notice,
                "type": kind,
                "label": kind,
                "source": source,
                "updated": {"date-parts": [[work.year + 1, 3, 1]]},
            }
            for kind, notice, source in work.updated_by
        ]
    return item


def crossref_notices(work: Fiction) -> list[dict[str, object]]:
    return [
        {
            "DOI": notice,
            "title": [f"Notice about: {work.title}"],
            "issued": {"date-parts": [[work.year + 1]]},
            "type": "journal-article",
            "update-to": [{"DOI": work.doi, "type": kind, "source": source, "label": kind}],
        }
        for kind, notice, source in dict.fromkeys(work.updated_by)
    ]


def openalex_item(work: Fiction) -> dict[str, object]:
    words: dict[str, list[int]] = {}
    for place, word in enumerate((work.abstract or "").split()):
        words.setdefault(word, []).append(place)
    return {
        "id": f"https://openalex.org/W{abs(hash_of(work)) % 10**9 + 10**9}",
        "doi": f"https://doi.org/{work.doi}" if work.doi else None,
        "title": work.title,
        "display_name": work.title,
        "publication_year": work.year,
        "type": "article",
        "ids": {"pmid": f"https://pubmed.ncbi.nlm.nih.gov/{work.pmid}"} if work.pmid else {},
        "authorships": [{"author": {"display_name": name}} for name in work.authors],
        "primary_location": {"source": {"display_name": work.venue}},
        "abstract_inverted_index": words or None,
        "is_retracted": any(kind == "retraction" for kind, _, _ in work.updated_by),
        "locations": [],
    }


def hash_of(work: Fiction) -> int:
    return sum(ord(letter) * place for place, letter in enumerate(work.title, start=1))


def arxiv_feed(works: Sequence[Fiction]) -> str:
    entries = "".join(
        f"<entry><id>http://arxiv.org/abs/{work.arxiv}v{work.arxiv_version}</id>"
        f"<title>{escape(work.title)}</title><summary>{escape(work.abstract or '')}</summary>"
        f"<published>{work.year}-01-05T00:00:00Z</published><updated>{work.year}-06-05T00:00:00Z</updated>"
        + "".join(f"<author><name>{escape(name)}</name></author>" for name in work.authors)
        + (f"<arxiv:doi>{escape(work.doi)}</arxiv:doi>" if work.doi else "")
        + ("<arxiv:comment>This paper has been withdrawn by the authors.</arxiv:comment>" if work.withdrawn else "")
        + '<arxiv:primary_category term="cs.XX"/></entry>'
        for work in works
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><feed xmlns="http://www.w3.org/2005/Atom" '
        'xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/">'
        f"<opensearch:totalResults>{len(works)}</opensearch:totalResults>{entries}</feed>"
    )


OAI = '<?xml version="1.0"?><OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><responseDate>2026-11-21T00:00:00Z</responseDate>'
OAI_UNKNOWN = OAI + '<error code="idDoesNotExist">No such paper</error></OAI-PMH>'


def arxiv_raw(work: Fiction) -> str:
    versions = "".join(
        f'<version version="v{number}"><date>Mon, 0{number} Jun {work.year} 00:00:00 GMT</date>'
        "<size>9kb</size></version>"
        for number in range(1, work.arxiv_version + 1)
    )
    return (
        OAI
        + f"<GetRecord><record><header><identifier>oai:arXiv.org:{work.arxiv}</identifier></header><metadata>"
        + '<arXivRaw xmlns="http://arxiv.org/OAI/arXivRaw/">'
        + f"<id>{work.arxiv}</id>{versions}<title>{escape(work.title)}</title>"
        + f"<authors>{escape(', '.join(work.authors))}</authors><categories>cs.XX</categories>"
        + (f"<doi>{escape(work.doi)}</doi>" if work.doi else "")
        + f"<abstract>{escape(work.abstract or '')}</abstract></arXivRaw></metadata></record></GetRecord></OAI-PMH>"
    )


def s2_item(work: Fiction) -> dict[str, object]:
    outside = {"DOI": work.doi, "ArXiv": work.arxiv, "PubMed": work.pmid}
    return {
        "paperId": f"{hash_of(work):040x}"[-40:],
        "corpusId": hash_of(work),
        "title": work.title,
        "year": work.year,
        "venue": work.venue,
        "authors": [{"authorId": None, "name": name} for name in work.authors],
        "abstract": work.abstract,
        "externalIds": {name: value for name, value in outside.items() if value},
        "openAccessPdf": None,
    }


def europepmc_item(work: Fiction) -> dict[str, object]:
    return {
        "id": work.pmid,
        "source": "MED",
        "pmid": work.pmid,
        "doi": work.doi,
        "title": work.title + ".",
        "authorString": ", ".join(work.authors) + ".",
        "pubYear": str(work.year),
        "abstractText": work.abstract,
        "journalInfo": {"journal": {"title": work.venue}},
    }


def pubmed_set(works: Sequence[Fiction]) -> str:
    articles = "".join(
        f"<PubmedArticle><MedlineCitation><PMID>{work.pmid}</PMID><Article><Journal><Title>{escape(work.venue)}</Title>"
        f"<JournalIssue><PubDate><Year>{work.year}</Year></PubDate></JournalIssue></Journal>"
        f"<ArticleTitle>{escape(work.title)}.</ArticleTitle>"
        + (f"<Abstract><AbstractText>{escape(work.abstract)}</AbstractText></Abstract>" if work.abstract else "")
        + "<AuthorList>"
        + "".join(_pubmed_author(name) for name in work.authors)
        + "</AuthorList></Article></MedlineCitation><PubmedData><ArticleIdList>"
        + f'<ArticleId IdType="pubmed">{work.pmid}</ArticleId>'
        + (f'<ArticleId IdType="doi">{escape(work.doi)}</ArticleId>' if work.doi else "")
        + "</ArticleIdList></PubmedData></PubmedArticle>"
        for work in works
    )
    return f'<?xml version="1.0" ?><PubmedArticleSet>{articles}</PubmedArticleSet>'


def _pubmed_author(name: str) -> str:
    given, _, family = name.rpartition(" ")
    return f"<Author><LastName>{escape(family)}</LastName><ForeName>{escape(given)}</ForeName></Author>"
