"""An author does not approve their own artifact, however either name is spelled."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.gates.authorship import wrote

SAME = [
    ("Ada Weir", "Ada Weir"),
    (" ADA  weir ", "Ada Weir"),
    ("Ada\u200b Weir\u00ad", "Ada Weir"),
    ("\uff21\uff44\uff41 \uff37\uff45\uff49\uff52", "Ada Weir"),
    ("Zoé Strauß", "ZOE\u0301 STRAUSS"),
    # one of several
    ("Ada Weir", "Ada Weir and B. Pond"),
    ("Ada Weir", "Ada Weir AND B. Pond"),
    ("B. Pond", "Ada Weir, B. Pond"),
    ("B. Pond", "Ada Weir; B. Pond & C. Lake"),
    ("C. Lake", "Ada Weir, B. Pond, and C. Lake"),
    ("Ada Weir and B. Pond", "Ada Weir and B. Pond"),
    ("C. Lake and Ada Weir", "Ada Weir"),
    ("C. Lake, Ada Weir", "Ada Weir, B. Pond"),
    ("Sandra", "Sandra and Andy"),
    ("Andy", "Sandra, Andy"),
    # turned round
    ("Weir, Ada", "Ada Weir"),
    ("Ada Weir", "Weir, Ada"),
    ("Weir Ada", "Ada Weir"),
    ("Weir, Ada", "weir, ADA"),
    ("Ada Weir", "Pond, B.; Weir, Ada"),
    ("B. Pond", "Weir, A., Pond, B."),
    ("Ada Maria Weir", "Weir, Ada Maria"),
    # trimmings
    ("Dr. Ada Weir", "Ada Weir"),
    ("Ada Weir", "Prof. Dr. Ada Weir, Ph.D."),
    ("Ada Weir, PhD", "Weir, Ada"),
    ("Ada Weir", "Ada Weir <ada@weir.example> (Institute of Ponds)"),
    ("B Pond", "B. Pond"),
    ("???", "???"),
]
OTHERS = [
    ("C. Lake", "Ada Weir and B. Pond"),
    ("Ada", "Ada Weir"),
    ("S", "Sandra and Andy"),
    ("Andy", "Sandy Brook"),
    ("Weir, Carl", "Weir, Ada"),
    ("Carl Weir", "Weir, Ada"),
    ("Weir, Ada", "Ada Pond, B. Weir"),
    ("Dr. Lake", "Dr. Weir"),
    ("C. Lake, PhD", "Ada Weir, PhD"),
    ("C. Lake (Institute of Ponds)", "Ada Weir (Institute of Ponds)"),
    ("C. Lake", ""),
    ("", "Ada Weir"),
    (" , ; ", " , ; "),
]


@pytest.mark.parametrize(("by", "author"), SAME)
def test_an_author_is_known_however_the_name_is_spelled(by: str, author: str) -> None:
    assert wrote(by, author)


@pytest.mark.parametrize(("by", "author"), OTHERS)
def test_another_person_is_no_author(by: str, author: str) -> None:
    assert not wrote(by, author)


WORD = st.text("abdefhiklmorstuvwöéß", min_size=2, max_size=8)
NAME = st.lists(WORD, min_size=2, max_size=4)


@given(NAME, st.data())
def test_turning_a_name_round_in_any_way_does_not_make_it_anothers(words: list[str], data: st.DataObject) -> None:
    turned = data.draw(st.permutations(words))
    comma = data.draw(st.integers(1, len(turned)))
    by = " ".join(turned[:comma]) + (", " if comma < len(turned) else "") + " ".join(turned[comma:])
    assert wrote(by.upper(), f"Carl Lake; {' '.join(words)}")


@given(st.text(max_size=400), st.text(max_size=400))
def test_any_two_texts_are_compared_either_way_with_the_same_answer(one: str, other: str) -> None:
    assert wrote(one, other) == wrote(other, one)
