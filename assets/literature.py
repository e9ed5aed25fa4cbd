"""The literature as a resource of the assets: what may be asked, and what was asked before."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

import dagster as dg

from assets.resources import Clock
from pipelines.ingestion.literature import Literature
from pipelines.ingestion.network import ModelSettings, NetworkSettings, opened_edge
from warehouse.answers import Answers
from warehouse.connection import Warehouse
from warehouse.location import DATA


class LiteratureResource(dg.ConfigurableResource):  # type: ignore[type-arg]  # dagster's base is generic
    """Indexes of literature. Whether and how they are asked: CLAIMGATE_ONLINE and its neighbours."""

    @contextmanager
    def opened(self, house: Warehouse, clock: Clock, run_id: str, *, question: bool = False) -> Iterator[Literature]:
        """Indexes that may be asked, if the network is on; else what they answered before."""
        settings = NetworkSettings.of(os.environ)
        store = Answers(house, clock.now, run_id)
        with opened_edge(settings, paces=DATA / "paces.sqlite", now=clock.now) as edge:
            yield Literature.of(settings, store, edge, clock.now, question=question)

    def model(self) -> ModelSettings | None:
        """The language model that may write prose, where one is configured."""
        return NetworkSettings.of(os.environ).model

    def remembered(self, house: Warehouse, clock: Clock, run_id: str) -> Literature:
        """What was answered before; nothing is asked."""
        return Literature.of(NetworkSettings.of(os.environ), Answers(house, clock.now, run_id), None, clock.now)
