"""Which sentence of a source states a finding that can be quoted alone, and which only sets the scene.

Owns the rules, as tables. Input: a sentence as it stands in a source. Output: the stretch of it that can be
quoted, how sure it is that it states a result, or the rule that drops it. Does not belong here: whether it
answers the question (findings.py), whether it is true (verification).
"""

from __future__ import annotations

import re

# A leading connective leans on the sentence before; what follows it stands alone.
_CONNECTIVE = re.compile(
    r"(?:however|in fact|moreover|furthermore|additionally|in addition|notably|importantly|interestingly|surprisingly"
    r"|finally|indeed|nevertheless|nonetheless|consequently|therefore|thus|hence|accordingly|as a result|besides"
    r"|remarkably|in particular|specifically|overall|in summary|in conclusion|to conclude|on the other hand|also"
    r"|unfortunately|yet|meanwhile|more importantly|first|second|third|firstly|secondly|lastly|critically"
    r"|crucially),\s+",
    re.IGNORECASE,
)

_THING = (
    r"(?:method|approach|framework|model|technique|problem|issue|effect|phenomenon|result|finding|system|strategy"
    r"|mechanism|property|behaviou?r|assumption|challenge|limitation|question|case|work|paper|study|task|algorithm"
    r"|procedure|feature|process|theory|idea|fact|difference|observation|analysis|gap|paradigm|design|architecture"
    r"|benchmark|dataset|latter|former|bottleneck|hypothesis|way|end|module|component|contribution)s?"
)
# It points at something that is said elsewhere.
_POINTS_AWAY = re.compile(
    r"^\(|^contains?\b|^(?:it|its|they|their|them|this|these|those|that|such|he|she|here|there(?:by|fore|in)|both|another|others?"
    r"|then|so|but|and|or|nor|for (?:example|instance)|in contrast|by contrast|conversely|similarly|likewise|instead"
    r"|otherwise|rather|the (?:latter|former|same|other|proposed|present|above|resulting|corresponding)"
    r"|one of (?:these|"
    r"them)|in (?:this|these|such|that)|to (?!(?:\w+ ){0,4}(?:first|leading|lowest|good|zeroth|second) )\w+"
    r"|when \w+ed"
    r"|under these|with this|using this|based on (?:this|these)|despite (?:this|these|its|their)|as such)\b"
    rf"|\b(?:this|these|those|such an?|such|the proposed|the above|said)\s(?:[\w-]+\s){{0,2}}?{_THING}\b"
    r"|\b(?:this|these)\b"
    r"|\b(?:as (?:mentioned|discussed|described|noted|shown) (?:above|before|earlier|below)|see (?:fig|sec|table))\b",
    re.IGNORECASE,
)
# Its subject is the authors' own thing, which the sentence does not name.
_OWN_THING = re.compile(
    r"^(?:extensive |our |the )?(?:our (?!results?\b|findings?\b|analys[ie]s\b|experiments?\b|evaluations?\b|data\b"
    r"|observations?\b|study\b|calculations?\b|simulations?\b|measurements?\b))"
    rf"|^(?:the|our) (?:proposed|developed|introduced|presented|new|novel) (?:[\w-]+\s){{0,3}}?{_THING}\b"
    rf"|\b(?:that|of) our (?:[\w-]+\s){{0,3}}?(?:{_THING}|agent|network|pipeline|scheme|solution|variant)\b",
    re.IGNORECASE,
)
# It says what was done or asked, not what came out.
_AIMS = re.compile(
    r"^(?:(?:in|within|throughout) (?:this|the present|our) [^,]{1,60},\s)?(?:here,? |first,? |we then |then "
    r"|next,? )?"
    r"(?:we|i|the authors?|(?:this|the present|our|the) (?:paper|work|study|article|letter|survey|review|thesis"
    r"|report"
    r"|chapter|talk|lecture))"
    r" (?:(?:have|has|also|simply|first|further|then|now|briefly|here|thus|therefore|next|finally|will|aim to"
    r"|seek to|attempt to|try to|"
    r"systematically|thoroughly|comprehensively|empirically|theoretically|carefully) ){0,3}"
    r"(?:investigate|study|examine|explore|propose|present|introduce|develop|describe|discuss|review|consider"
    r"|aim|seek"
    r"|address|ask|analy[sz]e|evaluate|assess|survey|focus|design|construct|build|formulate|calculate|compute"
    r"|apply|use"
    r"|employ|provide|offer|outline|revisit|extend|test|compare|conduct|perform|derive|summari[sz]e|look|begin|start"
    r"|attempt|try|measure|report on|deal|treat|give|leverage|adopt|advance|search(?:ed)? for|implement|train"
    r"|collect|create|release|utili[sz]e|tackle"
    r"|motivate|assume|formali[sz]e|deriv|carry out|take|hope|plan|intend|make)(?:e?s|e?d|ied|ies)?\b"
    r"|\b(?:remains? (?:an? )?(?:limited|scarce|lacking|open|unclear|unknown|unresolved|elusive|underexplored"
    r"|unexplored|poorly understood"
    r"|to be|largely|under|challenging|a (?:\w+ )?challenge|controversial)|it is (?:unclear|unknown"
    r"|not (?:yet )?(?:clear|"
    r"known))|whether or not|little is known|has (?:recently )?(?:attracted|received|gained|drawn|garnered)"
    r"|is (?:discussed|"
    r"studied|investigated|considered|reviewed|examined|presented|proposed|described|analy[sz]ed|addressed|introduced"
    r"|explored|developed|calculated|computed)(?:\s(?:in|for|by|within|using|as|and|here|briefly|from|at"
    r"|with)\b|[.,]|$)"
    r"|are (?:discussed|studied|investigated|considered|reviewed|examined|presented|proposed|described|addressed"
    r"|explored|analy[sz]ed)(?:\s(?:in|for|by|within|using|as|and|here|briefly|from|at|with)\b|[.,]|$)"
    r"|\b(?:is|are|was|were|been|can be) (?:\w+ly )?(?:used|employed|applied|utili[sz]ed) to\b|\battempt(?:s"
    r"|ed)? to\b"
    r"|\b(?:significant|great|considerable|growing|increasing|much) (?:interest|attention)\b"
    r"|\binsights? (?:into|on|for)\b"
    r"|\b(?:is|are|was|were) (?:also |briefly |then )?(?:outlined|sketched|suggested|mentioned|conducted"
    r"|performed|given|derived)\b"
    r"|\b(?:main|primary|ultimate) (?:goal|aim|purpose|objective)\b|\bwe (?:comment|remark|speculate) on\b"
    r"|\b(?:is|are|was|were) (?:\w+ly )?(?:presented|proposed|introduced|worked out)\b"
    r"|\b(?:we|i) (?:\w+ly )?(?:introduce|propose|present)\b|\baims? (?:to|at)\b"
    r"|, we (?:also |then |further |first )?(?:propose|introduce|present|investigate|study|explore|examine"
    r"|develop|measure"
    r"|evaluate|analy[sz]e|discuss|consider|address|design|apply|use|compare|review|simply assume)\b|\bobjectives?:"
    r"|\bhas been focus(?:s)?ing\b|\bhas (?:mainly |mostly |largely )?focused on\b"
    r"|\bfew (?:attempts|works|studies)\b|\b(?:is|are) (?:still |very |quite )?(?:limited|scarce|lacking)\W{0,2}$"
    r"|\bin an early (?:state|stage)\b|\bhas been (?:recently )?suggested (?:as|that)\b"
    r"|future (?:work|research|directions)|code is available|available at|publicly available|is needed\b|are needed\b"
    r"|open[- ]sourced?\b|we (?:hope|believe|plan|expect|release)\b|the (?:aim|goal|purpose|objective) (?:of|is)"
    r"|comprehensive (?:survey|review|overview)|this (?:survey|review|paper|article|work|study|thesis) "
    r"(?:\w+ly )?(?:proposes|presents|introduces|"
    r"reviews|surveys|explores|examines|investigates|discusses|provides|aims|describes|addresses|studies))",
    re.IGNORECASE,
)
# "We compare A with B and find that A is faster": the second half is a finding.
_CONCLUDES = re.compile(
    r"\b(?:and|to|which|thereby) (?:then |also |thus )?(?:we )?(?:show|find|found|demonstrate|conclude|prove"
    r"|establish"
    r"|observe|confirm)(?:s|ed|ing)? that\b",
    re.IGNORECASE,
)

