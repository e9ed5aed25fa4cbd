"""Which works of the library are read for a claim, and which parts of them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.models import (
    Claim,
    ClaimKind,
    ClaimOrigin,
    ClaimVerdict,
    EvidenceScope,
    Layout,
    Notice,
    NoticeKind,
    ParsedRecord,
    Passage,
    Verdict,
    Work,
)
from pipelines.verification.corpus_search import (
    PASSAGES_READ,
    WORKS_READ,
    is_searchable,
    names_of_record,
    passages_near,
    search_terms,
    worth_reading,
)
from pipelines.verification.fingerprint import Searched, VerdictFingerprint
from pipelines.verification.verdict import goes_on
from tests.made_claims import claim_saying

NOTHING_KNOWN: frozenset[str] = frozenset()
ABSTRACT = "Reed belts kept back the nitrate of the fields. Nothing else was measured."


def claim(text: str, kind: ClaimKind = ClaimKind.EMPIRICAL, standalone: str | None = None) -> Claim:
    return claim_saying(text, claim_id="c", origin=ClaimOrigin.STATED, kind=kind, standalone=standalone)


def work(number: int, text: str | None = ABSTRACT, *notices: NoticeKind, title: str | None = None) -> Work:
    return Work(
        source_id=f"doi:10.5555/reeds.{number}",
        aliases=(f"pmid:{number}",),
        title=title or f"Reeds, part {number}",
        text=text,
        notices=tuple(Notice(kind=kind, origin="library:reeds") for kind in notices),
        origin="library:reeds",
    )


def passage(ordinal: int, text: str) -> Passage:
    return Passage(
        passage_id=f"p{ordinal}",
        source_id="s",
        source_version_id="v",
        ordinal=ordinal,
        start=ordinal * 10,
        end=ordinal * 10 + len(text),
        text=text,
    )


REEDS = claim("Reed belts kept back nitrate.")


def read(*hits: tuple[Work, float], known: frozenset[str] = NOTHING_KNOWN, of: Claim = REEDS) -> list[str]:
    return [one.work.source_id.rpartition(".")[2] for one in worth_reading(of, hits, known)]


# --- the claim ----------------------------------------------------------------------------------


def test_a_claim_is_searched_for_by_its_words_with_what_its_pronouns_stand_for() -> None:
    said = claim("It kept back nitrate.", standalone="The reed belt kept back nitrate.")
    assert set(search_terms(said)) == {"reed", "belt", "kept", "back", "nitrat"}
    assert set(search_terms(said).values()) == {1.0}


def test_what_a_record_says_of_itself_is_not_searched_for() -> None:
    assert not is_searchable(claim("We searched three databases for reed belts.", ClaimKind.SELF_DESCRIPTION))
    assert is_searchable(claim("We searched three databases for reed belts."))


@pytest.mark.parametrize("text", ["", "It is so.", "Reeds", "the of and"])
def test_a_claim_of_fewer_than_two_terms_is_not_searched_for(text: str) -> None:
    assert not is_searchable(claim(text))


# --- the works ----------------------------------------------------------------------------------


def test_the_best_hits_are_read_with_their_rank_and_how_near_they_came() -> None:
    hits = [(work(n), 10.0 / n) for n in range(1, 6)]
    found = worth_reading(REEDS, hits, NOTHING_KNOWN)
    assert [(one.rank, one.closeness) for one in found] == [(0, 1.0), (1, 0.5), (2, pytest.approx(1 / 3))]
    assert len(found) == WORKS_READ


@pytest.mark.parametrize("kind", [NoticeKind.RETRACTED, NoticeKind.WITHDRAWN])
def test_a_work_that_was_taken_back_is_not_read_and_the_next_one_takes_its_place(kind: NoticeKind) -> None:
    assert read((work(1, ABSTRACT, kind), 9.0), (work(2), 8.0)) == ["2"]


def test_a_work_that_was_corrected_is_read() -> None:
    assert read((work(1, ABSTRACT, NoticeKind.CORRECTED), 9.0)) == ["1"]


def test_a_work_without_text_is_not_read() -> None:
    named = "Reed belts kept back nitrate"
    assert read((work(1, None, title=named), 9.0), (work(2, "", title=named), 8.0), (work(3), 1.0)) == ["3"]


def test_the_closeness_is_counted_from_the_best_work_that_is_read() -> None:
    (only,) = worth_reading(REEDS, [(work(1, None), 9.0), (work(2), 3.0)], NOTHING_KNOWN)
    assert (only.rank, only.closeness) == (0, 1.0)


def test_a_work_that_shares_too_few_of_the_claims_words_is_not_read() -> None:
    asked = claim("Reed belts kept back nitrate, phosphate, sediment, pesticides, copper and zinc near farms.")
    assert read((work(1, "Copper and zinc prices rose."), 9.0), of=asked) == []
    assert read((work(2, "Reed belts held nitrate, phosphate and sediment."), 9.0), of=asked) == ["2"]
    assert read((work(3, "One reed."), 9.0), of=claim("A reed bends.")) == []


def test_neither_the_record_itself_nor_what_was_read_for_it_is_brought_up() -> None:
    record = ParsedRecord(layout=Layout.PROSE, title="Reeds: a synthesis", identifier="doi:10.5555/REEDS.1", text="...")
    known = names_of_record(record, [work(2)])
    under_another_name = work(3).model_copy(update={"source_id": "pmid:2", "aliases": ()})
    itself = work(4, title="Reeds - A Synthesis")
    assert read(
        (work(1), 9.0), (work(2), 8.0), (under_another_name, 7.0), (itself, 6.0), (work(5), 5.0), known=known
    ) == ["5"]


def test_a_record_without_title_keeps_no_work_from_being_read() -> None:
    record = ParsedRecord(layout=Layout.PROSE, title=None, text="...")
    assert names_of_record(record, []) == frozenset()


# --- the passages -------------------------------------------------------------------------------


def test_of_a_long_text_the_passages_with_most_words_of_the_claim_are_read_in_their_order() -> None:
    filler = [passage(n, f"Sentence {n} of a long book on barns.") for n in range(1, 40)]
    filler[30] = passage(31, "Reed belts kept back nitrate.")
    filler[20] = passage(21, "The nitrate was weighed.")
    chosen = passages_near(REEDS, filler)
    assert len(chosen) == PASSAGES_READ
    assert {"p31", "p21"} <= {one.passage_id for one in chosen}
    assert [one.ordinal for one in chosen] == sorted(one.ordinal for one in chosen)


def test_of_a_short_text_every_passage_is_read() -> None:
    short = [passage(n, "Barns.") for n in range(1, PASSAGES_READ + 1)]
    assert passages_near(REEDS, short) == tuple(short)


def test_hostile_text_only_costs_time_in_proportion() -> None:
    hostile = work(1, "reed belts kept back nitrate " * 20_000 + "(" * 100_000 + "\u0301" * 50_000)
    assert read((hostile, 9.0)) == ["1"]


# --- fingerprints -------------------------------------------------------------------------------

words = st.text(st.characters(exclude_characters="|", exclude_categories=("Cs",)), min_size=1, max_size=20)


@settings(deadline=None)
@given(own=words, library=st.none() | words.filter(lambda word: word != "none"), found=words)
def test_a_fingerprint_is_read_as_it_was_written(own: str, library: str | None, found: str) -> None:
    for one in (VerdictFingerprint(own), VerdictFingerprint(own, Searched(library, found))):
        assert VerdictFingerprint.parse(str(one)) == one


def test_goes_on_is_for_open_claims_that_can_be_searched() -> None:
    def verdict(word: ClaimVerdict) -> Verdict:
        return Verdict(
            claim_id="c",
            verdict=word,
            confidence=None,
            reason="r",
            scope=EvidenceScope.RECORD,
            verifier_version="v",
            backend="b",
        )

    going = {word for word in ClaimVerdict if goes_on(REEDS, verdict(word))}
    assert going == {ClaimVerdict.NOT_ENOUGH_INFO, ClaimVerdict.NOT_CHECKED}
    of_itself = claim("We searched three databases.", ClaimKind.SELF_DESCRIPTION)
    assert not any(goes_on(of_itself, verdict(word)) for word in ClaimVerdict)
