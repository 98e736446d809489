"""What a worker does for whoever asks: how far it is, why it failed, and "try again" and "stop"."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from forecasts.jobs.writes import retry, stop
from forecasts.models import Job, JobState
from tracker.api.kit.fields import Shown
from tracker.api.kit.nouns import NounView
from tracker.computing.wording import failure_words, progress_words

OF_JOB = ("state", "step", "progress", "attempts", "due_at", "heartbeat_at", "started_at", "finished_at")
OF_FAILURE = ("failure", "failed", "ended_because")


class FailedShown(serializers.Serializer[Any]):
    """Why the last attempt failed, how far it had come, and what would mend it."""

    cause = serializers.CharField()
    place = serializers.CharField()
    remedy = serializers.CharField()


class JobShown(Shown):
    """A job. `due_at` is when it is taken up next, `failed` is null where the last attempt did not fail."""

    state = serializers.ChoiceField(JobState.choices, read_only=True)
    started_at = serializers.DateTimeField(source="created_at", read_only=True)
    progress = serializers.SerializerMethodField()
    failed = serializers.SerializerMethodField()

    @extend_schema_field(serializers.CharField())
    def get_progress(self, job: Job) -> str:
        return progress_words(job)

    @extend_schema_field(FailedShown(allow_null=True))
    def get_failed(self, job: Job) -> dict[str, Any] | None:
        told = failure_words(job)
        return dict(FailedShown(told).data) if told else None


class JobActions(NounView):
    """Two verbs on a job: `retry` and `stop`."""

    @extend_schema(summary="Try again", request=None)
    @action(detail=True, methods=["post"])
    def retry(self, request: Request, pk: int) -> Response:
        """What was given up or stopped is taken up at once, and goes on from what is done."""
        job = self.get_object()
        self.try_again(job)
        return self.answer(job)

    @extend_schema(summary="Stop it", request=None)
    @action(detail=True, methods=["post"])
    def stop(self, request: Request, pk: int) -> Response:
        """What is done stays. A worker that is at it notices at its next block."""
        job = self.get_object()
        stop(job=job, by=self.by, now=self.now)
        return self.answer(job)

    def try_again(self, job: Job) -> None:
        retry(job=job, by=self.by, now=self.now)
