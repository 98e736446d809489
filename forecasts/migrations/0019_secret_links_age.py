"""
Secret addresses have an age, and change when somebody leaves who could read them.

Those given out already go on working, and count from now.
"""

from django.db import migrations, models

EVERYBODY_S = """
INSERT INTO forecasts_secretlink (user_id, replaced, made_at)
SELECT id, 0, now() FROM auth_user ON CONFLICT DO NOTHING;
INSERT INTO forecasts_secretlink (desk_id, replaced, made_at)
SELECT id, 0, now() FROM forecasts_desk ON CONFLICT DO NOTHING
"""

CHANGE_WITH_PEOPLE = """
CREATE FUNCTION forecasts_change_links() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    person bigint; desks bigint[]; everywhere boolean;
BEGIN
    IF TG_TABLE_NAME = 'auth_user' THEN
        SELECT NEW.id, array_agg(desk_id), NEW.is_superuser OR coalesce(bool_or(role = 'administrator'), false)
            INTO person, desks, everywhere FROM forecasts_membership WHERE user_id = NEW.id;
    ELSE
        person := OLD.user_id; desks := ARRAY[OLD.desk_id]; everywhere := OLD.role = 'administrator';
    END IF;
    UPDATE forecasts_secretlink
        SET replaced = replaced + 1, made_at = statement_timestamp(), last_used_at = NULL
        WHERE user_id = person OR desk_id = ANY (desks) OR everywhere AND desk_id IS NOT NULL;
    RETURN NULL;
END $$;
CREATE TRIGGER forecasts_change_links AFTER UPDATE ON auth_user FOR EACH ROW
WHEN (OLD.is_active AND NOT NEW.is_active) EXECUTE FUNCTION forecasts_change_links();
CREATE TRIGGER forecasts_change_links AFTER DELETE ON forecasts_membership FOR EACH ROW
EXECUTE FUNCTION forecasts_change_links();
CREATE TRIGGER forecasts_change_links_moved AFTER UPDATE ON forecasts_membership FOR EACH ROW
WHEN (OLD.user_id <> NEW.user_id OR OLD.desk_id <> NEW.desk_id) EXECUTE FUNCTION forecasts_change_links()
"""
NOT_WITH_PEOPLE = """
DROP TRIGGER forecasts_change_links_moved ON forecasts_membership;
DROP TRIGGER forecasts_change_links ON forecasts_membership;
DROP TRIGGER forecasts_change_links ON auth_user;
DROP FUNCTION forecasts_change_links()
"""


class Migration(migrations.Migration):
    dependencies = [
        ("forecasts", "0025_rankings_ask_for_five_questions"),
    ]

    operations = [
        migrations.RenameField(model_name="secretlink", old_name="replaced_at", new_name="made_at"),
        migrations.AlterField(
            model_name="secretlink",
            name="made_at",
            field=models.DateTimeField(verbose_name="created"),
        ),
        migrations.AddField(
            model_name="secretlink",
            name="last_used_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="last used"),
        ),
        migrations.RunSQL(EVERYBODY_S, migrations.RunSQL.noop),
        migrations.RunSQL(CHANGE_WITH_PEOPLE, NOT_WITH_PEOPLE),
    ]
