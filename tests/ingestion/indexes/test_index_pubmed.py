"""PubMed: what is asked, and what its answers are read as."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.ingestion.indexes.contract import Answered, By, FaultKind, IndexFault, Lookup, Response
from pipelines.ingestion.indexes.pubmed import BASE, INDEX
from pipelines.models import NoticeKind, Work
from tests.ingestion.indexes.expected_pubmed import EXPECTED
from tests.ingestion.indexes.recorded import Expected, assert_read_as, recordings, response_of, rows

needs_recordings = pytest.mark.skipif(recordings() is None, reason="CLAIMGATE_CORPUS names no recorded answers")

ARTICLE = """<?xml version="1.0" ?>
<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle//EN" "https://example.org/pubmed.dtd">
<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID Version="{version}">123</PMID><Article>
<Journal><JournalIssue><PubDate>{date}</PubDate></JournalIssue><Title>Journal of Made-up Results</Title></Journal>
<ArticleTitle>{title}</ArticleTitle>{located}<Abstract>{abstract}</Abstract>{authors}
<PublicationTypeList>{types}</PublicationTypeList>{vernacular}</Article>
<CommentsCorrectionsList>{links}</CommentsCorrectionsList></MedlineCitation>
<PubmedData>{ids}<ReferenceList><Reference><ArticleIdList><ArticleId IdType="doi">10.9999/cited</ArticleId>
<ArticleId IdType="pubmed">999</ArticleId></ArticleIdList></Reference></ReferenceList></PubmedData>
</PubmedArticle></PubmedArticleSet>"""
FIELDS = {
    "version": "1",
    "date": "<Year>2020</Year>",
    "title": "A made-up effect.",
    "types": "<PublicationType>Journal Article</PublicationType>",
}


def response(body: bytes | str, status: int = 200, **headers: str) -> Response:
    data = body if isinstance(body, bytes) else body.encode()
    return Response(f"{BASE}/efetch.fcgi", status, headers, data, datetime(2026, 1, 1, tzinfo=UTC))


def read(body: bytes | str) -> tuple[Work, ...]:
    found = INDEX.parse(response(body))
    assert isinstance(found, Answered), found
    return found.works


def fault(body: bytes | str, status: int = 200, **headers: str) -> IndexFault:
    found = INDEX.parse(response(body, status, **headers))
    assert isinstance(found, IndexFault), found
    assert len(found.message) < 400
    return found


def article(**fields: str) -> Work:
    (work,) = read(filled(**fields))
    return work


def filled(**fields: str) -> str:
    empty = dict.fromkeys(("located", "abstract", "authors", "vernacular", "links", "ids"), "")
    return ARTICLE.format(**{**empty, **FIELDS, **fields})


# --- recorded answers ---------------------------------------------------------------------------


@needs_recordings
@pytest.mark.parametrize("file", sorted(EXPECTED))
def test_a_recorded_answer_is_read_as_what_it_holds(file: str) -> None:
    assert_read_as(INDEX, file, EXPECTED[file])


@needs_recordings
def test_every_recorded_answer_has_an_expectation() -> None:
    assert set(EXPECTED) == {file for file in rows() if file.startswith("pubmed/")}


@needs_recordings
def test_an_erratum_that_was_recorded_is_about_another_work_and_not_about_itself() -> None:
    (work,) = _recorded("pubmed/4fcb96620fa8.xml")
    assert (work.type, work.notices) == ("correction", ())
    (update,) = work.updates
    assert (update.target, update.notice.kind) == ("pmid:38446048", NoticeKind.CORRECTED)


@needs_recordings
def test_a_recorded_article_names_its_preprint_as_an_earlier_version() -> None:
    (work,) = _recorded("pubmed/5c7ae67177c2.xml")
    versions = [(version.label, version.source_id) for version in work.versions]
    assert versions == [("preprint", "pmid:35794888"), ("published", "pmid:36156117")]
    assert work.notices == ()


@needs_recordings
def test_the_recorded_correction_of_a_retracted_article_has_no_number_and_keeps_its_citation() -> None:
    (work,) = _recorded("pubmed/6646150a4d8e.xml")
    by_kind = {notice.kind: notice for notice in work.notices}
    assert by_kind[NoticeKind.RETRACTED].id == "pmid:9499167"
    assert by_kind[NoticeKind.RETRACTED].date == "1998-02"
    assert by_kind[NoticeKind.CORRECTED].id is None
    assert by_kind[NoticeKind.CORRECTED].detail == "Mol Pharmacol 1997 Mar;51(3):533"


def _recorded(file: str) -> tuple[Work, ...]:
    found = INDEX.parse(response_of(file))
    assert isinstance(found, Answered)
    return found.works


# --- asking -------------------------------------------------------------------------------------


def test_several_numbers_are_asked_for_at_once_and_nothing_but_digits_is_sent() -> None:
    lookups = [Lookup("pubmed", By.PMID, value) for value in ("123", "45&db=pmc", "678")]
    asked = INDEX.request(lookups, "http://127.0.0.1:9/eutils")
    assert asked.url == "http://127.0.0.1:9/eutils/efetch.fcgi"
    assert dict(asked.params) == {"db": "pubmed", "id": "123,45,678", "retmode": "xml", "tool": "claimgate"}
    assert (asked.method, asked.body) == ("GET", None)


def test_it_is_asked_by_number_only_since_a_search_answers_without_titles() -> None:
    assert INDEX.asks_by == {By.PMID}
    assert INDEX.batch[By.PMID] == 100


# --- works --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("date", "year"),
    [
        ("<Year>1999</Year><Month>Dec</Month>", 1999),
        ("<MedlineDate>1998 Dec-1999 Jan</MedlineDate>", 1998),
        ("<MedlineDate>Winter 2004</MedlineDate>", 2004),
        ("<MedlineDate>no date</MedlineDate>", None),
        ("<Year>19999</Year>", None),
        ("", None),
    ],
)
def test_the_year_is_read_from_either_form_of_a_date(date: str, year: int | None) -> None:
    assert article(date=date).year == year


def test_the_parts_of_an_abstract_keep_their_labels_and_their_inner_mark_up_goes() -> None:
    work = article(
        abstract='<AbstractText Label="AIM">To see if <i>x</i><sub>2</sub> &lt; 3 &amp; y &gt; 1.</AbstractText>'
        "<AbstractText>No label<!-- nor comment -->.</AbstractText>"
        '<AbstractText Label="UNLABELLED">Nor here.</AbstractText><AbstractText Label="EMPTY"/>'
    )
    assert work.text == "AIM: To see if x2 < 3 & y > 1.\nNo label.\nNor here."
    assert (work.text_kind, work.complete) == ("abstract", None)


def test_an_abstract_that_was_cut_says_so() -> None:
    cut = article(abstract="<AbstractText>It begins well. (ABSTRACT TRUNCATED AT 250 WORDS)</AbstractText>")
    assert cut.complete is False
    assert article().text is None


def test_identifiers_are_those_of_the_article_and_not_of_what_it_cites() -> None:
    ids = '<ArticleIdList><ArticleId IdType="doi">10.1234/ABC</ArticleId><ArticleId IdType="pmc">PMC77</ArticleId>'
    work = article(ids=ids + '<ArticleId IdType="pii">S1</ArticleId></ArticleIdList>')
    assert (work.source_id, work.aliases) == ("doi:10.1234/abc", ("pmid:123", "pmcid:PMC77"))
    assert (article().source_id, article().aliases) == ("pmid:123", ())


def test_the_doi_may_stand_among_the_electronic_locations_if_it_is_marked_valid() -> None:
    located = '<ELocationID EIdType="pii" ValidYN="Y">9</ELocationID><ELocationID EIdType="doi" ValidYN="{}">{}'
    assert article(located=located.format("Y", "10.1234/x</ELocationID>")).source_id == "doi:10.1234/x"
    assert article(located=located.format("N", "10.1234/x</ELocationID>")).source_id == "pmid:123"


@pytest.mark.parametrize(
    ("title", "read_as"),
    [
        ("[A translated title].", "A translated title"),
        ("[Part] of <i>it</i> is [bracketed].", "[Part] of it is [bracketed]"),
        ("What of made in the U.S.", "What of made in the U.S."),
        ("And so on...", "And so on..."),
        ("p &lt; 0.05 and q &gt; 1.", "p < 0.05 and q > 1"),
        ("[Not Available].", "Un titre"),
    ],
)
def test_a_title_is_read_without_its_stop_and_the_brackets_of_a_translation(title: str, read_as: str) -> None:
    assert article(title=title, vernacular="<VernacularTitle>Un titre.</VernacularTitle>").title == read_as


def test_authors_are_family_and_given_name_or_a_group_and_wrong_names_are_left_out() -> None:
    work = article(
        authors="<AuthorList><Author ValidYN='Y'><LastName>Nemo</LastName><ForeName>Nils</ForeName></Author>"
        "<Author ValidYN='N'><LastName>Neno</LastName></Author><Author><LastName>Outis</LastName>"
        "<Initials>O</Initials></Author><Author><CollectiveName>The Group</CollectiveName></Author></AuthorList>"
    )
    assert work.authors == ("Nemo, Nils", "Outis, O", "The Group")


def test_a_second_version_of_a_record_says_which_it_is() -> None:
    assert (article(version="2").version, article().version) == ("2", None)


def test_a_chapter_of_a_book_is_read_with_the_book_as_its_venue() -> None:
    (work,) = read(
        "<PubmedArticleSet><PubmedBookArticle><BookDocument><PMID>7</PMID><ArticleIdList>"
        '<ArticleId IdType="doi">10.1234/ch</ArticleId></ArticleIdList><Book><BookTitle>Made-up Medicine</BookTitle>'
        "<PubDate><Year>2011</Year></PubDate></Book><ArticleTitle>On nothing</ArticleTitle>"
        "<AuthorList Type='editors'><Author><LastName>Editrix</LastName></Author></AuthorList>"
        "<AuthorList Type='authors'><Author><LastName>Nemo</LastName></Author></AuthorList></BookDocument>"
        "</PubmedBookArticle></PubmedArticleSet>"
    )
    assert (work.title, work.venue, work.year, work.type) == ("On nothing", "Made-up Medicine", 2011, "book-chapter")
    assert (work.source_id, work.aliases, work.authors) == ("doi:10.1234/ch", ("pmid:7",), ("Nemo",))


# --- notices, both ways -------------------------------------------------------------------------


def link(relation: str, pmid: str | None = "456", source: str = "J Mad Res. 2021 Mar 4;1(2):3") -> str:
    number = f"<PMID>{pmid}</PMID>" if pmid else ""
    return f'<CommentsCorrections RefType="{relation}"><RefSource>{source}</RefSource>{number}</CommentsCorrections>'


@pytest.mark.parametrize(
    ("relation", "kind", "detail"),
    [
        ("RetractionIn", NoticeKind.RETRACTED, None),
        ("PartialRetractionIn", NoticeKind.RETRACTED, "a part of it is retracted"),
        ("RetractedandRepublishedIn", NoticeKind.RETRACTED, "retracted and published anew"),
        ("ErratumIn", NoticeKind.CORRECTED, None),
        ("CorrectedandRepublishedIn", NoticeKind.CORRECTED, "corrected and published anew"),
        ("ExpressionOfConcernIn", NoticeKind.CONCERN, None),
        ("UpdateIn", NoticeKind.SUPERSEDED, "a later version is published"),
    ],
)
def test_what_was_published_about_an_article_is_a_notice_of_it(
    relation: str, kind: NoticeKind, detail: str | None
) -> None:
    work = article(links=link(relation))
    (notice,) = work.notices
    assert (notice.kind, notice.id, notice.date, notice.origin) == (kind, "pmid:456", "2021-03-04", "pubmed")
    assert notice.detail is not None
    assert notice.detail.startswith(detail or "J Mad Res.")
    assert work.updates == ()


@pytest.mark.parametrize(
    ("relation", "kind"),
    [
        ("RetractionOf", NoticeKind.RETRACTED),
        ("PartialRetractionOf", NoticeKind.RETRACTED),
        ("ErratumFor", NoticeKind.CORRECTED),
        ("CorrectedandRepublishedFrom", NoticeKind.CORRECTED),
        ("ExpressionOfConcernFor", NoticeKind.CONCERN),
        ("UpdateOf", NoticeKind.SUPERSEDED),
    ],
)
def test_a_notice_speaks_of_the_other_work_and_bears_no_notice_itself(relation: str, kind: NoticeKind) -> None:
    types = "<PublicationType>Retraction of Publication</PublicationType>" if "Retraction" in relation else ""
    work = article(links=link(relation), types=types)
    assert work.notices == ()
    (update,) = work.updates
    assert (update.target, update.notice.kind) == ("pmid:456", kind)
    assert update.notice.id == "pmid:123"


@pytest.mark.parametrize(
    "relation", ["CommentIn", "CommentOn", "Cites", "AssociatedDataset", "RepublishedFrom", "SummaryForPatientsIn", ""]
)
def test_other_links_are_no_notices(relation: str) -> None:
    work = article(links=link(relation))
    assert (work.notices, work.updates, work.versions) == ((), (), ())


def test_a_retracted_publication_without_a_link_is_retracted_and_with_one_is_so_once() -> None:
    retracted = "<PublicationType>Journal Article</PublicationType><PublicationType>Retracted Publication"
    alone = article(types=retracted + "</PublicationType>")
    assert [(notice.kind, notice.id) for notice in alone.notices] == [(NoticeKind.RETRACTED, None)]
    linked = article(types=retracted + "</PublicationType>", links=link("RetractionIn"))
    assert [(notice.kind, notice.id) for notice in linked.notices] == [(NoticeKind.RETRACTED, "pmid:456")]


def test_the_mark_before_a_title_is_a_notice_where_the_record_says_nothing_better() -> None:
    marked = article(title="WITHDRAWN: A made-up review.")
    assert marked.title == "A made-up review"
    assert [(notice.kind, notice.origin) for notice in marked.notices] == [(NoticeKind.WITHDRAWN, "pubmed:title")]
    linked = article(title="RETRACTED: A made-up effect.", links=link("RetractionIn"))
    assert [notice.id for notice in linked.notices] == ["pmid:456"]
    assert article(title="Retraction: A made-up effect.", links=link("RetractionOf")).notices == ()


def test_a_notice_without_a_number_is_kept_and_an_update_without_one_cannot_be() -> None:
    work = article(links=link("ErratumIn", pmid=None) + link("RetractionOf", pmid=None))
    assert [(notice.kind, notice.id) for notice in work.notices] == [(NoticeKind.CORRECTED, None)]
    assert work.updates == ()


def test_a_preprint_in_pubmed_names_the_article_that_followed_it() -> None:
    work = article(links=link("UpdateIn"), types="<PublicationType>Preprint</PublicationType>")
    assert [version.label for version in work.versions] == ["preprint", "published"]


# --- faults and absence -------------------------------------------------------------------------


def test_an_empty_set_says_that_nothing_is_held() -> None:
    assert read("<PubmedArticleSet></PubmedArticleSet>") == ()


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ('{"error":"API rate limit exceeded","api-key":"x","count":"4","limit":"3"}', FaultKind.TOO_FAST),
        ('{"error":"API key invalid"}', FaultKind.FORBIDDEN),
        ("<eFetchResult><ERROR>Cannot retrieve id</ERROR></eFetchResult>", FaultKind.BAD_REQUEST),
        ("<eFetchResult><ERROR>Backend temporarily unavailable</ERROR></eFetchResult>", FaultKind.UNAVAILABLE),
        (
            "<eSearchResult><Count>0</Count><ErrorList><PhraseNotFound>zz</PhraseNotFound></ErrorList></eSearchResult>",
            FaultKind.BAD_REQUEST,
        ),
        ('{"esearchresult":{"ERROR":"Invalid db name"}}', FaultKind.BAD_REQUEST),
        ('{"esearchresult":{"count":"1","idlist":["5"]}}', FaultKind.NOT_WORKS),
        ('{"linksets":[]}', FaultKind.NOT_WORKS),
        ('{"records":[{"pmid":"1"}]}', FaultKind.NOT_WORKS),
        ("<eLinkResult/>", FaultKind.NOT_WORKS),
        ("<anything/>", FaultKind.NOT_WORKS),
        ("[1, 2]", FaultKind.NOT_WORKS),
        ("<html><body>Too large</body></html>", FaultKind.MALFORMED),
        ("<!DOCTYPE html><html>", FaultKind.MALFORMED),
        ("<PubmedArticleSet><PubmedArticle>", FaultKind.MALFORMED),
        ('{"result": {"uids"', FaultKind.MALFORMED),
        ("", FaultKind.MALFORMED),
        ("plain words", FaultKind.MALFORMED),
        ("<PubmedArticleSet>Größe</PubmedArticleSet>".encode("latin-1"), FaultKind.MALFORMED),
    ],
)
def test_what_is_no_answer_about_works_is_a_named_fault(body: str | bytes, kind: FaultKind) -> None:
    assert fault(body).kind is kind


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, FaultKind.BAD_REQUEST),
        (404, FaultKind.BAD_REQUEST),
        (414, FaultKind.BAD_REQUEST),
        (302, FaultKind.BAD_REQUEST),
        (403, FaultKind.FORBIDDEN),
        (429, FaultKind.TOO_FAST),
        (502, FaultKind.UNAVAILABLE),
    ],
)
def test_a_status_that_is_no_answer_never_says_that_a_work_is_absent(status: int, kind: FaultKind) -> None:
    assert fault("<PubmedArticleSet/>", status).kind is kind


def test_the_wait_that_a_refusal_asks_for_is_kept() -> None:
    assert fault('{"error":"API rate limit exceeded"}', 429, **{"retry-after": "7"}).retry_after == 7.0


def test_a_record_without_a_title_is_a_fault_of_the_batch_and_never_an_absent_work() -> None:
    untitled = "<PubmedArticle><MedlineCitation><PMID>77</PMID><Article/></MedlineCitation></PubmedArticle>"
    found = fault(filled().replace("</PubmedArticleSet>", untitled + "</PubmedArticleSet>"))
    assert (found.kind, found.message) == (FaultKind.MALFORMED, "its record 77 has no title")


def test_summaries_are_works_with_titles_and_the_unknown_are_left_out() -> None:
    one = {
        "uid": "5",
        "title": "A made-up &lt;i&gt;effect&lt;/i&gt;.",
        "pubdate": "2019 Feb 3",
        "fulljournalname": "J",
        "authors": [{"name": "Nemo N"}, 3],
        "pubtype": ["Journal Article", "Retracted Publication"],
        "articleids": [{"idtype": "pubmed", "value": "5"}, {"idtype": "doi", "value": "10.1234/S"}, "x"],
    }
    (work,) = read(json.dumps({"result": {"uids": ["5", "6", 7], "5": one, "6": {"error": "cannot get"}}}))
    assert (work.title, work.year, work.source_id) == ("A made-up effect", 2019, "doi:10.1234/s")
    assert (work.aliases, work.authors) == (("pmid:5",), ("Nemo N",))
    assert [notice.kind for notice in work.notices] == [NoticeKind.RETRACTED]


def test_an_answer_in_another_declared_encoding_is_read() -> None:
    work = read(filled(title="Größe").replace('version="1.0"', 'version="1.0" encoding="iso-8859-1"').encode("latin-1"))
    assert [one.title for one in work] == ["Größe"]


# --- hostile bodies -----------------------------------------------------------------------------


def test_an_entity_bomb_does_not_unfold_and_no_file_is_read() -> None:
    bomb = '<!DOCTYPE PubmedArticleSet [<!ENTITY a "AAAAAAAAAA">' + "".join(
        f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9)
    )
    body = "<PubmedArticleSet>" + filled().partition("<PubmedArticleSet>")[2]
    assert fault(bomb + "]>" + body.replace("made-up", "&j;")).kind is FaultKind.MALFORMED
    outside = '<!DOCTYPE PubmedArticleSet [<!ENTITY z SYSTEM "file:///etc/hostname">]>'
    (work,) = read(outside + body.replace("made-up", "&z;"))
    assert work.title == "A &z; effect"


def test_deep_nesting_is_refused() -> None:
    assert fault("<PubmedArticleSet>" + "<a>" * 5_000 + "</a>" * 5_000 + "</PubmedArticleSet>").kind is (
        FaultKind.MALFORMED
    )
    assert fault('{"result":' + "[" * 5_000 + "]" * 5_000 + "}").kind is FaultKind.MALFORMED


TAGS = st.sampled_from(
    [
        "PubmedArticle",
        "MedlineCitation",
        "PMID",
        "Article",
        "ArticleTitle",
        "Abstract",
        "AbstractText",
        "AuthorList",
        "Author",
        "LastName",
        "CommentsCorrectionsList",
        "CommentsCorrections",
        "RefSource",
        "BookDocument",
        "ERROR",
    ]
)
TREES = st.recursive(
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=20).map(
        lambda words: words.replace("&", "&amp;").replace("<", "&lt;")
    ),
    lambda inner: st.builds(
        lambda tag, parts: f"<{tag}>{''.join(parts)}</{tag}>", TAGS, st.lists(inner, min_size=1, max_size=4)
    ),
    max_leaves=25,
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["result", "uids", "1", "title", "authors", "name", "articleids", "error", "pubtype"]),
            inner,
            max_size=6,
        )
    ),
    max_leaves=30,
)


@given(TREES)
@settings(max_examples=150)
def test_no_tree_of_known_elements_raises(tree: str) -> None:
    found = INDEX.parse(response(f"<PubmedArticleSet>{tree}</PubmedArticleSet>"))
    assert isinstance(found, Answered | IndexFault)
    if isinstance(found, Answered):
        assert all(work.title.strip() for work in found.works)


@given(VALUES)
@settings(max_examples=150)
def test_no_json_of_wrong_types_raises(value: object) -> None:
    assert isinstance(INDEX.parse(response(json.dumps(value))), Answered | IndexFault)


@given(st.binary(max_size=300), st.integers(0, 600))
@settings(max_examples=150)
def test_no_bytes_raise(body: bytes, cut: int) -> None:
    whole = filled().encode()
    assert isinstance(INDEX.parse(response(body)), Answered | IndexFault)
    assert isinstance(INDEX.parse(response(whole[:cut])), IndexFault)
    assert isinstance(INDEX.parse(response(whole[:cut] + body + whole[cut:])), Answered | IndexFault)


def test_an_expectation_that_is_wrong_fails() -> None:
    if recordings() is None:
        pytest.skip("CLAIMGATE_CORPUS names no recorded answers")
    with pytest.raises(AssertionError):
        assert_read_as(INDEX, "pubmed/74a0a16fbeee.xml", Expected(title="Another title", year=1992))
