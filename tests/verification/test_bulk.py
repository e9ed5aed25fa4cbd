"""Rows of claims in, rows of verdicts out: one for each line, whatever stands in it."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.models import Axis, AxisJudgement, AxisOutcome, ClaimVerdict, Probabilities, Stance
from pipelines.verification import bulk
from pipelines.verification.backend import Backend, Quote, Regime, SourceJudgement, SourceText
from pipelines.verification.bulk import (
    MAX_CLAIM,
    MAX_LINE,
    MAX_SENTENCE,
    NO_TEXT,
    NOTHING_FOUND,
    Asked,
    Refused,
    Tally,
    check,
    check_all,
    read_claim,
    read_source,
    read_sources,
)

SHARES = {
    ClaimVerdict.SUPPORTED: Probabilities(supported=0.8, refuted=0.1, not_enough_info=0.1),
    ClaimVerdict.REFUTED: Probabilities(supported=0.1, refuted=0.7, not_enough_info=0.2),
    ClaimVerdict.NOT_ENOUGH_INFO: Probabilities(supported=0.2, refuted=0.1, not_enough_info=0.7),
}
SIDES = {"+": Stance.SUPPORTS, "-": Stance.REFUTES, "?": Stance.NEUTRAL}


class ByMarks:
    """Reads what a sentence says of any claim from its first character: + for, - against, ? near, else nothing.

    The score is the number behind the mark, in hundredths; the side of the best sentence is that of the source.
    """

    name = "marks"
    version = "marks-1"

    def __init__(self) -> None:
        self.seen: list[tuple[str, tuple[str, ...], Regime]] = []

    def judge(self, claim: str, sources: Sequence[SourceText], regime: Regime) -> tuple[SourceJudgement, ...]:
        self.seen.append((claim, tuple(one.source_id for one in sources), regime))
        return tuple(self._of(one) for one in sources)

    def _of(self, source: SourceText) -> SourceJudgement:
        marked = [(place, s) for place, s in enumerate(source.sentences) if s[:1] in SIDES and s[1:3].isdecimal()]
        quotes = [Quote(place, SIDES[s[0]], int(s[1:3]) / 100) for place, s in marked]
        quotes.sort(key=lambda quote: -quote.score)
        verdicts = {Stance.SUPPORTS: ClaimVerdict.SUPPORTED, Stance.REFUTES: ClaimVerdict.REFUTED}
        verdict = verdicts.get(quotes[0].stance, ClaimVerdict.NOT_ENOUGH_INFO) if quotes else None
        verdict = verdict or ClaimVerdict.NOT_ENOUGH_INFO
        shares = SHARES[verdict]
        sure = max(shares.supported, shares.refuted, shares.not_enough_info)
        axes = (AxisJudgement(axis=Axis.SUBJECT, outcome=AxisOutcome.AGREES),)
        return SourceJudgement(source.source_id, verdict, sure, shares, tuple(quotes), "by its marks", axes=axes)


def source(name: str, *sentences: str) -> SourceText:
    return SourceText(name, "", sentences)


def checked(*sources: SourceText, backend: Backend | None = None) -> dict[str, Any]:
    return check(Asked(1, "c", "Fog is wet.", sources), sources, backend or ByMarks())


def line(**row: Any) -> bytes:
    return json.dumps(row).encode() + b"\n"


def given_line(name: Any = 1, *sentences: str) -> bytes:
    return line(id=name, claim="Fog is wet.", sources=[{"id": "s", "sentences": list(sentences or ("+90 It is.",))}])


def rows_of(*lines: bytes, search: bulk.Search | None = None) -> tuple[list[dict[str, Any]], Tally]:
    tally = Tally()
    return list(check_all(lines, ByMarks(), search, tally)), tally


# --- reading ------------------------------------------------------------------------------------


def test_a_claim_is_read_with_its_sources_and_their_ids_as_texts() -> None:
    row = line(
        id=7,
        claim=" Fog is wet.",
        sources=[{"id": 12, "title": "On fog", "sentences": ["Fog wets."]}, {"id": "b", "title": None, "text": "No."}],
    )
    expected = (SourceText("12", "On fog", ("Fog wets.",)), SourceText("b", "", ("No.",)))
    assert read_claim(row, 3, searches=False) == Asked(3, 7, " Fog is wet.", expected)


def test_a_text_is_split_into_sentences_that_stand_in_it_in_order() -> None:
    text = "Fog was measured at 4 a.m. by two stations. It wetted the lawn (see Fig. 2). Nothing else did."
    read = read_claim(line(id=1, claim="c", sources=[{"id": "s", "text": text}]), 1, searches=False)
    assert isinstance(read, Asked)
    assert read.sources is not None
    assert read.sources[0].sentences == (
        "Fog was measured at 4 a.m. by two stations.",
        "It wetted the lawn (see Fig. 2).",
        "Nothing else did.",
    )


def test_sentences_that_are_given_are_taken_as_they_are_even_beside_a_text() -> None:
    sentences = ["One. Two.", "", "  Three "]
    row = line(id=1, claim="c", sources=[{"id": "s", "sentences": sentences, "text": "Something else."}])
    read = read_claim(row, 1, searches=False)
    assert isinstance(read, Asked)
    assert read.sources is not None
    assert read.sources[0].sentences == tuple(sentences)


@pytest.mark.parametrize(
    ("row", "name", "reason"),
    [
        (b"{", None, "is not JSON"),
        (b"\xff\xfe{}", None, "is not UTF-8"),
        (b"[1]", None, "no JSON object"),
        (b"[" * 200_000, None, "is not JSON"),
        (b'{"id": ' + b"9" * 5_000 + b"}", None, "is not JSON"),
        (line(claim="c"), None, "id is missing"),
        (line(id="", claim="c"), None, "id is empty"),
        (line(id=True, claim="c"), None, "id must be a text or a whole number"),
        (line(id=1.5, claim="c"), None, "id must be a text or a whole number"),
        (line(id=10**30, claim="c"), None, "write it as a text"),
        (line(id="x" * 501, claim="c"), None, "id is longer than 500 characters"),
        (line(id="a"), "a", "claim is missing"),
        (line(id="a", claim=["c"]), "a", "claim must be a text"),
        (line(id="a", claim=" \n"), "a", "the claim is empty"),
        (line(id="a", claim="c" * (MAX_CLAIM + 1)), "a", "claim is longer than 5,000 characters"),
        (b'{"id": "a", "claim": "half \\ud83d"}', "a", "lone surrogate"),
        (line(id="a", claim="c"), "a", "has no sources"),
        (line(id="a", claim="c", sources=[]), "a", "has no sources"),
        (line(id="a", claim="c", sources={"id": 1}), "a", "sources must be a list"),
        (line(id="a", claim="c", sources=[{"id": n, "text": "t"} for n in range(501)]), "a", "more than 500 sources"),
        (line(id="a", claim="c", sources=["s"]), "a", "source 1: it is no JSON object"),
        (line(id="a", claim="c", sources=[{"text": "t"}]), "a", "source 1: id is missing"),
        (line(id="a", claim="c", sources=[{"id": 1}]), "a", "source 1: it has neither sentences nor a text"),
        (line(id="a", claim="c", sources=[{"id": 1, "text": 5}]), "a", "source 1: text must be a text"),
        (line(id="a", claim="c", sources=[{"id": 1, "sentences": "t"}]), "a", "sentences must be a list of texts"),
        (line(id="a", claim="c", sources=[{"id": 1, "sentences": ["t", 2]}]), "a", "must be a list of texts"),
        (line(id="a", claim="c", sources=[{"id": 1, "sentences": [""] * 20_001}]), "a", "more than 20,000 sentences"),
        (line(id="a", claim="c", sources=[{"id": 1, "text": "a. " * 700_000}]), "a", "longer than 2,000,000"),
        (line(id="a", claim="c", sources=[{"id": 1, "sentences": ["x" * (MAX_SENTENCE + 1)]}]), "a", "a sentence is"),
        (line(id="a", claim="c", sources=[{"id": 1, "text": "t"}, {"id": "1", "text": "t"}]), "a", "have the id '1'"),
        (line(id="a", claim="c", sources=[{"id": 1, "title": 4, "text": "t"}]), "a", "title must be a text"),
    ],
)  # fmt: skip
def test_a_row_that_cannot_be_used_is_refused_with_one_sentence(row: bytes, name: str | None, reason: str) -> None:
    refused = read_claim(row, 4, searches=False)
    assert isinstance(refused, Refused)
    assert reason in refused.reason
    assert "\n" not in refused.reason
    assert refused.row() == ({"line": 4} if name is None else {"id": name}) | {"error": refused.reason}


def test_a_line_that_is_too_long_is_refused_unread() -> None:
    refused = read_claim(b" " * MAX_LINE + b"{}", 1, searches=False)
    assert refused == Refused(1, None, "the line is longer than 8,000,000 bytes")


def test_a_mark_of_byte_order_is_no_part_of_the_row() -> None:
    assert isinstance(read_claim(b"\xef\xbb\xbf" + given_line(), 1, searches=False), Asked)


def test_with_a_corpus_a_claim_without_sources_is_searched_for_and_one_with_sources_is_not() -> None:
    for row in (line(id=1, claim="c"), line(id=1, claim="c", sources=[]), line(id=1, claim="c", sources=None)):
        read = read_claim(row, 1, searches=True)
        assert isinstance(read, Asked)
        assert read.sources is None
    read = read_claim(given_line(), 1, searches=True)
    assert isinstance(read, Asked)
    assert read.sources is not None


def test_a_row_of_a_corpus_is_a_source() -> None:
    row = line(doc_id=31, title="On fog", abstract=["Fog wets.", "It is cold."], structured=False)
    assert read_source(row, 1) == SourceText("31", "On fog", ("Fog wets.", "It is cold."))
    assert read_source(line(doc_id="a", abstract="Fog wets. It is cold."), 1) == SourceText(
        "a", "", ("Fog wets.", "It is cold.")
    )


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (b"nothing", "is not JSON"),
        (line(title="t", abstract=["a"]), "doc_id is missing"),
        (line(doc_id=1, title="t"), "text is missing"),
        (line(doc_id=1, title="t", abstract=[]), "the abstract is empty"),
        (line(doc_id=1, title="t", abstract=["", " "]), "the abstract is empty"),
        (line(doc_id=1, title="t", abstract=[1]), "must be a list of texts"),
    ],
)
def test_a_row_of_a_corpus_that_cannot_be_used_is_refused(row: bytes, reason: str) -> None:
    refused = read_source(row, 2)
    assert isinstance(refused, Refused)
    assert reason in refused.reason


def test_a_source_that_comes_twice_in_a_corpus_is_taken_once() -> None:
    refused: list[Refused] = []
    rows = [
        line(doc_id=1, abstract=["a"]),
        b"\n",
        b"{",
        line(doc_id="1", abstract=["b"]),
        line(doc_id=2, abstract=["c"]),
    ]
    assert [one.sentences for one in read_sources(rows, refused)] == [("a",), ("c",)]
    assert [(one.line, one.reason[:24]) for one in refused] == [
        (3, "the line is not JSON (Ex"),
        (4, "the id '1' stands at lin"),
    ]


# --- judging and writing ------------------------------------------------------------------------


def test_a_row_holds_what_the_contract_says() -> None:
    row = checked(source("a", "Fog forms.", "+60 Fog wets.", "+90 Fog is wet."), source("b", "?20 Rain."))
    assert row == {
        "id": "c",
        "verdict": "SUPPORTED",
        "confidence": 0.8,
        "probabilities": {"SUPPORTED": 0.8, "REFUTED": 0.1, "NOT_ENOUGH_INFO": 0.1},
        "evidence": [
            {
                "source_id": "a", "sentence": 2, "stance": "SUPPORTS", "score": 0.9, "text": "+90 Fog is wet.",
                "why": None,
            },
            {
                "source_id": "a", "sentence": 1, "stance": "SUPPORTS", "score": 0.6, "text": "+60 Fog wets.",
                "why": None,
            },
        ],
        "per_source": [
            {
                "source_id": "a", "verdict": "SUPPORTED", "confidence": 0.8,
                "probabilities": {"SUPPORTED": 0.8, "REFUTED": 0.1, "NOT_ENOUGH_INFO": 0.1}, "sentences": [2, 1],
                "reason": "by its marks", "conflict": False,
                "axes": [{"axis": "subject", "outcome": "agrees", "why": None}],
            },
            {
                "source_id": "b", "verdict": "NOT_ENOUGH_INFO", "confidence": 0.7,
                "probabilities": {"SUPPORTED": 0.2, "REFUTED": 0.1, "NOT_ENOUGH_INFO": 0.7}, "sentences": [0],
                "reason": "by its marks", "conflict": False,
                "axes": [{"axis": "subject", "outcome": "agrees", "why": None}],
            },
        ],
        "backend": "marks",
        "verifier_version": "marks-1",
        "reason": "by its marks",
        "conflict": False,
        "axes": [{"axis": "subject", "outcome": "agrees", "why": None}],
        "regime": "given",
    }  # fmt: skip


def test_a_source_that_decides_shows_the_sentences_of_its_own_side_only() -> None:
    row = checked(source("a", "-50 Fog is dry.", "+90 Fog is wet."))
    assert row["per_source"][0]["sentences"] == [1]
    assert [one["sentence"] for one in row["evidence"]] == [1]


def test_a_dispute_quotes_each_side_from_the_sources_that_are_on_it() -> None:
    row = checked(source("a", "+90 Wet.", "-40 Dry."), source("b", "-80 Dry.", "+10 Wet."), source("c", "?70 Fog."))
    assert (row["verdict"], row["confidence"], row["conflict"]) == ("DISPUTED", None, True)
    assert [(one["source_id"], one["sentence"], one["stance"]) for one in row["evidence"]] == [
        ("a", 0, "SUPPORTS"),
        ("b", 0, "REFUTES"),
    ]


def test_an_open_claim_shows_the_nearest_sentence_of_the_nearest_source_as_neutral() -> None:
    row = checked(source("b", "?70 Fog."), source("a", "Hail.", "?60 Mist."))
    assert row["verdict"] == "NOT_ENOUGH_INFO"
    assert [(one["source_id"], one["sentence"], one["stance"]) for one in row["evidence"]] == [("a", 1, "NEUTRAL")]


def test_a_source_without_a_text_is_not_judged_and_says_so() -> None:
    backend = ByMarks()
    row = checked(source("a", "", " "), source("b", "+90 Wet."), source("c"), backend=backend)
    assert backend.seen == [("Fog is wet.", ("b",), Regime.GIVEN)]
    assert [(one["source_id"], one["verdict"], one["confidence"]) for one in row["per_source"]] == [
        ("a", "NOT_CHECKED", None),
        ("b", "SUPPORTED", 0.8),
        ("c", "NOT_CHECKED", None),
    ]
    assert row["per_source"][0]["reason"] == NO_TEXT
    assert row["verdict"] == "SUPPORTED"


def test_a_claim_for_which_nothing_was_found_is_not_checked() -> None:
    (row,), tally = rows_of(line(id=1, claim="Fog is wet."), search=lambda claims: [() for _ in claims])
    assert (row["verdict"], row["confidence"], row["probabilities"]) == ("NOT_CHECKED", None, None)
    assert (row["evidence"], row["per_source"], row["reason"]) == ([], [], NOTHING_FOUND)
    assert (tally.claims, tally.sources, tally.verdicts) == (1, 0, {ClaimVerdict.NOT_CHECKED: 1})


def test_claims_are_searched_for_together_and_each_gets_its_own_sources_in_order_of_rank() -> None:
    asked: list[list[str]] = []

    def search(claims: Sequence[str]) -> Iterator[tuple[SourceText, ...]]:
        asked.append(list(claims))
        return iter([(source(f"far-{one}", "?10 x"), source(f"also-{one}", "+90 x")) for one in claims])

    lines = [line(id=1, claim="one"), given_line(2), b"{", line(id=3, claim="three")]
    rows, tally = rows_of(*lines, search=search)
    assert asked == [["one", "three"]]
    ids = [[one["source_id"] for one in row.get("per_source", [])] for row in rows]
    assert ids == [["far-one", "also-one"], ["s"], [], ["far-three", "also-three"]]
    assert [row.get("regime") for row in rows] == ["searched", "given", None, "searched"]
    assert (tally.claims, tally.sources, tally.rejected) == (3, 5, 1)


def test_chunks_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def search(claims: Sequence[str]) -> Iterator[tuple[SourceText, ...]]:
        return ((source(one, f"+90 {one}"),) for one in claims)

    lines = [line(id=n, claim=f"claim {n}") if n % 3 else given_line(n) for n in range(20)]
    whole, _ = rows_of(*lines, search=search)
    monkeypatch.setattr(bulk, "AT_ONCE", 3)
    assert rows_of(*lines, search=search)[0] == whole
    monkeypatch.setattr(bulk, "AT_ONCE_CHARACTERS", 1)
    assert rows_of(*lines, search=search)[0] == whole


def test_an_id_that_comes_again_is_refused_and_told_by_its_line() -> None:
    rows, tally = rows_of(given_line("5"), given_line(6), given_line(5), given_line(6))
    assert [row.get("id") for row in rows] == ["5", 6, None, None]
    assert rows[2] == {"line": 3, "error": "the id '5' stands at line 1 already"}
    assert rows[3] == {"line": 4, "error": "the id '6' stands at line 2 already"}
    assert (tally.claims, tally.rejected) == (2, 2)


def test_an_id_whose_first_row_was_refused_may_come_again() -> None:
    rows, _ = rows_of(line(id=1, claim=""), given_line(1))
    assert [("error" in row, row.get("verdict")) for row in rows] == [(True, None), (False, "SUPPORTED")]


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
ALMOST_ROWS = st.fixed_dictionaries(
    {},
    optional={
        "id": st.integers(0, 5) | JSON_VALUES,
        "claim": st.text(max_size=30) | JSON_VALUES,
        "sources": JSON_VALUES
        | st.lists(
            st.fixed_dictionaries(
                {},
                optional={
                    "id": st.integers(0, 3) | JSON_VALUES,
                    "title": st.text(max_size=9) | JSON_VALUES,
                    "sentences": st.lists(st.sampled_from(["+90 a", "-80 b", "?10 c", "d", ""])) | JSON_VALUES,
                    "text": st.text(max_size=40) | JSON_VALUES,
                },
            ),
            max_size=3,
        ),
    },
)
LINES = (
    st.binary(max_size=60).filter(lambda held: b"\n" not in held)
    | JSON_VALUES.map(lambda value: json.dumps(value).encode())
    | ALMOST_ROWS.map(lambda value: json.dumps(value).encode())
)


@given(lines=st.lists(LINES, max_size=12), searches=st.booleans())
def test_every_line_that_is_not_blank_gets_one_row_in_its_place(lines: list[bytes], searches: bool) -> None:
    def search(claims: Sequence[str]) -> list[tuple[SourceText, ...]]:
        return [(source("found", "+50 yes"),) for _ in claims]

    rows, tally = rows_of(*lines, search=search if searches else None)
    numbers = [number for number, held in enumerate(lines, start=1) if held.strip()]
    assert len(rows) == len(numbers) == tally.claims + tally.rejected
    for number, row in zip(numbers, rows, strict=True):
        written = json.loads(json.dumps(row, ensure_ascii=False).encode("utf-8"))
        assert written == row
        if "error" in row:
            assert row.get("line", number) == number
        if "id" in row:
            assert json.loads(lines[number - 1].decode("utf-8-sig"))["id"] == row["id"]
    assert tally.rejected == sum("error" in row for row in rows)


@given(order=st.permutations(range(4)))
def test_the_order_of_the_sources_changes_no_verdict(order: list[int]) -> None:
    sources = [source("a", "+90 Wet."), source("b", "-30 Dry.", "?20 x"), source("c", "?50 Fog."), source("d", "")]
    first = checked(*sources)
    again = checked(*(sources[place] for place in order))
    ids = {"per_source": None}
    assert again | ids == first | ids
    assert sorted(again["per_source"], key=lambda one: one["source_id"]) == first["per_source"]


def test_a_long_line_of_nothing_much_is_read_quickly_or_refused() -> None:
    chance = random.Random(7)
    noise = "".join(chance.choice(". ([\"'*_-!?a1\n") for _ in range(200_000))
    read = read_claim(line(id=1, claim="c", sources=[{"id": 1, "text": noise}]), 1, searches=False)
    held = read.sources if isinstance(read, Asked) else None
    assert isinstance(read, Refused) or (held is not None and all(one in noise for one in held[0].sentences))
