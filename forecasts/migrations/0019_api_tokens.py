"""
Tokens of the API are ours: with a name, a scope, an end and a last use.

Those that knox kept go on working: their hashes are the same. Those without an end get one, a year on.
A trigger ends the tokens of whoever is deactivated, or is left without a password, by whatever way.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


FROM_KNOX = """
DO $$ BEGIN
    IF to_regclass('knox_authtoken') IS NULL THEN RETURN; END IF;
    INSERT INTO forecasts_token (user_id, name, scope, digest, made_at, ends_at, ended_because)
    SELECT user_id, 'API ' || left(token_key, 4), 'write', digest, created,
           coalesce(expiry, greatest(created, now()) + interval '366 days'), ''
    FROM knox_authtoken WHERE expiry IS NULL OR expiry > greatest(created, now());
    DROP TABLE knox_authtoken;
END $$
"""

END_WITH_THE_ACCOUNT = """
CREATE FUNCTION forecasts_end_tokens() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE forecasts_token SET ended_at = statement_timestamp(),
        ended_because = CASE WHEN NEW.is_active THEN 'password' ELSE 'deactivated' END
    WHERE user_id = NEW.id AND ended_at IS NULL AND ends_at > statement_timestamp();
    RETURN NULL;
END $$;
CREATE TRIGGER forecasts_end_tokens AFTER UPDATE ON auth_user FOR EACH ROW
WHEN (OLD.is_active AND NOT NEW.is_active OR starts_with(NEW.password, '!') AND NOT starts_with(OLD.password, '!'))
EXECUTE FUNCTION forecasts_end_tokens()
"""
NOT_WITH_THE_ACCOUNT = """
DROP TRIGGER forecasts_end_tokens ON auth_user;
DROP FUNCTION forecasts_end_tokens()
"""


class Migration(migrations.Migration):
    dependencies = [
        ("forecasts", "0024_names_seen_and_answers_kept"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Token",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=100, verbose_name="name")),
                (
                    "scope",
                    models.CharField(
                        choices=[("read", "read only"), ("write", "read and write")],
                        max_length=10,
                        verbose_name="scope",
                    ),
                ),
                ("digest", models.CharField(max_length=128, unique=True, verbose_name="hash")),
                ("made_at", models.DateTimeField(verbose_name="created")),
                ("ends_at", models.DateTimeField(verbose_name="good until")),
                ("last_used_at", models.DateTimeField(blank=True, null=True, verbose_name="last used")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="ended")),
                (
                    "ended_because",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("revoked", "revoked"),
                            ("password", "the password was changed"),
                            ("deactivated", "the account was deactivated"),
                        ],
                        max_length=20,
                        verbose_name="because",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="api_tokens",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "verbose_name": "API token",
                "verbose_name_plural": "API tokens",
                "ordering": ("-made_at", "-pk"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("scope__in", ["read", "write"])), name="token_scope_is_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True), name="token_has_a_name"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("made_at"))),
                        name="token_ends_after_it_was_made",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at", None), ("ended_because", "")),
                            models.Q(
                                ("ended_at__isnull", False),
                                ("ended_because__in", ["revoked", "password", "deactivated"]),
                            ),
                            _connector="OR",
                        ),
                        name="token_that_ended_says_why",
                    ),
                ],
            },
        ),
        migrations.RunSQL(FROM_KNOX, migrations.RunSQL.noop),
        migrations.RunSQL(END_WITH_THE_ACCOUNT, NOT_WITH_THE_ACCOUNT),
    ]
