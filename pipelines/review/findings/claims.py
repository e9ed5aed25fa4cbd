"""Rules about what a record's claims say: cut, repeated, empty, off the question, at odds with each other.

Belongs here: claims against each other, against the title and against the question. Does not belong here:
claims against sources (`pipelines.verification`). Input: `RecordFacts`; output: findings with places.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from itertools import combinations

from pipelines.models import Claim, ClaimKind, ClaimOrigin, ClaimVerdict, Layout, Severity, Verdict
from pipelines.review.findings.rules import MAX_CLAIMS, MAX_PLACES, Found, Need, RecordFacts, Rule
from pipelines.review.relevance import claims_on_question
from pipelines.review.terms import specific_terms

# --- cut, missing, repeated, empty --------------------------------------------------------------


def no_claims(facts: RecordFacts) -> Iterator[Found]:
    if not facts.claims and not facts.record.claims and facts.record.layout is not Layout.BIBLIOGRAPHY:
        yield Found("The record states no claim that could be checked.")


def claims_cut_short(facts: RecordFacts) -> Iterator[Found]:
    rows = facts.record.claims
    cut = [row for row in rows if row.truncated]
    if not cut:
        return
    lengths = Counter(len(row.text) for row in cut)
    # A cut that falls on a blank leaves a row one character shorter, so the cut is where most rows end
    # or would end with their blank; mark-up may make a row one longer.
    length = max(lengths, key=lambda at: (lengths[at] + lengths[at - 1], lengths[at], at))
    alike = sum(lengths[at] for at in (length - 1, length, length + 1))
    fixed = len(cut) > 1 and alike * 3 >= len(cut) * 2
    how = f", at {length} characters" if fixed else ""
    yield Found(
        f"Of {len(rows)} claims listed, {len(cut)} cut short before the end of the sentence{how}.",
        tuple(facts.at(row.start, row.end) for row in cut)[:MAX_PLACES],
    )


_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


def near_duplicates(facts: RecordFacts) -> Iterator[Found]:
    by_id = {claim.claim_id: claim for claim in facts.claims}
    for claim in facts.claims[:MAX_CLAIMS]:
        first = by_id.get(claim.duplicate_of or "")
        if first is None or _NUMBER.findall(first.normalised) != _NUMBER.findall(claim.normalised):
            continue
        yield Found(f"Claim {claim.ordinal} says the same as claim {first.ordinal}.", facts.places([first, claim]))


_SELF_DESCRIPTION, _SET_UP = "self-description", "set-up"
_ONE_WORK = r"(?:this|the|our)\s(?:present\s|current\s)?(?:survey|review|study|paper|report|article|work|authors?)\b"
_SAYS_NO_FINDING: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        _SELF_DESCRIPTION,
        re.compile(
            rf"^{_ONE_WORK}\s(?:\w+ly\s)?(?:reviews?|surveys?|presents?|analy[sz]es?|evaluates?|highlights?|"
            r"integrates?|discuss(?:es)?|examines?|explores?|investigates?|provides?|aims?|propos(?:es?|als?)|"
            r"introduces?|describes?|outlines?|offers?|covers?|summari[sz]es?|focus(?:es)?)\b",
            re.IGNORECASE,
        ),
    ),
    (
        _SET_UP,
        re.compile(rf"^{_ONE_WORK}\s(?:\w+ly\s)?(?:uses?|employs?|utili[sz]es?|adopts?)\b", re.IGNORECASE),
    ),
    (
        _SET_UP,
        re.compile(
            r"^(?:(?:the|all|each|every|these)\s)?(?:\w+\s){0,2}(?:datasets?|corpus|corpora|benchmarks?|"
            r"test sets?|splits?|models?|baselines?|objectives?|annotations?)\s(?:[\w-]+\s){0,3}?"
            r"(?:has|have|contains?|consists? of|comprises?|includes?|(?:is|are)\s(?:\w+\s)?"
            r"(?:binari[sz]ed|split|divided|sampled|drawn|curated|collected))\b",
            re.IGNORECASE,
        ),
    ),
    (_SET_UP, re.compile(r"^[\w-]{2,40}\s(?:is|was)\scurated\b", re.IGNORECASE)),
    (
        _SET_UP,
        re.compile(
            r"^[\w .-]{2,60}\s(?:is|are|was|were)\sused\s(?:as|to|for)\s(?:[\w-]+\s){0,3}?"
            r"(?:judges?|evaluat\w+|baselines?|test sets?|backbones?|train\w*|metrics?)\b",
            re.IGNORECASE,
        ),
    ),
)
_SAYS_A_FINDING = re.compile(
    r"\b(?:than|outperform\w*|improv\w+|reduc\w+|increas\w+|decreas\w+|better|worse|higher|lower|significant\w*|"
    r"correlat\w+|show(?:s|ed)? that|evidence that|finds? that|fewer)\b",
    re.IGNORECASE,
)


def says_no_finding(claim: Claim) -> str | None:
    """What a claim is that states no finding ("set-up", "self-description"), or None if it may state one."""
    words = claim.normalised[:600]
    if _SAYS_A_FINDING.search(words):
        return None
    if claim.kind is ClaimKind.SELF_DESCRIPTION:
        return _SELF_DESCRIPTION
    return next((what for what, form in _SAYS_NO_FINDING if form.search(words)), None)


def claims_without_finding(facts: RecordFacts) -> Iterator[Found]:
    listed = facts.listed()
    empty = {claim.claim_id: what for claim in listed if (what := says_no_finding(claim)) is not None}
    if empty:
        parts = ", ".join(f"{count} {what}" for what, count in sorted(Counter(empty.values()).items()))
        yield Found(
            f"Of {len(listed)} claims listed, {len(empty)} state no finding ({parts}).",
            facts.places(claim for claim in listed if claim.claim_id in empty),
        )


# --- claims against each other ------------------------------------------------------------------

_TOKEN = re.compile(r"[^\s,;()\[\]\"“”]{1,80}")
_PRECISE = re.compile(r"(?<![\w.])\d{1,6}\.\d{1,6}(?![\w]|\.\d)")
_MAX_GROUP = 40


def _precise_figures(text: str) -> set[str]:
    """Figures with a decimal point and at least three digits that count: unlikely to coincide."""
    found = {match.group() for match in _PRECISE.finditer(text)}
    return {figure for figure in found if len(figure.replace(".", "").lstrip("0")) >= 3}


def _tokens(text: str) -> list[str]:
    return [token.rstrip(".:") for token in _TOKEN.findall(text)][:120]


def _is_name(token: str) -> bool:
    return any(letter.isupper() or letter.isdigit() for letter in token) and any(letter.isalpha() for letter in token)


def _subjects_before(figure: str, one: Claim, other: Claim) -> tuple[str, str] | None:
    """The names in which two otherwise like-worded statements of `figure` differ, or None."""
    left, right = _tokens(one.normalised), _tokens(other.normalised)
    matcher = SequenceMatcher(a=left, b=right, autojunk=False)
    if matcher.ratio() < 0.6:
        return None
    for kind, start, end, other_start, other_end in matcher.get_opcodes():
        ours, theirs = left[start:end], right[other_start:other_end]
        before = figure not in left[:start] and figure not in right[:other_start]
        if kind == "replace" and before and figure not in ours and figure not in theirs:
            names = (
                [token for token in ours if _is_name(token)],
                [token for token in theirs if _is_name(token)],
            )
            if names[0] and names[1]:
                return " ".join(names[0]), " ".join(names[1])
    return None


def same_figure_for_two_subjects(facts: RecordFacts) -> Iterator[Found]:
    carriers: dict[str, list[Claim]] = defaultdict(list)
    for claim in facts.claims[:MAX_CLAIMS]:
        for figure in sorted(_precise_figures(claim.normalised)):
            carriers[figure].append(claim)
    for figure, claims in carriers.items():
        for one, other in combinations(claims[:_MAX_GROUP], 2):
            subjects = _subjects_before(figure, one, other)
            if subjects and subjects[0].casefold() != subjects[1].casefold():
                yield Found(
                    f"The same figure, {figure}, is given for {subjects[0]} and for {subjects[1]}.",
                    facts.places([one, other]),
                )


_SIZED_NAME = re.compile(
    r"\b(?P<family>[A-Za-z]{3,20})[- ]?v?(?P<version>\d{1,2}(?:\.\d{1,2})?)[- ]"
    r"(?P<size>\d{1,4}(?:\.\d{1,2})?[bBmM])\b(?P<suffix>(?:-[A-Za-z]{2,12}\b){0,3})"
)
_MAX_NAMES = 300


def _sentence_of(text: str, start: int, end: int) -> str:
    """The line piece around a name: what stands between the nearest sentence ends or line ends."""
    window_start = max(0, start - 600)
    before = re.split(r"[.!?]\s|\n", text[window_start:start])[-1]
    after = re.split(r"[.!?]\s|\n", text[end : end + 600])[0]
    return before + text[start:end] + after


def names_disagree(facts: RecordFacts) -> Iterator[Found]:
    text = facts.record.text
    seen: dict[tuple[str, str, str], dict[str, list[re.Match[str]]]] = defaultdict(lambda: defaultdict(list))
    for count, match in enumerate(_SIZED_NAME.finditer(text)):
        if count >= _MAX_NAMES:
            break
        key = (match["family"].casefold(), match["size"].casefold(), match["suffix"].casefold())
        seen[key][match["version"]].append(match)
    for versions in seen.values():
        for one, other in combinations(sorted(versions), 2):
            if other.split(".")[0] != one or _told_apart(text, versions[one], versions[other]):
                continue
            first, second = versions[one][0], versions[other][0]
            yield Found(
                f'"{first.group()}" and "{second.group()}" may be one model under two names, or two models.',
                (facts.at(*first.span()), facts.at(*second.span())),
            )


def _told_apart(text: str, ones: Sequence[re.Match[str]], others: Sequence[re.Match[str]]) -> bool:
    """Whether some sentence names both, so that the record plainly means two models."""
    spelled = {match.group() for match in others}
    return any(any(name in _sentence_of(text, *match.span()) for name in spelled) for match in ones)


# --- title and question -------------------------------------------------------------------------

_UP, _DOWN = "up", "down"
_VERBS_UP = """
accelerates improves increases enhances boosts raises strengthens outperforms exceeds surpasses promotes
doubles enables accelerate improve enhance boost strengthen outperform exceed surpass raise enable
"""
_VERBS_DOWN = """
reduces decreases lowers prevents mitigates eliminates cuts weakens suppresses halves impairs alleviates
reduce prevent mitigate eliminate weaken suppress impair alleviate
"""
_STEMS_UP = """
accelerat improv increas enhanc boost rais rose strength outperform exceed surpass better higher faster gain
promot doubl enabl greater superior saving
"""
_STEMS_DOWN = """
reduc decreas lower prevent mitigat eliminat cut weak suppress halv impair alleviat fewer less smaller
declin drop fell
"""
_EFFECT_VERBS: dict[str, str] = {
    **dict.fromkeys(_VERBS_UP.split(), _UP),
    **dict.fromkeys(_VERBS_DOWN.split(), _DOWN),
}
# As likely an adjective or a noun ("double descent", "lower bound"): a verb only before an article.
_DOUBTFUL_VERBS = {"double": _UP, "increase": _UP, "lower": _DOWN, "decrease": _DOWN, "halve": _DOWN, "cut": _DOWN}
_ARTICLES = frozenset(("the", "a", "an", "its", "their"))
_EFFECT_STEMS = {_UP: tuple(_STEMS_UP.split()), _DOWN: tuple(_STEMS_DOWN.split())}
_ASKING = (
    "how",
    "does",
    "do",
    "is",
    "are",
    "can",
    "what",
    "why",
    "which",
    "to",
    "towards",
    "when",
    "whether",
)
_AFTER_A_NOUN = frozenset(("in", "of", "for", "from"))
_BEFORE_NO_ASSERTION = frozenset(("to", "that", "which", "can", "may", "and", "or"))


def asserted_effect(title: str) -> tuple[str, str] | None:
    """The verb by which a title asserts a result, and its direction; None for a title that only names."""
    words = re.findall(r"[\w'’-]{1,60}", title[:500])
    if title.rstrip().endswith("?") or len(words) < 4 or words[0].casefold() in _ASKING:
        return None
    # A subject must stand before and an object after; "Increases in ..." asserts nothing.
    for before, word, after in zip(words, words[1:], words[2:], strict=False):
        verb, following = word.casefold(), after.casefold()
        if following in _AFTER_A_NOUN or before.casefold() in _BEFORE_NO_ASSERTION:
            continue
        doubtful = _DOUBTFUL_VERBS.get(verb) if following in _ARTICLES else None
        direction = _EFFECT_VERBS.get(verb) or doubtful
        if direction is not None:
            return word, direction
    return None


def _held_supported(facts: RecordFacts) -> tuple[str, list[Claim]] | None:
    """Claims that stand, and by whose word; None when neither we nor the record has checked any."""
    verdicts = facts.verdicts or {}
    checked = [claim for claim in facts.claims if _verdict(verdicts, claim) is not ClaimVerdict.NOT_CHECKED]
    if checked:
        held = [claim for claim in checked if _verdict(verdicts, claim) is ClaimVerdict.SUPPORTED]
        return f"the sources support {len(held)} of {len(checked)} claims checked", held
    listed = facts.listed()
    if listed and all(claim.stated_verified is not None for claim in listed):
        ticked = [claim for claim in listed if claim.stated_verified]
        return f"the record itself ticks {len(ticked)} of the {len(listed)} claims it lists", ticked
    return None


def _verdict(verdicts: Mapping[str, Verdict], claim: Claim) -> ClaimVerdict:
    held = verdicts.get(claim.claim_id)
    return held.verdict if held is not None else ClaimVerdict.NOT_CHECKED


def title_asserts_more(facts: RecordFacts) -> Iterator[Found]:
    title = facts.record.title or ""
    effect, held = asserted_effect(title), _held_supported(facts)
    if effect is None or held is None:
        return
    verb, direction = effect
    subject = specific_terms(title)
    for claim in held[1]:
        words = claim.normalised.casefold()
        shared = len(subject & specific_terms(claim.normalised))
        if shared * 3 >= len(subject) and any(stem in words for stem in _EFFECT_STEMS[direction]):
            return
    yield Found(
        f'The title asserts a result ("{verb}") that no supported claim states: {held[0]}.',
        facts.words(title),
    )


def off_question(facts: RecordFacts) -> Iterator[Found]:
    question, title = facts.record.question or "", facts.record.title or ""
    for origin, which in ((ClaimOrigin.STATED, "claims listed"), (ClaimOrigin.EXTRACTED, "claims")):
        claims = [claim for claim in facts.claims if claim.origin is origin][:MAX_CLAIMS]
        bearing = claims_on_question(question, title, claims) if claims else None
        off = [claim for claim, bears in zip(claims, bearing or (), strict=False) if not bears]
        if off:
            yield Found(
                f"Of {len(claims)} {which}, {len(off)} not on the question: they share at most one of its"
                " subject words and nothing with the claims that bear on it.",
                (*facts.words(question), *facts.places(off))[:MAX_PLACES],
            )


CLAIM_RULES: tuple[Rule, ...] = (
    Rule("record-without-claims", Severity.WARNING, (), no_claims),
    Rule("claims-cut-short", Severity.WARNING, (Need.LISTED_CLAIMS,), claims_cut_short),
    Rule("near-duplicate-claims", Severity.WARNING, (Need.CLAIMS,), near_duplicates),
    Rule("claims-state-no-finding", Severity.WARNING, (Need.CLAIMS,), claims_without_finding),
    Rule("same-figure-for-two-subjects", Severity.WARNING, (Need.CLAIMS,), same_figure_for_two_subjects),
    Rule("names-disagree", Severity.WARNING, (), names_disagree),
    Rule("title-asserts-unsupported-result", Severity.WARNING, (Need.TITLE, Need.CLAIMS), title_asserts_more),
    Rule("claims-off-question", Severity.WARNING, (Need.QUESTION, Need.CLAIMS), off_question),
)
