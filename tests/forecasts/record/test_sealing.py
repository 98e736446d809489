"""A desk's channels are encrypted in the database, by keys that can be changed."""

from importlib import import_module

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.db.migrations.loader import MigrationLoader

from config.secret import sealing_keys
from forecasts.desk.writes.desks import add_channel, remove_channel
from forecasts.models import Desk
from forecasts.models.sealing import NoKeyError, seal, seal_anew, unseal
from tests.records import make_desk

SLACK, OTHER = "slack://T1JJ3T3L2/A1BRTD4JD/c0ffee0123456789", "json://example.org/hooks/0123456789abcdef"
OLD, NEW = "the old key, of thirty-two letters", "the new key, of thirty-two letters"


def row_of(desk):
    """Return everything that the database has of the desk, as text."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT desk::text FROM forecasts_desk AS desk WHERE id = %s", [desk.pk])
        return cursor.fetchone()[0]


@pytest.mark.django_db
def test_nothing_of_an_address_is_in_the_database():
    desk = add_channel(by=None, desk=make_desk(), url=SLACK)
    row = row_of(desk)
    assert not [part for part in SLACK.split("/") if len(part) > 4 and part in row]
    assert Desk.objects.get(pk=desk.pk).channels == [SLACK]
    assert remove_channel(by=None, desk=desk, url=SLACK).sealed_channels == []


@pytest.mark.django_db
@pytest.mark.parametrize("kept", [[SLACK], [seal(OTHER), SLACK], [f"{seal(OTHER)} {SLACK}"]])
def test_the_database_takes_no_address_in_clear(kept):
    desk = make_desk()
    with pytest.raises(IntegrityError, match="desk_channels_are_sealed"), transaction.atomic():
        Desk.objects.filter(pk=desk.pk).update(sealed_channels=kept)


def test_the_same_text_looks_different_each_time():
    assert seal(SLACK) != seal(SLACK)
    assert unseal(seal("å 水 " + "x" * 5000)) == "å 水 " + "x" * 5000


def test_the_key_that_seals_is_not_the_one_that_signs(settings):
    """Nor can what another installation sealed be opened here."""
    sealed = seal(SLACK)
    settings.ENCRYPTION_KEYS = [NEW]
    with pytest.raises(NoKeyError):
        unseal(sealed)


def test_keys_are_changed_in_three_steps(settings):
    """Add the new one before the old one, seal anew, take the old one away."""
    settings.ENCRYPTION_KEYS = [OLD]
    sealed = seal(SLACK)
    settings.ENCRYPTION_KEYS = [NEW, OLD]
    assert unseal(sealed) == SLACK
    fresh = seal_anew(sealed)
    settings.ENCRYPTION_KEYS = [NEW]
    assert unseal(fresh) == SLACK
    with pytest.raises(NoKeyError):
        seal_anew(sealed)


@pytest.mark.django_db
def test_the_command_seals_all_under_the_first_key(settings, capsys):
    settings.ENCRYPTION_KEYS = [OLD]
    desks = [make_desk(channels=[SLACK, OTHER]), make_desk("sports", channels=[OTHER]), make_desk("empty")]
    settings.ENCRYPTION_KEYS = [NEW, OLD]
    call_command("reseal")
    assert "3 channels are encrypted under the first key." in capsys.readouterr().out
    settings.ENCRYPTION_KEYS = [NEW]
    assert [Desk.objects.get(pk=each.pk).channels for each in desks] == [[SLACK, OTHER], [OTHER], []]


@pytest.mark.django_db
def test_a_channel_whose_key_is_lost_stops_nothing_and_is_kept(settings, caplog):
    settings.ENCRYPTION_KEYS = [OLD]
    desk = make_desk(channels=[SLACK])
    settings.ENCRYPTION_KEYS = [NEW]
    desk = add_channel(by=None, desk=desk, url=OTHER)
    assert desk.channels == [OTHER]
    assert "no key in ENCRYPTION_KEYS opens it" in caplog.text
    with pytest.raises(CommandError, match="1 channels can't be read"):
        call_command("reseal")
    settings.ENCRYPTION_KEYS = [NEW, OLD]
    desk.refresh_from_db()
    assert desk.channels == [SLACK, OTHER]


@pytest.mark.django_db
def test_a_channel_whose_key_is_lost_can_be_removed(settings):
    settings.ENCRYPTION_KEYS = [OLD]
    desk = make_desk(channels=[SLACK, OTHER])
    settings.ENCRYPTION_KEYS = [NEW]
    assert len(remove_channel(by=None, desk=desk, url=desk.sealed_channels[0]).sealed_channels) == 1


def test_a_key_that_is_too_short_is_refused_at_the_start():
    with pytest.raises(ImproperlyConfigured, match="fewer than 32 characters"):
        sealing_keys([NEW, "short"], ["signing"])
    assert sealing_keys([NEW], ["signing", "before"]) == [NEW, "signing", "before"]


@pytest.mark.django_db
def test_the_channels_of_an_older_database_are_sealed():
    """By the function of the step that the squashed migration replaces, on the column as it was."""
    desk = make_desk()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE forecasts_desk ADD channels varchar(500)[] NOT NULL DEFAULT '{}'")
        cursor.execute("UPDATE forecasts_desk SET channels = %s WHERE id = %s", [[SLACK, OTHER], desk.pk])
    loader = MigrationLoader(connection, replace_migrations=False)
    state = loader.project_state(("forecasts", "0019_api_tokens"))
    loader.get_migration("forecasts", "0019_channels_sealed").operations[0].state_forwards("forecasts", state)
    import_module("forecasts.migrations.0019_channels_sealed").seal_all(state.apps, None)
    assert Desk.objects.get(pk=desk.pk).channels == [SLACK, OTHER]
