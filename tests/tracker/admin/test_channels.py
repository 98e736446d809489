"""A desk's channels and secret addresses at the desk: used, and never shown."""

from django.contrib.admin.models import LogEntry
from django.urls import reverse

from forecasts.models import Role
from tests.tracker.admin.test_permissions import address

SECRET = "c0ffee0123456789TIiajkdnl"
SLACK = f"slack://T1JJ3T3L2/A1BRTD4JD/{SECRET}"


def given(desk, **rest):
    return {
        **{"name": desk.name, "slug": desk.slug, "zone": desk.zone, "language": desk.language},
        **{"verdicts_required": "1", "tolerance": "0", "stages": "-7,0", "repeat_days": "30"},
        **{"memberships-TOTAL_FORMS": "0", "memberships-INITIAL_FORMS": "0"},
        **{"rota-TOTAL_FORMS": "0", "rota-INITIAL_FORMS": "0"},
        **rest,
    }


def test_a_channel_is_added_once_shown_masked_and_removed(sign_in, desk):
    lead = sign_in(Role.LEAD)
    assert lead.post(address(desk), given(desk, add_channel=SLACK)).status_code == 302
    desk.refresh_from_db()
    assert desk.channels == [SLACK]
    page = lead.get(address(desk)).content.decode()
    assert "slack://…/****" in page
    assert SECRET not in page
    assert (
        "has this channel already"
        in lead.post(address(desk), given(desk, add_channel=SLACK)).content.decode()
    )
    assert not LogEntry.objects.filter(change_message__contains=SECRET).exists()
    mark = page.partition('name="remove_channels" value="')[2].partition('"')[0]
    assert lead.post(address(desk), given(desk, remove_channels=[mark])).status_code == 302
    desk.refresh_from_db()
    assert desk.channels == []


def test_a_channel_that_is_not_taken_says_why_and_keeps_the_others(sign_in, desk):
    desk.channels = [SLACK]
    desk.save()
    lead = sign_in(Role.LEAD)
    refused = lead.post(address(desk), given(desk, add_channel="syslog://"))
    assert "only services that are reached over the web" in refused.content.decode()
    assert (
        "internal network"
        in lead.post(address(desk), given(desk, add_channel="json://10.0.0.1/x")).content.decode()
    )
    desk.refresh_from_db()
    assert desk.channels == [SLACK]


def test_a_channel_whose_key_is_lost_is_shown_as_that_and_can_be_removed(sign_in, desk, settings):
    kept = settings.ENCRYPTION_KEYS
    settings.ENCRYPTION_KEYS = ["a key that was lost since that day"]
    desk.channels = [SLACK]
    desk.save()
    settings.ENCRYPTION_KEYS = kept
    lead = sign_in(Role.LEAD)
    page = lead.get(address(desk)).content.decode()
    assert "its key is missing" in page
    mark = page.partition('name="remove_channels" value="')[2].partition('"')[0]
    assert lead.post(address(desk), given(desk, remove_channels=[mark])).status_code == 302
    desk.refresh_from_db()
    assert desk.sealed_channels == []


def test_whoever_only_reads_sees_the_mask_and_no_field(sign_in, desk):
    desk.channels = [SLACK]
    desk.save()
    page = sign_in(Role.VIEWER).get(address(desk)).content.decode()
    assert "slack://…/****" in page
    assert SECRET not in page
    assert "add_channel" not in page


def test_a_lead_replaces_the_desk_s_addresses_and_an_editor_only_reads_them(sign_in, desk):
    page = reverse("admin:forecasts_desk_links", args=[desk.pk])
    editor, lead = sign_in(Role.EDITOR), sign_in(Role.LEAD)
    old = editor.get(page).context["addresses"]["calendar"]
    assert editor.get(old).status_code == 200
    assert editor.post(page).status_code == 403
    assert lead.post(page).status_code == 302
    assert editor.get(old).status_code == 404
    assert editor.get(editor.get(page).context["addresses"]["calendar"]).status_code == 200
    assert sign_in(None).get(page).status_code == 403
