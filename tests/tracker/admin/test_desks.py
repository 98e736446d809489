"""A desk's rules and people at the desk, and the days away of those who are led."""

from datetime import date

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from django.utils import timezone

from forecasts.models import Absence, Membership, Role, Turn
from tests.records import make_desk, make_user
from tests.tracker.admin.test_channels import given
from tests.tracker.admin.test_permissions import address


@pytest.fixture
def lead(sign_in):
    return sign_in(Role.LEAD)


def members(*rows, initial=0):
    found = {"memberships-TOTAL_FORMS": str(len(rows)), "memberships-INITIAL_FORMS": str(initial)}
    for number, row in enumerate(rows):
        found |= {f"memberships-{number}-{name}": value for name, value in row.items()}
    return found


def row_of(member, **rest):
    return {"id": member.pk, "desk": member.desk_id, "user": member.user_id, "role": member.role, **rest}


@pytest.mark.parametrize(
    ("rules", "told"),
    [
        ({"zone": "Europe/Raqqa"}, "There is no time zone"),
        ({"language": "xx"}, "Use one of: en, sv"),
        ({"stages": "-7,400"}, "within 365 days"),
        ({"quiet_from": "18:00"}, "Give both ends of the quiet hours"),
    ],
)
def test_what_the_api_refuses_the_form_refuses_in_the_same_words(lead, desk, rules, told):
    assert told in lead.post(address(desk), given(desk, **rules)).content.decode()
    before = desk.zone, desk.language, desk.stages
    desk.refresh_from_db()
    assert (desk.zone, desk.language, desk.stages) == before


def test_members_join_change_and_leave_by_the_table(lead, desk):
    anna, karl, vera = (make_user(name, desk=desk) for name in ("anna", "karl", "vera"))
    Turn.objects.create(desk=desk, user=karl, from_day=date(2020, 1, 6))
    rows = [row_of(each) for each in Membership.objects.filter(user__in=[anna, karl, vera]).order_by("pk")]
    new = make_user("nina", role=None)
    rows[0]["role"] = Role.VIEWER
    rows[1]["DELETE"] = "on"
    rows[2]["user"] = new.pk
    response = lead.post(address(desk), given(desk, **members(*rows, initial=3)))
    assert response.status_code == 302, response.context["errors"]
    held = dict(Membership.objects.filter(desk=desk).values_list("user__username", "role"))
    assert held == {"anna": "viewer", "nina": "editor", "lead": "lead"}
    assert not Turn.objects.exists()  # Karl's turn went with him.


def test_a_lead_steps_down_last_so_that_the_rest_is_done(lead, desk):
    own, anna = Membership.objects.get(user__username="lead"), make_user("anna", desk=desk)
    other = Membership.objects.get(user=anna)
    rows = [row_of(own, role=Role.EDITOR), row_of(other, role=Role.LEAD)]
    assert lead.post(address(desk), given(desk, **members(*rows, initial=2))).status_code == 302
    held = dict(Membership.objects.filter(desk=desk).values_list("user__username", "role"))
    assert held == {"anna": "lead", "lead": "editor"}


def test_a_new_desk_is_opened_with_its_members(lead, desk):
    own = User.objects.get(username="lead")
    asked = {**given(desk), "name": "Sports", "slug": "sports"}
    add = reverse("admin:forecasts_desk_add")
    response = lead.post(add, {**asked, **members({"user": own.pk, "role": Role.LEAD})})
    assert response.status_code == 302, response.context["errors"]
    assert Membership.objects.get(desk__slug="sports").user == own


def test_a_turn_of_somebody_who_cannot_answer_is_refused_at_its_field(lead, desk):
    vera = make_user("vera", Role.VIEWER, desk)
    turn = {"rota-TOTAL_FORMS": "1", "rota-0-user": vera.pk, "rota-0-from_day": "2020-01-06"}
    turn |= {"rota-0-weekdays": ["0"], "rota-0-every_weeks": "1", "rota-0-desk": desk.pk}
    assert "Make them an editor" in lead.post(address(desk), given(desk, **turn)).content.decode()
    assert not Turn.objects.exists()


def test_what_only_the_whole_page_shows_to_be_wrong_saves_nothing(lead, desk):
    """Somebody leaves in one table and takes a turn in the other."""
    anna = make_user("anna", desk=desk)
    leaves = row_of(Membership.objects.get(user=anna), DELETE="on")
    turn = {"rota-TOTAL_FORMS": "1", "rota-0-user": anna.pk, "rota-0-from_day": "2020-01-06"}
    turn |= {"rota-0-weekdays": ["0"], "rota-0-every_weeks": "1", "rota-0-desk": desk.pk}
    asked = given(desk, **members(leaves, initial=1), **turn, blind="on")
    page = lead.post(address(desk), asked, follow=True)
    assert "Make them an editor" in page.content.decode()
    desk.refresh_from_db()
    assert not desk.blind
    assert Membership.objects.filter(user=anna).exists()


def test_a_lead_sets_and_sees_the_days_away_of_those_they_lead(lead, desk, sign_in):
    anna, karl = make_user("anna", desk=desk), make_user("karl", desk=desk)
    olof = make_user("olof", desk=make_desk("sports"))
    add = reverse("admin:forecasts_absence_add")
    days = {"user": anna.pk, "away_from": "2030-07-01", "back_on": "2030-08-01", "deputy": karl.pk}
    assert lead.post(add, days).status_code == 302
    assert "overlap" in lead.post(add, days).content.decode()
    assert "valid choice" in lead.post(add, {**days, "user": olof.pk}).content.decode()
    away = Absence.objects.get()
    changed = {**days, "user": karl.pk, "back_on": "2030-07-15", "note": "Better soon."}
    assert lead.post(address(away), changed).status_code == 302
    away.refresh_from_db()
    assert (away.user, away.back_on, away.note) == (anna, date(2030, 7, 15), "Better soon.")

    of_other = Absence.objects.create(user=olof, away_from=date(2030, 1, 1), back_on=date(2030, 2, 1))
    assert lead.get(address(of_other)).status_code == 302  # There is nothing there, the desk says.
    listed = reverse("admin:forecasts_absence_changelist")
    assert "Better soon." in lead.get(listed).content.decode()
    assert "Better soon." not in sign_in(Role.EDITOR).get(listed).content.decode()


def test_an_absence_that_has_begun_ends_today_where_it_is_deleted(lead, desk):
    anna, today = make_user("anna", desk=desk), timezone.localdate()
    away = Absence.objects.create(user=anna, away_from=date(2020, 1, 1), back_on=date(2090, 1, 1))
    assert lead.post(address(away, "delete"), {"post": "yes"}).status_code == 302
    away.refresh_from_db()
    assert away.back_on == today
