"""Holds crates against the profile RO-Crate 1.2 with roc-validator, without network; run by its own interpreter.

    .venv-crate/bin/python tests/tools/validate_crates.py CONTEXT < {"PATH": {"mode": MODE, "severity": SEVERITY}, ...}

roc-validator needs an older `rich` than claimgate does, so it lives in an environment of its own, `.venv-crate`.
CONTEXT is a JSON-LD context that stands in for that of RO-Crate 1.2, which the validator would otherwise fetch. MODE is
attached (PATH a folder) or detached (a file), SEVERITY the least that is looked at: REQUIRED or RECOMMENDED. Prints one
JSON object: for each path a list of {severity, check, entity, message}.
"""

from __future__ import annotations

import io
import json
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any

from rdflib.plugins.sparql.algebra import translateQuery
from rdflib.plugins.sparql.parser import parseQuery
from rdflib.plugins.sparql.processor import SPARQLProcessor
from rdflib.plugins.sparql.sparql import Query
from requests import PreparedRequest, Response
from requests.adapters import HTTPAdapter
from requests_cache import CachedSession
from rocrate_validator.services import validate
from urllib3 import HTTPResponse

PROFILE = "ro-crate-1.2"
CONTEXT = "https://w3id.org/ro/crate/1.2/context"


class _Held(HTTPAdapter):
    """Answers every request with one file."""

    def __init__(self, body: bytes) -> None:
        super().__init__()
        self.body = body

    def send(self, request: PreparedRequest, **_: object) -> Response:
        headers = {"Content-Type": "application/ld+json"}
        raw = HTTPResponse(io.BytesIO(self.body), headers=headers, status=200, preload_content=False)
        return self.build_response(request, raw)


def keep(context: Path, cache: Path) -> None:
    """Put the context where the validator looks for what it has fetched before."""
    with CachedSession(cache_name=str(cache), backend="sqlite", expire_after=-1) as session:
        session.mount(CONTEXT, _Held(context.read_bytes()))
        session.get(CONTEXT)


@cache
def prepared(question: str, namespaces: tuple[tuple[str, Any], ...], base: str | None) -> Query:
    return translateQuery(parseQuery(question), base, dict(namespaces))


def read_each_question_once() -> None:
    """Reading the same SPARQL time and again takes three quarters of a validation; answers stay the same."""
    answer = SPARQLProcessor.query

    def query(
        self: SPARQLProcessor,
        asked: str | Query,
        bindings: Any = None,
        names: Any = None,
        base: Any = None,
        DEBUG: bool = False,
    ) -> Any:
        if isinstance(asked, str):
            asked = prepared(asked, tuple(sorted((names or {}).items())), base)
        return answer(self, asked, bindings, names, base, DEBUG)

    SPARQLProcessor.query = query


def issues(path: str, mode: str, severity: str, cache: str) -> list[dict[str, str | None]]:
    result = validate(
        {
            "rocrate_uri": path,
            "profile_identifier": PROFILE,
            "requirement_severity": severity,
            "offline": True,
            "cache_path": cache,
            "packaging_mode": mode,
        }
    )
    return [
        {
            "severity": issue.severity.name,
            "check": issue.check.identifier,
            "entity": issue.violatingEntity,
            "message": issue.message,
        }
        for issue in result.get_issues()
    ]


def main() -> None:
    read_each_question_once()
    asked = json.load(sys.stdin)
    with tempfile.TemporaryDirectory() as kept, ProcessPoolExecutor(2) as workers:
        cache = str(Path(kept, "http"))
        keep(Path(sys.argv[1]), Path(cache))
        found = {path: workers.submit(issues, path, one["mode"], one["severity"], cache) for path, one in asked.items()}
        print(json.dumps({path: one.result() for path, one in found.items()}))


if __name__ == "__main__":
    main()
