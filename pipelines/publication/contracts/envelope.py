"""What the documents of all compatible contracts have in common: their head, who publishes them, and addresses.

Belongs here: the fields that every such document begins with. Does not belong here: what one contract says. The value
of `schema` is the address at which the contract's own publisher keeps it: it names the contract, and is not ours.
"""

from __future__ import annotations

from typing import Any

from pipelines.publication.manifest import MANIFEST_SCHEMA, MANIFEST_VERSION
from pipelines.publication.site.text import LONGEST_TEXT, folder_name, page_name, shown
from pipelines.publication.views import PublicRecord

CONTRACTS_AT = "https://assignee.net/schemas/"
SCHEMA_VERSION = "1.0"
CONTRACT_UPDATED = "2026-11-21"  # when our form of these contracts last changed
GENERATED_FROM = f"{MANIFEST_SCHEMA} {MANIFEST_VERSION}"
RELATIVE = "Addresses are relative to the record's folder, as the site's own address is not known here."


def head(contract: str) -> dict[str, Any]:
    return {
        "schema": CONTRACTS_AT + contract,
        "schema_version": SCHEMA_VERSION,
        "contract_version": contract,
        "generated_from": GENERATED_FROM,
    }


def publisher(base_url: str | None) -> dict[str, Any]:
    """Who publishes the document; the publisher of the record that it is about stands under `work`."""
    return {"name": "claimgate", "role": "checks records that others published", "url": base_url}


def file_address(record: PublicRecord, file: str, base_url: str | None) -> str:
    """Of a file in the record's folder: absolute where the site's address is known, else relative to that folder."""
    return file if base_url is None else _absolute(base_url, f"{folder_name(record.record_id)}/{file}")


def page_address(record: PublicRecord, base_url: str | None) -> str:
    return site_address(page_name(record.record_id), base_url)


def site_address(path: str, base_url: str | None) -> str:
    """Of a file in the site's folder."""
    return f"../{path}" if base_url is None else _absolute(base_url, path)


def _absolute(base_url: str, path: str) -> str:
    return f"{base_url.rstrip('/')}/{path}"


def work(record: PublicRecord, base_url: str | None) -> dict[str, Any]:
    """The record: foreign words bounded, and without characters that mislead."""
    return {
        "id": record.record_id,
        "version_id": record.version_id,
        "kind": record.kind,
        "title": shown(record.title, LONGEST_TEXT),
        "title_stated": record.title_stated,
        "publisher": _shown(record.publisher),
        "published_on": record.published_on.isoformat() if record.published_on else None,
        "question": _shown(record.question),
        "identifier": _shown(record.identifier),
        "synthetic": record.synthetic,
        "html_url": page_address(record, base_url),
    }


def _shown(text: str | None) -> str | None:
    return None if text is None else shown(text, LONGEST_TEXT)


def said_of_addresses(base_url: str | None) -> list[str]:
    """The limitation that goes with relative addresses."""
    return [RELATIVE] if base_url is None else []
