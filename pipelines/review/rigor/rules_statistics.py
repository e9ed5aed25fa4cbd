"""Rules on numbers and their doubt: intervals, tests, spread, corrections, sample size, runs and seeds.

Belongs here: patterns for statistical methodology and for repeated runs. Does not belong here: how a rule is run
(`rigor.rules`). `P@5` and the `p` of nucleus sampling are no p-values; `28 ± 2 °C` is a setting, not a result.
"""

from __future__ import annotations

from pipelines.review.rigor.rules import OTHERS_TRIALS, RigorRule, cues, pattern, says

_NUMBER_WORD = r"(?:\d{1,4}|two|three|four|five|six|seven|eight|nine|ten|twenty|hundred)"
_TEST = (
    r"(?:[tzf][- ]tests?|(?:an|man|anc|manc)ovas?|analys[ei]s of (?:co)?variance|wilcoxon"
    r"|mann[- ]whitney|kruskal[- ]wallis"
    r"|mcnemar|chi[- ]?squared? tests?|[χx]2 tests?|fisher'?s exact|permutation tests?"
    r"|bootstrap tests?"
    r"|kolmogorov[- ]smirnov|log-?rank tests?|likelihood[- ]ratio tests?"
    r"|sign(?:ed-rank)? tests?|friedman tests?"
    r"|tukey(?:'?s)?|dunnett'?s?|post[- ]hoc tests?|welch'?s?)"
)
_USED = (
    r"\b(?:used|perform\w*|conduct\w*|carried out|appl(?:y|ied)|ran|comput\w+|calculat\w+"
    r"|compar\w+|analy[sz]\w+"
    r"|test(?:ed|ing)|assess\w*|evaluat\w+|determin\w+|using|revealed|showed|shows|indicated"
    r"|confirmed|yielded|according to"
    r"|by|with)\b"
)
_P_VALUE = (
    r"(?<![\w@.-])(?-i:[pP])(?:rep)? ?(?:[<>=≤≥]|< ?=|less than) ?0?\.\d|(?<![\w@.-])(?-i:[pP])s? ?(?:[<>≤≥]) ?\d"
)
_STATISTIC = (
    r"(?<![\w@])(?-i:[tFzZ]s?|χ ?[2²]"
    r"|X ?2) ?\( ?\d+(?:\.\d+)?(?: ?, ?(?:N ?= ?)?\d+(?:\.\d+)?)? ?\) ?[=<>]"
    r"|\b(?-i:r) ?\( ?\d+ ?\) ?="
)
# A setting or an age with its tolerance is no result, and a figure with a citation is another's.
_PLUS_MINUS = (
    r"^(?!.*\bet al\b)(?!.*\bage[sd]?\b).*(?:\d ?(?:±|\+/-)|= ?±) ?\d+(?:\.\d+)?(?![\d.])"
    r"(?! ?(?:\d+(?:\.\d+)?)? ?(?:°|º|℃|(?-i:C|K)\b|h\b|min\b|rpm|%? ?(?:RH|relative humidity)"
    r"|years?|yrs?|wks?|mm ?hg|weeks?|days?|months?))"
)

# A study of how others do statistics tells of their habits, not of its own.
_SURVEYED = (
    r"\brespondents?\b[^.;]{0,80}\b(?:power|sample sizes?|t tests?|mentioned|reported (?:that"
    r"|using|doing))\b|\b(?:sample sizes?|power)\b[^.;]{0,120}\brespondents?\b"
)

