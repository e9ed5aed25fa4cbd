"""The public address of the site, for what must name a page as the rest of the world reaches it.

Belongs here: what an address may look like, and how a path of the site is put to it. Does not belong here: where the
setting comes from, which files use it. Without an address the pages link one another by relative paths, and what
needs an absolute one (sitemap, `cite-as`, `citation_public_url`) is left out.
"""

from __future__ import annotations

from urllib.parse import quote, urlsplit

from pydantic import field_validator

from pipelines.models import Model
from pipelines.publication.site.text import safe_link

_WHAT_IT_IS = "write http(s)://host/path/, without user, query and fragment"


def normal_address(text: str) -> str | None:
    """The address with exactly one slash at its end; None for nothing. Raises ValueError with what it must be."""
    given = text.strip()
    if not given:
        return None
    if safe_link(given) is None or not given.isprintable() or {"?", "#"}.intersection(given):
        raise ValueError(_WHAT_IT_IS)
    parts = urlsplit(given)
    if {".", ".."}.intersection(parts.path.split("/")):
        raise ValueError(_WHAT_IT_IS)
    return f"{parts.scheme}://{parts.netloc.lower()}{parts.path.rstrip('/')}/"


class SiteAddress(Model):
    """Where the site is published; `url` None: not known. Any other value is normalised, or refused."""

    url: str | None = None

    @field_validator("url")
    @classmethod
    def _normalised(cls, value: str | None) -> str | None:
        return normal_address(value or "")

    def of(self, path: str) -> str | None:
        """The absolute address of a path within the site, its fragment included; None where none is known."""
        return f"{self.url}{quote(path, safe='/#')}" if self.url else None

    def link(self, path: str, *, root: str = "") -> str:
        """The absolute address, else the relative link from a page whose way to the site's folder is `root`."""
        return self.of(path) or f"{root}{path}"
