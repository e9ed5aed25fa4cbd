"""Europe PMC: what its answers say of versions, errata and retractions."""

from __future__ import annotations

from typing import Any

import pytest

from pipelines.models import NoticeKind
from tests.ingestion.indexes.europepmc_answers import links, work


@pytest.mark.parametrize(
    ("relation", "kind"),
    [
        ("Retraction in", NoticeKind.RETRACTED),
        ("Partial retraction in", NoticeKind.RETRACTED),
        ("Erratum in", NoticeKind.CORRECTED),
        ("Corrected and republished in", NoticeKind.CORRECTED),
        ("Expression of concern in", NoticeKind.CONCERN),
        ("Update in", NoticeKind.SUPERSEDED),
    ],
)
def test_what_was_published_about_an_article_is_a_notice_of_it(relation: str, kind: NoticeKind) -> None:
    found = work(commentCorrectionList=links((relation, "MED", "456")))
    assert [(notice.kind, notice.id, notice.date) for notice in found.notices] == [(kind, "pmid:456", "2021-03")]
    assert found.updates == ()


@pytest.mark.parametrize(
    ("relation", "kind"),
    [
        ("Retraction of", NoticeKind.RETRACTED),
        ("Erratum for", NoticeKind.CORRECTED),
        ("Expression of concern for", NoticeKind.CONCERN),
        ("Update of", NoticeKind.SUPERSEDED),
    ],
)
def test_a_notice_speaks_of_the_other_work_and_bears_no_notice_itself(relation: str, kind: NoticeKind) -> None:
    types = {"pubType": ["retraction of publication", "Journal Article"]}
    found = work(commentCorrectionList=links((relation, "MED", "456")), pubTypeList=types)
    assert found.notices == ()
    assert [(update.target, update.notice.kind, update.notice.id) for update in found.updates] == [
        ("pmid:456", kind, "pmid:123")
    ]
    assert found.type == "retraction-notice"


@pytest.mark.parametrize("relation", ["Comment in", "Comment on", "Cites", "Retraction", "", "In"])
def test_other_links_are_no_notices(relation: str) -> None:
    found = work(commentCorrectionList=links((relation, "MED", "456")))
    assert (found.notices, found.updates, found.versions) == ((), (), ())


@pytest.mark.parametrize(
    "types", [{"pubTypeList": {"pubType": ["Retracted Publication"]}}, {"pubType": "x; retracted publication"}]
)
def test_a_retracted_publication_is_retracted_in_the_full_and_the_short_form(types: dict[str, Any]) -> None:
    found = work(**{"pubTypeList": None, **types})
    assert [(notice.kind, notice.origin) for notice in found.notices] == [(NoticeKind.RETRACTED, "europe-pmc")]


def test_an_erratum_is_never_a_retraction() -> None:
    found = work(pubTypeList={"pubType": ["Published Erratum", "correction"]})
    assert (found.type, found.notices) == ("correction", ())


PREPRINT = {"id": "PPR70", "source": "PPR", "pmid": None, "doi": "10.1234/pre.v1", "versionNumber": 1}
TWO_VERSIONS = {
    "version": [
        {"id": "PPR71", "source": "PPR", "versionNumber": 2, "firstPublishDate": "2023-11-22"},
        {"id": "PPR70", "source": "PPR", "versionNumber": 1, "firstPublishDate": "2023-08-21"},
        {"id": "nonsense", "source": "PPR", "versionNumber": 3},
        "nonsense",
    ]
}


def test_the_versions_of_a_preprint_are_listed_oldest_first_and_an_old_one_is_superseded() -> None:
    found = work(**PREPRINT, versionList=TWO_VERSIONS, commentCorrectionList=links(("Preprint of", "MED", "456")))
    assert [(version.label, version.source_id, version.date) for version in found.versions] == [
        ("v1", "doi:10.1234/pre.v1", "2023-08-21"),
        ("v2", "ppr:PPR71", "2023-11-22"),
        ("published", "pmid:456", "2021-03"),
    ]
    assert [(notice.kind, notice.detail) for notice in found.notices] == [
        (NoticeKind.SUPERSEDED, "version 2 is the latest")
    ]
    assert (found.type, found.version) == ("preprint", "1")


def test_the_latest_version_of_a_preprint_is_not_superseded() -> None:
    assert work(**{**PREPRINT, "id": "PPR71", "versionNumber": 2}, versionList=TWO_VERSIONS).notices == ()


def test_an_article_names_its_preprint() -> None:
    found = work(commentCorrectionList=links(("Preprint in", "PPR", "PPR70")))
    assert [(version.label, version.source_id) for version in found.versions] == [
        ("preprint", "ppr:PPR70"),
        ("published", "pmid:123"),
    ]
    assert (found.notices, found.updates) == ((), ())


def test_a_withdrawn_preprint_is_withdrawn() -> None:
    found = work(**PREPRINT, pubTypeList={"pubType": ["preprint", "preprint-withdrawal"]})
    assert [notice.kind for notice in found.notices] == [NoticeKind.WITHDRAWN]
