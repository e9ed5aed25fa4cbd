"""Rules on studies with people: registration, ethics, who they were, how they came, went and were assigned.

Belongs here: patterns for the category human studies and for recruitment. Does not belong here: how a rule is run
(`rigor.rules`), whether a study has participants at all (`rigor.applies`).
"""

from __future__ import annotations

from pipelines.review.rigor.reading import Part
from pipelines.review.rigor.rules import OTHERS_TRIALS, RigorRule, cues, pattern, says, stands_in

PEOPLE = (
    r"\b(?:participants?|subjects?|students?|patients?|individuals?|adults?|adolescents?"
    r"|child(?:ren)?|infants?|wom[ae]n|m[ae]n"
    r"|volunteers?|undergraduates?|respondents?|observers?|females?|males?|people|persons?"
    r"|teachers?|workers?|annotators?"
    r"|raters?|dyads|mothers?|parents?|veterans?|psychologists?|researchers|users|controls)\b"
)
_BODY_OF_ETHICS = (
    r"\b(?:ethics? (?:and \w+ )?committees?|ethical committees?|institutional review boards?"
    r"|(?-i:IRB)|review boards?|ethics? boards?"
    r"|research ethics|human (?:subjects|research|participants) (?:\w+ )?(?:committee|board"
    r"|protection)|ethical (?:review|approval)"
    r"|ethics approval|animal (?:care and use|ethics|experimentation"
    r"|welfare) (?:\w+ )?(?:committee|board|body)|ethical board)"
)

_OF_PEOPLE = (Part.METHODS, Part.CAPTIONS)
_CASES = rf"{PEOPLE}|\b(?:trials?|data|outliers?|responses?|observations?|samples?|measurements?|recordings?)\b"

