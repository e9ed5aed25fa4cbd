"""Every invariant, and the ways of breaking it that its check has to find."""

from __future__ import annotations

import json

from tests.assets.planted_rows import (
    EARLIER,
    FALSIFIED,
    ITS_CLAIMS,
    LATER,
    LICHEN_RECORD,
    ONE_CLAIM,
    PRISMA,
    SUPPORTED_CLAIM,
    UNPUBLISHED,
    WHOLE,
    a_blob,
    a_file,
    approval,
    artifact,
    attempt,
    checked_scan,
    correction,
    fabricated,
    found_work,
    gate_verdict,
    imported_scan,
    like,
    looked_at,
    manifest,
    one_claim_more,
    per_source,
    published,
    quoted,
    refused_scan,
    scored,
    search,
    shares,
    tier,
    verdict,
    withdrawn,
)

# Invariant to the ways of breaking it; each way is a series of statements.
PLANTED: dict[str, tuple[tuple[str, ...], ...]] = {
    "documents_keep_their_bytes": (("UPDATE documents SET bytes = bytes || 'x'::BLOB WHERE name = 'racks.md'",),),
    "synthetic_stays_in_the_demo": (("UPDATE records SET synthetic = TRUE",),),
    "records_have_documents": (
        (like("records", "TRUE", row_id="'planted'", batch_id="'planted'", document_id="'gone'"),),
    ),
    "passages_stand_in_their_text": (
        (like("passages", "TRUE", passage_id="'planted'", text="'words of our own'"),),
        (like("passages", "TRUE", passage_id="'planted'", text="NULL"),),
        (like("passages", "TRUE", passage_id="'planted'", source_version_id="'gone'"),),
        (like("passages", "TRUE", passage_id="'planted'", end_offset="100000"),),
        # Words of the source indeed, but counted from its end.
        (
            like(
                "passages",
                "TRUE",
                passage_id="'planted'",
                start_offset="-6",
                end_offset="-1",
                text="right(text, 6)[:5]",
            ),
        ),
    ),
    "claims_stand_in_their_record": (
        (f"UPDATE claims SET text = 'nobody said this' WHERE claim_id = {ONE_CLAIM}",),
        (f"UPDATE claims SET start_offset = start_offset + 1 WHERE claim_id = {ONE_CLAIM}",),
        (like("claims", "TRUE", row_id="'planted'", batch_id="'planted'", record_version_id="'gone'"),),
        (like("claims", "TRUE", row_id="'planted'", batch_id="'planted'", end_offset="NULL"),),
    ),
    "claims_are_all_there": (
        (f"UPDATE batches SET row_count = row_count + 1 WHERE {ITS_CLAIMS}", *UNPUBLISHED),
        (
            f"DELETE FROM claims WHERE {ITS_CLAIMS} AND ordinal = 4",
            "DELETE FROM verdicts AS v WHERE NOT EXISTS (SELECT 1 FROM claims AS c WHERE c.claim_id = v.claim_id)",
            *UNPUBLISHED,
        ),
    ),
    "answers_are_kept": (
        (
            "INSERT INTO index_lookups BY NAME SELECT 'planted' AS lookup_id, 'crossref:doi:10.1/a' AS lookup_key, "
            f"'gone' AS answer_id, 'absent' AS outcome, {EARLIER} AS recorded_at",
        ),
        (
            "INSERT INTO index_lookups BY NAME SELECT 'planted' AS lookup_id, 'crossref:doi:10.1/a' AS lookup_key, "
            f"NULL AS answer_id, 'held' AS outcome, {EARLIER} AS recorded_at",
        ),
    ),
    "searches_add_up": (
        search(PRISMA, "hit 2"),
        search(PRISMA, "duplicate"),
        search(PRISMA, "screened"),
        search(PRISMA, "retrieved"),
        search(PRISMA, "assessed"),
        search(PRISMA.replace('"included": 1', '"included": 2')),
        search(PRISMA.replace('"duplicates_removed": 1', '"duplicates_removed": 0')),
    ),
    "fabricated_rests_on_answers": (
        (fabricated(),),
        (fabricated(("crossref", "absent"), ("openalex", "failed")),),
        (fabricated(("crossref", "absent"), ("crossref", "held")),),
    ),
    "references_have_audits": (("UPDATE reference_audits SET reference_id = 'another' WHERE finding = 'FOUND'",),),
    "findings_are_known_words": (
        (like("reference_audits", "TRUE", audit_id="'planted'", recorded_at=EARLIER, finding="'PROBABLY_FINE'"),),
        (like("reference_audits", "TRUE", audit_id="'planted'", recorded_at=EARLIER, finding="NULL"),),
    ),
    "verified_at_most_extracted": ((f"UPDATE batches SET row_count = 1 WHERE {ITS_CLAIMS}", *UNPUBLISHED),),
    "verdicts_add_up": (
        # The same claim twice in a batch is one claim, so that one of those extracted is judged by nobody.
        (*one_claim_more(), *UNPUBLISHED),
    ),
    "verdicts_have_claims": ((verdict(claim_id="'gone'"),),),
    "claims_have_verdicts": ((*one_claim_more(claim_id="'planted'"), *UNPUBLISHED),),
    "verdicts_are_known_words": (
        (verdict(recorded_at=LATER, verdict="'PROBABLY'"), *UNPUBLISHED),
        (
            "INSERT INTO adjudications SELECT 'planted', claim_id, 'TRUE', 'so it is', 'an editor', recorded_at "
            f"FROM current_verdicts WHERE claim_id = {SUPPORTED_CLAIM}",
            *UNPUBLISHED,
        ),
    ),
    "verdicts_rest_on_evidence": (
        (verdict(verdict="'SUPPORTED'"),),
        (verdict(verdict="'REFUTED'"),),
        (
            verdict(verdict="'DISPUTED'"),
            like("evidence", "stance = 'SUPPORTS'", evidence_id="'planted'", verdict_id="'planted'"),
        ),
    ),
    "evidence_stands_in_its_passage": (
        (like("evidence", "TRUE", evidence_id="'planted'", text="'what we wish it said'"),),
        (like("evidence", "TRUE", evidence_id="'planted'", passage_id="'gone'"),),
        (like("evidence", "TRUE", evidence_id="'planted'", text="NULL"),),
        (like("evidence", "TRUE", evidence_id="'planted'", end_offset="100000"),),
    ),
    "confidence_is_a_share": (
        (verdict(confidence="1.01"),),
        (verdict(confidence="-0.01"),),
        (verdict(confidence="'NaN'::DOUBLE"),),
        (verdict(verdict="'NOT_CHECKED'", confidence="0.5"),),
    ),
    "confidence_names_its_backend": (
        (verdict(backend="''"),),
        (verdict(backend="NULL"),),
        (verdict(verifier_version="' '"),),
    ),
    "probabilities_add_up": (
        (verdict(probabilities=f"'{json.dumps(shares(0.5, 0.2, 0.2))}'"),),
        (verdict(probabilities=f"'{json.dumps(shares(0.7, 0.2, 0.102))}'"),),
        (verdict(probabilities=f"'{json.dumps(shares(None, 0.5, 0.5))}'"),),
        (verdict(per_source=per_source("NOT_ENOUGH_INFO", probabilities=shares(0.9, 0.9, 0.9))),),
    ),
    "source_verdicts_rest_on_evidence": (
        # Quoted is another source; the right source, but a sentence that says otherwise; only looked at, and neutral.
        (verdict(verdict="'SUPPORTED'", per_source=per_source("SUPPORTED")), quoted("SUPPORTS", "another")),
        (
            verdict(verdict="'DISPUTED'", per_source=per_source("SUPPORTED", "REFUTED")),
            quoted("SUPPORTS"),
            quoted("REFUTES"),
        ),
        (
            verdict(verdict="'SUPPORTED'", per_source=per_source("SUPPORTED")),
            quoted("SUPPORTS", "another"),
            looked_at(source_id="'its source'", stance="'NEUTRAL'", passage_id="passage_id"),
            "UPDATE sentence_features SET source_id = (SELECT source_id FROM passages AS p "
            "WHERE p.passage_id = sentence_features.passage_id)",
        ),
    ),
    "verdicts_follow_their_sources": (
        (verdict(per_source=per_source("SUPPORTED")), quoted("SUPPORTS")),
        (verdict(verdict="'REFUTED'", per_source=per_source("SUPPORTED")), quoted("SUPPORTS"), quoted("REFUTES")),
        (verdict(verdict="'SUPPORTED'", per_source=per_source("NOT_ENOUGH_INFO")), quoted("SUPPORTS")),
        (verdict(verdict="'DISPUTED'", per_source=per_source("REFUTED")), quoted("SUPPORTS"), quoted("REFUTES")),
    ),
    "features_stand_in_their_passage": (
        (looked_at(end_offset="100000"),),
        (looked_at(start_offset="-6", end_offset="-1"),),
        (looked_at(end_offset="start_offset"),),
        (looked_at(passage_id="'gone'"),),
        (looked_at(source_id="'another'"),),
        (looked_at(start_offset="NULL"),),
    ),
    "searched_verdicts_name_their_works": (
        (verdict(scope="'corpus'"),),
        (verdict(scope="'corpus'"), found_work(source_version_id="'gone'")),
        (verdict(scope="'record'"), found_work()),
    ),
    "stated_and_counted_agree": (
        ('UPDATE records SET parsed = json_merge_patch(parsed, \'{"stated": {"claims_extracted": 99}}\')',),
        ('UPDATE records SET parsed = json_merge_patch(parsed, \'{"stated": {"claims_verified": 4}}\')',),
    ),
    "scores_between_0_and_10": (
        ("UPDATE reviews SET score = 10.5, high = 10.5", *UNPUBLISHED),
        ("UPDATE reviews SET score = -1, low = -1", *UNPUBLISHED),
    ),
    "scores_lie_in_their_spread": (
        ("UPDATE reviews SET high = score - 0.1",),
        ("UPDATE reviews SET low = NULL",),
    ),
    "records_have_reviews": (("UPDATE reviews SET record_id = 'another'", *UNPUBLISHED),),
    "imported_scans_broke_no_rule": (
        (imported_scan(warnings="""'[{"severity": "warning"}, {"severity": "error"}]'"""),),
        (imported_scan(scan="'{'"),),
        (imported_scan(scan_version="4"),),
    ),
    "refused_scans_say_why": (
        (refused_scan("'[]'"),),
        (refused_scan("""'[{"severity": "warning"}]'"""),),
    ),
    "scan_checks_stand_in_their_text": (
        (checked_scan("""'{"grade": "found", "start": 4, "end": 11, "words": "of some"}'"""),),
        (checked_scan("""'{"grade": "found", "start": null, "end": null, "words": null}'"""),),
        (checked_scan("""'}'"""),),
        # Within the text of a source held here, but other words than stand there.
        (
            checked_scan(
                """'{"grade": "found", "start": 0, "end": 4, "words": "~~~~"}'""",
                source_version_id="(SELECT min(source_version_id) FROM source_versions)",
            ),
        ),
    ),
    "artifacts_keep_their_files": (
        artifact(),
        artifact(a_file("'a'")),
        artifact(a_file("'a'"), a_blob("'a'", data="'b'::BLOB")),
        artifact(a_file("'a'"), a_blob("'a'", size="2")),
    ),
    "attempts_are_of_artifacts": (
        (attempt(artifact_id="'gone'"),),
        (*WHOLE, attempt(claim_id="'another'")),
        (*WHOLE, attempt(outcome="'NOT_ATTEMPTED'")),
        (*WHOLE, attempt(outcome="NULL")),
        (*WHOLE, attempt(outcome="'VERIFIED'")),
        (*WHOLE, attempt(outcome="'REFUTED'"), approval("FALSE")),
        (*WHOLE, attempt(outcome="'VERIFIED'"), approval("TRUE", at=LATER)),
        (*WHOLE, attempt(outcome="'VERIFIED'", backend_is_authority="FALSE"), approval("TRUE")),
    ),
    "published_gates_are_those_held": (
        (published("status", '"UNVERIFIED"', '"FALSIFIED"'),),
        (published("status", '"UNVERIFIED"', "null"),),
    ),
    "activations_are_known": ((gate_verdict(activation_id="'gate-2@1999-01-01'"),),),
    "gates_look_back_only": ((gate_verdict(as_of=LATER),),),
    "verified_needs_an_artifact": (
        (gate_verdict(public_status="'VERIFIED'", outcome="'VERIFIED'"),),
        (gate_verdict(public_status="'VERIFIED'"),),
        (gate_verdict(outcome="'VERIFIED'"),),
    ),
    "falsified_only_if_refuted": (
        (gate_verdict(public_status="'FALSIFIED'", outcome="'ATTEMPT_FAILED'"),),
        (gate_verdict(public_status="'FALSIFIED'", outcome="NULL"),),
        (gate_verdict(public_status="'UNVERIFIED'", outcome="'REFUTED'"),),
        (gate_verdict(public_status="NULL", outcome="'REFUTED'"),),
    ),
    "tiers_follow_the_facts": (
        tier("PUBLIC_RECORD", scored("4.9")),
        tier("UNRATED"),
        tier(None),
        tier("DOI_GRADE", scored("7.4")),
        tier("PUBLIC_RECORD", scored("7.5")),
        tier("FLAGSHIP_CANDIDATE", scored("9")),  # no artifact, too few supported
        tier("QUARANTINE_CANDIDATE", scored("6")),
        tier("PUBLIC_RECORD", scored("NULL")),
        tier("WATCHLIST", FALSIFIED),
    ),
    "withdrawn_texts_are_gone": (
        (withdrawn("record", f"{LICHEN_RECORD}"),),
        (withdrawn("document", "(SELECT min(document_id) FROM documents)"),),
        (withdrawn("source", "'doi:10.5555/tests.racks.1'"),),
        (withdrawn("version", "(SELECT min(source_version_id) FROM source_versions)"),),
    ),
    "corrections_are_chained": (
        (correction("why", '"nothing happened"'),),
        (correction("sequence", "3"),),
        (correction("sequence", '"no number"'),),
        ("UPDATE corrections SET sequence = 3 WHERE sequence = 2",),
        ("UPDATE corrections SET hash = '0' WHERE sequence = 1",),
        ("UPDATE corrections SET record_id = 'another'",),
        ("UPDATE corrections SET sequence = 3 - sequence",),
    ),
    "nothing_from_the_future": (("UPDATE rejections SET recorded_at = TIMESTAMPTZ '2026-07-04 09:02:00+00'",),),
    "tables_never_shrink": (
        ("DELETE FROM rejections",),
        ("INSERT INTO table_sizes VALUES ('attempts', 1, now(), 'planted')",),
    ),
    "manifests_say_what_is_held": (
        (manifest({"claim_counts": {"extracted": 7, "supported": 7}}),),
        (manifest({"claim_counts": None}),),
        (manifest({}),),
        ("UPDATE manifests SET body = 'damaged'::BLOB",),
        # as rows of before migration 12 hold it
        ('UPDATE manifests SET body = NULL, manifest = \'{"claim_counts": {"supported": 7}}\'',),
    ),
    "records_have_pages": (
        ("UPDATE pages SET record_id = 'another'",),
        ("UPDATE manifests SET record_id = 'another'",),
    ),
}
