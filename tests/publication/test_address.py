"""The public address of the site: what is taken for one, and what paths become with it and without."""

import dagster as dg
import pytest

from assets.resources import SiteResource
from claimgate.errors import BadInput
from claimgate.settings import load_settings
from pipelines.publication.site.address import SiteAddress


@pytest.mark.parametrize(
    ("given", "held"),
    [
        ("https://checks.example", "https://checks.example/"),
        ("https://checks.example/", "https://checks.example/"),
        ("https://Checks.Example/a/b///", "https://checks.example/a/b/"),
        (" http://localhost:8000 ", "http://localhost:8000/"),
        ("", None),
        (None, None),
    ],
)
def test_an_address_ends_with_one_slash(given: str | None, held: str | None) -> None:
    assert SiteAddress(url=given).url == held


@pytest.mark.parametrize(
    "given",
    [
        "ftp://checks.example/",
        "checks.example",
        "javascript:alert(1)",
        "https://reader@checks.example/",
        "https://checks.example/?page=1",
        "https://checks.example/?",
        "https://checks.example/#top",
        "https://checks.example/a/../b",
        "https://checks.example/<script>",
        'https://checks.example/"x',
        "https://checks.example:port/",
        "https://chécks.example/",
        "https://checks.example/\u202e",
        "https://" + "a" * 3_000,
    ],
)
def test_what_is_no_address_is_refused_with_what_to_write(given: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValueError, match="without user, query and fragment"):
        SiteAddress(url=given)
    monkeypatch.setenv("CLAIMGATE_SITE_URL", given)
    with pytest.raises(
        BadInput, match=r"site_url \(environment CLAIMGATE_SITE_URL\) is not usable: write http\(s\)://"
    ):
        load_settings()
    with pytest.raises(dg.Failure, match=r"CLAIMGATE_SITE_URL is not usable: write http\(s\)://"):
        SiteResource().address()


def test_paths_are_absolute_where_the_address_is_known_and_relative_where_not() -> None:
    known, unknown = SiteAddress(url="https://checks.example/site"), SiteAddress()
    assert known.of("a/b.html#claim-1") == "https://checks.example/site/a/b.html#claim-1"
    assert known.of('a b"<.html') == "https://checks.example/site/a%20b%22%3C.html"
    assert unknown.of("a.html") is None
    assert (known.link("a.html", root="../"), unknown.link("a.html", root="../")) == (
        "https://checks.example/site/a.html",
        "../a.html",
    )


def test_assets_are_given_the_address_of_the_environment_unless_they_have_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CLAIMGATE_SITE_URL", raising=False)
    assert SiteResource().address() == SiteAddress()
    monkeypatch.setenv("CLAIMGATE_SITE_URL", "https://checks.example")
    assert SiteResource().address().url == "https://checks.example/"
    assert SiteResource(url="https://other.example").address().url == "https://other.example/"
    assert load_settings()[0].site_url == "https://checks.example/"
