"""Every address that is answered to people who are on no desk, by the name of its view."""

from tests.tracker.addresses import OFF_SITE, names

# What is asked of each view: `{question}` and the like are a row's slug or key.
ASKED: dict[str, tuple[str, ...]] = {
    "healthz": ("/healthz",),
    "readyz": ("/readyz",),
    "set_language": ("/i18n/setlang/",),
    # Pages.
    "pages:home": ("/",),
    "pages:board": ("/boards/{board}/", "/boards/{board}/?as_of=2021-01-01", "/boards/{hidden_board}/"),
    "pages:board_chart": (
        "/boards/{board}/standings.svg",
        "/boards/{board}/history.json",
        "/boards/{board}/calibration.json",
        "/boards/{hidden_board}/standings.svg",
    ),
    "pages:sources": ("/sources/",),
    "pages:source": ("/sources/{source}/",),
    "pages:source_chart": ("/sources/{source}/history.json", "/sources/{source}/calibration.svg"),
    "pages:compare": ("/compare/", "/compare/?a={source}&b={other_source}"),
    "pages:compare_chart": ("/compare/questions.json?a={source}&b={other_source}",),
    "pages:questions": tuple(f"/questions/?state={each}" for each in ("", "open", "due", "answered")),
    "pages:question": ("/questions/{question}/",),
    "pages:document": ("/documents/{document}/",),
    "pages:how_we_score": ("/how-we-score/",),
    "pages:scales": ("/scales/",),
    "pages:ledger": ("/ledger/",),
    "pages:show_anyway": ("/show-anyway/?questions={question}",),
    # Feeds and calendars. Those by a secret are for whoever holds it.
    "notify:resolutions": ("/feeds/resolutions.atom", "/feeds/resolutions.rss"),
    "notify:changes": ("/boards/{board}/changes.atom", "/boards/{hidden_board}/changes.rss"),
    "notify:due_of_desk": ("/feeds/desks/{desk}.atom",),
    "notify:due_by_link": ("/feeds/due/no-secret.atom",),
    "notify:leave": ("/unsubscribe/no-secret/",),
    "notify:calendar": ("/calendar/no-secret.ics",),
    "invitation": ("/admin/invitation/",),
    "invitation_open": ("/admin/invitation/no-secret/",),
    # The API.
    "api:root": ("/api/v1/",),
    "api:schema": ("/api/schema/",),
    "api:docs": ("/api/docs/",),
    "api:problems": ("/api/problems/",),
    "api:unknown": ("/api/v1/nothing/",),
    "api:ledger": ("/api/v1/ledger/",),
    "api:entries-list": ("/api/v1/ledger/entries/?page_size=200",),
    "api:entries-detail": ("/api/v1/ledger/entries/1/",),
    "api:comparison": ("/api/v1/comparison/?a={source}&b={other_source}",),
    "api:token": ("/api/v1/auth/token/",),
    "api:tokens": ("/api/v1/auth/tokens/",),
    "api:one-token": ("/api/v1/auth/tokens/1/",),
    "api:people-list": ("/api/v1/people/",),
    "api:people-detail": ("/api/v1/people/nobody/",),
    "api:invitations-list": ("/api/v1/invitations/",),
    **{
        f"api:invitations-{name}": (f"/api/v1/invitations/1/{path}",)
        for name, path in (("detail", ""), ("resend", "resend/"), ("revoke", "revoke/"))
    },
    "api:me": ("/api/v1/auth/me/",),
    "api:questions-desk-moves": ("/api/v1/questions/{question}/desk-moves/",),
    "api:preferences": ("/api/v1/me/preferences/",),
    "api:my-absences-list": ("/api/v1/me/absences/",),
    "api:my-absences-detail": ("/api/v1/me/absences/1/",),
    "api:absences-list": ("/api/v1/absences/",),
    "api:absences-detail": ("/api/v1/absences/1/",),
    "api:sources-list": ("/api/v1/sources/", "/api/v1/sources/?search={word}"),
    "api:sources-detail": ("/api/v1/sources/{source}/",),
    "api:sources-merge": ("/api/v1/sources/{source}/merge/",),
    "api:documents-list": ("/api/v1/documents/", "/api/v1/documents/?outlet={other_source}"),
    "api:documents-detail": ("/api/v1/documents/{document}/",),
    "api:documents-publish": ("/api/v1/documents/{document}/publish/",),
    "api:documents-unpublish": ("/api/v1/documents/{document}/unpublish/",),
    "api:statements-list": ("/api/v1/statements/", "/api/v1/statements/?document={document}"),
    "api:statements-detail": ("/api/v1/statements/{statement}/",),
    "api:statements-amend": ("/api/v1/statements/{statement}/amend/",),
    "api:statements-accept": ("/api/v1/statements/{statement}/accept/",),
    "api:statements-reject": ("/api/v1/statements/{statement}/reject/",),
    "api:statements-publish": ("/api/v1/statements/{statement}/publish/",),
    "api:statements-unpublish": ("/api/v1/statements/{statement}/unpublish/",),
    "api:questions-list": (
        "/api/v1/questions/",
        "/api/v1/questions/?topic={topic}",
        "/api/v1/questions/?event={event}",
        "/api/v1/questions/?search={word}",
    ),
    "api:questions-detail": ("/api/v1/questions/{question}/",),
    **{
        f"api:questions-{name}": (f"/api/v1/questions/{{question}}/{name}/",)
        for name in (
            *("verdicts", "disputes", "replies", "resolve", "void", "reopen", "supersede", "deadline"),
            *("assign", "withdrawals", "adjudicate", "uphold", "overturn", "weigh", "publish", "unpublish"),
        )
    },
    "api:forecasts-list": (
        "/api/v1/forecasts/",
        "/api/v1/forecasts/?as_of=2021-01-01",
        "/api/v1/forecasts/?question={question}",
        "/api/v1/forecasts/?source={source}",
        "/api/v1/forecasts/?statement={statement}",
    ),
    "api:forecasts-detail": ("/api/v1/forecasts/{forecast}/",),
    "api:forecasts-revise": ("/api/v1/forecasts/{forecast}/revise/",),
    "api:forecasts-correct": ("/api/v1/forecasts/{forecast}/correct/",),
    "api:resolutions-list": ("/api/v1/resolutions/", "/api/v1/resolutions/?question={question}"),
    "api:resolutions-detail": ("/api/v1/resolutions/{resolution}/",),
    "api:questions-crowd": ("/api/v1/questions/{question}/crowd/",),
    "api:boards-list": ("/api/v1/boards/",),
    "api:boards-detail": ("/api/v1/boards/{board}/", "/api/v1/boards/{hidden_board}/"),
    "api:boards-standings": (
        "/api/v1/boards/{board}/standings/",
        "/api/v1/boards/{board}/standings/?format=csv",
        "/api/v1/boards/{board}/standings/?as_of=2021-01-01",
        "/api/v1/boards/{hidden_board}/standings/",
    ),
    "api:boards-calibration": (
        "/api/v1/boards/{board}/calibration/",
        "/api/v1/boards/{board}/calibration/?source={source}",
    ),
    "api:boards-history": (
        "/api/v1/boards/{board}/history/",
        "/api/v1/boards/{board}/history/?format=csv",
        "/api/v1/boards/{board}/history/?source={source}",
    ),
    "api:boards-changes": ("/api/v1/boards/{board}/changes/",),
    "api:standings-list": ("/api/v1/standings/", "/api/v1/standings/?board={hidden_board}"),
    "api:standings-detail": ("/api/v1/standings/{standing}/", "/api/v1/standings/{hidden_standing}/"),
    "api:publications-list": ("/api/v1/publications/",),
    "api:publications-detail": ("/api/v1/publications/1/",),
    "api:imports-list": ("/api/v1/imports/",),
    "api:imports-detail": ("/api/v1/imports/1/",),
    "api:computations-list": ("/api/v1/computations/",),
    "api:computations-detail": ("/api/v1/computations/1/",),
    "api:computations-stop": ("/api/v1/computations/1/stop/",),
    "api:computations-retry": ("/api/v1/computations/1/retry/",),
    "api:imports-stop": ("/api/v1/imports/1/stop/",),
    "api:imports-retry": ("/api/v1/imports/1/retry/",),
    "api:house-rules": ("/api/v1/house-rules/",),
    "api:scales-list": ("/api/v1/scales/",),
    "api:scales-detail": ("/api/v1/scales/test/",),
    "api:topics-list": ("/api/v1/topics/",),
    "api:topics-detail": ("/api/v1/topics/{topic}/",),
    "api:events-list": ("/api/v1/events/",),
    "api:events-detail": ("/api/v1/events/{event}/",),
    "api:desks-list": ("/api/v1/desks/",),
    "api:desks-detail": ("/api/v1/desks/{desk}/",),
}
# Whole nouns that are for the desk alone: whoever is on none is refused, whatever is asked.
FOR_THE_DESK = (
    *("api:desks-", "api:queue-", "api:ties-", "api:reminders-", "api:digests-", "api:missed-chats-"),
)
# Those that must tell of what is public, so that a walk that is told nothing does not pass.
TOLD = (
    *("pages:home", "pages:board", "pages:sources", "pages:source", "pages:compare", "pages:questions"),
    *("pages:question", "pages:document", "notify:resolutions", "notify:changes", "api:comparison"),
    *("api:sources-list", "api:sources-detail", "api:documents-list", "api:documents-detail"),
    *("api:statements-list", "api:statements-detail", "api:questions-list", "api:questions-detail"),
    *("api:questions-verdicts", "api:questions-disputes", "api:questions-replies", "api:forecasts-list"),
    *("api:forecasts-detail", "api:resolutions-list", "api:resolutions-detail", "api:boards-standings"),
    *("api:boards-history", "api:boards-changes", "api:standings-list", "api:standings-detail"),
    *("api:topics-list", "api:topics-detail", "api:events-list", "api:events-detail"),
)


def views() -> set[str]:
    """Return the names of all views of the URL map but the admin's."""
    return {each for each in {*names(), *OFF_SITE} if not each.startswith("admin:")}
