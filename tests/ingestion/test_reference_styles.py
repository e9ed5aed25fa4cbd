"""Entries in the styles that journals ask for, all written here: which fields are read right.

Each entry states what it must be read as. Those of `NOT_YET` are known to be read wrong in the named fields;
the tests fail when one of them gets better, so that the table says what is true.
"""

# ruff: noqa: E501 -- an entry is one line, as printed

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.ingestion.reference_addresses import entry_identifiers
from pipelines.ingestion.reference_entries import entry_fields
from pipelines.ingestion.references import references_in
from pipelines.models import Reference


@dataclass(frozen=True)
class Entry:
    """An entry as printed; `surnames` in their order."""

    style: str
    words: str
    title: str | None
    surnames: tuple[str, ...] = ()
    year: int | None = None
    doi: str | None = None
    venue: str | None = None


MOSS = "Moss cover of stone walls in wet valleys"
FO = ("Fern", "Oak")
ENTRIES = (
    # APA
    Entry("APA", f"Fern, A. B., & Oak, C. (2018). {MOSS}. Journal of Moss, 12(3), 45–67. https://doi.org/10.5555/moss.12", MOSS, FO, 2018, "10.5555/moss.12", "Journal of Moss"),
    Entry("APA", f"Fern, A. (2018, May 3). {MOSS} [Preprint]. arXiv. https://arxiv.org/abs/1805.00001", MOSS, ("Fern",), 2018, None, "arXiv"),
    Entry("APA", "Ash, B., Elm, D., Fern, A., & Yew, Z. (2020). Why do walls fall? A review. *Stone and Wall*, *4*, 1-9. doi:10.5555/SW.4.1.", "Why do walls fall?", ("Ash", "Elm", "Fern", "Yew"), 2020, "10.5555/sw.4.1"),
    Entry("APA", "van der Berg, K.-J., & O'Brien, M. (2011a). Lichen clocks. Annual Review of Lichen, 2, 100–120.", "Lichen clocks", ("van der Berg", "O'Brien"), 2011, None, "Annual Review of Lichen"),
    Entry("APA", "World Moss Organization. (2019). State of the world's mosses. https://moss.example/report", "State of the world's mosses", ("World Moss Organization",), 2019),
    Entry("APA", "Fern, A., Oak, C., … Yew, Z. (2021). Many hands. Big Science, 1, e12.", "Many hands", ("Fern", "Oak", "Yew"), 2021, None, "Big Science"),
    Entry("APA", "Oak, C. (Ed.). (1999). The book of oaks (2nd ed.). Tree Press.", "The book of oaks (2nd ed.)", ("Oak",), 1999),
    Entry("APA", "Elm, D. (2005). Bark beetles. In C. Oak (Ed.), The book of oaks (pp. 12–30). Tree Press.", "Bark beetles", ("Elm",), 2005),
    Entry("APA", "Fern, A. (in press). Slow walls. Journal of Moss.", "Slow walls", ("Fern",), None, None, "Journal of Moss"),
    # Harvard
    Entry("Harvard", f"Fern, A. and Oak, C. (2018) '{MOSS}', Journal of Moss, 12(3), pp. 45–67.", MOSS, FO, 2018, None, "Journal of Moss"),
    Entry("Harvard", f"Fern A, Oak C 2018 {MOSS} J. Moss 12 45", MOSS, FO, 2018),
    Entry("Harvard", f"Fern, A., Oak, C. & Elm, D. 2018. {MOSS}. Journal of Moss, 12, 45-67.", MOSS, ("Fern", "Oak", "Elm"), 2018, None, "Journal of Moss"),
    # Vancouver
    Entry("Vancouver", f"Fern AB, Oak C. {MOSS}. J Moss. 2018;12(3):45-67. doi: 10.5555/moss.12", MOSS, FO, 2018, "10.5555/moss.12", "J Moss"),
    Entry("Vancouver", f"Fern AB, Oak C, Elm D, et al. {MOSS}. J Moss 2018; 12: 45–67.", MOSS, ("Fern", "Oak", "Elm"), 2018, None, "J Moss"),
    Entry("Vancouver", f"Fern AB. {MOSS}. J Moss. 2018 Mar 4;12(3):45-67. PMID: 12345678; PMCID: PMC7654321.", MOSS, ("Fern",), 2018, None, "J Moss"),
    Entry("Vancouver", "de la Cruz MJ, Le Q, Yew Z. Vitamin D and walls: a meta-analysis. Lancet Moss. 2020;395(1):1-2. doi:10.1016/S0140-6736(20)30183-5.", "Vitamin D and walls: a meta-analysis", ("de la Cruz", "Le", "Yew"), 2020, "10.1016/s0140-6736(20)30183-5", "Lancet Moss"),
    Entry("Vancouver", "Oak C. The book of oaks. 2nd ed. London: Tree Press; 1999. 240 p. ISBN 978-0-306-40615-7", "The book of oaks", ("Oak",), 1999),
    Entry("Vancouver", "World Moss Organization. State of the mosses [Internet]. Geneva: WMO; 2019 [cited 2020 Jan 5]. Available from: https://moss.example/r", "State of the mosses", ("World Moss Organization",), 2019),
    Entry("Vancouver", "Jansen van Vuren P, N'goma JCB. Fungi on walls. Fungal Lett. 2007;3:1–4.", "Fungi on walls", ("Jansen van Vuren", "N'goma"), 2007, None, "Fungal Lett"),
    Entry("Vancouver", "Wang H, Zhao Y. Measuring walls by standing waves. In: Proceedings of the 2010 Wall Conference; 2010 Aug 4-7; Moss City. p. 124–8.", "Measuring walls by standing waves", ("Wang", "Zhao"), 2010),
    Entry("PLOS", f"Fern AB, Oak C (2018) {MOSS}. J Moss 12: 45–67. pmid:12345678", MOSS, FO, 2018, None, "J Moss"),
    Entry("PLOS", "WMO (2007) Outbreaks of moss. Weekly moss news 20: 169–178", "Outbreaks of moss", ("WMO",), 2007, None, "Weekly moss news"),
    # IEEE
    Entry("IEEE", f'A. B. Fern and C. Oak, "{MOSS}," J. Moss, vol. 12, no. 3, pp. 45–67, Mar. 2018, doi: 10.5555/moss.12.', MOSS, FO, 2018, "10.5555/moss.12", "J. Moss"),
    Entry("IEEE", f'A. Fern, C. Oak, and D. Elm, "{MOSS}," in Proc. Int. Conf. Moss, Moss City, 2019, pp. 1–5.', MOSS, ("Fern", "Oak", "Elm"), 2019, None, "Proc. Int. Conf. Moss"),
    Entry("IEEE", f"A. Fern et al., “{MOSS},” arXiv preprint arXiv:1805.00001, 2018.", MOSS, ("Fern",), 2018),
    Entry("IEEE", 'C. Oak, The Book of Oaks, 2nd ed. London: Tree Press, 1999.', "The Book of Oaks", ("Oak",), 1999),
    Entry("IEEE", 'K.-J. van der Berg, “Lichen clocks,” Ph.D. dissertation, Dept. Lichen, Univ. Moss, 2011.', "Lichen clocks", ("van der Berg",), 2011),
    # Nature and Science
    Entry("Nature", f"Fern, A. B., Oak, C. & Elm, D. {MOSS}. Nat. Moss 521, 436–444 (2018).", MOSS, ("Fern", "Oak", "Elm"), 2018, None, "Nat. Moss"),
    Entry("Nature", f"Fern, A. B. et al. {MOSS}. *Nat. Moss* **521**, 436–444 (2018). https://doi.org/10.5555/s1-018-0001-x", MOSS, ("Fern",), 2018, "10.5555/s1-018-0001-x", "Nat. Moss"),
    Entry("Nature", "Oak, C. The Book of Oaks (Tree Press, 1999).", "The Book of Oaks", ("Oak",), 1999),
    Entry("Nature", f"Fern, A. {MOSS}. Preprint at https://arxiv.org/abs/1805.00001 (2018).", MOSS, ("Fern",), 2018),
    Entry("Science", f"A. B. Fern, C. Oak, {MOSS}. Science of Moss 12, 45–67 (2018). doi:10.5555/moss.12", MOSS, FO, 2018, "10.5555/moss.12", "Science of Moss"),
    # ACM
    Entry("ACM", f"Ada B. Fern and Chris Oak. 2018. {MOSS}. J. Moss 12, 3 (May 2018), 45–67. https://doi.org/10.1145/3700446", MOSS, FO, 2018, "10.1145/3700446", "J. Moss"),
    Entry("ACM", f"Ada Fern, Chris Oak, and Dana Elm. 2019. {MOSS}. In Proceedings of the 5th Conference on Moss (MOSS '19). ACM, New York, NY, USA, 1–9.", MOSS, ("Fern", "Oak", "Elm"), 2019),
    Entry("ACM", "Zoe Yew. 2021. Small trees. Ph.D. Dissertation. University of Moss.", "Small trees", ("Yew",), 2021),
    # plain (BibTeX plain, NeurIPS)
    Entry("plain", f"Ada B. Fern, Chris Oak, and Dana Elm. {MOSS}. In Advances in Moss, pages 45–67, 2018.", MOSS, ("Fern", "Oak", "Elm"), 2018, None, "Advances in Moss"),
    Entry("plain", f"Ada Fern and Chris Oak. {MOSS}. arXiv preprint arXiv:1805.00001, 2018.", MOSS, FO, 2018, None, "arXiv preprint"),
    Entry("plain", f"A. Fern, C. Oak. {MOSS}. Journal of Moss, 12(3):45–67, 2018.", MOSS, FO, 2018, None, "Journal of Moss"),
    Entry("plain", "Chris Oak. The Book of Oaks. Tree Press, 1999.", "The Book of Oaks", ("Oak",), 1999, None, "Tree Press"),
    # MLA and Chicago
    Entry("MLA", f'Fern, Ada B., and Chris Oak. "{MOSS}." Journal of Moss, vol. 12, no. 3, 2018, pp. 45-67.', MOSS, FO, 2018, None, "Journal of Moss"),
    Entry("MLA", f'Fern, Ada, et al. "{MOSS}." Journal of Moss 12.3 (2018): 45-67. Print.', MOSS, ("Fern",), 2018, None, "Journal of Moss"),
    Entry("Chicago", f'Fern, Ada, and Chris Oak. 2018. "{MOSS}." Journal of Moss 12 (3): 45–67. https://doi.org/10.5555/moss.12.', MOSS, FO, 2018, "10.5555/moss.12", "Journal of Moss"),
    Entry("Chicago", "Oak, Chris. The Book of Oaks. London: Tree Press, 1999.", "The Book of Oaks", ("Oak",), 1999),
    # ACS, AIP and Elsevier
    Entry("ACS", f"Fern, A. B.; Oak, C. {MOSS}. J. Moss 2018, 12, 45–67. DOI: 10.5555/moss.12", MOSS, FO, 2018, "10.5555/moss.12", "J. Moss"),
    Entry("ACS", f"Fern, A.B.; Oak, C.; Elm, D. {MOSS}. *J. Moss* **2018**, *12*, 45. [CrossRef] [PubMed]", MOSS, ("Fern", "Oak", "Elm"), 2018, None, "J. Moss"),
    Entry("Elsevier", f"A.B. Fern, C. Oak, {MOSS}, J. Moss 12 (2018) 45–67, https://doi.org/10.1016/j.moss.2018.01.001.", MOSS, FO, 2018, "10.1016/j.moss.2018.01.001"),
    Entry("Elsevier", f"Fern, A., Oak, C., 2018. {MOSS}. J. Moss 12, 45–67. https://doi.org/10.1016/0304-3991(95)00012-7", MOSS, FO, 2018, "10.1016/0304-3991(95)00012-7", "J. Moss"),
    # addresses and what machines write
    Entry("link", f"[{MOSS}](https://doi.org/10.5555/moss.12)", MOSS, (), None, "10.5555/moss.12"),
    Entry("link", f"[{MOSS}](https://moss.example/a) (2018)", MOSS, (), 2018),
    Entry("link", '[Fern, A. (2002), "Walls and Clocks"](https://moss.example/b.pdf)', "Walls and Clocks", ("Fern",), 2002),
    Entry("link", '[Oak, C. & Elm, D. "The Bark Ratio" (1994)](https://moss.example/c)', "The Bark Ratio", ("Oak", "Elm"), 1994),
    Entry("address", f"{MOSS}: https://www.nature.com/articles/s41598-017-07587-w", MOSS, (), None, "10.1038/s41598-017-07587-w"),
    Entry("address", f"https://press.example/doi/full/10.5555/moss.12 - {MOSS} - Moss Press", f"{MOSS} - Moss Press", (), None, "10.5555/moss.12"),
    Entry("address", f"{MOSS}. https://www.biorxiv.org/content/10.1101/2020.01.02.123456v2.full", MOSS, (), None, "10.1101/2020.01.02.123456"),
    Entry("address", f"{MOSS} (2014): https://moss.example/a", MOSS, (), 2014),
    Entry("title", MOSS, MOSS),
    Entry("title", f"{MOSS}. Journal of Moss, 2018.", MOSS, (), 2018, None, "Journal of Moss"),
    Entry("title", "Deep Learning. MIT Press, 2016", "Deep Learning", (), 2016, None, "MIT Press"),
    Entry("title", f'"{MOSS}", Journal of Moss, 2018', MOSS, (), 2018, None, "Journal of Moss"),
    Entry("BMC", f"Fern AB, Oak C: {MOSS}. J Moss 2018, 12:45-67.", MOSS, FO, 2018, None, "J Moss"),
    Entry("BMC", f"Fern AB: {MOSS}. J Moss 2018, 12:45-67.", MOSS, ("Fern",), 2018, None, "J Moss"),
    Entry("APA", "Yew, Z. (2005). A “small-world” network of walls. mMoss, 12(3), 45–67.", "A “small-world” network of walls", ("Yew",), 2005, None, "mMoss"),
    Entry("plain", f"R. J. Fern and Y. Ma. {MOSS}. Journal of Moss, 12(3):45–67, 2014.", MOSS, ("Fern", "Ma"), 2014, None, "Journal of Moss"),
    Entry("IEEE", 'Z. Yew, "What is "special" about walls?," Moss Rev., vol. 1, pp. 4–5, 1998.', 'What is "special" about walls?', ("Yew",), 1998, None, "Moss Rev"),
    Entry("Vancouver", f"Fern AB. {MOSS} accessed by boat. J Moss. 2018;12:4-5.", f"{MOSS} accessed by boat", ("Fern",), 2018, None, "J Moss"),
    Entry("Vancouver", f"Stone JK, White Jr. JF. {MOSS}. Moss counted by people in boats. J Moss. 2018;12:4-5.", f"{MOSS}. Moss counted by people in boats", ("Stone", "White"), 2018, None, "J Moss"),
    Entry("title", "Cardiac MRI: can walls be seen? (2024): https://moss.example/a", "Cardiac MRI: can walls be seen?", (), 2024),
    Entry("title", "Appendix A, Methods of Counting Moss", "Appendix A, Methods of Counting Moss"),
    Entry("title", "Counting Moss by Radar (arXiv): https://arxiv.org/abs/2507.00001", "Counting Moss by Radar (arXiv)"),
    Entry("AMA", f"Fern AB, Oak C. {MOSS}. *J Moss*. 2018;12(3):45-67. doi:10.5555/moss.12", MOSS, FO, 2018, "10.5555/moss.12", "J Moss"),
    # DOIs that are easily misread
    Entry("Vancouver", f"Fern AB. {MOSS}. Stat Moss. 1998;17:1661-9. doi: 10.1002/(SICI)1097-0258(19980815/30)17:15/16<1661::AID-SIM968>3.0.CO;2-2", MOSS, ("Fern",), 1998, "10.1002/(sici)1097-0258(19980815/30)17:15/16<1661::aid-sim968>3.0.co;2-2", "Stat Moss"),
    Entry("Vancouver", f"Fern AB. {MOSS}. Stat Moss. 1999;17:1. doi:10.1002/(SICI)1096-8644(199905)109:1&lt;33::AID-AJPA4&gt;3.0.CO;2-#", MOSS, ("Fern",), 1999, "10.1002/(sici)1096-8644(199905)109:1<33::aid-ajpa4>3.0.co;2-#", "Stat Moss"),
    Entry("APA", f"Fern, A. (2018). {MOSS}. Moss. (https://doi.org/10.5555/moss(18)12-3).", MOSS, ("Fern",), 2018, "10.5555/moss(18)12-3", "Moss"),
    Entry("Vancouver", f"Fern A. {MOSS}. Moss. 2018;1:1. doi:10.5555/first. Erratum in: doi:10.5555/second.", MOSS, ("Fern",), 2018, "10.5555/first", "Moss"),
    Entry("Vancouver", f"Fern A. {MOSS}. Moss. 2018;1:1. doi:10.5555/first;10.5555/second", MOSS, ("Fern",), 2018, "10.5555/first", "Moss"),
    Entry("Vancouver", f"Fern A. {MOSS}. Moss. 2018;1:1. DOI 10.5555/ABC,DEF, accessed 2020.", MOSS, ("Fern",), 2018, "10.5555/abc,def", "Moss"),
)  # fmt: skip
# What is known to be read wrong: (words that begin the entry, field).
NOT_YET = frozenset({("Fern A, Oak C 2018 Moss cover", "title")})  # nothing parts title and venue


