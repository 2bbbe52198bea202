"""The one Jinja environment of all pages, with the design system's macros."""

from __future__ import annotations

from typing import Any

from django.templatetags.static import static
from jinja2 import ChoiceLoader, Environment, PackageLoader, PrefixLoader
from jinja2.ext import Extension

from careshape.accounts.header import may, sections, who
from careshape.accounts.times import uk_date, uk_time
from careshape.language import ENGLISH, current, spoken
from careshape.language.source import translated
from careshape.site.about import about
from careshape.statement.addresses import address, download
from careshape.statement.pages import why_no_text


class Spoken(Extension):
    """Puts the words of templates into the language of the installation as they are loaded; English stays as it is."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        """The source as it is to be compiled."""
        language = current()
        if language is ENGLISH or (name or "").startswith("govuk_frontend_jinja/"):
            return source
        return translated(self.environment, source, language.of, name)


def environment(**options: Any) -> Environment:
    """The environment that Django's Jinja2 engine uses; it is built once a process."""
    govuk = PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")})
    loader = ChoiceLoader([options.pop("loader"), govuk])
    options.pop("autoescape", None)
    made = Environment(
        loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True, extensions=[Spoken], **options
    )
    made.globals["language"] = current
    made.filters["spoken"] = spoken
    made.globals.update({"about": about, "static": static, "address": address, "download": download})
    made.globals.update({"latest_of": _latest_of, "why_no_text": why_no_text})
    made.globals.update({"who": who, "may": may, "sections": sections, "uk_date": uk_date, "uk_time": uk_time})
    return made


def _latest_of(council: str) -> Any:
    """The latest released edition of a council: pages of lower rooms lead to it, whose environment is made first."""
    from careshape.editions.released import latest_of

    return latest_of(council)
