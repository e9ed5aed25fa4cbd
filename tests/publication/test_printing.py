"""How a value gets onto a page: bounded, escaped once, and without leaving anything behind."""

from __future__ import annotations

import gc
from collections.abc import Callable
from enum import StrEnum
from types import MappingProxyType

import pytest
from jinja2 import Environment
from jinja2.compiler import CodeGenerator
from markupsafe import Markup
from published_records import gated_record, rich_record

from pipelines.publication.site.build import record_page
from pipelines.publication.site.templating import environment
from pipelines.publication.site.text import LONGEST_NAME, LONGEST_TEXT
from pipelines.publication.views import PublicRecord

HOSTILE = "<b onclick='x'>&amp; \u202e\"</b>"


class Word(StrEnum):
    HOSTILE = HOSTILE


PRINTED = MappingProxyType(
    {
        "a word": "word",
        "hostile": HOSTILE,
        "long and hostile": HOSTILE * LONGEST_NAME,
        "too long": "<" * (LONGEST_TEXT + 1),
        "hostile in an enumeration": Word.HOSTILE,
        "markup": Markup("<b>&amp;</b>"),
        "a count": 7,
        "a measure": 0.25,
    }
)


@pytest.fixture(scope="module")
def as_jinja_writes_it() -> Environment:
    """The same templates, with the escape that Jinja writes around every value."""
    usual = environment().overlay()
    usual.code_generator_class = CodeGenerator
    return usual


@pytest.mark.parametrize("name", PRINTED)
@pytest.mark.parametrize(
    "template", ["{{ value }}", '<a title="{{ value }}">', "{% macro m(v) %}<i>{{ v }}</i>{% endmacro %}{{ m(value) }}"]
)
def test_a_value_is_printed_as_jinja_escapes_it(as_jinja_writes_it: Environment, template: str, name: str) -> None:
    ours = environment().from_string(template).render(value=PRINTED[name])
    assert ours == as_jinja_writes_it.from_string(template).render(value=PRINTED[name])
    if "hostile" in name:
        assert "<b" not in ours
        assert "onclick='" not in ours
        assert "\u202e" not in ours


def test_the_shorter_way_is_taken() -> None:
    written = environment().compile("{{ value }}", raw=True)
    assert "environment.finalize(" in written
    assert "escape(" not in written


@pytest.mark.parametrize("value", [None, True, b"bytes", ["a list"]], ids=repr)
def test_a_value_without_words_is_refused(value: object) -> None:
    with pytest.raises(TypeError, match="say in the template what to write for it"):
        environment().from_string("{{ value }}").render(value=value)


@pytest.mark.parametrize("made", [rich_record, gated_record])
def test_a_page_leaves_nothing_behind_for_the_collector(made: Callable[[], PublicRecord]) -> None:
    """A cycle in a template holds the record and all rows of its page: of thousands, until the collector comes."""
    record = made()
    record_page(record)
    gc.collect()
    gc.set_debug(gc.DEBUG_SAVEALL)
    try:
        record_page(record)
        gc.collect()
        left = {type(one).__name__ for one in gc.garbage}
    finally:
        gc.set_debug(0)
        gc.garbage.clear()
    assert not left & {"Context", "Macro", "ClaimRow", "GateRow"}
