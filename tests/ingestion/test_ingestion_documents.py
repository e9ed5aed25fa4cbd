"""Reading bytes: what is read, and the sentence with which everything else is refused."""

from __future__ import annotations

import json
import sys
import zlib

import minimal_pdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.ingestion.documents import read_document
from pipelines.ingestion.errors import UnreadableDocument
from pipelines.ingestion.json_reading import JsonFault, parse_json, value_spans
from pipelines.ingestion.parser_process import ParserKind, ParserLimits, extract_text

PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)
SMALL = ParserLimits(memory_bytes=300 * 2**20, cpu_seconds=5, wall_seconds=30)


def reason(name: str, data: bytes) -> str:
    with pytest.raises(UnreadableDocument) as caught:
        read_document(name, data)
    return caught.value.reason


def test_crlf_and_byte_order_mark_leave_no_trace_in_the_text() -> None:
    document = read_document("a.txt", b"\xef\xbb\xbfOne line.\r\nAnother.\rThird.")
    assert document.text == "One line.\nAnother.\nThird."
    assert document.media_type == "text/plain"


def test_utf16_with_its_mark_is_read() -> None:
    assert read_document("a.md", "# Über\n".encode("utf-16")).text == "# Über\n"


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("a.txt", b"", "empty"),
        ("a.txt", b" \r\n\t ", "empty"),
        ("a.txt", b"\xef\xbb\xbf", "empty"),
        ("a.txt", b"good\xffbad", "byte 4 "),
        ("a.txt", b"\x00\x01\x02rest", "binary"),
        ("a.txt", b"a\x01\x02\x03\x04", "control characters"),
        ("a.md", PNG, "PNG image"),
        ("a.pdf", b"just words", "its name says a PDF"),
        ("a.pdf", PNG, "its content is a PNG image"),
        ("a.txt", minimal_pdf.pdf(["hello"]), "its content is a PDF"),
        ("a.json", b"Plain words, no braces.", "its name says JSON"),
        ("a.txt", b'{"answer": "yes"}', "its content is JSON"),
        ("a.md", b"<!doctype html><html><body>x</body></html>", "an HTML page"),
        ("a.html", b"words without a single tag", "without any mark-up"),
        (
            "a.html",
            b"<html><head><title>T</title></head><body> <script>x()</script></body></html>",
            "holds no text",
        ),
        ("a.html", b"<meta charset=klingon><p>x</p>", "klingon"),
        ("a.docx", b"PK\x03\x04rest", "ZIP archive"),
        ("a.pdf", minimal_pdf.pdf(["hello"])[:-200], "cut off"),
        ("a.pdf", b"%PDF-1.7\nnothing here\n%%EOF\n", "damaged"),
        ("a.pdf", minimal_pdf.encrypted(), "encrypted"),
        ("a.pdf", minimal_pdf.with_content(b"0 0 10 10 re f"), "holds no text"),
    ],
)
def test_bad_input_is_refused_with_a_sentence_that_names_the_fault(name: str, data: bytes, words: str) -> None:
    assert words in reason(name, data)


def test_text_above_the_character_limit_is_refused() -> None:
    assert "the most that is read" in reason("a.txt", b"word " * 1_100_000)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"a": 1,\n "b": {"c": 1, "c": 2}}', 'the key "c" stands twice in one object, at line 2, column 16'),
        ('{"a": [1, NaN]}', "NaN is not a JSON number, at line 1, column 11"),
        ('{"answer": "x", "year": NaN}', "NaN is not a JSON number, at line 1"),
        ('{"a": -Infinity}', "-Infinity is not a JSON number"),
        ('{"a": 1e999}', "too large"),
        ('{"a": ' + "9" * 5000 + "}", "too long"),
        ("[" * 150 + "]" * 150, "more than 100 levels deep at line 1, column 101"),
        ("[" * 100_000, "levels deep"),
        ('{"a": "cut', "cut off"),
        ('{"a": [1, 2', "cut off"),
        ('{"a": 1}\n{"b": 2}', "a second JSON value follows the first at line 2, column 1"),
        ('{"a": 1,}', "line 1, column 9"),
        ('{"a": "\\ud800"}', "surrogate"),
    ],
)
def test_faulty_json_is_refused_with_its_place(text: str, words: str) -> None:
    assert words in reason("a.json", text.encode())


