"""Figures as a report prints them: counts, scores with their interval, times, confidences."""

from __future__ import annotations

from datetime import UTC, datetime

from pipelines.publication.site.verdict_rows import confidence_in_words


def figure(value: int | float | str) -> str:
    """A count with thousands apart, a measure with two decimals; a text as it is."""
    if isinstance(value, str):
        return value
    return f"{value:,}" if isinstance(value, int) else f"{value:.2f}"


def interval(low: float | None, high: float | None) -> str | None:
    return None if low is None or high is None else f"{low:.2f} to {high:.2f}"


def scored(score: float | None, low: float | None, high: float | None) -> str:
    """A score with its interval in brackets where it is known."""
    if score is None:
        return "unassessed"
    known = interval(low, high)
    return f"{score:.2f} ({known})" if known else f"{score:.2f}"


def moment(value: datetime) -> str:
    """Minutes are enough for a reader; the exact time stands in the manifest."""
    return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")


def confident(confidence: float | None) -> str:
    """A confidence in number and words."""
    return "none given" if confidence is None else f"{confidence:.2f}: {confidence_in_words(confidence)}"
