"""Two records alike in everything but their words: one that is published, one that is not."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import models

from forecasts.models import Affiliation, Alias, Document, Event, Question, Resolution, Source, Topic
from forecasts.models.record.key import WithKey
from forecasts.questions.writes.publishing import publish_question
from forecasts.verdicts.writes.disputes import dispute_answer, record_reply
from forecasts.verdicts.writes.findings import Exhibit, Finding
from forecasts.verdicts.writes.resolutions import answer_question
from tests.records import (
    NOW,
    accepted_statement,
    make_desk,
    make_document,
    make_question,
    make_source,
    say,
)

LATER = NOW + timedelta(days=200)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What there is to ask for, by the names that addresses use, and the keys of all rows of it."""

    names: dict[str, str]
    keys: set[str]


def tell(word: str, *, public: bool, more: str = "") -> Told:
    """
    Put an article, two sources, a question with all that can hang on it on the record.

    Each text holds the word; `more` goes on in the article.
    """
    before = {model: set(model.objects.values_list("pk", flat=True)) for model in keyed()}
    desk = make_desk(f"desk-{word}", publishes_with_forecast=False)
    outlet = make_source(f"{word} Post", kind="outlet")
    speaker, other = (make_source(f"{each} {word}", description=f"A {word}.") for each in ("Ada", "Bo"))
    Alias.objects.create(source=speaker, name=f"Alias {word}")
    document = make_document(
        text=f"Before {word}. It will {word}, says Ada. After {word}.{more}",
        title=f"Title {word}",
        url=f"https://example.org/{word}",
        provenance=f"Pasted {word}.",
        outlet=outlet,
        desk=desk,
    )
    Affiliation.objects.create(source=speaker, role=f"Head of {word}", as_stated_in=document)
    words = accepted_statement(
        document=document, quote=f"It will {word}", speaker=speaker, speaker_as_written=f"Ada, {word}",
        speaker_note=f"Of {word}.", translation=f"Det {word}", claim=f"That it will {word}.", cues=[word],
    )  # fmt: skip
    topic = Topic.objects.create(slug=f"topic-{word}", name=f"Topic {word}")
    event = Event.objects.create(slug=f"event-{word}", name=f"Event {word}")
    question = make_question(
        f"Will it {word}?", desk=desk, criteria=f"As {word} says.", translation=f"Blir det {word}?",
        condition=f"If {word}.", base_rate=0.5, base_rate_basis=f"Counted {word}.", topics=[topic],
        event=event,
    )  # fmt: skip
    forecast = say(question, speaker, 0.9, statement=words, note=f"Note {word}.")
    say(question, other, 0.2)
    _answer(question, speaker, document, word)
    if public:
        publish_question(question=question, by=None, now=LATER)
    fresh = {
        str(key)
        for model, known in before.items()
        for key in model.objects.exclude(pk__in=known).values_list("key", flat=True)
    }
    names = {
        "word": word,
        "question": question.slug,
        "source": speaker.slug,
        "other_source": other.slug,
        "document": str(document.key),
        "statement": str(words.key),
        "forecast": str(forecast.key),
        "resolution": str(Resolution.objects.get(question=question).key),
        "topic": topic.slug,
        "event": event.slug,
        "desk": desk.slug,
    }
    return Told(names=names, keys=fresh)


def _answer(question: Question, speaker: Source, document: Document, word: str) -> None:
    answer_question(
        question=question,
        finding=Finding(answer="outcome", outcome=1, occurred_at=NOW, note=f"It did {word}."),
        evidence=[
            Exhibit(url=f"https://example.org/proof-{word}", publisher=f"Proof {word}",
                    quote=f"Proved {word}.", text=f"All of {word}."),
            Exhibit(document=document, quote=f"In the article: {word}."),
        ],
        by=None,
        now=LATER,
    )  # fmt: skip
    dispute_answer(
        question=question, reason=f"Not {word}.", raised_by=f"Reader {word}", by=None, now=LATER,
        contact=f"{word}@example.org", quote=f"It says {word}.",
    )  # fmt: skip
    record_reply(
        question=question, source=speaker, text=f"I said {word}.", language="en",
        replied_on=date(2020, 7, 1), url=f"https://example.org/reply-{word}", by=None, now=LATER,
    )  # fmt: skip


def keyed() -> list[type[models.Model]]:
    """Return the models whose rows the public names by a key."""
    return [each for each in WithKey.__subclasses__() if not each._meta.abstract]
