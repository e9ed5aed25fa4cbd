"""Claims: what is one, what is none, and what a claim carries."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.extraction.claims import MOST_CLAIMS, claim_id_for, extract_claims
from pipelines.models import Claim, ClaimKind, ClaimOrigin, Layout, ParsedRecord, StatedClaim

MARKDOWN = st.text(alphabet=st.sampled_from(list("abeis AB19.?!,:;[]()#*-|`<>/\n\t…é")), max_size=300)


def claims_of(text: str, layout: Layout = Layout.PROSE) -> tuple[Claim, ...]:
    return extract_claims(ParsedRecord(layout=layout, title=None, text=text), "record")


def texts_of(text: str, layout: Layout = Layout.PROSE) -> list[str]:
    return [claim.text for claim in claims_of(text, layout)]


@given(st.one_of(st.text(max_size=300), MARKDOWN), st.sampled_from([Layout.PROSE, Layout.REPORT, Layout.ANSWER]))
def test_the_words_of_a_claim_stand_at_its_offsets_in_any_text(text: str, layout: Layout) -> None:
    claims = claims_of(text, layout)
    assert [claim.ordinal for claim in claims] == list(range(1, len(claims) + 1))
    assert len({claim.claim_id for claim in claims}) == len(claims)
    for claim in claims:
        assert claim.text == text[claim.start : claim.end]
        assert all(claim.normalised[q.start : q.end] == q.text for q in claim.quantities)


@pytest.mark.parametrize(
    "sentence",
    [
        "Aspirin lowers fever in most adults within two hours.",
        "The survey of 81 farms found that 71 percent grow rye.",
        "A linker is a molecule that joins the drug to the antibody.",
        "They measured the yield of each plot with a drone.",
        "Patients with gout should be screened every year [4].",
        "Zinc coating protects iron, whether or not the layer should be scratched.",
        "mRNA is made from DNA in the cell.",
        "This method of coating doubles the life of a nail.",
        "The kiln comes in two basic forms that differ in draught:",
    ],
)
def test_a_checkable_statement_is_a_claim(sentence: str) -> None:
    assert texts_of(sentence) == [sentence]


@pytest.mark.parametrize(
    "text",
    [
        "# Zinc Coating Protects Iron From Rust",
        "Does zinc coating protect iron from rust in the sea?",
        "Use a thin layer of zinc on every nail.",
        "Readers should consult a specialist before they coat iron.",
        "We recommend a thin layer of zinc for most uses.",
        "Further research is needed on the coating of nails.",
        "This report synthesises what is known of zinc coating.",
        "This section reviews the coating of iron with zinc.",
        "I'll search for more information on the coating of iron.",
        "Let me look at how iron is coated with zinc.",
        "The following section turns to the coating of copper.",
        "The main reasons for coating iron include:",
        "- Thin layer, low cost, long life",
        "- **Cost:** a low price per square metre",
        "- **Zinc coating**",
        "| zinc | protects iron from rust |",
        "```\nThe zinc coating is protecting the iron from rust.\n```",
        "<!-- prompt: The zinc coating is said to protect iron. -->",
        "Figure 3: The coating is thin where the nail was bent.",
        "![The coating is thin where the nail was bent.](nail.png)",
        "[3] Coating is all you need - a study of nails",
        "[Coating of nails is a growing trade](https://example.org/nails)",
        "## References\n\nMoss, A. (2019). Zinc is what protects iron from rust in the sea.",
        "## Sources\n\n### Books\n\n- Zinc is what protects iron from rust in the sea.",
        "Contents\n\nZinc is what protects iron from rust in the sea. 4",
        "8 claims were extracted from source literature; 0 were independently verified.",
        "Very good indeed!",
        "and the coating is what protects the iron from rust.",
        "17\nand the coating is what protects the iron from rust.",
    ],
)
def test_what_states_nothing_checkable_is_no_claim(text: str) -> None:
    assert texts_of(text) == []


def test_a_gerund_may_be_the_subject_of_a_statement() -> None:
    stated = "Raising the heat in brick kilns from 900 to 1100 degrees halved firing time."
    named = "Raising awareness among disadvantaged communities in the region"
    assert texts_of(f"- {stated}\n- {named}\n") == [stated]


def test_text_after_a_list_of_references_is_read_again() -> None:
    text = "# Zinc\n\n## Sources\n\n- Zinc is what coats the iron.\n\n# Tin\n\nTin melts before zinc does.\n"
    assert texts_of(text) == ["Tin melts before zinc does."]


def test_a_heading_that_speaks_of_sources_of_something_hides_nothing() -> None:
    assert texts_of("## Key Sources of Rust\n\nSalt water is a source of rust.") == ["Salt water is a source of rust."]


def test_a_label_of_a_list_item_stays_with_its_statement_and_the_marker_does_not() -> None:
    (claim,) = claims_of("- **Coating:** Protects iron from rust for 20 years [3][4].\n")
    assert claim.text == "**Coating:** Protects iron from rust for 20 years [3][4]."
    assert claim.normalised == "Coating: Protects iron from rust for 20 years."
    assert claim.citations == ("3", "4")
    assert [(quantity.value, quantity.unit) for quantity in claim.quantities] == [(20.0, "years")]


def test_a_claim_says_under_which_heading_it_stands() -> None:
    text = "# Metals\n\nZinc melts at a low temperature.\n\n## 2. Iron\n\nIron rusts in the open air.\n"
    assert [claim.section for claim in claims_of(text)] == ["Metals", "2. Iron"]


def test_marks_behind_the_stop_belong_to_the_sentence_before_them() -> None:
    first, second = claims_of("Zinc melts at a low temperature. [1][2] Iron rusts in the open air. [3]")
    assert (first.citations, second.citations) == (("1", "2"), ("3",))


@pytest.mark.parametrize(
    ("sentence", "kind"),
    [
        ("The drug lowered the pressure in 40 % of the patients.", ClaimKind.EMPIRICAL),
        ("A kiln is defined as an oven that bakes clay.", ClaimKind.DEFINITIONAL),
        ("The nets were trained on two million pictures of kilns.", ClaimKind.METHODOLOGICAL),
        ("The proof shows that the sum has an upper bound of nine.", ClaimKind.MATHEMATICAL),
        ("This report presents findings from 14 papers on kilns.", ClaimKind.SELF_DESCRIPTION),
        ("Interviews were conducted with 40 potters in the valley.", ClaimKind.METHODOLOGICAL),
        ("A range is answered in constant time by the table.", ClaimKind.MATHEMATICAL),
        ("Wet coating has proven effective in the open air.", ClaimKind.EMPIRICAL),
        ("We evaluated the kiln on 40 bricks, and it outperformed the old one.", ClaimKind.EMPIRICAL),
        ("As nets are trained on pictures, they copy the faults of these.", ClaimKind.EMPIRICAL),
        ("The path planner grows a randomized star of branches.", ClaimKind.EMPIRICAL),
        ("Wet coating is a powerful method for large parts.", ClaimKind.EMPIRICAL),
    ],
)
def test_the_cue_of_a_sentence_gives_its_kind(sentence: str, kind: ClaimKind) -> None:
    assert [claim.kind for claim in claims_of(sentence)] == [kind]


@pytest.mark.parametrize(
    ("sentence", "hedged"),
    [
        ("The drug may lower the pressure of some patients.", True),
        ("The results suggest that the drug lowers the pressure.", True),
        ("The drug lowers the pressure of most patients.", False),
        ("The drug was sold in May 2021 in four countries.", False),
    ],
)
def test_a_hedge_is_kept_as_such(sentence: str, hedged: bool) -> None:
    assert [claim.hedged for claim in claims_of(sentence)] == [hedged]


def test_a_sentence_longer_than_the_bound_is_no_claim() -> None:
    text = "The coating holds " + "very " * 500 + "well."
    assert texts_of(f"{text} Iron rusts in the open air.") == ["Iron rusts in the open air."]


def test_a_record_that_breaks_off_says_so_of_its_last_claim() -> None:
    whole, broken = claims_of("Zinc melts at a low temperature. Iron is worn by the open air and the")
    assert (whole.truncated, broken.truncated) == (False, True)


def test_the_number_of_claims_of_a_record_is_bounded() -> None:
    text = "\n\n".join(f"The kiln of number {n} bakes {n} bricks." for n in range(MOST_CLAIMS + 50))
    assert len(claims_of(text)) == MOST_CLAIMS


def test_of_a_published_report_without_rows_only_the_abstract_is_read() -> None:
    text = (
        "Kilns and Bricks\n\nAbstract\n\nThis report synthesises findings on kilns. "
        "A kiln bakes bricks at 900 °C. Do hotter kilns bake better bricks?\n\n"
        "1 Introduction\n\nThis paper examines kilns. The kiln is hot inside.\n"
    )
    (claim,) = claims_of(text, Layout.REPORT)
    assert (claim.text, claim.section) == ("A kiln bakes bricks at 900 °C.", "Abstract")


def test_the_label_of_an_abstract_is_no_part_of_its_first_claim() -> None:
    text = "Index | About\n\nAbstract\n\nAbstract: A kiln bakes bricks at 900 °C.\n\nResearch Question\n\nWhy?\n"
    assert texts_of(text, Layout.PAGE_OLD) == ["A kiln bakes bricks at 900 °C."]


def test_a_record_that_lists_its_claims_has_exactly_these() -> None:
    text = "Abstract\n\nBricks.\n\n5 Extracted Claims\n\nKilns are hot [2] and cost 30 mg\t×\t0.11\n"
    start = text.index("Kilns are hot")
    row = StatedClaim(
        ordinal=1,
        text="Kilns are hot [2] and cost 30 mg",
        start=start,
        end=start + 32,
        truncated=True,
        stated_verified=False,
        stated_confidence=0.11,
    )
    record = ParsedRecord(layout=Layout.REPORT, title=None, text=text, claims=(row,))
    (claim,) = extract_claims(record, "record")
    assert claim.origin is ClaimOrigin.STATED
    assert (claim.text, claim.start, claim.end, claim.truncated) == (row.text, row.start, row.end, True)
    assert (claim.stated_verified, claim.stated_confidence) == (False, 0.11)
    assert (claim.citations, claim.section) == (("2",), "5 Extracted Claims")


def test_a_claim_keeps_its_identity_when_the_text_around_it_changes() -> None:
    (before,) = claims_of("Zinc melts at a low temperature.")
    after = claims_of("Iron rusts in the open air.\n\n**Zinc** melts at a low\ntemperature [3].")[1]
    assert before.claim_id == after.claim_id


def test_the_same_words_said_twice_are_two_claims_and_the_second_points_at_the_first() -> None:
    first, second = claims_of("Zinc melts at a low temperature.\n\nZinc melts at a low temperature.")
    assert first.claim_id != second.claim_id
    assert (first.duplicate_of, second.duplicate_of) == (None, first.claim_id)


@given(st.text(), st.text(), st.integers(min_value=1, max_value=99))
def test_an_identifier_depends_on_record_words_and_occurrence_alone(record: str, words: str, which: int) -> None:
    claim_id = claim_id_for(record, words, which)
    assert claim_id == claim_id_for(record, words, which)
    assert len(claim_id) == 21
    assert len({claim_id, claim_id_for(record + "x", words, which), claim_id_for(record, words, which + 1)}) == 3


@pytest.mark.parametrize("hostile", ["# a\n", "[a] ", "The cat sat [1, 2 ", "a,", "*_", "(see Aa and Bb, ", "1,"])
def test_hostile_prose_gives_claims_at_true_offsets(hostile: str) -> None:
    text = hostile * (200_000 // len(hostile))
    assert all(claim.text == text[claim.start : claim.end] for claim in claims_of(text))
