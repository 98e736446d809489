"""Chats that a message missed are tried again by themselves."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("forecasts", "0010_boards_of_every_kind"),
    ]

    operations = [
        migrations.CreateModel(
            name="MissedChat",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("due_at", models.DateTimeField(verbose_name="due at")),
                ("claim", models.UUIDField(blank=True, null=True, verbose_name="claimed by")),
                ("claimed_at", models.DateTimeField(blank=True, null=True, verbose_name="claimed at")),
                ("lease_until", models.DateTimeField(blank=True, null=True, verbose_name="lease until")),
                ("sending_at", models.DateTimeField(blank=True, null=True, verbose_name="sending since")),
                ("sent_at", models.DateTimeField(blank=True, null=True, verbose_name="sent at")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="ended at")),
                ("ended_because", models.CharField(blank=True, max_length=200, verbose_name="ended because")),
                ("dead_at", models.DateTimeField(blank=True, null=True, verbose_name="not delivered since")),
                ("attempts", models.PositiveIntegerField(default=0, verbose_name="attempts")),
                ("error", models.TextField(blank=True, verbose_name="last error")),
                ("created_at", models.DateTimeField(verbose_name="created at")),
                ("address", models.CharField(max_length=500, verbose_name="channel")),
            ],
            options={
                "verbose_name": "undelivered chat message",
                "verbose_name_plural": "undelivered chat messages",
                "ordering": ("-due_at", "-pk"),
            },
        ),
        migrations.RemoveConstraint(
            model_name="attempt",
            name="attempt_is_at_a_reminder_or_a_digest",
        ),
        migrations.AddField(
            model_name="missedchat",
            name="desk",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="missed_chats",
                to="forecasts.desk",
                verbose_name="desk",
            ),
        ),
        migrations.AddField(
            model_name="missedchat",
            name="digest",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="missed",
                to="forecasts.digest",
                verbose_name="digest",
            ),
        ),
        migrations.AddField(
            model_name="missedchat",
            name="reminder",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="missed",
                to="forecasts.reminder",
                verbose_name="reminder",
            ),
        ),
        migrations.AddField(
            model_name="attempt",
            name="missed",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="log",
                to="forecasts.missedchat",
            ),
        ),
        migrations.AddConstraint(
            model_name="attempt",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        models.Q(
                            models.Q(("digest__isnull", False), ("reminder", None)),
                            models.Q(("digest", None), ("reminder__isnull", False)),
                            _connector="OR",
                        ),
                        ("missed", None),
                    ),
                    models.Q(("digest", None), ("missed__isnull", False), ("reminder", None)),
                    _connector="OR",
                ),
                name="attempt_is_at_a_reminder_a_digest_or_a_chat",
            ),
        ),
        migrations.AddIndex(
            model_name="missedchat",
            index=models.Index(
                condition=models.Q(("dead_at", None), ("ended_at", None), ("sent_at", None)),
                fields=["due_at", "id"],
                name="missed_chat_to_sweep",
            ),
        ),
        migrations.AddConstraint(
            model_name="missedchat",
            constraint=models.CheckConstraint(
                condition=models.Q(("sent_at", None), ("ended_at", None), _connector="OR"),
                name="missedchat_is_sent_or_ended_not_both",
            ),
        ),
        migrations.AddConstraint(
            model_name="missedchat",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("claim", None), ("claimed_at", None), ("lease_until", None)),
                    models.Q(
                        ("claim__isnull", False),
                        ("claimed_at__isnull", False),
                        ("lease_until__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="missedchat_claim_is_a_lease",
            ),
        ),
        migrations.AddConstraint(
            model_name="missedchat",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_at", None), ("ended_because", "")),
                    models.Q(("ended_at__isnull", False), models.Q(("ended_because", ""), _negated=True)),
                    _connector="OR",
                ),
                name="missedchat_ended_says_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="missedchat",
            constraint=models.CheckConstraint(
                condition=models.Q(("dead_at", None), ("sent_at", None), _connector="OR"),
                name="missedchat_given_up_is_not_sent",
            ),
        ),
        migrations.AddConstraint(
            model_name="missedchat",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("digest__isnull", False), ("reminder", None)),
                    models.Q(("digest", None), ("reminder__isnull", False)),
                    _connector="OR",
                ),
                name="missed_chat_is_of_a_reminder_or_a_digest",
            ),
        ),
        migrations.AddConstraint(
            model_name="missedchat",
            constraint=models.UniqueConstraint(
                fields=("reminder", "address"), name="reminder_misses_a_chat_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="missedchat",
            constraint=models.UniqueConstraint(
                fields=("digest", "desk", "address"), name="digest_misses_a_chat_once"
            ),
        ),
    ]
