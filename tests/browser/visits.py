"""A visitor of a site: one window of Chromium, and what its pages said and asked for."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from axe_core_python.sync_playwright import Axe
from playwright.sync_api import ConsoleMessage, Page


@dataclass
class Visit:
    """`base` is the address of the site's folder, with a slash at its end."""

    page: Page
    base: str
    faults: list[str] = field(default_factory=list)  # console errors, errors of scripts, breaches of the policy
    requests: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.faults.append(f"script: {error}"))
        self.page.on("dialog", self._asked)
        self.page.context.on("request", lambda request: self.requests.append(request.url))

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.faults.append(f"console: {message.text}")

    def _asked(self, dialog: Any) -> None:
        self.faults.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def open(self, path: str) -> Page:
        """`path` within the site; the page is loaded anew even where only the fragment is another."""
        self.page.goto("about:blank")
        self.page.goto(self.base + path)
        return self.page

    def assert_clean(self) -> None:
        """No error, no breach of the policy, no request outside the site."""
        outside = [url for url in self.requests if not url.startswith((self.base, "data:", "about:"))]
        found = self.faults + [f"outside: {url}" for url in outside]
        assert not found, "\n".join(found)
        assert self.requests, "nothing was opened"

    def serious(self, *rules: str, leave_out: str = "no-such-element") -> list[str]:
        """What axe-core finds that keeps people out: rule, what to do, and where, of serious and critical findings.

        `rules` are those to look for, all if none is named. `leave_out` selects parts that are like others: of a
        hundred equal rows, looking at some is enough and quicker.
        """
        context = {"exclude": [[leave_out]]} if self.page.locator(leave_out).count() else None
        options: dict[str, list[str]] = {"resultTypes": ["violations"]}  # the rest is counted, not listed: much quicker
        if rules:
            options["runOnly"] = list(rules)
        found = Axe().run(self.page, context, options)
        assert found["passes"], "axe-core found nothing to look at"
        return [
            f"{one['id']} ({one['impact']}): {one['help']}: {[node['target'] for node in one['nodes'][:5]]}"
            for one in found["violations"]
            if one["impact"] in ("serious", "critical")
        ]
