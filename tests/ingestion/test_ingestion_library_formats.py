"""What a library's files may be written in: RIS, CSL-JSON, JATS, TEI, packed lines, rows of the arXiv snapshot."""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.ingestion import library_formats
from pipelines.ingestion.library import Library, read_library
from pipelines.ingestion.library_rows import UnusableWork, work_of_csl, work_of_row
from pipelines.models import Work


def write_rows(path: Path, *rows: object) -> Path:
    path.write_bytes(lines(*rows))
    return path


def lines(*rows: object) -> bytes:
    return "\n".join(json.dumps(row) for row in rows).encode()


def packed(path: Path, data: bytes) -> Path:
    path.write_bytes(gzip.compress(data))
    return path


def reasons(library: Library) -> list[str]:
    return [rejection.reason for rejection in library.rejected]


RIS = """TY  - JOUR
AU  - Nemo, Nils
AU  - Outis, Olga
TI  - A made-up effect of made-up methods
JO  - Journal of Made-up Results
PY  - 2019/03/01
DO  - 10.1234/RIS
AB  - It works, P <.05 in all cases.
ER  -

TY  - CHAP
AU  - Nemo, Nils
TI  - A chapter on nothing
BT  - A whole book
SN  - 9780306406157
UR  - https://arxiv.org/abs/2401.00002v3
N2  - Nothing is said at length.
ER  -

TY  - JOUR
AU  - Nobody
ER  -
"""


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_ris_entries_become_works_with_their_abstracts(tmp_path: Path, ends: str) -> None:
    (tmp_path / "a.ris").write_bytes(b"\xef\xbb\xbf" + RIS.replace("\n", ends).encode())
    library = read_library(tmp_path / "a.ris")
    chapter, article = library.works
    assert (article.source_id, article.title) == ("doi:10.1234/ris", "A made-up effect of made-up methods")
    assert (article.authors, article.year, article.type) == (("Nemo, Nils", "Outis, Olga"), 2019, "journal-article")
    assert (article.text, article.text_kind) == ("It works, P <.05 in all cases.", "abstract")
    assert article.venue == "Journal of Made-up Results"
    assert (chapter.source_id, chapter.aliases, chapter.version) == ("arxiv:2401.00002", (), "3")
    assert chapter.type == "book-chapter"
    (bad,) = library.rejected
    assert (bad.path.rsplit(":")[-1], bad.reason) == ("20", "the work has no title")


def test_a_chapter_is_not_called_by_the_isbn_of_its_book_but_a_book_is(tmp_path: Path) -> None:
    items = [{"type": kind, "title": f"Title of a {kind}", "ISBN": "978-0-306-40615-7"} for kind in ("book", "chapter")]
    (tmp_path / "a.csl.json").write_text(json.dumps(items))
    by_type = {found.type: found.source_id for found in read_library(tmp_path).works}
    assert by_type["book"] == "isbn:9780306406157"
    assert by_type["book-chapter"].startswith("title:")


def test_csl_json_items_become_works_and_an_item_without_title_is_rejected(tmp_path: Path) -> None:
    item = {
        "id": "nemo2020",
        "type": "article-journal",
        "title": "A <i>made-up</i> effect.",
        "DOI": "10.1234/CSL",
        "author": [{"family": "Nemo", "given": "Nils"}, {"literal": "The Group"}],
        "issued": {"date-parts": [[2020, 5]]},
        "container-title": "Journal of Made-up Results",
        "abstract": "<jats:p>It is 3 &lt; 4 &amp; so on.</jats:p>",
    }
    untitled = {"type": "book", "DOI": "10.1234/none"}
    (tmp_path / "works.json").write_text(json.dumps([item, untitled, 3]))
    library = read_library(tmp_path)
    (found,) = library.works
    assert (found.source_id, found.title, found.year) == ("doi:10.1234/csl", "A made-up effect", 2020)
    assert (found.authors, found.type) == (("Nemo, Nils", "The Group"), "journal-article")
    assert found.text == "It is 3 < 4 & so on."
    assert [rejection.path.rsplit(":")[-1] for rejection in library.rejected] == ["item 2", "item 3"]


