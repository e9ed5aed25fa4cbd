"""Pages read back for the tests, and a record in which every text is hostile; written for the tests."""

from lxml import html

from pipelines.models import Axis, AxisJudgement, AxisOutcome, ClaimVerdict, Reference, Stance
from pipelines.publication.site.build import index_pages, record_page, summary_of
from pipelines.publication.site.reliability import Reliability
from pipelines.publication.views import PublicRecord, ReferenceView
from pipelines.verification.backend import Regime
from pipelines.verification.feature_model import Origin, ReliabilityBin
from tests.publication.published_artifacts import hostile_artifact, hostile_attacker
from tests.publication.published_records import claim_view, evidence, gated_record, said

SCRIPT = "<script>alert(1)</script>"
OVERRIDE = "abc\u202egnp.exe"


def parsed(page: str) -> html.HtmlElement:
    return html.document_fromstring(page)


def text_of(element: html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


def list_files(*records: PublicRecord) -> dict[str, bytes]:
    """What lists these records: path within the site to bytes."""
    return dict(index_pages([summary_of(record) for record in records]))


def index_page(*records: PublicRecord) -> str:
    return list_files(*records)["index.html"].decode()


def section(page: str, heading: str) -> html.HtmlElement:
    (found,) = parsed(page).xpath(f'//section[h2[@id="{heading}"]]')
    return found


def hostile_record() -> PublicRecord:
    nasty = f"{SCRIPT} {OVERRIDE} \x00\x1b[31m {'A' * 100_000}"
    record = gated_record()
    quoted = evidence(f"{SCRIPT} says {OVERRIDE}. More.", f"{SCRIPT} says {OVERRIDE}.", Stance.SUPPORTS)
    urls = (
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "data:text/html,<script>1</script>",
        "https://bank.example@evil.example/",
        'https://evil.example/"onmouseover="x',
        "http://[::1",
        " https://space.example",
    )
    return record.model_copy(
        update={
            "record_id": f"../../{nasty}",
            "title": nasty,
            "publisher": nasty,
            "question": nasty,
            "identifier": "javascript:alert(1)",
            "claims": (
                claim_view(
                    1,
                    nasty,
                    ClaimVerdict.SUPPORTED,
                    quoted,
                    reason=nasty,
                    backend=nasty,
                    verifier_version=nasty,
                    per_source=tuple(
                        said(f"{n} {nasty}", ClaimVerdict.NOT_ENOUGH_INFO, 0.5).model_copy(update={"reason": nasty})
                        for n in range(40)
                    ),
                    axes=(AxisJudgement(axis=Axis.SUBJECT, outcome=AxisOutcome.DIFFERS, why=nasty),),
                ),
            ),
            "found_sources": tuple(s.model_copy(update={"title": nasty}) for s in record.found_sources),
            "references": tuple(
                ReferenceView(reference=Reference(ordinal=n, raw=nasty, url=url), audit=None)
                for n, url in enumerate(urls, 1)
            ),
            "sources": tuple(s.model_copy(update={"title": nasty, "licence": nasty}) for s in record.sources),
            "findings": tuple(f.model_copy(update={"message": nasty}) for f in record.findings),
            "level_basis": nasty,
            "gates": tuple(
                gate.model_copy(
                    update={
                        "title": nasty,
                        "question": nasty,
                        "reason": nasty,
                        "attackers": tuple(hostile_attacker(nasty) for _ in gate.attackers),
                    }
                )
                for gate in record.gates
            ),
            "artifacts": (hostile_artifact(nasty),) * 40,
        }
    )


def measured(backend: str = "features", data: str = "pairs written for a test") -> Reliability:
    given = (
        ReliabilityBin(from_confidence=0.0, to_confidence=0.5, cases=40, mean_confidence=0.4, right=0.45),
        ReliabilityBin(from_confidence=0.9, to_confidence=1.0, cases=120, mean_confidence=0.95, right=0.9),
    )
    return Reliability(
        backend=backend,
        made_on="2026-11-21",
        origin=(Origin(data=data, licence="CC BY 4.0", rows=1_160, use="coefficients and calibration"),),
        curves={Regime.GIVEN: given, Regime.SEARCHED: ()},
    )


def claim_row(record: PublicRecord, ordinal: int) -> html.HtmlElement:
    (row,) = parsed(record_page(record)).xpath(f'//tr[@id="claim-{ordinal}"]')
    return row
