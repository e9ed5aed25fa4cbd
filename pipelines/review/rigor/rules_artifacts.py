"""Rules on what is given away and who is behind it: code, data, funding, interests, affiliations, limits.

Belongs here: patterns for the categories artifacts, data integrity, conflicts of interest, limitations. Does not
belong here: how a rule is run (`rigor.rules`). Link patterns need no blanks: cut links come joined.
"""

from __future__ import annotations

from pipelines.review.rigor.reading import Part
from pipelines.review.rigor.rules import RigorRule, cues, heading, pattern, says, stands_in

HOST = (
    r"(?:github\.com|our (?:public )?git(?:hub|lab)|gitlab\.|bitbucket\.org|codeberg\.org"
    r"|zenodo|osf\.io|figshare"
    r"|huggingface\.co|\bdryad\b|datadryad"
    r"|dataverse|open science framework|software heritage|4open\.science|mendeley data"
    r"|openneuro|code ocean|10\.5281/"
    r"|10\.17605/|hdl\.handle\.net)"
)
_CODE = r"\b(?:codes?|scripts?|software|implementations?|codebase|notebooks?|toolbox|programs?)\b"
_DATA = r"(?<![/\w.-])(?:data|data ?sets?|sequences|annotations|reads|recordings)\b"
_AVAILABLE = (
    r"\b(?:(?:is|are|were|was|been|be|made|being) (?:\w+ ){0,3}"
    r"(?:available|released|shared|deposited|hosted|archived|accessible|open-sourced|accessed"
    r"|found|downloaded)"
    r"|(?:available|accessible|deposited|archived) (?:at|from|on|in|via|through|under|as|with"
    r"|online)\b"
    r"|we (?:have |also )?(?:release|share|publish|provide|deposit|open-source)d?)\b"
)
_OPENLY = r"\b(?:public(?:ly)?|open(?:ly)?|free(?:ly)?|deposited|repository|online)\b|\baccession\b|https?://"
_NEGATION = r"\b(?:not|never|cannot|can't|unable to|neither)\b"
_SHARED = r"\b(?:available|released?|shared?|deposited|public(?:ly)?|accessible)\b"
_ON_REQUEST = (
    r"\b(?:up)?on (?:\w+ )?request\b|\bby request\b|\brequest(?:s|ed)? (?:from"
    r"|to) the (?:\w+ ){0,2}authors?\b"
    r"|\b(?:available|obtained|requested) (?:from|by|through) (?:the |any )?(?:\w+ )?authors?\b"
)
# Planned is neither released nor denied.
_PROMISED = (
    r"\b(?:will|to) be (?:\w+ ){0,3}(?:made|released|shared|available|open-sourced|published"
    r"|deposited)\b"
    r"|\bwill (?:\w+ )?(?:release|share|publish|open-source|make)\b|\bupon (?:publication"
    r"|acceptance)\b"
)


def _denied(thing: str) -> str:
    """Denied or on request, where no place is named."""
    return (
        rf"^(?!.*{HOST})(?!.*\baccession\b).*(?:{thing}[^.;]{{0,60}}{_NEGATION}[^.;]{{0,40}}{_SHARED}"
        rf"|\b(?:cannot|can not|unable to|not able to) (?:\w+ )?(?:share|release"
        rf"|deposit|provide)\b[^.;]{{0,30}}{thing}"
        rf"|\bno (?:\w+ ){{0,2}}{thing}[^.;]{{0,40}}{_SHARED}"
        rf"|{thing}[^.;]{{0,80}}(?:{_ON_REQUEST}))"
    )


