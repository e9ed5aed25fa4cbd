"""Which texts speak to whoever judges them: instructions to a model, forged turns of a chat, dictated answers.

The first of several locks: what is recognised here is never shown to a model. No list of phrases is complete, so
nothing may rest on it alone (llm says what else holds). Input: a claim, a title, a sentence. Output: the name of
the rule that it meets, or None. Does not belong here: what is done about it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from pipelines.verification.terms import fold

MOST = 4_000  # characters of a text that are looked at

# Capitals in a pattern stand for one of these.
_PARTS: Mapping[str, str] = {
    "BEGIN": r"(?:^|[.!?:] )",
    "SOME": r"(?:[\w-]{2,20} ){0,3}",
    "FEW": r"(?:[\w'-]{1,20} ){0,4}?",
    "QUOTE": r"[\"'“”*`(\[{]{0,3}",
    "ORDER": r"(?:instruction|prompt|rule|guideline|direction|command|order)s?",
    "EARLIER": r"(?:(?:all|any|every|the|these|those|your|other|previous|prior|above|earlier|preceding|system) ){1,5}",
    "JUDGE": (
        r"(?:ai|a\.i\.|llms?|gpt|language models?|assistants?|chat ?bots?|models?|agents?|verifiers?|"
        r"fact[- ]?checkers?|claim[- ]?checkers?|graders?|evaluators?|automated [\w-]{3,20})"
    ),
    "SAY": r"(?:say|answer|respond|reply|output|return|print|emit|write|report|state|conclude|choose|select|pick)",
    "MARK": (
        r"(?:mark|label|classify|rate|judge|declare|treat|count|consider|regard|accept|approve|confirm|flag|score)"
    ),
    "VERDICT": r"(?:supported|refuted|supports|refutes|verified|not[ _]enough[ _]info(?:rmation)?)",
    "TRUE": r"(?:supported|refuted|true|false|verified|confirmed|proven|correct|accepted|valid)",
    "MUST": r"(?:must|should|shall|has to|needs to|is to|will)",
}

_PATTERNS: Mapping[str, tuple[str, ...]] = {
    "sets rules aside": (
        r"\b(?:ignor|disregard|forget|overrid|overrul|bypass|neglect)[a-z]{0,4} FEWEARLIER(?:[\w-]{2,15} )?ORDER\b",
        r"\b(?:ignor|disregard|forget)[a-z]{0,3} EARLIER(?:text|sentences?|context|messages?)\b",
        r"\b(?:ignore|disregard|forget) (?:everything|all|anything|what) FEW(?:above|before|earlier|said|told)\b",
    ),
    "names the reader a model": (
        r"\byou (?:are|act as) (?:now )?(?:an?|the) SOMEJUDGE\b",
        r"\b(?:act|behave) as (?:an?|the) SOMEJUDGE\b",
        r"\bpretend (?:to be|you are|that you)\b",
        r"\bif you are (?:an?|the) SOMEJUDGE\b",
        r"BEGINas (?:an?|the) SOMEJUDGE, you\b",
    ),
    "calls upon a model": (
        r"BEGIN(?:dear|attention|hey|hello),? (?:the |all |any )?SOMEJUDGE ?[:,!.-]",
        r"\b(?:note|message|instructions?|warning) (?:to|for) (?:the |any |all |an? )?SOMEJUDGE ?[:,!.-]",
    ),
    "dictates a verdict": (
        r"\bSAY (?:only |with |just |simply |always |exactly )FEWQUOTEVERDICT\b",
        r"(?:^|[.!?:;,] |\b(?:and|please|must|should|to|then|just|always|simply|only) )SAY QUOTEVERDICT\b(?! by\b)",
        r"\bSAY (?:that )?(?:the|this|every|each|all) (?:claim|statement|assertion)s? (?:is|are|as) FEWQUOTETRUE\b",
        r"\bMARK FEW(?:claim|statement|assertion|everything)s? FEW(?:as|to be|is) FEWQUOTETRUE\b",
        r"\bMARK (?:it|this|them|everything) (?:as|to be) QUOTEVERDICT\b",
        r"\b(?:verdict|judge?ment|label|answer|output|response) MUST (?:be|read|say|equal) FEWQUOTETRUE\b",
    ),
    "holds an answer": (
        r"\bverdictQUOTE ?[:=] ?QUOTEVERDICT\b",
        r"\"(?:verdict|supporting|contradicting|quote)\" ?:",
    ),
    "forges a turn of a chat": (
        r"<[|/]?(?:im_start|im_end|system|assistant|user|end_?of_?text|(?:start|end)_of_turn|eot_id|sys|bos|eos)\b",
        r"<\|[a-z_]|[a-z_]{3}\|>|</s>|<</?sys>>|\[/?inst\]",
        r"BEGIN(?:system|assistant|developer|user) ?(?:message|prompt|note)? ?[:>]",
        r"#{2,6} ?(?:new |system |updated )?(?:instructions?|system|response|assistant|prompt)\b",
        r"</?(?:instructions?|prompt|claim|sentences?|sources?|data|document|context)>",
    ),
    "announces instructions": (
        r"\b(?:new|updated|revised|real|actual|secret) (?:system )?(?:instruction|prompt|rule|task)s?(?: ?:| [–-] )",
        r"\b(?:end|beginning|start) of (?:the )?(?:system |user |source )?(?:prompt|instructions|sentences)\b",
        r"\b(?:reveal|repeat|print|leak|show) FEW(?:system|your|initial|hidden) (?:prompt|instructions|rules|key)\b",
        r"\b(?:admin|administrator|developer|debug|god|jailbreak) mode FEW(?:on|enabled|activated|active)\b",
    ),
    "asks for a good review": (
        r"\b(?:give|write|provide|assign) FEW(?:positive|favou?rable|glowing|perfect) FEW(?:review|rating|verdict)\b",
        r"\bdo not (?:mention|highlight|report|list) (?:any|the) FEW(?:negative|weakness|weaknesse|limitation)s?\b",
    ),
}


def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(re.sub("|".join(_PARTS), lambda name: _PARTS[name.group()], pattern))


_RULES = tuple((name, _compiled(pattern)) for name, patterns in _PATTERNS.items() for pattern in patterns)
# Without one of these letters in a row no pattern is met: most sentences need no further look.
_CANDIDATE = re.compile(
    r"ignor|disregard|forget|overr|bypass|neglect|you |as an? |as the |pretend|dear|attention|hey|hello|"
    r"(?:note|message|instructions?|warning) (?:to|for)|support|refut|verif|enough|true|false|confirm|proven|"
    r"correct|accept|valid|verdict|quote|contradict|[<>#|\[]|system|assistant|developer|user|task|prompt|rule|"
    r"guideline|direction|command|order|instruction|sentences|mode|review|rating|do not"
)

# Letters of other alphabets that pass for Latin ones, where they stand in a word with Latin letters.
_LOOKALIKES = str.maketrans("аеорсухіјѕԁοαεντυικ", "aeopcyxijsdoaevtuik")
_WORD = re.compile(r"[^\W\d_]{2,40}")


def instruction_in(text: str) -> str | None:
    """The name of the first rule that the text meets; None where it speaks to nobody."""
    read = as_read(text)
    if not _CANDIDATE.search(read):
        return None
    return next((name for name, pattern in _RULES if pattern.search(read)), None)


def as_read(text: str) -> str:
    """The text in small letters, as it looks to a reader; its first `MOST` characters."""
    plain = fold(text[:MOST])
    if not plain.isascii():
        plain = _WORD.sub(_in_one_alphabet, unicodedata.normalize("NFKC", plain).casefold())
    return " ".join(plain.casefold().split())


def _in_one_alphabet(word: re.Match[str]) -> str:
    """A word that mixes alphabets is read as it looks; one of another alphabet alone is that language's."""
    letters = word.group()
    mixed = any(letter.isascii() for letter in letters) and not letters.isascii()
    return letters.translate(_LOOKALIKES) if mixed else letters
