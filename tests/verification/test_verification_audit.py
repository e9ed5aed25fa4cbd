"""References: one row per case of the table of findings. All works are invented for this test."""

from __future__ import annotations

from typing import Any

import pytest

from pipelines.models import Notice, NoticeKind, Reference, ReferenceFinding, Work
from pipelines.verification.audit import audit_reference, titles_agree

RETRACTED = Notice(kind=NoticeKind.RETRACTED, origin="library:works.jsonl")
HELD = Work(
    source_id="doi:10.5555/tide", aliases=("arxiv:2401.00001",), title="Tidal Memory: Learning to Forget on Schedule",
    authors=("Marta Øverland", "Jun Ito"), year=2023, notices=(RETRACTED,), origin="library:works.jsonl",
)  # fmt: skip
OTHER = Work(
    source_id="doi:10.5555/moss", title="Moss Growth as a Random Field", authors=("A. Brandt",), year=2019,
    origin="library:works.jsonl",
)  # fmt: skip
GIVEN = HELD.model_copy(update={"source_id": "title:abc", "aliases": (), "origin": "given"})
FOUND, MISDESCRIBED = ReferenceFinding.FOUND, ReferenceFinding.MISDESCRIBED
UNFINDABLE, UNREACHABLE = ReferenceFinding.UNFINDABLE, ReferenceFinding.UNREACHABLE
TITLE = HELD.title

CASES: list[tuple[str, dict[str, Any], ReferenceFinding, list[str]]] = [
    ("identifier alone", {"doi": "10.5555/tide"}, FOUND, []),
    ("alias", {"arxiv_id": "2401.00001", "title": TITLE}, FOUND, []),
    (
        "title in other case, TeX",
        {"doi": "10.5555/tide", "title": "{TIDAL} Memory -- learning to forget on \\emph{schedule}"},
        FOUND,
        [],
    ),
    ("no subtitle", {"doi": "10.5555/tide", "title": "Tidal Memory"}, FOUND, []),
    ("year of the preprint", {"doi": "10.5555/tide", "year": 2022}, FOUND, []),
    ("accents folded", {"doi": "10.5555/tide", "authors": ("Overland, M.",)}, FOUND, []),
    ("other title", {"doi": "10.5555/tide", "title": "A Survey of Volcanic Glass"}, MISDESCRIBED, ["title"]),
    ("other authors", {"doi": "10.5555/tide", "authors": ("P. Nowak",)}, MISDESCRIBED, ["authors"]),
    ("other year", {"doi": "10.5555/tide", "year": 2011}, MISDESCRIBED, ["year"]),
    ("title alone", {"title": TITLE, "year": 2023}, FOUND, []),
    ("identifier of another work", {"doi": "10.5555/moss", "title": TITLE, "year": 2023}, MISDESCRIBED, ["doi"]),
    ("not held", {"doi": "10.5555/none", "title": "Salt Marsh Automata"}, UNFINDABLE, []),
    ("title of a work of another year", {"title": TITLE, "year": 2001}, UNFINDABLE, []),
    ("web page", {"url": "https://example.org/page"}, UNREACHABLE, []),
    ("nothing to look up by", {}, UNREACHABLE, []),
]


def reference(**fields: Any) -> Reference:
    return Reference(ordinal=1, raw="as printed", **fields)


@pytest.mark.parametrize(("stated", "finding", "fields"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_a_reference_is_judged_by_what_the_library_holds(
    stated: dict[str, Any], finding: ReferenceFinding, fields: list[str]
) -> None:
    audit = audit_reference(reference(**stated), [OTHER, HELD], indexes_asked=("library",), given=False)
    assert audit.finding is finding
    assert [m.field for m in audit.mismatches] == fields
    assert audit.reason


def test_notices_of_the_work_are_carried_over() -> None:
    audit = audit_reference(reference(doi="10.5555/tide"), [HELD], indexes_asked=("library",), given=False)
    assert audit.notices == (RETRACTED,)


def test_an_unfindable_reference_names_the_index_that_was_asked() -> None:
    audit = audit_reference(reference(title="Salt Marsh Automata"), [], indexes_asked=("library",), given=False)
    assert "library" in audit.reason
    assert "too thin" in audit.reason


def test_nothing_asked_says_nothing() -> None:
    audit = audit_reference(reference(doi="10.5555/none"), [], indexes_asked=(), given=False)
    assert audit.finding is UNREACHABLE


def test_fabrication_is_said_only_when_two_indexes_answered() -> None:
    stated = reference(doi="10.5555/none", title="Salt Marsh Automata")
    asked = {n: audit_reference(stated, [OTHER], indexes_asked=n, given=False).finding for n in (("a",), ("a", "b"))}
    assert asked == {("a",): UNFINDABLE, ("a", "b"): ReferenceFinding.LIKELY_FABRICATED}


def test_text_that_came_with_the_record_is_no_sign_that_the_work_exists() -> None:
    audit = audit_reference(reference(title=TITLE), [GIVEN], indexes_asked=("library",), given=True)
    assert audit.finding is UNREACHABLE
    assert audit.source_id == "title:abc"
    assert "came with the record" in audit.reason


def test_the_order_of_candidates_changes_nothing() -> None:
    stated = reference(doi="10.5555/moss", title=TITLE)
    first, second = (
        audit_reference(stated, works, indexes_asked=("library",), given=False)
        for works in ([HELD, OTHER], [OTHER, HELD])
    )
    assert first == second


def test_long_hostile_titles_are_bounded() -> None:
    assert titles_agree("{" * 100_000, ": " * 100_000) <= 100
