"""A corpus from a file: what is found for many claims at once, in which order, and that nothing is left behind."""

from __future__ import annotations

import json
import math
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.ingestion.search.terms import index_terms
from pipelines.verification.backend import SourceText
from warehouse import corpus_file as room
from warehouse.corpus_file import INTERRUPTED, TITLE_COUNTS, CorpusFile, open_corpus_file
from warehouse.library import K1, B

SOURCES = (
    SourceText("moss", "Moss on walls", ("Moss grows on the north side of walls.", "Sun dries it.")),
    SourceText("lichen", "Lichen on roof tiles", ("Lichen lowered the frost resistance of tiles.",)),
    SourceText("frost", "Frost in orchards", ("Late frost kills blossom.", "Sprinklers helped against frost.")),
    SourceText("routing", "", ("Packets were routed sparsely.",)),
)
WORDS = st.sampled_from(["fog", "dew", "rain", "hail", "snow", "sleet"])
HOSTILE = (
    "'; DROP TABLE corpus_texts; --",
    "$limit {claim} %s ?",
    "\x00frost\x00",
    "frost " * 30_000,
    "(" * 100_000,
    "霜の朝",
)


def found(corpus: CorpusFile, claim: str, limit: int = 10) -> tuple[SourceText, ...]:
    (sources,) = corpus.search([claim], limit)
    return sources


def ids(sources: Sequence[SourceText]) -> list[str]:
    return [one.source_id for one in sources]


def by_hand(sources: Sequence[SourceText], claim: str) -> list[tuple[str, float]]:
    """BM25 in plain Python, the best first."""
    held = {}
    for one in sources:
        title = {term: TITLE_COUNTS * count for term, count in Counter(index_terms(one.title)).items()}
        held[one.source_id] = Counter(index_terms(" ".join(one.sentences))) + Counter(title)
    counted = [counts.total() for counts in held.values() if counts]
    mean = sum(counted) / len(counted) if counted else 0.0
    scores = dict.fromkeys(held, 0.0)
    for term in set(index_terms(claim)):
        holding = sum(term in counts for counts in held.values())
        rarity = math.log(1 + (len(held) - holding + 0.5) / (holding + 0.5))
        for name, counts in held.items():
            if frequency := counts[term]:
                length = 1 - B + B * counts.total() / mean
                scores[name] += rarity * frequency * (K1 + 1) / (frequency + K1 * length)
    best = sorted(((name, score) for name, score in scores.items() if score > 0), key=lambda one: (-one[1], one[0]))
    return best


class Axes:
    """An encoder for tests: a text's vector has a place for each of three words, and one for all else."""

    words = ("frost", "ice", "moss")

    def __init__(self) -> None:
        self.asked: list[list[str]] = []

    def __call__(self, texts: list[str]) -> Any:
        self.asked.append(list(texts))
        rows = [[float(word in text.casefold()) for word in self.words] + [0.1] for text in texts]
        vectors = np.asarray(rows, dtype=np.float32)
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def test_each_claim_gets_its_own_sources_with_rank_and_closeness() -> None:
    with open_corpus_file(SOURCES) as corpus:
        first, second, third = corpus.search(["Frost harms tiles", "no such words here", "packets"], 2)
    assert ids(first) == ["lichen", "frost"]
    assert [one.rank for one in first] == [0, 1]
    assert first[0].closeness == 1.0
    assert 0 < first[1].closeness < 1
    assert second == ()
    assert third == (SOURCES[3],)
    assert first[0].sentences == SOURCES[1].sentences
    assert first[0].title == SOURCES[1].title


def test_the_scores_are_those_of_bm25() -> None:
    claim = "Frost on walls and tiles of orchards"
    with open_corpus_file(SOURCES) as corpus:
        sources = found(corpus, claim)
    expected = by_hand(SOURCES, claim)
    assert ids(sources) == [name for name, _ in expected]
    shares = [score / expected[0][1] for _, score in expected]
    assert [one.closeness for one in sources] == pytest.approx(shares, abs=1e-6)


@settings(max_examples=25)
@given(
    texts=st.lists(st.lists(st.sampled_from(["fog", "dew", "rain", "hail", "snow", "sleet"]), max_size=9), max_size=7),
    claims=st.lists(
        st.lists(st.sampled_from(["fog", "dew", "rain", "hail", "snow", "wind"]), max_size=4), min_size=1, max_size=4
    ),
)
def test_whatever_the_texts_the_order_is_that_of_bm25(texts: list[list[str]], claims: list[list[str]]) -> None:
    sources = [SourceText(f"{n}", words[0] if words else "", (" ".join(words),)) for n, words in enumerate(texts)]
    with open_corpus_file(sources) as corpus:
        answers = list(corpus.search([" ".join(claim) for claim in claims], 10))
    for claim, answer in zip(claims, answers, strict=True):
        expected = dict(by_hand(sources, " ".join(claim)))
        assert set(ids(answer)) == set(expected)
        scores = [expected[name] for name in ids(answer)]
        assert scores == pytest.approx(sorted(scores, reverse=True), abs=1e-6)


def test_ties_are_in_order_of_source_id_whatever_the_order_of_arrival() -> None:
    twins = [SourceText(f"t{n}", "Tides", ("The tide moved the mud.",)) for n in range(9)]
    for arrived in (twins, list(reversed(twins))):
        with open_corpus_file(arrived) as corpus:
            assert ids(found(corpus, "mud and tide", 4)) == ["t0", "t1", "t2", "t3"]


