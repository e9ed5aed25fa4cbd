"""A literature made up from a seed, and a record that cites it, rightly and wrongly on purpose.

Titles, people, identifiers and sentences are nonsense; the same seed makes the same. Each reference comes with
what must be found about it. Import it as `tests.planted_literature`.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from tests.fictional_literature import Fiction

# Shares of the references, of which the first to fit is taken.
ORIGINS = (("crossref", 0.70), ("datacite", 0.10), ("arxiv", 0.15), ("pubmed", 0.05))
INVENTED, RETRACTED, WRONG_YEAR = 0.03, 0.03, 0.05
WITHOUT_ABSTRACT, WITHOUT_IDENTIFIER, OLD_VERSION = 0.30, 0.10, 0.20

_ONSETS = ("b", "d", "f", "g", "k", "l", "m", "n", "p", "r", "s", "t", "v", "z", "br", "dr", "gl", "kr", "pl", "st")
_VOWELS = ("a", "e", "i", "o", "u", "ai", "ea", "io")
_THINGS = (
    "slate", "bark", "copper", "wool", "clay", "amber", "pollen", "rope", "salt", "barley", "chalk", "moss", "resin",
    "flint", "peat", "cork", "linen", "tallow", "gravel", "honey", "lichen", "brine", "straw", "glass", "ochre",
)  # fmt: skip
_ACTS = (
    "Swelling", "Cooling", "Weathering", "Sorting", "Counting", "Lifting", "Tracing", "Bleaching", "Knotting",
    "Settling", "Ripening", "Drying", "Folding", "Mapping", "Casting", "Weighing", "Mending", "Grinding", "Steeping",
)  # fmt: skip
_WHEN = ("after rain", "in cold harbours", "under oil lamps", "on steep roofs", "at low tide", "in closed cellars")


@dataclass(frozen=True)
class Planted:
    """A reference, and what must be found about it."""

    entry: str
    finding: str
    notices: frozenset[str] = frozenset()


@dataclass
class Invention:
    """Works and references that nobody wrote; the same seed makes the same."""

    dice: random.Random
    titles: set[str] = field(default_factory=set)

    def name(self, syllables: int = 3) -> str:
        made = "".join(self.dice.choice(_ONSETS) + self.dice.choice(_VOWELS) for _ in range(syllables))
        return made.capitalize() + self.dice.choice("lnrs")

    def title(self) -> str:
        while True:
            act, first, second = self.dice.choice(_ACTS), *self.dice.sample(_THINGS, 2)
            made = f"{act} of {first} and {second} from {self.name()} and {self.name()} {self.dice.choice(_WHEN)}"
            if made not in self.titles:
                self.titles.add(made)
                return made

    def work(self, number: int, origin: str) -> Fiction:
        doi = f"10.5555/{self.name().lower()}.{number}"
        plain = Fiction(
            title=self.title(),
            authors=tuple(f"{self.name(1)} {self.name()}" for _ in range(self.dice.randint(1, 4))),
            year=self.dice.randint(1995, 2024),
            venue=f"Annals of {self.name()}",
            abstract=None if self.dice.random() < WITHOUT_ABSTRACT else self.abstract(),
        )
        if origin == "arxiv":
            made = f"{self.dice.randint(15, 24):02d}{self.dice.randint(1, 12):02d}.{number:05d}"
            return replace(plain, arxiv=made, arxiv_version=self.dice.randint(1, 4), year=2000 + int(made[:2]))
        if origin == "pubmed":
            return replace(plain, doi=doi, pmid=str(30_000_000 + number))
        return replace(plain, doi=doi, registry=origin)

    def abstract(self) -> str:
        first, second = self.dice.sample(_THINGS, 2)
        return f"We weighed {first} beside {second} at {self.name()}. It lost {self.dice.randint(2, 60)} % in a week."

    def entry(self, work: Fiction, year: int, version: int | None) -> str:
        """The work as a reference, in one of the styles in use."""
        named = [(name.rpartition(" ")[2], name[0]) for name in work.authors]
        address = _address(work, version)
        styles = (
            f"{', '.join(f'{initial}. {family}' for family, initial in named)} ({year}). {work.title}. "
            f"{work.venue}. {address}",
            f"{', '.join(f'{family}, {initial}.' for family, initial in named)} ({year}). {work.title}. "
            f"{work.venue}, 4(2), 11-19. {address}",
            f'{", ".join(f"{initial}. {family}" for family, initial in named)}, "{work.title}," {work.venue}, '
            f"vol. 4, pp. 11-19, {year}. {address}",
            f"{', '.join(f'{family} {initial}' for family, initial in named)}. {work.title}. {work.venue}. "
            f"{year};4(2):11-19. {address}",
        )
        return self.dice.choice(styles).strip()


def _address(work: Fiction, version: int | None) -> str:
    if work.arxiv:
        return f"arXiv:{work.arxiv}" + (f"v{version}" if version else "")
    if work.pmid:
        return f"PMID: {work.pmid}"
    return f"https://doi.org/{work.doi}" if work.doi else ""


def planted_literature(count: int, seed: int) -> tuple[list[Fiction], list[Planted]]:
    """The works of a made-up literature, and references to them, some of which are wrong on purpose."""
    invention = Invention(random.Random(seed))
    origins = [name for name, share in ORIGINS for _ in range(round(count * share))]
    invention.dice.shuffle(origins)
    works: list[Fiction] = []
    planted: list[Planted] = []
    ills = _ills(len(origins))
    for number, origin in enumerate(origins):
        ill = ills.get(number)
        # Crossref announces retractions; a work that it does not hold has none.
        made = invention.work(number, "crossref" if ill == "retracted" else origin)
        work, reference = _planted(invention, made, ill)
        works += [work] if work else []
        planted.append(reference)
    return works, planted


def _ills(count: int) -> dict[int, str]:
    """Which reference, by number, is wrong in which way; spread evenly, no reference in two."""
    each = (("invented", INVENTED), ("retracted", RETRACTED), ("wrong year", WRONG_YEAR))
    named = [name for name, share in each for _ in range(round(count * share))]
    random.Random(len(named)).shuffle(named)
    return {place * count // len(named): name for place, name in enumerate(named)} if named else {}


def _planted(invention: Invention, work: Fiction, ill: str | None) -> tuple[Fiction | None, Planted]:
    year, version = work.year, None
    if ill == "invented":
        cited = replace(work, registry="crossref", doi=work.doi if invention.dice.random() < 0.7 else None)
        return None, Planted(invention.entry(cited, year, None), "LIKELY_FABRICATED")
    if ill == "wrong year":
        return work, Planted(invention.entry(work, year - 6, None), "MISDESCRIBED")
    if ill == "retracted":
        notices = tuple(("retraction", f"{work.doi}-notice", by) for by in ("publisher", "retraction-watch"))
        entry = invention.entry(work, year, None)
        return replace(work, updated_by=notices), Planted(entry, "FOUND", frozenset({"RETRACTED"}))
    if work.arxiv and work.arxiv_version > 1 and invention.dice.random() < OLD_VERSION:
        version = 1
    cited = replace(work, doi=None) if work.doi and invention.dice.random() < WITHOUT_IDENTIFIER else work
    notices_of = frozenset({"SUPERSEDED"}) if version else frozenset[str]()
    return work, Planted(invention.entry(cited, year, version), "FOUND", notices_of)


def record_of(planted: Sequence[Planted]) -> str:
    """A record that cites them all, as Markdown."""
    listed = "\n".join(f"[{mark}] {one.entry}" for mark, one in enumerate(planted, start=1))
    return (
        "---\ntitle: What is known of drying\nquestion: Does drying cost weight?\ndate: 2026-08-02\n"
        "publisher: Benchmarks of claimgate\n---\n\n# What is known of drying\n\n"
        "Clay lost 12 % of its weight in a week [1]. Wool lost 30 % of its weight in a week [2].\n\n"
        f"## References\n\n{listed}\n"
    )
