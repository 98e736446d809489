"""From "invite" to "welcome": by mail or by hand, once, and with no secret left behind on the way."""

import re
from collections.abc import Callable
from datetime import timedelta
from email import message_from_bytes, policy
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from rest_framework.throttling import SimpleRateThrottle

from forecasts.desk.writes.invitations import invite_person
from forecasts.models import Desk, Guess, Invitation, Membership, Message, Role
from tests.records import make_desk, make_user
from tests.tracker.admin.test_permissions import address
from tracker.notify.delivery.invitation import send_invitation_mail
from tracker.notify.kit.signed_links import invitation_link
from tracker.tasks import sweep

ADD = "admin:auth_user_add"
PASSWORD = "seventeen grey geese"
WEEK = timedelta(days=7)


@pytest.fixture(autouse=True)
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the cache counts is no part of this."""
    monkeypatch.setitem(SimpleRateThrottle.THROTTLE_RATES, "links", None)


@pytest.fixture
def lead(sign_in: Callable[..., Client]) -> Client:
    return sign_in(Role.LEAD)


@pytest.fixture
def form(desk: Desk) -> dict[str, Any]:
    return {"name": "Åsa Ek", "email": "asa@example.org", "desk": desk.pk, "role": Role.EDITOR}


def invited(desk: Desk, **given: Any) -> Invitation:
    told = {"name": "Åsa Ek", "email": "asa@example.org", "role": Role.EDITOR, "by": None}
    return invite_person(desk=desk, now=timezone.now(), good_for=WEEK, **{**told, **given})


def send(invitation: Invitation) -> bool:
    return send_invitation_mail(invitation_id=invitation.pk, clock=timezone.now)


def path(link: str) -> str:
    return "/" + link.partition("//")[2].partition("/")[2]


def chosen(**given: str) -> dict[str, str]:
    return {"username": "asa.ek", "password": PASSWORD, "again": PASSWORD, **given}


def test_from_the_form_by_mail_to_the_own_desk(lead: Client, desk: Desk, form: dict[str, Any]) -> None:
    asked = lead.get(reverse(ADD))
    assert [str(each) for each in asked.context["form"].fields["desk"].queryset] == ["Weather"]
    page = lead.post(reverse(ADD), form)
    invitation = Invitation.objects.get()
    link = invitation_link(invitation=invitation)
    assert link in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    assert link not in lead.get(address(invitation)).content.decode()  # Shown once.

    assert send(invitation)
    (letter,) = mail.outbox
    assert letter.to == ["asa@example.org"]
    assert re.findall(r"http\S+/admin/invitation/\S+", letter.body) == [link]
    assert not Message.objects.exists()  # Whoever reads the outbox would find the link there.

    browser = Client()
    opened = browser.get(path(link), follow=True)
    assert opened.redirect_chain == [(reverse("invitation"), 302)]
    assert opened.context["form"].initial["username"] == "asa.ek"
    welcome = browser.post(reverse("invitation"), chosen(), follow=True)
    assert welcome.redirect_chain == [(reverse("admin:index"), 302)]
    person = User.objects.get(username="asa.ek")
    assert int(browser.session["_auth_user_id"]) == person.pk
    assert Membership.objects.get(user=person).role == Role.EDITOR

    again = Client().get(path(link), follow=True)
    assert (again.status_code, "used already" in again.content.decode()) == (410, True)
    assert "asa.ek" in lead.get(address(invitation)).content.decode()


def test_a_mail_that_did_not_arrive_is_sent_anew_and_the_first_link_ends(lead: Client, desk: Desk) -> None:
    invitation = invited(desk, by=User.objects.get(username="lead"))
    first = invitation_link(invitation=invitation)
    page = lead.post(address(invitation), {"_resend": ""})
    invitation.refresh_from_db()
    second = invitation_link(invitation=invitation)
    assert first != second
    assert second in page.content.decode()
    assert "newer link" in Client().get(path(first), follow=True).content.decode()
    assert Client().get(path(second), follow=True).status_code == 200

    done = lead.post(address(invitation), {"_revoke": ""}, follow=True)
    assert "leads nowhere" in done.content.decode()
    assert "_revoke" not in done.content.decode()
    assert Client().get(path(second), follow=True).status_code == 410
    refused = lead.post(address(invitation), {"_resend": ""})
    assert "was revoked" in refused.content.decode()


@pytest.mark.parametrize(
    ("given", "field", "told"),
    [
        ({"again": "another"}, "again", "differ"),
        ({"password": "", "again": ""}, "password", "required"),
        ({"password": "12345678", "again": "12345678"}, "password", "too common"),
        ({"username": "lead"}, "username", "exists"),
    ],
)
def test_what_will_not_do_is_said_at_its_field(
    lead: Client, desk: Desk, given: dict[str, str], field: str, told: str
) -> None:
    browser = Client()
    browser.get(path(invitation_link(invitation=invited(desk))))
    page = browser.post(reverse("invitation"), chosen(**given))
    assert told in " ".join(page.context["form"].errors[field])
    assert PASSWORD not in page.content.decode()
    assert "_auth_user_id" not in browser.session
    assert browser.post(reverse("invitation"), chosen()).status_code == 302


def test_a_link_opened_by_whoever_is_signed_in_signs_in_the_new_person(lead: Client, desk: Desk) -> None:
    lead.get(path(invitation_link(invitation=invited(desk))))
    page = lead.get(reverse("invitation"))
    assert "You are signed in as lead" in page.content.decode()
    lead.post(reverse("invitation"), chosen())
    assert int(lead.session["_auth_user_id"]) == User.objects.get(username="asa.ek").pk


@pytest.mark.parametrize("token", ["x", "1-1", "1-1.forged", "..", "1-1:1"])
def test_guesses_are_counted_and_wait(db: None, token: str) -> None:
    browser, address_ = Client(), reverse("invitation_open", args=[token])
    page = browser.get(address_, follow=True)
    assert (page.status_code, "not whole" in page.content.decode()) == (404, True)
    assert Guess.objects.get().what == "secret"
    for _ in range(12):
        last = browser.get(address_, follow=True)
    assert last.status_code == 429
    assert "Retry-After" in last
    good = invitation_link(invitation=invited(make_desk()))
    assert browser.get(path(good), follow=True).status_code == 429  # Not looked at meanwhile.


def test_a_link_to_a_row_that_is_lost_leads_nowhere(desk: Desk) -> None:
    invitation = invited(desk)
    link = invitation_link(invitation=invitation)
    invitation.delete()
    assert Client().get(path(link), follow=True).status_code == 404


@pytest.fixture
def in_files(settings: Any, tmp_path: Any) -> Any:
    """No mail server: the folder in which mails become files."""
    settings.EMAIL_BACKEND = "tracker.notify.mail.file_backend.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path / "mail"
    return settings.EMAIL_FILE_PATH


def test_no_secret_is_in_the_log_and_the_mail_is_its_owners_alone(
    lead: Client, form: dict[str, Any], in_files: Any, caplog: pytest.LogCaptureFixture, capfd: Any
) -> None:
    """At DEBUG, on every way that the link goes: made, mailed, opened, used, used again, while one waits."""
    caplog.set_level("DEBUG")
    lead.post(reverse(ADD), form)
    invitation = Invitation.objects.get()
    link = invitation_link(invitation=invitation)
    assert send(invitation)
    for browser in (Client(), Client()):
        browser.get(path(link), follow=True)
        browser.post(reverse("invitation"), chosen(), follow=True)
    for _ in range(12):
        Client().get(reverse("invitation_open", args=["guess"]))
    assert Client().get(path(link), follow=True).status_code == 429
    (file,) = in_files.iterdir()
    written = message_from_bytes(file.read_bytes(), policy=policy.default)
    assert link in written.get_body(("plain",)).get_content()
    assert file.stat().st_mode & 0o777 == 0o600
    secret = link.rstrip("/").rpartition("/")[2]
    said = capfd.readouterr()
    assert secret not in caplog.text + said.out + said.err
    assert PASSWORD not in caplog.text + said.out + said.err


def test_a_mail_that_no_server_took_says_why_and_the_sweep_tries_again(
    lead: Client, desk: Desk, in_files: Any
) -> None:
    in_files.write_text("already recorded")
    invitation = invited(desk)
    assert not send(invitation)
    assert "File exists" in lead.get(address(invitation)).content.decode()
    assert not send(invitation)  # Not before the pause is over.
    in_files.unlink()
    Invitation.objects.update(lease_until=timezone.now())
    sent: list[int] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tracker.tasks.send_invitation.delay", sent.append)
        sweep()
    assert sent == [invitation.pk]
    assert send(invitation)


def test_the_mail_is_in_the_language_of_the_desk(desk: Desk) -> None:
    desk = make_desk("svenska", language="sv")
    send(invited(desk, by=make_user("lena", Role.LEAD, desk, first_name="Lena", last_name="Lind")))
    (letter,) = mail.outbox
    assert letter.subject == "Du är inbjuden till redaktionen ”Svenska”"
    assert "Lena Lind bjuder in dig" in letter.body
    assert '<html lang="sv">' in str(letter.alternatives[0][0])


def members(*rows: dict[str, Any], initial: int = 0) -> dict[str, Any]:
    found: dict[str, Any] = {
        "memberships-TOTAL_FORMS": str(len(rows)),
        "memberships-INITIAL_FORMS": str(initial),
    }
    for number, row in enumerate(rows):
        found |= {f"memberships-{number}-{name}": value for name, value in row.items()}
    return found


def row_of(member: Membership, **rest: Any) -> dict[str, Any]:
    return {"id": member.pk, "desk": member.desk_id, "user": member.user_id, "role": member.role, **rest}


def test_an_administrator_changes_roles_on_several_desks_and_lets_somebody_out(
    sign_in: Callable[..., Client], desk: Desk
) -> None:
    administrator, sports = sign_in(Role.ADMINISTRATOR), make_desk("sports")
    erin = make_user("erin", Role.EDITOR, desk, is_staff=True)
    browser = Client()
    browser.force_login(erin)
    held = row_of(erin.memberships.get(), role=Role.VIEWER)
    more = {"user": erin.pk, "desk": sports.pk, "role": Role.LEAD}
    told = {"username": "erin", "first_name": "Erin", "email": "erin@example.org", "is_active": "on"}
    saved = administrator.post(address(erin), {**told, **members(held, more, initial=1)})
    assert saved.status_code == 302, saved.context["errors"]
    assert {each.desk: each.role for each in erin.memberships.all()} == {desk: "viewer", sports: "lead"}

    rows = [row_of(each) for each in erin.memberships.order_by("desk__name", "pk")]
    rows[1]["DELETE"] = "on"
    del told["is_active"]
    saved = administrator.post(address(erin), {**told, **members(*rows, initial=2)})
    assert saved.status_code == 302, saved.context["errors"]
    erin.refresh_from_db()
    assert (erin.is_active, erin.memberships.count(), erin.first_name) == (False, 1, "Erin")
    assert browser.get(reverse("admin:index")).status_code == 302  # Signed out with it.


def test_a_head_gives_roles_on_the_own_desk_alone_and_changes_nobody(lead: Client, desk: Desk) -> None:
    sports = make_desk("sports")
    erin = make_user("erin", Role.EDITOR, desk)
    Membership.objects.create(desk=sports, user=erin, role=Role.ADMINISTRATOR)
    own, other = erin.memberships.get(desk=desk), erin.memberships.get(desk=sports)
    page = lead.get(address(erin))
    html = page.content.decode()
    assert 'name="username"' not in html
    assert "pbkdf2" not in html
    assert "md5" not in html
    told = {"username": "changed", "is_active": ""}
    saved = lead.post(address(erin), {**told, **members(row_of(own, role=Role.LEAD), initial=1)})
    assert saved.status_code == 302, saved.context["errors"]
    erin.refresh_from_db()
    assert (erin.username, erin.is_active) == ("erin", True)
    own.refresh_from_db()
    assert own.role == Role.LEAD

    for row in (
        row_of(other, role=Role.VIEWER),
        row_of(own, role=Role.ADMINISTRATOR),
        row_of(own, desk=sports.pk),
    ):
        lead.post(address(erin), {**told, **members(row, initial=1)})
    assert {each.desk: each.role for each in erin.memberships.all()} == {
        desk: Role.LEAD,
        sports: Role.ADMINISTRATOR,
    }
    stranger = make_user("olof", Role.EDITOR, sports)
    assert lead.get(address(stranger)).status_code == 302  # There is nothing there, the desk says.


def test_a_head_sets_nobodys_password(lead: Client, desk: Desk) -> None:
    """Whoever may set a password could be that person: an administrator of the own desk is one to be."""
    boss = make_user("boss", Role.ADMINISTRATOR, desk)
    page = reverse("admin:auth_user_password_change", args=[boss.pk])
    assert lead.get(page).status_code == 403
    given = {"password1": PASSWORD, "password2": PASSWORD, "usable_password": "true"}
    assert lead.post(page, given).status_code == 403
    boss.refresh_from_db()
    assert not boss.check_password(PASSWORD)


def test_nobody_deactivates_themselves(sign_in: Callable[..., Client]) -> None:
    administrator = sign_in(Role.ADMINISTRATOR)
    own = User.objects.get(username=Role.ADMINISTRATOR)
    told = {"username": own.username, "email": own.email, **members()}
    page = administrator.post(address(own), told, follow=True)
    assert "Another administrator can" in page.content.decode()
    own.refresh_from_db()
    assert own.is_active
