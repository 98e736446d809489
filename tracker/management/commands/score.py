"""manage.py score"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

from django.core.management.base import CommandError, CommandParser

from forecasts.scoring import score
from forecasts.scoring.calibration import MOST_BINS
from forecasts.scoring.checks import RowError
from forecasts.scoring.summary import summary
from tracker.interchange.house.common_csv import CommonForecasts, UnreadableFileError, read_common
from tracker.management.record_command import RecordCommand
from tracker.management.tables import FORMATS, as_csv, as_json, as_table

RULES = ("brier", "log", "spherical", "baseline")
COLUMNS = (
    "rank",
    "rank_low",
    "rank_high",
    "source",
    "n_questions",
    "n_forecasts",
    "shrunk",
    "ci_low",
    "ci_high",
    "p_first",
    "brier",
    "brier_time_weighted",
    "brier_last",
    "adjusted_fixed",
    "adjusted_shrunk",
    "peer_spot",
    "relative_brier",
    "skill",
    "p_beats_reference",
    "provisional",
    "reason",
)
SHOWN = COLUMNS[:14]
TOTALS = (
    "n_rows",
    "n_scored",
    "n_questions",
    "n_sources",
    "brier",
    "brier_time_weighted",
    "brier_last",
    "brier_first",
    "log",
    "base_rate",
    "skill_base_rate",
    "auc",
)
REFUSALS_SHOWN = 20
STRICT_EXIT = 3


class Command(RecordCommand):
    help = (
        "Score forecasts in the common CSV format (plain or gzipped), or in Parquet; no database. Yes-or-no "
        "questions alone: rows of other kinds are refused, and boards rank these once they are imported. "
        "Exit code 0: scored, and rows that can't be used are listed; 1: nothing can be read; "
        "3: rows were refused, with --strict."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="+", metavar="FILE", help="- is standard input.")
        parser.add_argument("--format", choices=FORMATS, default="table")
        parser.add_argument(
            "--rule", choices=RULES, default="brier", help="The rule that sources are ranked by."
        )
        parser.add_argument(
            "--log-clip", type=_clip, default=1e-6, metavar="EPS", help="Default 1e-6, as in import files."
        )
        parser.add_argument("--bins", type=_whole(1, MOST_BINS), default=10, metavar="N")
        parser.add_argument(
            "--bootstrap", type=_whole(0), default=1000, metavar="N", help="Draws; 0 for no intervals."
        )
        parser.add_argument("--seed", type=_whole(0), default=0)
        parser.add_argument("--cluster", metavar="COLUMN", help="Rows with the same value are one event.")
        parser.add_argument(
            "--min-n", type=_whole(0), default=1, metavar="N", help="Below it a source is provisional."
        )
        parser.add_argument(
            "--compared-by",
            choices=("last", "time_weighted"),
            default="last",
            help="The score of a source on a question that sources are compared by.",
        )
        parser.add_argument("--strict", action="store_true", help="Exit with 3 when a row was refused.")

    def handle(self, *args: Any, files: list[str], format: str, cluster: str | None, **options: Any) -> None:
        try:
            rows = read_common(paths=files, cluster=cluster.lower() if cluster else None)
            figures = self._figures(rows, options)
        except RowError as error:
            place = f"{rows.files[rows.file[error.row]]}, line {rows.line[error.row]}"
            raise CommandError(f"{place}: {error.what}") from error
        except (UnreadableFileError, ValueError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(_shown(figures, format))
        self._warn(rows)
        if options["strict"] and rows.refused:
            raise CommandError("Rows were refused.", returncode=STRICT_EXIT)

    def _figures(self, rows: CommonForecasts, options: dict[str, Any]) -> dict[str, Any]:
        result = score(
            question=rows.question,
            source=rows.source,
            stated_at=rows.stated_at,
            value=rows.probability,
            outcome=rows.outcome,
            known_at=rows.known_at,
            event=rows.event,
            opens_at=rows.opens_at,
            low=rows.low,
            high=rows.high,
            rule=options["rule"],
            log_clip=options["log_clip"],
            bins=options["bins"],
            compared_by=options["compared_by"],
            bootstrap=options["bootstrap"],
            seed=options["seed"],
            min_n=options["min_n"],
        )
        figures = summary(result=result, source_names=[rows.source_names[at] for at in result.sources.code])
        return figures | {
            "n_rows": rows.n_rows,
            "naive_times": rows.naive_times,
            "seed": options["seed"],
            "bootstrap": options["bootstrap"],
            "refused": [
                {"file": each.file, "line": each.line, "field": each.field, "reason": each.reason}
                for each in rows.refused
            ],
        }

    def _warn(self, rows: CommonForecasts) -> None:
        for each in rows.refused[:REFUSALS_SHOWN]:
            self.stderr.write(f"{each.file}, line {each.line}: {each.field} {each.reason}")
        if len(rows.refused) > REFUSALS_SHOWN:
            self.stderr.write(
                f"and {len(rows.refused) - REFUSALS_SHOWN} more refusals (all in --format json)"
            )
        if rows.naive_times:
            self.stderr.write(f"{rows.naive_times} times have no zone and were read as UTC.")


def _whole(least: int, most: int | None = None) -> Callable[[str], int]:
    """Return what reads a whole number of an option, and says what it must be."""

    def whole(text: str) -> int:
        wanted = f"a whole number, at least {least}" + (f" and at most {most}" if most else "")
        try:
            value = int(text)
        except ValueError:
            raise argparse.ArgumentTypeError(f"{text!r} is not {wanted}") from None
        if value < least or (most is not None and value > most):
            raise argparse.ArgumentTypeError(f"{value} is not {wanted}")
        return value

    return whole


def _clip(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not 0.0 <= value < 0.5:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 0 to below 0.5")
    return value


def _shown(figures: dict[str, Any], format: str) -> str:
    if format == "json":
        return as_json(figures)
    if format == "csv":
        return as_csv(figures["sources"], columns=COLUMNS)
    totals = [{"figure": name, "value": figures[name]} for name in TOTALS]
    title = (
        f"Sources, by {figures['rule']} ({figures['compared_by']}); log clipped at {figures['log_clip']:g}; "
        f"{figures['bootstrap']} draws, seed {figures['seed']}"
    )
    return "\n".join(
        (
            as_table(totals, columns=("figure", "value"), title="All scored rows"),
            as_table(figures["sources"], columns=SHOWN, title=title, width=180),
        )
    )