def test_a_ris_file_of_bad_entries_is_given_up_after_some(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(library_formats, "MAX_BAD_LINES", 3)
    (tmp_path / "a.ris").write_text("TY  - JOUR\nER  -\n\n" * 50)
    library = read_library(tmp_path)
    assert [rejection.path.rsplit(":")[-1] for rejection in library.rejected] == ["1", "4", "7", "7"]
    assert reasons(library)[-1] == "it has 3 entries that are no works: what follows is not read"


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["TY", "AU", "TI", "PY", "DO", "UR", "SN", "AB", "ER", "ZZ", "KW"]), st.text(max_size=12)
        )
    )
)
def test_ris_lines_in_any_order_are_works_or_refused(
    tmp_path_factory: pytest.TempPathFactory, fields: list[tuple[str, str]]
) -> None:
    path = tmp_path_factory.mktemp("fuzz") / "a.ris"
    path.write_text("TY  - JOUR\n" + "".join(f"{tag}  - {words}\n" for tag, words in fields))
    library = read_library(path)
    assert library.works or library.rejected


@pytest.mark.parametrize("content", ["[]", '{"a": 1}', "[1, 2]", '[{"type": "x"}]', "[", '[{"title": "T"}]'])
def test_json_that_is_no_csl_is_rejected_as_a_file(tmp_path: Path, content: str) -> None:
    (tmp_path / "a.json").write_text(content)
    library = read_library(tmp_path)
    assert (library.works, len(library.rejected)) == ((), 1)


JATS = """<?xml version="1.0"?><article xmlns:xlink="http://www.w3.org/1999/xlink"><front><journal-meta>
<journal-title-group><journal-title>Journal of Made-up Results</journal-title></journal-title-group></journal-meta>
<article-meta><article-id pub-id-type="doi">10.1234/jats</article-id><article-id pub-id-type="pmid">77</article-id>
<title-group><article-title>A made-up article</article-title></title-group><contrib-group>
<contrib contrib-type="author"><name><surname>Nemo</surname><given-names>Nils</given-names></name></contrib>
</contrib-group><pub-date><year>2018</year></pub-date><abstract><p>In short, it works.</p></abstract>
</article-meta></front>{body}</article>"""
TEI = """<TEI xmlns="http://www.tei-c.org/ns/1.0"><teiHeader><fileDesc><titleStmt><title level="a" type="main">
A made-up paper</title></titleStmt><sourceDesc><biblStruct><analytic><idno type="DOI">10.1234/tei</idno></analytic>
</biblStruct></sourceDesc></fileDesc></teiHeader><text><body><div><head>Results</head><p>It works well.</p></div>
</body></text></TEI>"""


def test_articles_in_jats_and_tei_become_full_texts_and_one_without_body_an_abstract(tmp_path: Path) -> None:
    body = "<body><sec><title>Results</title><p>It works in every case.</p></sec></body>"
    (tmp_path / "a.nxml").write_text(JATS.format(body=body))
    (tmp_path / "b.xml").write_text(TEI)
    (tmp_path / "c.xml").write_text(JATS.format(body="").replace("10.1234/jats", "10.1234/front").replace("77", "78"))
    (tmp_path / "d.xml").write_text("<anything/>")
    (tmp_path / "e.xml").write_text("<article><front>")
    library = read_library(tmp_path)
    front, jats, tei = library.works
    assert (jats.source_id, jats.aliases) == ("doi:10.1234/jats", ("pmid:77",))
    assert (jats.text_kind, jats.complete, jats.year) == ("fulltext", True, 2018)
    assert "It works in every case." in (jats.text or "")
    assert (front.text, front.text_kind, front.complete) == ("In short, it works.", "abstract", None)
    assert (tei.source_id, tei.title, tei.text_kind) == ("doi:10.1234/tei", "A made-up paper", "fulltext")
    assert [Path(rejection.path).name for rejection in library.rejected] == ["d.xml", "e.xml"]


