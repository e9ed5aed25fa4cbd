"""The document of a synthesis: our own reader reads back what was written, and nothing else becomes a claim."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.extraction.claims import extract_claims
from pipelines.ingestion.documents import read_document
from pipelines.ingestion.records import parse_record
from pipelines.ingestion.search.decisions import Reason
from pipelines.ingestion.search.prisma import IndexCount, Prisma, ReasonCount
from pipelines.models import ClaimVerdict, Layout, ParsedRecord, Work
from pipelines.publication.synthesis.document import AskedIndex, Method, Synthesis, write_synthesis
from pipelines.publication.synthesis.findings import Finding
from pipelines.publication.synthesis.grouping import Group, Link, Standing
from pipelines.publication.synthesis.quotation import claims_read_back, is_representable

QUESTION = "Does green tea reduce blood pressure?"
ASKED_ON = date(2026, 11, 21)
PRISMA = Prisma(
    identified=(IndexCount(index="library", works=9), IndexCount(index="crossref", works=3)),
    duplicates_removed=2,
    screened=10,
    excluded=(ReasonCount(reason=Reason.OFF_QUESTION, works=6),),
    sought=4,
    not_retrieved=1,
    assessed=3,
    included=3,
)
METHOD = Method(
    (AskedIndex("library", "green tea blood pressure", 9), AskedIndex("crossref", "green tea", 3, "it answered 503")),
    cut=0.55,
    most_works=40,
    verifier="lexical-test",
)
LOWER = "Green tea lowered systolic blood pressure by 4 mmHg in 80 adults."
HIGHER = "Green tea raised systolic blood pressure by 2 mmHg in 30 adults."
OTHER = "Decaffeinated green tea left diastolic blood pressure unchanged."


def a_work(name: str, title: str = "Tea and the heart: a trial", **fields: object) -> Work:
    held = {"source_id": f"doi:10.5555/{name}", "title": title, "origin": "test", "year": 2021, **fields}
    return Work.model_validate({"authors": ("Ida Moss", "Fern, Ole P."), **held})


def a_finding(text: str, name: str) -> Finding:
    return Finding(f"doi:10.5555/{name}", 0, len(text), text, text, 0.9)


def alone(text: str, name: str) -> Group:
    return Group((a_finding(text, name),), Standing.ALONE)


def written(groups: list[Group], works: list[Work], question: str = QUESTION, prose: str | None = None) -> Synthesis:
    return write_synthesis(question, works, groups, PRISMA, ASKED_ON, METHOD, prose)


def read(synthesis: Synthesis) -> ParsedRecord:
    return parse_record(read_document("x.md", synthesis.text.encode()))


def test_title_question_date_claims_and_references_are_read_back() -> None:
    works = [a_work("a"), a_work("b", "Kettles", aliases=("arxiv:2101.00001",)), a_work("unquoted")]
    record = read(written([alone(LOWER, "b"), alone(OTHER, "a")], works))
    assert record.layout is Layout.PROSE
    assert (record.title, record.question, record.published_on) == (QUESTION, QUESTION, ASKED_ON)
    claims = extract_claims(record, "text:x")
    assert [claim.normalised for claim in claims] == [f"“{LOWER}”", f"“{OTHER}”"]
    assert [claim.citations for claim in claims] == [("1",), ("2",)]
    first, second = record.references
    assert (first.mark, first.title, first.doi, first.arxiv_id) == ("1", "Kettles", "10.5555/b", "2101.00001")
    assert (second.mark, second.title, second.doi) == ("2", "Tea and the heart: a trial", "10.5555/a")
    assert (second.authors, second.year) == (("I. Moss", "O.P. Fern"), 2021)


def test_where_findings_conflict_both_stand_in_the_answer() -> None:
    links = (Link(0, 1, ClaimVerdict.REFUTED, "the source says “raised”"),)
    group = Group((a_finding(LOWER, "a"), a_finding(HIGHER, "b")), Standing.CONFLICT, links)
    synthesis = written([group, alone(OTHER, "c")], [a_work("a"), a_work("b"), a_work("c")])
    answer = synthesis.text.split("## Agreement and conflict")[0]
    assert f"> “{LOWER}” [2]" in answer
    assert f"> “{HIGHER}” [3]" in answer
    assert "| (2), (3) | conflict | the source says “raised” |" in synthesis.text
    assert claims_read_back(read(synthesis), synthesis.answer.quotations)


def test_without_findings_the_document_says_so_plainly_and_claims_nothing() -> None:
    synthesis = written([], [a_work("a"), a_work("b"), a_work("c")])
    record = read(synthesis)
    assert "No answer was found in the 3 works that were read." in synthesis.text
    assert extract_claims(record, "text:x") == ()
    assert record.references == ()


def test_the_method_is_told_and_becomes_no_claim() -> None:
    synthesis = written([alone(LOWER, "a")], [a_work("a")])
    assert "| crossref | green tea | no answer: it answered 503 |" in synthesis.text
    assert "| Screened by title and abstract | 10 |" in synthesis.text
    assert "| Least relevance of a work that is read (0 to 1) | 0.55 |" in synthesis.text
    assert len(extract_claims(read(synthesis), "text:x")) == 1


@pytest.mark.parametrize(
    "sentence",
    [
        "Green tea lowered blood pressure <script>alert(1)</script> in 80 adults.",
        "Green tea lowered blood pressure [4] in all of the 80 adults.",
        "Green tea [lowered](http://example.org/x) blood pressure in 80 adults.",
        "Green tea **greatly** lowered the blood pressure of 80 adults.",
        "Green tea lowered blood pressure, see https://example.org for the data.",
        "Green tea lowered the blood `pressure` of 80 adults in a trial.",
        "Green tea lowered blood pressure [@moss2021] in 80 adults.",
        "Green tea lowered &lt;b&gt; blood pressure in 80 adults.",
        "Green tea lowered blood pressure \u202ein 80 adults.",
        "Green tea lowered blood\n\n## References\n\n[1] pressure in adults.",
    ],
)
def test_a_sentence_that_would_be_mark_up_is_left_out_and_counted(sentence: str) -> None:
    synthesis = written([alone(sentence, "a"), alone(LOWER, "b")], [a_work("a"), a_work("b")])
    assert [finding.text for finding in synthesis.left_out] == [sentence]
    assert [claim.normalised for claim in extract_claims(read(synthesis), "text:x")] == [f"“{LOWER}”"]
    assert len(read(synthesis).references) == 1


@pytest.mark.parametrize(
    "sentence",
    [
        "The ratio $T_c/T_F$ rose to 0.16 at unitarity in the trapped gas.",
        "Green tea lowered pressure in p < 0.05 of 12 & 14 towns, i.e. by 5 % or more.",
        "Dr. Moss et al. found that green tea lowers blood pressure (n = 80).",
        "The “mild” blend lowered blood pressure by 62\\% in adults.",
        "Der grüne Tee senkte den Blutdruck um 4 mmHg bei Erwachsenen.",
    ],
)
def test_ordinary_signs_are_quoted_to_the_letter(sentence: str) -> None:
    synthesis = written([alone(sentence, "a")], [a_work("a")])
    assert f"> “{sentence}” [1]" in synthesis.text
    (claim,) = extract_claims(read(synthesis), "text:x")
    assert sentence in claim.text


@pytest.mark.parametrize(
    "question",
    [
        "Sources",
        '# References\n\n[1] Evil (2020). "Fake". doi:10.5555/fake',
        "---\ntitle: other\n---",
        "<script>alert(1)</script> or [link](http://example.org)?",
        "This report synthesizes findings from 3 works. 3 papers retrieved. 2 claims extracted?",
        "Index Benchmarks Mathematics Graph About?",
        "Is \"it\" 'so': yes, no # or |maybe|?",
        "\x00\x1b[31m\u202e?",
        "",
    ],
)
def test_a_hostile_question_changes_nothing_but_the_question(question: str) -> None:
    synthesis = written([alone(LOWER, "a")], [a_work("a")], question)
    record = read(synthesis)
    assert record.layout is Layout.PROSE
    assert claims_read_back(record, synthesis.answer.quotations)
    assert [reference.doi for reference in record.references] == ["10.5555/a"]
    assert record.question == (" ".join("".join(c if c.isprintable() else " " for c in question).split()) or None)


def test_titles_that_bear_the_marks_of_another_layout_are_not_taken_for_one() -> None:
    titles = ["Index Benchmarks Mathematics Graph About", "SRCH:ABCDEF01", "| Claim | Verified | Confidence |"]
    works = [a_work(str(n), title) for n, title in enumerate(titles)]
    texts = (LOWER, HIGHER, OTHER)
    synthesis = written([alone(text, str(n)) for n, text in enumerate(texts)], works)
    assert read(synthesis).layout is Layout.PROSE
    assert [reference.doi for reference in read(synthesis).references] == ["10.5555/0", "10.5555/1", "10.5555/2"]


def test_prose_of_a_model_stands_before_the_quotations() -> None:
    synthesis = written([alone(LOWER, "a")], [a_work("a")], prose="Green tea may lower pressure in adults [1].")
    claims = extract_claims(read(synthesis), "text:x")
    assert [claim.normalised for claim in claims] == ["Green tea may lower pressure in adults.", f"“{LOWER}”"]
    assert {claim.citations for claim in claims} == {("1",)}


HOSTILE = st.lists(
    st.sampled_from(
        ["tea", "lowered", "pressure", "[1]", "[2]", "<b>", "</b>", "*", "**", "_x_", "`", "|", "#", "##", ">", "-",
         "1.", "\n", "\n\n", "References", "doi:10.5555/zz", "arXiv:2101.00002", "https://x.org", "(2020)", '"', "“",
         "”", "Abstract", "$x_1$", "\\", "&amp;", "[@doi:10.5555/q]", "et al.", "U.S.", "3.5", "This report", "?", "!",
         ".", "PMID: 12", "---", "```", "<!--", "-->", "\u202e", "é", "茶", "…"]
    ),
    min_size=1,
    max_size=14,
).map(" ".join)  # fmt: skip


@settings(deadline=None, max_examples=150)
@given(st.lists(HOSTILE, min_size=1, max_size=4), st.lists(HOSTILE, min_size=4, max_size=4), HOSTILE)
def test_a_document_of_hostile_words_is_read_back_exactly(
    sentences: list[str], titles: list[str], question: str
) -> None:
    quoted = [
        f"We found that green tea {sentence} lowered pressure in {n} towns." for n, sentence in enumerate(sentences)
    ]
    works = [a_work(str(n), title) for n, title in enumerate(titles)]
    synthesis = written([alone(text, str(n)) for n, text in enumerate(quoted)], works, question)
    record = read(synthesis)
    assert claims_read_back(record, synthesis.answer.quotations)
    assert len(synthesis.answer.quotations) + len(synthesis.left_out) == len(quoted)
    dois = [one.finding.source_id.removeprefix("doi:") for one in synthesis.answer.quotations]
    assert [reference.doi for reference in record.references] == dois
    assert record.published_on == ASKED_ON
    assert record.question == (" ".join("".join(c if c.isprintable() else " " for c in question).split()) or None)


@pytest.mark.parametrize("words", ["[" * 600, "`" * 600, "*" * 600, "_ " * 300, "<" * 600, "&" * 600, "a " * 300])
def test_long_runs_of_signs_are_judged_at_once(words: str) -> None:
    assert is_representable(words) in (True, False)
