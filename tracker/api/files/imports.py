"""Imports: files of forecasts on their way into the record, with how far they came."""

from __future__ import annotations

from typing import Any, cast

from django.db.models import QuerySet
from django_filters import ChoiceFilter, FilterSet
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from forecasts.files.writes.uploads import import_again
from forecasts.limits import most
from forecasts.models import Desk, Import, Job, JobState
from forecasts.people.reads.roles import Verb
from tracker.api.kit.jobs import OF_FAILURE, OF_JOB, JobActions, JobShown
from tracker.api.kit.nouns import Ordering, ReadView
from tracker.api.kit.permissions import allows
from tracker.interchange.formats.registry import READERS
from tracker.interchange.taking_in.uploads import receive


class RefusedRowShown(serializers.Serializer[Any]):
    """A row, or a question with all its rows, that was left out. `file` is there where there are several."""

    file = serializers.CharField(required=False)
    line = serializers.IntegerField()
    field = serializers.CharField()
    reason = serializers.CharField()


class ImportSerializer(JobShown):
    """
    A file, or files, of forecasts. Of the `rows` that can be used, `done` are in, or were passed over:
    `repeated` say what another row says, and `known` were on the record before.
    """

    desk = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    board = serializers.SlugRelatedField(slug_field="slug", read_only=True, allow_null=True)
    n_refused = serializers.SerializerMethodField()

    class Meta:
        model = Import
        fields = (
            *("id", "name", "origin", "desk", "board", "sha256", *OF_JOB, *OF_FAILURE, "error"),
            *("read", "rows", "done", "repeated", "known"),
            *("new_questions", "new_forecasts", "new_resolutions", "n_refused"),
        )

    @extend_schema_field(serializers.IntegerField())
    def get_n_refused(self, job: Import) -> int:
        return len(job.refused)


class ImportWithRefused(ImportSerializer):
    """An import with every row that was refused, and why."""

    refused = RefusedRowShown(many=True, read_only=True)

    class Meta(ImportSerializer.Meta):
        fields = (*ImportSerializer.Meta.fields, "refused")


class ImportInput(serializers.Serializer[Any]):
    """
    Files to take in as one set, sent as multipart/form-data.

    Our own format has one forecast a row: `question_id, source, forecast_time, probability, resolution,
    resolved_time`. Rows on other kinds of question name the `kind`, with its `options` (a JSON list) or
    `unit, lower_bound, upper_bound`, leave `probability` empty, and have `probabilities` or `quantiles`
    (JSON objects by option or by level).
    """

    files = serializers.ListField(child=serializers.FileField(allow_empty_file=True), min_length=1)
    origin = serializers.ChoiceField([(each, each) for each in READERS], default="common")
    board = serializers.CharField(default="", allow_blank=True, max_length=most("slug"))
    desk = serializers.SlugRelatedField(
        slug_field="slug",
        queryset=Desk.objects.all(),
        default=None,
        allow_null=True,
        help_text="The desk that its questions are of; your own, unless told.",
    )


class ImportFilter(FilterSet):
    state = ChoiceFilter(choices=JobState.choices)
    ordering = Ordering(fields=(("created_at", "started_at"),))


class ImportView(JobActions, ReadView):
    """Files on their way into the record. They are for the desk."""

    serializer_class = ImportWithRefused
    filterset_class = ImportFilter
    lookup_value_converter = "int"
    parser_classes = (MultiPartParser,)
    verbs = {
        "list": Verb.READ_DRAFTS,
        "retrieve": Verb.READ_DRAFTS,
        "create": Verb.IMPORT_FORECASTS,
        "retry": Verb.IMPORT_FORECASTS,
        "stop": Verb.IMPORT_FORECASTS,
    }

    def get_serializer_class(self) -> type[ImportSerializer]:
        return ImportSerializer if self.action == "list" else ImportWithRefused

    def get_queryset(self) -> QuerySet[Import]:
        return Import.objects.select_related("board", "desk").order_by("-created_at", "-pk")

    def try_again(self, job: Job) -> None:
        import_again(job=cast("Import", job), by=self.by, now=self.now)

    @extend_schema(
        summary="Import a file",
        request={"multipart/form-data": ImportInput},
        responses={200: ImportWithRefused, 202: ImportWithRefused},
    )
    def create(self, request: Request) -> Response:
        """
        Answers 202 at once: a worker takes the file in, and reading the import says how far it is. A
        file that was taken in before changes nothing, and answers 200. Sent again after it failed, it
        goes on from where it was.
        """
        makes = allows(request, Verb.EDIT_BOARDS)
        job = receive(**self.parsed(ImportInput), may_make_board=makes, now=self.now, by=self.by)
        done = job.state == JobState.DONE
        return self.answer(job, status=status.HTTP_200_OK if done else status.HTTP_202_ACCEPTED)
