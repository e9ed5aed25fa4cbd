"""Each rule of the rigour scan on sentences written for it: one that says so, one that denies, near misses."""

from __future__ import annotations

import pytest

from pipelines.models import RigorAnswer
from pipelines.review.rigor.items import ITEMS
from pipelines.review.rigor.scanning import RULES, fires

YES, NO, NOT = RigorAnswer.YES, RigorAnswer.NO, RigorAnswer.NOT_DETECTED
RULE_OF = {rule.item: rule for rule in RULES}

# item, sentence, section, answer
ARTIFACTS = [
    ("code_released", "Our code is available at https://github.com/alder/birch.", None, YES),
    ("code_released", "Our code is available at https:// github. com/ alder/ birch.", None, YES),
    ("code_released", "The source code is publicly available.", None, YES),
    ("code_released", "All analysis scripts have been deposited at http://hdl.handle.net/10000/17.", None, YES),
    ("code_released", "Code: https://osf.io/ a1b2c", "Data availability", YES),
    ("code_released", "The source code is not publicly available.", None, NO),
    ("code_released", "No code was made available.", None, NO),
    ("code_released", "The scripts are available on reasonable request.", None, NO),
    ("code_released", "Code will be released upon acceptance.", None, NOT),
    ("code_released", "The code will be available at https://github.com/alder/birch.", None, NOT),
    ("code_released", "We compare with the code of Alder et al.", None, NOT),
    ("code_released", "We used the code of Alder, available at https://github.com/alder/birch.", None, NOT),
    (
        "code_released",
        "Growth was fitted with the software package Twig, available at https://gitlab.com/twig.",
        None,
        NOT,
    ),
    ("data_released", "All data are publicly available in the Birch repository.", None, YES),
    ("data_released", "The sequences were deposited under accession numbers AB1234 to AB1240.", None, YES),
    ("data_released", "All relevant data are within the paper.", None, YES),
    ("data_released", "Data: osf.io/ w1x2y", "Open Practices", YES),
    ("data_released", "The data cannot be shared publicly because of consent.", None, NO),
    ("data_released", "The data are available from the authors upon request.", None, NO),
    ("data_released", "Data generated here can be obtained from the authors.", None, NO),
    ("data_released", "All data are included in this published article.", None, YES),
    (
        "data_released",
        "Raw data are at https://osf.io/a1b2c and further data on request, all publicly available.",
        None,
        YES,
    ),
    ("data_released", "The data were read twice.", None, NOT),
    ("data_released", "We trained on a publicly available dataset of leaves.", None, NOT),
    ("data_released", "The public domain waiver applies to the data made available in this article.", None, NOT),
    ("data_released", "Further methods can be found at http://leaf.example/content/by/supplemental-data.", None, NOT),
    ("raw_data_available", "The raw data of all trials are publicly available at osf.io/a1b2c.", None, YES),
    ("raw_data_available", "All data have been deposited in Zenodo (https://zenodo.org/record/17).", None, YES),
    ("raw_data_available", "Raw data are not publicly available.", None, NO),
    ("raw_data_available", "Raw data were smoothed before fitting.", None, NOT),
    ("limitations_section_present", "5 Limitations", None, YES),
    ("limitations_section_present", "Strengths and limitations", None, YES),
    ("limitations_section_present", "Threats to Validity", None, YES),
    ("limitations_section_present", "Limitations of this study", None, YES),
    ("limitations_section_present", "Limitations. The sample was small.", None, YES),
    ("limitations_section_present", "A limitation of the sample is its size.", None, NOT),
    ("limitations_section_present", "Speed limitations of leaf growth", None, NOT),
    ("funding_disclosed", "This work was supported by the Alder Foundation.", None, YES),
    ("funding_disclosed", "Grant number AB-1234 to C. D.", None, YES),
    ("funding_disclosed", "The authors received no specific funding.", None, YES),
    ("funding_disclosed", "We are grateful to the Birch Trust.", "Funding", YES),
    ("funding_disclosed", "We thank the Birch Forest Service for financial support.", None, YES),
    ("funding_disclosed", "The funders had no role in the design of the study.", "Funding", NOT),
    ("funding_disclosed", "The bridge was supported by six pillars.", None, NOT),
    ("funding_disclosed", "We acknowledge the computing support of the Alder cluster.", None, NOT),
    ("financial_interests_declared", "The authors declare no competing interests.", None, YES),
    ("financial_interests_declared", "Competing interestsThe authors declare that they have none.", None, YES),
    ("financial_interests_declared", "C. D. owns shares in Birch Ltd.", "Conflict of interest", YES),
    ("financial_interests_declared", "Two hypotheses were in conflict with our results.", None, NOT),
    ("affiliations_disclosed", "2Department of Trees, University of Alder", "title", NOT),
]
STATISTICS = [
    ("confidence_intervals_or_error_bars", "The risk was 1.2 (95% CI 1.0 to 1.4).", None, YES),
    ("confidence_intervals_or_error_bars", "The mean length was 4.1 ± 0.3 mm.", None, YES),
    ("confidence_intervals_or_error_bars", "Error bars show standard errors.", None, YES),
    ("confidence_intervals_or_error_bars", "We report point estimates without confidence intervals.", None, NO),
    ("confidence_intervals_or_error_bars", "Plants grew at 28 ± 2 °C for 10 days.", None, NOT),
    ("confidence_intervals_or_error_bars", "Their age was 24 ± 3 years.", None, NOT),
    ("confidence_intervals_or_error_bars", "We are confident in these means.", None, NOT),
    ("significance_tests", "Leaves grew faster in spring, t(38) = 2.91, p = .006.", None, YES),
    ("significance_tests", "Groups were compared with the Wilcoxon signed-rank test.", None, YES),
    ("significance_tests", "The p value was 0.03.", None, YES),
    ("significance_tests", "No statistical tests were performed.", None, NO),
    ("significance_tests", "The model reaches P@5 = 0.41 and P@10 = 0.38.", None, NOT),
    ("significance_tests", "We sample with nucleus p = 0.9.", None, NOT),
    ("significance_tests", "Top-p = 0.95 was used for decoding.", None, NOT),
    ("significance_tests", "Trees play a significant role in cities.", None, NOT),
    ("variance_reported", "Accuracy was high (M = 0.91, SD = 0.04).", None, YES),
    ("variance_reported", "Values are means ± standard deviation.", None, YES),
    ("variance_reported", "The spread was 12.1 ± 0.4 mm over trees.", None, YES),
    ("variance_reported", "Participants were 12 women (mean age = 24, SD = 3).", None, NOT),
    ("variance_reported", "Trials more than 2.5 SDs from the mean were dropped.", None, NOT),
    ("multiple_comparison_correction", "P values were adjusted by the Bonferroni method.", None, YES),
    ("multiple_comparison_correction", "We controlled the false discovery rate at 5%.", None, YES),
    ("multiple_comparison_correction", "Thresholds are uncorrected for multiple comparisons.", None, NO),
    ("multiple_comparison_correction", "We did not correct for multiple testing.", None, NO),
    ("multiple_comparison_correction", "Chlorophyll was measured after Holm [72].", None, NOT),
    ("multiple_comparison_correction", "Greenhouse-Geisser corrected p values are given.", None, NOT),
    ("sample_size_justified", "A power analysis showed that we needed 40 participants.", None, YES),
    ("sample_size_justified", "The sample size was determined in advance by G*Power.", None, YES),
    ("sample_size_justified", "No formal power analysis was done.", None, NO),
    ("sample_size_justified", "Researchers should justify the sample size by power analysis.", None, NOT),
    ("sample_size_justified", "The engine has a power of 80 kW.", None, NOT),
    ("number_of_runs_stated", "Scores are averaged over five random seeds.", None, YES),
    ("number_of_runs_stated", "Every assay was performed in triplicate.", None, YES),
    ("number_of_runs_stated", "Scores are averaged over classes.", None, NOT),
    ("number_of_runs_stated", "Each image was repeated four times per session.", None, NOT),
    ("seed_sensitivity_reported", "We report the mean over 5 random seeds.", None, YES),
    ("seed_sensitivity_reported", "All results use a single random seed.", None, NO),
    ("seed_sensitivity_reported", "Ten seeds were sown in each pot.", None, NOT),
]
PEOPLE = [
    ("pre_registered", "The study was preregistered at OSF.", None, YES),
    ("pre_registered", "The trial is registered (NCT01234567).", None, YES),
    ("pre_registered", "The preregistration is available at osf.io/ w1x2y.", None, YES),
    ("pre_registered", "None of the experiments were preregistered.", None, NO),
    ("pre_registered", "Neither the hypotheses nor the analyses were pre-registered.", None, NO),
    ("pre_registered", "Future studies should be preregistered.", None, NOT),
    ("irb_or_ethics_approval", "The ethics committee of Birch Hospital approved the study; it was funded.", None, YES),
    ("irb_or_ethics_approval", "The study was approved by the institutional review board.", None, YES),
    ("irb_or_ethics_approval", "Ethical approval was not sought for this survey.", None, NO),
    ("irb_or_ethics_approval", "Ethics approval and consent to participate", None, NOT),
    ("irb_or_ethics_approval", "Ethical approval is not necessary for plants.", None, NO),
    ("irb_or_ethics_approval", "The survey was exempt from IRB approval under the rules of our school.", None, NO),
    ("irb_or_ethics_approval", "The study was exempted by the institutional review board.", None, YES),
    ("irb_or_ethics_approval", "The editor approved the manuscript.", None, NOT),
    ("demographics_reported", "Forty students (22 females; mean age = 21.3 years) took part.", "Participants", YES),
    ("demographics_reported", "The participants were 18 to 35 years old.", "Method", YES),
    ("demographics_reported", "Face stimuli were made of 20 people (10 males, 10 females).", None, NOT),
    ("demographics_reported", "Women aged 40 to 50 years are at a higher risk.", "Discussion", NOT),
    ("demographics_reported", "Trees were 40 years old.", None, NOT),
    ("inclusion_exclusion_criteria", "Inclusion criteria were an age above 18 and normal sight.", None, YES),
    ("inclusion_exclusion_criteria", "Two participants were excluded because they fell asleep.", None, YES),
    ("inclusion_exclusion_criteria", "Samples were removed from the freezer.", None, NOT),
    ("inclusion_exclusion_criteria", "Nine studies met the inclusion criteria.", None, NOT),
    ("inclusion_exclusion_criteria", "Other explanations cannot be excluded.", None, NOT),
    ("randomization_described", "Participants were randomly assigned to two groups.", None, YES),
    ("randomization_described", "Trials were presented in random order.", None, YES),
    ("randomization_described", "Pupils were not randomly assigned to schools.", None, NO),
    ("randomization_described", "We found nine randomised controlled trials of the drug.", None, NOT),
    ("randomization_described", "We fitted a random forest.", None, NOT),
    ("blinding_described", "Coders were blind to the condition.", None, YES),
    ("blinding_described", "All were naive to the purpose of the experiment.", None, YES),
    ("blinding_described", "Raters were not blinded to the treatment.", None, NO),
    ("blinding_described", "Neither the nurses nor the families were blinded.", None, NO),
    ("blinding_described", "Most double-blind studies were small.", None, NOT),
    ("blinding_described", "The blind spot was mapped for each eye.", None, NOT),
    ("attrition_reported", "Three participants dropped out before the second session.", None, YES),
    ("attrition_reported", "Six children were excluded from the analysis.", None, YES),
    ("attrition_reported", "Leaves dropped out of the frame.", None, NOT),
    ("recruitment_methods_described", "Participants were recruited through Mechanical Turk.", None, YES),
    ("recruitment_methods_described", "Students were recruited from two schools by e-mail.", None, YES),
    ("recruitment_methods_described", "Proteins are recruited to the membrane.", None, NOT),
]
EXPERIMENTS = [
    ("baselines_included", "We compare our model with five strong baselines.", None, YES),
    ("baselines_included", "Baselines", None, YES),
    ("baselines_included", "Pulse was measured in the baseline condition.", None, NOT),
    ("ablation_study", "Table 4 shows the ablation study.", None, YES),
    ("ablation_study", "4.3 Ablations", None, YES),
    ("ablation_study", "We did not ablate the encoder.", None, NO),
    ("ablation_study", "Patients had catheter ablation in our clinic.", None, NOT),
    ("ablation_study", "We leave an ablation study to future work.", None, NOT),
    ("multiple_metrics", "We report accuracy and macro F1 on all tasks.", None, YES),
    ("multiple_metrics", "The word error rate (WER) fell.", None, NOT),
    ("multiple_metrics", "Accuracy rises; this accuracy is high.", None, NOT),
    ("held_out_test_set", "Results are reported on a held-out test set.", None, YES),
    ("held_out_test_set", "We held the leaves out of the water.", None, NOT),
    ("failure_cases_discussed", "Figure 6 shows failure cases of our method.", None, YES),
    ("failure_cases_discussed", "Error analysis", None, YES),
    ("failure_cases_discussed", "Heart failure was common.", None, NOT),
    ("model_versions_specified", "We query gpt-4o-2024-08-06 and claude-3-5-sonnet-20241022.", None, YES),
    ("model_versions_specified", "We fine-tune Llama-3.1-8B-Instruct.", None, YES),
    ("model_versions_specified", "We query GPT-4.", None, NOT),
    ("hyperparameters_reported", "We train with a learning rate of 0.001 and a batch size of 64.", None, YES),
    ("hyperparameters_reported", "Plants were trained at a temperature of 20 °C.", None, NOT),
    ("hyperparameter_search_budget", "We run a grid search over {0.1, 0.01} with 20 trials.", None, YES),
    ("hyperparameter_search_budget", "The search for water takes time.", None, NOT),
    ("training_cutoff_stated", "The model has a knowledge cutoff of October 2023.", None, YES),
    ("training_cutoff_stated", "The cutoff was set to 0.5.", None, NOT),
    ("train_test_overlap_discussed", "We removed training documents that overlap with the test set.", None, YES),
    ("train_test_overlap_discussed", "The two leaves overlap.", None, NOT),
    ("leakage_detection_method", "We filter the training data by 13-gram overlap.", None, YES),
    ("leakage_detection_method", "Water leakage was detected by eye.", None, NOT),
    ("inference_cost_reported", "Our method costs $0.03 per query.", None, YES),
    ("inference_cost_reported", "Latency is 120 ms.", None, YES),
    ("inference_cost_reported", "The latency falls by 30%.", None, NOT),
    ("inference_cost_reported", "Participants were paid $10 per task.", None, NOT),
    ("compute_budget_stated", "Training took 320 GPU hours.", None, YES),
    ("compute_budget_stated", "We train on 8 A100 GPUs for 3 days.", None, YES),
    ("compute_budget_stated", "We train on 8 GPUs.", None, NOT),
]
SENTENCES = [*ARTIFACTS, *STATISTICS, *PEOPLE, *EXPERIMENTS]