# --- packed lines -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["a.jsonl.gz", "A.NDJSON.GZ"])
def test_packed_lines_are_read_like_plain_ones(tmp_path: Path, name: str) -> None:
    packed(tmp_path / name, lines({"title": "One", "doi": "10.1234/a"}, {"title": ""}, {"title": "Two"}))
    library = read_library(tmp_path)
    assert {found.title for found in library.works} == {"One", "Two"}
    assert library.works[0].origin == f"library:{name}"
    assert [rejection.path.rsplit(":")[-1] for rejection in library.rejected] == ["2"]


def test_a_packed_file_that_is_cut_off_keeps_the_rows_before_the_cut(tmp_path: Path) -> None:
    rows = [{"title": f"Work number {number}", "doi": f"10.1234/{number * 7919}"} for number in range(2_000)]
    whole = gzip.compress(lines(*rows))
    (tmp_path / "a.jsonl.gz").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "b.jsonl.gz").write_bytes(b"no gzip at all")
    library = read_library(tmp_path)
    assert 0 < len(library.works) < 2_000
    assert [reason.split(":")[0] for reason in reasons(library)] == ["it is no whole gzip file"] * 2


def test_a_file_that_unpacks_beyond_the_bound_is_read_up_to_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(library_formats, "MAX_UNPACKED", 5_000_000)
    monkeypatch.setattr(library_formats, "MAX_LINE", 1_000)
    packed(tmp_path / "a.jsonl.gz", lines({"title": "Before"}) + b"\n" + b" " * 50_000_000)
    library = read_library(tmp_path)
    assert [found.title for found in library.works] == ["Before"]
    assert reasons(library) == ["it is too long: what follows is not read"]


def test_a_line_that_is_too_long_is_passed_over_and_the_next_one_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(library_formats, "MAX_LINE", 1_000)
    long = json.dumps({"title": "x" * 10_000}).encode()
    packed(tmp_path / "a.jsonl.gz", long + b"\n" + lines({"title": "After"}))
    library = read_library(tmp_path)
    assert [found.title for found in library.works] == ["After"]
    assert reasons(library) == ["the line is longer than 1,000 bytes"]


