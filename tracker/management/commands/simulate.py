"""manage.py simulate"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import numpy as np
from django.core.management.base import CommandError, CommandParser

from forecasts.scoring import simulate
from forecasts.scoring.simulation import World
from tracker.management.record_command import RecordCommand

HEADER = (
    "question_id",
    "question",
    "source",
    "forecast_time",
    "probability",
    "resolution",
    "resolved_time",
    "category",
    "open_time",
    "event",
    "true_score",
)


class Command(RecordCommand):
    help = "Write a synthetic world with known true skill, in the common CSV format. Labelled synthetic."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--sources", type=int, required=True, metavar="N")
        parser.add_argument("--questions", type=int, required=True, metavar="N")
        parser.add_argument("--seed", type=int, required=True)
        parser.add_argument("--out", metavar="FILE", help="Default: standard output.")

    def handle(
        self, *args: Any, sources: int, questions: int, seed: int, out: str | None, **options: Any
    ) -> None:
        try:
            world = simulate(n_sources=sources, n_questions=questions, seed=seed)
        except ValueError as error:
            raise CommandError(str(error)) from error
        if out is None:
            csv.writer(self.stdout, lineterminator="\n").writerows([HEADER, *_rows(world)])
            return
        try:
            with Path(out).open("w", encoding="utf-8", newline="") as stream:
                csv.writer(stream, lineterminator="\n").writerows([HEADER, *_rows(world)])
        except OSError as error:
            raise CommandError(f"{out} can't be written: {error.strerror}") from error
        self.stderr.write(f"{len(world.question)} synthetic forecasts in {out}.")


def _rows(world: World) -> list[tuple[Any, ...]]:
    question, source = world.question, world.source
    resolution = np.where(world.outcome == 1.0, "yes", "no")
    columns = (
        [f"synthetic-{code}" for code in question.tolist()],
        [f"Synthetic question {code}" for code in question.tolist()],
        [f"synthetic source {code}" for code in source.tolist()],
        _texts(world.stated_at),
        world.probability.tolist(),
        resolution[question].tolist(),
        _texts(world.closes_at)[question],
        ["synthetic"] * len(question),
        _texts(world.opens_at)[question],
        world.event[question].tolist(),
        world.truth[source].tolist(),
    )
    return list(zip(*columns, strict=True))


def _texts(seconds: np.ndarray[Any, np.dtype[np.float64]]) -> np.ndarray[Any, np.dtype[np.str_]]:
    return np.char.add(np.datetime_as_string(seconds.astype("datetime64[s]")), "Z")
