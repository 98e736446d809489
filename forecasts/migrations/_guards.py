"""The database's own guards: facts are written once, and what follows from a row follows whoever wrote it."""

WRITTEN_ONCE = (
    "blindswitch",
    "deadlinemove",
    "decision",
    "deskmove",
    "entry",
    "evidence",
    "forecast",
    "merge",
    "publication",
    "publishingrule",
    "reply",
    "resolution",
    "resolution_verdicts",
    "shown",
    "snooze",
    "standing",
    "upholding",
    "verdict",
)
# What may change in a row that is otherwise written once.
BUT_FOR = {
    "dispute": ("contact",),
    "document": ("public_since",),
    "question": (
        "assignee_id",
        "deadline_at",
        "deadline_basis",
        "deadline_earliest",
        "deadline_granularity",
        "deadline_house_rule",
        "deadline_latest",
        "deadline_on",
        "deadline_reason",
        "deadline_rule",
        "deadline_said",
        "deadline_zone",
        "desk_id",
        "event_id",
        "public_since",
    ),
}

FUNCTIONS = """
CREATE FUNCTION forecasts_written_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % refused. Record a correction, a withdrawal or a later row instead.',
        TG_TABLE_NAME, TG_OP USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE FUNCTION forecasts_written_once_but_for() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND to_jsonb(OLD) - TG_ARGV::text[] = to_jsonb(NEW) - TG_ARGV::text[] THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% is append-only but for its %: % refused.',
        TG_TABLE_NAME, array_to_string(TG_ARGV::text[], ', '), TG_OP
        USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE FUNCTION forecasts_statement_is_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
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

CREATE FUNCTION forecasts_verdict_has_evidence() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.block IS NULL AND NEW.answer <> 'too_early' AND NOT EXISTS (
        SELECT 1 FROM forecasts_evidence WHERE verdict_id = NEW.id
    ) THEN
        RAISE EXCEPTION 'A verdict needs evidence.' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;

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

CREATE FUNCTION forecasts_end_tokens() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE forecasts_token SET ended_at = statement_timestamp(),
        ended_because = CASE WHEN NEW.is_active THEN 'password' ELSE 'deactivated' END
    WHERE user_id = NEW.id AND ended_at IS NULL AND ends_at > statement_timestamp();
    RETURN NULL;
END $$;

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
"""

TRIGGERS = """
CREATE TRIGGER statement_is_fixed BEFORE UPDATE OR DELETE ON forecasts_statement
    FOR EACH ROW EXECUTE FUNCTION forecasts_statement_is_fixed();

CREATE CONSTRAINT TRIGGER verdict_has_evidence AFTER INSERT ON forecasts_verdict
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION forecasts_verdict_has_evidence();

CREATE TRIGGER publication_counts AFTER INSERT ON forecasts_publication
    FOR EACH ROW EXECUTE FUNCTION forecasts_publication_counts();

CREATE TRIGGER forecasts_end_tokens AFTER UPDATE ON auth_user FOR EACH ROW WHEN (
    OLD.is_active AND NOT NEW.is_active
    OR starts_with(NEW.password, '!') AND NOT starts_with(OLD.password, '!')
) EXECUTE FUNCTION forecasts_end_tokens();

CREATE TRIGGER forecasts_change_links AFTER UPDATE ON auth_user
    FOR EACH ROW WHEN (OLD.is_active AND NOT NEW.is_active) EXECUTE FUNCTION forecasts_change_links();

CREATE TRIGGER forecasts_change_links AFTER DELETE ON forecasts_membership
    FOR EACH ROW EXECUTE FUNCTION forecasts_change_links();

CREATE TRIGGER forecasts_change_links_moved AFTER UPDATE ON forecasts_membership
    FOR EACH ROW WHEN (OLD.user_id <> NEW.user_id OR OLD.desk_id <> NEW.desk_id)
    EXECUTE FUNCTION forecasts_change_links();
"""


def guards() -> str:
    """Return the SQL of all functions and triggers of the record."""
    tables = [*WRITTEN_ONCE, *BUT_FOR, "statement"]
    once = [_on(table, "written_once", "forecasts_written_once()") for table in WRITTEN_ONCE]
    partly = [
        _on(table, "written_once", f"forecasts_written_once_but_for({_words(names)})")
        for table, names in BUT_FOR.items()
    ]
    emptied = [
        f"CREATE TRIGGER {table}_is_not_emptied BEFORE TRUNCATE ON forecasts_{table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION forecasts_written_once();"
        for table in tables
    ]
    public = [_made_public(table) for table in ("question", "statement", "document")]
    return "\n".join([FUNCTIONS, *once, *partly, *emptied, *public, TRIGGERS])


def _on(table: str, what: str, function: str) -> str:
    return (
        f"CREATE TRIGGER {table}_is_{what} BEFORE UPDATE OR DELETE ON forecasts_{table} "
        f"FOR EACH ROW EXECUTE FUNCTION {function};"
    )


def _made_public(table: str) -> str:
    function = "EXECUTE FUNCTION forecasts_public_by_publication();"
    return (
        f"CREATE TRIGGER {table}_is_recorded_before_it_is_public BEFORE INSERT ON forecasts_{table} "
        f"FOR EACH ROW WHEN (NEW.public_since IS NOT NULL) {function}\n"
        f"CREATE TRIGGER {table}_is_public_by_publication BEFORE UPDATE ON forecasts_{table} "
        f"FOR EACH ROW WHEN (OLD.public_since IS DISTINCT FROM NEW.public_since) {function}"
    )


def _words(names: tuple[str, ...]) -> str:
    return ", ".join(f"'{name}'" for name in names)
