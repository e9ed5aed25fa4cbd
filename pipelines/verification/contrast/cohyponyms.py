"""The rule that puts another value of the same class into a slot that admits one value.

"Highest in the liver" and "highest in the kidney" exclude each other; "found in the liver" and "found in the
kidney" do not, and are left alone. Does not belong here: the classes (`data/contrast-2026-11.toml`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from pipelines.extraction.word_lists import words
from pipelines.verification.contrast.rewriting import RewriteKind, Rewriting, rewriting, word_edit
from pipelines.verification.contrast.sentence import BE, Sentence, is_denied
from pipelines.verification.contrast.vocabulary import Vocabulary

_REACH = 10
_AHEAD = 6
_ARMS = frozenset({"control_arm", "placebo_arm"})
_SEXES = frozenset({"sex", "sex_adjective", "sex_children", "sex_plain"})
_ONE_SEX = re.compile(
    "pregnan|gestat|menopaus|menarche|birth|menstru|breast|cervi|ovar|uter|prostat|testic|women's|men's", re.I
)
_NAMED_AFTER = {"pole": ("world", "blot", "blotting", "blots"), "side": ("ventricular", "ventricle", "atrial")}
_NOUNS_AFTER = {
    "tumour": words("cancer cancers tumour tumours tumor tumors carcinoma"),
    "control_arm": words("group arm"),
    "placebo_arm": words("group arm"),
}
_PLACES = frozenset({"country", "continent"})
_QUALIFIERS = frozenset({"sex_adjective", "tumour", "depth"}) | _ARMS
_COMPARED = _SEXES | _ARMS | {"side", "age", "smoking", "surviving", "setting", "stay", "zygosity", "daytime"}
_JOINTS = frozenset({"and", "or", "/", "-", "–", "than"})
_BEHIND = words(
    """
    than in on at for with when during after before compared and was were is are had has have of across over among
    who whose which while whereas but only relative versus
    """
)
_BY_NEIGHBOUR: dict[str, Callable[[Sentence, int], bool]] = {
    "colour": lambda s, i: s.at(i - 1) in BE and not s.at(i + 1).isalpha(),
    "trial_phase": lambda s, i: s.at(i - 1) == "phase",
    "month": lambda s, i: s.at(i - 1) in ("in", "since", "until"),
}


def exchange_cohyponym(sentence: Sentence, vocabulary: Vocabulary) -> Iterator[Rewriting]:
    """ "Highest in women" -> "highest in men"; "conducted in Kenya" -> "conducted in Peru"."""
    if is_denied(sentence):
        return
    for i in range(sentence.first, sentence.last):
        token = sentence.tokens[i]
        name, others = vocabulary.cohyponyms.get(token.text, ("", ()))
        if not others:
            name, others = vocabulary.cohyponyms.get(token.low, ("", ()))
        if not others or _has_another(sentence, i, name, vocabulary) or not _is_single(sentence, i, name, vocabulary):
            continue
        for other in others:
            yield rewriting(sentence, RewriteKind.COHYPONYM_SWAP, [word_edit(sentence, i, i + 1, other)])


def _has_another(sentence: Sentence, at: int, name: str, vocabulary: Vocabulary) -> bool:
    """Another value of the class stands in the sentence, or the same one again."""
    for i, token in enumerate(sentence.tokens):
        held = vocabulary.cohyponyms.get(token.text) or vocabulary.cohyponyms.get(token.low)
        if i != at and held is not None and held[0] == name:
            return True
    return False


def _is_single(sentence: Sentence, i: int, name: str, vocabulary: Vocabulary) -> bool:
    """Whether the words around the slot say that it holds one value."""
    before, after = sentence.at(i - 1), sentence.at(i + 1)
    if before in _JOINTS or after in _JOINTS or _is_part_of_name(sentence, i, name, vocabulary):
        return False
    if name in _BY_NEIGHBOUR:
        return _BY_NEIGHBOUR[name](sentence, i)
    if name == "ordinal":
        return before == "the" and after in vocabulary.superlatives
    if name in _PLACES:
        return before == "in" and (_near(sentence, i, vocabulary.anchors) or _has_number(sentence))
    if not _is_placed(sentence, i, name, vocabulary) and i + 1 != sentence.verb:
        return False
    if name in _COMPARED and _is_compared(sentence, i, vocabulary):
        return True
    return _near(sentence, i, vocabulary.superlatives | vocabulary.anchors)


def _is_part_of_name(sentence: Sentence, i: int, name: str, vocabulary: Vocabulary) -> bool:
    """ "Liver disease", "Western blot", "pregnant women": another value would name no like thing."""
    after = sentence.at(i + 1)
    if name in _BY_NEIGHBOUR or name == "ordinal":
        return False
    if name not in vocabulary.exclusive | _QUALIFIERS and after.isalpha() and after not in _BEHIND:
        return True
    if name in _NOUNS_AFTER and after not in _NOUNS_AFTER[name]:
        return True
    return after in _NAMED_AFTER.get(name, ()) or (name in _SEXES and _ONE_SEX.search(sentence.text) is not None)


def _is_compared(sentence: Sentence, i: int, vocabulary: Vocabulary) -> bool:
    """ "Higher among men", "men were more likely to": the other value is what it is compared with."""
    if {"than", "versus", "vs", "compared", "relative"} & set(sentence.low):
        return False
    if i + 1 == sentence.verb:
        return bool(vocabulary.comparatives & set(sentence.low[i + 1 : i + 7]))
    return bool(vocabulary.comparatives & set(sentence.low[max(sentence.first, i - 4) : i]))


def _is_placed(sentence: Sentence, i: int, name: str, vocabulary: Vocabulary) -> bool:
    """ "In the liver", "among women", "by BERT"; an adjective may stand before any noun of the predicate."""
    if name in vocabulary.exclusive and i > (sentence.verb or 0):
        return True
    at = i - 2 if sentence.at(i - 1) in ("the", "a") else i - 1
    return sentence.at(at) in ("in", "among", "for", "by", "to", "within", "on", "with", "from")


def _near(sentence: Sentence, i: int, wanted: frozenset[str]) -> bool:
    """One of the words stands near, in the same statement; a bound ("more than 50") is none."""
    for k in range(max(sentence.first, i - _REACH), min(sentence.last, i + _AHEAD)):
        is_bound = sentence.at(k + 1) == "than" and sentence.at(k + 2)[:1].isdigit()
        is_share = sentence.at(k) in ("most", "least") and sentence.at(k - 1) not in BE | {"the"}
        if sentence.at(k) in wanted and not is_bound and not is_share and sentence.at(k - 1) not in ("or", "not", "at"):
            return True
    return False


def _has_number(sentence: Sentence) -> bool:
    return any(w[0].isdigit() for w in sentence.low[sentence.first : sentence.last])
