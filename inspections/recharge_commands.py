"""Costing what changed, proposing a recharge, and deciding about it. Each runs inside `once`."""

from typing import Any
from uuid import UUID

from inspections import comparison, recharge_queries, recharge_rules, reference, rules
from inspections.commands import times
from inspections.comparison import Difference
from inspections.queries import Opened
from inspections.recharge_rules import Outcome
from inspections.recharge_tables import CostLine, HouseholdComment, Recharge, RechargeDecision, RegisterDecision
from inspections.tables import Inspection
from people.rules import SignedIn
from pwa.answers import Refused
from pwa.clock import LONDON
from pwa.outbox import Sent, lock_row

NOT_CHANGED = "Nothing says that this is worse than it was, so there is nothing to charge for."


async def record_cost(sent: Sent, officer: SignedIn, inspection: Opened, data: Any) -> None:
    """What one changed item costs. Refused when it has not changed, or when the sum is no fair one."""
    difference = (await comparison.standing(officer, inspection)).of(data.item)
    if difference is None:
        raise Refused({"item": NOT_CHANGED})
    reasons: dict[str, str] = {}
    cost, asked = _pence("cost", data.cost, reasons), _pence("amount", data.amount, reasons)
    age = _age(data, reasons)
    if data.work is None:
        reasons["work"] = "Choose what puts it right."
    if data.liability is None:
        reasons["liability"] = "Choose who is to pay for it."
    if "cost" not in reasons and not 0 < (cost or 0) <= recharge_rules.MOST_COST:
        reasons["cost"] = "Enter what it costs, from £0.01 to £100,000."
    if reasons:
        raise Refused(reasons)
    assert cost is not None
    await CostLine.insert(_line(sent, officer, inspection, data, difference, cost, asked, age))
    sent.note = "cost of one item"


def _line(
    sent: Sent,
    officer: SignedIn,
    inspection: Opened,
    data: Any,
    difference: Difference,
    cost: int,
    asked: int | None,
    age: int | None,
) -> CostLine:
    used = reference.charging()
    life = used.life_of(difference.item.item)
    fair = recharge_rules.fair(cost, data.work, life, age)
    if wrong := recharge_rules.amount_mistake(fair, cost, asked, data.why):
        raise Refused({"amount": wrong})
    before, now = difference.item.previous, difference.item.reading
    return CostLine(
        inspection=inspection.id,
        item=data.item,
        place=difference.place,
        before=before.words if before else "",
        now=now.words if now else "",
        liability=data.liability,
        work=data.work,
        cost=cost,
        age_months=age,
        life_months=life.months if life else None,
        life_list=used.name,
        fair=fair,
        amount=recharge_rules.proposed(fair, asked, data.liability),
        why=data.why,
        person=officer.id,
        **times(sent),
    )


def _pence(field: str, text: str, reasons: dict[str, str]) -> int | None:
    try:
        return rules.pence(text)
    except ValueError as error:
        reasons[field] = str(error)
        return None


def _age(data: Any, reasons: dict[str, str]) -> int | None:
    """Months; None when neither box is filled in, which says that nobody knows."""
    if data.years is None and data.months is None:
        return None
    months = (data.years or 0) * 12 + (data.months or 0)
    if not (0 <= months <= recharge_rules.OLDEST_MONTHS and (data.years or 0) >= 0 <= (data.months or 0)):
        reasons["years"] = "Enter an age from 0 to 100 years, or leave both empty if nobody knows."
    return months


async def add_comment(sent: Sent, officer: SignedIn, inspection: Opened, text: str) -> None:
    """What the household says, in their words."""
    if not text:
        raise Refused({"text": "Write what the household says."})
    comment = HouseholdComment(inspection=inspection.id, text=text, person=officer.id, **times(sent))
    await HouseholdComment.insert(comment)
    sent.note = "comment of the household"


async def propose(sent: Sent, officer: SignedIn, inspection: Opened, data: Any) -> None:
    """Lay the costs before a manager. Nobody owes anything by it. The proposal has the command's own id."""
    await lock_row(Inspection, inspection.id)
    found = await comparison.standing(officer, inspection)
    changed = {one.key for one in found.differences}
    costs = await recharge_queries.costs_of(inspection)
    lines = [row for key, row in costs.items() if key in changed]
    reasons = _proposal_mistakes(sent, data, lines)
    if reasons:
        raise Refused(reasons)
    words = reference.charging().exemptions
    await Recharge.insert(
        Recharge(
            id=sent.id,
            inspection=inspection.id,
            lines="\n".join(str(row["id"]) for row in lines),
            total=sum(row["amount"] for row in lines),
            compared_with=found.before.id if found.before else None,
            compared_words=found.words,
            exemptions="\n".join(words[code] for code in data.exemptions if code in words),
            crime_reference=data.crime_reference,
            exemption_note=data.exemption_note,
            put_right_by=data.put_right_by,
            appeal=data.appeal,
            reasons=data.reasons,
            person=officer.id,
            **times(sent),
        )
    )
    sent.note = "recharge proposed"


