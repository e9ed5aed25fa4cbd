"""The pages that lie in folders of the site: one for each source, one for each activation of a gate.

Belongs here: which template gets which rows. Does not belong here: writing files, choosing what is shown. Input: a
`SourcePage` or an `ActivationPage`; output: a complete HTML document, the same for the same input.
"""

from __future__ import annotations

from pipelines.publication.activation_views import ActivationPage
from pipelines.publication.site import source_rows
from pipelines.publication.site.activation_rows import coverage
from pipelines.publication.site.templating import rendered
from pipelines.publication.site.text import activation_page_name
from pipelines.publication.source_views import SourcePage

UP = "../"  # from a folder to the site's own


def source_page(page: SourcePage) -> str:
    names = source_rows.names(page)
    return rendered(
        "source.html",
        source=page,
        counts=page.counts,
        tallies=source_rows.tallies(page.counts),
        names=names,
        names_left=1 + len(page.aliases) - len(names),
        versions=source_rows.versions(page),
        authors_shown=source_rows.AUTHORS_SHOWN,
        how=source_rows.how,
        root=UP,
    )


def activation_page(page: ActivationPage) -> str:
    return rendered(
        "activation.html",
        page=page,
        name=f"{page.gate.replace('-', ' ').capitalize()}: {page.title}",
        table=coverage(page),
        successor=activation_page_name(page.superseded_by) if page.superseded_by else None,
        root=UP,
    )
