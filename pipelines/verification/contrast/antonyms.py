"""Rules that exchange one word of the main statement for its opposite.

Verbs keep their inflection. Adjectives, adverbs and nouns count behind the main verb only, and in front of
"was observed": in the subject of another verb the exchange makes another statement, not the contrary one.
Does not belong here: the pairs of words (`data/contrast-2026-11.toml`).
"""

from __future__ import annotations

from collections.abc import Iterator

from pipelines.extraction.word_lists import words
from pipelines.verification.contrast.rewriting import RewriteKind, Rewriting, rewriting, word_edit
from pipelines.verification.contrast.sentence import (
    AUXILIARIES,
    BE,
    DETERMINERS,
    HAVE,
    MODALS,
    PREPOSITIONS,
    RELATIVES,
    Sentence,
    is_denied,
)
from pipelines.verification.contrast.vocabulary import Slot, VerbForm, Vocabulary

_SEEN = words("observed found seen detected noted reported recorded evident present measured")
_BEFORE_INFINITIVE = words(
    """
    found shown able likely known appears appear appeared seems seem seemed tended tend tends reported
    demonstrated observed expected failed sufficient required enough helps predicted ability potential capacity
    unable needed
    """
)
_BEFORE_GERUND = words("by thereby thus while , and")
_COPULAS = BE | {"remain", "remains", "remained", "become", "becomes", "became", "be", "been", "seems", "appears"}
_NOT_HERE = words("than or not no")
_DEGREES = words("more most less least")
_COMPARATIVES = words("more less")
_TIMES = words("year years month months week weeks day days hours h min minutes decades")
_EVIDENCE = words(
    """result results finding findings data evidence observation observations study studies analysis analyses experiment
    experiments hypothesis hypotheses notion model"""
)
_WITHOUT_OBJECT = words(
    """increase decrease rise fall decline drop improve worsen expand contract shrink accelerate slow converge diverge
    succeed fail emerge disappear vanish strengthen weaken underperform lengthen shorten"""
)
_MAX_SITES = 12


def exchange_verb(sentence: Sentence, vocabulary: Vocabulary) -> Iterator[Rewriting]:
    """ "Increases" -> "decreases", "leads to" -> "prevents"."""
    if sentence.verb is None or is_denied(sentence):
        return
    for i in range(sentence.verb, min(sentence.last, sentence.verb + 40)):
        pair = (sentence.at(i), sentence.at(i + 1))
        width, forms = 2, vocabulary.phrasal.get(pair, ())
        if not forms:
            width, forms = 1, vocabulary.verbs.get(sentence.at(i), ())
        form = next((f for f in forms if f.opposites and _acts_as(sentence, i, f.slot, vocabulary)), None)
        if form is None or _takes_clause(sentence, i):
            continue
        for other in _fitting(sentence, i, width, form):
            edit = word_edit(sentence, i, i + width, vocabulary.inflected(other, form.slot))
            yield rewriting(sentence, RewriteKind.VERB_ANTONYM, [edit])


def _fitting(sentence: Sentence, i: int, width: int, form: VerbForm) -> tuple[str, ...]:
    """The opposites that need no object, where none stands: "deaths decreased markedly" -> "deaths increased"."""
    after = sentence.at(i + width)
    is_passive = {sentence.at(i - 1), sentence.at(i - 2)} & (BE | {"been", "be"})
    has_object = after[:1].isalnum() and after not in PREPOSITIONS and not after.endswith("ly")
    if width > 1 or is_passive or has_object:
        return form.opposites if after != "part" else ()
    return tuple(o for o in form.opposites if o in _WITHOUT_OBJECT)


def _takes_clause(sentence: Sentence, i: int) -> bool:
    """ "Allow x to y", "support that", "protect from": the opposite takes another build."""
    if sentence.at(i + 1) in ("that", "to", "from", "against", "with", "up", "into", "as"):
        return (sentence.at(i), sentence.at(i + 1)) not in {("lead", "to"), ("leads", "to"), ("led", "to")}
    if sentence.at(i).startswith("support"):
        return not _EVIDENCE & set(sentence.low[:i])  # "the tool supports three formats" has no such opposite
    if sentence.at(i).startswith(("enab", "permit", "prevent", "preclud", "encourag", "discourag", "caus", "induc")):
        return bool({"to", "from"} & set(sentence.low[i + 1 : i + 8]))
    return False


def _acts_as(sentence: Sentence, i: int, slot: Slot, vocabulary: Vocabulary) -> bool:
    """Whether the word at `i` is that form of the verb here, in the statement itself."""
    before, after = sentence.at(i - 1), sentence.at(i + 1)
    if i == sentence.verb:
        return slot in (Slot.THIRD, Slot.PAST, Slot.BASE)
    if _is_in_side_clause(sentence, i):
        return False
    adverb = before.endswith("ly") or before in ("also", "not", "more", "further")
    behind = sentence.at(i - 2) if adverb else before
    if slot is Slot.PARTICIPLE:
        return behind in BE | HAVE | {"been", "be"} and i <= (sentence.verb or 0) + 5
    if slot is Slot.BASE:
        infinitive = behind == "to" and sentence.at(i - 2 - adverb) in _BEFORE_INFINITIVE
        return infinitive or (behind in MODALS | {"did", "does", "do"} and behind not in ("may", "might"))
    if slot is Slot.GERUND:
        return before in _BEFORE_GERUND and before != "and" and after in DETERMINERS
    if slot in (Slot.THIRD, Slot.PAST):
        return behind in ("and", "but") and after in DETERMINERS
    return False


