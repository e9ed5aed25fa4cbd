"""Rules that say the same in other words, or less.

What is left out follows from what was said: an adverb of degree, a bracket, "we show that", a clause at the
end. Does not belong here: rules that change what is said (`negation`, `antonyms`, `figures`, `comparisons`).
"""

from __future__ import annotations

import random
from collections.abc import Iterator

from pipelines.extraction.word_lists import words
from pipelines.verification.contrast.rewriting import Edit, RewriteKind, Rewriting, apply_edits, rewriting, word_edit
from pipelines.verification.contrast.sentence import (
    BE,
    DETERMINERS,
    PREPOSITIONS,
    Sentence,
    behind_connectives,
    read_sentence,
)
from pipelines.verification.contrast.vocabulary import Slot, Vocabulary

_MAX_BRACKET = 160
_MAX_ARGUMENT = 6
_NOT_PASSIVE = words(
    """
    have lead result depend appear emerge remain become exist occur rise grow fall agree differ work arise play
    hold correspond converge diverge lack need fail contribute interact suggest imply indicate require vary
    account correlate show lose gain acquire receive experience undergo include contain possess benefit improve
    increase decrease survive suffer help start begin end last extend range yield fit succeed drop decline shrink
    contract constitute comprise converge learn make tend allow enable permit serve seem develop vanish disappear
    """
)
_DIGIT_OF = {
    w: str(i)
    for i, w in enumerate(["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"])
}


def exchange_synonym(sentence: Sentence, vocabulary: Vocabulary) -> Iterator[Rewriting]:
    """ "Inhibits" -> "suppresses"."""
    for i, word in enumerate(sentence.low):
        if sentence.tokens[i].text.isupper() or sentence.at(i - 1) in ("-", "–"):
            continue
        for new in vocabulary.synonyms.get(word, ()):
            if not _is_verb_here(sentence, i, vocabulary):
                continue
            yield rewriting(sentence, RewriteKind.PARAPHRASE, [word_edit(sentence, i, i + 1, new)])


def _is_verb_here(sentence: Sentence, i: int, vocabulary: Vocabulary) -> bool:
    """False of "reduced risk" and "fasting-induced increases"; words that are no verb at all may stand anywhere."""
    word, after = sentence.at(i), sentence.at(i + 1)
    if word.endswith("ed") and word in vocabulary.verbs:
        return sentence.at(i - 1) in BE | {"been"} or after in DETERMINERS
    is_noun_too = any(f.slot is Slot.THIRD and f.base in vocabulary.nouns_too for f in vocabulary.verbs.get(word, ()))
    return not is_noun_too or after in DETERMINERS or i == sentence.verb


def exchange_phrase(sentence: Sentence, vocabulary: Vocabulary) -> Iterator[Rewriting]:
    """ "Due to" -> "because of"."""
    folded = sentence.text.casefold()
    if len(folded) != len(sentence.text):
        return
    for old, new in vocabulary.synonym_phrases:
        at = folded.find(old)
        end = at + len(old)
        if at < 0 or folded[at - 1 : at].isalnum() or folded[end : end + 1].isalnum():
            continue
        text = new[:1].upper() + new[1:] if sentence.text[at].isupper() else new
        yield rewriting(sentence, RewriteKind.PARAPHRASE, [Edit(at, end, text)])


def write_digit(sentence: Sentence, vocabulary: Vocabulary) -> Iterator[Rewriting]:
    """ "Three genes" -> "3 genes"."""
    for i in range(1, len(sentence.tokens) - 1):
        digit = _DIGIT_OF.get(sentence.low[i])
        if digit is not None and sentence.low[i] != "one" and sentence.at(i + 1).isalpha():
            yield rewriting(sentence, RewriteKind.PARAPHRASE, [word_edit(sentence, i, i + 1, digit)])


def drop_adverb(sentence: Sentence, vocabulary: Vocabulary) -> Iterator[Rewriting]:
    """ "Was significantly reduced" -> "was reduced"."""
    for i in range(1, len(sentence.tokens) - 1):
        if (
            sentence.low[i] in vocabulary.dropped
            and sentence.at(i + 1).isalpha()
            and (
                sentence.at(i - 1).isalpha()
                and sentence.at(i - 1) not in ("not", "more", "most", "a", "an", "and", "less")
                and sentence.at(i + 1) not in PREPOSITIONS | {"and", "or", "than"}
            )
        ):
            start, end = sentence.tokens[i].start, sentence.tokens[i + 1].start
            yield rewriting(sentence, RewriteKind.PARAPHRASE, [Edit(start, end, "")])


