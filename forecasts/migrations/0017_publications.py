"""Questions, and the words marked in articles, are published: a fact, in step with `public_since`."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


# A row's last publication counts. Nothing else sets `public_since`.
PUBLISHING = """
CREATE FUNCTION forecasts_publication_counts() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    instant timestamptz := CASE WHEN NEW.public THEN NEW.since END;
    article bigint;
BEGIN
    IF NEW.question_id IS NOT NULL THEN
        UPDATE forecasts_question SET public_since = instant WHERE id = NEW.question_id;
        RETURN NULL;
    END IF;
    UPDATE forecasts_statement SET public_since = instant WHERE id = NEW.statement_id
        RETURNING document_id INTO article;
    UPDATE forecasts_document SET public_since = (
        SELECT min(public_since) FROM forecasts_statement WHERE document_id = article
    ) WHERE id = article;
    RETURN NULL;
END $$;

CREATE FUNCTION forecasts_public_by_publication() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF pg_trigger_depth() > 1 THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% is made public by a publication alone: % refused.', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE TRIGGER publication_counts AFTER INSERT ON forecasts_publication
    FOR EACH ROW EXECUTE FUNCTION forecasts_publication_counts();
CREATE TRIGGER publishingrule_is_written_once BEFORE UPDATE OR DELETE ON forecasts_publishingrule
    FOR EACH ROW EXECUTE FUNCTION forecasts_written_once();
CREATE TRIGGER publishingrule_is_not_emptied BEFORE TRUNCATE ON forecasts_publishingrule
    FOR EACH STATEMENT EXECUTE FUNCTION forecasts_written_once();
CREATE TRIGGER publication_is_written_once BEFORE UPDATE OR DELETE ON forecasts_publication
    FOR EACH ROW EXECUTE FUNCTION forecasts_written_once();
CREATE TRIGGER publication_is_not_emptied BEFORE TRUNCATE ON forecasts_publication
    FOR EACH STATEMENT EXECUTE FUNCTION forecasts_written_once();
"""
DROP_PUBLISHING = """
DROP TRIGGER publication_counts ON forecasts_publication;
DROP TRIGGER publishingrule_is_written_once ON forecasts_publishingrule;
DROP TRIGGER publishingrule_is_not_emptied ON forecasts_publishingrule;
DROP TRIGGER publication_is_written_once ON forecasts_publication;
DROP TRIGGER publication_is_not_emptied ON forecasts_publication;
DROP FUNCTION forecasts_publication_counts();
DROP FUNCTION forecasts_public_by_publication();
"""

STATEMENT_IS_FIXED = """
CREATE OR REPLACE FUNCTION forecasts_statement_is_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    words text[] := ARRAY['id', 'key', 'document_id', 'start', 'end', 'quote', 'recorded_at', 'recorded_by_id'];
    moves text[] := ARRAY['status', 'public_since'];
    kept text;
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'Statements are kept, rejected ones too: DELETE refused.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    FOREACH kept IN ARRAY words LOOP
        IF to_jsonb(OLD) -> kept IS DISTINCT FROM to_jsonb(NEW) -> kept THEN
            RAISE EXCEPTION 'The words of a statement never change: UPDATE of % refused.', kept
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    END LOOP;
    IF to_jsonb(OLD) - moves IS DISTINCT FROM to_jsonb(NEW) - moves AND EXISTS (
        SELECT 1 FROM forecasts_decision
        WHERE statement_id = OLD.id AND status = 'accepted'
    ) THEN
        RAISE EXCEPTION 'The reading of an accepted statement is fixed: UPDATE refused.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
"""

# What may change in a question is told to its trigger, which gets one name more.
QUESTION_MAY_BE_PUBLIC = """
DO $$
DECLARE
    names text;
BEGIN
    SELECT string_agg(quote_literal(name), ', ') INTO names FROM (
        SELECT unnest(string_to_array(encode(tgargs, 'escape'), '\\000')) AS name
        FROM pg_trigger WHERE tgname = 'question_is_written_once'
        UNION SELECT 'public_since'
    ) AS every WHERE name <> '';
    DROP TRIGGER question_is_written_once ON forecasts_question;
    EXECUTE 'CREATE TRIGGER question_is_written_once BEFORE UPDATE OR DELETE ON forecasts_question '
        'FOR EACH ROW EXECUTE FUNCTION forecasts_written_once_but_for(' || names || ')';
END $$;
"""
DOCUMENT_MAY_BE_PUBLIC = """
DROP TRIGGER document_is_written_once ON forecasts_document;
CREATE TRIGGER document_is_written_once BEFORE UPDATE OR DELETE ON forecasts_document
    FOR EACH ROW EXECUTE FUNCTION forecasts_written_once_but_for('public_since');
