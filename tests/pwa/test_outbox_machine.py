"""Anything two phones, their network and the office can do, in any order: each command once, and nothing lost.

The machine drives the app itself over HTTP from a thread of its own; the app stays in the test's event loop.
"""

import asyncio
from collections.abc import Coroutine
from concurrent.futures import Future
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, TypeVar
from urllib.parse import urlencode

import httpx
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from inspections.commands import seed_reference
from inspections.tables import Reading
from pwa.due import run_due
from pwa.tables import Conflict, Held, Receipt, Seal, Unsealed
from tests.conftest import World
from tests.properties.homes import home
from tests.pwa.outbox_model import Model, compare
from tests.server.test_saved_copy import bring, listed, zipped
from tests.servers.phone import FORM, Op, Phone, reading, start

T = TypeVar("T")
NAMES = ("asha", "ben")
who = st.sampled_from(NAMES)
which = st.integers(0, 1_000)


async def forget_commands() -> None:
    for table in (Seal, Unsealed, Held, Conflict, Receipt, Reading):
        await table.delete(force=True)


def pick(ops: list[Op], number: int) -> Op | None:
    return ops[number % len(ops)] if ops else None


class Outbox(RuleBasedStateMachine):
    """Two phones of one team with work on two inspections, an office, and a network nobody can rely on."""

    world: World
    loop: asyncio.AbstractEventLoop
    clients: dict[str, httpx.AsyncClient]
    home: str

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        done: Future[T] = asyncio.run_coroutine_threadsafe(work, self.loop)
        return done.result(60)

    @initialize()
    def begin(self) -> None:
        self.model = Model()
        self.phones = {name: Phone("", str(self.world.people[name].id), "") for name in NAMES}
        self.queues: dict[str, list[Op]] = {name: [] for name in NAMES}
        self.run(forget_commands())
        self.inspections = [self.started(name) for name in NAMES]

    def started(self, name: str) -> str:
        op = start(self.home)
        self.model.took_in(op, self.world.people[name].id)
        self.told(name, op, self.send(name, op))
        return op.mark

    def send(self, name: str, op: Op, times: int = 1) -> list[httpx.Response]:
        headers = {key: value for key, value in self.phones[name].headers(op).items() if key != "Cookie"}
        client = self.clients[name]

        async def all_at_once() -> list[httpx.Response]:
            asked = [client.request(op.method, op.url, content=op.body, headers=headers) for _ in range(times)]
            return list(await asyncio.gather(*asked))

        return self.run(all_at_once())

    def told(self, name: str, op: Op, answers: list[httpx.Response]) -> None:
        for answer in answers:
            assert answer.status_code in (200, 201, 303), answer.text[:300]
            self.model.was_told(op, answer.headers["receipt"])

    def received(self, name: str) -> list[Op]:
        mine = self.world.people[name].id
        return [one.op for one in self.model.known.values() if one.person == mine]

    # What an officer does

    @rule(name=who, number=which)
    def an_officer_records_a_reading(self, name: str, number: int) -> None:
        self.queues[name].append(reading(self.inspections[number % len(self.inspections)]))

    @rule(name=who, number=which)
    def an_officer_completes_an_inspection(self, name: str, number: int) -> None:
        body = urlencode({"reason": "Boarded up, number " + str(number)}).encode()
        url = f"/inspections/{self.inspections[number % len(self.inspections)]}/complete"
        self.queues[name].append(Op("POST", url, body, FORM))

    @rule(name=who)
    def an_officer_starts_another(self, name: str) -> None:
        self.inspections.append(self.started(name))

    # What the network makes of it

    @rule(name=who, times=st.sampled_from([1, 1, 3]), number=which)
    def a_phone_sends_one_and_is_told(self, name: str, times: int, number: int) -> None:
        op = pick(self.queues[name], number)
        if op:
            self.model.took_in(op, self.world.people[name].id)
            self.told(name, op, self.send(name, op, times))
            self.queues[name].remove(op)

    @rule(name=who, number=which)
    def the_answer_is_lost_so_it_stays_on_the_phone(self, name: str, number: int) -> None:
        op = pick(self.queues[name], number)
        if op:
            self.model.took_in(op, self.world.people[name].id)
            self.send(name, op)

    @rule(name=who, times=st.sampled_from([1, 3]), number=which)
    def what_was_received_is_sent_again(self, name: str, times: int, number: int) -> None:
        op = pick(self.received(name), number)
        if op:
            answers = self.send(name, op, times)
            self.told(name, op, answers)
            assert all("replayed=1" in answer.headers["receipt"] for answer in answers)

    @rule(name=who, number=which)
    def it_arrives_damaged(self, name: str, number: int) -> None:
        op = pick(self.queues[name], number)
        if op:
            headers = {**self.phones[name].headers(op), "Command-Body": "0" * 64}
            del headers["Cookie"]
            answer = self.run(self.clients[name].post(op.url, content=op.body, headers=headers))
            assert (answer.status_code, "receipt" in answer.headers) == (408, False)

    # What must not be taken in

    @rule(name=who, times=st.sampled_from([1, 3]), number=which)
    def an_id_comes_with_another_body(self, name: str, times: int, number: int) -> None:
        op = pick([op for op in self.received(name) if op.url.endswith("/readings")], number)
        if op:
            other = replace(op, body=op.body + b"-and-more")
            self.mismatched(other, self.send(name, other, times))

    @rule(name=who, number=which)
    def an_id_comes_from_somebody_else(self, name: str, number: int) -> None:
        other = NAMES[1 - NAMES.index(name)]
        op = pick([op for op in self.received(name) if op.url.endswith("/readings")], number)
        if op:
            self.mismatched(op, self.send(other, op))

    def mismatched(self, op: Op, answers: list[httpx.Response]) -> None:
        assert {answer.status_code for answer in answers} == {409}
        assert not any("receipt" in answer.headers for answer in answers)
        self.model.conflicts.add((op.id, op.body))

    @rule(name=who, number=which)
    def somebody_else_is_signed_in_on_the_phone(self, name: str, number: int) -> None:
        op = pick(self.queues[name], number)
        if op:
            headers = {**self.phones[name].headers(op), "Command-Author": str(self.world.carol.id)}
            del headers["Cookie"]
            answer = self.run(self.clients[name].post(op.url, content=op.body, headers=headers))
            assert (answer.status_code, "receipt" in answer.headers) == (401, False)

    @rule(name=who, times=st.sampled_from([1, 3]))
    def a_form_mistake_is_refused_and_may_be_mended_under_its_own_id(self, name: str, times: int) -> None:
        inspection = next((id for id in self.inspections if id not in self.model.completed), None)
        if inspection:
            right = reading(inspection)
            wrong = replace(right, body=right.body.replace(b"condition=G", b"condition=purple"))
            assert {answer.status_code for answer in self.send(name, wrong, times)} == {422}
            self.queues[name].append(right)

    # What the office does

    @rule(name=who)
    def the_office_takes_in_a_copy_of_what_waits(self, name: str) -> None:
        waits = self.queues[name]
        here = [op for op in waits if op.id in self.model.known]
        outcomes = [self.model.took_in(op, self.world.people[name].id) for op in waits if op not in here]
        copy = zipped([listed(self.phones[name], op) for op in waits])
        answer = self.run(bring(self.clients["dina"], copy))
        already = f", {len(here)} already here" if here else ""
        assert f"<b>{len(outcomes)} received{already}.</b>" in answer.text
        self.model.imports += 1

    @rule(times=st.sampled_from([1, 2]))
    def the_engine_seals(self, times: int) -> None:
        self.run(run_due(datetime.now(UTC)))
        for _ in range(times - 1):
            assert self.run(run_due(datetime.now(UTC))) == 0

    @invariant()
    def all_is_as_the_model_has_it(self) -> None:
        self.run(compare(self.model))

    def teardown(self) -> None:
        """The signal comes back: everything that waits is sent, and then nothing does."""
        if not hasattr(self, "inspections"):
            return  # it never began
        for name in NAMES:
            for op in self.queues[name]:
                self.model.took_in(op, self.world.people[name].id)
                self.told(name, op, self.send(name, op))
        self.run(run_due(datetime.now(UTC)))
        self.run(compare(self.model))


async def test_whatever_phones_network_and_office_do_each_command_counts_once_and_nothing_is_lost(
    world: World,
) -> None:
    await seed_reference()
    place = await home(team=world.teams["north"].id)
    clients = {name: await world.sign_in(name) for name in (*NAMES, "dina")}
    here = {
        "world": world,
        "loop": asyncio.get_running_loop(),
        "clients": clients,
        "home": str(place.id),
    }
    chosen = settings(
        max_examples=30, stateful_step_count=30, deadline=None, suppress_health_check=[HealthCheck.too_slow]
    )
    await asyncio.to_thread(run_state_machine_as_test, type("OutboxHere", (Outbox,), here), settings=chosen)
