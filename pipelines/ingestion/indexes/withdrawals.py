"""Whether an arXiv comment or abstract says that the paper itself is withdrawn.

arXiv has no field for it: authors and moderators write it in free words. Input: the comment and the abstract.
Output: the sentence that says it, or None. Does not belong here: what a version list says (arxiv_oai.py).

A false alarm marks a sound paper, so the words must be about this paper: "withdrawn from the journal", "we
withdraw the claim", "supersedes 1901.00001 which was withdrawn" and papers about withdrawals do not count.
"""

from __future__ import annotations

import re

_READ = 5_000  # characters: who withdraws says so early
_QUOTED = 300

# With the slips of the pen that arXiv comments show.
_GONE = r"(?:wi(?:th|ht|t)h?dr(?:awn|wan|awen|awed|own|anw)|retracted)"
_KIND = (
    r"(?:paper|article|manuscript|pre-?print|e-?print|submission|version|work|comment|note|letter|report|"
    r"replacement|thesis|chapter|draft)"
)
_IS = r"(?:is|was|be|been|being)"
_HOW = r"(?:hereby|now|temporarily|permanently|voluntarily|unfortunately|currently|being|been|therefore|thus|since)"
_AUX = rf"(?:has|had|will|must|should|needs?|to|{_IS}|{_HOW})"
_OURS = r"(?:this|our|my|the\s+present)"
# Where a sentence or a remark begins; what a bare "paper" or "withdrawn" must stand at.
_BEGIN = r"(?:^|[.;:!,(\[\]*]\s{0,3}|\bnote:?\s{1,3}|\band\s)"
_HERE = r"(?:the\s+)?(?:arxiv|archive|e-?print|pre-?print)"
_FROM_ELSEWHERE = rf"(?!(?:\s+by\s+(?:the\s+|its\s+)?authors?(?:\(s\))?)?\s+from\s+(?!{_HERE}))"
_CONDITION = r"(?!\s+(?:if|unless|when|whenever|or\s+not)\b)"
_END = rf"\b{_FROM_ELSEWHERE}{_CONDITION}"
_AGENT = r"(?:we|i|(?:the\s+|all\s+|its\s+|first\s+)*authors?|arxiv(?:\s+(?:admin\w*|moderat\w+))?)"
_WILL = (
    r"(?:have|has|had|are|is|am|will|would|must|like|wish(?:es)?|want(?:s|ed)?|decided?|choose|chose|chosen|"
    r"need(?:s|ed)?|requested|asked|forced|to|hereby|therefore|now|thus|temporarily|been|regretfully)"
)
_TAKE_BACK = r"(?:withdraw|withdraws|withdrew|withdrawing|withdrawn|retract|retracted)"

_BOTH = (
    rf"\b{_OURS}\s+(?:\w+\s+)?{_KIND}(?:\s*\(?v?\d+\)?)?(?:\s+{_AUX}){{1,5}}\s+{_GONE}{_END}",
    rf"{_BEGIN}(?:the\s+)?{_KIND}(?:\s+{_AUX}){{0,5}}\s+{_GONE}{_END}",
    rf"\b{_AGENT}(?:\s+{_WILL}){{0,6}}\s+{_TAKE_BACK}\s+(?:(?:this|our|the|my)\s+(?:\w+\s+)?{_KIND}|it)\b(?!['’]s){_FROM_ELSEWHERE}",
    rf"\b{_KIND}\s+(?:has\s+been|was|is)\s+removed\s+by\s+arxiv\b",
)
# A comment is about the paper, so it may be shorter of words and longer of breath.
_COMMENT = (
    rf"{_BEGIN}(?:temporarily\s+|permanently\s+)?{_GONE}\s*(?:$|[.!)\];:,*–-]|(?:by|due|because|pending|for|since|as|until|on|at)\b)",
    rf"\bthe\s+{_KIND}(?:\s+{_AUX}){{1,5}}\s+{_GONE}{_END}",
    r"\brequest(?:s|ed)?\s+(?:for\s+)?(?:the\s+)?withdrawal\b",
    rf"(?:{_BEGIN}(?:the\s+)?|\b{_OURS}\s+){_KIND}\b(?:(?!\b(?:that|which|who|whose|how|why|not|never)\b)[^.;:!?]){{0,200}}?"
    rf"\b(?:and|so|thus|therefore|hence)(?:\s+{_AUX}){{1,5}}\s+{_GONE}{_END}",
)
# An abstract is about the world, but one that begins with the word is no abstract any more.
_ABSTRACT = (rf"^\W{{0,3}}(?:temporarily\s+)?{_GONE}\s*(?:$|[.!]|(?:by|due|because|pending|for|since|as)\b)",)

_IN_COMMENT = tuple(re.compile(pattern, re.IGNORECASE) for pattern in (*_BOTH, *_COMMENT))
_IN_ABSTRACT = tuple(re.compile(pattern, re.IGNORECASE) for pattern in (*_BOTH, *_ABSTRACT))
_WORTH_READING = re.compile(r"wi(?:th|ht|t)h?dr|retract|removed by arxiv", re.IGNORECASE)
# What stands before the words and makes them speak of something else.
_OF_ANOTHER = re.compile(
    r"(?:\bof|\bif|\bwhen|\bwhether|\bunless|\buntil|\bafter|\bwhy|\bhow|\bthat"
    r"|\d{4}\.\d{4,5}(?:v\d+)?|/\d{7}(?:v\d+)?|\bv\d+"
    r"|\b(?:earlier|previous|prior|first|old|other|another|companion))\s*[,(]?\s*$",
    re.IGNORECASE,
)
_TAKEN_BACK = re.compile(r"\breinstat|\bno longer withdrawn", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.!?](?=\s|$)")


def stated_withdrawal(comment: str | None, abstract: str | None) -> str | None:
    """The words that say that this paper is withdrawn, at most 300 characters of them."""
    for words, patterns in ((comment, _IN_COMMENT), (abstract, _IN_ABSTRACT)):
        found = _said_in(" ".join((words or "")[:_READ].split()), patterns)
        if found is not None:
            return found
    return None


def _said_in(words: str, patterns: tuple[re.Pattern[str], ...]) -> str | None:
    if not _WORTH_READING.search(words) or _TAKEN_BACK.search(words):
        return None
    for pattern in patterns:
        for match in pattern.finditer(words):
            if not _OF_ANOTHER.search(words, max(0, match.start() - 60), _first_letter(match)):
                return _sentence_around(words, match.start(), match.end())
    return None


def _first_letter(match: re.Match[str]) -> int:
    return next((n for n in range(match.start(), match.end()) if match.string[n].isalpha()), match.start())


def _sentence_around(words: str, start: int, end: int) -> str:
    before = [stop.end() for stop in _SENTENCE_END.finditer(words, 0, start + 1)]
    begin = before[-1] if before else 0
    stop = _SENTENCE_END.search(words, end - 1)
    return words[begin : stop.end() if stop else len(words)].strip(" ([*")[:_QUOTED]
