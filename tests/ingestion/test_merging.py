"""Works that share an identifier are one, whoever named them and in whatever order."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pipelines.ingestion.merging import merged_works
from pipelines.models import FullTextLocation, Notice, NoticeKind, Work, WorkVersion


def work(*names: str, **fields: object) -> Work:
    given = {"title": "Of moss", "origin": "crossref"} | fields
    return Work.model_validate({"source_id": names[0], "aliases": names[1:], **given})


def test_a_chain_of_shared_identifiers_is_one_work() -> None:
    chain = [work("doi:10.1/a", "arxiv:2401.00001"), work("arxiv:2401.00001", "pmid:7"), work("pmid:7", "s2:b")]
    (merged,) = merged_works(chain)
    assert merged.source_id == "doi:10.1/a"
    assert merged.aliases == ("arxiv:2401.00001", "pmid:7", "s2:b")


def test_nothing_that_any_copy_says_of_notices_versions_and_places_is_lost() -> None:
    retracted = Notice(kind=NoticeKind.RETRACTED, id="10.1/n", origin="crossref:publisher")
    second = WorkVersion(label="v2", source_id="arxiv:2401.00001v2")
    place = FullTextLocation(url="https://example.org/a.pdf")
    (merged,) = merged_works(
        [
            work("doi:10.1/a", notices=(retracted,)),
            work("doi:10.1/a", versions=(second,)),
            work("doi:10.1/a", full_texts=(place,), text="A long text.", text_kind="abstract"),
        ]
    )
    assert (merged.notices, merged.versions, merged.full_texts) == ((retracted,), (second,), (place,))
    assert merged.text == "A long text."


NAMES = st.lists(st.sampled_from([f"doi:10.1/{letter}" for letter in "abcdefgh"]), min_size=1, max_size=3, unique=True)


@given(st.lists(NAMES, max_size=12), st.randoms())
def test_the_result_holds_each_name_once_and_does_not_depend_on_the_order(
    groups: list[list[str]], dice: object
) -> None:
    works = [work(*names) for names in groups]
    merged = merged_works(works)
    held = [name for one in merged for name in (one.source_id, *one.aliases)]
    assert sorted(held) == sorted({name for names in groups for name in names})
    shuffled = list(works)
    dice.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis gives a random.Random
    assert merged_works(shuffled) == merged