STATISTICS_RULES: tuple[RigorRule, ...] = (
    RigorRule(
        "confidence_intervals_or_error_bars",
        "intervals-3",
        cues("interval region bound ± +/- error|bar shaded %|ci %ci ci|= ci= ci|[ ci[ ci|( ci( ci: cis hdi hpd"),
        (
            says(
                r"\b\d{2}(?:\.\d{1,2})? ?% ?(?:(?-i:CIs?|HDIs?|HPDs?)\b|(?:bootstrap\w* )?(?:confidence"
                r"|credible|uncertainty) (?:interval|region|bound)s?)"
            ),
            says(
                r"\b(?:confidence|credible) (?:intervals?|regions?)\b[^.;]{0,60}(?:\d|\bare (?:shown"
                r"|given)|\bfor\b)|\d[^.;]{0,20}\b(?:confidence|credible) (?:intervals?|regions?)\b"
            ),
            says(r"(?-i:\bCIs?) ?= ?confidence interval"),
            says(r"(?-i:\bCIs?) ?[=:]? ?[\[(] ?-?\d?\.?\d"),
            says(_PLUS_MINUS),
            says(r"\bmeans?\b[^.;]{0,40}(?:±|\+/-) ?(?:(?-i:SDs?|SEs?|SEMs?)\b|standard|s\.[de])"),
            says(
                r"\berror bars ?(?:\w+ ){0,2}(?:show|represent|indicat|denote|are|correspond|reflect"
                r"|depict|=|:|refer|give)"
            ),
            says(
                r"\bshaded (?:area|region|band)s? ?(?:\w+ ){0,2}(?:show|represent|indicat|denote"
                r"|correspond)\w*[^.]{0,40}(?:standard|confidence|\d\d ?%)"
            ),
        ),
        no=pattern(r"\b(?:no|without) (?:error bars|confidence intervals?)\b"),
        unless=pattern(r"\bshould\b|\brecommend"),
    ),
    RigorRule(
        "significance_tests",
        "tests-2",
        cues(
            "< > = ≤ ≥ p-value p|value test anova ancova anovas analys wilcoxon whitney kruskal"
            " mcnemar fisher smirnov friedman tukey dunnett welch signific alpha bayes less|than"
        ),
        (
            says(r"\bstatistically significant(?:ly)?\b"),
            says(_P_VALUE),
            says(r"\bp[- ]values?\b[^.;]{0,25}(?:\d|[<>=])"),
            says(_STATISTIC),
            says(rf"\b{_TEST}\b", _USED),
            says(
                r"\bbayes factors? ?(?:=|of \d|\(|in favou?r)|\b(?:reached"
                r"|approached) (?:statistical )?significance\b"
            ),
            says(
                r"\bsignifican\w+ (?:was|were) (?:\w+ )?(?:set|assessed|determined|accepted|tested|defined"
                r"|evaluated|considered)|\b(?:significance level|alpha(?: level)?) (?:of|was|=|set)"
            ),
        ),
        no=pattern(
            r"\bno (?:formal )?(?:statistical|significance|hypothesis) (?:significance )?tests? (?:was"
            r"|were|is|are) (?:performed|carried out|conducted|done|used|run)\b"
        ),
        unless=pattern(
            rf"\b(?:top|nucleus|dropout|sampling|keep)\b[^.;]{{0,20}}\bp ?=|{_SURVEYED}|\bto have a power of\b"
        ),
    ),
    RigorRule(
        "variance_reported",
        "spread-2",
        cues("sd se iqr s.d s.e std standard ± +/- interquartile coefficient"),
        (
            says(_PLUS_MINUS),
            says(
                r"(?-i:\b(?:SDs?|SEMs?|SEs?|IQRs?|s\.d\.|s\.e\.m?\.|SDw|std)) ?(?:[=:]|of|was|were"
                r"|ranged) ?±? ?-?\d?\.?\d"
            ),
            says(
                r"\bstandard (?:deviation|error)s?(?: of (?:the )?\w+)? ?(?:[=:]|of|was|were"
                r"|is) (?:equal to )?-?\d?\.?\d"
            ),
            says(
                r"\b(?:mean|average)s?(?: values?)?(?: ?\(?)(?:±|\+/-|and|with) ?\(?(?:one |1 |their "
                r"|the )?(?:(?-i:SDs?|SEs?|SEMs?)\b|standard|s\.[de])"
            ),
            says(
                r"\b(?:bars?|values|data|numbers? in parenthes[ei]s|lines"
                r"|whiskers)\b[^.;]{0,60}\b(?:standard (?:deviation|error)s?|(?-i:SDs?|SEs?|SEMs?|IQR)"
                r"|s\.d\.|interquartile range)"
            ),
            says(r"\b(?:interquartile range|coefficient of variation)s?\b[^.;]{0,20}\d|(?-i:IQR)[^.;]{0,8}\d"),
            says(
                r"\bstandard (?:deviation|error)s?\b",
                r"\b(?:table|fig(?:ure|\.)|reported|presented|shown|given|expressed)\b",
            ),
        ),
        unless=pattern(
            r"\b(?:mean|average|median) age\b|\bage[sd]?\b[^.;]{0,30}(?:±|\bSD\b)|\byears old\b"
            r"|\baged \d"
            r"|\bfollow-?up\b[^.;]{0,30}(?:±|\bSD\b)|\bstandardi[sz]ed mean difference"
            r"|\d(?:\.\d+)? ?(?:(?-i:SDs?|SEs)"
            r"|standard deviations?) (?:above|below|from|away|beyond|outside|greater|longer|of)\b"
            r"|(?:more|less|greater|outside|beyond|within) (?:than )?±? ?\d(?:\.\d+)? (?:SD"
            r"|standard deviation)"
        ),
    ),
    RigorRule(
        "multiple_comparison_correction",
        "corrections-1",
        cues(
            "bonferroni holm benjamini hochberg dunnett tukey scheff idak idák newman duncan"
            " discovery fdr fwe family multiple correct adjust"
        ),
        (
            says(
                r"\b(?:bonferroni|holm(?:'s)?[- ](?=bonf|correct|adjust|method|proced|test)|benjamini"
                r"|hochberg|dunnett|tukey|scheff[eé]|[sš]id[aá]k|newman[- ]keuls"
                r"|duncan'?s (?:new )?multiple)",
                r"\b(?:correct|adjust|control|post[- ]?hoc|test|method|procedure|multiple|comparison"
                r"|criterion|HSD)",
            ),
            says(
                r"\b(?:false[- ]discovery[- ]rates?|(?-i:FDR|FWER?)|family-?wise)\b",
                r"\b(?:correct|adjust|control|threshold|procedure|error|q ?[<=])",
            ),
            says(r"\b(?:adjusted|corrected) (?-i:[pP])s?\b(?: values?)?"),
            says(
                r"\b(?:correct|adjust|control"
                r"|account)\w* for (?:the )?(?:\w+ ){0,2}multiple (?:\w+ )?(?:comparison|test|hypothes)"
                r"|\bmultiple[- ](?:comparisons?|testing) (?:correct|adjust|test|procedure)"
            ),
        ),
        unless=pattern(r"\bgreenhouse\b|\bhuynh\b|\bcontinuity\b"),
        no=pattern(
            r"\b(?:no|not|without|un)[- ]?(?:\w+ ){0,3}(?:correct"
            r"|adjust)\w* (?:\w+ ){0,2}for (?:the )?(?:\w+ )?multiple"
        ),
    ),
    RigorRule(
        "sample_size_justified",
        "power-2",
        cues("power sample|size aimed planned sought stopp"),
        (
            says(
                r"\bsample sizes?\b[^.;]{0,40}\b(?:was|were|is) (?:\w+ ){0,2}(?:determined|chosen|selected"
                r"|based|set|calculated|estimated|decided|planned|predetermined|justified|computed"
                r"|dictated|similar to)\b"
            ),
            says(
                r"\b(?:determin|chose|based|calculat|decided on|set|selected"
                r"|justif)\w*\b (?:\w+ ){0,3}sample sizes?\b",
                r"\b(?:we|our|participants|experiment|study|power)\b",
            ),
            says(
                r"\bpower (?:analys[ie]s|calculations?)\b",
                r"\b(?:we|our|participants|subjects)\b",
                r"\b(?:conducted|performed|indicat|show|suggest|reveal|determin|using|based on|requir|need)",
            ),
            says(r"(?-i:G ?\*? ?Power)\b"),
            says(
                r"\bour (?:choice|selection) of (?:a |the )?sample size\b|\b(?:aimed|planned"
                r"|sought) to (?:collect data from|recruit|test|enrol) (?:at least )?\d+\b"
            ),
            says(r"\bwe (?:\w+ )?stopped (?:data collection|collecting|recruit\w+)\b|\bstopping rule\b"),
            says(
                r"\b(?:achiev|obtain|hav|ensur|provid|giv|afford|yield|need)\w* (?:\w+ ){0,4}(?:\d\d ?%"
                r"|0?\.\d+) (?:statistical )?power\b",
                r"\b(?:we|our|sample|participants|subjects)\b",
            ),
        ),
        unless=pattern(
            rf"{_SURVEYED}|{OTHERS_TRIALS}|\b(?:larger|future|recommend|researchers|psychologists"
            r"|should|many|published|their"
            r"|previous|sample sizes? required|typical(?:ly)?)\b"
        ),
        no=pattern(
            r"\bno (?:formal |statistical |a priori |prior )*(?:power|sample[- ]size) (?:analys[ie]s"
            r"|calculations?|estimation)|\b(?:we|was|were) (?:did )?not (?:\w+ ){0,2}(?:conduct"
            r"|perform)\w* (?:an? )?(?:\w+ ){0,3}power analys[ie]s|\bsample sizes? (?:was"
            r"|were) not (?:\w+ )?(?:determined|calculated|based|justified)|\bpower analysis was not\b"
        ),
    ),
    RigorRule(
        "number_of_runs_stated",
        "runs-4",
        cues(
            "run seed repe replic initiali triplicate duplicate times twice thrice determination"
            " assay measurement experiments"
        ),
        (
            says(rf"\b{_NUMBER_WORD} replicate \w+"),
            says(
                rf"\b(?:averaged?|mean|over|across|repeated|report(?:ed)?)\b[^.;]{{0,40}}?\b{_NUMBER_WORD} "
                r"(?:\w+ ){0,2}(?:runs|seeds|repetitions|replicates|initiali[sz]ations|repeats"
                r"|replications)\b"
            ),
            says(
                r"\b(?:in|performed in|run in|done in) (?:biological |technical )?(?:triplicates?"
                r"|duplicates?|quadruplicates?)\b"
            ),
            says(
                rf"\b(?:repeated|replicated|performed|carried out"
                rf"|run)\b[^.;]{{0,30}}\b(?:{_NUMBER_WORD} (?:independent )?times|twice|thrice|in (?:tri"
                rf"|du)plicate)\b"
            ),
            says(
                rf"\b{_NUMBER_WORD} (?:\w+ )?(?:independent|biological|technical) (?:\w+ )?(?:runs"
                r"|experiments|replicates|repetitions|assays)\b"
            ),
            says(
                rf"\b(?:means?|averages?) (?:values? )?(?:of"
                rf"|from) (?:at least )?{_NUMBER_WORD} (?:\w+ ){{0,3}}(?:measurements?|determinations?"
                rf"|assays?|experiments?|replicates?|repetitions|replications)\b"
            ),
            says(
                rf"\b(?:in|with|had|were|of) (?:at least )?{_NUMBER_WORD} (?:\w+ )?(?:replicates"
                r"|replications|repetitions)\b|\btriplicate (?:samples?|measurements?|assays?|experiments?"
                r"|determinations?|cultures?)\b"
            ),
        ),
        unless=pattern(
            r"\bbootstrap\w*\b|\bper (?:\w+ )?(?:session|block|participant|subject)\b|\b(?:images?"
            r"|videos?|stimul\w+|words|items|block|trial|session"
            r"|participants?)\b[^.;]{0,60}\b(?:repeated|presented|times)\b"
        ),
    ),
    RigorRule(
        "seed_sensitivity_reported",
        "seeds-1",
        cues("seed initiali"),
        (
            says(
                rf"\b(?:{_NUMBER_WORD}|multiple|several|different) (?:different |random "
                r"|independent )*(?:seeds|(?:random )?initiali[sz]ations)\b",
                r"\b(?:averag|mean|results?|runs?|report|std|standard|repeat|across|over|varian)",
            ),
        ),
        no=pattern(r"\b(?:a |one )?(?:single|fixed|only one) (?:random )?seed\b"),
    ),
)
