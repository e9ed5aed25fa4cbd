"""The settings of the network as the environment gives them."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from pipelines.ingestion.indexes.registry import INDEXES
from pipelines.ingestion.network import FullTexts, ModelSettings, NetworkSettings


def test_the_network_is_off_unless_it_is_turned_on() -> None:
    assert not NetworkSettings.of({}).online
    assert not NetworkSettings.of({"CLAIMGATE_ONLINE": "false"}).online
    assert NetworkSettings.of({"CLAIMGATE_ONLINE": "true"}).online


def test_an_index_that_demands_a_contact_address_is_asked_only_with_one() -> None:
    assert "unpaywall" not in NetworkSettings.of({}).able()
    able = NetworkSettings.of({"CLAIMGATE_CONTACT": "desk@example.org"}).able()
    assert set(able) == set(INDEXES)


@pytest.mark.parametrize(
    ("setting", "for_records", "for_questions"),
    [("never", False, False), ("questions", False, True), ("always", True, True), ("", False, True)],
)
def test_full_texts_are_fetched_when_the_setting_says(setting: str, for_records: bool, for_questions: bool) -> None:
    settings = NetworkSettings.of({"CLAIMGATE_FULL_TEXTS": setting})
    assert ("fulltext" in settings.able()) == for_records
    assert ("fulltext" in settings.able(question=True)) == for_questions


def test_each_setting_has_its_place() -> None:
    settings = NetworkSettings.of(
        {
            "CLAIMGATE_CROSSREF_URL": "http://127.0.0.1:1/crossref/",
            "CLAIMGATE_SEMANTIC_SCHOLAR_KEY": "hidden",
            "CLAIMGATE_RECHECK_DAYS": "0.5",
            "CLAIMGATE_SPEED": "20",
            "CLAIMGATE_PACES": "/tmp/paces",
            "CLAIMGATE_MODEL": "scribe",
            "CLAIMGATE_MODEL_URL": "http://127.0.0.1:2/v1/",
        }
    )
    assert settings.base_of(INDEXES["crossref"]) == "http://127.0.0.1:1/crossref"
    assert settings.base_of(INDEXES["openalex"]) == "https://api.openalex.org"
    assert settings.keys["semantic-scholar"].get_secret_value() == "hidden"
    assert "hidden" not in repr(settings)
    assert (settings.recheck, settings.speed) == (timedelta(hours=12), 20.0)
    assert settings.paces == Path("/tmp/paces")
    assert settings.model == ModelSettings("http://127.0.0.1:2/v1", "scribe")
    assert settings.full_texts is FullTexts.QUESTIONS


def test_a_model_without_an_address_is_none() -> None:
    assert NetworkSettings.of({"CLAIMGATE_MODEL": "scribe"}).model is None


@pytest.mark.parametrize("name", ["RECHECK_DAYS", "SPEED", "FULL_TEXTS"])
def test_a_value_that_is_none_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="often"):
        NetworkSettings.of({f"CLAIMGATE_{name}": "often"})
