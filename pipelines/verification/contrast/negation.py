"""Rules that deny a statement, and rules that take a denial away.

Only the main verb is denied: a denied remark at the side would leave the finding as it was. Each rule yields
every rewriting it can make of one sentence. Does not belong here: opposite words (`antonyms`).
"""

from __future__ import annotations

from collections.abc import Iterator

from pipelines.extraction.word_lists import words
from pipelines.verification.contrast.rewriting import Edit, RewriteKind, Rewriting, rewriting, word_edit
from pipelines.verification.contrast.sentence import (
    AUXILIARIES,
    BE,
    DETERMINERS,
    DO,
    HAVE,
    PREPOSITIONS,
    Sentence,
    is_denied,
)
from pipelines.verification.contrast.vocabulary import Slot, Vocabulary, is_plain_word

_DENIABLE = BE | {"can", "could", "will", "would", "should", "must"}
_ADDED = words("also then still thus therefore often usually generally typically commonly")
# "Is not only", "are not both": the denial would not be the contrary.
_SCOPED = words(
    """
    only mainly largely partly partially mostly predominantly often usually generally typically commonly
    frequently both either neither all not no never rarely seldom hardly sometimes approximately about at more
    less likely just still already nearly almost n't none each least
    """
)
# "Some are not" does not contradict "some are".
_OPEN_SUBJECTS = words(
    """
    some several many few most each every all any only no neither both half fewer majority minority one two three
    four none other others there
    """
)
_FOUND_NOUNS = words(
    """
    effect effects difference differences association associations change changes impact influence benefit
    benefits improvement improvements increase increases decrease decreases reduction correlation correlations
    relationship evidence interaction interactions advantage
    """
)
# Words that need a denial before them.
_POLAR = words("any either yet nor until anymore whatsoever but")
_DEGREES = words(
    """
    significant clear clinically statistically substantial major detectable such direct overall apparent
    consistent
    """
)
_PLAIN_PARTICIPLES = words("been shown found seen known become given led made driven grown")
_ACHIEVED = words(
    """
    show demonstrate reveal affect alter identify detect predict achieve reach bind confirm
    """
)
_SLOT_OF = {"does": Slot.THIRD, "did": Slot.PAST, "do": Slot.BASE}
_FAILED = {"failed": Slot.PAST, "fails": Slot.THIRD, "fail": Slot.BASE}


def _has_open_subject(sentence: Sentence, verb: int) -> bool:
    subject = sentence.low[sentence.first : verb]
    return bool(set(subject) & _OPEN_SUBJECTS) or any(w[0].isdigit() or w == "%" for w in subject)


def _is_hedged(sentence: Sentence) -> bool:
    return bool({"may", "might", "maybe", "perhaps", "possibly"} & set(sentence.low[sentence.first : sentence.last]))


def deny_auxiliary(sentence: Sentence, vocabulary: Vocabulary) -> Iterator[Rewriting]:
    """ "Was associated" -> "was not associated"."""
    verb = sentence.verb
    if verb is None or _is_hedged(sentence) or is_denied(sentence) or _has_open_subject(sentence, verb):
        return
    word, after = sentence.at(verb), sentence.at(verb + 1)
    if word in HAVE and not (after in _PLAIN_PARTICIPLES or (after.endswith("ed") and after in vocabulary.verbs)):
        return
    if word not in _DENIABLE | HAVE or after in _SCOPED or verb + 1 >= sentence.last:
        return
    at = verb + 1 if after in _ADDED else verb
    end = sentence.tokens[at].end
    if "but" in sentence.low or "except" in sentence.low or _has_second_verb(sentence, verb, vocabulary):
        return
    new = "cannot" if word == "can" and at == verb else f"{sentence.text[sentence.tokens[verb].start : end]} not"
    yield rewriting(sentence, RewriteKind.NEGATION, [Edit(sentence.tokens[verb].start, end, new)])