def read(entry: Entry) -> Reference:
    text = f"Words.\n\n## References\n\n[1] {entry.words}\n"
    (found,) = references_in(text)
    assert found.raw == text[found.start : found.end]
    return found


def right_fields(entry: Entry) -> dict[str, bool]:
    found = read(entry)
    names = len(found.authors) == len(entry.surnames)
    return {
        "title": found.title == entry.title,
        "authors": names and all(name in held for name, held in zip(entry.surnames, found.authors, strict=True)),
        "year": found.year == entry.year,
        "doi": found.doi == entry.doi,
        "venue": entry.venue is None or found.venue == entry.venue,
    }


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: f"{entry.style}: {entry.words[:40]}")
def test_an_entry_is_read_in_the_style_it_is_printed_in(entry: Entry) -> None:
    wrong = {field for field, right in right_fields(entry).items() if not right}
    known = {field for words, field in NOT_YET if entry.words.startswith(words)}
    assert wrong == known, read(entry)


def test_a_share_of_fields_is_read_right_that_a_user_can_rely_on() -> None:
    assert len(ENTRIES) >= 60
    read_right = [right_fields(entry) for entry in ENTRIES]
    for field in ("title", "authors", "year", "doi", "venue"):
        assert sum(fields[field] for fields in read_right) / len(ENTRIES) >= 0.95, field


