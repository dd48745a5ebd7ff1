"""People with a password, for a server in a process of its own."""

import asyncio

from people.commands import add_person
from people.tables import Firm, Team
from server.piccolo_conf import DB
from server.starting import migrate

PASSWORD = "kettle fjord umbrella"


async def main() -> None:
    await migrate()
    await DB.open()
    north = await Team.objects().create(name="TA north")
    firm = await Firm.objects().create(name="Pennard Property Care")
    await add_person("Asha Rahman", "asha@harrowmere.example", "officer", PASSWORD, team=north.id)
    await add_person("Dina Marsh", "dina@harrowmere.example", "manager", PASSWORD, team=north.id)
    await add_person("Ade Balogun", "ade@harrowmere.example", "administrator", PASSWORD)
    await add_person("Callum Reid", "callum@pennard.example", "contractor", PASSWORD, firm=firm.id)
    await DB.shut()


if __name__ == "__main__":
    asyncio.run(main())
