"""Antecedents: what a sentence that leans on others stands for, and when nothing is said."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.extraction.antecedents import resolve
from pipelines.extraction.claims import extract_claims
from pipelines.models import Layout, ParsedRecord

WORDS = "It They Its This these the method methods model Moss kiln kilns runs is are a an of , . ( ) et al. X and"
PROSE = st.lists(st.sampled_from(WORDS.split()), max_size=30).map(" ".join)


def standalone(*sentences: str) -> str | None:
    *before, last = sentences
    resolution = resolve(last, before)
    return resolution.standalone if resolution else None


@pytest.mark.parametrize(
    ("before", "sentence", "expected"),
    [
        ("The ring kiln was fired with wood.", "It reaches 900 °C.", "The ring kiln reaches 900 °C."),
        ("The ring kiln was fired with wood.", "However, it costs more.", "However, the ring kiln costs more."),
        ("Ring kilns are made of brick.", "Their walls crack.", "Ring kilns’ walls crack."),
        ("KilnNet was trained on pictures.", "Its accuracy is 91 %.", "KilnNet’s accuracy is 91 %."),
        ("Clay firing: The ring kiln was fired with wood.", "It is slow.", "The ring kiln is slow."),
        ("They used the wet coating method.", "This method saves zinc.", "The wet coating method saves zinc."),
        ("They propose a wet coating method.", "In tests, this method saves zinc.",
         "In tests, the wet coating method saves zinc."),
        ("They tried wet coating methods.", "These methods reduce rust.", "Wet coating methods reduce rust."),
        ("KilnNet is a network that sorts bricks.", "This network is small.", "KilnNet is small."),
        ("We present KilnNet, a tool that sorts bricks.", "The tool is small.", "KilnNet is small."),
        ("They built a framework called Kiln Two.", "The framework is small.", None),
        ("They built a coating framework called Kiln Two.", "The framework is small.",
         "The coating framework called Kiln Two is small."),
        ("Wet coating lowers the cost.", "This method is cheap.", "Wet coating is cheap."),
        ("Moss et al. (2019) fired 40 bricks.", "The authors found cracks.", "Moss et al. (2019) found cracks."),
    ],
)  # fmt: skip
def test_a_word_that_leans_back_is_replaced_by_what_stands_before_it(
    before: str, sentence: str, expected: str | None
) -> None:
    assert standalone(before, sentence) == expected


@pytest.mark.parametrize(
    ("before", "sentence"),
    [
        ("The ring kiln was fired with wood.", "It is known that clay shrinks."),
        ("The ring kiln was fired with wood.", "It remains a challenge to dry clay."),
        ("The ring kiln was fired with wood.", "It was the wood that cracked it."),
        ("The ring kiln was fired with wood.", "They crack."),
        ("Ring kilns were fired with wood.", "It cracks."),
        ("Ada Moss argues that kilns crack.", "It is hot."),
        ("Brick Works introduced KilnNet in 2019.", "It sorts bricks."),
        ("The model was new.", "It sorts bricks."),
        ("The goal was a hotter kiln.", "It was reached."),
        ("They compared the wet method and the dry method.", "This method saves zinc."),
        ("They propose a new method.", "This method saves zinc."),
        ("They fired bricks in the wet season.", "This method saves zinc."),
        ("They used the wet coating method.", "These methods save zinc."),
        ("They used the wet coating method.", "The method of moments saves zinc."),
        ("They used the wet coating method.", "This has advantages."),
        ("Moss et al. fired bricks, and Hale et al. dried them.", "The authors found cracks."),
        ("We present KilnNet, a tool, and BrickNet, a tool.", "The tool is small."),
    ],
)
def test_nothing_is_said_where_nothing_or_more_than_one_thing_could_be_meant(before: str, sentence: str) -> None:
    assert standalone(before, sentence) is None


def test_a_chain_of_pronouns_leads_back_to_the_name() -> None:
    text = "KilnNet was trained on pictures. It measures the colour of bricks. Its accuracy is 91 % on new pictures."
    claims = extract_claims(ParsedRecord(layout=Layout.PROSE, title=None, text=text), "record")
    assert [claim.standalone for claim in claims] == [
        None,
        "KilnNet measures the colour of bricks.",
        "KilnNet’s accuracy is 91 % on new pictures.",
    ]
    assert claims[1].normalised == "It measures the colour of bricks."


def test_what_stands_in_another_paragraph_is_not_meant() -> None:
    text = "KilnNet was trained on pictures of bricks.\n\nIt sorts bricks by colour and size."
    claims = extract_claims(ParsedRecord(layout=Layout.PROSE, title=None, text=text), "record")
    assert [claim.standalone for claim in claims] == [None, None]


@given(st.lists(PROSE, max_size=4), PROSE)
def test_what_is_put_in_stands_in_the_sentences_before_and_the_rest_is_kept(before: list[str], sentence: str) -> None:
    resolution = resolve(sentence, before)
    if resolution is None:
        return
    phrase = resolution.antecedent.removeprefix("the ")
    assert phrase in before[-resolution.sentences_back]
    assert resolution.mention == sentence[resolution.start : resolution.start + len(resolution.mention)]
    assert resolution.standalone.startswith(sentence[: resolution.start])
    rest = sentence[resolution.start + len(resolution.mention) :].lstrip("'’s")
    assert resolution.standalone.endswith(rest)


@pytest.mark.parametrize("hostile", ["It ", "it is ", "This method, ", "A, ", "(a) ", "the X (Y) ", "et al. ", "is a "])
def test_hostile_sentences_are_read_in_bounded_time(hostile: str) -> None:
    text = hostile * (100_000 // len(hostile))
    assert resolve(text, [text, text]) is None
    assert resolve("This method is slow.", [text[:1200], text]) is None
