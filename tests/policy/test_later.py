"""Answers are written when their view has ended: outside its transaction, and only where that came to its end."""

from __future__ import annotations

import logging

import pytest
from django.db import OperationalError, connection, transaction
from django.forms import Form, ModelChoiceField
from django.http import HttpResponse
from django.template.response import ContentNotRenderedError
from django.test import Client

from careshape.accounts.models import Team
from careshape.audit.models import Event
from careshape.policy import later
from careshape.policy.later import Later, gather
from tests.accounts.signing import signed_in
from tests.late import AskedLateError
from tests.source.place import make_place

READ = ("/work/supported/", "/work/supported.csv", "/work/supported.xlsx", "/work/people/", "/work/audit/")


@pytest.fixture
def reader(people, tmp_path, settings) -> Client:
    settings.CARESHAPE_DIR = tmp_path
    return signed_in(people.account("administrator"))


def test_an_answer_has_no_content_before_it_is_made():
    answer = Later(lambda: "made", status=202)
    with pytest.raises(ContentNotRenderedError):
        list(answer)
    assert answer.render().content == b"made"
    assert answer.status_code == 202


@pytest.mark.django_db(transaction=True)
def test_pages_and_files_of_readings_are_written_without_the_lock(reader, people, monkeypatch):
    """The control: what is written within the view would be written within its transaction."""
    held: list[bool] = []
    make = Later.rendered_content.fget

    def watched(self: Later) -> object:
        held.append(transaction.get_connection().in_atomic_block)
        return make(self)

    monkeypatch.setattr(Later, "rendered_content", property(watched))
    broker = signed_in(people.account("broker"))
    asked = [(broker if "supported" in path else reader).get(path) for path in READ]
    assert [one.status_code for one in asked] == [200] * len(READ)
    assert held == [False] * len(READ)
    monkeypatch.setattr(Later, "__init__", _at_once(Later.__init__))
    held.clear()
    assert broker.get(READ[0]).status_code == 200
    assert held[0] is True


def _at_once(begin):
    def begun(self: Later, make, **more) -> None:
        begin(self, make, **more)
        self.render()

    return begun


@pytest.mark.django_db(transaction=True)
def test_no_page_goes_out_whose_event_could_not_be_written(people, tmp_path, settings, monkeypatch):
    settings.CARESHAPE_DIR = tmp_path
    person = make_place(people).person
    broker = signed_in(people.account("broker"))
    address = f"/work/supported/{person.pk}/"
    assert person.name in broker.get(address).content.decode(), "the control: it is shown where nothing fails"
    before = Event.objects.count()

    def fails(self) -> None:
        raise OperationalError("disk I/O error")

    with monkeypatch.context() as broken:
        broken.setattr(type(connection._connections["default"]), "_commit", fails, raising=True)
        answer: HttpResponse = broker.get(address)
    assert answer.status_code == 500
    assert person.name not in answer.content.decode()
    assert Event.objects.count() == before


def test_a_question_that_is_asked_late_is_refused_here_and_told_elsewhere(people, monkeypatch, caplog):
    asks = Later(lambda: ", ".join(one.name for one in Team.objects.order_by("name")))
    with pytest.raises(AskedLateError, match="accounts_team"):
        asks.render()
    monkeypatch.setattr(later, "asked_late", later.log_late)
    with caplog.at_level(logging.ERROR, "careshape"):
        assert asks.render().content, "nobody is left without an answer for it"
    assert "accounts_team" in caplog.text


def test_rows_and_choices_are_read_before_an_answer_is_written(people):
    class Asked(Form):
        team = ModelChoiceField(queryset=Team.objects.order_by("name"))

    form, rows = Asked(), Team.objects.all()
    with pytest.raises(AskedLateError):
        Later(lambda: str(form)).render()
    gather(form)
    gather(rows)
    many = len(rows)
    text = Later(lambda: f"{form} {len(rows)}").render().content.decode()
    assert text.count("<option") == many + 1
    assert Asked({"team": str(rows[0].pk)}).is_valid()
