"""Load the seed: verbal scales, the article, its annotation. What is there already is left alone."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from django.db import transaction

from forecasts.articles.writes.documents import capture_document
from forecasts.articles.writes.statements import accept_statement, draft_statement, reject_statement
from forecasts.models import (
    Affiliation,
    Alias,
    Desk,
    Document,
    Event,
    Forecast,
    Question,
    Scale,
    Source,
    Statement,
    Term,
    Topic,
)
from forecasts.models.articles.document import text_sha256
from forecasts.questions.values.readings import Reading
from forecasts.questions.writes.forecasts import issue_forecast
from forecasts.questions.writes.lifecycle import open_question
from forecasts.schedule import Deadline, EndRule, Granularity, local_midnight
from forecasts.sources.writes import add_source
from forecasts.verdicts.writes.findings import Exhibit, Finding, midnight_utc
from forecasts.verdicts.writes.resolutions import answer_question
from tracker.intake.vocabulary import Json, load_scale, load_vocabulary


class SeedError(Exception):
    """The seed folder does not hold what it should. Nothing was loaded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """How many rows of each kind the record holds after loading."""

    scales: int
    sources: int
    statements: int
    questions: int
    forecasts: int


@transaction.atomic
def load_seed(*, folder: Path, now: datetime) -> Loaded:
    """
    Load the seed folder in one transaction. Running it again changes nothing.

    Raises SeedError when a file is missing, is not JSON, or the article is not the one annotated.
    """
    for path in sorted((folder / "scales").glob("*.json")):
        load_scale(_read(path))
    annotation = _read(folder / "annotation.json")
    load_vocabulary(annotation)
    sources = {each["slug"]: _source(each, now=now) for each in annotation["sources"]}
    document = _document(annotation["document"], folder=folder, sources=sources, now=now)
    _affiliations(annotation, document=document, sources=sources)
    statements = _statements(annotation, document=document, sources=sources, now=now)
    for each in annotation["questions"]:
        _question(each, document=document, statements=statements, now=now)
    return Loaded(
        scales=Scale.objects.count(),
        sources=Source.objects.count(),
        statements=Statement.objects.count(),
        questions=Question.objects.count(),
        forecasts=Forecast.objects.count(),
    )


def _read(path: Path) -> Json:
    try:
        found: Json = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise SeedError(f"{path} is missing. Restore it from the repository.") from error
    except ValueError as error:
        raise SeedError(f"{path} is not valid JSON: {error}.") from error
    return found


def _source(given: Json, *, now: datetime) -> Source:
    source = Source.objects.filter(slug=given["slug"]).first() or add_source(
        name=given["name"],
        kind=given["kind"],
        slug=given["slug"],
        description=given["description"],
        by=None,
        now=now,
    )
    for alias in given.get("aliases", ()):
        Alias.objects.get_or_create(source=source, name=alias["name"], language=alias["language"])
    return source


def _document(given: Json, *, folder: Path, sources: Mapping[str, Source], now: datetime) -> Document:
    path = folder / given["file"]
    try:
        text = path.read_bytes().decode("utf-8")
    except FileNotFoundError as error:
        raise SeedError(f"{path} is missing. Restore it from the repository.") from error
    if text_sha256(text) != given["sha256"]:
        raise SeedError(f"{path} is not the text that was annotated: its SHA-256 differs.")
    published = date.fromisoformat(given["published_on"])
    return capture_document(
        text=text,
        title=given["title"],
        language=given["language"],
        url=given["url"],
        outlet=sources[given["outlet"]],
        published_at=local_midnight(on=published, zone=given["zone"]),
        published_to_the_day=True,
        captured_at=now,
        desk=Desk.objects.get(slug="foreign"),
        provenance=given["provenance"],
        now=now,
    )


def _affiliations(annotation: Json, *, document: Document, sources: Mapping[str, Source]) -> None:
    """Keep each role as the article states it: held on the day of publication, its ends unknown."""
    for given in annotation["sources"]:
        for each in given["affiliations"]:
            Affiliation.objects.get_or_create(
                source=sources[given["slug"]],
                role=each["role"],
                organisation=each["organisation"],
                defaults={
                    "starts": date.fromisoformat(annotation["document"]["published_on"]),
                    "as_stated_in": document,
                },
            )


