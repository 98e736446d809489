"""What a mail carries beside its words: a picture, and the headers by which programs know it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from email.mime.image import MIMEImage
from email.utils import parseaddr
from urllib.parse import quote

from django.conf import settings
from django.contrib.auth.models import User
from django.core.mail import EmailMultiAlternatives

from forecasts.delivery.writes.sending import Sent
from forecasts.models import Desk
from tracker.notify.kit.signed_links import leave_link
from tracker.notify.mail.chart import MailChart
from tracker.notify.mail.post import Post

CHART = "chart"
"""The name by which the HTML speaks of the picture (RFC 2392)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter(Sent):
    """A mail as it is recorded, with its headers and the picture in it."""

    headers: Mapping[str, str]
    chart: MailChart | None = None


def headers_for(*, user: User, desk: Desk | None) -> dict[str, str]:
    """Return the headers of a mail of ours to that person (RFC 2369, 2919, 3834, 8058)."""
    by_mail = settings.UNSUBSCRIBE_MAILTO or parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    subject = quote(f"unsubscribe {user.email}")
    slug = f"{desk.slug}." if desk else ""
    return {
        "List-Id": f"<{slug}reminders.{settings.SITE_HOST}>",
        "List-Unsubscribe": f"<{leave_link(user=user)}>, <mailto:{by_mail}?subject={subject}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Auto-Submitted": "auto-generated",
        "Precedence": "list",
    }


def deliver(message: Sent, *, post: Post) -> None:
    """
    Hand the message to the mail server.

    Raises what the mail backend raises: OSError (SMTPException is one), within EMAIL_TIMEOUT.
    """
    letter = message if isinstance(message, Letter) else None
    mail = EmailMultiAlternatives(
        subject=message.subject,
        body=message.body,
        to=[message.address],
        headers={"Message-ID": message.message_id, **(letter.headers if letter else {})},
    )
    mail.attach_alternative(message.html, "text/html")
    if letter and letter.chart:
        # The picture belongs to the letter, and is no attachment of its own.
        mail.mixed_subtype = "related"  # type: ignore[attr-defined]
        mail.attach(_picture(letter.chart))
    post.send(mail)


def _picture(chart: MailChart) -> MIMEImage:
    picture = MIMEImage(chart.png, "png")
    picture.add_header("Content-ID", f"<{CHART}>")
    picture.add_header("Content-Disposition", "inline", filename="chart.png")
    return picture