PEOPLE_RULES: tuple[RigorRule, ...] = (
    RigorRule(
        "pre_registered",
        "registration-2",
        cues("regist nct isrctn crd42 actrn chictr aspredicted"),
        (
            says(r"\bpre-?registered\b", r"\b(?:was|were|is|are|at|on|our|we|study|hypothes)"),
            says(r"\bpre-?registration\b", r"\b(?:available|found|can be|at|see|our|osf|aspredicted)\b"),
            says(r"\b(?-i:NCT\d{8}|ISRCTN ?\d{5,}|CRD42\d+|ACTRN\d+|ChiCTR\S+)|\baspredicted\.org/"),
            says(
                r"\b(?:clinicaltrials\.gov|prospero|isrctn|osf|open science framework)\b",
                r"\bregist(?:ered|ration|ry)\b",
            ),
        ),
        no=pattern(
            r"\b(?:not|none|neither|never|nor)\b[^.;]{0,60}\bpre-?regist\w+|\bno pre-?registration\b"
            r"|\bnon-?preregistered\b"
        ),
        unless=pattern(
            r"\b(?:should|would|could|future|recommend|encourag|advocat"
            r"|badge)\w*\b[^.;]{0,80}pre-?regist|pre-?regist\w*\b[^.;]{0,80}\b(?:should|would|future"
            r"|badge)"
        ),
    ),
    RigorRule(
        "irb_or_ethics_approval",
        "ethics-4",
        cues("ethic board irb committee approved exempt waived human animal"),
        (
            says(
                _BODY_OF_ETHICS,
                r"\b(?:approv\w+|permission|cleared|clearance|exempt(?:ed|ion)?|waived|authori[sz]ed|permitted)\b",
                r"\b(?:was|were|is|has|have|had|by|obtained|received|granted|gave|approved)\b",
            ),
            says(
                r"\bapproved by (?:the |our |a )?(?:\w+ ){0,8}(?:committee|board|(?-i:IRB|REC))\b",
                r"\b(?:ethic\w*|review|human|animal|institutional|medical|(?-i:IRB|REC))\b",
            ),
            stands_in(Part.ETHICS)(r"\b(?:approved|exempt|waived) (?:by|from)\b"),
        ),
        no=pattern(
            r"\b(?:ethics|ethical|irb)\b[^.;]{0,40}\b(?:not|no)\b[^.;]{0,30}\b(?:sought|obtained"
            r"|approved|required|needed|necessary|applicable)\b"
            rf"|^(?!.*\bby (?:the|our) (?:\w+ ){{0,6}}(?:committee|board"
            rf"|(?-i:IRB))).*\bexempt\w*\b.*{_BODY_OF_ETHICS}"
            r"|\b(?:did|does|do) not require\b[^.;]{0,40}\b(?:ethic\w+|irb|review board)\b"
        ),
    ),
    RigorRule(
        "demographics_reported",
        "demographics-2",
        cues("age year old male women woman girls boys native handed caucasian demographic"),
        (
            stands_in(*_OF_PEOPLE)(
                PEOPLE,
                r"\bmean age\b|\bmedian age\b|(?-i:\bM ?age\b|\bMage\b)|\bage[sd]? (?:range|ranged|ranging"
                r"|=|between|from|was|of|\d)|\bage: |\d ?(?:years? old|years of age|-year-?olds?"
                r"|months? old)\b|\bages \d",
            ),
            stands_in(*_OF_PEOPLE)(
                r"\d+(?:\.\d+)? ?%? ?(?:\(?\d*\.?\d* ?%?\)? )?(?:of (?:them|whom|participants|the sample"
                r"|these) )?(?:were )?(?:female|male|wom[ae]n|girls|boys)s?\b"
            ),
            stands_in(*_OF_PEOPLE)(r"\b(?:mean age|average age)\b", r"\d"),
            stands_in(*_OF_PEOPLE)(
                rf"{PEOPLE}[^.;]{{0,40}}\b(?:native (?:\w+ )?speakers?|right-?handed|Caucasian)\b"
                rf"|\bright-?handed {PEOPLE}|\bnative \w+[- ]speak(?:ers"
                rf"|ing)\b[^.;]{{0,40}}\b(?:participated|took part|recruited)\b"
            ),
            says(
                r"\bdemographic(?:s| and \w+)? (?:\w+ )?(?:details?|characteristics?|information|data)\b",
                r"\b(?:table|are|shown|given|provided|participants|groups?)\b",
            ),
        ),
        unless=pattern(
            r"\b(?:faces?|photographs?|avatars?|actors?|voices?|speakers? recorded|further participant"
            r"|sheep|goats|cattle|animals?|mice|rats|insects?|trees?|plants?)\b|\bor (?:over|older"
            r"|above|more)\b|\bcompared (?:with|to)\b"
        ),
    ),
    RigorRule(
        "inclusion_exclusion_criteria",
        "criteria-3",
        cues("criteri eligible exclu omitted discarded removed included"),
        (
            says(
                r"\b(?:inclusion|exclusion|eligibility) (?:and (?:in|ex)clusion )?criteri(?:a|on)\b"
                r"(?: [^.;]{0,40})?(?::| (?:was|were|included|comprised|consisted|required)\b)"
            ),
            says(PEOPLE, r"\b(?:was|were) (?:\w+ )?(?:in)?eligible\b"),
            says(rf"{PEOPLE}[^.;]{{0,160}}\b(?:was|were) excluded\b"),
            says(PEOPLE, r"\b(?:was|were) included (?:if|when|either|only)\b"),
            says(
                r"\bafter (?:exclusion of|excluding) (?:all )?(?:those|(?:\w+ ){0,3}(?:patients"
                r"|participants|subjects|individuals))\b"
            ),
            says(
                _CASES,
                r"\b(?:was|were) (?:also |then |therefore |not )?(?:excluded|omitted) (?:from|if|because"
                r"|when|due|for|prior)\b|\bwe (?:also )?(?:excluded|omitted)\b|\b(?:discarded"
                r"|removed) (?:if|because|from (?:the |our |further |all )*(?:\w+ )?(?:analys[ei]s"
                r"|data ?set|sample|study))\b",
            ),
            says(
                r"\b(?:to be|were only|was only) included in (?:the|our) (?:\w+ )?(?:sample|analys[ei]s"
                r"|study)\b|\bcriteria\b[^.;]{0,30}\b(?:for inclusion|to be included)\b"
            ),
            says(
                PEOPLE,
                r"\bexclud(?:ed|ing)\b",
                r"\b(?:because|if|due to|owing to|who|whose|for|as|since|on the basis|failed|failure)\b",
            ),
        ),
        unless=pattern(OTHERS_TRIALS),
    ),
    RigorRule(
        "randomization_described",
        "randomisation-2",
        cues("random"),
        (
            says(
                r"\brandomly (?:\w+ )?(?:assigned|allocated|divided|split|distributed|placed)\b"
                r"|\brandom (?:assignment|allocation)\b|\brandomi[sz]ed,? (?:to|into"
                r"|(?:\w+[- ,]+){0,4}trial|complete"
                r"|block|double|placebo)\b|\b(?:assigned|allocated) (?:at random|randomly)\b"
            ),
            says(PEOPLE, r"\b(?:was|were) (?:then |also )?randomi[sz]ed\b"),
            says(
                r"\b(?:in|at) (?:an? |the )?(?:\w+ )?random(?:i[sz]ed)? (?:order|sequence|positions?)\b"
                r"|\b(?:order|sequence|position|location)s?\b[^.;]{0,60}\b(?:was"
                r"|were) (?:\w+ )?randomi[sz]ed\b|\brandomly (?:positioned|ordered|presented|intermixed"
                r"|arranged|interleaved)\b"
            ),
        ),
        unless=pattern(rf"{OTHERS_TRIALS}|\brandom(?:ly)? (?:effects?|sampl\w+|forests?)\b"),
        no=pattern(
            r"\b(?:not|non|without)[- ](?:\w+ )?(?:randomly (?:assigned|allocated)"
            r"|random(?:i[sz]ed)? (?:assignment|allocation))"
        ),
    ),
    RigorRule(
        "blinding_described",
        "blinding-2",
        cues("blind mask unaware naive naïve ignorant open-label"),
        (
            says(
                r"\b(?:double|single|triple)[- ]blind(?:ed)?\b|\bblind(?:ed)? (?:to|as to|with respect to"
                r"|regarding|with regard)\b"
            ),
            says(
                r"\b(?:were|was|kept|remained|being) (?:\w+ )?(?:blind(?:ed)?|masked)\b",
                rf"{PEOPLE}|\b(?:experimenters?|coders?|assessors?|investigators?|examiners?)\b",
            ),
            says(
                r"\b(?:unaware|na[iï]ve|ignorant)\b[^.;]{0,20}\b(?:to|of|as to|about|regarding"
                r"|with respect to|concerning)\b[^.;]{0,40}\b(?:purposes?|hypothes[ei]s|conditions?|aims?"
                r"|goals?|groups?|assignment|experiment|study|manipulation|research question)\b"
            ),
        ),
        no=pattern(
            r"\b(?:not|neither|nor|never)\b[^.;]{0,60}\b(?:were|was|be|been) (?:\w+ )?(?:blinded"
            r"|masked)\b"
            r"|\bnot (?:\w+ )?(?:blind(?:ed)?|masked) to\b|\bopen-label\b|\bno blinding\b"
        ),
        unless=pattern(
            rf"{OTHERS_TRIALS}|\bblind (?:people|individuals|spot|adults|children|peer|review)|\bcolou?r[- ]blind"
        ),
    ),
    RigorRule(
        "attrition_reported",
        "attrition-2",
        cues(
            "dropped withdrew lost discontinu attrition complet exclud remov discard eliminat"
            " replaced finish return attend response|rate contributed started"
        ),
        (
            says(
                PEOPLE,
                r"\b(?:dropped out|withdrew|lost to follow-?up|discontinued (?:his|her|their"
                r"|participation)|attrition)\b",
            ),
            says(
                PEOPLE,
                r"\b(?:did not|failed to|could not) (?:\w+ )?(?:complete|return|finish|attend)\b",
                r"\b(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten|twelve)\b",
            ),
            says(
                r"\b(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten|eleven"
                r"|twelve) (?:\w+ ){0,4}(?:participants?|subjects?|patients?|children|infants?"
                r"|individuals?|students?|respondents?|volunteers?) (?:\w+ ){0,4}(?:excluded|removed"
                r"|discarded|dropped|eliminated)\b"
            ),
            says(r"\bresponse rate\b[^.;]{0,15}\d|\d+(?:\.\d+)? ?%[^.;]{0,10}\bresponse rate\b"),
            says(PEOPLE, r"\bcompletion rate\b|\d[^.;]{0,80}\bwho completed\b"),
            says(
                PEOPLE,
                r"\d+ ?\(\d+(?:\.\d+)? ?%\)[^.;]{0,60}\b(?:completed|finished|contributed|returned|started"
                r"|dropped)\b|\b(?:participant|subject)s? (?:was|were) replaced\b",
            ),
            says(
                r"\b(?:excluded|removed|discarded|eliminated|excluding) (?:the )?(?:data (?:from|of"
                r"|for) )?(?:\d+|one|two|three|four|five|six|seven|eight|nine"
                r"|ten) (?:\w+ ){0,3}(?:participants?|subjects?|patients?|children|infants?|individuals?"
                r"|students?|respondents?)\b"
            ),
        ),
        unless=pattern(OTHERS_TRIALS),
    ),
    RigorRule(
        "recruitment_methods_described",
        "recruitment-3",
        cues(
            "consecutive recruit hired enrol turk prolific upwork crowdflower pool adverti ads flyer"
            " poster mail invit credit"
        ),
        (
            stands_in(Part.METHODS)(
                PEOPLE, r"\b(?:recruited|hired|enroll?ed)\b[^.;]{0,60}\b(?:from|via|through|by|at)\b"
            ),
            says(r"\bconsecutive (?:\w+ ){0,2}(?:patients|subjects|adults|women|men|children|volunteers)\b"),
            says(
                PEOPLE,
                r"\b(?:recruited|hired)\b[^.;]{0,30}\b(?:via|through|by (?:e-?mail|letter|advert\w*"
                r"|flyers?|posters?))\b",
            ),
            says(
                r"\b(?:mechanical turk|mturk|prolific academic|prolific\.co|upwork|crowdflower|(?:subject"
                r"|participant) pool)\b"
            ),
            says(
                PEOPLE,
                r"\b(?:responded to|answered|through|by|via) (?:\w+ ){0,3}(?:advertise?ments?|ads|flyers"
                r"|posters|e-?mail invitations?)\b|\binvited (?:\w+ ){0,4}(?:by|via|through) (?:e-?mail"
                r"|letter|phone|telephone)\b",
            ),
            says(
                PEOPLE,
                r"\b(?:in (?:exchange|return) for|for|received) (?:\w+ ){0,3}(?:course|partial|class"
                r"|extra) (?:course |class )?credit\b",
            ),
        ),
        unless=pattern(OTHERS_TRIALS),
    ),
)