"""
BY_PUBLICATION = "".join(
    f"CREATE TRIGGER {table}_is_public_by_publication BEFORE UPDATE ON forecasts_{table} "
    "FOR EACH ROW WHEN (OLD.public_since IS DISTINCT FROM NEW.public_since) "
    "EXECUTE FUNCTION forecasts_public_by_publication();"
    f"CREATE TRIGGER {table}_is_recorded_before_it_is_public BEFORE INSERT ON forecasts_{table} "
    "FOR EACH ROW WHEN (NEW.public_since IS NOT NULL) "
    "EXECUTE FUNCTION forecasts_public_by_publication();"
    for table in ("question", "document", "statement")
)


class Migration(migrations.Migration):
    dependencies = [
        ("forecasts", "0017_keys"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="desk",
            name="publishes_with_forecast",
            field=models.BooleanField(
                default=True,
                help_text="Off: a question and its words in articles are public when somebody publishes them.",
                verbose_name="publish with the first forecast",
            ),
        ),
        migrations.AddField(
            model_name="desk",
            name="shows_whole_text",
            field=models.BooleanField(
                default=False,
                help_text="Off: readers see the marked sentences and those beside them.",
                verbose_name="show whole articles",
            ),
        ),
        migrations.AddField(
            model_name="document",
            name="public_since",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="public since"),
        ),
        migrations.AddField(
            model_name="question",
            name="public_since",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="public since"),
        ),
        migrations.AddField(
            model_name="source",
            name="shows_whole_text",
            field=models.BooleanField(
                default=False,
                help_text="Of an outlet. Off: readers see the marked sentences and those beside them.",
                verbose_name="show whole articles",
            ),
        ),
        migrations.AddField(
            model_name="statement",
            name="public_since",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="public since"),
        ),
        migrations.CreateModel(
            name="Publication",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("recorded_at", models.DateTimeField(verbose_name="recorded at")),
                (
                    "block",
                    models.BigIntegerField(
                        blank=True,
                        db_index=True,
                        editable=False,
                        help_text="The ledger entry that covers this fact, when it came in bulk.",
                        null=True,
                        verbose_name="ledger block",
                    ),
                ),
                ("public", models.BooleanField(verbose_name="public")),
                ("since", models.DateTimeField(verbose_name="since")),
                (
                    "how",
                    models.CharField(
                        choices=[
                            ("by_hand", "by somebody"),
                            ("with_forecast", "with its first forecast"),
                            ("before", "public before publishing was recorded"),
                        ],
                        default="by_hand",
                        max_length=20,
                        verbose_name="how",
                    ),
                ),
                ("reason", models.TextField(blank=True, verbose_name="reason")),
                (
                    "question",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="publications",
                        to="forecasts.question",
                        verbose_name="question",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="recorded by",
                    ),
                ),
                (
                    "statement",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="publications",
                        to="forecasts.statement",
                        verbose_name="statement",
                    ),
                ),
            ],
            options={
                "verbose_name": "publication",
                "verbose_name_plural": "publications",
                "ordering": ("pk",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("question__isnull", False), ("statement", None)),
                            models.Q(("question", None), ("statement__isnull", False)),
                            _connector="OR",
                        ),
                        name="publication_is_of_a_question_or_of_words",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("how__in", ["by_hand", "with_forecast", "before"])),
                        name="publication_how_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("public", True),
                            models.Q(("how", "by_hand"), models.Q(("reason", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="publication_is_taken_back_by_hand_with_a_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PublishingRule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("recorded_at", models.DateTimeField(verbose_name="recorded at")),
                (
                    "block",
                    models.BigIntegerField(
                        blank=True,
                        db_index=True,
                        editable=False,
                        help_text="The ledger entry that covers this fact, when it came in bulk.",
                        null=True,
                        verbose_name="ledger block",
                    ),
                ),
                (
                    "publishes_with_forecast",
                    models.BooleanField(default=True, verbose_name="publish with the first forecast"),
                ),
                ("shows_whole_text", models.BooleanField(verbose_name="show whole articles")),
                (
                    "desk",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="publishing_rules",
                        to="forecasts.desk",
                        verbose_name="desk",
                    ),
                ),
                (
                    "outlet",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="publishing_rules",
                        to="forecasts.source",
                        verbose_name="outlet",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="recorded by",
                    ),
                ),
            ],
            options={
                "verbose_name": "publishing rule",
                "verbose_name_plural": "publishing rules",
                "ordering": ("pk",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("desk__isnull", False), ("outlet", None)),
                            models.Q(("desk", None), ("outlet__isnull", False)),
                            _connector="OR",
                        ),
                        name="publishing_rule_is_of_a_desk_or_an_outlet",
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="standing",
            name="public",
            field=models.BooleanField(default=True, verbose_name="counts what is public"),
        ),
        migrations.RunSQL(PUBLISHING, DROP_PUBLISHING),
        migrations.RunSQL(STATEMENT_IS_FIXED, migrations.RunSQL.noop),
        migrations.RunSQL(QUESTION_MAY_BE_PUBLIC, migrations.RunSQL.noop),
        migrations.RunSQL(DOCUMENT_MAY_BE_PUBLIC, migrations.RunSQL.noop),
        migrations.RunSQL(BY_PUBLICATION, migrations.RunSQL.noop),
    ]
