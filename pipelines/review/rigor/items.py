"""The items of a rigour scan, version 3: what each asks of a paper, and how far a rule can answer it.

Belongs here: the table of categories, modules, tags and items, in our own words. Does not belong here:
rules that answer an item (`rigor.rules`), reading scans that others made (`scans.importing`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

SCAN_VERSION = 3

# How far a rule can answer: both ways; only `yes`; a hint, the answer being a reader's; not at all.
Decidable = Literal["rule", "positive", "signal", "judgement"]

EXPERIMENTAL_RIGOR = "experimental_rigor"
DATA_LEAKAGE = "data_leakage"
SURVEY_METHODOLOGY = "survey_methodology"
MODULES: tuple[str, ...] = (EXPERIMENTAL_RIGOR, DATA_LEAKAGE, SURVEY_METHODOLOGY)
# The format has three items in this module; what they are called is not published where we could read it.
MODULES_WITHOUT_ITEMS: frozenset[str] = frozenset({SURVEY_METHODOLOGY})

TAGS: tuple[str, ...] = (
    "rct",
    "observational",
    "benchmark-eval",
    "case-study",
    "meta-analysis",
    "theoretical",
    "qualitative",
)
MODULES_OF_TAG: dict[str, tuple[str, ...]] = {
    "benchmark-eval": (EXPERIMENTAL_RIGOR, DATA_LEAKAGE),
    "meta-analysis": (SURVEY_METHODOLOGY,),
}


@dataclass(frozen=True)
class RigorItemSpec:
    """One question. `module` is None for the core, which every scan answers; else its module is switched on by tags."""

    key: str
    category: str
    module: str | None
    decidable: Decidable
    asks: str


_CORE: tuple[tuple[str, tuple[tuple[str, Decidable, str], ...]], ...] = (
    (
        "artifacts",
        (
            ("code_released", "positive", "Does the paper say where its own code can be fetched?"),
            ("data_released", "positive", "Can the data that the paper made or studied be downloaded?"),
            ("environment_specified", "signal", "Are the software and its versions named, so that it can be set up?"),
            ("reproduction_instructions", "signal", "Are there steps or scripts by which the work can be run again?"),
        ),
    ),
    (
        "statistical_methodology",
        (
            ("confidence_intervals_or_error_bars", "rule", "Do main results come with intervals or error bars?"),
            ("significance_tests", "rule", "Is a difference that is claimed backed by a statistical test?"),
            ("effect_sizes_reported", "signal", "Is it said how large an effect is, beside what it is compared with?"),
            ("sample_size_justified", "positive", "Is a reason given for the number of cases, people or runs?"),
            ("variance_reported", "rule", "Is the spread between runs or cases given?"),
        ),
    ),
    (
        "evaluation_design",
        (
            ("baselines_included", "positive", "Is the method set beside other methods?"),
            ("baselines_contemporary", "signal", "Were those other methods recent when the paper was written?"),
            ("ablation_study", "rule", "Are parts left out or changed to see what each contributes?"),
            ("multiple_metrics", "positive", "Are results measured in more than one way?"),
            ("human_evaluation", "signal", "Did people judge what the system put out?"),
            ("held_out_test_set", "positive", "Are final results from data kept apart from fitting and tuning?"),
            ("per_category_breakdown", "signal", "Are results also given by task, class, domain or difficulty?"),
            ("failure_cases_discussed", "positive", "Are cases in which it failed shown or studied?"),
            ("negative_results_reported", "judgement", "Does the paper report attempts that brought nothing?"),
        ),
    ),
    (
        "claims_and_evidence",
        (
            ("abstract_claims_supported", "signal", "Is everything the abstract claims borne out by the results?"),
            ("causal_claims_justified", "judgement", "Where it says that one thing causes another, can its design?"),
            ("generalization_bounded", "judgement", "Do the claims stay within what was tested?"),
            ("alternative_explanations_discussed", "judgement", "Are other explanations of the result weighed?"),
            ("proxy_outcome_distinction", "judgement", "Is what was measured kept apart from what it stands for?"),
        ),
    ),
    (
        "setup_transparency",
        (
            ("model_versions_specified", "positive", "Are the models named down to a version, date or snapshot?"),
            ("prompts_provided", "signal", "Are the prompts printed in full?"),
            ("hyperparameters_reported", "rule", "Are the main settings of training or use given with values?"),
            ("scaffolding_described", "signal", "Is it told how an agent works: its loop, its tools, its control?"),
            ("data_preprocessing_documented", "signal", "Is it told how the data were filtered and cleaned?"),
        ),
    ),
    (
        "limitations_and_scope",
        (
            ("limitations_section_present", "rule", "Does a section of its own speak of limitations?"),
            ("threats_to_validity_specific", "judgement", "Are the limits named those of this very study?"),
            ("scope_boundaries_stated", "signal", "Does the paper say what its results do not show?"),
        ),
    ),
    (
        "data_integrity",
        (
            ("raw_data_available", "positive", "Can the raw data be had, and not only sums and means?"),
            ("data_collection_described", "signal", "Is it told how the data were gathered?"),
            ("recruitment_methods_described", "positive", "Is it told how participants or annotators were found?"),
            ("data_pipeline_documented", "signal", "Can the way from raw to final data be followed, with counts?"),
        ),
    ),
    (
        "conflicts_of_interest",
        (
            ("funding_disclosed", "rule", "Is it stated who paid for the work, or that nobody did?"),
            ("affiliations_disclosed", "rule", "Is it stated where the authors work?"),
            ("funder_independent_of_outcome", "signal", "Is whoever paid without a stake in the result?"),
            ("financial_interests_declared", "rule", "Do the authors declare competing interests, or that none exist?"),
        ),
    ),
    (
        "contamination",
        (
            ("training_cutoff_stated", "positive", "Is it stated up to which date the models' training data reach?"),
            ("train_test_overlap_discussed", "positive", "Is overlap of training and test data spoken of?"),
            ("benchmark_contamination_addressed", "signal", "Is it dealt with that a model may have seen the test?"),
        ),
    ),
    (
        "human_studies",
        (
            ("pre_registered", "rule", "Was the plan of the study registered beforehand, and where?"),
            ("irb_or_ethics_approval", "rule", "Is a review by an ethics board reported?"),
            ("demographics_reported", "positive", "Is it told who the participants were?"),
            ("inclusion_exclusion_criteria", "positive", "Is it told who could take part and who was left out?"),
            ("randomization_described", "positive", "Is it told how participants were assigned by chance?"),
            ("blinding_described", "positive", "Is it told who did not know the assignment?"),
            ("attrition_reported", "positive", "Is it told how many dropped out before the analysis?"),
        ),
    ),
    (
        "cost_and_practicality",
        (
            ("inference_cost_reported", "positive", "Is it told what using the method costs in money, tokens or time?"),
            ("compute_budget_stated", "rule", "Is the computing spent on the work given as an amount?"),
        ),
    ),
)
_MODULE_ITEMS: tuple[tuple[str, tuple[tuple[str, Decidable, str], ...]], ...] = (
    (
        EXPERIMENTAL_RIGOR,
        (
            ("seed_sensitivity_reported", "positive", "Are results shown for several random seeds?"),
            ("number_of_runs_stated", "rule", "Is it told over how many runs a number was taken?"),
            (
                "hyperparameter_search_budget",
                "positive",
                "Is it told how, and over how many trials, settings were sought?",
            ),
            (
                "best_config_selection_justified",
                "signal",
                "Is it told by what rule, on what data, the best was picked?",
            ),
            ("multiple_comparison_correction", "rule", "Are many tests at once corrected for?"),
            ("self_comparison_bias_addressed", "judgement", "Do authors who judge their own system say so?"),
            ("compute_budget_vs_performance", "signal", "Are results set against the computing they took?"),
            ("benchmark_construct_validity", "signal", "Is it asked whether the benchmark measures what is claimed?"),
            ("scaffold_confound_addressed", "judgement", "Is the effect of the model told apart from its scaffold's?"),
        ),
    ),
    (
        DATA_LEAKAGE,
        (
            ("temporal_leakage_addressed", "signal", "Is it dealt with that test cases may be older than the model?"),
            ("feature_leakage_addressed", "judgement", "Is it asked whether the input gives the answer away?"),
            ("non_independence_addressed", "judgement", "Is it asked whether training and test share their origin?"),
            ("leakage_detection_method", "positive", "Was leakage looked for by a method that is named?"),
        ),
    ),
)

CORE_CATEGORIES: tuple[str, ...] = tuple(category for category, _ in _CORE)

ITEMS: tuple[RigorItemSpec, ...] = tuple(
    RigorItemSpec(key, category, category if is_module else None, decidable, asks)
    for table, is_module in ((_CORE, False), (_MODULE_ITEMS, True))
    for category, rows in table
    for key, decidable, asks in rows
)
ITEM_OF: dict[str, RigorItemSpec] = {item.key: item for item in ITEMS}


def items_of(category: str) -> tuple[RigorItemSpec, ...]:
    """The items of a category, which for a module is the module's own name; empty where none is known."""
    return tuple(item for item in ITEMS if item.category == category)