_RESULT = re.compile(
    r"\b(?:we|i|results?|experiments?|evaluations?|findings?|analys[ie]s|study|studies|data|observations?"
    r"|calculations?"
    r"|simulations?|measurements?|evidence|work|paper|evaluation|it is|it was)\b[^.;]{0,80}?\b(?:find|found"
    r"|finds|show|"
    r"shows|showed|shown|demonstrate[sd]?|reveal(?:s|ed)?|observe[sd]?|conclude[sd]?|indicate[sd]?|suggest(?:s"
    r"|ed)?|prove[sd]?|"
    r"confirm(?:s|ed)?|establish(?:es|ed)?|impl(?:y|ies|ied)|argue[sd]?|report(?:s|ed)?|discover(?:s|ed)?"
    r"|highlight(?:s|ed)?"
    r"|identif(?:y|ies|ied)|obtain(?:s|ed)?|outperform(?:s|ed)?|validate[sd]?)\b",
    re.IGNORECASE,
)
_OUTCOME = re.compile(
    r"\b(?:outperform|surpass|exceed|improv|reduc|increas|decreas|lead(?:s|ing)? to|led to|result(?:s|ed"
    r"|ing)? in|caus|due to"
    r"|because|depend|determined by|limited by|arises? from|requires?|cannot|fails?|achiev|significant"
    r"|consistent with"
    r"|inconsistent|ruled? out|excluded?|at least|at most|no evidence|compared (?:to|with)|than\b|mitigat|prevent)",
    re.IGNORECASE,
)
_MEASURED = re.compile(r"\d(?:[\d.,]*\d)?\s?(?:%|\\%|percent|percentage|times|-fold|x\b|σ|\\sigma|K\b|points?\b)", re.I)

RESULT, OUTCOME, PLAIN = 1.0, 0.6, 0.1


def quotable_start(sentence: str) -> int | None:
    """Where the stretch that can be quoted begins: behind a leading connective; None if it cannot stand alone."""
    opening = _CONNECTIVE.match(sentence)
    start = opening.end() if opening else 0
    rest = sentence[start:]
    if not rest or _POINTS_AWAY.search(rest) or _OWN_THING.search(rest):
        return None
    return start


def states_a_finding(sentence: str) -> bool:
    """Whether a sentence says how something is, and not what was done, hoped or left open."""
    aim = _AIMS.search(sentence)
    return aim is None or (aim.start() == 0 and _CONCLUDES.search(sentence) is not None)


def result_strength(sentence: str) -> float:
    """How plainly a sentence says that something came out: `RESULT`, `OUTCOME` or `PLAIN`."""
    if _RESULT.search(sentence) or _MEASURED.search(sentence):
        return RESULT
    return OUTCOME if _OUTCOME.search(sentence) else PLAIN
