"""`doorstep add-administrator`: the first person who can sign in, and who invites all the others."""

import getpass
import sys

from people import strength
from people.commands import add_person
from people.queries import person_by_email
from people.rules import Role
from server.starting import NotDone, migrate


async def add(email: str, name: str) -> int:
    """Asks for the password twice at a terminal; otherwise reads it from the first line of the input."""
    from server.piccolo_conf import DB

    await migrate()
    await DB.open()
    try:
        if "@" not in email:
            raise NotDone(f"{email} is not an e-mail address.")
        if await person_by_email(email):
            raise NotDone(f"{email} has an account already.")
        password = asked()
        if complaint := strength.complaint(password, (name, email)):
            raise NotDone(complaint)
        await add_person(name, email, Role.ADMINISTRATOR, password)
    finally:
        await DB.shut()
    print(f"{email} can sign in now.")
    return 0


def asked() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    first = getpass.getpass("Password, 12 characters or more: ")
    if getpass.getpass("The same again: ") != first:
        raise NotDone("The two passwords differ. Nothing was changed.")
    return first
