"""A form as a browser reads it from a page: the fields with what stands in them, and how it is sent."""

from __future__ import annotations

from typing import Any

from django.test import Client
from lxml import html

Fields = dict[str, list[str]]


class FormMissingError(LookupError):
    """The page has no form with such a field."""


class PageForm:
    """The form of a page that has a field of that name, ready to be filled in and sent."""

    def __init__(self, client: Client, address: str, having: str) -> None:
        self.client, self.address = client, address
        page = client.get(address)
        assert page.status_code == 200, (address, page.status_code)
        forms = [each for each in html.fromstring(page.content.decode()).forms if having in each.fields]
        if not forms:
            raise FormMissingError(f"{address} offers no field {having!r}")
        self._form = forms[0]
        self.fields: Fields = {}
        for name, value in self._form.form_values():
            self.fields.setdefault(name, []).append(value)

    @property
    def buttons(self) -> list[str]:
        """The names of the buttons that send it: those within, and those that name it from elsewhere."""
        inside = self._form.xpath(".//button[@name and not(@form)]")
        outside = self._form.xpath("//button[@name and @form=$form]", form=self._form.get("id", ""))
        return [each.get("name") for each in (*inside, *outside)]

    def fill(self, typed: dict[str, Any]) -> None:
        """Type into fields that the page offers. Raises FormMissingError at one that it doesn't."""
        for name, value in typed.items():
            if name not in self._form.fields:
                raise FormMissingError(f"{self.address} offers no field {name!r}")
            self.fields[name] = value if isinstance(value, list) else [value]

    def add_row(self, inline: str, typed: dict[str, Any]) -> None:
        """Add a row to a table of the form, as the button beneath it does, and type into it."""
        total = f"{inline}-TOTAL_FORMS"
        number = int(self.fields[total][0])
        blank = f"{inline}-__prefix__-"
        for name in [each for each in self.fields if each.startswith(blank)]:
            self.fields[name.replace("__prefix__", str(number))] = self.fields[name]
        self.fields[total] = [str(number + 1)]
        for name, value in typed.items():
            if blank + name not in self._form.fields:
                raise FormMissingError(f"{self.address} offers no field {blank + name!r}")
            self.fields[f"{inline}-{number}-{name}"] = [value]

    def send(self, button: str = "") -> Any:
        """Send the form by the button of that name, or by its first one."""
        pressed = button or self.buttons[0]
        assert pressed in self.buttons, (self.address, pressed, self.buttons)
        return self.client.post(self.address, {**self.fields, pressed: [""]})
