"""A file of six forecasts, and what the score command makes of files."""

import io
import json

from django.core.management import call_command

HEADER = "question_id,question,source,forecast_time,probability,resolution,resolved_time,category"
ROWS = (
    'q1,"Will it, in the end, rain?",Ada,2018-01-01T00:00:00Z,0.9,yes,2018-01-11T00:00:00Z,weather',
    "q1,Will it rain?,Bo,2018-01-06T00:00:00Z,0.6,yes,2018-01-11T00:00:00Z,weather",
    "q2,Snow?,Ada,2018-01-01T00:00:00Z,0.2,no,2018-01-11T00:00:00Z,weather",
    "q2,Snow?,Bo,2018-01-01T00:00:00Z,5e-1,no,2018-01-11T00:00:00Z,weather",
    "q3,Hail?,Bo,2018-01-01T00:00:00Z,0.5,annulled,2018-01-11T00:00:00Z,weather",
    "q4,Fog?,Bo,2018-01-01T00:00:00Z,0.5,,,weather",
)


def scored(*files, **options):
    out, err = io.StringIO(), io.StringIO()
    options = {"format": "json", "bootstrap": 20} | options
    call_command("score", *files, stdout=out, stderr=err, **options)
    figures = json.loads(out.getvalue()) if options["format"] == "json" else out.getvalue()
    return figures, err.getvalue()
