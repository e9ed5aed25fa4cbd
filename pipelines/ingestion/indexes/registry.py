"""All indexes by name."""

from __future__ import annotations

from collections.abc import Mapping

from pipelines.ingestion.indexes import (
    arxiv,
    arxiv_oai,
    crossref,
    datacite,
    doaj,
    doi_resolver,
    europepmc,
    openalex,
    pubmed,
    semanticscholar,
    unpaywall,
)
from pipelines.ingestion.indexes.contract import Index

INDEXES_VERSION = "indexes-2026.11.1"  # raise it when an index is read in another way: stored answers are read anew

INDEXES: Mapping[str, Index] = {
    module.INDEX.name: module.INDEX
    for module in (
        arxiv,
        arxiv_oai,
        crossref,
        openalex,
        semanticscholar,
        europepmc,
        pubmed,
        datacite,
        doi_resolver,
        unpaywall,
        doaj,
    )
}