def deny_verb(sentence: Sentence, vocabulary: Vocabulary) -> Iterator[Rewriting]:
    """ "Reduced" -> "did not reduce", "failed to reduce"."""
    verb = sentence.verb
    if verb is None or _is_hedged(sentence) or is_denied(sentence) or _has_open_subject(sentence, verb):
        return
    forms = [f for f in vocabulary.verbs.get(sentence.at(verb), ()) if f.slot in (Slot.THIRD, Slot.PAST, Slot.BASE)]
    if not forms or sentence.at(verb + 1) in _SCOPED or sentence.at(verb + 1) == "that":
        return
    if sentence.at(verb - 1).endswith("ly") or sentence.at(verb - 1) in _ADDED:
        return
    if _has_second_verb(sentence, verb, vocabulary):
        return
    form = forms[0]
    if form.base == "have" and (
        vocabulary.base_of(sentence.at(verb + 1)) or sentence.at(verb + 1) in _PLAIN_PARTICIPLES
    ):
        return
    auxiliary = {Slot.THIRD: "does", Slot.PAST: "did", Slot.BASE: "do"}[form.slot]
    failed = {Slot.THIRD: "fails", Slot.PAST: "failed", Slot.BASE: "fail"}[form.slot]
    can_fail = bool(form.opposites) or form.base in _ACHIEVED
    for new in (f"{auxiliary} not {form.base}", f"{failed} to {form.base}")[: 1 + can_fail]:
        yield rewriting(sentence, RewriteKind.NEGATION, [word_edit(sentence, verb, verb + 1, new)])


def _has_second_verb(sentence: Sentence, verb: int, vocabulary: Vocabulary) -> bool:
    """ "Increased x and reduced y": it would not be plain how far the denial reaches."""
    for i in range(verb + 1, sentence.last - 1):
        if sentence.low[i] in ("and", "but", "or", "then"):
            at = i + 1 + sentence.at(i + 1).endswith("ly")
            forms = vocabulary.verbs.get(sentence.at(at), ())
            if sentence.at(at) in AUXILIARIES:
                return True
            if any(f.slot in (Slot.THIRD, Slot.PAST) for f in forms) and sentence.at(at + 1) not in PREPOSITIONS:
                return True
    return False


def assert_auxiliary(sentence: Sentence, vocabulary: Vocabulary) -> Iterator[Rewriting]:
    """ "Was not associated" -> "was associated"; "did not reduce" -> "reduced"; "cannot" -> "can"."""
    verb = sentence.verb
    if verb is None or _has_open_subject(sentence, verb) or set(sentence.low[verb + 1 :]) & _POLAR:
        return
    word, after = sentence.at(verb), sentence.at(verb + 1)
    kind = RewriteKind.NEGATION_REMOVED
    if word == "cannot":
        yield rewriting(sentence, kind, [word_edit(sentence, verb, verb + 1, "can")])
    if (
        after != "not"
        or word in ("may", "might")
        or sentence.at(verb + 2) in ("only", "just", "merely", "necessarily", "all", "both")
    ):
        return
    if word in DO:
        base = sentence.at(verb + 2)
        if is_plain_word(base) and not base.endswith("ly") and not _goes_on(sentence, verb, vocabulary):
            new = vocabulary.inflected(base, _SLOT_OF[word])
            yield rewriting(sentence, kind, [word_edit(sentence, verb, verb + 3, new)])
        return
    yield rewriting(
        sentence, kind, [Edit(sentence.tokens[verb].start, sentence.tokens[verb + 1].end, sentence.tokens[verb].text)]
    )


def _goes_on(sentence: Sentence, verb: int, vocabulary: Vocabulary) -> bool:
    """ "Did not improve x or reduce y": the second verb would keep its base form."""
    return any(
        sentence.at(i) in ("or", "and")
        and any(
            f.slot is Slot.BASE and f.base not in vocabulary.nouns_too
            for f in vocabulary.verbs.get(sentence.at(i + 1), ())
        )
        for i in range(verb + 3, sentence.last - 1)
    )