def test_a_file_of_bad_lines_is_given_up_after_some(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(library_formats, "MAX_BAD_LINES", 3)
    (tmp_path / "a.jsonl").write_text("x\n" * 50)
    found = reasons(read_library(tmp_path))
    assert len(found) == 4
    assert found[-1] == "it has 3 lines that are no works: what follows is not read"


# --- rows of the arXiv metadata snapshot --------------------------------------------------------


def snapshot(**fields: object) -> dict[str, object]:
    base = {"id": "2401.00001", "title": "One", "abstract": " It\n works. ", "categories": ["cs.LG"]}
    return {**base, "authors": "A. Nemo, B. Outis and C. Nobody", "created": "2024-01-02", **fields}


def one(path: Path, row: object) -> Work:
    (found,) = read_library(write_rows(path / "s.jsonl", row)).works
    return found


def test_a_row_of_the_snapshot_is_read_by_its_own_names(tmp_path: Path) -> None:
    found = one(tmp_path, snapshot(license="CC0", doi="10.1234/A"))
    assert (found.source_id, found.aliases) == ("doi:10.1234/a", ("arxiv:2401.00001",))
    assert (found.year, found.licence, found.type) == (2024, "CC0", "preprint")
    assert (found.text, found.text_kind) == ("It\n works.", "abstract")
    assert found.authors == ("A. Nemo", "B. Outis", "C. Nobody")


@pytest.mark.parametrize(
    ("authors", "names"),
    [
        ("A. Nemo", ("A. Nemo",)),
        ("A. Nemo, and B. Outis", ("A. Nemo", "B. Outis")),
        ("A. Nemo (1, 2), B. Outis ((1) Here, There (2) Nowhere)", ("A. Nemo", "B. Outis")),
        ("A. Nemo, Jr., B. Outis", ("A. Nemo Jr.", "B. Outis")),
        ("Nemo, A.; Outis, B.", ("Nemo, A.", "Outis, B.")),
        ("Andrew Sandy & B. Outis", ("Andrew Sandy", "B. Outis")),
        ("", ()),
        (None, ()),
        (["A. Nemo", "B. Outis"], ("A. Nemo", "B. Outis")),
    ],
)
def test_the_authors_of_a_snapshot_row_stand_in_one_string(
    tmp_path: Path, authors: object, names: tuple[str, ...]
) -> None:
    assert one(tmp_path, snapshot(authors=authors)).authors == names


@pytest.mark.parametrize(
    ("doi", "identifiers"),
    [
        ("10.1234/A 10.1234/B", ("doi:10.1234/a", "arxiv:2401.00001")),
        ("see below; 10.1234/b", ("doi:10.1234/b", "arxiv:2401.00001")),
        ("to appear", ("arxiv:2401.00001",)),
        ("", ("arxiv:2401.00001",)),
        (None, ("arxiv:2401.00001",)),
    ],
)
def test_of_the_dois_of_a_snapshot_row_the_first_good_one_counts(
    tmp_path: Path, doi: object, identifiers: tuple[str, ...]
) -> None:
    found = one(tmp_path, snapshot(doi=doi))
    assert (found.source_id, *found.aliases) == identifiers


def test_the_year_and_version_of_a_snapshot_row_may_stand_in_its_list_of_versions(tmp_path: Path) -> None:
    versions = [{"version": "v1", "created": "Mon, 2 Apr 2007 19:18:42 GMT"}, {"version": "v2", "created": "2008"}]
    found = one(tmp_path, snapshot(id="hep-th/9301002", created=None, versions=versions, categories="hep-th gr-qc"))
    assert (found.source_id, found.year, found.version) == ("arxiv:hep-th/9301002", 2007, "2")
    assert one(tmp_path, snapshot(id="2401.00001v3")).version == "3"
    undated = one(tmp_path, snapshot(created=None, versions=[]))
    assert (undated.year, undated.version) == (None, None)


@pytest.mark.parametrize(
    "row",
    [
        {"id": "2401.00001", "title": "One", "abstract": "It works."},
        {"id": "2401.00001", "arxiv_id": None, "title": "One", "categories": ["cs.LG"]},
        {"id": "row 7", "title": "One", "categories": ["cs.LG"]},
        {"id": 2401.00001, "title": "One", "categories": ["cs.LG"]},
        {"id": "see arXiv:2401.00001", "title": "One", "categories": ["cs.LG"]},
    ],
)
def test_an_id_that_is_not_surely_an_arxiv_id_is_not_taken_for_one(tmp_path: Path, row: object) -> None:
    assert one(tmp_path, row).source_id.startswith("title:")


def test_a_bad_doi_still_rejects_a_row_of_ours(tmp_path: Path) -> None:
    library = read_library(write_rows(tmp_path / "s.jsonl", {"title": "One", "doi": "to appear"}))
    assert (library.works, len(library.rejected)) == ((), 1)


def test_a_doi_that_two_different_arxiv_papers_claim_is_nobodys(tmp_path: Path) -> None:
    path = write_rows(
        tmp_path / "s.jsonl",
        snapshot(id="2401.00001", doi="10.1234/a", title="On the growth of made-up crystals"),
        snapshot(id="2401.00002", doi="10.1234/a", title="Penguin decays without any penguins"),
        snapshot(id="2401.00003", doi="10.1234/b", title="The same paper, submitted two times"),
        snapshot(id="hep-th/0101001", doi="10.1234/b", title="The Same Paper Submitted Two Times"),
    )
    names = [{found.source_id, *found.aliases} for found in read_library(path).works]
    assert names == [
        {"arxiv:2401.00001"},
        {"arxiv:2401.00002"},
        {"doi:10.1234/b", "arxiv:2401.00003", "arxiv:hep-th/0101001"},
    ]


def is_titled_or_refused(make: Callable[[], Work]) -> bool:
    try:
        return bool(make().title.strip())
    except UnusableWork as error:
        return bool(error.reason)


ROWS = st.dictionaries(
    st.sampled_from(
        ["id", "title", "abstract", "authors", "categories", "doi", "created", "versions", "license", "journal-ref"]
    ),
    st.none()
    | st.integers()
    | st.text(max_size=30)
    | st.sampled_from(["2401.00001", "10.1234/a"])
    | st.lists(st.text(max_size=5) | st.dictionaries(st.sampled_from(["version", "created"]), st.text(), max_size=2)),
)


@given(ROWS)
def test_a_row_of_any_shape_is_a_work_with_a_title_or_is_refused(row: dict[str, object]) -> None:
    assert is_titled_or_refused(lambda: work_of_row(row, "library:x"))


@given(
    st.dictionaries(
        st.sampled_from(["type", "title", "author", "issued", "DOI", "abstract", "URL"]),
        st.none()
        | st.text()
        | st.lists(st.text())
        | st.dictionaries(st.sampled_from(["date-parts", "family"]), st.lists(st.integers())),
    )
)
def test_a_csl_item_of_any_shape_is_a_work_with_a_title_or_is_refused(item: dict[str, object]) -> None:
    assert is_titled_or_refused(lambda: work_of_csl(item, "library:x"))


@given(st.binary(max_size=400), st.sampled_from([".ris", ".json", ".jsonl", ".jsonl.gz"]))
def test_no_bytes_of_a_library_file_raise(tmp_path_factory: pytest.TempPathFactory, data: bytes, ending: str) -> None:
    path = tmp_path_factory.mktemp("fuzz") / f"a{ending}"
    path.write_bytes(data)
    library = read_library(path)
    assert isinstance(library.works, tuple)
    assert all(rejection.reason for rejection in library.rejected)


ABSTRACTS = "texts/abstracts/arxiv_abstracts.jsonl.gz"


@pytest.mark.skipif(not os.environ.get("CLAIMGATE_CORPUS"), reason="CLAIMGATE_CORPUS names no corpus")
def test_the_arxiv_abstracts_are_read_without_a_rejection() -> None:
    library = read_library(Path(os.environ["CLAIMGATE_CORPUS"]) / ABSTRACTS)
    names = [name for found in library.works for name in (found.source_id, *found.aliases)]
    assert library.rejected == ()
    # Every one of the 14,838 rows keeps its arXiv id; six papers were submitted twice and are one work each.
    assert sum(name.startswith("arxiv:") for name in names) == 14_838
    assert len(library.works) == 14_832
    assert all(found.text and found.year and found.authors for found in library.works)
    by_name = {name: found for found in library.works for name in (found.source_id, *found.aliases)}
    assert by_name["arxiv:hep-th/9301002"].year == 1993
    assert by_name["arxiv:hep-th/9301002"].authors == ("I. Antoniadis", "P. O. Mazur", "E. Mottola")
    # One of these two states the DOI of the other.
    assert by_name["arxiv:hep-ph/9406291"].title != by_name["arxiv:hep-ph/9407288"].title


@pytest.mark.skipif(not os.environ.get("CLAIMGATE_CORPUS"), reason="CLAIMGATE_CORPUS names no corpus")
@pytest.mark.parametrize(("folder", "count"), [("jats", 11), ("grobid_tei", 15)])
def test_the_full_texts_in_xml_are_read_as_works(folder: str, count: int) -> None:
    library = read_library(Path(os.environ["CLAIMGATE_CORPUS"]) / "texts" / folder)
    assert library.rejected == ()
    assert len(library.works) == count
    assert all(found.text and len(found.text) > 200 for found in library.works)