_OTHERS_CODE = (
    rf"{_PROMISED}|^(?!.*\b(?:our|custom|own|in-house|this (?:work|study|paper)"
    r"|we have made)\b).*"
    r"(?:\b(?:used?|uses|using|employ\w*|adopt\w*|appl(?:y|ied)|ran|performed|analy[sz]ed"
    r"|generated|with|by|in) [^.;]{0,60}"
    r"\b(?:code|scripts?|software|package|program|toolbox|implementation)s?\b"
    r"|(?-i:\b(?:code|software|implementation|toolbox|package) (?:of|from|by|provided by"
    r"|released by) (?:[A-Z]|the authors)))"
)
_OTHERS_DATA = (
    rf"{_PROMISED}"
    r"|\bpublic domain\b|\blicen[cs]e applies\b|\bunless otherwise (?:stated|noted)\b"
    r"|\b(?:publicly|freely|openly) available (?:\w+ ){0,3}(?:data ?(?:sets?|bases?)?"
    r"|corp(?:us|ora)|benchmarks?|sources?)\b"
    r"|\b(?:used|obtained|downloaded|retrieved|extracted|taken|drawn"
    r"|came) (?:\w+ ){0,4}(?:from(?! (?:the |any )?(?:\w+ )?authors?\b)|data)\b"
    r"|\bsupplement(?:ary|al) (?:data|materials?|information)\b|\bopen practices disclosure\b"
)

_ORGANISATION = (
    r"\b(?:grants?|foundation|fund|funds|council|agency|ministry|minister|programme|program"
    r"|institutes?|award"
    r"|fellowship|scholarship|university|trust|commission|nih|nsf|erc|dfg|nserc|esrc|epsrc"
    r"|academy|society|government|college)\b"
)
_WORK = r"\b(?:work|research|study|studies|project|authors?|i|we|was|were|is|are|trial|paper|experiments?|[A-Z]\.)\b"