def test_many_claims_get_what_each_would_get_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    claims = ["Frost harms tiles", "", "moss", "packets of frost", "xyzzy"] * 3
    with open_corpus_file(SOURCES) as corpus:
        alone = [found(corpus, claim) for claim in claims]
        assert list(corpus.search(claims, 10)) == alone
        monkeypatch.setattr(room, "PAIRS_AT_ONCE", 8)
        assert list(corpus.search(claims, 10)) == alone


def test_sources_that_come_in_many_lots_are_one_corpus(monkeypatch: pytest.MonkeyPatch) -> None:
    with open_corpus_file(SOURCES) as corpus:
        whole = found(corpus, "frost moss tiles packets")
    monkeypatch.setattr(room, "TEXTS_AT_ONCE", 1)
    with open_corpus_file(iter(SOURCES)) as corpus:
        assert corpus.sources == 4
        assert found(corpus, "frost moss tiles packets") == whole
    monkeypatch.setattr(room, "TEXTS_AT_ONCE", 100)
    monkeypatch.setattr(room, "TEXT_AT_ONCE", 1)
    with open_corpus_file(iter(SOURCES)) as corpus:
        assert found(corpus, "frost moss tiles packets") == whole


def test_an_empty_corpus_finds_nothing_and_no_claims_find_nothing() -> None:
    with open_corpus_file([]) as corpus:
        assert list(corpus.search(["frost", ""], 3)) == [(), ()]
    with open_corpus_file(SOURCES) as corpus:
        assert list(corpus.search([], 3)) == []
        assert list(corpus.search(["frost"], 0)) == [()]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_are_only_words(text: str) -> None:
    hostile = SourceText(text[:100] or "hostile", text, (text, ""))
    with open_corpus_file([*SOURCES, hostile]) as corpus:
        assert corpus.sources == 5
        if index_terms(text):
            assert hostile in found(corpus, text)
        assert ids(found(corpus, "packets")) == ["routing"]


def test_nothing_of_the_corpus_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    held: list[Path] = []

    def interrupted() -> None:
        with open_corpus_file(SOURCES):
            held.extend(tmp_path.iterdir())
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert len(held) == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("said", "told"), [(INTERRUPTED, KeyboardInterrupt), ("something else", RuntimeError)])
def test_what_duckdb_says_of_ctrl_c_is_an_interruption_and_no_error(said: str, told: type[BaseException]) -> None:
    def stopped() -> None:
        with open_corpus_file(SOURCES):
            raise RuntimeError(said)

    with pytest.raises(told):
        stopped()


def test_with_an_encoder_a_source_is_found_that_shares_no_word_with_the_claim() -> None:
    ice = SourceText("ice", "", ("Frosts and ice.",))
    encode = Axes()
    with open_corpus_file([*SOURCES, ice], encode=encode) as corpus:
        sources = found(corpus, "Ice everywhere", 2)
        assert ids(sources)[0] == "ice"
        assert len(sources) == 2
        near = found(corpus, "Mosses", 1)
    assert ids(near) == ["moss"]
    assert encode.asked[0][0] == "Moss on walls Moss grows on the north side of walls. Sun dries it."
    assert encode.asked[-1] == ["Mosses"]


def test_words_and_meaning_are_added_as_half_a_share_and_a_cosine() -> None:
    claim = "frost and moss"
    encode = Axes()
    with open_corpus_file(SOURCES, encode=encode) as corpus:
        sources = found(corpus, claim)
    words = dict(by_hand(SOURCES, claim))
    best = max(words.values())
    texts = encode([" ".join((one.title, *one.sentences)) for one in SOURCES])
    cosines = texts @ encode([claim])[0]
    scores = {
        one.source_id: float(cosine) + 0.5 * words.get(one.source_id, 0.0) / best
        for one, cosine in zip(SOURCES, cosines, strict=True)
    }
    expected = sorted(scores, key=lambda name: (-scores[name], name))
    assert ids(sources) == expected
    shares = [scores[name] / scores[expected[0]] for name in expected]
    assert [one.closeness for one in sources] == pytest.approx(shares, abs=1e-5)


def test_evidence_is_found_among_the_abstracts_of_scifact(corpus: Path) -> None:
    folder = corpus / "claims" / "scifact"
    rows = [json.loads(line) for line in (folder / "corpus.jsonl").read_text(encoding="utf-8").splitlines()]
    claims = [json.loads(line) for line in (folder / "claims_train.jsonl").read_text(encoding="utf-8").splitlines()]
    sources = (SourceText(str(row["doc_id"]), row["title"], tuple(row["abstract"])) for row in rows)
    with open_corpus_file(sources) as indexed:
        ranked = [ids(hits) for hits in indexed.search([claim["claim"] for claim in claims], 10)]
    pairs = [(set(claim["evidence"]), names) for claim, names in zip(claims, ranked, strict=True)]
    whole = sum(len(wanted) for wanted, _ in pairs)
    at_3, at_10 = (sum(len(wanted & set(names[:k])) for wanted, names in pairs) / whole for k in (3, 10))
    assert (at_3 >= 0.82, at_10 >= 0.93) == (True, True)
