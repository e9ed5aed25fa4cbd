"""Words by which a statement is told from a fragment: verbs, and the forms that are finite.

Belongs here: word lists and the one question they answer. Does not belong here: what is a claim
(worthiness). The lists hold common English verbs of scientific and business prose; no tagger is
needed, and none that is small and permissive was found.
"""

from __future__ import annotations

import re

from pipelines.extraction.word_lists import words

_AUXILIARIES = words(
    """
    is are was were has have had do does did can could may might will would shall should must cannot
    isn't aren't wasn't weren't hasn't haven't doesn't don't didn't can't won't remains remain
    became becomes become
    """
)
# Regular verbs whose -s form is hardly ever a noun.
_VERBS = words(
    """
    compose accelerate accept boost expose compose account achieve acquire act adapt add address
    adopt affect aim align allocate allow amplify analyze analyse appear apply argue arise assess
    assign associate assume attain attract avoid base believe belong catalyze cite coincide collect
    combine compare compete complement complete comprise compute conclude condition conduct confer
    confirm connect consider consist constitute constrain contain continue contribute control
    convert correlate correspond cover create decline define delay deliver demonstrate deny depend
    depict derive describe deserve detect determine develop differ diminish disappear discard
    disclose discover display disrupt distinguish dominate echo edit elicit eliminate emerge emit
    emphasize emphasise employ enable encode encourage enforce engage enhance ensure enter establish
    estimate evaluate evolve examine exceed exclude exhibit exist expand explain explore expose
    express extend extract facilitate fail favor favour feature finance follow form foster function
    fuel gain generate govern handle harbor hinder hold identify ignore illustrate impair implement
    imply impose improve include incorporate indicate induce infer influence inform inhibit inspire
    integrate interact introduce invest involve isolate justify lack last learn leverage link
    maintain manage matter maximize measure mediate migrate minimize mitigate modulate navigate
    necessitate observe obtain occur offer operate optimize optimise originate outgrow outpace
    outperform outweigh own participate perform permit persist pose possess predict prefer present
    preserve prevent prioritize produce project promote propagate propose protect prove provide
    pursue quantify range reach react realize receive recognize recommend record recover redefine
    reduce reflect regulate reinforce reject relate release rely remove render replace report
    represent require resemble reside resolve respond restore restrict result retain reveal rise say
    scale see seek seem select sell separate serve settle shape show signal simulate specialize
    specify spread stabilize start state stem stimulate store strengthen struggle study suffer
    suggest supply support suppress surpass surge survive sustain take tend test train transfer
    transform translate trigger underlie underline underpin undergo underscore undertake unify
    update use utilize utilise validate vary view warn weaken widen work yield
    """
)
_IRREGULAR = words(
    """
    arose ate began brought built bought came chose cost costs drew drove fell felt found gave gives
    grew grows held hit kept knew knows led leads leaves left lies lost loses made makes meant means
    met paid pays put ran runs rose said saw sees sent set sets showed sold spent stood stands
    taught thought told took takes understood went goes won wins wrote writes gets got feels finds
    keeps brings comes draws drives falls fights helps helped begins builds buys lets thinks spends
    teaches tells wants needs needed makes sits spans spends turns yields adds make give need help
    mean find keep bring come lead grow get run lie want let drive fall know think
    """
)
# Forms that are nouns as often as verbs: they count only where something they act on follows.
_ALSO_NOUNS = words(
    """
    accounts acts aims appeals conditions controls costs covers delays displays drives estimates
    exhibits features finds functions gains handles hits holds influences interacts lasts leads lies
    links means measures needs orders presents projects ranges reports records releases results
    reviews rises runs scales sets signals spans stands starts states stems studies supplies
    supports surges takes tests trains transfers triggers turns updates uses views works yields
    account act aim condition control cost cover delay display drive estimate exhibit feature form
    function gain handle hold influence lead link measure need offer present project range report
    record release result rise run scale set signal start state stem study supply support surge take
    test train transfer trigger update use view work yield fuel forms fuels shapes shape serves last
    matter experiment find help mean hit let fall think want
    """
)
_OBJECT_OPENERS = words(
    """
    a an the that to its their this these those more less fewer better lower higher up down over
    about nearly from between both all each every no not new only on as with for significant
    substantial strong similar
    """
)
_NOT_BEFORE_VERB = words(
    """
    a an the of for in on by with to and or its their this per via as from no
    """
)


def _third_person(verb: str) -> str:
    if verb.endswith(("s", "x", "z", "ch", "sh", "o")):
        return verb + "es"
    return verb[:-1] + "ies" if verb.endswith("y") and verb[-2] not in "aeou" else verb + "s"


def _past(verb: str) -> str:
    if verb.endswith("e"):
        return verb + "d"
    return verb[:-1] + "ied" if verb.endswith("y") and verb[-2] not in "aeou" else verb + "ed"


_THIRD = frozenset(map(_third_person, _VERBS)) | frozenset(["increases", "decreases", "causes", "impacts", "limits"])
_PAST = frozenset(map(_past, _VERBS)) | frozenset(
    ["increased", "decreased", "caused", "impacted", "limited", "occurred"]
)
_BASE = frozenset(_VERBS) | frozenset(["increase", "decrease", "cause", "impact", "limit"])
_MORE_NOUNS = words(
    """
    increases decreases causes impacts limits increase decrease cause impact limit
    """
)
_CERTAIN = _AUXILIARIES | (frozenset(_IRREGULAR) - _ALSO_NOUNS) | (_THIRD - _ALSO_NOUNS - _MORE_NOUNS)
_AMBIGUOUS = (_THIRD | frozenset(_IRREGULAR)) & (_ALSO_NOUNS | _MORE_NOUNS)
_TOKEN = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*|\d[\d.,]*|[,;:()]")

