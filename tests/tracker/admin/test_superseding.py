"""Superseding a question at the desk: asked, shown what follows, confirmed; and seen by every reader."""

import pytest
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from forecasts.models import Resolution, Role
from forecasts.questions.writes.publishing import publish_question
from tests.records import NOW, make_question, make_source, say
from tests.tracker.admin.test_permissions import address


@pytest.fixture
def questions(desk):
    old, new = make_question("Will it snow?", desk=desk), make_question("Will it snow in town?", desk=desk)
    say(old, make_source(), 0.7)
    publish_question(question=new, by=None, now=NOW)
    return old, new


@pytest.fixture
def page(questions):
    return reverse("admin:forecasts_question_supersede", args=[questions[0].pk])


def given(new, button, reason="It asks the same."):
    return {"replacement": new.pk, "reason": reason, button: ""}


def test_it_shows_what_follows_and_records_nothing_before_the_yes(sign_in, questions, page):
    lead = sign_in(Role.LEAD)
    shown = lead.post(page, given(questions[1], "_preview"))
    assert (shown.context["n_forecasts"], shown.context["n_reminders"]) == (1, 1)
    assert "Replace question" in shown.content.decode()
    lead.get(page, given(questions[1], "_supersede"))
    assert not Resolution.objects.exists()


def test_the_yes_is_recorded_with_who_and_why_and_every_page_links_on(sign_in, questions, page):
    old, new = questions
    lead = sign_in(Role.LEAD)
    assert page in lead.get(address(old)).content.decode()
    told = lead.post(page, given(new, "_supersede"), follow=True).content.decode()
    found = Resolution.objects.get()
    assert (found.replaced_by, found.note, found.recorded_by.username) == (new, "It asks the same.", "lead")
    assert "Replaced by" in told
    assert address(new) in told
    assert "Replaces" in lead.get(address(new)).content.decode()
    public = Client().get(f"/questions/{old.slug}/").content.decode()
    assert "Replaced by" in public
    assert f'href="/questions/{new.slug}/"' in public
    assert "It asks the same." in public
    assert "Replaces" in Client().get(f"/questions/{new.slug}/").content.decode()


def test_the_api_says_so_too(sign_in, questions, page):
    old, new = questions
    sign_in(Role.LEAD).post(page, given(new, "_supersede"))
    shown = APIClient().get(f"/api/v1/questions/{old.slug}/").json()
    assert (shown["state"], shown["superseded_by"]) == ("void", new.slug)
    assert shown["answer"]["void_reason"] == "superseded"
    (resolution,) = APIClient().get(f"/api/v1/resolutions/?question={old.slug}").json()["results"]
    assert resolution["replaced_by"] == new.slug
    assert APIClient().get(f"/api/v1/questions/{new.slug}/").json()["superseded_by"] is None


def test_what_is_refused_is_said_at_its_field(sign_in, questions, page):
    lead = sign_in(Role.LEAD)
    assert "Say why" in lead.post(page, given(questions[1], "_supersede", reason="")).content.decode()
    for button in ("_preview", "_supersede"):
        own_place = lead.post(page, given(questions[0], button)).content.decode()
        assert "its own place" in own_place
        assert "This will follow" not in own_place
    assert not Resolution.objects.exists()


def test_only_a_lead_of_the_desk_is_offered_it(sign_in, questions, page):
    editor = sign_in(Role.EDITOR)
    assert page not in editor.get(address(questions[0])).content.decode()
    assert editor.post(page, given(questions[1], "_supersede")).status_code == 403
