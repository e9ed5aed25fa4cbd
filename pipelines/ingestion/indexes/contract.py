"""What every literature index has in common: what it is asked, and what may come back.

An index is data and two pure functions, `request` (lookups to an HTTP request) and `parse` (a response
to works, or to a named fault). Does not belong here: sending requests (http_edge.py), choosing whom to
ask (lookup_plan.py), the particulars of one index (a module each).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from pipelines.models import Work


class By(StrEnum):
    """What an index can be asked by."""

    DOI = "doi"
    ARXIV = "arxiv"  # id without version
    PMID = "pmid"
    PMCID = "pmcid"
    ISBN = "isbn"
    OPENALEX = "openalex"
    S2 = "s2"
    TITLE = "title"
    NOTICES = "notices"  # the editorial notices about a DOI
    SEARCH = "search"  # words of a question
    URL = "url"  # where an open full text lies


LONGEST_MESSAGE = 399  # characters

IDENTIFYING = frozenset({By.DOI, By.ARXIV, By.PMID, By.PMCID, By.ISBN, By.OPENALEX, By.S2})


@dataclass(frozen=True)
class Lookup:
    """One question to one index. `value` is normalised; `limit` is the most works wanted (title, search)."""

    index: str
    by: By
    value: str
    limit: int = 5

    @property
    def key(self) -> str:
        """The same question has the same key, so that what was answered is not asked again."""
        bounded = f":{self.limit}" if self.by is By.SEARCH else ""
        return f"{self.index}:{self.by.value}{bounded}:{self.value}"


@dataclass(frozen=True)
class Request:
    """An HTTP request as an index wants it. Contact address and keys are added when it is sent, never here."""

    url: str
    params: tuple[tuple[str, str], ...] = ()
    method: str = "GET"
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes | None = None


@dataclass(frozen=True)
class Response:
    """An HTTP answer as received. Header names are lower case; `url` holds no key and no address of a person."""

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    fetched_at: datetime

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.body).hexdigest()


class FaultKind(StrEnum):
    """Why an index said nothing about the works asked for."""

    TOO_FAST = "too_fast"  # 429, or a body that says so
    BUDGET_SPENT = "budget_spent"  # 429 that only another day mends
    UNAVAILABLE = "unavailable"  # 5xx
    TIMED_OUT = "timed_out"
    UNCONNECTED = "unconnected"  # refused, reset, no such host
    REFUSED_ADDRESS = "refused_address"  # the address is not one that may be connected to
    TOO_LARGE = "too_large"
    BAD_REQUEST = "bad_request"  # 4xx that speaks of our request
    FORBIDDEN = "forbidden"  # 401, 403: a key is missing or bad
    MALFORMED = "malformed"  # neither the JSON nor the XML it should be, or cut off
    NOT_WORKS = "not_works"  # a good answer about something else: journals, members, licences
    NOT_ASKED = "not_asked"  # the network is off, or the index was given up for this run


@dataclass(frozen=True)
class IndexFault:
    """An answer that is none. It never counts against what was asked for. `retry_after` is in seconds."""

    kind: FaultKind
    message: str  # one sentence; what it quotes of the body is bounded, and printable
    retry_after: float | None = None

    def __post_init__(self) -> None:
        printable = "".join(letter if letter.isprintable() else " " for letter in self.message[:LONGEST_MESSAGE])
        object.__setattr__(self, "message", printable)


@dataclass(frozen=True)
class Answered:
    """What an index said. No works: it answered that it does not hold what was asked for."""

    works: tuple[Work, ...] = ()
    total: int | None = None  # how many it says it has, where it says
    next_page: str | None = None  # what to ask for the next page with, None at the end


@dataclass(frozen=True)
class Pace:
    """How fast an index may be asked: `requests` in `seconds`, at most `at_once` under way."""

    requests: int
    seconds: float
    at_once: int = 1


@dataclass(frozen=True)
class Credentials:
    """Where the contact address and the key of an index go. Empty: it takes none."""

    contact_param: str = ""
    contact_needed: bool = False  # it refuses who does not say whom to write to
    key_param: str = ""
    key_header: str = ""
    key_prefix: str = ""  # before the key in its header: "Bearer "


class Service(Protocol):
    """What must be known of a service to ask it: an index is one, and so is a language model."""

    @property
    def name(self) -> str: ...

    @property
    def base(self) -> str: ...

    @property
    def pace(self) -> Pace: ...

    @property
    def pace_known(self) -> Pace | None: ...

    @property
    def credentials(self) -> Credentials: ...


@dataclass(frozen=True)
class Index:
    """One index. `base` is what stands before the documented path, and a setting of its own."""

    name: str  # "crossref"; the setting is CLAIMGATE_<NAME>_URL in capitals, `-` as `_`
    title: str  # "Crossref"
    base: str
    pace: Pace
    asks_by: frozenset[By]
    covers: str  # in words: which works it can be expected to hold
    sent: str  # in words: what is sent to it
    request: Callable[[Sequence[Lookup], str], Request]  # (lookups of one `by`, base) -> request
    parse: Callable[[Response], Answered | IndexFault]
    batch: Mapping[By, int] = field(default_factory=dict)  # most lookups of one request; 1 where absent
    pace_known: Pace | None = None  # when a contact address or key is given
    credentials: Credentials = Credentials()


def works_for(lookup: Lookup, works: Sequence[Work]) -> tuple[Work, ...]:
    """The works of a response that answer this lookup: those that bear its identifier, or all for words."""
    if lookup.by is By.NOTICES:
        return tuple(work for work in works if any(update.target == f"doi:{lookup.value}" for update in work.updates))
    if lookup.by not in IDENTIFYING:
        return tuple(works)
    name = f"{lookup.by.value}:{lookup.value}".casefold()
    return tuple(work for work in works if name in {one.casefold() for one in (work.source_id, *work.aliases)})
