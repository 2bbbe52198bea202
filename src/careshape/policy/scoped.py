"""Rows as a principal may reach them: the one way in which views come to objects."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, TypeVar

from django.db import models
from django.db.models import Q
from django.http import Http404

from careshape.policy.principal import Principal
from careshape.policy.rules import policy

Row = TypeVar("Row", bound=models.Model)
Reach = Callable[[Principal], Q]


class ScopedQuerySet(models.QuerySet[Row]):
    """Rows of a model whose class says, in ``scopes``, how each scope of the policy filters them."""

    def reached(self, principal: Principal, act: str) -> ScopedQuerySet[Row]:
        """The rows on which the principal may do an act; none where the policy does not state it.

        The scope ``all`` reaches no row: it is for acts that touch none.
        """
        within = Q(pk__in=())
        for scope in policy().scopes(principal, act):
            reach: Reach | None = getattr(self.model, "scopes", {}).get(scope)
            if reach is not None:
                within |= reach(principal)
        return self.filter(within)

    def reach(self, principal: Principal, act: str, **which: Any) -> Row:
        """One row. Raises Http404 where it is not there or not in reach, the same for both."""
        try:
            return self.reached(principal, act).get(**which)
        except (self.model.DoesNotExist, ValueError, OverflowError):
            raise Http404("There is no such row in reach.") from None


class Scoped(models.Model):
    """A model whose rows belong to a council, a team, an organisation or an account."""

    scopes: ClassVar[dict[str, Reach]] = {}
    """Scope of the policy -> the rows that a principal reaches by it."""

    objects: ClassVar[Any] = ScopedQuerySet.as_manager()

    class Meta:
        abstract = True
