"""Text from outside is shown, never obeyed, and bounded in length."""

import re
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.models import Reference
from pipelines.publication.site.build import record_page
from pipelines.publication.site.text import reference_link, safe_link, shown
from tests.publication.pages import SCRIPT, hostile_record, index_page, parsed, text_of


def test_mark_up_in_any_text_is_shown_and_never_obeyed():
    page = record_page(hostile_record())
    assert SCRIPT not in page
    assert "&lt;script&gt;" in page
    assert parsed(page).xpath("//mark")[0].text_content().startswith(SCRIPT)


def test_characters_that_turn_or_hide_text_are_named_instead():
    page = record_page(hostile_record()) + index_page(hostile_record())
    assert not re.search("[\u202a-\u202e\u2066-\u2069\x00-\x09\x0b-\x1f\x7f-\x9f]", page)
    assert "abc[U+202E]gnp.exe" in page
    assert "[U+001B]" in page


def test_title_of_a_hundred_thousand_characters_is_cut_and_says_so():
    document = parsed(record_page(hostile_record()))
    (title,) = document.xpath("//h1")
    assert len(text_of(title)) < 400
    assert "more characters not shown" in text_of(title)
    without = hostile_record().model_copy(update={"gates": (), "artifacts": ()})
    assert len(record_page(without)) < 250_000


def test_artifacts_and_attackers_of_any_length_leave_the_page_short():
    record = hostile_record()
    assert (len(record.artifacts), len(record.artifacts[0].attempt.steps)) == (40, 200)
    page = record_page(record)
    assert len(page) < 1_000_000
    assert "28 more artifacts stand in the manifest." in page
    assert "184 more runs stand in the manifest." in page


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JAVASCRIPT://x.example/%0aalert(1)",
        "data:text/html,x",
        "vbscript:x",
        "file:///etc/passwd",
        "ftp://a.example/",
        "//a.example/",
        "https://",
        "https://user@a.example/",
        "https://a.example:port/",
        "http://[::1",
        "https://a.example/\n",
        "https://a.example/\u202e",
        "https://ex\u0430mple.example/",
        "https://a.example/<b>",
        "https://a.example/" + "a" * 3000,
        "",
        None,
    ],
)
def test_doubtful_address_is_no_link(url: str | None):
    assert safe_link(url) is None


@pytest.mark.parametrize("url", ["http://a.example", "https://a.example:8443/b?c=d&e=f#g", "HTTPS://A.example/"])
def test_plain_address_is_a_link(url: str):
    assert safe_link(url) == url


def test_identifier_cannot_leave_its_resolver():
    link = reference_link(Reference(ordinal=1, raw="r", doi='10.5555/"><script>?x=1#y'))
    assert link == "https://doi.org/10.5555/%22%3E%3Cscript%3E%3Fx%3D1%23y"
    assert reference_link(Reference(ordinal=1, raw="r", pmid="12/../x")) is None


@given(st.text())
def test_shown_text_holds_no_control_or_direction_character(text: str):
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", shown(text))


@given(st.text(alphabet=string.ascii_letters + string.punctuation + " é漢字", max_size=300))
def test_plain_text_is_shown_as_it_is(text: str):
    assert shown(text) == text


def test_stacked_accents_are_thinned():
    assert shown("Z" + "\u0301" * 500) == "Z" + "\u0301" * 4


def test_text_of_ten_million_characters_is_cut_before_it_is_read():
    assert len(shown("\u202e" * 10_000_000)) < 50_000


def test_widthless_characters_of_pdf_text_are_dropped_and_line_ends_are_kept():
    assert shown("soft\u00adhyphen\ufeff\u200b\r\nnext\x0cpage") == "softhyphen\nnext\npage"