def assert_failed(sentence: Sentence, vocabulary: Vocabulary) -> Iterator[Rewriting]:
    """ "Failed to improve" -> "improved"."""
    for i in range(sentence.first, sentence.last - 2):
        slot = _FAILED.get(sentence.at(i))
        base = sentence.at(i + 2)
        if slot is None or sentence.at(i + 1) != "to" or sentence.at(i - 1) in DETERMINERS | PREPOSITIONS | {"that"}:
            continue
        if is_plain_word(base) and not base.endswith("ly") and base != "be":
            new = vocabulary.inflected(base, slot)
            yield rewriting(sentence, RewriteKind.NEGATION_REMOVED, [word_edit(sentence, i, i + 3, new)])


def assert_no_noun(sentence: Sentence, vocabulary: Vocabulary) -> Iterator[Rewriting]:
    """ "No significant difference" -> "a significant difference"; "no evidence" -> "clear evidence"."""
    for i in range(sentence.first, sentence.last):
        if sentence.at(i) != "no" or (i > 0 and sentence.at(i - 1) in ("or", "and", "with", "without")):
            continue
        at = i + 1
        while sentence.at(at) in _DEGREES and at < i + 4:
            at += 1
        noun = sentence.at(at)
        if noun not in _FOUND_NOUNS or sentence.at(at + 1) in ("or", "nor"):
            continue
        is_mass = noun == "evidence" or noun.endswith("s")
        if is_mass and at == i + 1:
            new = "clear" if noun == "evidence" else "marked"
            yield rewriting(sentence, RewriteKind.NEGATION_REMOVED, [word_edit(sentence, i, i + 1, new)])
        elif is_mass:
            after = sentence.tokens[i + 1]
            gone = Edit(sentence.tokens[i].start, after.start + 1, after.text[0])
            if sentence.tokens[i].text[0].isupper():
                gone = Edit(gone.start, gone.end, gone.text.upper())
            yield rewriting(sentence, RewriteKind.NEGATION_REMOVED, [gone])
        else:
            word = sentence.at(i + 1)
            article = "an" if word.startswith(("a", "e", "i", "o")) else "a"
            yield rewriting(sentence, RewriteKind.NEGATION_REMOVED, [word_edit(sentence, i, i + 1, article)])


def assert_without(sentence: Sentence, vocabulary: Vocabulary) -> Iterator[Rewriting]:
    """ "Without affecting" -> "while affecting"; "without loss of" -> "with loss of"."""
    for i in range(max(sentence.first, 3), len(sentence.tokens) - 1):
        if sentence.at(i) != "without" or sentence.at(i - 1) in ("and", "or", "with"):
            continue
        after = sentence.at(i + 1)
        forms = vocabulary.verbs.get(after, ())
        if any(f.slot is Slot.GERUND for f in forms) and after not in ("having", "using", "requiring", "needing"):
            yield rewriting(sentence, RewriteKind.NEGATION_REMOVED, [word_edit(sentence, i, i + 1, "while")])
        elif after in _FOUND_NOUNS | {"loss", "significant", "evidence", "toxicity", "adverse", "impairment"}:
            yield rewriting(sentence, RewriteKind.NEGATION_REMOVED, [word_edit(sentence, i, i + 1, "with")])


def assert_neither(sentence: Sentence, vocabulary: Vocabulary) -> Iterator[Rewriting]:
    """ "Neither a nor b was" -> "both a and b were"."""
    low = sentence.low
    if sentence.at(sentence.first) != "neither" or "nor" not in low or sentence.verb is None:
        return
    nor, verb = low.index("nor"), sentence.verb
    agreed = {"was": "were", "is": "are", "has": "have"}.get(sentence.at(verb), sentence.at(verb))
    if not sentence.first < nor < verb or agreed in DO or sentence.at(verb) not in BE | HAVE | {"can", "could"}:
        return
    edits = [
        word_edit(sentence, sentence.first, sentence.first + 1, "both"),
        word_edit(sentence, nor, nor + 1, "and"),
        word_edit(sentence, verb, verb + 1, agreed),
    ]
    yield rewriting(sentence, RewriteKind.NEGATION_REMOVED, edits)