def _statements(
    annotation: Json, *, document: Document, sources: Mapping[str, Source], now: datetime
) -> dict[str, Statement]:
    zone = annotation["document"]["zone"]
    statements = {}
    for given in annotation["statements"]:
        statement = _marked(document, given)
        if statement is None:
            statement = draft_statement(
                document=document,
                start=given["start"],
                end=given["end"],
                quote=given["quote"],
                translation=given["translation"],
                claim=given["claim"],
                speaker=sources[given["speaker"]],
                speaker_as_written=given["speaker_as_written"],
                speaker_note=given["speaker_note"],
                directness=given["directness"],
                cues=given["cues"],
                stated_at=local_midnight(on=date.fromisoformat(given["stated_on"]), zone=zone),
                now=now,
            )
            accept_statement(statement=statement, reason=given["reason"], by=None, now=now)
        statements[given["id"]] = statement
    for given in annotation["rejected"]:
        if _marked(document, given) is None:
            trap = draft_statement(
                document=document,
                start=given["start"],
                end=given["end"],
                quote=given["quote"],
                directness="authorial",
                stated_at=document.published_at,
                now=now,
            )
            reject_statement(statement=trap, reason=given["reason"], by=None, now=now)
    return statements


def _marked(document: Document, given: Json) -> Statement | None:
    return Statement.objects.filter(document=document, start=given["start"], end=given["end"]).first()


def _question(given: Json, *, document: Document, statements: Mapping[str, Statement], now: datetime) -> None:
    if Question.objects.filter(slug=given["slug"]).exists():
        return
    deadline = given["deadline"]
    question = open_question(
        slug=given["slug"],
        proposition=given["proposition"],
        translation=given["translation"],
        criteria=given["criteria"],
        opens_at=local_midnight(on=date.fromisoformat(given["opens_on"]), zone=deadline["zone"]),
        deadline=_deadline(deadline),
        deadline_imputed=deadline["imputed"],
        deadline_reason=deadline["basis"],
        condition=given.get("condition", ""),
        checklist=given["checklist"],
        event=Event.objects.get(slug=given["event"]),
        topics=Topic.objects.filter(slug__in=given["topics"]),
        desk=Desk.objects.get(slug="foreign"),
        now=now,
    )
    for forecast in given["forecasts"]:
        _forecast(forecast, question=question, statements=statements, now=now)
    if "resolution" in given:
        _answer(given["resolution"], question=question, document=document, now=now)


def _forecast(given: Json, *, question: Question, statements: Mapping[str, Statement], now: datetime) -> None:
    statement = statements[given["statement"]]
    scale, language, phrase = given["term"]
    term = Term.objects.get(scale__slug=scale, language=language, phrase=phrase)
    own = given.get("deadline")
    if statement.speaker is None:
        raise SeedError(f"Statement {given['statement']} has no speaker in annotation.json.")
    issue_forecast(
        question=question,
        source=statement.speaker,
        statement=statement,
        reading=Reading.from_term(term),
        stated_at=statement.stated_at,
        deadline=_deadline(own) if own else None,
        deadline_imputed=own["imputed"] if own else None,
        deadline_reason=own["basis"] if own else "",
        now=now,
    )


def _deadline(given: Json) -> Deadline:
    return Deadline(
        on=date.fromisoformat(given["on"]),
        granularity=Granularity(given["granularity"]),
        zone=given["zone"],
        rule=EndRule(given["rule"]),
    )


def _answer(given: Json, *, question: Question, document: Document, now: datetime) -> None:
    occurred = given.get("occurred_on")
    answer_question(
        question=question,
        finding=Finding(
            answer=given["answer"],
            outcome=given.get("outcome"),
            occurred_at=midnight_utc(date.fromisoformat(occurred)) if occurred else None,
            void_reason=given.get("void_reason", ""),
            note=given["note"],
        ),
        evidence=[
            Exhibit(
                quote=each["quote"],
                url=each.get("url", ""),
                publisher=each.get("publisher", ""),
                published_on=date.fromisoformat(each["published_on"]) if "published_on" in each else None,
                document=document if each.get("document") else None,
            )
            for each in given["evidence"]
        ],
        by=None,
        now=now,
    )