def test_a_passage_that_a_data_frame_left_empty_is_read_as_absent() -> None:
    text = '{"output": "x [0]", "ctxs": [{"title": "T", "text": NaN, "url": "u", "year": NaN}]}'
    passage = read_document("a.json", text.encode()).data["ctxs"][0]
    assert passage["text"] is None
    assert passage["year"] is None


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**12), 10**12) | st.text(st.characters(codec="utf-8"), max_size=12),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=20,
)


@given(json_values, st.sampled_from([None, 1, 3]))
def test_valid_json_is_read_as_it_is_and_every_scalar_is_found_where_it_stands(
    value: object, indent: int | None
) -> None:
    text = json.dumps(value, indent=indent)
    assert parse_json(text) == value
    for pointer, (start, end) in value_spans(text).items():
        found = value
        for key in pointer:
            found = found[key]  # type: ignore[index]
        assert json.loads(text[start:end]) == found


@given(st.text(alphabet='{}[]",:0123456789eE.-truefalsn \n\\u', max_size=60))
@settings(max_examples=300)
def test_any_other_text_is_either_json_or_a_named_fault(text: str) -> None:
    fault = ""
    try:
        value = parse_json(text)
    except JsonFault as error:
        fault = error.reason
    assert fault or json.dumps(value) == json.dumps(json.loads(text))


@given(st.binary(max_size=300), st.sampled_from(["a.txt", "a.md", "a.json", "noextension"]))
def test_any_bytes_become_a_document_or_a_named_refusal(data: bytes, name: str) -> None:
    refusal, text = "", ""
    try:
        text = read_document(name, data).text
    except UnreadableDocument as error:
        refusal = error.reason
    assert bool(refusal) != bool(text.strip())
    assert "\n" not in refusal
    assert "\r" not in text


# --- HTML ---------------------------------------------------------------------------------------


def html(body: str) -> str:
    return read_document("page.html", f"<!doctype html><html><body>{body}</body></html>".encode()).text


def test_html_blocks_become_lines_and_tables_become_rows() -> None:
    text = html(
        "<h1>A title</h1><p>First <b>bold</b> words<br>second line</p>"
        "<table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td><p>2</p></td></tr></table>"
        "<ul><li>one</li><li>two</li></ul><ol><li>first</li><li>second</li></ol><dl><dt>Label</dt><dd>Value</dd></dl>"
    )
    lines = [line for line in text.splitlines() if line]
    assert lines == [
        "# A title", "First bold words", "second line", "| a | b |", "| 1 | 2 |",
        "- one", "- two", "1. first", "2. second", "Label", "Value",
    ]  # fmt: skip


def test_html_scripts_styles_and_hidden_elements_are_not_read() -> None:
    text = html(
        "<style>p{}</style><p>Seen</p><script>alert('no')</script><p hidden>no</p>"
        "<p style='display: none'>no</p><!-- no --><p>and seen</p>"
    )
    assert text.split() == ["Seen", "and", "seen"]


def test_html_links_keep_an_address_that_their_words_do_not_say() -> None:
    text = html(
        "<p><a href='https://example.org/a'>A study</a> and <a href='https://doi.org/10.1234/x'>10.1234/x</a>"
        " and <a href='/about'>About</a></p>"
    )
    assert text.strip() == "[A study](https://example.org/a) and 10.1234/x and About"


def test_html_declared_in_another_character_set_is_decoded_by_it() -> None:
    page = "<html><head><meta charset='iso-8859-1'></head><body><p>café</p></body></html>".encode("latin-1")
    assert "café" in read_document("p.html", page).text


def test_html_nested_very_deep_is_read_or_refused_but_does_no_harm() -> None:
    page = b"<div>" * 50_000 + b"word" + b"</div>" * 50_000
    refusal, text = "", ""
    try:
        text = read_document("deep.html", page).text
    except UnreadableDocument as error:
        refusal = error.reason
    assert refusal or text == "word\n"


# --- PDF and the process around its parser ---------------------------------------------------------


def test_pdf_text_is_read_in_order() -> None:
    document = read_document("a.pdf", minimal_pdf.pdf(["The first line.", "The second (bracketed) line."]))
    assert document.text.split("\n")[:2] == ["The first line.", "The second (bracketed) line."]
    assert document.media_type == "application/pdf"


def test_pdf_title_comes_from_its_metadata() -> None:
    assert extract_text(ParserKind.PDF, minimal_pdf.pdf(["x y z"], title="Stated title")).title == "Stated title"


