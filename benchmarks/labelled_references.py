"""References made from real works in a random style, true ones and corrupted ones, each with what is due.

Used by reference_audit.py. In: works and a seeded random generator. Out: labelled cases. The corruptions are what
machine-written reference lists are reported to hold: wrong years, people, titles and identifiers, and inventions.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from rapidfuzz import fuzz

from pipelines.ingestion.likeness import plain_title
from pipelines.ingestion.references import references_in
from pipelines.models import NoticeKind, Reference, ReferenceFinding, Work

FOUND, MISDESCRIBED = ReferenceFinding.FOUND, ReferenceFinding.MISDESCRIBED
FABRICATED, UNFINDABLE = ReferenceFinding.LIKELY_FABRICATED, ReferenceFinding.UNFINDABLE
ENDED = frozenset({NoticeKind.RETRACTED, NoticeKind.WITHDRAWN})
ELSEWHERE = ("PhD thesis", "2nd edition, University Press", "Technical report 7")


@dataclass(frozen=True)
class Case:
    """A reference with what should be said about it. `fields`: one of these must be named as misdescribed."""

    kind: str
    reference: Reference
    work: Work
    expected: ReferenceFinding
    fields: tuple[str, ...] = ()
    notice: frozenset[NoticeKind] = frozenset()  # one of these must be told
    unwanted: frozenset[NoticeKind] = frozenset()  # none of these may be told


Fields = dict[str, Any]
_SUBTITLE = re.compile(r":\s+")
_OCR = (("rn", "m"), ("m", "rn"), ("l", "1"), ("e", "c"), ("h", "b"), ("ti", "fi"), ("u", "n"), ("i", "l"))
_TEX_ACCENTS = {"ä": '\\"a', "ö": '\\"{o}', "ü": '{\\"u}', "é": "\\'e", "è": "\\`{e}", "ø": "{\\o}", "ñ": "\\~n"}
_CONTENT = re.compile(r"[A-Za-z]{5,}")


def identifiers_of(work: Work) -> Fields:
    fields: Fields = {}
    for name in (work.source_id, *work.aliases):
        scheme, _, value = name.partition(":")
        key = {"doi": "doi", "arxiv": "arxiv_id", "pmid": "pmid", "pmcid": "pmcid"}.get(scheme)
        if key and key not in fields and not value.startswith("10.48550/"):
            fields[key] = value
    return fields


def as_cited(work: Work, dice: random.Random) -> Fields:
    """True fields of a work in a random style."""
    identifiers = identifiers_of(work)
    kept = dice.sample(sorted(identifiers), k=dice.randint(0, len(identifiers))) if identifiers else []
    fields: Fields = {key: identifiers[key] for key in kept}
    fields["title"] = dice.choice(TITLE_STYLES)(work.title, dice)
    if work.authors and dice.random() < 0.85:
        fields["authors"] = in_style(work.authors, dice)
    if work.year and dice.random() < 0.85:
        fields["year"] = work.year + (dice.choice((-1, 1)) if dice.random() < 0.2 else 0)
    if dice.random() < 0.5:
        fields["venue"] = dice.choice(("Journal of Examples, 12(3):1-10", "Proceedings of the Example Conference"))
    return fields


def in_style(authors: Sequence[str], dice: random.Random) -> tuple[str, ...]:
    style = dice.choice(AUTHOR_STYLES)
    names = list(authors)
    if len(names) > 2 and dice.random() < 0.4:
        names = [*names[: dice.randint(1, 3)]]
        return (*(style(name) for name in names[:-1]), f"{style(names[-1])} et al.")
    return tuple(style(name) for name in names)


def _family_first(name: str) -> tuple[str, list[str]]:
    if "," in name:
        family, given = name.split(",", 1)
        return family.strip(), given.split()
    parts = name.split()
    at = len(parts) - 1
    while at > 1 and parts[at - 1].lower() in {"van", "de", "der", "von", "la", "le", "di", "del"}:
        at -= 1
    return " ".join(parts[at:]), parts[:at]


def _inverted_initials(name: str) -> str:
    family, given = _family_first(name)
    return f"{family}, {' '.join(f'{word[0]}.' for word in given)}" if given else family


def _medline(name: str) -> str:
    family, given = _family_first(name)
    return f"{family} {''.join(word[0].upper() for word in given[:2])}" if given else family


def _initials_first(name: str) -> str:
    family, given = _family_first(name)
    return " ".join([*(f"{word[0]}." for word in given), family])


def _inverted(name: str) -> str:
    family, given = _family_first(name)
    return f"{family}, {' '.join(given)}" if given else family


def _tex_name(name: str) -> str:
    return "".join(_TEX_ACCENTS.get(letter, letter) for letter in name)


AUTHOR_STYLES: tuple[Callable[[str], str], ...] = (
    str, _inverted_initials, _medline, _initials_first, _inverted, _tex_name, str.upper,
)  # fmt: skip


def _as_is(title: str, dice: random.Random) -> str:
    return title


def _without_subtitle(title: str, dice: random.Random) -> str:
    main = _SUBTITLE.split(title, maxsplit=1)[0]
    return main if len(main.split()) >= 3 else title


def _in_tex(title: str, dice: random.Random) -> str:
    words = ["".join(_TEX_ACCENTS.get(letter, letter) for letter in word) for word in title.split()]
    words = [f"{{{word}}}" if word[:1].isupper() and dice.random() < 0.4 else word for word in words]
    return " ".join(words).replace("&", "\\&").replace("–", "--")


def _in_html(title: str, dice: random.Random) -> str:
    escaped = title.replace("&", "&amp;").replace("–", "&ndash;").replace("'", "&#39;").replace("é", "&eacute;")
    words = escaped.split()
    at = dice.randrange(len(words))
    words[at] = f"<i>{words[at]}</i>"
    return " ".join(words)


def _scanned(title: str, dice: random.Random) -> str:
    """One or two errors of a scan, each in a longer word."""
    words = title.split()
    long = [at for at, word in enumerate(words) if len(word) >= 6]
    for at in dice.sample(long, k=min(len(long), dice.randint(1, 2))):
        right, wrong = dice.choice(_OCR)
        words[at] = words[at].replace(right, wrong, 1)
    return " ".join(words)


def _cut(title: str, dice: random.Random) -> str:
    return title[:80].rstrip() + "..." if len(title) > 90 else title


def _stop(title: str, dice: random.Random) -> str:
    return title.rstrip(".") + "."


def _dashes(title: str, dice: random.Random) -> str:
    return title.replace(": ", dice.choice((" - ", " – ", "—"))).replace("-", dice.choice(("-", "‐", " ")))


TITLE_STYLES: tuple[Callable[[str, random.Random], str], ...] = (
    _as_is, _as_is, _as_is, _without_subtitle, _in_tex, _in_html, _scanned, _cut, _stop, _dashes,
    lambda title, dice: title.upper(), lambda title, dice: title.lower(),
)  # fmt: skip


def printed(fields: Fields) -> str:
    """The entry as a reference list prints it."""
    authors = ", ".join(fields.get("authors", ()))
    parts = [authors, f'"{fields["title"]}."' if fields.get("title") else "", fields.get("venue", "")]
    parts += [str(fields["year"]) if fields.get("year") else ""]
    parts += [f"doi:{fields['doi']}" if fields.get("doi") else ""]
    parts += [f"arXiv:{fields['arxiv_id']}" if fields.get("arxiv_id") else ""]
    parts += [f"PMID: {fields['pmid']}" if fields.get("pmid") else ""]
    return ", ".join(part for part in parts if part)


def reference_of(fields: Fields, *, parsed: bool = False) -> Reference:
    if parsed:
        read = references_in(f"Words [1].\n\n## References\n\n[1] {printed(fields)}\n")
        if read:
            return read[0]
    return Reference(ordinal=1, raw=printed(fields), **fields)


@dataclass(frozen=True)
class Maker:
    """Makes the cases of a half of the works."""

    works: tuple[Work, ...]
    dice: random.Random

    def cases(self, sample: Sequence[Work]) -> Iterator[Case]:
        for work in sample:
            fields = as_cited(work, self.dice)
            yield Case("true", reference_of(fields), work, FOUND)
            yield Case("true, read from print", reference_of(fields, parsed=True), work, FOUND)
            for make in CORRUPTIONS:
                if (case := make(self, work)) is not None:
                    yield case

    def whole(self, work: Work) -> Fields:
        """Fields with an identifier, all people and the year, as far as the work has them."""
        fields = as_cited(work, self.dice)
        identifiers = identifiers_of(work)
        keys = [key for key in ("doi", "arxiv_id", "pmid") if key in identifiers]
        if keys and self.dice.random() < 0.6:
            key = self.dice.choice(keys)
            fields[key] = identifiers[key]
        fields |= {"title": work.title, "authors": in_style(work.authors, self.dice)}
        return {**fields, "year": work.year} if work.year else fields

    def another(self, work: Work) -> Work:
        return next(one for one in iter(lambda: self.dice.choice(self.works), None) if one is not work and one.authors)

    def year(self, work: Work) -> Case | None:
        if not work.year or not work.authors:
            return None
        fields = self.whole(work)
        fields["year"] = work.year + self.dice.choice((-1, 1)) * self.dice.randint(6, 15)
        return Case("wrong year", reference_of(fields), work, MISDESCRIBED, ("year",))

    def authors(self, work: Work) -> Case | None:
        known = plain_title(" ".join(work.authors)).split()
        other = self.another(work).authors
        if not work.authors or any(
            word in known for name in other for word in plain_title(name).split() if len(word) > 1
        ):
            return None
        fields = self.whole(work)
        stated = list(fields["authors"])
        fields["authors"] = (other[0], *stated[1:]) if self.dice.random() < 0.5 else other
        return Case("wrong author", reference_of(fields), work, MISDESCRIBED, ("authors",))

    def other_title(self, work: Work) -> Case | None:
        fields = self.whole(work)
        if not {"doi", "arxiv_id", "pmid"} & set(fields):
            return None
        fields["title"] = self.another(work).title
        return Case(
            "wrong title, of another work", reference_of(fields), work, MISDESCRIBED, ("title", "doi", "arxiv_id")
        )

    def word(self, work: Work) -> Case | None:
        changed = self._changed(work.title, 1)
        if changed is None or not work.authors or not work.year:
            return None
        fields = {**self.whole(work), "title": changed}
        return Case("wrong title, one word", reference_of(fields), work, MISDESCRIBED, ("title",))

    def paraphrase(self, work: Work) -> Case | None:
        words = _CONTENT.findall(work.title)
        fields = self.whole(work)
        if len(words) < 5 or not {"doi", "arxiv_id", "pmid"} & set(fields):
            return None
        fields["title"] = f"On {words[-1].lower()} and {words[0].lower()}: {' '.join(words[2:4]).lower()} revisited"
        return Case("wrong title, other words", reference_of(fields), work, MISDESCRIBED, ("title",))

    def _changed(self, title: str, count: int) -> str | None:
        words = title.split()
        places = [at for at, word in enumerate(words) if _CONTENT.fullmatch(word)]
        others = [word for word in _CONTENT.findall(self.another(self.works[0]).title) if word not in title]
        if len(places) < 4 or not others:
            return None
        at, new = self.dice.choice(places), self.dice.choice(others)
        if fuzz.ratio(words[at].lower(), new.lower()) >= 60:
            return None
        return " ".join([*words[:at], new.lower(), *words[at + 1 :]])

    def doi(self, work: Work) -> Case | None:
        mine, other = identifiers_of(work), self.another(work)
        theirs = identifiers_of(other)
        keys = [key for key in ("doi", "arxiv_id") if key in mine and key in theirs]
        if not keys:
            return None
        key = self.dice.choice(keys)
        fields = {k: v for k, v in self.whole(work).items() if k not in ("doi", "arxiv_id", "pmid", "pmcid")}
        fields[key] = theirs[key]
        return Case("identifier of another work", reference_of(fields), work, MISDESCRIBED, (key,))

    def _mixed_title(self, work: Work) -> str:
        ours, theirs = work.title.split(), self.another(work).title.split()
        return " ".join([*ours[: (len(ours) + 1) // 2], *theirs[len(theirs) // 2 :]])

    def invented(self, work: Work) -> Case | None:
        fields = {k: v for k, v in self.whole(work).items() if k not in ("doi", "arxiv_id", "pmid", "pmcid")}
        fields["authors"] = in_style(self.another(work).authors, self.dice)
        fields |= {"title": self._mixed_title(work), "venue": "Journal of Examples, 12(3):1-10"}
        if len(plain_title(fields["title"]).split()) < 6:
            return None
        prefix = identifiers_of(work).get("doi", "10.1016/x").partition("/")[0]
        fields["doi"] = f"{prefix}/j.invented.{self.dice.randrange(10**7)}"
        return Case("invented, with DOI", reference_of(fields), work, FABRICATED)

    def invented_without(self, work: Work) -> Case | None:
        case = self.invented(work)
        if case is None:
            return None
        return Case("invented, by title", case.reference.model_copy(update={"doi": None}), work, FABRICATED)

    def garbled(self, work: Work) -> Case | None:
        """Half the title, the people and the year of a real work: nobody can tell what was meant."""
        case = self.invented(work)
        if case is None or not work.year:
            return None
        garbled = case.reference.model_copy(update={"doi": None, "authors": work.authors, "year": work.year})
        return Case("half a title, right people", garbled, work, UNFINDABLE)

    def invented_elsewhere(self, work: Work) -> Case | None:
        """A book or a thesis that no index has may well exist."""
        case = self.invented(work)
        if case is None:
            return None
        raw = f"{case.reference.title}. {self.dice.choice(ELSEWHERE)}"
        nowhere = case.reference.model_copy(update={"doi": None, "raw": raw, "venue": None})
        return Case("book, thesis or report in no index", nowhere, work, UNFINDABLE)

    def retracted(self, work: Work, kinds: frozenset[NoticeKind]) -> Iterator[Case]:
        for _ in range(5):
            fields = as_cited(work, self.dice) if work.title else identifiers_of(work)
            yield Case("retracted or withdrawn", reference_of(fields), work, FOUND, notice=kinds)

    def notice(self, notice: Work) -> Case:
        """Who cites the notice of a retraction cites nothing retracted."""
        fields = {**identifiers_of(notice), "title": notice.title}
        return Case("notice of a retraction", reference_of(fields), notice, FOUND, unwanted=ENDED)

    def version(self, work: Work) -> Case | None:
        latest = max((int(v.label[1:]) for v in work.versions if re.fullmatch(r"v\d{1,2}", v.label)), default=1)
        arxiv_id = identifiers_of(work).get("arxiv_id")
        if latest < 2 or arxiv_id is None:
            return None
        fields = {"arxiv_id": arxiv_id, "arxiv_version": 1, "title": work.title}
        superseded = frozenset({NoticeKind.SUPERSEDED})
        return Case("older version", reference_of(fields), work, FOUND, notice=superseded)


CORRUPTIONS: tuple[Callable[[Maker, Work], Case | None], ...] = (
    Maker.year, Maker.authors, Maker.other_title, Maker.word, Maker.paraphrase, Maker.doi, Maker.invented,
    Maker.invented_without, Maker.garbled, Maker.invented_elsewhere, Maker.version,
)  # fmt: skip
