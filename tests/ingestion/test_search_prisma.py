"""PRISMA counts: they add up, or there are none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from pipelines.ingestion.search.decisions import Decision, Outcome, Reason, Stage
from pipelines.ingestion.search.prisma import Prisma, ReasonCount, prisma_of, prisma_table
from pipelines.models import Work

WORK = Work(source_id="doi:10.5555/x", title="A work", origin="test")
EXCLUDING = [Reason.RETRACTED, Reason.WITHDRAWN, Reason.NOTICE, Reason.OFF_QUESTION, Reason.BEYOND_LIMIT]


def a_search(duplicates: int, screening: list[Reason | None], texts: list[bool], reading: list[Reason | None]):
    """Decisions of a whole search: what each stage keeps is what the next one decides about."""
    hits = [Decision(WORK, Stage.IDENTIFICATION, Outcome.KEPT, index="a") for _ in screening]
    hits += [
        Decision(WORK, Stage.IDENTIFICATION, Outcome.DUPLICATE, Reason.SAME_TITLE, index="b") for _ in range(duplicates)
    ]
    judged = [decided(Stage.SCREENING, reason) for reason in screening]
    sought = [texts[n % len(texts)] for n in range(screening.count(None))]
    fetched = [
        Decision(WORK, Stage.RETRIEVAL, Outcome.KEPT)
        if has_text
        else Decision(WORK, Stage.RETRIEVAL, Outcome.NOT_RETRIEVED, Reason.NO_TEXT)
        for has_text in sought
    ]
    read = [decided(Stage.ASSESSMENT, reading[n % len(reading)]) for n in range(sum(sought))]
    return [*hits, *judged, *fetched, *read]


def decided(stage: Stage, reason: Reason | None) -> Decision:
    return Decision(WORK, stage, Outcome.EXCLUDED if reason else Outcome.KEPT, reason, 0.5)


reasons = st.lists(st.one_of(st.none(), st.sampled_from(EXCLUDING)), min_size=1, max_size=40)


@given(st.integers(0, 30), reasons, st.lists(st.booleans(), min_size=1), reasons)
def test_the_counts_of_any_search_add_up(
    duplicates: int, screening: list[Reason | None], texts: list[bool], reading: list[Reason | None]
) -> None:
    prisma = prisma_of(a_search(duplicates, screening, texts, reading))
    assert prisma.identified_in_all == len(screening) + duplicates
    assert prisma.screened == len(screening)
    left_out = sum(one.works for one in (*prisma.excluded, *prisma.excluded_assessed))
    assert prisma.included + left_out + prisma.not_retrieved + prisma.duplicates_removed == prisma.identified_in_all


@given(st.integers(1, 30), reasons, st.lists(st.booleans(), min_size=1), reasons, st.data())
def test_a_lost_row_is_noticed(
    duplicates: int,
    screening: list[Reason | None],
    texts: list[bool],
    reading: list[Reason | None],
    data: st.DataObject,
) -> None:
    rows = a_search(duplicates, screening, texts, reading)
    lost = data.draw(st.integers(0, len(rows) - 1))
    # A duplicate that was never counted leaves no trace; every other row does.
    if rows[lost].outcome is Outcome.DUPLICATE:
        lost = 0
    with pytest.raises(ValidationError, match="do not add up"):
        prisma_of([row for place, row in enumerate(rows) if place != lost])


@pytest.mark.parametrize("name", ["screened", "sought", "assessed", "included", "duplicates_removed", "not_retrieved"])
def test_a_changed_number_is_refused(name: str) -> None:
    prisma = prisma_of(a_search(3, [None, Reason.RETRACTED, None, None], [True, True, False], [None, Reason.NOTICE]))
    with pytest.raises(ValidationError, match="do not add up"):
        Prisma.model_validate({**prisma.model_dump(), name: getattr(prisma, name) + 1})


def test_a_reason_counted_twice_is_refused() -> None:
    twice = (ReasonCount(reason=Reason.NOTICE, works=1), ReasonCount(reason=Reason.NOTICE, works=1))
    prisma = prisma_of(a_search(0, [Reason.NOTICE, Reason.NOTICE], [True], [None]))
    with pytest.raises(ValidationError, match="twice"):
        Prisma.model_validate({**prisma.model_dump(), "excluded": twice})


def test_an_index_that_named_nothing_is_shown_with_none() -> None:
    table = prisma_table(prisma_of(a_search(2, [None, Reason.OFF_QUESTION], [True], [None]), ["a", "b", "quiet"]))
    assert "| Identified in quiet | 0 |" in table
    assert "| Duplicates removed | 2 |" in table
    assert "| Excluded: relevance to the question below the cut | 1 |" in table
    assert table.rstrip().endswith("| Included | 1 |")
    assert all(line.startswith("| ") and line.endswith(" |") for line in table.splitlines())
