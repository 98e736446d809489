"""The seed: eight statements at their exact places, and what came of them."""

from pathlib import Path

import pytest

from forecasts.boards.reads.standings import standings
from forecasts.models import (
    Affiliation,
    Board,
    Document,
    Entry,
    Forecast,
    Question,
    Reminder,
    Resolution,
    Scale,
    Source,
    Statement,
)
from forecasts.record.reads import ledger
from tests.records import NOW
from tests.shared_record import shared
from tracker.intake.seed import load_seed

pytestmark = pytest.mark.django_db
SEEDS = Path(__file__).parents[3] / "seeds"

# Where the words stand in the article, counted in code points; the end is exclusive.
STATEMENTS = [
    (114, 143, "Fabrice Balanche", "Förlusten av Raqqa är på väg."),
    (
        144,
        220,
        "Fabrice Balanche",
        "Men det är återtagandet av Deir Ezzor som kommer bli den riktiga vändpunkten",
    ),
    (842, 862, "Aftonbladet", "Raqqa snart förlorad"),
    (864, 933, "Aftonbladet", "I Raqqa - ”kalifatets huvudstad” går IS också mot ett stort nederlag."),
    (
        1803,
        1869,
        "Ludovico Carlino",
        "Det är här som IS kommer gå under jorden och fortsätta sitt uppror",
    ),
    (
        2064,
        2197,
        "US military",
        "gruppen kommer att trappa upp sina terrorattacker på andra håll i världen i takt med att man "
        "förlorar på slagfältet i Syrien och Irak",
    ),
    (
        2267,
        2333,
        "Aftonbladet",
        "de arméer som kämpar mot IS riskerar att vända vapnen mot varandra",
    ),
    (2576, 2636, "Staffan de Mistura", "IS nederlag betyder ”början till slutet” för kriget i Syrien"),
]


@pytest.fixture(scope="module")
def made(django_db_setup, django_db_blocker):
    yield from shared(django_db_blocker, lambda: load_seed(folder=SEEDS, now=NOW))


@pytest.fixture
def loaded(made, db):
    """The seed's record, loaded once for the module."""
    return made


def test_eight_statements_stand_exactly_where_the_article_has_them(loaded):
    accepted = Statement.objects.accepted().order_by("start").select_related("speaker", "document")
    assert [(s.start, s.end, s.speaker.name, s.quote) for s in accepted] == STATEMENTS
    document = Document.objects.get()
    assert len(document.text) == 2731
    for statement in Statement.objects.all():
        assert document.text[statement.start : statement.end] == statement.quote


def test_the_twelve_traps_are_kept_with_their_reasons(loaded):
    rejected = Statement.objects.filter(status="rejected")
    assert rejected.count() == 12
    assert all(each.decisions.get().reason for each in rejected)


def test_five_speakers_with_the_roles_that_the_article_gives_them(loaded):
    assert Source.objects.count() == 5
    held = {str(each.source): str(each) for each in Affiliation.objects.select_related("source")}
    assert held["Ludovico Carlino"] == "analyst, IHS Markit Country Risk"
    assert held["Staffan de Mistura"] == "Special Envoy for Syria, United Nations"
    assert len(held) == 4


def test_nothing_was_stated_so_everything_is_imputed_and_says_how(loaded):
    forecasts = Forecast.objects.select_related("term__scale")
    assert {each.probability_imputed for each in forecasts} == {True}
    assert {each.term.scale.slug for each in forecasts} == {"house"}
    assert all(each.deadline_imputed and each.deadline_reason for each in forecasts)


@pytest.mark.parametrize(
    ("words", "reading"),
    [
        ("Förlusten av Raqqa", (0.9, 0.95, 0.99)),
        ("I Raqqa - ", (0.75, 0.9, 0.97)),
        ("gruppen kommer att trappa upp", (0.6, 0.7, 0.8)),
        ("de arméer som kämpar", (0.25, 0.4, 0.5)),
    ],
)
def test_words_are_read_as_ranges(loaded, words, reading):
    forecast = Forecast.objects.get(statement__quote__startswith=words)
    assert (forecast.probability_low, forecast.probability, forecast.probability_high) == reading


