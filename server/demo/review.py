"""What waits for a leader in the demo council: a recharge, something held, and one sent back to its officer."""

from datetime import datetime, timedelta
from uuid import UUID

from inspections import forms, recharge_commands, recharge_forms, review_commands, room_commands
from inspections.choices import Cleanliness, Condition, Kind, Liability
from inspections.queries import Opened, inspection_for
from inspections.recharge_rules import Work
from inspections.reference import charging
from inspections.review_forms import Written
from inspections.review_rules import Spot
from inspections.tables import Completion, Inspection
from pwa.outbox import once
from server.demo.calendar import moment
from server.demo.council import LEADS
from server.demo.homes import DemoHome
from server.demo.phone import Phone, body_of

# Home and kind of the inspection each is about; all of Asha's.
SENT_BACK, RECHARGED, HELD = (2, Kind.MOVE_OUT), (4, Kind.MOVE_OUT), (12, Kind.OCCUPIED)
READ_UNTIL = timedelta(days=16)  # what is older was approved in its time
ASKED = "How far from the wall was the bed? A photo of the whole corner, please."


class Office:
    """The managers at their desks, and the officers who hear from them."""

    def __init__(self, phones: dict[str, Phone], homes: dict[int, DemoHome], now: datetime) -> None:
        self.phones, self.homes, self.now = phones, homes, now

    async def work(self) -> None:
        for lead in set(LEADS.values()):
            await self._read(self.phones[lead])
        await self._send_back()
        await self._propose()

    async def _read(self, manager: Phone) -> None:
        """What was completed in the weeks before, by others of the team, one by one."""
        if manager.person.role != "manager":
            return
        old = Completion.received_at < self.now - READ_UNTIL
        rows = await Completion.select(Completion.inspection, Completion.received_at).where(
            old & (Completion.inspection.team == manager.person.team_id)
        )
        for row in rows:
            inspection = await inspection_for(manager.person, row["inspection"])
            at, where = row["received_at"] + timedelta(hours=20), f"/inspections/{inspection.id}/review/approve"
            await manager.do(at, where, review_commands.approve, inspection, inspection.id)

    async def _send_back(self) -> None:
        dina = self.phones["dina"]
        inspection = await self._of(dina, *SENT_BACK)
        notes = [Written(Spot("bedroom", "bedroom_walls"), ASKED)]
        where, at = f"/inspections/{inspection.id}/review/back", moment(self.now, -1, "16:40")
        await dina.do(at, where, review_commands.send_back, inspection, inspection.id, notes)

    async def _propose(self) -> None:
        asha, at = self.phones["asha"], moment(self.now, -1, "16:05")
        inspection = await self._of(asha, *RECHARGED)
        here, commands = f"/inspections/{inspection.id}/recharge", recharge_commands
        cost = recharge_forms.CostForm("kitchen_hob", Liability.HOUSEHOLD, Work.REPLACE, "189", 3, 0)
        await asha.do(at, f"{here}/costs", commands.record_cost, inspection, form=cost)
        asked = recharge_forms.RechargeForm(
            exemptions=[commands.NONE],
            put_right_by=(self.now + timedelta(days=charging().put_right_days)).date(),
            appeal=charging().appeal,
            reasons="The hob was whole when they moved in. The household says a pan fell on it.",
        )
        await asha.do(at + timedelta(minutes=4), here, commands.propose, inspection, form=asked)

    async def hold(self) -> None:
        """Tom helped in a home, and his phone had no signal until Asha had completed it.

        In a transaction of its own: what is held undoes first what it began.
        """
        tom = self.phones["tom"]
        inspection = await self._of(tom, *HELD)
        read = forms.ReadingForm(
            "kitchen_extractor", Condition.POOR, Cleanliness.DIRTY, note="Runs, but the filter is full of grease."
        )
        at, path = inspection.received_at + timedelta(minutes=9), f"/inspections/{inspection.id}/readings"
        tom.offline_until = inspection.received_at + timedelta(hours=3)
        sent = tom.sent(at, path, body_of(read))
        await once(sent, room_commands.record_reading, tom.person, inspection, read)
        tom.offline_until = None

    async def _of(self, phone: Phone, home: int, kind: Kind) -> Opened:
        mine = (Inspection.property == self.homes[home].id) & (Inspection.kind == kind.value)
        row = await Inspection.select(Inspection.id).where(mine).first()
        assert row is not None
        return await inspection_for(phone.person, UUID(str(row["id"])))