def drop_bracket(sentence: Sentence, vocabulary: Vocabulary) -> Iterator[Rewriting]:
    """A remark in round brackets goes; one bracket inside another is left alone."""
    text, at = sentence.text, 0
    while (start := text.find(" (", at)) >= 0:
        end = text.find(")", start)
        if end < 0:
            return
        if end - start <= _MAX_BRACKET and "(" not in text[start + 2 : end] and text[end + 1 : end + 2] in " .,;":
            yield rewriting(sentence, RewriteKind.PARAPHRASE, [Edit(start, end + 1, "")])
        at = end


def drop_opening(sentence: Sentence, vocabulary: Vocabulary) -> Iterator[Rewriting]:
    """ "However, we show that x" -> "x"; a condition ("in mice, ...") stays."""
    start = _behind_opening(sentence, vocabulary)
    if start > 0:
        end = sentence.tokens[start].start
        letter = sentence.text[end : end + 1]
        yield rewriting(sentence, RewriteKind.PARAPHRASE, [Edit(0, end + 1, letter.upper())])


def _behind_opening(sentence: Sentence, vocabulary: Vocabulary) -> int:
    low = sentence.low
    that = sentence.first - 1
    if sentence.at(that) == "that":
        return sentence.first
    return behind_connectives(low, 0, vocabulary)


def drop_rest(sentence: Sentence, vocabulary: Vocabulary) -> Iterator[Rewriting]:
    """Clauses behind the main statement go."""
    if sentence.verb is None or sentence.last >= len(sentence.tokens) - 2 or sentence.last - sentence.first < 6:
        return
    left = sentence.text[: sentence.tokens[sentence.last - 1].end]
    if left.count("(") != left.count(")") or (left.count(",") % 2 and sentence.low[sentence.last] in ("which", "who")):
        return
    start = sentence.tokens[sentence.last - 1].end
    yield rewriting(sentence, RewriteKind.PARAPHRASE, [Edit(start, len(sentence.text), ".")])


def make_passive(sentence: Sentence, vocabulary: Vocabulary) -> Iterator[Rewriting]:
    """ "A inhibits b." -> "B is inhibited by a."; short plain sentences only."""
    verb = sentence.verb
    if verb is None or sentence.first != 0 or sentence.last < len(sentence.tokens) - 1:
        return
    forms = [f for f in vocabulary.verbs.get(sentence.at(verb), ()) if f.slot in (Slot.THIRD, Slot.PAST)]
    subject, thing = sentence.low[:verb], sentence.low[verb + 1 : sentence.last]
    if not forms or forms[0].base in _NOT_PASSIVE or not _is_argument(subject) or not _is_argument(thing):
        return
    plural = (thing[-1].endswith("s") and not thing[-1].endswith(("ss", "us", "is"))) or "and" in thing
    be = {(Slot.THIRD, True): "are", (Slot.THIRD, False): "is", (Slot.PAST, True): "were", (Slot.PAST, False): "was"}
    done = vocabulary.inflected(forms[0].base, Slot.PARTICIPLE)
    said, held = sentence.span(0, verb), sentence.span(verb + 1, sentence.last)
    first = said.split(" ", 1)[0]
    said = said if not first[1:].islower() else said[:1].lower() + said[1:]
    text = f"{held[:1].upper()}{held[1:]} {be[(forms[0].slot, plural)]} {done} by {said}"
    end = sentence.tokens[sentence.last - 1].end
    yield rewriting(sentence, RewriteKind.PARAPHRASE, [Edit(0, end, text)])


def _is_argument(words: tuple[str, ...]) -> bool:
    plain = 0 < len(words) <= _MAX_ARGUMENT and words[-1][-1:].isalnum()
    return plain and not set(words) & (
        PREPOSITIONS - {"of"}
        | {",", "(", "we", "it", "they", "that", "which", "this", "not", "no", "both", "these", "there"}
    )


MEANING_KEPT = (exchange_synonym, exchange_phrase, write_digit, drop_adverb, drop_bracket)
_SHAPE = (drop_opening, drop_rest)


def paraphrased(text: str, rng: random.Random, vocabulary: Vocabulary, *, share: float) -> str:
    """The sentence with about `share` of the possible exchanges made; the text itself where none can be."""
    for rule in _SHAPE:
        sentence = read_sentence(text, vocabulary)
        for made in rule(sentence, vocabulary) if sentence else ():
            text = made.text if rng.random() < 0.5 + share / 2 else text
    sentence = read_sentence(text, vocabulary)
    if sentence is None:
        return text
    chosen: list[Edit] = []
    for rule in MEANING_KEPT:
        for made in rule(sentence, vocabulary):
            edit = made.edits[0]
            if rng.random() < share and all(edit.end <= e.start or edit.start >= e.end for e in chosen):
                chosen.append(edit)
    text = apply_edits(text, chosen)
    sentence = read_sentence(text, vocabulary)
    for made in make_passive(sentence, vocabulary) if sentence else ():
        text = made.text if rng.random() < share else text
    return text