@pytest.mark.parametrize(
    ("words", "field", "value"),
    [
        ("https://www.nature.com/articles/ncomms2148", "doi", "10.1038/ncomms2148"),
        ("https://zenodo.org/records/1234567", "doi", "10.5281/zenodo.1234567"),
        (
            "https://journals.plos.org/plosone/article?id=10.1371/journal.pone.0046493",
            "doi",
            "10.1371/journal.pone.0046493",
        ),
        ("https://www.medrxiv.org/content/10.1101/2020.03.01.20029876v1", "doi", "10.1101/2020.03.01.20029876"),
        ("https://europepmc.org/article/MED/30480939", "pmid", "30480939"),
        ("https://pubmed.ncbi.nlm.nih.gov/30480939/", "pmid", "30480939"),
        ("https://pmc.ncbi.nlm.nih.gov/articles/PMC8401529/", "pmcid", "PMC8401529"),
        ("https://www.ncbi.nlm.nih.gov/pmc/articles/PMC8401529/", "pmcid", "PMC8401529"),
        ("https://ar5iv.org/abs/1706.03762", "arxiv_id", "1706.03762"),
        ("https://huggingface.co/papers/1706.03762", "arxiv_id", "1706.03762"),
        ("arXiv:math.GT/0309136v2", "arxiv_id", "math/0309136"),
        ("https://arxiv.org/abs/hep-th/9901001", "arxiv_id", "hep-th/9901001"),
        ("ISBN-10: 0-306-40615-2", "isbn", "9780306406157"),
        ("see 10.5555/first, 10.5555/second", "doi", "10.5555/first"),
        ("https://doi.org/10.5555/first,https://doi.org/10.5555/second", "doi", "10.5555/first"),
        (
            "https://www.semanticscholar.org/paper/Walls/DB4b30d93414499c8ad24e5137997c402de6e264",
            "s2",
            "db4b30d93414499c8ad24e5137997c402de6e264",
        ),
        ("https://api.openalex.org/works/w2741809807", "openalex", "W2741809807"),
        ("https://openalex.org/W2741809807", "openalex", "W2741809807"),
        ("https://openalex.org/A2741809807", "openalex", None),
    ],
)
def test_an_address_gives_the_identifier_that_it_carries(words: str, field: str, value: str | None) -> None:
    assert getattr(entry_identifiers(words), field) == value


