"""What `tests.benchmarks.record` measures, once its servers run."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client

from forecasts.boards.reads.columns.columns import board_columns
from forecasts.boards.reads.history import board_history
from forecasts.boards.reads.standings import drawn_standings, standings
from forecasts.files.writes.forecasts import SIGNATURE, TRAILER
from forecasts.models import Board, Resolution
from forecasts.record.writes.ledger import append_fact
from tests.tracker.interchange.files import as_csv, messy

REPOSITORY = Path(__file__).parents[2]
FORECASTS_A_QUESTION, SOURCES, TOPICS, YEARS = 20, 2000, 10, 10
START = datetime(2015, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Cost:
    """
    What a piece of work took: seconds on the wall, and seconds of processor time, PostgreSQL's included.

    The steps come one after another, so on an idle machine the two are nearly the same. On a busy one
    the wall says how busy it is; `seconds` is the lesser of both.
    """

    wall: float
    cpu: float

    @property
    def seconds(self) -> float:
        return min(self.wall, self.cpu)


@dataclass(frozen=True, slots=True)
class Meter:
    """Reads the processor time of this process, its children and the PostgreSQL server in `folder`."""

    folder: Path

    def of(self, work: Callable[[], object]) -> Cost:
        wall, cpu = time.perf_counter(), self._cpu()
        work()
        return Cost(time.perf_counter() - wall, self._cpu() - cpu)

    def _cpu(self) -> float:
        used = [resource.getrusage(each) for each in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
        return sum(each.ru_utime + each.ru_stime for each in used) + self._servers()

    def _servers(self) -> float:
        server = int((self.folder / "postgres" / "postmaster.pid").read_text().split()[0])
        ticks = 0
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                cells = stat.read_text().rpartition(")")[2].split()
            except OSError:
                continue  # It has just ended; its parent has counted it.
            if int(stat.parent.name) == server:
                ticks += sum(map(int, cells[11:15]))
            elif int(cells[1]) == server:
                ticks += int(cells[11]) + int(cells[12])
        return ticks / os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Measure:
    what: str
    cost: Cost
    limit: float | None
    floor: Cost

    @property
    def holds(self) -> bool:
        return self.limit is None or self.cost.seconds <= self.limit

    def __str__(self) -> str:
        limit = "" if self.limit is None else f"<= {self.limit:g}"
        state = "" if self.limit is None else "yes" if self.holds else "NO"
        floors = self.cost.seconds / self.floor.seconds
        return (
            f"{self.what:<58} {self.cost.wall:>8.3f} {self.cost.cpu:>8.3f} {limit:>8} {floors:>8.2f} {state}"
        )


@dataclass(frozen=True, slots=True)
class Rows:
    question: np.ndarray
    source: np.ndarray
    stated_at: np.ndarray
    probability: np.ndarray
    outcome: np.ndarray
    known_at: np.ndarray


def rows_of(n: int) -> Rows:
    """Return forecasts on questions that last three months, over ten years."""
    rng = np.random.default_rng(0)
    questions = max(n // FORECASTS_A_QUESTION, 1)
    question, source = rng.integers(0, questions, n), rng.integers(0, SOURCES, n)
    opens = START.timestamp() + np.floor(rng.random(questions) * YEARS * 365 * 86_400)
    chance = rng.random(questions)
    outcome = rng.random(questions) < chance
    probability = np.clip(chance[question] + rng.normal(0.0, 0.15, n), 0.0, 1.0).round(4)
    stated = opens[question] + np.floor(rng.random(n) * 8e6)
    return Rows(question, source, stated, probability, outcome[question], opens[question] + 8e6)


def write_rows(rows: Rows, path: Path) -> None:
    stated, known = (
        np.datetime_as_string(each.astype("datetime64[s]")).tolist()
        for each in (rows.stated_at, rows.known_at)
    )
    columns = (rows.question.tolist(), rows.source.tolist(), rows.probability.tolist(), rows.outcome.tolist())
    with path.open("w", encoding="utf-8") as stream:
        stream.write(
            "question_id,question,source,forecast_time,probability,resolution,resolved_time,category\n"
        )
        stream.writelines(
            f"q{q},Question {q},source {s},{at}Z,{p},{'yes' if y else 'no'},{k}Z,topic-{q % TOPICS}\n"
            for q, s, p, y, at, k in zip(*columns, stated, known, strict=True)
        )


def bare_copy(rows: Rows, meter: Meter) -> Cost:
    """Return what PostgreSQL takes for seven bare columns, without an index, committed."""
    kinds = ["i8", "i8", "i8", "f8", "f8", "f8", "i8"]
    names = "question bigint, source bigint, at bigint, p float8, low float8, high float8, term bigint"
    cells = [cell for at, kind in enumerate(kinds) for cell in ((f"n{at}", ">i4"), (f"v{at}", f">{kind}"))]
    wire = np.zeros(len(rows.question), dtype=np.dtype([("cells", ">i2"), *cells]))
    wire["cells"] = len(kinds)
    for at in range(len(kinds)):
        wire[f"n{at}"] = 8
    wire["v0"], wire["v1"], wire["v2"] = rows.question, rows.source, rows.stated_at
    wire["v3"], wire["v4"], wire["v5"] = rows.probability, rows.probability, rows.probability

    def work() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"CREATE TABLE bare ({names})")
            with cursor.copy("COPY bare FROM STDIN (FORMAT binary)") as copy:
                copy.write(SIGNATURE + wire.tobytes() + TRAILER)

    took = meter.of(work)
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE bare")
    return took


def measure(*, folder: Path, n: int, boards: bool) -> list[Measure]:
    call_command("migrate", verbosity=0)
    rows = rows_of(n)
    write_rows(rows, folder / "rows.csv")
    (folder / "messy.csv").write_text(as_csv(messy(60_000)), encoding="utf-8")
    meter = Meter(folder)
    floor = bare_copy(rows, meter)
    found: list[Measure] = []

    def take(what: str, limit: float | None, work: Callable[[], object], times: int = 1) -> None:
        costs = [meter.of(work) for _ in range(times)]
        found.append(Measure(what, min(costs, key=lambda each: each.seconds), limit, floor))
        print(found[-1], flush=True)

    print(f"{n:,} forecasts, {n // FORECASTS_A_QUESTION:,} questions, {SOURCES:,} sources, {YEARS} years")
    print(f"{'seconds':<58} {'wall':>8} {'cpu':>8} {'limit':>8} {'floors':>8} holds")
    print(Measure("one bare COPY of seven columns (the floor)", floor, None, floor), flush=True)
    big = _manage("import_forecasts", str(folder / "rows.csv"), "--board", "Benchmark", "--format", "json")
    take("import of the file", 60.0, big)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1e6
    print(f"  peak memory of the import: {peak:.2f} GB")
    take("the same file again, which changes nothing", None, big)
    take("import of a messy dump of 60,000 rows, with its report", 30.0, _messy(folder))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    if boards:
        _boards(take)
    take("verify_ledger", None, _manage("verify_ledger"))
    return found


def _manage(*arguments: str, codes: tuple[int, ...] = (0,)) -> Callable[[], object]:
    def run() -> None:
        ended = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=REPOSITORY,
            env=os.environ.copy(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=False,
        )
        if ended.returncode not in codes:
            raise RuntimeError(f"manage.py {' '.join(arguments)} ended with {ended.returncode}")

    return run


def _messy(folder: Path) -> Callable[[], object]:
    report = ("--report", str(folder / "refused.csv"))
    return _manage("import_forecasts", str(folder / "messy.csv"), "--board", "Messy", *report, codes=(3,))


def _boards(take: Callable[..., None]) -> None:
    board = Board.objects.get(slug="benchmark")
    take("database to arrays", 1.5, lambda: board_columns(board=board, at=None), times=2)
    take("cold board without bootstrap", 6.0, _cold(lambda: standings(board=board)), times=2)
    take("cold board with 1,000 draws, in the task", 25.0, _cold(lambda: drawn_standings(board=board)))
    client = Client(headers={"host": "127.0.0.1"})
    page = "/api/v1/boards/benchmark/standings/"
    if client.get(page).status_code != 200:
        raise RuntimeError("the API does not answer")
    take("board from the cache, at the API", 0.05, lambda: client.get(page), times=10)
    take("monthly history over ten years", 30.0, _cold(lambda: board_history(board=board)))
    _ten_boards(take)


def _cold(work: Callable[[], object]) -> Callable[[], object]:
    def run() -> None:
        cache.clear()
        work()

    return run


def _ten_boards(take: Callable[..., None]) -> None:
    boards = [
        Board.objects.create(slug=f"topic-{at}", name=f"Topic {at}", filter={"topics": [f"topic-{at}"]})
        for at in range(TOPICS)
    ]

    def resolve_and_look() -> None:
        before = Resolution.objects.in_force().filter(question__topics__slug="topic-0").earliest("pk")
        now = datetime.now(tz=UTC) + timedelta(seconds=1)
        with transaction.atomic():
            resolution = Resolution.objects.create(
                question=before.question,
                answer="outcome",
                outcome=1 - (before.outcome or 0),
                occurred_at=before.occurred_at,
                method="overturned",
                supersedes=before,
                recorded_at=now,
            )
            append_fact(fact=resolution, now=now)
        for board in boards:
            standings(board=board)

    take("a resolution's effect on ten boards, one after another", 5.0, resolve_and_look)
