"""Who has not returned its capacity is written to, once a week."""

from __future__ import annotations

from datetime import timedelta

import pytest

from careshape.accounts.models import Message, Organisation
from careshape.providers.capacity.remind import remind
from careshape.providers.capacity.standing import monday
from tests.accounts.people import People
from tests.providers.homes import beds, branch, home, returned
from tests.source.place import today

pytestmark = pytest.mark.django_db(transaction=True)
COUNCIL = "worcestershire"


def test_provider_is_reminded_once_a_week_from_wednesday_of_what_it_has_not_sent(people: People) -> None:
    who = people.principal("provider")
    own = Organisation.objects.get(pk=who.organisation)
    sent, late = home(own, "Sent"), branch(own, "Late")
    closed = home(own, "Closed", closed_on=today())
    week = monday(today())
    returned(who, sent, beds(sent))
    assert remind(COUNCIL, week + timedelta(days=1)) == 0, "not before Wednesday"
    assert remind(COUNCIL, week + timedelta(days=6)) == 1
    assert remind(COUNCIL, week + timedelta(days=6)) == 0, "once"
    assert Message.objects.count() == 1
    assert list(late.reminders.values_list("week", flat=True)) == [week]
    assert not sent.reminders.exists()
    assert not closed.reminders.exists()
    assert remind(COUNCIL, week + timedelta(days=9)) == 1, "and again next week"
    assert remind("thurrock", week + timedelta(days=6)) == 0
