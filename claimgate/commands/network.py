"""What a command says before it asks anybody: which services, and what is sent to each."""

from __future__ import annotations

from rich.markup import escape

from claimgate.output import err
from pipelines.ingestion.network import FullTexts, NetworkSettings


def say_what_is_sent(settings: NetworkSettings) -> None:
    """On stderr, one line a service; nothing with the network off."""
    if not settings.online:
        return
    console = err()
    console.print("The network is on. Asked, as far as needed:", highlight=False)
    for index in settings.able().values():
        where = settings.base_of(index)
        console.print(
            f"  {escape(index.title)} ({escape(where)}): {escape(index.sent)}", soft_wrap=True, highlight=False
        )
    if settings.model is not None:
        console.print(
            f"  the language model {escape(settings.model.model)} ({escape(settings.model.url)}): "
            "a question and the sentences that were found, if you ask one",
            soft_wrap=True,
            highlight=False,
        )
    if settings.contact:
        console.print("Your contact address goes to those that ask for one; keys go to their own service only.")
    if settings.full_texts is not FullTexts.NEVER:
        console.print("Open full texts may be fetched from the public hosts that these services name.")
