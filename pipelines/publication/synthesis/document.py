"""The synthesis as a Markdown document, which our own reader takes in like any other.

Input: question, works, groups of findings, PRISMA counts, how the search was made. Output: the document's text.
Its claims are the quotations and nothing else: what we say ourselves stands in headings, tables and opening
phrases, none of which is a claim. A quotation that could not stand here word for word is left out. Does not
belong here: choosing and grouping of findings, storing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import yaml

from pipelines.ingestion.search.decisions import AskedIndex
from pipelines.ingestion.search.prisma import Prisma, prisma_table
from pipelines.models import Layout, Work
from pipelines.publication.synthesis.answer import Answer, Quotation, answer_of, nothing_found
from pipelines.publication.synthesis.findings import LONGEST_QUOTED, MOST_QUOTED, Finding
from pipelines.publication.synthesis.grouping import Group, Standing
from pipelines.publication.synthesis.quotation import claims_read_back, quotable, quotation, read_back
from pipelines.publication.synthesis.references import plain_words, reference_line

MAX_QUESTION = 1_000
MAX_CELL = 300
PLAIN_HEADING = "# Answer to a question"
IN_THEIR_WORDS = "In the words of the following works:"

_CELL_UNSAFE = str.maketrans({"|": "¦", "<": "‹", ">": "›", "`": "'", "[": "(", "]": ")"})

_UNDECIDED = {
    Standing.AGREE: "",
    Standing.CONFLICT: "",
    Standing.SAME_SUBJECT: "found neither agreement nor conflict",
    Standing.ALONE: "",
}


@dataclass(frozen=True)
class Method:
    """How the synthesis was made, as facts."""

    asked: tuple[AskedIndex, ...]
    cut: float  # relevance below which a work was not read
    most_works: int  # that are read
    verifier: str  # version of what held the findings against each other
    writer: str = "by extraction: each sentence is quoted from its source word for word"


@dataclass(frozen=True)
class Synthesis:
    """A document, and what of the findings it holds."""

    text: str
    answer: Answer
    left_out: tuple[Finding, ...]  # they could not stand in a document word for word


class UnwritableSynthesis(ValueError):
    """The document would not be read back as it is meant."""


def write_synthesis(
    question: str,
    works: Sequence[Work],
    groups: Sequence[Group],
    prisma: Prisma,
    asked_on: date,
    method: Method,
    prose: str | None = None,
) -> Synthesis:
    """The synthesis of the included `works`, of which the groups' findings are quoted.

    `prose`, where a model wrote it (model_writing.py), stands in the place of the answer; the quotations follow.
    Only works that are quoted are listed as references, numbered in the order in which they are first quoted.
    Raises `UnwritableSynthesis` where our own reader would read anything else than was written.
    """
    fit, left_out = quotable(groups)
    answer = answer_of(fit)
    asked = _one_line(question)
    # A question or a title can bear the marks of another layout: the plainer forms leave them out.
    for heading, titled in ((f"# Question: {plain_words(asked)}", True), (PLAIN_HEADING, True), (PLAIN_HEADING, False)):
        references = _references(works, answer, titled=titled)
        body = _body(answer, fit, prisma, method, len(works), prose)
        text = "\n\n".join([_front_matter(asked, asked_on), heading, *body, *references]) + "\n"
        if _is_read_back(text, asked, asked_on, answer, prose):
            return Synthesis(text, answer, left_out)
    raise UnwritableSynthesis("our own reader would not read the document as it was written")


def _is_read_back(text: str, question: str, asked_on: date, answer: Answer, prose: str | None) -> bool:
    record = read_back(text)
    marks = tuple(reference.mark for reference in record.references)
    return (
        record.layout is Layout.PROSE
        and (not question or record.title == question)
        and (record.question, record.published_on) == (question or None, asked_on)
        and marks == tuple(str(number) for number in answer.numbers.values())
        and (prose is not None or claims_read_back(record, answer.quotations))
    )


# --- writing ------------------------------------------------------------------------------------


def _body(
    answer: Answer, groups: Sequence[Group], prisma: Prisma, method: Method, works_read: int, prose: str | None
) -> Iterator[str]:
    yield from _written_parts(answer, prose) if prose else _answer_parts(answer, works_read)
    if groups:
        yield "## Agreement and conflict"
        rows = [_standing_row(group, answer.numbers) for group in groups]
        yield _table(("Works", "Standing", "Held by the verifier"), rows)
    yield "## How the works were found"
    yield _table(("Index", "Asked with", "Works named"), list(_index_rows(method)))
    yield prisma_table(prisma).rstrip("\n")
    yield "## How the answer was made"
    yield _table(("Rule", "Value"), list(_rule_rows(method)))


def _answer_parts(answer: Answer, works_read: int) -> Iterator[str]:
    if answer.is_empty:
        yield f"## {nothing_found(works_read)}"
        return
    yield "## Answer"
    if answer.leads:
        yield IN_THEIR_WORDS
        yield from _quoted(answer.leads)
    for conflict in answer.conflicts:
        yield "The following works contradict each other:"
        yield from _quoted(conflict)
    if answer.others:
        yield "## Further findings"
        yield from _quoted(answer.others)


def _written_parts(answer: Answer, prose: str) -> Iterator[str]:
    yield "## Answer"
    yield prose
    yield "## Findings"
    yield from _quoted(answer.quotations)


def _quoted(quotations: Sequence[Quotation]) -> Iterator[str]:
    return (quotation(one.finding.quoted, one.number) for one in quotations)


def _references(works: Sequence[Work], answer: Answer, *, titled: bool) -> list[str]:
    by_id = {work.source_id: work for work in works}
    lines = [reference_line(number, by_id[source], titled=titled) for source, number in answer.numbers.items()]
    return ["## References", *lines] if lines else []


def _standing_row(group: Group, numbers: Mapping[str, int]) -> tuple[str, str, str]:
    sources = ", ".join(f"({numbers[source]})" for source in group.sources)
    # Two findings of one work can be joined by a third that could not be quoted: the work then stands alone.
    standing = group.standing if len(group.sources) > 1 else Standing.ALONE
    return sources, standing.value, "; ".join(link.why for link in group.links[:2] if link.why) or _UNDECIDED[standing]


def _index_rows(method: Method) -> Iterator[tuple[str, ...]]:
    for one in method.asked:
        yield one.index, one.query, f"{one.found:,}" if one.fault is None else f"no answer: {one.fault}"


def _rule_rows(method: Method) -> Iterator[tuple[str, ...]]:
    yield "Written", method.writer
    yield "Least relevance of a work that is read (0 to 1)", f"{method.cut:.2f}"
    yield "Most works that are read", f"{method.most_works:,}"
    yield "Agreement and conflict judged by", method.verifier
    yield "Longest quotation without an open licence", f"{LONGEST_QUOTED} characters, {MOST_QUOTED} sentences a work"


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join("| " + " | ".join(_cell(cell) for cell in line) + " |" for line in lines)


def _cell(words: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in words[:MAX_CELL]).split()).translate(_CELL_UNSAFE)


def _one_line(question: str) -> str:
    kept = "".join(letter if letter.isprintable() else " " for letter in question[: 4 * MAX_QUESTION])
    return " ".join(kept.split())[:MAX_QUESTION].strip()


def _front_matter(question: str, asked_on: date) -> str:
    fields = {"title": question, "question": question, "date": asked_on.isoformat()}
    written = yaml.safe_dump(fields, allow_unicode=True, sort_keys=False, width=10 * MAX_QUESTION, default_style='"')
    return f"---\n{written}---"
