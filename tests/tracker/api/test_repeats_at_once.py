"""Equal requests that arrive at the same moment are one fact."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from django.db import connection
from rest_framework.test import APIClient

from forecasts.models import Forecast, Role
from tests.records import make_desk, make_question, make_source, make_user, new_token


@pytest.mark.django_db(transaction=True)
def test_ten_at_once_are_one():
    """Ten equal forecasts, half of them under one key, are recorded once."""
    desk = make_desk()
    user = make_user("erin", Role.EDITOR, desk)
    question, source = make_question(desk=desk), make_source()
    token = new_token(user)
    said = {"question": question.slug, "source": source.slug, "probability": 0.5}
    said["stated_at"] = datetime(2019, 12, 20, tzinfo=UTC).isoformat()

    def send(number: int) -> int:
        client = APIClient()
        client.credentials(HTTP_AUTHORIZATION=f"Token {token}")
        try:
            headers = {"Idempotency-Key": "once"} if number % 2 else {}
            sent = client.post("/api/v1/forecasts/", said, format="json", headers=headers)
            return int(sent.status_code)
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=10) as pool:
        answers = list(pool.map(send, range(10)))
    assert set(answers) <= {200, 201}
    assert Forecast.objects.count() == 1
