"""A question put to several indexes: merged, screened, and read in full where that is allowed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from pipelines.ingestion.asking import Asker
from pipelines.ingestion.indexes import full_text
from pipelines.ingestion.indexes.contract import (
    Answered,
    By,
    FaultKind,
    Index,
    IndexFault,
    Lookup,
    Pace,
    Request,
    Response,
)
from pipelines.ingestion.literature import Literature
from pipelines.ingestion.lookups import Asked, Known
from pipelines.ingestion.search.federated import Found, ask_indexes, named_by, screen
from pipelines.ingestion.search.queries import queries_of
from pipelines.models import FullTextLocation, Notice, NoticeKind, Work

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
TERMS = queries_of("Does moss keep clay tiles wet?")
PLACE = "https://texts.example.org/moss.txt"
BODY = (
    "Moss and clay tiles\n\n"
    + "We laid moss on clay tiles and weighed the tiles each day after rain. " * 40
    + "\n\nMoss kept the clay tiles wet for two days.\n"
)


def idf(stem: str) -> float:
    return 1.0


def moss(name: str, **fields: object) -> Work:
    given = {
        "source_id": f"doi:10.5555/{name}",
        "title": f"Moss on clay tiles, {name}",
        "text": "Moss kept clay tiles wet.",
        "text_kind": "abstract",
        "origin": "crossref",
    }
    return Work.model_validate(given | fields)


@dataclass
class Services:
    """Works by index; a fault where an index has none. Remembers what it saved, and which texts were fetched."""

    works: Mapping[str, Sequence[Work]]
    held: dict[str, Known] = field(default_factory=dict)
    fetched: list[str] = field(default_factory=list)

    def ask(self, index: Index, request: Request) -> Response | IndexFault:
        if index.name not in self.works:
            return IndexFault(FaultKind.UNAVAILABLE, "it answered 503")
        return Response(f"{index.name} {request.url}", 200, {}, b"", NOON)

    def fetch(self, url: str, *, most_bytes: int) -> Response | IndexFault:
        self.fetched.append(url)
        return Response(url, 200, {"content-type": "text/plain; charset=utf-8"}, BODY.encode(), NOON)

    def known(self, keys: Sequence[str]) -> Mapping[str, Known]:
        return {key: self.held[key] for key in keys if key in self.held}

    def raw_answers(self, keys: Sequence[str]) -> Mapping[str, Response]:
        return {}

    def save(self, asked: Sequence[Asked]) -> None:
        self.held |= {known.lookup.key: known for one in asked for known in one.known}

    def index(self, name: str, asks_by: frozenset[By]) -> Index:
        def request(lookups: Sequence[Lookup], base: str) -> Request:
            return Request(f"{base}/{lookups[0].value}")

        def parse(response: Response) -> Answered | IndexFault:
            words = response.url.split("/")[-1]
            works = self.works[name]
            if By.SEARCH not in asks_by:
                works = [one for one in works if one.source_id.endswith(words)]
            return Answered(tuple(works))

        return Index(name, name, f"http://{name}", Pace(1, 1.0), asks_by, "", "", request, parse)

    def literature(self, *, full_texts: bool) -> Literature:
        indexes = {
            "openalex": self.index("openalex", frozenset({By.SEARCH})),
            "arxiv": self.index("arxiv", frozenset({By.SEARCH})),
            "crossref": self.index("crossref", frozenset({By.DOI})),
        }
        if full_texts:
            indexes[full_text.INDEX.name] = full_text.INDEX
        return Literature(Asker(indexes, {}, self, self, lambda: NOON, timedelta(days=7), "reader"))


def test_every_index_is_asked_and_one_that_fails_is_named_with_its_reason() -> None:
    services = Services({"openalex": [moss("a"), moss("b")]})
    found = ask_indexes(TERMS, services.literature(full_texts=False))
    assert [(one.index, one.found, one.fault) for one in sorted(found.asked, key=lambda one: one.index)] == [
        ("arxiv", 0, "it answered 503"),
        ("openalex", 2, None),
    ]
    assert [(hit.index, hit.rank) for hit in found.hits] == [("openalex", 1), ("openalex", 2)]


def test_the_same_work_of_a_library_and_an_index_is_one_and_the_counts_add_up() -> None:
    services = Services({"openalex": [moss("a")], "arxiv": [moss("b")], "crossref": []})
    literature = services.literature(full_texts=False)
    found = named_by("library:shelf", [moss("a")], TERMS).and_(ask_indexes(TERMS, literature))
    screened = screen(TERMS, found, idf, literature)
    assert (screened.prisma.identified_in_all, screened.prisma.duplicates_removed) == (3, 1)
    assert {work.source_id for work in screened.works} == {"doi:10.5555/a", "doi:10.5555/b"}


def test_open_full_texts_are_read_where_that_is_allowed_and_only_there() -> None:
    place = FullTextLocation(url=PLACE, licence="CC-BY-4.0")
    for allowed in (True, False):
        services = Services({"openalex": [], "arxiv": [], "crossref": [moss("a", full_texts=(place,))]})
        literature = services.literature(full_texts=allowed)
        (work,) = screen(TERMS, named_by("openalex", [moss("a")], TERMS), idf, literature).works
        assert services.fetched == ([PLACE] if allowed else [])
        assert work.text_kind == ("fulltext" if allowed else "abstract")
        assert ("weighed the tiles" in (work.text or "")) == allowed
        assert work.licence == ("CC-BY-4.0" if allowed else None)


def test_a_work_whose_retraction_only_comes_to_light_when_it_is_read_is_left_out_then() -> None:
    retracted = Notice(kind=NoticeKind.RETRACTED, id="doi:10.5555/n", origin="crossref:publisher")
    services = Services({"openalex": [], "arxiv": [], "crossref": [moss("a", notices=(retracted,))]})
    literature = services.literature(full_texts=True)
    screened = screen(TERMS, named_by("openalex", [moss("a")], TERMS), idf, literature)
    assert screened.works == ()
    assert [(one.reason.value, one.works) for one in screened.prisma.excluded_assessed] == [("retracted", 1)]


def test_nothing_found_is_nothing_screened() -> None:
    services = Services({})
    screened = screen(TERMS, Found(), idf, services.literature(full_texts=True))
    assert screened.works == ()
    assert screened.prisma.identified_in_all == screened.prisma.included == 0
