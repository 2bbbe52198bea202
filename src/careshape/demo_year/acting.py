"""Who acts in the year: the accounts of the demonstration, a role each."""

from __future__ import annotations

from dataclasses import replace

from careshape.accounts.models import Membership, Organisation
from careshape.accounts.principals import principal_for
from careshape.audit.change import SYSTEM
from careshape.policy import Principal


class Acting:
    """The people of one demonstration council, by role."""

    def __init__(self, council: str) -> None:
        self.council = council
        found = Membership.objects.filter(council__slug=council, ended_at__isnull=True, account__demonstration=True)
        self._by_role: dict[str, Membership] = {}
        for one in found.select_related("account", "council").order_by("pk"):
            self._by_role.setdefault(one.role, one)

    def who(self, role: str) -> Principal:
        """Somebody of a role."""
        return principal_for(self._by_role[role])

    def for_provider(self, organisation: int) -> Principal:
        """The provider's account of the demonstration in the place of one of another provider, which has none."""
        return replace(self.who("provider"), organisation=organisation)

    def of(self, organisation: int) -> Principal:
        """Who answers for a provider; a synthetic one without an account answers by itself."""
        return self.who("provider") if organisation == self.provider.pk else SYSTEM

    @property
    def provider(self) -> Organisation:
        """The provider whose account is the demonstration's."""
        found = self._by_role["provider"].organisation
        assert found is not None  # a provider's membership is in one
        return found
