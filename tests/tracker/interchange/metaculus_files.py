"""Metaculus's download, as a synthetic zip with its column names. Nobody and nothing in it exists."""

import csv
import io
import math
import zipfile

from tracker.interchange.formats.metaculus import read_metaculus
from tracker.interchange.house.take_in import moment

QUESTION = {
    "Question ID": "1",
    "Question URL": "https://example.org/questions/7/",
    "Question Title": "Will it rain?",
    "Post ID": "7",
    "Label": "",
    "Question Type": "Binary",
    "Open Time": "2020-01-01 00:00:00+00:00",
    "Scheduled Close Time": "2020-03-01 00:00:00+00:00",
    "Actual Close Time": "2020-02-01 00:00:00+00:00",
    "Resolution": "yes",
    "Resolution Known Time": "2020-02-01 00:00:00+00:00",
}
FORECAST = {
    "Question ID": "1",
    "Forecaster ID": "9",
    "Forecaster Username": "testa",
    "Is Bot": "False",
    "Start Time": "2020-01-02 12:00:00.250000+00:00",
    "End Time": "",
    "Probability Yes": "0.7",
    "Probability Yes Per Category": "",
    "Continuous CDF": "",
}


def as_table(rows):
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def read_download(tmp_path, forecasts, questions=({},)):
    path = tmp_path / "metaculus.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("README.md", "Synthetic.")
        archive.writestr("question_data.csv", as_table([QUESTION | each for each in questions]))
        archive.writestr("forecast_data.csv", as_table([FORECAST | each for each in forecasts]))
    return read_metaculus(paths=[path], name="metaculus.zip")


def said_in(reading):
    columns = reading.contents.columns()
    return [
        (moment(at / 1e6).isoformat(), None if math.isnan(value) else value)
        for at, value in zip(columns.stated_at.tolist(), columns.probability.tolist(), strict=True)
    ]
