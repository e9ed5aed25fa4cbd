"""What a command says before it asks anybody: which services, and what is sent to each."""

from __future__ import annotations

from rich.markup import escape

from claimgate.output import err
from pipelines.ingestion.network import FullTexts, NetworkSettings


def say_what_is_sent(settings: NetworkSettings, *, chain: bool = False, judged_by_model: bool = False) -> None:
    """On stderr, one line a service; with the network off only what that leaves unchecked.

    `chain`: the stages run, so that a configured model attacks, reviews and scans; `judged_by_model`: their back end
    is llm, so that it judges, too.
    """
    console = err()
    if not settings.online:
        if judged_by_model and settings.model is not None:
            console.print(
                f"The network is off: claims are judged only where {escape(settings.model.model)} answered before, "
                "and are left NOT_CHECKED elsewhere. --online asks it.",
                soft_wrap=True,
                highlight=False,
            )
        return
    console.print("The network is on. Asked, as far as needed:", highlight=False)
    for index in settings.able().values():
        where = settings.base_of(index)
        console.print(
            f"  {escape(index.title)} ({escape(where)}): {escape(index.sent)}", soft_wrap=True, highlight=False
        )
    if settings.model is not None:
        console.print(
            f"  the language model {escape(settings.model.model)} ({escape(settings.model.url)}): "
            + ("each claim, with titles and sentences of its sources; " if judged_by_model else "")
            + ("claims and sentences of sources, for red team, reviews and rigour scans; " if chain else "")
            + "a question and the sentences that were found, if you ask one",
            soft_wrap=True,
            highlight=False,
        )
    if settings.contact:
        console.print("Your contact address goes to those that ask for one; keys go to their own service only.")
    if settings.full_texts is not FullTexts.NEVER:
        console.print("Open full texts may be fetched from the public hosts that these services name.")