def test_a_bomb_in_a_pdf_stream_rejects_that_file_alone() -> None:
    data = minimal_pdf.bomb(megabytes=700)
    assert len(data) < 10_000
    with pytest.raises(UnreadableDocument) as caught:
        extract_text(ParserKind.PDF, data, SMALL)
    assert any(words in caught.value.reason for words in ("memory", "MB", "processor time", "no text"))
    assert extract_text(ParserKind.PDF, minimal_pdf.pdf(["still alive"]), SMALL).text.strip() == "still alive"


def test_a_page_of_text_that_inflates_beyond_all_limits_is_refused() -> None:
    shown = b"BT /F1 10 Tf " + b"(The same words over and over again.) Tj " * 400_000 + b"ET"
    data = minimal_pdf.with_content(zlib.compress(shown, 9), filters=b"/Filter /FlateDecode")
    with pytest.raises(UnreadableDocument) as caught:
        extract_text(ParserKind.PDF, data, ParserLimits(memory_bytes=600 * 2**20, cpu_seconds=2, wall_seconds=30))
    assert any(words in caught.value.reason for words in ("characters", "processor time", "MB"))


@pytest.mark.parametrize(
    ("program", "words"),
    [
        ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", "crashed on it (SIGSEGV)"),
        ("import sys; sys.exit(3)", "exit status 3"),
        ('print(\'{"text": "half an ans\')', "without a whole answer"),
        ("raise SystemExit(0)", "without a whole answer"),
    ],
)
def test_a_parser_that_dies_rejects_the_file_with_what_became_of_it(program: str, words: str) -> None:
    with pytest.raises(UnreadableDocument) as caught:
        extract_text(ParserKind.PDF, b"%PDF-", SMALL, command=(sys.executable, "-c", program))
    assert words in caught.value.reason


def test_a_parser_that_stalls_is_ended() -> None:
    limits = ParserLimits(wall_seconds=0.5)
    with pytest.raises(UnreadableDocument) as caught:
        extract_text(ParserKind.HTML, b"<p>", limits, command=(sys.executable, "-c", "while True: pass"))
    assert caught.value.reason == "its parser did not finish within 0.5 seconds"


def test_a_parser_that_burns_its_processor_time_is_ended() -> None:
    program = "import resource; resource.setrlimit(resource.RLIMIT_CPU, (1, 2))\nwhile True: pass"
    with pytest.raises(UnreadableDocument) as caught:
        extract_text(ParserKind.PDF, b"%PDF-", ParserLimits(cpu_seconds=1), command=(sys.executable, "-c", program))
    assert caught.value.reason == "its parser needed more than 1 seconds of processor time"


def test_the_parser_runs_from_any_working_directory(tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "json.py").write_text("raise SystemExit('shadowed')")
    assert extract_text(ParserKind.HTML, b"<p>words</p>").text == "words\n"


# --- scans --------------------------------------------------------------------------------------

SCAN = {
    "paper": {"title": "A made-up paper", "authors": ["A. Nobody"], "year": 2024},
    "scan_version": 3,
    "checklist": {"artifacts": {"code_released": {"applies": True, "answer": False, "justification": "None."}}},
    "claims": [{"claim": "It works.", "supported": "weak"}],
    "methodology_tags": ["benchmark-eval"],
    "key_findings": "None of note.",
    "red_flags": [],
    "cited_papers": [],
}
REFUSED_SCAN = (
    "this is a methodological-rigour scan (scan.json version 3), not a synthesis; `claimgate scan --import` takes it in"
)


def page_of(scan: object, separator: str) -> str:
    lines = json.dumps(scan, indent=2).splitlines()
    return "scan.json 2.1 KB\n" + separator.join(f"{number} {line}" for number, line in enumerate(lines, start=1))


def test_a_plain_scan_is_refused_by_its_name() -> None:
    assert reason("x.json", json.dumps(SCAN).encode()) == REFUSED_SCAN


@pytest.mark.parametrize("separator", [" ", "\n"])
@pytest.mark.parametrize("name", ["x.txt", "x.md", "x.json", "x"])
def test_a_scan_as_a_web_page_shows_it_is_refused_by_its_name(name: str, separator: str) -> None:
    assert reason(name, page_of(SCAN, separator).encode()) == REFUSED_SCAN


def test_a_scan_in_html_is_refused_by_its_name() -> None:
    rows = "".join(
        f"<tr><td>{number}</td><td>{line}</td></tr>"
        for number, line in enumerate(json.dumps(SCAN, indent=2).splitlines(), start=1)
    )
    page = f"<html><body><p>scan.json</p><table>{rows}</table></body></html>"
    assert reason("x.html", page.encode()) == REFUSED_SCAN