def test_the_three_statements_on_raqqa_are_on_one_question(loaded):
    question = Question.objects.get(slug="raqqa-falls-2017")
    assert question.forecasts.count() == 3
    assert question.deadline_at.isoformat() == "2017-12-31T23:00:00+00:00"
    soon = question.forecasts.get(statement__quote="Raqqa snart förlorad")
    assert soon.deadline_at.isoformat() == "2017-12-04T23:00:00+00:00"


def test_what_is_known_is_resolved_with_evidence_and_the_rest_is_not(loaded):
    answers = {
        each.question.slug: (each.answer, each.outcome)
        for each in Resolution.objects.in_force().select_related("question")
    }
    assert answers == {
        "raqqa-falls-2017": ("outcome", 1),
        "deir-ez-zor-turning-point": ("void", None),
        "is-insurgency-euphrates-2018": ("outcome", 1),
        "anti-is-forces-clash-2018": ("outcome", 1),
        "syria-war-beginning-of-the-end": ("void", None),
    }
    for resolution in Resolution.objects.all():
        assert resolution.verdicts.get().evidence.exists()
    raqqa = Resolution.objects.get(question__slug="raqqa-falls-2017")
    assert raqqa.occurred_at.date().isoformat() == "2017-10-17"
    assert raqqa.recorded_at == NOW


def test_the_open_question_is_due_once(loaded):
    armed = Reminder.objects.pending().get()
    assert armed.question.slug == "is-attacks-elsewhere-2018"
    assert armed.due_at == NOW


def test_the_ranking(loaded):
    rows = standings(board=Board.objects.get(slug="all"), at=NOW)
    assert [(row.rank, row.source, row.brier, row.brier_low, row.brier_high) for row in rows[:2]] == [
        (1, "Fabrice Balanche", 0.0025, 0.0001, 0.01),
        (1, "Ludovico Carlino", 0.0025, 0.0001, 0.01),
    ]
    # Raqqa: both statements of one day share their time, (0.0025 + 0.01) / 2. The clash: 0.36.
    assert rows[2].source == "Aftonbladet"
    assert rows[2].brier == pytest.approx((0.00625 + 0.36) / 2)
    assert [row.rank for row in rows[3:]] == [None, None]


def test_loading_again_changes_nothing(loaded):
    before = ledger.head()
    counts = [model.objects.count() for model in (Reminder, Scale, Affiliation, Entry)]
    assert load_seed(folder=SEEDS, now=NOW) == loaded
    assert ledger.head() == before
    assert [model.objects.count() for model in (Reminder, Scale, Affiliation, Entry)] == counts
    assert ledger.verify() is None


def test_the_scales_name_their_language_and_source(loaded):
    scales = {each.slug: each for each in Scale.objects.all()}
    assert set(scales) == {
        "icd-203",
        "phia",
        "nato-ajp-2-1",
        "efsa",
        "ipcc",
        "kent",
        "smhi-sv",
        "capphrase",
        "house",
    }
    assert scales["house"].kind == "house"
    assert scales["house"].source.startswith("Ours")
    assert {term.language for term in scales["smhi-sv"].terms.all()} == {"sv"}
    likely = {
        each.slug: (term.low, term.high)
        for each in scales.values()
        for term in each.terms.filter(phrase="likely", language="en")
    }
    assert likely == {
        "icd-203": (0.55, 0.8),
        "phia": (0.55, 0.75),
        "nato-ajp-2-1": (0.6, 0.9),
        "efsa": (0.66, 0.9),
        "ipcc": (0.66, 1.0),
        "capphrase": (0.67, 0.8),
    }