@pytest.mark.parametrize(("item", "sentence", "section", "answer"), SENTENCES)
def test_a_rule_answers_a_sentence(item: str, sentence: str, section: str | None, answer: RigorAnswer) -> None:
    assert fires(RULE_OF[item], sentence, section) is answer


def test_every_rule_answers_one_item_of_the_table_and_has_a_yes_and_a_near_miss_here() -> None:
    decidable = {item.key for item in ITEMS if item.decidable in ("rule", "positive")}
    assert set(RULE_OF) == decidable
    assert len(RULES) == len(RULE_OF) == len({rule.rule for rule in RULES})
    assert {item for item, *_, answer in SENTENCES if answer is NOT} == decidable
    # A title page is no section that one sentence can be said to stand under: see the scan of a whole text.
    assert {item for item, *_, answer in SENTENCES if answer is YES} == decidable - {"affiliations_disclosed"}


@pytest.mark.parametrize("section", ["Related work", "2.1 Previous studies", "References"])
def test_what_others_did_is_no_answer(section: str) -> None:
    assert fires(RULE_OF["pre_registered"], "The study was preregistered at OSF.", section) is NOT


@pytest.mark.parametrize(
    ("item", "sentence"),
    [
        ("funding_disclosed", "This work was sup\u00adported by the Alder Foundation."),
        ("funding_disclosed", "This work was sup-\nported by the Alder Foundation."),
        ("financial_interests_declared", "The authors declare no con\ufb02ict of interest."),
        ("pre_registered", "The study was pre-\nregistered at OSF."),
        ("code_released", "Our code is available at https://github.\ncom/alder/birch."),
    ],
)
def test_typesetting_hides_no_answer(item: str, sentence: str) -> None:
    assert fires(RULE_OF[item], sentence) is YES