def _is_in_side_clause(sentence: Sentence, i: int) -> bool:
    """A relative clause began between the main verb and here."""
    return bool(set(sentence.low[(sentence.verb or 0) + 1 : i]) & (RELATIVES | {"to"} - {"to"}))


def exchange_word(sentence: Sentence, vocabulary: Vocabulary) -> Iterator[Rewriting]:
    """ "Higher" -> "lower", "an increase in" -> "a decrease in", "positively" -> "negatively"."""
    if sentence.verb is None or is_denied(sentence):
        return
    found = 0
    for i in range(sentence.first, sentence.last):
        opposites = _word_opposites_at(sentence, i, vocabulary)
        if not opposites or found >= _MAX_SITES or not _is_stated_at(sentence, i):
            continue
        found += 1
        for new in opposites:
            yield rewriting(sentence, RewriteKind.ADJECTIVE_ANTONYM, [word_edit(sentence, i, i + 1, new)])


def _word_opposites_at(sentence: Sentence, i: int, vocabulary: Vocabulary) -> tuple[str, ...]:
    word, before, after = sentence.at(i), sentence.at(i - 1), sentence.at(i + 1)
    if sentence.tokens[i].text.isupper() or before in _NOT_HERE or (before in _DEGREES and word not in _COMPARATIVES):
        return ()
    if word in ("dependent", "independent") and after in ("on", "of"):
        return ()
    if word in ("earlier", "later") and before in _TIMES:
        return ()
    if word == "more":
        return _less(sentence, i)
    nouns = vocabulary.noun_opposites.get(word, ())
    if nouns:
        is_noun = after in ("in", "of") and (
            before in DETERMINERS or word.endswith("s") or before.endswith(("ed", "nt", "er", "al"))
        )
        return nouns if is_noun and i != sentence.verb else ()
    if word in vocabulary.verbs and i >= (sentence.verb or 0) and before in AUXILIARIES | {"been", "be"}:
        return ()  # "was increased" is the verb rule's
    if word in vocabulary.loose and not _is_predicate(sentence, i):
        return ()
    if word in vocabulary.verbs and (after in PREPOSITIONS | DETERMINERS or not after.isalpha()):
        return ()
    return vocabulary.opposites.get(word, ())


def _is_predicate(sentence: Sentence, i: int) -> bool:
    before = sentence.at(i - 1)
    at = (
        i - 2 if before in ("very", "relatively", "highly", "also", "generally", "not", "quite", "extremely") else i - 1
    )
    return (sentence.at(at) in _COPULAS and not sentence.at(i + 1)[-1:].isalpha()) or (
        sentence.at(at) in _COPULAS and sentence.at(i + 1) in PREPOSITIONS | {"and", "when", "to", "than"}
    )


def _less(sentence: Sentence, i: int) -> tuple[str, ...]:
    """ "More likely" -> "less likely", "more cells" -> "fewer cells"."""
    before, after = sentence.at(i - 1), sentence.at(i + 1)
    if before in ("or", "and", "no", "once", "even", "any") or after in (
        "and",
        "or",
        "recently",
        "recent",
        "specifically",
    ):
        return ()
    if after == "than":
        return ("less",)
    if not after.isalpha() or after in PREPOSITIONS | DETERMINERS:
        return ()
    return ("fewer",) if after.endswith("s") and not after.endswith(("ss", "us", "is", "ous")) else ("less",)


def _is_stated_at(sentence: Sentence, i: int) -> bool:
    verb = sentence.verb or 0
    if i > verb:
        return not _is_in_side_clause(sentence, i)
    seen = sentence.at(verb) in BE and sentence.at(verb + 1) in _SEEN
    return seen and not set(sentence.low[sentence.first : i]) & (PREPOSITIONS | RELATIVES)


def exchange_anywhere(sentence: Sentence, vocabulary: Vocabulary) -> Iterator[Rewriting]:
    """Every word with an opposite, wherever it stands: for sentences whose point is told by another sentence.

    A noun that is a verb as often ("an increase") gets an opposite that is both as well.
    """
    for i in range(len(sentence.tokens)):
        kind, width, opposites = _any_opposites_at(sentence, i, vocabulary)
        for new in opposites:
            yield rewriting(sentence, kind, [word_edit(sentence, i, i + width, new)])


def _any_opposites_at(sentence: Sentence, i: int, vocabulary: Vocabulary) -> tuple[RewriteKind, int, tuple[str, ...]]:
    word, after = sentence.at(i), sentence.at(i + 1)
    phrasal = vocabulary.phrasal.get((word, after), ())
    forms = phrasal or vocabulary.verbs.get(word, ())
    form = next((f for f in forms if f.opposites), None)
    is_adjective = word in vocabulary.opposites and not word.endswith(("ed", "ing"))
    if form is None or is_adjective or sentence.tokens[i].text.isupper():
        return RewriteKind.ADJECTIVE_ANTONYM, 1, _word_opposites_at(sentence, i, vocabulary)
    if _takes_clause(sentence, i) or "-" in word:
        return RewriteKind.VERB_ANTONYM, 1, ()
    opposites = form.opposites
    if form.base in vocabulary.nouns_too and form.slot in (Slot.BASE, Slot.THIRD):
        opposites = tuple(o for o in opposites if o in vocabulary.nouns_too)
    made = tuple(vocabulary.inflected(o, form.slot) for o in opposites)
    return RewriteKind.VERB_ANTONYM, 2 if phrasal else 1, made