ARTIFACT_RULES: tuple[RigorRule, ...] = (
    RigorRule(
        "code_released",
        "code-4",
        cues("code script software implement notebook toolbox program"),
        (
            says(_CODE, HOST, _AVAILABLE),
            says(
                rf"\b(?:our|all|the) (?:\w+ ){{0,4}}{_CODE}",
                r"\b(?:available|deposited|archived|downloaded|released)\b",
                r"https?://",
            ),
            says(_CODE, _AVAILABLE, r"\b(?:publicly|openly|freely|open[- ]source|repository|supplement\w*)\b"),
            stands_in(Part.AVAILABILITY)(_CODE, HOST),
        ),
        no=pattern(_denied(_CODE)),
        unless=pattern(_OTHERS_CODE),
    ),
    RigorRule(
        "data_released",
        "data-4",
        cues("data sequence annotation read recording accession"),
        (
            says(rf"{_DATA}.{{0,100}}{_AVAILABLE}|{_AVAILABLE}.{{0,60}}{_DATA}", rf"{_OPENLY}|{HOST}"),
            says(
                rf"{_DATA} (?:\w+ ){{0,4}}(?:is|are|can be) (?:\w+ )?(?:at|in|on|from|found"
                rf"|accessed)\b.{{0,40}}{HOST}"
            ),
            says(
                r"\bwe (?:also )?(?:release|open-source|publish)d? (?:\w+[- ]){0,4}(?:data ?sets?|data"
                r"|corpus|benchmark)\b"
            ),
            says(r"\bbadges?\b[^.]{0,40}\bopen data\b"),
            says(r"\baccession (?:numbers?|codes?|no)\b", r"\b(?:deposited|submitted|available)\b"),
            says(
                r"\ball (?:relevant |the )?data\b",
                r"\b(?:within|in) th(?:e|is) (?:published )?(?:paper|article|manuscript)\b",
            ),
            stands_in(Part.AVAILABILITY)(_DATA, HOST),
        ),
        no=pattern(_denied(_DATA)),
        unless=pattern(_OTHERS_DATA),
    ),
    RigorRule(
        "raw_data_available",
        "raw-data-3",
        cues("raw data transcript annotation sequence"),
        (
            says(
                r"\braw (?:\w+ ){0,3}(?:data|reads|sequences|recordings|scores|images|logs|files)\b"
                r"|\b(?:individual|participant|trial|item|subject)-level data\b|\b(?:transcripts"
                r"|annotations|sequence reads)\b"
                r"|\ball (?:of )?(?:the |our )?(?:\w+ )?data(?: files| sets?)?\b"
                r"|(?<![/\w.-])(?:\w+ )?sequences\b",
                _AVAILABLE,
                rf"{HOST}|{_OPENLY}",
            ),
        ),
        no=pattern(_denied(r"\braw (?:\w+ ){0,2}data\b")),
        unless=pattern(_OTHERS_DATA),
    ),
    RigorRule(
        "limitations_section_present",
        "limitations-heading-3",
        cues("limitation threat"),
        (
            heading(
                r"^(?:[#*\s]*(?:\d{1,2}(?:\.\d{1,2}){0,3}|[IVX]{1,5}|[A-Z])[.)]? )?[#* ]*"
                r"(?:(?:study|strengths|potential|the|our|scope|discussion|conclusions?|current|main|key"
                r"|ethics|future work"
                r"|and|&|of) ?,? ){0,4}(?:limitations?|threats to (?:\w+ )?validity)"
                r"(?:(?:,| and| &) [^.:]{1,50}| (?:of|to) (?:the|this|our) (?:\w+ ){0,2}(?:study|work"
                r"|research|approach|method|paper"
                r"|analysis))?[:.*\s]*$"
            ),
            says(r"^(?-i:LIMITATIONS)\b(?! (?:of|in|on) )"),
            says(r"^(?:strengths and )?(?:study )?limitations?(?: of (?:the|this|our) study)?\s?[:.-] ?(?-i:[A-Z]|$)"),
        ),
    ),
    RigorRule(
        "funding_disclosed",
        "funding-3",
        cues("fund grant support award contract sponsor financ"),
        (
            heading(r"^#* ?(?:\d+\.? )?(?:funding|financial support|grant support)\b"),
            says(
                r"\b(?:supported|funded|financed|sponsored)(?: in part| partially| partly| financially"
                r"| jointly)? by\b",
                _ORGANISATION,
                _WORK,
            ),
            says(r"\b(?:grants?|awards?|contracts?) (?:agreement )?(?:nos?\.?|numbers?|#|id)? ?:?[#(]? ?[\w./-]*\d"),
            says(
                r"\breceived no\b[^.]{0,40}\bfunding\b|\bno (?:specific |external "
                r"|outside )?funding (?:was|has|from)\b"
            ),
            says(
                r"\backnowledg\w+\b(?![^.]{0,60}\b(?:comput|technical|admin)\w+)[^.]{0,60}\b(?:financial "
                r"|funding |research )*(?:support|funding)\b[^.]{0,30}\b(?:from|by|of)\b"
            ),
            says(
                r"\b(?:financial support|funding) (?:was|were|from|for|provided|by)\b",
                rf"{_ORGANISATION}|\bdepartment of\b",
            ),
            says(r"\bmade possible\b[^.]{0,40}\b(?:funding|support|grants?)\b", _ORGANISATION),
            says(r"\bthank\w*\b[^.]{0,100}\bfor (?:\w+ ){0,2}(?:financial support|funding)\b"),
            stands_in(Part.FUNDING)(r"\w+ \w+ \w+"),
        ),
        unless=pattern(r"^the (?:funder|sponsor|funding \w+)s?\b[^.]{0,30}\bhad no\b"),
    ),
    RigorRule(
        "financial_interests_declared",
        "interests-1",
        cues("interest conflict disclos declar"),
        (
            heading(r"\b(?:conflict|competing|interest|disclosure)"),
            stands_in(Part.INTERESTS)(r"\w+ \w+|\bnone\b"),
            says(r"\bdeclare[ds]?\b[^.]{0,80}\b(?:interests?|conflicts?)\b"),
            says(
                r"\b(?:no|any|potential|following|have|has) (?:\w+ ){0,2}(?:conflicts? of interests?"
                r"|(?:competing|conflicting) (?:\w+ )?interests?)\b"
            ),
            says(r"^(?:conflicts? of interests?|competing (?:financial )?interests?)(?: statement)?\W+\w"),
        ),
    ),
    RigorRule(
        "affiliations_disclosed",
        "affiliations-1",
        (),
        (
            stands_in(Part.FRONT)(
                r"(?<![A-Za-z])(?:universi\w+|institut\w*|departments?|departamento|laborator\w+"
                r"|laboratoire|colleges?|schools? of|facult\w+"
                r"|academy|hospital|observator\w+|research cent(?:er|re)|inc\.|ltd|gmbh|infn|cnrs|cern)\b"
            ),
        ),
        within=Part.FRONT,
    ),
)
