"""Where sentences end, by our rules and by other splitters, where those are installed.

usage: CLAIMGATE_CORPUS=... python benchmarks/sentence_splitting.py [--errors NAME SET] [--texts N]

Boundaries inside a text of sentences joined by one space: precision, recall, F1, and seconds a megabyte.
Sets: `hard` (labels/sentence_boundaries.jsonl, written for this), `scifact` (abstracts), `integrity`
(sentences quoted from articles, with their citation marks). The boundaries of the last two were found by a
machine and hold its errors: "1.4 +/-" is a sentence there. `scifact` is shown in halves; rules may be made
from the even one only.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from pipelines.extraction.sentences import split_sentences

LABELS = Path(__file__).parent / "labels" / "sentence_boundaries.jsonl"

Ends = Callable[[str], Iterable[int]]


def ours(text: str) -> Iterator[int]:
    return (end for _, end in split_sentences(text))


def syntok() -> Ends:
    from syntok import segmenter

    def ends(text: str) -> Iterator[int]:
        for paragraph in segmenter.analyze(text):
            for sentence in paragraph:
                last = list(sentence)[-1]
                yield last.offset + len(last.value)

    return ends


def blingfire() -> Ends:
    from blingfire import text_to_sentences_and_offsets

    def ends(text: str) -> Iterator[int]:
        return (end for _, end in text_to_sentences_and_offsets(text)[1])

    return ends


def pysbd() -> Ends:
    from pysbd import Segmenter

    segmenter = Segmenter(language="en", clean=False, char_span=True)

    def ends(text: str) -> Iterator[int]:
        return (span.start + len(span.sent.rstrip()) for span in segmenter.segment(text))

    return ends


OTHERS: dict[str, Callable[[], Ends]] = {"syntok": syntok, "blingfire": blingfire, "pysbd": pysbd}


def splitters() -> Iterator[tuple[str, Ends]]:
    yield "ours", ours
    for name, made in OTHERS.items():
        if importlib.util.find_spec(name) is not None:
            yield name, made()


def rows(file: Path) -> list[Any]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def sets(corpus: Path | None) -> dict[str, list[list[str]]]:
    found: dict[str, list[list[str]]] = {"hard": rows(LABELS)}
    if corpus is not None:
        abstracts = [row["abstract"] for row in rows(corpus / "claims/scifact/corpus.jsonl")]
        found["scifact even"] = abstracts[0::2]
        found["scifact odd"] = abstracts[1::2]
        quoted = [row["abstract"] for row in rows(corpus / "claims/citation-integrity/corpus.jsonl")]
        found["integrity"] = [sentences for sentences in quoted if len(sentences) > 1]
    return {name: [tidy(one) for one in texts] for name, texts in found.items()}


def tidy(sentences: Sequence[str]) -> list[str]:
    return [" ".join(sentence.split()) for sentence in sentences if sentence.strip()]


def gold(sentences: Sequence[str]) -> set[int]:
    ends, at = set(), 0
    for sentence in sentences[:-1]:
        at += len(sentence)
        ends.add(at)
        at += 1
    return ends


def measure(name: str, ends: Ends, texts: Sequence[list[str]]) -> str:
    right = found = wanted = size = 0
    seconds = 0.0
    for sentences in texts:
        text = " ".join(sentences)
        begun = time.perf_counter()
        predicted = set(ends(text)) - {len(text)}
        seconds += time.perf_counter() - begun
        expected = gold(sentences)
        size += len(text.encode())
        right += len(predicted & expected)
        found += len(predicted)
        wanted += len(expected)
    precision, recall = right / max(found, 1), right / max(wanted, 1)
    f1 = 2 * right / max(found + wanted, 1)
    return f"{name:<10} {len(texts):>6} {precision:>9.2%} {recall:>9.2%} {f1:>9.2%} {seconds / size * 1e6:>9.2f}"


def show_errors(ends: Ends, texts: Sequence[list[str]]) -> None:
    """Each boundary that only one side has, with the words around it: + ours alone, - theirs alone."""
    for sentences in texts:
        text = " ".join(sentences)
        predicted = set(ends(text)) - {len(text)}
        for place in sorted(predicted ^ gold(sentences)):
            sign = "+" if place in predicted else "-"
            print(f"{sign} {text[max(0, place - 50) : place]}|{text[place : place + 40]}")


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--errors", nargs=2, metavar=("NAME", "SET"))
    asked.add_argument("--texts", type=int, help="only so many texts of each set")
    given = asked.parse_args()
    corpus = os.environ.get("CLAIMGATE_CORPUS")
    texts = {name: some[: given.texts] for name, some in sets(Path(corpus) if corpus else None).items()}
    if given.errors:
        show_errors(dict(splitters())[given.errors[0]], texts[given.errors[1]])
        return
    for set_name, some in texts.items():
        print(f"\n{set_name:<10} {'texts':>6} {'precision':>9} {'recall':>9} {'F1':>9} {'s/MB':>9}")
        for name, ends in splitters():
            print(measure(name, ends, some))


if __name__ == "__main__":
    main()
