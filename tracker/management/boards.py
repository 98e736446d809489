"""Boards and sources as they are named on the command line."""

from __future__ import annotations

from django.core.management.base import CommandError, CommandParser

from forecasts.models import Board, Source

LATEST = "The board as known on that date: no look-ahead."


def add_board_arguments(parser: CommandParser) -> None:
    parser.add_argument("--board", metavar="SLUG", default="all", help="Default: all.")
    parser.add_argument("--source", metavar="SLUG", help="The figures of one source only.")
    parser.add_argument("--as-of", metavar="DATE", help=LATEST)


def board_named(slug: str) -> Board:
    """Return the board. Raises CommandError with the boards that there are."""
    try:
        return Board.objects.get(slug=slug)
    except Board.DoesNotExist as error:
        known = ", ".join(Board.objects.values_list("slug", flat=True)) or "none yet"
        raise CommandError(f"There is no ranking “{slug}”. Rankings: {known}.") from error


def source_named(slug: str | None) -> Source | None:
    """Return the source, or None where none is asked for. Raises CommandError."""
    if slug is None:
        return None
    try:
        return Source.objects.get(slug=slug)
    except Source.DoesNotExist as error:
        raise CommandError(f"There is no source “{slug}”. The slug stands in its page’s address.") from error
