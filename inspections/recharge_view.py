"""What the pages of a comparison and its recharge are given."""

from datetime import datetime, timedelta
from typing import Any

from documents import queries as documents
from inspections import choices, comparison_report, recharge_queries, recharge_rules, reference, view
from inspections.comparison import Difference, standing
from inspections.queries import Opened
from inspections.recharge_letter import draft
from people.rules import Role, SignedIn
from pwa.answers import NotFound
from pwa.clock import LONDON
from pwa.pages import environment, pounds


async def show(person: SignedIn, inspection: Opened) -> dict[str, Any]:
    """Everything comparison.html needs."""
    found = await standing(person, inspection)
    proposals = await recharge_queries.proposals_of(inspection)
    costs = await recharge_queries.costs_of(inspection)
    changed = {one.key for one in found.differences}
    used = reference.charging()
    return {
        "inspection": inspection,
        "person": person,
        "found": found,
        "costs": costs,
        "total": sum(row["amount"] for key, row in costs.items() if key in changed),
        "proposals": proposals,
        "comments": await recharge_queries.comments_of(inspection),
        "register": await recharge_queries.register_of(inspection),
        "used": used,
        "put_right_by": datetime.now(LONDON).date() + timedelta(days=used.put_right_days),
        "may_decide": bool(proposals)
        and recharge_rules.may_decide(person.role, person.id, proposals[0].row["person"]),
        "is_manager": person.role == Role.MANAGER,
        "letter": draft(str(environment.globals["council"]), inspection.address, proposals[0])
        if proposals
        else "",
        "documents": await documents.documents_of(person, inspection.id, comparison_report.KINDS),
        "view": view.VIEW,
        "words": WORDS,
    }


async def show_item(person: SignedIn, inspection: Opened, key: str) -> dict[str, Any]:
    """As `show`, for one changed thing. NotFound when it has not changed."""
    context = await show(person, inspection)
    one = context["found"].of(key)
    if one is None:
        raise NotFound
    return {**context, "one": one, "cost": context["costs"].get(key)}


class _Words:
    """The words the templates choose from, under one name."""

    liabilities = [(value.value, words) for value, words in choices.LIABILITY_WORDS.items()]
    works = [(value.value, words) for value, words in recharge_rules.WORK_WORDS.items()]
    work = recharge_rules.WORK_WORDS
    outcomes = [(value.value, words) for value, words in recharge_rules.OUTCOME_WORDS.items()]
    outcome = recharge_rules.OUTCOME_WORDS
    liability = choices.LIABILITY_WORDS

    age = staticmethod(recharge_rules.age_in_words)
    sum_of = staticmethod(recharge_rules.sum_in_words)

    @staticmethod
    def pounds(pence: int) -> str:
        """For a box that has its £ before it."""
        return pounds(pence).lstrip("£")

    @staticmethod
    def finding_cost(one: Difference) -> str:
        """What was estimated on site, in the same way."""
        costs = [finding.cost for finding in one.item.findings if finding.cost]
        return pounds(costs[-1]).lstrip("£") if costs else ""


WORDS = _Words()
