"""Sentences and blocks: where they end, and that their offsets are true for any text."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.extraction.blocks import BlockKind, blocks_of
from pipelines.extraction.sentences import RuleSplitter, SentenceSplitter, split_sentences
from pipelines.extraction.word_lists import words

BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks"
HARD = [
    json.loads(line)
    for line in (BENCHMARKS / "labels" / "sentence_boundaries.jsonl").read_text(encoding="utf-8").splitlines()
]
MARKDOWN = st.text(alphabet=st.sampled_from(list("ab AB19.?!,:;[]()#*-_|`<>/$\n\t\"'…。é—~=@^")), max_size=300)


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in split_sentences(text)]


@given(st.one_of(st.text(max_size=300), MARKDOWN))
def test_spans_are_ordered_apart_and_hold_all_but_white_space_at_their_edges(text: str) -> None:
    behind = 0
    for start, end in split_sentences(text):
        assert behind <= start < end <= len(text)
        assert text[start:end] == text[start:end].strip()
        behind = end


@given(st.lists(st.sampled_from(["Zinc melts.", "Does it?", "Iron rusts [3]."]), min_size=1, max_size=20))
def test_plain_sentences_come_back_as_they_were_put_together(parts: list[str]) -> None:
    assert sentences(" ".join(parts)) == parts


@pytest.mark.parametrize(
    "text",
    [
        "Dr. A. B. Moss et al. saw e.g. 3.5 mg of zinc (cf. Fig. 2) in the U.S. sample.",
        "The loss fell to 0.25, i.e. by half, within approx. 3 epochs.",
        "The file lies at https://example.org/a.b.c?x=1.2 and stays there.",
        "The value of No. 5 is given in Sec. 3.1 and Eq. 2 of that work.",
        "It was measured at 5 p.m. on most days.",
        'He said "Stop!" and left.',
        "The term (It is rarely used. It is old.) appears once.",
        "Version 2.1.3 of iPhone software was meant, not vs. others.",
    ],
)
def test_a_stop_inside_an_abbreviation_number_link_or_bracket_ends_nothing(text: str) -> None:
    assert sentences(text) == [text]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Zinc melts. [1] Iron rusts.", ["Zinc melts. [1]", "Iron rusts."]),
        ("Zinc melts.[1; 2] Iron rusts.", ["Zinc melts.[1; 2]", "Iron rusts."]),
        ("Zinc melts. [7] showed that iron rusts.", ["Zinc melts.", "[7] showed that iron rusts."]),
        ("It needs vitamin C. The rest is spare.", ["It needs vitamin C.", "The rest is spare."]),
        ("Moss et al. However, no one agreed.", ["Moss et al.", "However, no one agreed."]),
        ("It rose… Then it fell! Why?", ["It rose…", "Then it fell!", "Why?"]),
        ("It rose in 2020. 45 mice were used.", ["It rose in 2020.", "45 mice were used."]),
        ("It cost $3 in May. It cost $4 in June.", ["It cost $3 in May.", "It cost $4 in June."]),
        ("The sum $a. B$ is odd. It ends.", ["The sum $a. B$ is odd.", "It ends."]),
        ("铁会生锈。锌不会。", ["铁会生锈。", "锌不会。"]),
        ("**Zinc melts.** Iron rusts.", ["**Zinc melts.**", "Iron rusts."]),
        ("Zinc ([Moss](http://a.org/x.y)) melts. Iron rusts.",
         ["Zinc ([Moss](http://a.org/x.y)) melts.", "Iron rusts."]),
    ],
)  # fmt: skip
def test_a_sentence_ends_behind_its_stop_and_its_marks(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


@pytest.mark.parametrize("expected", HARD, ids=lambda expected: expected[0][:40])
def test_the_hard_sentences_of_scholarly_prose_come_back_as_they_were_put_together(expected: list[str]) -> None:
    assert sentences(" ".join(expected)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # Citation numbers glued to the stop belong to the sentence before it, and only to words.
        ("Dust fell by half.3–5, 9 Towns gained.", ["Dust fell by half.3–5, 9", "Towns gained."]),
        ("Dust fell (by half).12 Towns gained.", ["Dust fell (by half).12", "Towns gained."]),
        ("Dust fell by 20%.7 Towns gained.", ["Dust fell by 20%.7", "Towns gained."]),
        ("Strain BA.2 Omicron spread.", ["Strain BA.2 Omicron spread."]),
        ("Table.2 Yields of both plots.", ["Table.2 Yields of both plots."]),
        ("Version 2.1 Beta was kept.", ["Version 2.1 Beta was kept."]),
        ("It weighed half.12 grams were lost.", ["It weighed half.12 grams were lost."]),
        # An abbreviation with marks behind it is still one.
        ("As Moss et al. [5] Parker saw it.", ["As Moss et al. [5] Parker saw it."]),
        ("So said Moss et al. [5] However, no one heard.", ["So said Moss et al. [5]", "However, no one heard."]),
        # Capitals are a name, unless a number follows.
        ("She came to the ED. Nurses were there.", ["She came to the ED.", "Nurses were there."]),
        ("They are drawn in FIG. 3 and FIG. 4.", ["They are drawn in FIG. 3 and FIG. 4."]),
        # Dots of a table of contents are none of a sentence's.
        ("Preface . . . . . . . 12 Ferns . . . . . . . 14", ["Preface . . . . . . . 12 Ferns . . . . . . . 14"]),
    ],
)  # fmt: skip
def test_a_rule_holds_where_it_was_made_for_and_not_beyond(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


class AtBars:
    """A splitter of another kind: a bar ends a sentence."""

    def ends(self, text: str, start: int, end: int) -> Iterator[int]:
        return (place + 1 for place in range(start, end) if text[place] == "|")


def test_another_splitter_can_take_the_place_of_the_rules_and_blocks_stay() -> None:
    splitter: SentenceSplitter = AtBars()
    text = "# On zinc\n\nZinc melts. It is grey |   iron rusts| and so on\n"
    spans = split_sentences(text, splitter)
    assert [text[a:b] for a, b in spans] == ["On zinc", "Zinc melts. It is grey |", "iron rusts|", "and so on"]


@pytest.mark.parametrize("ends", [[5, 3], [-1], [10_000]])
def test_a_splitter_whose_offsets_are_false_is_an_error_and_no_false_place(ends: list[int]) -> None:
    class Astray:
        def ends(self, text: str, start: int, end: int) -> list[int]:
            return ends

    with pytest.raises(ValueError, match="a sentence was said to end"):
        split_sentences("Zinc melts early and iron does not, which is known.", Astray())


def test_the_lists_of_the_rules_can_be_others() -> None:
    text = "Zink bzw. Eisen rostet. Es ist so."
    german = RuleSplitter(open_abbreviations=words("bzw"))
    assert [text[a:b] for a, b in split_sentences(text, german)] == ["Zink bzw. Eisen rostet.", "Es ist so."]
    assert len(split_sentences(text)) == 3


def test_headings_items_and_rows_are_boundaries_and_wrapped_lines_are_not() -> None:
    text = (
        "# On zinc\nZinc is a metal that melts at a\nrather low temperature.\n"
        "- **Use:** coats iron\n  and steel\n1. Melts early\n| a | b |\n"
    )
    assert sentences(text) == [
        "On zinc",
        "Zinc is a metal that melts at a\nrather low temperature.",
        "**Use:** coats iron\n  and steel",
        "Melts early",
        "| a | b |",
    ]


def test_lines_of_an_unwrapped_text_are_paragraphs_of_their_own() -> None:
    long_line = "Zinc melts at a temperature that is low among the metals in common use today. " * 3
    assert sentences(f"TLDR; Zinc melts early\n{long_line}Iron rusts")[0] == "TLDR; Zinc melts early"


def test_code_comments_front_matter_images_and_thoughts_hold_no_sentence() -> None:
    text = (
        "---\ntitle: A. B.\n---\n<!-- prompt: Write it. -->\n<think>\nLet me see. Hm.\n</think>\n"
        "```\nx = 1. Y\n```\n![A plate.](a.png)\n\nZinc melts.\n"
    )
    assert sentences(text) == ["Zinc melts."]


def test_an_unclosed_comment_hides_only_its_own_line() -> None:
    assert sentences("<!-- open\nZinc melts.") == ["Zinc melts."]


def test_a_short_line_in_title_case_is_a_heading_and_a_statement_is_not() -> None:
    kinds = [block.kind for block in blocks_of("2 Melting Points\n\nzinc melts before iron does\n")]
    assert kinds == [BlockKind.HEADING, BlockKind.PARAGRAPH]


@pytest.mark.parametrize(
    "hostile",
    [
        "(" * 10,
        "[1](http:",
        "`a",
        "$",
        "<!--\n",
        "<think>\n",
        "```\n",
        ". ",
        "[1] ",
        "- ",
        "A\n",
        "|",
        "http://",
        "*_",
        " .",
        "half.1 ",
        "half.1,",
        "a.1 1 1 1 1 ",
        "A.",
        '. " ',
    ],
)
def test_work_grows_with_the_length_of_hostile_text_and_not_with_its_square(hostile: str) -> None:
    # 400,000 characters: a quadratic search would not come back within the patience of a test run.
    text = hostile * (400_000 // len(hostile))
    spans = split_sentences(text)
    assert all(0 <= start < end <= len(text) for start, end in spans)