NONE = "none"


def _proposal_mistakes(sent: Sent, data: Any, lines: list[dict[str, Any]]) -> dict[str, str]:
    known, said = reference.charging().exemptions, set(data.exemptions)
    reasons = {}
    if not sum(row["amount"] for row in lines):
        reasons["form"] = "There is nothing to propose yet. Work out what one thing costs first."
    if not said or not said <= {*known, NONE} or (NONE in said and len(said) > 1):
        reasons["exemptions"] = "Say whether there is a reason not to charge, or that none of these is so."
    if "crime" in said and not data.crime_reference:
        reasons["crime_reference"] = "Enter the crime reference, or take the tick away."
    if data.put_right_by is None:
        reasons["put_right_by"] = "Choose the day by which the household may put it right."
    elif wrong := recharge_rules.put_right_mistake(data.put_right_by, sent.received_at.astimezone(LONDON).date()):
        reasons["put_right_by"] = wrong
    if not data.appeal:
        reasons["appeal"] = "Say how the household can appeal."
    return reasons


async def decide(sent: Sent, manager: SignedIn, inspection: Opened, recharge: UUID, data: Any) -> None:
    """A manager's decision, which is never who proposed it and never the software's. One for each proposal."""
    await lock_row(Inspection, inspection.id)
    proposals = await recharge_queries.proposals_of(inspection)
    mine = await recharge_queries.proposal_for(inspection, recharge)
    _may_decide(manager, mine)
    if mine.decision:
        raise Refused({"form": f"{mine.decision['manager']} has decided this already."})
    if proposals[0].id != mine.id:
        raise Refused({"form": "There is a newer proposal. Open the page again and decide about that one."})
    if data.outcome is None:
        raise Refused({"outcome": "Choose what you decide."})
    amount = _decided_amount(data, mine)
    if not data.reasons:
        raise Refused({"reasons": "Give your reasons. They are kept with the decision."})
    if data.outcome is Outcome.CHARGE and (
        wrong := recharge_rules.letter_mistake(data.letter, amount, recharge_rules.figures_of(mine.lines))
    ):
        raise Refused({"letter": wrong})
    await RechargeDecision.insert(
        RechargeDecision(
            recharge=recharge,
            outcome=data.outcome,
            amount=amount,
            reasons=data.reasons,
            letter="" if data.outcome is Outcome.BACK else data.letter,
            person=manager.id,
            **times(sent),
        )
    )
    sent.note = f"recharge decided: {data.outcome}"


def _may_decide(manager: SignedIn, proposal: recharge_queries.Proposed) -> None:
    if not recharge_rules.may_decide(manager.role, manager.id, proposal.row["person"]):
        raise Refused({"form": "You proposed this, so another manager has to decide it."})


def _decided_amount(data: Any, proposal: recharge_queries.Proposed) -> int:
    if data.outcome is not Outcome.CHARGE:
        return 0
    reasons: dict[str, str] = {}
    typed = _pence("amount", data.amount, reasons)
    if reasons:
        raise Refused(reasons)
    amount = int(proposal.row["total"]) if typed is None else typed
    if not 0 < amount <= proposal.row["total"]:
        raise Refused({"amount": "Charge no more than was proposed. To charge nothing, choose “Do not charge”."})
    return amount


async def decide_register(sent: Sent, manager: SignedIn, inspection: Opened, data: Any) -> None:
    """A consequence for the housing register: after a charge was decided, and a decision of its own."""
    await lock_row(Inspection, inspection.id)
    proposals = await recharge_queries.proposals_of(inspection)
    last = proposals[0] if proposals else None
    if last is None or not last.decision or last.decision["outcome"] != Outcome.CHARGE:
        raise Refused({"form": "Only after a charge was decided can there be a consequence for the register."})
    _may_decide(manager, last)
    words = reference.charging().register
    reasons = {}
    if data.consequence not in words:
        reasons["consequence"] = "Choose one of the consequences."
    if not data.reference:
        reasons["reference"] = "Enter the number of the application in the allocations system."
    if not data.reasons:
        reasons["reasons"] = "Give your reasons. They are kept with the decision."
    if reasons:
        raise Refused(reasons)
    await RegisterDecision.insert(
        RegisterDecision(
            inspection=inspection.id,
            reference=data.reference,
            consequence=data.consequence,
            words=words[data.consequence],
            reasons=data.reasons,
            person=manager.id,
            **times(sent),
        )
    )
    sent.note = "housing register decided"


async def note_export(sent: Sent) -> None:
    sent.note = "saved the decisions about the housing register as a file"
