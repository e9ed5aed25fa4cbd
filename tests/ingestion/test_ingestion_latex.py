"""LaTeX of BibTeX fields, read as the characters it stands for."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.ingestion.latex import without_latex
from pipelines.ingestion.library import read_library


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (r"from 78 \% to 86 \% \& more", "from 78 % to 86 % & more"),
        (r"M{\"u}ller, \'Elan, \~nu, \v{c}, \c c, \'{\i}", "Müller, Élan, ñu, č, ç, í"),
        (r"Stra{\ss}e und {\O}re", "Straße und Øre"),
        (r"grown \textit{in vitro} 10--20 days", "grown in vitro 10–20 days"),
        (r"a share of 50% is kept", "a share of 50% is kept"),
        (r"where $p < 0.05~x$ holds", r"where $p < 0.05~x$ holds"),
        (r"costs $5 & {\em more}, 50% off", "costs $5 & more, 50% off"),
        (r"\L{}\'od\'z {\AA}ngstr{\"o}m \alpha-\foo{bar} \cite{a}", "Łódź Ångström α-bar "),
    ],
)
def test_escapes_and_accents_are_read_and_formulas_kept(written: str, read: str) -> None:
    assert without_latex(written) == read


@given(st.text(alphabet="abc é.,:;()%", max_size=80))
def test_text_without_latex_is_left_alone(text: str) -> None:
    assert without_latex(text) == text


@pytest.mark.parametrize("unit", ["\\", "$", "{", r"\u ", r"\textit", r"\'{"])
def test_hostile_fields_are_read_in_time_that_grows_with_length(unit: str) -> None:
    assert len(without_latex(unit * 100_000)) <= 100_000 * len(unit)


def test_a_bibtex_abstract_has_no_escapes_and_its_address_is_untouched(tmp_path: Path) -> None:
    entry = r"""@article{a, title={Kilns \& heat}, author={M{\"u}ller, Ida}, doi={10.1234/a_b},
      abstract={Heat rose from 78 \% to 86 \% in brick kilns.}}"""
    (tmp_path / "works.bib").write_text(entry, encoding="utf-8")
    (work,) = read_library(tmp_path).works
    assert work.title == "Kilns & heat"
    assert work.text == "Heat rose from 78 % to 86 % in brick kilns."
    assert work.source_id == "doi:10.1234/a_b"
    assert "Müller" in work.authors[0]


@pytest.mark.parametrize("piece", ["\\sqrt[", "\\sqrt", "\\frac{", "{\\bf ", "\\begin{a}"])
def test_commands_that_nest_without_end_are_left_as_text(piece: str) -> None:
    assert len(without_latex(piece * 400 + "x")) < 20_000


@given(
    st.lists(
        st.sampled_from(["\\sqrt", "\\frac", "[", "]", "{", "}", "x", "\\'", "~", "\\begin{a}", "--"]), max_size=60
    )
)
def test_no_order_of_commands_and_brackets_breaks_the_reading(pieces: list[str]) -> None:
    assert isinstance(without_latex("".join(pieces)), str)
