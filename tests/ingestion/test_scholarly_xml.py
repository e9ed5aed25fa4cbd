"""JATS and TEI: real articles by facts and figures, small ones written here, and hostile ones."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.extraction.claims import extract_claims
from pipelines.ingestion.documents import read_document
from pipelines.ingestion.errors import UnreadableDocument
from pipelines.ingestion.parser_bounds import Refused
from pipelines.ingestion.parser_process import ParserLimits
from pipelines.ingestion.parser_worker import scholarly_text
from pipelines.ingestion.records import parse_record
from pipelines.ingestion.scholarly_xml import ScholarlyKind, read_jats, read_tei, scholarly_xml

CORPUS = os.environ.get("CLAIMGATE_CORPUS")
with_corpus = pytest.mark.skipif(CORPUS is None, reason="CLAIMGATE_CORPUS names no folder of real texts")

# file: doi, published, authors, sections, references, how many of them state title, year, DOI
JATS = {
    "1471-2180-11-174.nxml": ("10.1186/1471-2180-11-174", date(2011, 8, 2), 2, 28, 64, (64, 64, 50)),
    "6605965a.nxml": ("10.1038/sj.bjc.6605965", date(2010, 11, 2), 46, 11, 34, (34, 34, 0)),
    "PMC8118396.xml": ("10.1080/23802359.2021.1911705", date(2021, 5, 5), 3, 4, 8, (8, 8, 0)),
    "PMC8151036.xml": ("10.3390/plants10050943", date(2021, 5, 9), 2, 17, 128, (128, 128, 117)),
    "PMC8164761.xml": ("10.1186/s13007-021-00757-y", date(2021, 5, 29), 10, 20, 22, (22, 22, 22)),
    "PMC8228099.xml": ("10.3390/plants10061091", date(2021, 5, 29), 8, 22, 70, (70, 69, 65)),
    "PMC8233371.xml": ("10.1038/s41598-021-92706-x", date(2021, 6, 25), 5, 19, 69, (69, 69, 64)),
    "PMC8270279.xml": ("10.3390/molecules26133814", date(2021, 6, 22), 7, 20, 76, (76, 75, 49)),
    "mds526.nxml": ("10.1093/annonc/mds526", date(2012, 11, 12), 7, 15, 40, (40, 35, 28)),
    "pntd.0002065.nxml": ("10.1371/journal.pntd.0002065", date(2013, 2, 28), 6, 19, 32, (32, 32, 1)),
    "pone.0046493.nxml": ("10.1371/journal.pone.0046493", date(2012, 9, 28), 9, 26, 58, (58, 58, 0)),
}
# file: doi as GROBID read it, authors, sections, references
TEI = {
    "0956797613520608.xml": ("10.1177/0956797613520608", 7, 15, 41),
    "0956797614527830.xml": ("10.1177/0956797614527830", 7, 16, 38),
    "0956797614560771.xml": ("10.1177/0956797614560771", 4, 7, 5),
    "0956797614566469.xml": ("10.1177/0956797614566469", 2, 9, 15),
    "0956797615569889.xml": ("10.1177/0956797615569889", 5, 23, 53),
    "0956797615588467.xml": ("10.1177/0956797615588467", 2, 15, 36),
    "0956797615603702.xml": ("10.1177/0956797615603702pss", 5, 12, 31),
    "0956797615617779.xml": ("10.1177/0956797615617779", 3, 17, 40),
    "0956797615625973.xml": ("10.1177/0956797615625973", 3, 15, 38),
    "0956797616631990.xml": ("10.1177/0956797616631990", 5, 17, 26),
    "0956797616634665.xml": ("10.1177/0956797616634665pss", 4, 15, 39),
    "0956797616647519.xml": ("10.1177/0956797616647519", 4, 15, 40),
    "0956797616657319.xml": ("10.1177/0956797616657319", 4, 14, 38),
    "0956797616663878.xml": ("10.1177/0956797616663878", 5, 21, 33),
    "0956797616667447.xml": ("10.1177/0956797616667447pss", 5, 25, 40),
}
TITLES = {
    "1471-2180-11-174.nxml": "Factors influencing lysis time stochasticity in bacteriophage λ",
    "6605965a.nxml": "Oral contraceptives, reproductive history and risk of colorectal cancer in the European "
    "Prospective Investigation into Cancer and Nutrition",
    "PMC8118396.xml": "Complete mitochondrial genome sequence of the global invasive species Stictocephala bisonia "
    "(Hemiptera: Membracidae: Smiliinae)",
    "PMC8151036.xml": "A Path Forward: Promoting Microbial-Based Methods in the Control of Invasive Plant Species",
    "PMC8164761.xml": "Methodology: non-invasive monitoring system based on standing wave ratio for detecting water "
    "content variations in plants",
    "PMC8228099.xml": "Elevated Temperature Induced Adaptive Responses of Two Lupine Species at Early Seedling Phase",
    "PMC8233371.xml": "Invasive Lactuca serriola seeds contain endophytic bacteria that contribute to drought "
    "tolerance",
    "PMC8270279.xml": "Invasive Plant Species Biomass—Evaluation of Functional Value",
    "mds526.nxml": "Socio-demographic inequalities in stage of cancer diagnosis: evidence from patients with female "
    "breast, lung, colon, rectal, prostate, renal, bladder, melanoma, ovarian and endometrial cancer",
    "pntd.0002065.nxml": "Serological Evidence of Rift Valley Fever Virus Circulation in Sheep and Goats in Zambézia "
    "Province, Mozambique",
    "pone.0046493.nxml": "MmPPOX Inhibits Mycobacterium tuberculosis Lipolytic Enzymes Belonging to the "
    "Hormone-Sensitive Lipase Family and Alters Mycobacterial Growth",
    "0956797613520608.xml": "Continuous Theta-Burst Stimulation Demonstrates a Causal Role of Premotor Homunculus in "
    "Action Understanding",
    "0956797615569889.xml": "Inhibitory Control and Posttraumatic Stress Disorder",
    "0956797616657319.xml": "Experience Shapes Orthographic Representations",
}


def corpus_file(folder: str, name: str) -> bytes:
    assert CORPUS is not None
    return (Path(CORPUS) / "texts" / folder / name).read_bytes()


@with_corpus
@pytest.mark.parametrize("name", JATS)
def test_a_real_jats_article_is_read_as_it_states(name: str) -> None:
    doi, published, authors, sections, references, stated = JATS[name]
    found = read_jats(corpus_file("jats", name))
    assert (found.doi, found.published_on, found.year) == (doi, published, published.year)
    assert (len(found.authors), len(found.sections), len(found.references)) == (authors, sections, references)
    fields = tuple(
        sum(getattr(one, field) is not None for one in found.references) for field in ("title", "year", "doi")
    )
    assert fields == stated
    assert found.title == TITLES[name]
    assert found.pmcid is not None
    assert found.text.startswith(f"# {found.title}\n\n## ")
    assert found.abstract is not None
    assert len(found.abstract) > 500


@with_corpus
@pytest.mark.parametrize("name", TEI)
def test_a_real_tei_article_is_read_as_it_states(name: str) -> None:
    doi, authors, sections, references = TEI[name]
    found = read_tei(corpus_file("grobid_tei", name))
    assert found.kind is ScholarlyKind.TEI
    assert (found.doi, len(found.authors), len(found.sections), len(found.references)) == (
        doi,
        authors,
        sections,
        references,
    )
    assert found.title == TITLES.get(name, found.title)
    assert all(one.title and one.raw for one in found.references)
    assert found.year is None  # these files leave their date empty


@with_corpus
@pytest.mark.parametrize(("folder", "name"), [("jats", name) for name in JATS] + [("grobid_tei", name) for name in TEI])
def test_sections_of_real_articles_lie_in_the_text_one_after_the_other(folder: str, name: str) -> None:
    found = scholarly_xml(corpus_file(folder, name))
    end = 0
    for section in found.sections:
        assert end <= section.start < section.end <= len(found.text)
        assert found.text[section.start : section.end].split("\n")[0].lstrip("# ") == section.heading
        end = section.end
    assert "\ue000" not in found.text
    marks = {reference.mark for reference in found.references}
    assert any(f"[{mark}]" in found.text for mark in marks)


ARTICLE = """<!DOCTYPE article PUBLIC "-//NLM//DTD JATS (Z39.96) v1.2//EN" "JATS-archivearticle1.dtd">
<article xmlns:xlink="http://www.w3.org/1999/xlink" article-type="review-article"><front>
<journal-meta><journal-title-group><journal-title>Annals of Moss</journal-title></journal-title-group></journal-meta>
<article-meta><article-id pub-id-type="pmid">000123</article-id><article-id pub-id-type="pmc">PMC77</article-id>
<article-id pub-id-type="doi">10.5555/MOSS.1</article-id>
<title-group><article-title>Moss on <italic>stone</italic>&nbsp;walls<xref ref-type="fn"
rid="f1">*</xref></article-title><subtitle>a review</subtitle></title-group>
<contrib-group><contrib contrib-type="author"><name><surname>Fern</surname><given-names>Ada B.</given-names></name>
</contrib><contrib contrib-type="author"><collab>The Wall Group</collab></contrib>
<contrib contrib-type="editor"><name><surname>Red</surname><given-names>E.</given-names></name></contrib>
</contrib-group>
<pub-date pub-type="collection"><year>2019</year></pub-date>
<pub-date pub-type="epub"><day>3</day><month>4</month><year>2018</year></pub-date>
<author-notes><fn fn-type="con"><p>Fern counted.</p></fn><corresp>fern@wall.example</corresp></author-notes>
<permissions><license xlink:href="https://creativecommons.org/licenses/by/4.0/"><license-p>Open.</license-p></license>
</permissions><abstract><p>Moss grows.</p></abstract><funding-group><award-group><award-id>7</award-id></award-group>
<funding-statement>Paid by the wall.</funding-statement></funding-group></article-meta></front>
<body><p>Walls hold moss<sup><xref ref-type="bibr" rid="r1">1</xref>,<xref ref-type="bibr" rid="r2">2</xref></sup>.
About 3 &#xd7; 10<sup>6</sup> spores fall on 2 m<sup>2</sup> (<xref ref-type="bibr" rid="r1 r2">1&#x2013;2</xref>), and
Fern (<xref ref-type="bibr" rid="r3">2004</xref>) agrees
[<xref ref-type="bibr" rid="r1">1</xref>]&#x2013;[<xref ref-type="bibr" rid="r3">3</xref>].</p>
<sec><title>Methods</title><p>We counted.<fig id="F1"><label>Figure 1</label><caption><p>A wall.</p></caption>
<graphic xlink:href="x"/></fig> Twice.</p>
<sec><title>Lists</title><list><list-item><p>one</p></list-item><list-item><p>two</p></list-item></list></sec>
<table-wrap><label>Table 1</label><caption><title>Counts.</title></caption>
<table><tr><td>17</td></tr></table></table-wrap>
</sec></body><back><ack><p>Thanks.</p></ack>
<fn-group><fn fn-type="conflict"><p>None held.</p></fn><fn><p>Reprints here.</p></fn></fn-group>
<notes notes-type="data-availability"><p>Counts are at the wall.</p></notes>
<notes><title>Ethics</title><p>Walls need no approval.</p></notes><ref-list><title>References</title>
<ref id="r1"><label>1.</label><element-citation><person-group person-group-type="author"><name><surname>Ash</surname>
<given-names>B</given-names></name><etal/></person-group><article-title>Spores &amp; walls</article-title>
<source>J. Spore</source><year>1999</year><volume>2</volume><pub-id pub-id-type="doi">10.5555/ABC</pub-id>
<pub-id pub-id-type="pmid">42</pub-id></element-citation></ref>
<ref id="r2"><label>[2]</label><mixed-citation><name><surname>Oak</surname> <given-names>C</given-names></name>.
<source>A book of walls</source>. Stone Press; <year>2001b</year>. ISBN 978-0-306-40615-7.
<ext-link xlink:href="https://doi.org/10.5555/book.2">link</ext-link></mixed-citation></ref>
<ref id="r3"><mixed-citation>Fern A. Old moss. J Spore 2004;1:2-3. PMID: 99. arXiv:2401.01234v2</mixed-citation></ref>
</ref-list></back></article>"""


def test_an_article_states_its_title_people_date_identifiers_and_licence() -> None:
    found = read_jats(ARTICLE.encode())
    assert found.kind is ScholarlyKind.JATS
    assert found.title == "Moss on stone walls: a review"
    assert found.authors == ("Ada B. Fern", "The Wall Group")
    assert (found.published_on, found.year) == (date(2018, 4, 3), 2018)
    assert (found.doi, found.pmid, found.pmcid) == ("10.5555/moss.1", "123", "PMC77")
    assert (found.journal, found.licence) == ("Annals of Moss", "https://creativecommons.org/licenses/by/4.0/")
    assert found.abstract == "Moss grows."


def test_the_text_holds_sections_captions_marks_and_declarations_but_no_reference_list() -> None:
    found = read_jats(ARTICLE.encode())
    assert found.text == (
        "# Moss on stone walls: a review\n\n## Abstract\n\nMoss grows.\n\n## Main text\n\n"
        "Walls hold moss [1, 2]. About 3 × 10^6 spores fall on 2 m² [1–2], and Fern (2004 [3]) agrees [1–3].\n\n"
        "## Methods\n\nWe counted. Twice.\n\nFigure 1 A wall.\n\n"
        "### Lists\n\n- one\n\n- two\n\nTable 1 Counts.\n\n"
        "## Acknowledgements\n\nThanks.\n\n## Data availability\n\nCounts are at the wall.\n\n"
        "## Ethics\n\nWalls need no approval.\n\n## Funding\n\nPaid by the wall.\n\n"
        "## Author contributions\n\nFern counted.\n\n## Competing interests\n\nNone held."
    )
    assert [section.heading for section in found.sections[:5]] == [
        "Abstract",
        "Main text",
        "Methods",
        "Lists",
        "Acknowledgements",
    ]
    assert found.text[found.sections[2].start : found.sections[2].end].endswith("A wall.")


def test_references_of_an_article_bear_what_its_mark_up_says() -> None:
    first, second, third = read_jats(ARTICLE.encode()).references
    assert (first.mark, first.title, first.authors, first.year) == ("1", "Spores & walls", ("B Ash",), 1999)
    assert (first.venue, first.doi, first.pmid) == ("J. Spore", "10.5555/abc", "42")
    assert (second.mark, second.title, second.year, second.isbn) == ("2", "A book of walls", 2001, "9780306406157")
    assert (second.doi, second.url) == ("10.5555/book.2", "https://doi.org/10.5555/book.2")
    assert (third.mark, third.pmid, third.arxiv_id, third.arxiv_version) == ("3", "99", "2401.01234", 2)
    assert third.raw.startswith("Fern A. Old moss.")


TEI_ARTICLE = """<TEI xmlns="http://www.tei-c.org/ns/1.0"><teiHeader><fileDesc>
<titleStmt><title level="a" type="main">Lichen counts</title></titleStmt>
<publicationStmt><availability><licence target="https://l.example/by"/></availability></publicationStmt>
<sourceDesc><biblStruct><analytic><author><persName><forename>Ada</forename>
<surname>Fern</surname></persName></author></analytic><monogr><title level="j">J. Lichen</title><imprint>
<date type="published" when="2020-02-30"/></imprint></monogr>
<idno type="DOI">10.5555/L.1</idno><idno type="arXiv">arXiv:2001.00001v3</idno></biblStruct></sourceDesc></fileDesc>
<profileDesc><abstract><div><p>We count.</p></div></abstract></profileDesc></teiHeader>
<text><body><div><head n="1">Introduction</head><p>Ash counted <ref type="bibr" target="#b0">(Ash, 1999;</ref><ref
type="bibr" target="#b1">Oak, 2001)</ref> and <ref type="bibr" target="#b0">[1]</ref>.</p></div>
<figure><head>Fig. 1 .</head><figDesc>Fig. 1. A rock.</figDesc></figure></body>
<back><div type="acknowledgement"><div><head>Thanks to</head><p>All.</p></div></div>
<div type="funding"><div><p>Paid by the rock.</p></div></div><div type="other"><p>Unread.</p></div>
<div type="references"><listBibl>
<biblStruct xml:id="b0"><analytic><title level="a" type="main">Rocks</title><author><persName><forename>B</forename>
<surname>Ash</surname></persName></author></analytic><monogr><title level="j">J. Rock</title><imprint>
<date type="published" when="1999"/></imprint></monogr><idno type="DOI">10.5555/r</idno></biblStruct>
<biblStruct xml:id="b1"><monogr><title level="m">Oaks</title><author><persName><surname>Oak</surname></persName>
</author><imprint><date>2001</date></imprint></monogr><note type="raw_reference">Oak (2001). Oaks. Tree Press.</note>
</biblStruct></listBibl></div></back></text></TEI>"""


def test_a_tei_article_is_read_with_marks_behind_its_names() -> None:
    found = scholarly_xml(TEI_ARTICLE.encode())
    assert found.text == (
        "# Lichen counts\n\n## Abstract\n\nWe count.\n\n## 1 Introduction\n\n"
        "Ash counted (Ash, 1999 [1]; Oak, 2001 [2]) and [1].\n\n### Thanks to\n\nAll.\n\n"
        "## Funding\n\nPaid by the rock.\n\n## Figures and tables\n\nFig. 1. A rock."
    )
    assert (found.title, found.authors, found.year, found.journal) == (
        "Lichen counts",
        ("Ada Fern",),
        2020,
        "J. Lichen",
    )
    assert found.published_on is None  # there is no 30 February
    assert (found.doi, found.arxiv_id, found.licence) == ("10.5555/l.1", "2001.00001", "https://l.example/by")
    first, second = found.references
    assert (first.title, first.venue, first.year, first.doi, first.mark) == ("Rocks", "J. Rock", 1999, "10.5555/r", "1")
    assert (second.title, second.venue, second.raw) == ("Oaks", None, "Oak (2001). Oaks. Tree Press.")


MARK = "<xref ref-type='bibr' rid='r1'>1</xref>"
BOMB = '<!DOCTYPE article [<!ENTITY a "aaaaaaaaaa">' + "".join(
    f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9)
)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (BOMB + "]><article><front><article-meta/></front><body><p>&j;</p></body></article>", "entit"),
        ('<!DOCTYPE article [<!ENTITY f SYSTEM "file:///etc/hostname">]><article>&f;</article>', "entities of its own"),
        (ARTICLE[: len(ARTICLE) // 2], "cannot be parsed"),
        ("<article><front><article-meta/></front>" + "<sec>" * 150 + "</sec>" * 150 + "</article>", "levels deep"),
        ("<article><body/></article>", "no front matter"),
        ("<TEI/>", "no header"),
        ("<html><body/></html>", "neither a JATS article nor a TEI document"),
        ("<pmc-articleset><article/><article/></pmc-articleset>", "holds 2 articles"),
        ("<article><front><article-meta/></front></article>", "holds no text"),
        ("just words", "cannot be parsed"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_sentence(data: str, reason: str) -> None:
    with pytest.raises(UnreadableDocument, match=reason):
        scholarly_xml(data.encode())


def test_the_kind_asked_for_must_be_the_kind_given() -> None:
    with pytest.raises(UnreadableDocument, match="no TEI"):
        read_tei(ARTICLE.encode())
    with pytest.raises(UnreadableDocument, match="no JATS"):
        read_jats(TEI_ARTICLE.encode())


def test_a_file_that_needs_too_much_memory_is_refused_alone() -> None:
    large = "<article><front><article-meta/></front><body>" + "<p>x</p>" * 900_000 + "</body></article>"
    with pytest.raises(UnreadableDocument):
        scholarly_xml(large.encode(), ParserLimits(memory_bytes=200 * 2**20, cpu_seconds=20))
    assert scholarly_xml(ARTICLE.encode()).title is not None


def test_an_article_in_a_wrapper_with_namespaces_is_found() -> None:
    body = ARTICLE[ARTICLE.index("<article ") :].replace("&nbsp;", " ")
    inner = body.replace("<article ", '<article xmlns="https://jats.nlm.nih.gov/ns/archiving/1.3/" ', 1)
    assert read_jats(f"<pmc-articleset>{inner}</pmc-articleset>".encode()).doi == "10.5555/moss.1"


@settings(max_examples=60, deadline=None)
@given(st.integers(0, len(ARTICLE) - 1), st.text(max_size=12))
def test_a_damaged_article_is_read_or_refused_but_never_breaks_the_reader(place: int, words: str) -> None:
    damaged = ARTICLE[:place] + words + ARTICLE[place:]
    try:
        facts = scholarly_text(damaged.encode("utf-8", "replace")).facts
    except Refused:
        return
    assert all(facts["text"][start:end].lstrip("# ").startswith(words) for words, start, end in facts["sections"])


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(["[", "(", MARK, ", ", "]", ")", "w"]), max_size=40))
def test_any_order_of_marks_and_brackets_keeps_every_word(parts: list[str]) -> None:
    source = ARTICLE[: ARTICLE.index("<body>")] + f"<body><p>z {''.join(parts)}</p></body></article>"
    text = scholarly_text(source.encode()).facts["text"].split("## Main text")[1].split("## Funding")[0]
    assert text.count("w") == parts.count("w")
    assert text.count("1") == parts.count(MARK)
    assert "\ue000" not in text
    assert "\ue001" not in text


@pytest.mark.parametrize("name", ["review.xml", "review.nxml", "review.jats", "review"])
def test_a_review_article_in_jats_is_a_record_like_any_other(name: str) -> None:
    record = parse_record(read_document(name, ARTICLE.encode()))
    assert record.title == "Moss on stone walls: a review"
    assert (record.published_on, record.identifier) == (date(2018, 4, 3), "doi:10.5555/moss.1")
    assert record.publisher == "Annals of Moss"
    assert [reference.mark for reference in record.references] == ["1", "2", "3"]
    claims = extract_claims(record, "r")
    assert all(record.text[claim.start : claim.end] == claim.text for claim in claims)
    assert any("3" in claim.citations for claim in claims)


def test_a_tei_file_is_a_record_too_and_other_xml_is_refused() -> None:
    record = parse_record(read_document("a.tei.xml", TEI_ARTICLE.encode()))
    assert (record.title, record.identifier, len(record.references)) == ("Lichen counts", "doi:10.5555/l.1", 2)
    with pytest.raises(UnreadableDocument, match="neither a JATS article nor a TEI document"):
        read_document("feed.xml", b"<rss><channel/></rss>")
    with pytest.raises(UnreadableDocument, match="name says text, but its content is an article in JATS"):
        read_document("review.txt", ARTICLE.encode())
    with pytest.raises(UnreadableDocument, match="name says JATS or TEI, but its content is a PDF"):
        read_document("review.xml", b"%PDF-1.7")


@with_corpus
def test_a_real_review_article_gives_claims_that_cite_its_references() -> None:
    record = parse_record(read_document("r.xml", corpus_file("jats", "PMC8151036.xml")))
    claims = extract_claims(record, "r")
    marks = {reference.mark for reference in record.references}
    cited = [claim for claim in claims if claim.citations]
    assert len(cited) > 50
    assert sum(set(claim.citations) <= marks for claim in cited) / len(cited) > 0.95
