"""Likeness of titles, people and years. Titles and names are invented, but for spellings that all of us meet."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.ingestion.folding import folded, unmarked
from pipelines.ingestion.likeness import (
    SAME_TITLE,
    authors_agree,
    holds_title,
    is_distinctive,
    main_title,
    marked_as,
    plain_title,
    same_title,
    shared_words,
    title_likeness,
    years_agree,
)

SEA = "Tides and salt in the shallow sea"

SAME: list[tuple[str, str]] = [
    ("RETRACTED: " + SEA, SEA),
    ("RETRACTED ARTICLE: " + SEA, SEA + "."),
    ("[Retracted] " + SEA, SEA),
    (SEA + " (Retracted)", SEA),
    ("WITHDRAWN: " + SEA, SEA),
    ("The α-dune of mice in salt", "The $\\alpha$-dune of mice in salt"),
    ("The α-dune of mice in salt", "alpha dune of mice in salt"),
    ("Uptake of H<sub>2</sub>O &amp; CO<sub>2</sub> by dunes", "Uptake of H$_2$O and CO$_{2}$ by dunes"),
    ("R\\'{e}sum\\'e of Schr\\\"odinger dunes", "Résumé of Schrödinger dunes"),
    ("{\\o}rsted and the {\\AA}ngstr\\\"{o}m", "Ørsted and the Ångström"),
    ("Multi-agent pre-training for dunes", "Multiagent pretraining for dunes"),
    ("Effect of salt on made-up dunes, The", "The effect of salt on made-up dunes"),
    ("DUNE", "DUNE: Deep unmoved networks for everyone"),
    ("Tides — a review of the salty sea", "Tides: a review of the salty sea"),
    (SEA + " – a review", SEA),
    (SEA + ". An overview for sailors", SEA),
    (SEA + " (with discussion)", SEA),
    ("Modelling behaviour of dunes", "Modeling behavior of dunes"),
    ("10,000 grains in a dish of salt", "10000 grains in a dish of salt"),
    ("Type 2 dunes and the wind", "Type II dunes and the wind"),
    ("Dunes of things. Part 2", "Dunes of things, Part II"),
    ("Handbook of the salty sea (2nd ed.)", "Handbook of the salty sea"),
    ("Lcarning to forget the dunes", "Learning to forget the dunes"),
    ("Learn-\ning to forget the dunes", "Learning to forget the dunes"),
    ("A title about many dunes cut by the rec...", "A title about many dunes cut by the record and so on"),
    ("A title about the many dunes located i...", "A title about the many dunes located in the salty sea"),
    ("On the likeness of Ferrni dunes and others", "On the likeness of Fermi dunes and others"),
    ("Wind vs. water in dunes", "Wind versus water in dunes"),
]  # fmt: skip

OTHER: list[tuple[str, str]] = [
    ("Retraction: " + SEA, SEA),
    ("Retraction notice to “" + SEA + " and the coast of somewhere far”", SEA + " and the coast of somewhere far"),
    ("Correction to: " + SEA + " and the coast of somewhere far", SEA + " and the coast of somewhere far"),
    ("Erratum: " + SEA, SEA),
    ("Comment on “" + SEA + "”", SEA),
    ("Dunes and gauge theories, Part I", "Dunes and gauge theories, Part II"),
    ("Dunes and gauge theories. I", "Dunes and gauge theories. II"),
    ("Dunes and gauge theories, part one", "Dunes and gauge theories, part two"),
    ("Dunes of the great north, IV", "Dunes of the great north, 5"),
    ("Handbook of the salty sea, 2nd edition", "Handbook of the salty sea, third edition"),
    ("The state of the dunes 2019", "The state of the dunes 2020"),
    ("Dune-3: open models of sand", "Dune-4: open models of sand"),
    ("Salt is all you need", "Salt is not all you need"),
    ("Vitamin C and the common dune: a trial", "Vitamin D and the common dune: a trial"),
    ("Supervised learning of sparse dunes", "Unsupervised learning of sparse dunes"),
    ("Treatment of hypertension in older dunes", "Treatment of hypotension in older dunes"),
    ("Survival of male mice near the salty sea", "Survival of female mice near the salty sea"),
    ("Dunes", "Dunes of the salty sea"),
    ("Growth of moss as a random field of sand", "Decay of moss as a random field of sand"),
    ("Dunes of sand and dunes of salt in the wind", "Dunes of sand and theories of salt in the wind"),
    ("", ""),
    ("...", "???"),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other"), SAME)
def test_spellings_of_one_title_are_the_same(one: str, other: str) -> None:
    assert same_title(one, other)
    assert same_title(other, one)


@pytest.mark.parametrize(("one", "other"), OTHER)
def test_titles_of_different_works_are_not_the_same_however_alike(one: str, other: str) -> None:
    assert not same_title(one, other)
    assert not same_title(other, one)


def test_a_part_a_year_or_an_edition_left_out_on_one_side_is_no_difference() -> None:
    whole = "Dunes and gauge theories of the great north"
    assert all(same_title(whole, f"{whole}{end}") for end in (", Part II", " 2019", ", 3rd edition"))


def test_shared_words_tell_a_bad_copy_from_a_mixture() -> None:
    held = "Growth of moss as a random field of moving sand"
    assert shared_words("Decay of moss as a random field of moving sand", held) >= 0.75
    assert shared_words("Growth of moss as a problem for railway engineers", held) < 0.5
    assert shared_words("", held) == 0.0


def test_a_printed_entry_holds_a_title_word_for_word() -> None:
    entry = f"[3] Roth, J. and Ito, B.: \u201cOn \u2018{SEA.upper()}\u2019, Part II\u201d. {'Dune, ' * 80} 2020"
    assert holds_title(entry, "RETRACTED: " + SEA)
    assert holds_title(entry, "On '" + SEA + "', part II")
    assert not holds_title(entry, SEA + " and sand")
    assert not holds_title(entry, "The shallow sea")


def test_the_main_title_stands_before_the_subtitle() -> None:
    assert main_title("Tides and Salt: A Review") == "tides and salt"
    assert main_title("Tides: A Review") == main_title(SEA) == ""


def test_marks_of_publishers_are_read_and_notices_are_none() -> None:
    titles = (
        "RETRACTED ARTICLE: " + SEA,
        "WITHDRAWN: " + SEA,
        "Retraction: " + SEA,
        "Retracted papers in context",
        SEA,
    )
    assert [marked_as(title) for title in titles] == ["RETRACTED", "WITHDRAWN", None, None, None]


def test_short_titles_are_not_distinctive() -> None:
    assert [is_distinctive(title) for title in ("Salt", "Recent results on dunes", SEA + " of sand")] == [
        False,
        False,
        True,
    ]


PEOPLE: list[tuple[str, list[str], list[str], bool]] = [
    ("initials and accents", ["Overland, M."], ["Marta Øverland", "Jun Ito"], True),
    ("other people", ["P. Nowak"], ["Marta Øverland", "Jun Ito"], False),
    ("MEDLINE form", ["Roth JA", "Ito B"], ["John A. Roth", "Bob Ito"], True),
    ("et al.", ["Roth et al."], ["John A. Roth", "Bob Ito"], True),
    ("and others", ["Roth, J.", "et al."], ["John A. Roth", "Bob Ito"], True),
    ("umlauts written out", ["J. Müller"], ["Mueller, Jan"], True),
    ("umlauts dropped", ["Muller J"], ["Jan Müller"], True),
    ("TeX accents", ["Schr{\\\"o}der, E."], ["Erwin Schröder"], True),
    ("particles", ["van der Berg, K."], ["Karl van der Berg"], True),
    ("particles, initials behind", ["van der Berg K"], ["K. van der Berg"], True),
    ("family name first without comma", ["Wang Wei"], ["Wei Wang"], True),
    ("half of a double name", ["M. García"], ["Maria Garcia-Lopez"], True),
    ("a double name in two words", ["García López, M."], ["Maria Garcia-Lopez"], True),
    ("all in one string", ["I. Roth, P. O. Ito, E. Lund"], ["I. Roth", "P. Ito"], True),
    ("all in one string, inverted", ["Roth, J., Ito, B., & Lund, C."], ["John Roth", "Ben Ito", "Carl Lund"], True),
    ("capitals", ["ROTH, J."], ["John Roth"], True),
    ("capitals of short names", ["WEI-PING LI", "ZHI QIN"], ["Wei-ping Li", "Zhi Qin"], True),
    ("capitals, MEDLINE form", ["ROTH JA"], ["John A. Roth"], True),
    ("a typing error", ["Overlnad, M."], ["Marta Overland"], True),
    ("apostrophes", ["O'Lund, T"], ["T O’Lund"], True),
    ("another first author, same second", ["P. Nowak", "J. Ito"], ["Marta Øverland", "Jun Ito"], False),
    ("another person of a common name behind", ["Wang, L.", "Wang, W."], ["Q. Roth", "Wei Wang"], False),
    ("co-authors in another order", ["J. Ito", "M. Øverland"], ["Marta Øverland", "Jun Ito"], True),
    ("invented co-authors", ["J Roth", "Nowak, A", "Poe, B", "Lund, C"], ["J Roth", "A Ito", "B Moe"], False),
    ("only the first is held", ["J Roth", "Nowak, A"], ["J Roth"], True),
    ("the held list is cut", ["J Roth", "A Ito", "B Moe", "C Poe", "D Lund"], ["J. Roth", "A. Ito"], True),
    ("two scripts", ["Иванов, П."], ["Pyotr Ivanov"], True),
    ("one other script", ["Иванов, П."], ["Нович, К."], False),
    ("an editor", ["Roth J (Ed.)"], ["Jan Roth"], True),
    ("a third of the name", ["Roth JA 3rd"], ["John A. Roth"], True),
    ("a group and people", ["The DUNE Collaboration"], ["G. Roth", "B. Ito"], True),
    ("a company and people", ["OpenAI"], ["G. Roth", "B. Ito"], True),
    ("an acronym and its group", ["WHO"], ["World Health Organization"], True),
    ("two groups", ["Dune Collaboration"], ["Committee for Salt"], False),
    ("nothing stated", [], ["G. Roth"], True),
    ("nothing held", ["G. Roth"], [], True),
    ("marks only", ["...", "&"], ["G. Roth"], True),
]  # fmt: skip


@pytest.mark.parametrize(("stated", "held", "agree"), [case[1:] for case in PEOPLE], ids=[case[0] for case in PEOPLE])
def test_people_are_compared_in_any_form(stated: list[str], held: list[str], agree: bool) -> None:
    assert authors_agree(stated, held) is agree


def test_nobody_is_held_to_be_missing_from_a_list_too_long_to_compare() -> None:
    held = [f"{chr(65 + at % 26)}. Brandt" for at in range(3_000)]
    assert authors_agree(["P. Nowak"], held)
    assert not authors_agree(["P. Nowak"], held[:50])


def test_a_year_between_preprint_and_publication_agrees_and_one_more_on_either_side() -> None:
    assert [years_agree(year, (2017, 2020)) for year in (2015, 2016, 2018, 2021, 2022)] == [
        False,
        True,
        True,
        True,
        False,
    ]
    assert years_agree(None, (2020,))
    assert years_agree(1990, ())


# --- any words at all -------------------------------------------------------------------------------

WORDS = st.text(max_size=400) | st.text(alphabet="aIVv1:.-–()\\{}$&;<>' \n", max_size=400)
HOSTILE = ["{" * 100_000, "<a " * 50_000, "\\'{" * 50_000, ": " * 50_000, "(a" * 50_000, "&amp;" * 30_000,
           "(((( first" * 9_000, "a, " * 50_000, "\\sqrt[" * 20_000, "\u0301" * 50_000, "-\n" * 50_000]  # fmt: skip


@given(WORDS, WORDS)
@settings(max_examples=300, deadline=None)
def test_likeness_of_titles_is_symmetric_and_bounded(one: str, other: str) -> None:
    likeness = title_likeness(one, other)
    assert 0.0 <= likeness <= 100.0
    assert likeness == title_likeness(other, one)
    assert same_title(one, other) == (likeness >= SAME_TITLE)
    assert shared_words(one, other) == shared_words(other, one)
    assert 0.0 <= shared_words(one, other) <= 1.0


@given(WORDS)
@settings(max_examples=200, deadline=None)
def test_a_title_with_words_is_itself(title: str) -> None:
    assert same_title(title, title) is bool(plain_title(title))


@given(st.lists(WORDS, max_size=6), st.lists(WORDS, max_size=6))
@settings(max_examples=200, deadline=None)
def test_any_lists_of_people_can_be_compared(stated: list[str], held: list[str]) -> None:
    assert authors_agree(stated, held) in (True, False)
    assert authors_agree(stated, stated)


@given(WORDS)
@settings(max_examples=200, deadline=None)
def test_folding_twice_changes_nothing_more(words: str) -> None:
    assert folded(folded(words)) == folded(words)
    assert unmarked(words) == unmarked(words).strip()


@pytest.mark.parametrize("words", HOSTILE, ids=[repr(words[:6]) for words in HOSTILE])
def test_long_hostile_words_are_cut_before_they_are_compared(words: str) -> None:
    assert title_likeness(words, words[1:] + "sea") == title_likeness(words[:2_000], words[1:2_000])
    assert authors_agree([words], [words])
    assert len(plain_title(words)) <= 1_500
