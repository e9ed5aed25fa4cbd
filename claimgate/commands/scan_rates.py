"""`claimgate scan --rates`: over all scans of the warehouse, how often an item is answered yes, and who disagrees."""

from __future__ import annotations

from rich.markup import escape

from claimgate.commands.scan import NO_MEASURE_OF_TRUTH
from claimgate.errors import BadInput
from claimgate.output import out, print_json
from claimgate.place import place_of
from pipelines.review.scans.papers import Origin, by_paper
from pipelines.review.scans.rates import ALL_TAGS, ItemAgreement, ItemRate, agreement, rates
from warehouse.scans import judged_scans

_BY = {
    Origin.IMPORTED: "imported scans (a person or a model, the file does not say)",
    Origin.RULE: "rules",
    Origin.MODEL: "a model",
}


def show_rates(*, demo: bool, as_json: bool) -> None:
    scans = judged_scans(place_of(demo=demo).require())
    if not scans:
        raise BadInput(
            "The warehouse holds no scan: `claimgate scan --import FILE` or `claimgate run FILE` brings some."
        )
    found, agreed, papers = rates(scans), agreement(scans), len(by_paper(scans))
    if as_json:
        print_json(
            {
                "scans": len(scans),
                "papers": papers,
                "rates": [one.model_dump(mode="json") for one in found],
                "agreement": [one.model_dump(mode="json") for one in agreed],
            }
        )
        return
    _say(f"{len(scans)} scans of {papers} papers. {NO_MEASURE_OF_TRUTH}")
    _say("A rate is the share of yes among yes and no (n), with its 95 % interval. Where rules met nothing in some")
    _say("papers there is none, and 'from .. to' says between what it lies. Rates by tag: --json.")
    _print_rates([one for one in found if one.tag == ALL_TAGS])
    _print_agreement(agreed)


def _print_rates(found: list[ItemRate]) -> None:
    for answered_by, version in dict.fromkeys((one.answered_by, one.version) for one in found):
        _say(f"\nAnswered by {_BY[answered_by]}, {version}:")
        _say(f"{'item':<35}{'yes':>4}{'n':>5}  {'rate, %':<16}{'undetected':>10}{'open':>6}{'n/a':>5}")
        for one in found:
            if (one.answered_by, one.version) == (answered_by, version):
                counts = f"{one.not_detected:>10}{one.needs_judgement:>6}{one.not_applicable:>5}"
                _say(f"{_cell(one.item)}{one.yes:>4}{one.n:>5}  {_rate(one):<16}{counts}")


def _print_agreement(agreed: tuple[ItemAgreement, ...]) -> None:
    for between in dict.fromkeys(one.between for one in agreed):
        _say(f"\nTwo scans of the same paper, {between}; what they differ on:")
        _say(f"{'item':<35}{'pairs':>6}{'agree':>6}{'%':>5}{'applicability':>15}{'answer':>8}{'open':>6}")
        for one in agreed:
            if one.between == between:
                share = "" if one.share is None else f"{100 * one.share:.0f}"
                differ = f"{one.about_applicability:>15}{one.about_answer:>8}{one.open:>6}"
                _say(f"{_cell(one.item)}{one.pairs:>6}{one.agree:>6}{share:>5}{differ}")


def _cell(item: str) -> str:
    return f"{item[:34]:<35}"


def _rate(one: ItemRate) -> str:
    if one.rate is not None:
        return f"{_percent(one.rate)} ({_percent(one.low)} to {_percent(one.high)})"
    return "none" if one.at_least is None else f"from {_percent(one.at_least)} to {_percent(one.at_most)}"


def _percent(share: float | None) -> str:
    return "" if share is None else f"{100 * share:.0f}"


def _say(words: str) -> None:
    out().print(escape(words), soft_wrap=True, highlight=False)
