"""Messages: written with what they tell of, handed over by background work, and lost by no end of a process."""

from __future__ import annotations

import smtplib
from datetime import timedelta

import pytest
from django.core.mail import EmailMessage
from django.db import transaction

from careshape.accounts import mail
from careshape.accounts.invite import invite
from careshape.accounts.models import Invitation, Message
from careshape.audit.change import SYSTEM
from careshape.jobs.background import start_messages
from careshape.jobs.lease import claim
from careshape.jobs.models import Job
from careshape.jobs.run import run
from tests.accounts.signing import signed_in

ADDRESS = "new.person@example.org"


@pytest.fixture
def refusing(monkeypatch):
    """A mail server that refuses, in words that name the receiver."""

    def refuse(self: EmailMessage, fail_silently: bool = False) -> int:
        raise smtplib.SMTPRecipientsRefused({ADDRESS: (550, b"no such box")})

    monkeypatch.setattr(EmailMessage, "send", refuse)


def invited(people):
    return invite(SYSTEM, people.councils["worcestershire"], ADDRESS, "broker")


def drain() -> None:
    start_messages()
    while job := claim("a test"):
        run(job, "a test")


def test_message_stands_and_falls_with_what_it_tells_of(people):
    def fail() -> None:
        with transaction.atomic():
            invited(people)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert not Message.objects.exists()
    invited(people)
    assert (Invitation.objects.count(), Message.objects.count()) == (1, 1)


def test_database_shows_neither_link_nor_receiver_of_a_message_that_waits(people):
    made = invited(people)
    row = Message.objects.get()
    assert ADDRESS not in row.content
    assert made.address.rsplit("/", 2)[1] not in row.content


def test_worker_hands_a_message_over_once(people, mailoutbox):
    invited(people)
    drain()
    drain()
    assert list.__len__(mailoutbox) == 1
    assert not Message.objects.exists()
    job = Job.objects.get(kind="accounts.mail")
    assert (job.state, job.council, job.result) == ("done", "worcestershire", {})
    assert ADDRESS not in str(job.arguments)


def test_who_is_cut_off_between_handing_over_and_removing_hands_over_the_same(people, mailoutbox, monkeypatch):
    invited(people)
    pk = Message.objects.get().pk

    def cut_off(self, *args, **kwargs):
        raise SystemExit

    with monkeypatch.context() as patched:
        patched.setattr(Message, "delete", cut_off)
        with pytest.raises(SystemExit):
            mail.hand_over(pk)
    assert not mail.hand_over(pk)  # it may still be under way
    Message.objects.update(taken_at=Message.objects.get().taken_at - 2 * mail.HELD)
    assert mail.hand_over(pk)
    first, second = list.__iter__(mailoutbox)
    assert first.extra_headers["Message-ID"] == second.extra_headers["Message-ID"]


def test_message_that_the_server_refuses_waits_and_the_log_names_nobody(people, refusing, caplog):
    invited(people)
    drain()
    job = Job.objects.get(kind="accounts.mail")
    assert (job.state, job.attempts) == ("queued", 1)
    assert job.fault == "The mail server did not take the message (SMTPRecipientsRefused)."
    assert Message.objects.filter(taken_at__isnull=True).count() == 1
    assert ADDRESS not in caplog.text


def test_message_to_nobody_is_written_and_goes_nowhere(people, visitor, mailoutbox):
    assert visitor.post("/sign-in/forgotten/", {"email": "nobody@example.org"}).status_code == 200
    assert Message.objects.count() == 1
    assert len(mailoutbox) == 0
    assert not Message.objects.exists()


def test_page_says_that_the_invitation_is_on_its_way(people):
    client = signed_in(people.account("administrator"))
    answer = client.post("/work/people/invite/", {"email": ADDRESS, "role": "broker"}, follow=True)
    assert "The invitation is on its way." in answer.content.decode()
    assert Message.objects.count() == 1


def test_message_that_could_not_be_sent_goes_after_a_week(people, refusing):
    from careshape.privacy.retain import retain

    invited(people)
    row = Message.objects.get()
    retain(row.written_at + timedelta(days=7) - timedelta(seconds=1))
    assert Message.objects.exists()
    retain(row.written_at + timedelta(days=7))
    assert not Message.objects.exists()


def test_erasure_takes_back_the_messages_to_the_person(people):
    from careshape.privacy.erase import erase_account

    account = people.account("broker")
    mail.write(account.email.upper(), "password_changed", name="x")
    mail.write("somebody.else@example.org", "password_changed", name="x")
    erase_account(account)
    assert Message.objects.count() == 1
