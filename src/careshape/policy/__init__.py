"""Who may do what: roles, acts and the rows they reach, as data. Everything is refused unless a file states it.

``roles.toml`` lists the roles. Each room of the site has a ``policy.toml`` that lists its acts, and for each act which
roles may do it on which rows, and which fields they see (or change) of what is said of people there:

    [[act]]
    id = "accounts.invite"
    title = "Invite a person"
    [[act.allow]]
    roles = ["administrator"]
    rows = "council"
    fields.invitation = ["email", "role", "group", "locations"]

Rows are reached by a scope: ``open`` (rows that everybody may see), ``council`` (those of the principal's council),
``team``, ``organisation``, ``own`` (the principal's own), ``all`` (acts that touch no council's row, such as the help).

A record is what a page, a download or an answer of the API says of people; the same file lists each with all of its
fields. No role sees a field that no act states for it (``careshape.policy.fields``).
"""

from careshape.policy.principal import ANYBODY, Principal
from careshape.policy.roles import Role, roles
from careshape.policy.rules import Act, Allow, Policy, policy

__all__ = ["ANYBODY", "Act", "Allow", "Policy", "Principal", "Role", "policy", "roles"]
