"""Settings of the API that no environment changes: its description."""

SPECTACULAR_SETTINGS = {
    "TITLE": "Forecast Tracker",
    "DESCRIPTION": "Who forecast what, in which words, what came of it, and how good they have been.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    # All nouns at a glance. Open from the start, a list this long is drawn only where it is scrolled to.
    "SWAGGER_UI_SETTINGS": {"deepLinking": True, "docExpansion": "none"},
    "REDOC_DIST": "SIDECAR",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "ENUM_ADD_EXPLICIT_BLANK_NULL_CHOICE": True,
    "ENUM_NAME_OVERRIDES": {
        "AnswerEnum": "forecasts.models.Answer",
        "FindingEnum": "tracker.api.verdicts.answers.FINDINGS",
        "GranularityEnum": "forecasts.models.GranularityChoice",
        "EndRuleEnum": "forecasts.models.EndRuleChoice",
        "JobStateEnum": "forecasts.models.JobState",
        "InvitationStateEnum": "forecasts.models.InvitationState",
        "QuestionKindEnum": "forecasts.models.QuestionKind",
        "ScopeEnum": "forecasts.models.Scope",
        "ScaleKindEnum": "forecasts.models.ScaleKind",
        "ScoringRuleEnum": "forecasts.models.Rule",
        "SendingStateEnum": "tracker.api.reminders.dead_letters.STATES",
        "SourceKindEnum": "forecasts.models.SourceKind",
        "VoidReasonEnum": "forecasts.models.VoidReason",
        "VoidReasonFoundEnum": "tracker.api.verdicts.answers.VOIDS",
        "WeekdayEnum": "forecasts.models.Weekday",
    },
}