LISTS = (
    "1. {0}\n2. {1}\n3. {2}",
    "[1] {0}\n[2] {1}\n[3] {2}",
    "- {0}\n- {1}\n- {2}",
    "[^1]: {0}\n[^2]: {1}\n[^3]: {2}",
    "[fern18] {0}\n\n[oak99]: {1}\n\n[elm] {2}",
    "{0}\n\n{1}\n\n{2}",
)


@pytest.mark.parametrize("form", LISTS)
def test_each_form_of_a_list_gives_its_three_entries(form: str) -> None:
    words = [entry.words for entry in ENTRIES if entry.style == "APA"][:3]
    found = references_in("Words.\n\n## References\n\n" + form.format(*words) + "\n")
    assert [one.title for one in found] == [entry.title for entry in ENTRIES if entry.style == "APA"][:3]


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(ENTRIES), st.integers(0, 200), st.text(max_size=5))
def test_a_damaged_entry_is_still_read(entry: Entry, place: int, words: str) -> None:
    fields = entry_fields(entry.words[:place] + words + entry.words[place:])
    assert fields.title is None or fields.title.strip()
    assert all(name.strip() for name in fields.authors)


@pytest.mark.parametrize(
    "unit",
    [
        "A. ",
        "Fern A, ",
        "Fern, A., ",
        "Ada Fern, ",
        "(2018) ",
        "‘a’ ",
        '"a',
        "A",
        "Aa",
        "A-",
        "[",
        "x. X",
        ", A 1 (2",
        "van ",
    ],
)
def test_long_hostile_entries_are_read(unit: str) -> None:
    fields = entry_fields(unit * 2_000)
    assert fields.title is None or len(fields.title) <= 500
    assert entry_identifiers(unit * 2_000).doi is None
