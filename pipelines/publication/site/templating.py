"""The templates' surroundings: what they are given by name, and how a value gets onto a page.

Belongs here: the filters, tests and names of every template, and the rule that holds for all of them: what is printed
is bounded, of a kind that has words, and escaped. Does not belong here: which page gets which rows (`build`).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, nodes
from jinja2.compiler import CodeGenerator, Frame
from markupsafe import Markup, escape

from pipelines.publication import costs
from pipelines.publication.correction_log import HEADS
from pipelines.publication.feeds import FEED
from pipelines.publication.site import gate_rows, rows, words
from pipelines.publication.site.record_files import size_in_words
from pipelines.publication.site.record_list.pages import INDEX
from pipelines.publication.site.text import (
    LONGEST_NAME,
    LONGEST_TITLE,
    activation_page_name,
    page_name,
    safe_link,
    shown,
    source_page_name,
)
from pipelines.publication.site.verdict_rows import confidence_in_words, whole_percents

STYLE_SHEET = "style.css"
SCRIPT = "site.js"
CALIBRATION = "calibration.html"
RULES = "rules.html"
SYSTEM = "system.html"

TEMPLATES = Path(__file__).parent / "templates"


def rendered(template: str, /, **values: Any) -> str:
    """A page made of one of the site's templates."""
    return environment().get_template(template).render(**values)


@cache
def environment() -> Environment:
    made = _Templates(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_printed,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.filters.update(_filters())
    made.tests["linkable"] = lambda url: safe_link(url) is not None
    made.globals.update(_names())
    made.globals["parts"] = made.get_template("parts.html").module
    return made


class _PrintsOnce(CodeGenerator):
    """Writes no `escape(…)` around what `_printed` has escaped: a page prints thousands of values.

    Jinja escapes what a template prints after `finalize`, which for markup costs more than the escaping itself. Where
    Jinja comes to write its templates otherwise, this is not asked, and what is escaped stays as it is.
    """

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape or finalize.src is None:
            super()._output_child_pre(node, frame, finalize)
        else:
            self.write(f"({finalize.src}")


class _Templates(Environment):
    code_generator_class = _PrintsOnce


def _printed(value: Any) -> str:
    """Every value on its way to a page, escaped. A value with no words for it is a fault of the template.

    The kinds are asked for in the order of how often they come.
    """
    kind: type = type(value)
    if kind is str:
        return _printed_again(value) if len(value) <= LONGEST_NAME else escape(shown(value))
    if kind is Markup:
        return value  # type: ignore[no-any-return]
    if isinstance(value, str):
        return escape(value if isinstance(value, Markup) else shown(value))
    if isinstance(value, int | float) and kind is not bool:
        return str(value)
    raise TypeError(f"a page cannot print {value!r}: say in the template what to write for it")


@lru_cache(maxsize=8_192)
def _printed_again(text: str) -> Markup:
    """Most of what a page prints are words that it, and every other, prints again and again."""
    return escape(shown(text))


def _filters() -> Mapping[str, Callable[..., Any]]:
    return {
        "as_stated": str,
        "figure": _figure,
        "held": _held,
        "moment": _moment,
        "percent": _percent,
        "named": words.word_for,
        "answered": words.answer_in_words,
        "in_words": confidence_in_words,
        "bytes": size_in_words,
        "spent": costs.in_words,
        "plain": words.sentence_case,
        "result": gate_rows.result_in_words,
        "seconds": _seconds,
        "briefly": _briefly,
        "titled": _titled,
        "zip": zip,
    }


def _names() -> Mapping[str, Any]:
    return {
        "activation_page_name": activation_page_name,
        "axes": words.AXES,
        "calibration": CALIBRATION,
        "feed": FEED,
        "conflicts": words.CONFLICTS,
        "changed_fields": rows.changed_fields,
        "artifacts_shown": gate_rows.ARTIFACTS_SHOWN,
        "earlier_shown": gate_rows.EARLIER_SHOWN,
        "evidence_of": gate_rows.evidence_rows,
        "gate_word": gate_rows.gate_word,
        "heads": HEADS,
        "index": INDEX,
        "listed": gate_rows.LISTED,
        "root": "",  # the way from a page to the folder of the site: "../" for one in a folder
        "rules": RULES,
        "quotes_shown": rows.QUOTED_PER_SIDE,
        "scopes": words.SCOPES,
        "page_name": page_name,
        "seals": gate_rows.SEALS,
        "stages": costs.STAGES,
        "costs_measured": costs.MEASURED,
        "source_page_name": source_page_name,
        "steps_shown": gate_rows.STEPS_SHOWN,
        "script": SCRIPT,
        "style_sheet": STYLE_SHEET,
        "system": SYSTEM,
        "whole_percents": whole_percents,
        "verdicts": tuple(words.VERDICTS.values()),
    }


# --- filters ------------------------------------------------------------------------------------


def _titled(text: str) -> str:
    return shown(text, LONGEST_TITLE)


def _briefly(text: str) -> str:
    """A name, hash or path, of which a page may hold hundreds."""
    return shown(text, LONGEST_NAME)


def _figure(value: int | float | str) -> str:
    """A count with thousands apart, a measure with two decimals; a text as it is."""
    if isinstance(value, str):
        return value
    return f"{value:,}" if isinstance(value, int) else f"{value:.2f}"


def _seconds(value: float) -> str:
    return f"{value:,.3f}" if value < 10 else f"{value:,.0f}"


def _percent(value: float) -> str:
    """A share in whole per cent; the exact value stands in the manifest."""
    return f"{100 * value:.0f} %"


def _moment(value: datetime) -> str:
    """Minutes are enough for a reader; the exact time stands in the manifest."""
    return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")


def _held(value: Any) -> str:
    """A field of a correction for a reader; its log and the manifest have it to the last digit."""
    if value is None:
        return "nothing"
    if isinstance(value, float):
        return f"{value:.4g}"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
