"""Who may do what: roles, acts and the rows they reach, as data. Everything is refused unless a file states it.

``roles.toml`` lists the roles. Each room of the site has a ``policy.toml`` that lists its acts, and for each act which
roles may do it on which rows:

    [[act]]
    id = "accounts.invite"
    title = "Invite a person"
    [[act.allow]]
    roles = ["administrator"]
    rows = "council"

Rows are reached by a scope: ``open`` (rows that everybody may see), ``council`` (those of the principal's council),
``team``, ``organisation``, ``own`` (the principal's own), ``all`` (acts that touch no council's row, such as the help).
"""

from careshape.policy.principal import ANYBODY, Principal
from careshape.policy.roles import Role, roles
from careshape.policy.rules import Act, Allow, Policy, policy

__all__ = ["ANYBODY", "Act", "Allow", "Policy", "Principal", "Role", "policy", "roles"]