_BEFORE_IMPERATIVE = words(
    """
    always never please carefully regularly then first next finally
    """
)
# A sentence that opens with one of these tells the reader what to do.
IMPERATIVES = words(
    """
    adopt analyze apply ask assess attach avoid build calculate call carry check choose click
    collect combine compare conduct configure confirm consider consult contact continue convert
    create define deploy design determine develop document download encourage enable ensure
    establish evaluate examine expect explore focus follow fit get give identify implement include
    incorporate install integrate invest keep learn leverage limit look maintain make manage measure
    minimize monitor note observe optimize perform pick plan practice prefer prepare prioritize
    promote provide publish recognize reduce remember remove replace report require run see seek
    select set start strengthen study take test tie track train treat try tune understand update use
    utilize validate verify visit wait watch weigh write purge correct handle estimate account
    allocate begin identify list repeat restrict share specify think try
    """
)


# Behind one of these an ambiguous form is a noun: "uses of", "results in the table,".
_FOLLOWS_NOUN = words(
    """
    of in for and or per is are was were has have such including via , ; : ( )
    """
)
_NAMES_TOO = words(
    """
    access account act aim answer balance contact control cost cover design document focus function
    measure monitor plan practice process project record report research review run sample study
    support test track train trust use view visit watch work
    """
)
_ADVERB = re.compile(r"\w+ly$|^(?:also|still|often|now|never|always|then|thus|already|even|only|not)$")
_ARTICLES = words("a an the its their")
_PARENTHESIS = re.compile(r"\([^()]{0,300}\)")


def _is_plural_subject(word: str) -> bool:
    if word in (
        "they",
        "we",
        "that",
        "which",
        "who",
        "these",
        "those",
        "people",
        "data",
        "children",
        "et al",
    ):
        return True
    return word.endswith("s") and not word.endswith(("ss", "us", "is")) and word not in _CERTAIN


def is_finite(before: str, token: str, after: str) -> bool:
    """Whether a lower-case word between two others is a finite verb, as far as the lists know."""
    if token in _CERTAIN:
        return before != "to"
    can_follow = before not in _NOT_BEFORE_VERB
    takes_object = after in _OBJECT_OPENERS or after[:1].isdigit()
    is_noun_too = token in _ALSO_NOUNS or token in _MORE_NOUNS
    if token in _AMBIGUOUS and token.endswith("s"):
        return can_follow and before != "," and after != "" and (takes_object or after not in _FOLLOWS_NOUN)
    if token in _PAST:
        return can_follow and before != "" and (takes_object or after == "by")
    if token not in _BASE and token not in _AMBIGUOUS:
        # An unknown word in -s before an article is a verb far more often than a plural.
        is_third_person = token.endswith("s") and not token.endswith("ss") and len(token) > 3
        return is_third_person and after in _ARTICLES and can_follow and before not in ("", ",")
    if is_noun_too:
        return _is_plural_subject(before) and (takes_object or (after != "" and after not in _FOLLOWS_NOUN))
    return takes_object if before == "," else can_follow and before not in ("", *_AUXILIARIES)


def _has_gerund_subject(tokens: list[str]) -> bool:
    """ "Raising the rent in old houses doubled turnover": a gerund opens, and a form in -ed takes an object."""
    if len(tokens) < 4 or not tokens[0].endswith("ing") or len(tokens[0]) < 6:
        return False
    return any(
        token.endswith("ed")
        and len(token) > 4
        and token not in _PARTICIPLES_OF_KIND
        and before not in _NOT_BEFORE_VERB | _BEFORE_PARTICIPLE
        and not before.endswith("ing")
        and after not in ("", ",", ".", "by")
        for before, token, after in zip(tokens[1:], tokens[2:], tokens[3:], strict=False)
    )


_PARTICIPLES_OF_KIND = words(
    "based related oriented used called named associated combined compared need feed seed speed"
)
_BEFORE_PARTICIPLE = words(
    """
    among between under over into onto within across through during than about against toward towards
    , more less most highly well newly all each every both some any other such using
    """
)


def has_finite_verb(sentence: str) -> bool:
    """Whether a normalised English sentence says something, by its verb forms (a subject may be left out)."""
    found = [token.lower() for token in _TOKEN.findall(_PARENTHESIS.sub("", sentence))]
    tokens = [token for token in found if not _ADVERB.match(token)]
    return _has_gerund_subject(tokens) or any(
        is_finite(before, token, after)
        for before, token, after in zip(["", *tokens], tokens, [*tokens[1:], ""], strict=False)
    )


def opens_with_imperative(sentence: str) -> bool:
    """Whether the first word (after an adverb) is a bare verb: "Use a smaller learning rate"."""
    tokens = [token.lower() for token in _TOKEN.findall(sentence[:200])]
    if tokens and tokens[0] in _BEFORE_IMPERATIVE:
        tokens = [word for word in tokens[1:] if word != ","]
    if len(tokens) < 2 or tokens[0] not in IMPERATIVES:
        return False
    if tokens[1] == "of":
        return False  # "Use of a smaller rate lowers the loss"
    return tokens[0] not in _NAMES_TOO or not has_finite_verb(" ".join(tokens[1:5]))
