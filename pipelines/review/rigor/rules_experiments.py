"""Rules on experiments with models: baselines, ablations, splits, settings, versions, computing, leakage.

Belongs here: patterns for evaluation design, setup, contamination, cost and the modules. Does not belong here: how
a rule is run (`rigor.rules`). Words of other fields are kept out: a baseline condition, laser ablation, degrees.
"""

from __future__ import annotations

from pipelines.review.rigor.rules import RigorRule, cues, heading, pattern, says

_SHOWN = r"\b(?:we|our|table|fig(?:ure|\.)|results?|section|appendix|perform|conduct|report|show)"
_METRIC = (
    r"\b(?:accurac(?:y|ies)|precision|recall|(?:reaction|response) times?|rts|r²"
    r"|f1(?:[- ]scores?)?|f-?scores?|auc|auroc|auprc|bleu|rouge(?:-[12l])?|meteor"
    r"|perplexity|rmse|mae|mse|map@\d+|mean average precision|iou|exact match|pass@\d+"
    r"|win rates?|ndcg(?:@\d+)?|mrr"
    r"|specificity|sensitivity|bertscore|word error rate|wer|fid|psnr|ssim|hits@\d+)\b"
)
# Accuracy, precision and sensitivity are words of every field; these are measures wherever they stand.
_SURE_METRIC = (
    r"\b(?:f1|f-?scores?|auc|auroc|auprc|bleu|rouge|meteor|perplexity|rmse|mae|mse|map@\d"
    r"|mean average precision|iou|exact match"
    r"|pass@\d|win rates?|ndcg|mrr|bertscore|wer|fid|psnr|ssim|hits@\d|(?:reaction"
    r"|response) times?|rts)"
)
_SETTING = (
    r"\b(?:learning rate|batch size|mini-?batch(?:es)?|epochs?|weight decay"
    r"|sampling temperature|temperature|top[-_ ]?[pk]"
    r"|dropout(?: rate| probability)?|warm-?up(?: steps| ratio)?|hidden (?:size|units"
    r"|dimensions?)|embedding (?:size|dimension)"
    r"|gradient clipping|discount factor|lora rank|max(?:imum)? (?:sequence|context"
    r"|output) length|adamw?|sgd|rmsprop)\b"
)
_VALUE = r"(?:,? ?(?:of|=|:|is|was|are|to|set|at|with|and|fixed|optimizer|optimiser|β1)){0,4} ?[({]?\d"
_GPU = r"(?:gpus?|tpus?(?: ?v\d)?|a100s?|h100s?|h200s?|v100s?|rtx ?\d{4}|titan)"
_SPAN = r"\d+(?:\.\d+)? ?(?:-? ?\d+ ?)?(?:hours?|hrs?|days?|weeks?|minutes?|h\b)"

