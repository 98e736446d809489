"""What a file may say, made up, and how it is taken in."""

from datetime import date, timedelta

from forecasts.files.writes.imports import FileContents, FileForecast, FileQuestion, begin_import, take_in
from forecasts.jobs.writes import begin
from forecasts.models import Import
from forecasts.schedule import Deadline
from tests.records import NOW

DAY = timedelta(days=1)


def file_question(key="rain:1", **rest):
    given = {
        "key": key,
        "proposition": f"Does it rain, {key}?",
        "criteria": "As the file says.",
        "opens_at": NOW - 30 * DAY,
        "deadline": Deadline(on=date(2020, 1, 1), zone="UTC"),
        "outcome": 1.0,
        "known_at": NOW,
    }
    return FileQuestion(**{**given, **rest})


def file_contents(questions=3, sources=4):
    return FileContents(
        sources=[f"Source {number}" for number in range(sources)],
        questions=[file_question(f"rain:{number}", outcome=float(number % 2)) for number in range(questions)],
        forecasts=[
            FileForecast(
                question=question,
                source=source,
                stated_at=NOW - (source + 1) * DAY,
                probability=(source + 1) / 10,
            )
            for question in range(questions)
            for source in range(sources)
        ],
    )


def take_file(contents, sha="a" * 64, board=None, refused=(), now=NOW, **how):
    """Take the contents in, as a worker does that has just taken the import up; or return what is done."""
    waits = begin_import(name="rain.csv", sha256=sha, board=board, rows=len(contents.forecasts), now=NOW)
    job = begin(kind=Import, pk=waits.pk, now=now)
    if job is None:
        return waits
    return take_in(job=job, contents=contents, refused=refused, now=NOW, **how)
