"""What the provider does on a made-up day, and what the council changes while somebody is out."""

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import rule

from people.tables import Person
from tests.lone_working.day import Day

# Dina stays: somebody must still be there who looks.
STAFF = st.sampled_from(["asha", "ben", "dina", "nia", "marek", "carol"])


class Provider(Day):
    @rule(wrong=st.lists(st.sampled_from([429, 500, "taken", "cut", 403, 201]), max_size=12))
    def it_is_unwell(self, wrong: list[Any]) -> None:
        """It takes no more, fails, fails though it took it, hangs up, or knows no key; then it is well."""
        self.provider.answers = wrong

    @rule(wrong=st.lists(st.sampled_from([429, 500, 403]), max_size=12))
    def it_does_not_say_what_it_has(self, wrong: list[Any]) -> None:
        self.provider.looks = wrong

    @rule(kinds=st.sampled_from([{"sms"}, {"email"}, {"sms", "email"}, set()]))
    def it_takes_none_of_these(self, kinds: set[str]) -> None:
        """Until it says otherwise."""
        self.provider.refused = set(kinds)


class Council(Day):
    def change(self, who: str, **values: Any) -> None:
        id = self.alone.world.people[who].id
        self.moved.add(id)
        self.run(Person.update(values).where(Person.id == id))

    @rule(who=STAFF)
    def somebody_leaves(self, who: str) -> None:
        self.left.add(self.alone.world.people[who].id)
        self.change(who, disabled_at=self.alone.now)

    @rule(who=STAFF)
    def somebody_comes_back(self, who: str) -> None:
        self.change(who, disabled_at=None)

    @rule(who=STAFF, phone=st.sampled_from(["", "07700900777", "01632 960 001"]))
    def somebody_has_another_number(self, who: str, phone: str) -> None:
        self.change(who, phone=phone)

    @rule(who=st.sampled_from(["ben", "dina", "nia", "marek"]), role=st.sampled_from(["officer", "manager"]))
    def somebody_has_another_role(self, who: str, role: str) -> None:
        self.change(who, role=role)

    @rule(who=st.sampled_from(["ben", "dina", "nia"]), team=st.sampled_from(["north", "south", None]))
    def somebody_has_another_team(self, who: str, team: str | None) -> None:
        self.change(who, team=self.alone.world.teams[team].id if team else None)