EXPERIMENT_RULES: tuple[RigorRule, ...] = (
    RigorRule(
        "baselines_included",
        "baselines-2",
        cues("baseline compar outperform evaluat surpass state-of state|of sota benchmarked"),
        (
            heading(r"\bbaselines?\b(?! (?:characteristic|condition|period|level|measure|data|phase|demographic))"),
            says(r"\bbaseline (?:methods?|models?|systems?|approach(?:es)?|algorithms?|agents?)\b", _SHOWN),
            says(
                r"\b(?:compar\w+|outperform\w*|evaluat\w+)\b[^.;]{0,60}\b(?:baselines"
                r"|state[- ]of[- ]the[- ]art|existing (?:methods|models|approaches|systems)"
                r"|competing (?:methods|models))\b"
            ),
            says(
                r"\b(?:outperform|surpass|exceed)\w*\b[^.;]{0,60}\b(?:methods?|models?|approach(?:es)?"
                r"|systems?|baselines?"
                r"|counterparts|alternatives)\b|\bcompared (?:to|with) (?:the |its |our |all |other "
                r"|previous |prior |existing )*"
                r"(?:\w+[- ]){0,2}(?:baselines|(?:best|strongest) baseline|methods|models|approaches"
                r"|state[- ]of[- ]the[- ]art)\b"
            ),
            says(
                r"\b(?:state[- ]of[- ]the[- ]art|(?-i:SOTA|SoTA))\b[^.;]{0,40}\b(?:performance|results?"
                r"|accuracy|methods|models"
                r"|approaches|baselines|architectures)\b",
                r"\b(?:achiev|outperform|surpass|exceed|improv|boost|compar|validat|demonstrat|compet"
                r"|benchmarked|reach)",
            ),
            says(r"\b(?:serves?|used|act\w*|chosen) as (?:a |the |our )?(?:strong )?baseline\b"),
        ),
        unless=pattern(
            r"\b(?:animal|mouse|rat|murine|regression|hazards?|logistic|statistical) models?\b"
            r"|\bbaseline (?:items?|condition|period|level|measure|phase|trial|session|assessment"
            r"|characteristic|scores?)"
        ),
    ),
    RigorRule(
        "ablation_study",
        "ablation-2",
        cues("ablat"),
        (
            heading(r"\bablat(?:ion|ions|ing|e)\b"),
            says(r"\bablation (?:stud(?:y|ies)|experiments?|analys[ei]s|results?|tests?)\b|\bwe ablate\b", _SHOWN),
            says(
                r"\bablations? (?:justif|show|confirm|demonstrat|reveal|validat|indicat|verif"
                r"|suggest)\w*\b|\band ablations\b"
                r"|\b(?:systematic|extensive|detailed|thorough|component|modality|several|our"
                r"|comprehensive) ablations?\b"
            ),
        ),
        unless=pattern(
            r"\b(?:catheter|radiofrequency|laser|tumou?r|surgical|cardiac|thermal|cryo"
            r"|photo)[- ]?(?:\w+ )?ablat|\bfuture (?:work|research|stud)|\bno ablation"
        ),
        no=pattern(r"\b(?:did not|do not|no) (?:\w+ )?ablat(?:e|ion)\b"),
    ),
    RigorRule(
        "multiple_metrics",
        "metrics-2",
        (),
        (
            says(_SURE_METRIC, rf"(?P<one>{_METRIC})(?: ?\([^()]{{1,14}}\))?+.{{0,160}}\b(?!(?P=one)\b){_METRIC}"),
            says(r"\bprecision and recall\b|\bsensitivity and specificity\b|\bspecificity and sensitivity\b"),
            says(
                r"\b(?:two|three|four|five|six|several|multiple|all) (?:\w+ )?(?:dependent (?:measures"
                r"|variables)|(?:evaluation|performance|outcome) (?:measures|metrics))\b"
            ),
        ),
    ),
    RigorRule(
        "held_out_test_set",
        "held-out-2",
        cues("held hold test validat unseen"),
        (
            says(
                r"\bunseen (?:\w+ )?(?:data|samples?|environments?|domains?|subjects?|classes|datasets?"
                r"|tasks?|patients?)\b",
                r"\b(?:evaluat\w*|test(?:ed|ing)?|generali[sz]\w*|performance|accuracy|robust\w*|adaptab\w*)\b",
            ),
            says(r"\b(?:held[- ]out|hold-?out)\b", r"\b(?:data|set|test|evaluat\w*|sample|split|items?|validation)"),
            says(
                r"\btest (?:set|split|data ?set|sets|splits)\b",
                r"\b(?:train\w*|evaluat\w*|report\w*|performance|accuracy|results?|split)",
            ),
            says(
                r"\b(?:\w+-fold|leave-one-\w+|k-fold) cross-?validat\w*|\bcross-?validated\b",
                r"\b(?:we|was|were|using|our|with)\b",
            ),
        ),
    ),
    RigorRule(
        "failure_cases_discussed",
        "failures-1",
        cues("fail error|anal qualitative"),
        (
            heading(
                r"\bfailure (?:cases?|modes?|analysis)|\berror analysis\b"
                r"|\bqualitative analysis of (?:errors|failures)"
            ),
            says(
                r"\b(?:failure (?:cases?|modes?|analys[ei]s))\b|\b(?:our|we)\b[^.;]{0,40}\berror analys[ei]s\b",
                _SHOWN,
            ),
        ),
        unless=pattern(r"\bfuture (?:work|research)"),
    ),
    RigorRule(
        "model_versions_specified",
        "versions-1",
        cues(
            "gpt claude gemini davinci o1 o3 o4 llama mistral mixtral qwen gemma phi deepseek falcon"
            " olmo vicuna pythia opt bloom yi"
        ),
        (
            says(
                r"\bgpt-?[345](?:\.\d)?(?:-?(?:o|turbo|mini|vision|preview)){0,3}-(?:\d{4}"
                r"|20\d\d-\d\d-\d\d)\b|\bclaude-[\w.-]{2,30}-?20\d{6}\b|\bgemini-\d\.\d-\w+-\d{2,}\b"
                r"|\btext-davinci-00\d\b|\bo[134](?:-mini)?-20\d\d-\d\d-\d\d\b"
            ),
            says(
                r"\b(?:llama|mistral|mixtral|qwen|gemma|phi|deepseek|falcon|olmo|vicuna|pythia|opt|bloom"
                r"|yi)[- ]?[\w.]{0,12}[- ](?:\d+x)?\d+(?:\.\d+)?b\b(?:-?(?:instruct|chat|it))?"
            ),
        ),
    ),
    RigorRule(
        "hyperparameters_reported",
        "settings-1",
        cues(
            "rate batch epoch decay temperature top dropout warm hidden embedding clipping discount"
            " lora length adam sgd rmsprop"
        ),
        (
            says(
                rf"{_SETTING}{_VALUE}|\b\d+ (?:training )?epochs\b|\b\d+ hidden (?:units|layers)\b",
                r"\b(?:train\w*|learn\w*|model|network|optimi[sz]\w*|sampl\w*|fine-?tun\w*|batch"
                r"|generat\w*|decod\w*|layers?)",
            ),
        ),
        unless=pattern(
            r"°|℃|\d ?\)? ?(?-i:K)\b|\bkelvin\b|\bcelsius\b|\b(?:body|room|air|water|skin|ambient) temperature"
        ),
        names=pattern(_SETTING),
        needs=2,
    ),
    RigorRule(
        "hyperparameter_search_budget",
        "search-1",
        cues("search hyper optuna sweep swept tune"),
        (
            says(
                r"\b(?:grid|random|bayesian) search\b|\bhyper-?parameter (?:search|tuning|sweep"
                r"|optimi[sz]ation)\b|\boptuna\b",
                r"\b(?:over|\d|\{|trials|using|with|range|values)",
            ),
            says(r"\b(?:sweep|swept|search(?:ed)?|tuned?) (?:\w+ ){0,4}(?:over|among|in|from) (?:\w+ ){0,4}[{\[]"),
        ),
    ),
    RigorRule(
        "training_cutoff_stated",
        "cutoff-2",
        cues("cutoff cut-off cut|off"),
        (says(r"\b(?:knowledge|training(?: data)?|pre-?training(?: data)?) cut-?offs?\b", r"\b(?:19|20)\d\d\b"),),
    ),
    RigorRule(
        "train_test_overlap_discussed",
        "overlap-1",
        cues("overlap leak contaminat memori"),
        (
            says(
                r"\btrain(?:ing)?(?:[- /]| and | data and | set and )*test(?:ing)? (?:set "
                r"|data )?(?:overlap|leak\w*|contaminat\w*)|\btest[- ]set (?:leak\w*|contaminat\w*)"
                r"|\bdecontaminat\w+ "
            ),
            says(r"\boverlap\w*\b", r"\btrain(?:ing)?\b", r"\b(?:test|evaluation|benchmark)\b"),
            says(r"\bmemori[sz](?:ation|ed|ing)\b", r"\btrain(?:ing)?\b", r"\b(?:test|benchmark|evaluation)\b"),
        ),
        unless=pattern(r"\bdecontaminat\w+ (?:of )?(?:food|water|surface|soil|hand|skin|room)"),
    ),
    RigorRule(
        "leakage_detection_method",
        "leakage-1",
        cues("gram canary membership min-k mink contaminat"),
        (
            says(
                r"\b(?:\d+|n)-gram overlap\b|\bcanary strings?\b|\bmembership inference\b|\bmin-?k ?%"
                r"|\bdecontaminat\w+",
                r"\b(?:we|our|using|remov\w+|filter\w*|detect\w*|check\w*)\b",
                r"\b(?:train\w*|test|benchmark|corpus|data)\b",
            ),
        ),
    ),
    RigorRule(
        "inference_cost_reported",
        "cost-2",
        cues("$ usd € £ per / each latency inference|time throughput"),
        (
            says(
                r"(?:\$|\busd ?|€|£) ?\d[\d.,]*[^.;]{0,25}\b(?:per|for each|/) ?(?:task|quer|example|run"
                r"|problem|question|million|1k|1m|token|instance|image|sample|call|request)"
            ),
            says(
                r"\d[\d.,]* ?(?:ms|s|sec|seconds|milliseconds|minutes|tokens|cents) ?(?:per|/"
                r"|for each) ?(?:quer|task|example|image|sample|token|problem|question|sentence|frame"
                r"|instance|call|request)"
            ),
            says(
                r"\b(?:latency|inference time|throughput)\b[^.;]{0,30}\d[\d.,]* ?(?:ms|s|sec|seconds"
                r"|milliseconds|minutes|fps|hz"
                r"|tokens|images|frames|queries)\b"
            ),
        ),
        unless=pattern(r"\b(?:paid|participants?|compensat\w+|reward\w*|subjects?|response latenc)\b"),
    ),
    RigorRule(
        "compute_budget_stated",
        "compute-1",
        cues("gpu tpu cpu core node a100 h100 h200 v100 rtx titan flop"),
        (
            says(
                r"\d[\d,.]*k? ?(?:gpu|tpu|cpu|core|node|a100|h100|v100|pflop/?s?)[- ]?(?:hours?|days?"
                r"|weeks?|hrs?)\b|\b(?:gpu|cpu|tpu|core)[- ]hours?\b[^.;]{0,20}\d"
            ),
            says(
                rf"\b{_GPU}\b[^.;]{{0,80}}\b(?:for|took|takes|in|over|within|about|approximately"
                rf"|~)\b[^.;]{{0,20}}{_SPAN}"
            ),
            says(rf"\b(?:took|takes|trained|training|run\w*|required?)\b[^.;]{{0,60}}{_SPAN}[^.;]{{0,60}}\b{_GPU}\b"),
            says(r"\d ?(?:×|x|\*) ?10\^?\d+ flops?\b|\b\d+(?:\.\d+)?e\d+ flops?\b"),
        ),
    ),
)
