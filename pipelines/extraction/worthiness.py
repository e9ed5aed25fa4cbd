"""Which sentence states something checkable, and what kind of statement it is.

Owns the rules, as tables: why a sentence is no claim, its kind, whether it is hedged. Does not find
sentences (`sentences`) and does not judge truth (verification). In: a sentence with its surroundings.
Out: the name of the rule that drops it, or None; a `ClaimKind`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from pipelines.extraction.blocks import BlockKind
from pipelines.extraction.lexicon import has_finite_verb, opens_with_imperative
from pipelines.models import ClaimKind

LONGEST_CLAIM = 2000
_FEWEST_WORDS = 4


@dataclass(frozen=True)
class Candidate:
    """A sentence and what is known of its place."""

    raw: str
    normalised: str
    block: BlockKind
    opens_block: bool
    in_references: bool
    has_citation: bool
    has_quantity: bool


_WORD = re.compile(r"[^\W\d_]{2,}")
_WIDE = re.compile(r"[぀-ヿ㐀-鿿가-힯]")
_LABEL = re.compile(r"^(?:[^.:!?]|(?<=vs)\.){1,80}:\s+(?=\S)")
_URL = re.compile(r"https?://\S+|www\.\S+")

# What a text calls itself; the second kind also names things in the world, and needs a verb of telling.
_REPORT = (
    r"(?:report|paper|review|survey|article|document|overview|chapter|section|subsection|guide|essay|"
    r"briefing|"
    r"summary|study notes)"
)
_TELLING = r"(?:synthesis|analysis|discussion|answer|response|work|table|list|comparison|framework|study|guide)"
_TELLS = (
    r"(?:will|aims?|covers?|examines?|explores?|presents?|provides?|synthesi[sz]es?|describes?|discusses|"
    r"reviews?|"
    r"outlines?|offers?|summari[sz]es?|addresses|focuses|delves?|concludes?|investigates?|surveys?|"
    r"identifies|"
    r"draws on|seeks to|has (?:examined|explored|presented|provided|outlined|reviewed|discussed))"
)
_SELF_REPORT = re.compile(
    rf"^(?:in\s)?(?:this|the present|the following|our|"
    rf"the current)\s(?:[\w-]+\s){{0,4}}?{_REPORT}\b(?!['’]s\b)"
    rf"|^(?:this|the present|the following|our|"
    rf"the current)\s(?:[\w-]+\s){{0,3}}?{_TELLING}\s(?:also\s)?{_TELLS}\b"
    rf"|\b(?:in this|of this|this) (?:report|survey|review|subsection|section) (?:we|{_TELLS}|is|are)\b"
    rf"|^(?:it|we|the (?:report|survey|review|section|subsection)) (?:also |then |will |further )?"
    r"(?:examines?|explores?|discuss(?:es)?|outlines?|reviews?|synthesi[sz]es?|surveys?|summari[sz]es?|"
    r"delves?|concludes?)\b",
    re.IGNORECASE,
)
_GENERATED_REPORT = re.compile(
    r"^(?:\d+|no) claims? (?:were|was)? ?extracted|independently verified|quality review score|"
    r"(?:multi-reviewer|automated) (?:quality )?assessment|machine-generated (?:literature|report|"
    r"synthesis|text)|"
    r"literature search across|"
    r"claims were extracted|review scores reflect|automated retrieval|consult primary sources|"
    r"original research\.?$|"
    r"^research question\b|^\d+ papers retrieved|^this paper examines",
    re.IGNORECASE,
)
_CHATTER = re.compile(
    r"^(?:(?:now|next|first|finally|so|okay|ok|great|sure|based on [^,]{1,60}|to [^,]{1,120}|below|here|"
    r"however|"
    r"in (?:this|the) [^,]{1,60}),?\s)?(?:i|i['’](?:ll|ve|d|m)|let me|let['’]?s|let us)\b",
    re.IGNORECASE,
)
_TRANSITION = re.compile(
    r"^(?:(?:the )?(?:following|next|remaining|subsequent|previous|preceding) (?:sub)?(?:sections?|"
    r"chapters?|tables?|"
    r"lists?|paragraphs?|points?|figures?|steps?)|below(?:,| is| are| we)|as (?:discussed|mentioned|noted|"
    r"described|"
    r"shown|outlined|seen) (?:above|earlier|below|previously)[.,]?$|in (?:the )?(?:next|following|previous) "
    r"(?:sub)?section|here (?:is|are)\b|here['’]s\b|see (?:also|section|table|figure|fig|appendix)|"
    r"having (?:discussed|examined|reviewed)|we (?:now )?turn to|let us)",
    re.IGNORECASE,
)
_ADVISED = (
    r"(?:organi[sz]ations|practitioners|policy ?makers|researchers|businesses|investors|companies|clinicians|"
    r"governments|developers|users|readers|individuals|families|caregivers|managers|leaders|stakeholders|"
    r"teams|"
    r"firms|you|we|one|future (?:research|work|studies|efforts))"
)
_RECOMMENDATION = re.compile(
    rf"\b{_ADVISED} should\b|\bshould (?:also |not |always |never |therefore |then )?(?:be \w+(?:ed|en|de|"
    rf"ne|pt)\b|"
    r"(?:consult|consider|focus|avoid|ensure|use|adopt|seek|aim|prioriti[sz]e|continue|start|give|include|"
    r"act|take|"
    r"invest|learn|follow|provide|support|balance)\b)|\bought to\b|\b(?:we|i) (?:recommend|suggest|advise|"
    r"propose|urge|believe)\b|"
    r"\bit is (?:essential|important|crucial|vital|necessary|advisable|recommended|imperative) (?:to|that)\b|"
    rf"\b{_ADVISED} (?:must|need to|can benefit|are encouraged|are advised)\b|\b(?:is|"
    rf"are) (?:strongly )?recommended\b|"
    r"\bis best (?:done|avoided|used)\b|\bin (?:my|our) (?:opinion|view)\b|\bplease\b|"
    r"^(?:further|more|future|additional|continued) (?:research|work|studies|investigation|efforts)\b|"
    r"\byou(?:r)?\b.*\byou\b",
    re.IGNORECASE,
)
# "... to decide whether a rule should be applied" advises nobody.
_REPORTED_DUTY = re.compile(r"\b(?:whether|if|when|that|which|how)\b[^.,;]{0,60}\bshould\b", re.IGNORECASE)
_CAPTION = re.compile(
    r"^(?:figure|fig\.?|table|image|photo|chart|exhibit|listing|algorithm)\s?(?:\d{1,3}|"
    r"[A-Z])(?:\.\d{1,3})?\s?[.:|–—-]"
    r"|^(?:source|sources|credit|image|photo|doi|url|link|keywords|tags|author|authors|date|last updated|"
    r"published|"
    r"accessed|retrieved)\s?:|^all rights reserved|^©|^copyright\b",
    re.IGNORECASE,
)
_REFERENCE_ENTRY = re.compile(
    r"^\[\^?\d{1,4}\]:?\s+(?:[A-Z\"“'‘(]|https?:|\[)|^\^?\d{1,4}[.)]?\s+https?:|"
    r"^\[[^\[\]]{1,500}\]\([^()\s]+\)[.\s]*$"
)
_ENTRY_TAIL = re.compile(r":\s+https?://\S+\s*$|\s-\s[^-]{2,120}$")
_CITATION_FORM = re.compile(
    r"^[A-Z][\w'’-]+,? (?:[A-Z]\.? ?){1,3}(?:,| and | & |\().{0,300}\(?(?:19|20)\d\d\)?|"
    r"\bdoi:\s?10\.\d{4}|\bet al\. \(\d{4}\)\. "
)
# The rest of a sentence that a page break or a formula cut in two; "mRNA" and "pH" open sentences.
_MID_SENTENCE = re.compile(r"(?:\d{1,4}\n\s*)?[a-z]+(?![A-Za-z\d-])\s|\(\d{1,4}[a-z]?\)\s")
_ITALIC_LINE = re.compile(r"^[*_](?![*_])[^*_]{1,120}[*_]$")
_OPEN_END = re.compile(r"[:：,;]\W{0,3}$")
# An introduction whose sentence is not finished: "Risk factors include:", "in the following ways:".
_UNFINISHED = re.compile(
    r"\b(?:includes?|including|included|are|is|was|were|as|by|through|to|of|with|for|at|on|in|around|from|"
    r"and|or|that|"
    r"follows?|example|requires?|involves?|comprises?|covers?|features?|between|among|via|about|namely|"
    r"such as)"
    r"\s?[:：]\W{0,3}$|\b(?:following|below|as follows|these|here)\b[^.]{0,60}[:：]\W{0,3}$|[,;]\W{0,3}$",
    re.IGNORECASE,
)
_FULL_STOP = re.compile(r"[.。][\"'”’)\]]{0,4}$")
_FEWEST_IN_PROSE = 5


def _word_count(text: str) -> int:
    return len(_WORD.findall(text)) + len(_WIDE.findall(text)) // 2


def _is_mostly_wide(text: str) -> bool:
    return len(_WIDE.findall(text)) > 0.3 * max(1, len(text))


def _without_label(text: str) -> str:
    """What follows the label of a list item: "Leverage: Strongly avoids it" -> "Strongly avoids it"."""
    return _LABEL.sub("", text, count=1)


def _is_reference(candidate: Candidate) -> bool:
    if candidate.in_references:
        return True
    raw = candidate.raw
    if candidate.opens_block and _REFERENCE_ENTRY.match(raw):
        return True
    has_url = _URL.search(raw) is not None
    without_links = _URL.sub("", re.sub(r"\[[^\[\]]{0,500}\]\([^()\s]{0,2000}\)", "", raw))
    if has_url and (_word_count(without_links) < _FEWEST_WORDS or _ENTRY_TAIL.search(raw)):
        return True
    return _CITATION_FORM.search(candidate.normalised) is not None


def _is_fragment(candidate: Candidate) -> bool:
    text = candidate.normalised
    if _is_mostly_wide(text):
        return False
    if candidate.block is BlockKind.LIST_ITEM:
        return not has_finite_verb(_without_label(text))
    if has_finite_verb(text):
        return False
    # No list of verbs is complete: in running prose a full stop behind a few words is enough.
    return _FULL_STOP.search(text) is None or len(text.split()) < _FEWEST_IN_PROSE


def _is_recommendation(candidate: Candidate) -> bool:
    if candidate.has_citation:
        return False  # a guideline that a source gives can be checked against it
    body = _REPORTED_DUTY.sub("", _without_label(candidate.normalised))
    return _RECOMMENDATION.search(body) is not None


def _is_instruction(candidate: Candidate) -> bool:
    body = _without_label(candidate.normalised)
    has_label = body != candidate.normalised
    # "Seabirds: Use a star compass [3]": the label is the subject, and a source can be asked.
    return opens_with_imperative(body) and not (has_label and candidate.has_citation)


def _is_list_introduction(candidate: Candidate) -> bool:
    """A lead-in that states nothing on its own; one that is a whole statement is a claim."""
    text = candidate.normalised
    if _OPEN_END.search(text) is None:
        return False
    is_label = candidate.block is BlockKind.LIST_ITEM or _word_count(text) < 6
    return is_label or _UNFINISHED.search(text) is not None or not has_finite_verb(text)


def _letters_are_few(text: str) -> bool:
    return sum(letter.isalpha() or letter.isspace() for letter in text) < 0.55 * len(text)


# Rule name and test; the first that holds drops the sentence. Order is by certainty.
_NOT_A_CLAIM: tuple[tuple[str, Callable[[Candidate], bool]], ...] = (
    ("not prose", lambda c: c.block not in (BlockKind.PARAGRAPH, BlockKind.LIST_ITEM, BlockKind.QUOTE)),
    ("too long", lambda c: len(c.raw) > LONGEST_CLAIM),
    ("reference entry", _is_reference),
    ("too short", lambda c: _word_count(c.normalised) < _FEWEST_WORDS),
    ("hardly any words", lambda c: _letters_are_few(c.normalised)),
    (
        "begins mid-sentence",
        lambda c: c.block is BlockKind.PARAGRAPH and c.opens_block and _MID_SENTENCE.match(c.raw) is not None,
    ),
    ("question", lambda c: re.search(r"[?？]\W{0,6}$", c.normalised) is not None),
    ("list introduction", _is_list_introduction),
    ("caption", lambda c: _CAPTION.match(c.normalised) is not None or _ITALIC_LINE.match(c.raw) is not None),
    ("chatter", lambda c: _CHATTER.match(c.normalised) is not None),
    ("about the report", lambda c: _GENERATED_REPORT.search(c.normalised) is not None),
    ("about the report", lambda c: is_self_description(c.normalised) and not c.has_quantity),
    ("transition", lambda c: _TRANSITION.match(c.normalised) is not None),
    ("instruction", _is_instruction),
    ("recommendation", _is_recommendation),
    ("no finite verb", _is_fragment),
)


def is_self_description(normalised: str) -> bool:
    """Whether a sentence speaks of the text it stands in."""
    return _SELF_REPORT.search(normalised) is not None


def why_not_a_claim(candidate: Candidate) -> str | None:
    """The rule that drops the sentence, or None for a claim."""
    return next((name for name, holds in _NOT_A_CLAIM if holds(candidate)), None)


# What a sentence reports beside its method makes it a finding; praise makes it no definition.
_REPORTS_A_FINDING = re.compile(
    r"\b(?:show(?:s|ed|n|ing)?|demonstrat(?:es?|ed|ing)|found|finds?|reveal(?:s|ed|ing)?|indicat(?:es?|ed|ing)|"
    r"outperform(?:s|ed|ing)?|achiev(?:es?|ed|ing))\b"
    r"|^(?:[^,:]{1,40}: )?(?:As|Since|Because|When|While|Although|If|Once)\s",
)
_PRAISES = re.compile(
    r"\b(?:is|are) (?:an? )?(?:powerful|promising|effective|popular|important|key|widely)\b", re.IGNORECASE
)
_NEVER = re.compile(r"(?!)")
# Kind, the cue that gives it, and what the cue does not hold beside.
_KINDS: tuple[tuple[ClaimKind, re.Pattern[str], re.Pattern[str]], ...] = (
    (ClaimKind.SELF_DESCRIPTION, _SELF_REPORT, _NEVER),
    (ClaimKind.SELF_DESCRIPTION, _GENERATED_REPORT, _NEVER),
    (
        ClaimKind.MATHEMATICAL,
        re.compile(
            r"\b(?:theorem|lemma|corollary|proof(?!-of)|provabl[ey]|prove[sdn]? (?:that|the|an?|to be)|"
            r"(?:we|who) prove[sd]?|"
            r"upper bound|lower bound|converges? to|worst[- ]case (?:time|space|complexity|bound|optimal)|"
            r"(?:constant|linear|logarithmic|quadratic|exponential|polynomial) (?:time|space|complexity)|"
            r"time complexit(?:y|ies)|np-hard|closed form|is (?:bounded|convex|differentiable|isomorphic|"
            r"homeomorphic))\b"
            r"|\bO\([^()]{1,30}\)|\\(?:frac|sum|int|forall|exists|leq|geq|mathbb)\b|"
            r"\$(?=\S)[^$]{1,200}=[^$]{1,200}(?<=\S)\$(?!\d)",
            re.IGNORECASE,
        ),
        _NEVER,
    ),
    (
        ClaimKind.DEFINITIONAL,
        re.compile(
            r"\b(?:is|are) (?:defined as|called|known as|termed|referred to as)\b|\brefers? to\b|"
            r"\bdenotes?\b|"
            r"\bstands for\b|\bmeans that\b|\b(?:is|are) (?:an? )?(?:[\w-]+ ){0,4}(?:type|kind|form|class|"
            r"family|subset|"
            r"branch|method|technique|process|framework|paradigm|measure|disease|disorder|molecule|model|"
            r"algorithm|"
            r"benchmark|dataset|library)s? (?:of|for|that|which|in which|where|used|designed|"
            r"characteri[sz]ed)\b",
            re.IGNORECASE,
        ),
        _PRAISES,
    ),
    (
        ClaimKind.METHODOLOGICAL,
        re.compile(
            r"\b(?:we|they|the authors?|researchers|the study|the model|the team) (?:\w+ly )?(?:used?|"
            r"train(?:ed)?|"
            r"evaluated?|measured?|collected?|sampled?|fine-tuned?|recruited?|applied|analy[sz]ed|tested)\b|"
            r"\b(?:was|were|is|are) (?:\w+ly )?(?:measured|trained|fine-tuned|computed|estimated|"
            r"collected|recruited|"
            r"annotated|sampled|randomi[sz]ed|curated|pre-?trained|binarized|calculated|"
            r"evaluated) (?:using|with|on|by|"
            r"from|in|as|via|into|to)\b"
            r"|\b(?:randomi[sz]ed (?:[\w-]+ ){0,3}(?:trials?|study|studies|to|patients|participants|into)|"
            r"double-blind|placebo-controlled|questionnaire|regression analysis)\b"
            r"|\b(?:simulations?|experiments?|analyses|analysis|interviews|measurements|tests) (?:was|were) (?:then )?"
            r"(?:done|performed|conducted|carried out|run)\b",
            re.IGNORECASE,
        ),
        _REPORTS_A_FINDING,
    ),
)
_HEDGE = re.compile(
    r"\b(?:may|might|could|possibly|perhaps|probably|presumably|likely|unlikely|potential(?:ly)?|appears?|"
    r"appeared|"
    r"seems?|seemed|suggest(?:s|ed|ing)?|tends? to|tentative(?:ly)?|preliminary|speculat\w+|hypothesi[sz]\w+|"
    r"(?:is|are|was|were) (?:thought|believed|assumed|considered) to|reportedly|apparently|arguably|"
    r"in some cases|can be|it is possible)\b",
    re.IGNORECASE,
)
_MONTH_OF_MAY = re.compile(r"\b(?:[Ii]n|[Oo]n|[Ss]ince|[Bb]y|[Uu]ntil|\d{1,2}) May\b|\bMay (?=\d)")


def kind_of(normalised: str) -> ClaimKind:
    """The first kind whose cue the sentence has; empirical when it has none."""
    holding = (kind for kind, cue, unless in _KINDS if cue.search(normalised) and not unless.search(normalised))
    return next(holding, ClaimKind.EMPIRICAL)


def is_hedged(normalised: str) -> bool:
    """Whether the sentence weakens what it states. The month of May is no hedge."""
    return _HEDGE.search(_MONTH_OF_MAY.sub("", normalised)) is not None
