"""Requests that are in order, with synthetic content."""

REASON = {"reason": "The words say so."}
DEADLINE = {"on": "2030-12-31", "granularity": "year", "zone": "Europe/Stockholm"}
EVIDENCE = [{"url": "https://example.org/report", "quote": "The report counts them.", "publisher": "Example"}]
TEXT = "Snön faller före jul, säger Testa Testsson.\nI går föll regn.\n"
DOCUMENT = {
    "text": TEXT,
    "title": "Snö före jul",
    "language": "sv",
    "url": "https://example.org/snow",
    "published_at": "2025-11-01T06:00:00+01:00",
}
QUESTION = {
    "slug": "snow-by-christmas",
    "proposition": "Will it snow in Teststad by Christmas 2029?",
    "criteria": "The synthetic weather office reports snow.",
    "opens_at": "2025-11-01T00:00:00Z",
    "deadline": {"on": "2029-12-24", "zone": "Europe/Stockholm"},
    "topics": ["terrorism"],
    "desk": "foreign",
}
BOARD = {"slug": "people", "name": "People", "filter": {"source_kinds": ["person"]}, "minimum_n": 2}
AWAY = {"away_from": "2030-07-01", "back_on": "2030-08-01"}
CHANNEL = {"url": "slack://T1JJ3T3L2/A1BRTD4JD/c0ffee0123456789TIiajkdnl"}
INVITED = {"name": "Åsa Ek", "email": "asa@example.org", "desk": "foreign", "role": "editor"}
