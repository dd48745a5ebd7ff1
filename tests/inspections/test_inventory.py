"""The household's seven days: what they see, what they say, and what their silence is called."""

import asyncio
import hashlib
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO
from uuid import UUID

import httpx
import pytest
from PIL import Image

from inspections import inventory_rules
from inspections.erasing import erase_older, photos_named
from inspections.inventory_tables import InventoryComment, InventoryLink, InventoryOpened, InventoryPhoto
from media.store import store, use
from media.tables import Photo
from messages.tables import Message
from people.rules import Limit
from properties.tables import PersonAlert, Property
from pwa.ids import uuid7
from pwa.pages import environment
from pwa.tables import Held, Receipt
from tests.conftest import World
from tests.inspections.comparing import HOB, move_in, move_out
from tests.inspections.doing import home, post, start
from tests.inspections.inventories import NUMBER, going_out, handed_over, in_their_hands, newest, newest_path, sent
from tests.media.conftest import Away
from tests.saying import sentence

__all__ = ["home"]


@pytest.fixture(autouse=True)
def demo() -> Iterator[None]:
    with going_out():
        yield


def a_photo(colour: str = "#2b6f78", **more: object) -> bytes:
    out = BytesIO()
    Image.new("RGB", (64, 48), colour).save(out, "JPEG", **more)
    return out.getvalue()


async def say(who: httpx.AsyncClient, path: str, text: str, item: str = HOB, **more: str) -> httpx.Response:
    return await who.post(f"{path}/items/{item}/comments", data={"text": text, **more})


async def show(who: httpx.AsyncClient, path: str, data: bytes, item: str = HOB) -> httpx.Response:
    return await who.post(f"{path}/items/{item}/photos", files={"file": ("x.jpg", data, "image/jpeg")})


async def test_a_household_reads_its_inventory_with_no_account_and_learns_nothing_else(
    world: World, home: Property
) -> None:
    _, _, path, who = await in_their_hands(world, home)
    page = await who.get(path)
    assert page.status_code == 200
    assert "hob" in page.text.lower() and "Good" in page.text and "Kitchen" in page.text
    for secret in ("Saltmarsh", "HW2", "Asha", "07700", str(home.id), "/inspections/", "/properties"):
        assert secret not in page.text, secret
    assert "<nav" not in page.text and "data-person" not in page.text and 'src="/static/app-' not in page.text


async def test_the_page_is_in_plain_english_that_a_browser_may_translate(world: World, home: Property) -> None:
    _, _, path, who = await in_their_hands(world, home)
    for address in (path, f"{path}/items/{HOB}", f"{path}/items/whole", path[:-4] + "zzzz"):
        text = (await who.get(address)).text
        assert '<html lang="en-GB">' in text
        assert "translate=" not in text and "notranslate" not in text


async def test_an_officer_who_presses_the_link_sees_the_page_as_the_household_does(
    world: World, home: Property
) -> None:
    asha, _, path, who = await in_their_hands(world, home)
    assert without_ids((await asha.get(path)).text) == without_ids((await who.get(path)).text)


def without_ids(text: str) -> str:
    return re.sub("[0-9a-f]{8}-[0-9a-f-]{27}", "", text)


async def test_the_secret_is_kept_as_a_hash_and_stands_in_no_receipt_and_no_referrer(
    world: World, home: Property
) -> None:
    _, inspection, path, who = await in_their_hands(world, home)
    page = await who.get(path)
    await say(who, path, "The hob was chipped already")
    token = path.rsplit("/", 1)[1]
    assert len(token) >= 43  # 256 bits in letters
    link = await InventoryLink.select().first()
    assert link is not None and link["token_sha256"] == hashlib.sha256(token.encode()).hexdigest()
    receipts = await Receipt.select().where(Receipt.person_name == "The household")
    assert {row["path"] for row in receipts} == {
        f"/inspections/{inspection}/inventory/opened",
        f"/inspections/{inspection}/inventory/comments",
    }
    assert token not in str(await Receipt.select())
    for answer in (page, await who.get(path[:-4] + "zzzz")):
        assert answer.headers["referrer-policy"] == "strict-origin"
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-robots-tag"] == "noindex"


async def test_what_they_say_is_added_and_never_written_over_and_stands_beside_the_item(
    world: World, home: Property
) -> None:
    asha, inspection, path, who = await in_their_hands(world, home)
    for words in ("The hob was chipped already", "One ring does not light"):
        answer = await say(who, path, words)
        assert answer.status_code == 303
        assert answer.headers["location"] == f"{path}/items/{HOB}#said"
    assert (await show(who, path, a_photo())).status_code == 303
    await say(who, path, "It is very cold in here", "whole")
    theirs = (await who.get(f"{path}/items/{HOB}")).text
    assert theirs.index("chipped already") < theirs.index("does not light")
    office = (await asha.get(f"/inspections/{inspection}")).text
    item = office.partition(f'id="item-{HOB}"')[2].partition("</details>")[0]
    assert "chipped already" in item and "does not light" in item and "inventory/photos/" in item
    assert "3 comments, 1 photo, 7 days left" in office
    assert "very cold" in office.partition('id="inventory"')[2]
    moved = await move_out(asha, home)
    comparison = (await asha.get(f"/inspections/{moved}/comparison")).text
    assert "chipped already" in comparison.partition(f'id="item-{HOB}"')[2].partition("</article>")[0]
    assert "No reply" not in comparison


async def test_an_empty_or_too_long_comment_comes_back_with_what_was_typed(world: World, home: Property) -> None:
    _, _, path, who = await in_their_hands(world, home)
    answer = await say(who, path, "  ")
    assert answer.status_code == 422 and "Write what you want to tell us." in answer.text
    long = "mould " * 700
    answer = await say(who, path, long)
    assert answer.status_code == 422 and "Keep this under 4,000 characters." in answer.text
    assert long in answer.text
    assert await InventoryComment.count() == 0


async def test_pressed_twice_it_is_said_once(world: World, home: Property) -> None:
    _, _, path, who = await in_their_hands(world, home)
    same = str(uuid7())
    for _ in range(2):
        assert (await say(who, path, "The hob was chipped", _command=same)).status_code == 303
    assert await InventoryComment.count() == 1


async def test_a_photo_is_shown_without_what_the_camera_wrote_into_it_to_them_and_the_officer_alone(
    world: World, home: Property
) -> None:
    asha, inspection, path, who = await in_their_hands(world, home)
    exif = Image.Exif()
    exif.get_ifd(0x8825)[1] = "N"
    exif[0x010E] = "canary-exif"
    data = a_photo(exif=exif)
    sha = hashlib.sha256(data).hexdigest()
    assert b"canary-exif" in data
    await show(who, path, data)
    assert await store().get(f"photos/{sha}") == data
    for reader, address in (
        (who, f"{path}/photos/{sha}"),
        (asha, f"/inspections/{inspection}/inventory/photos/{sha}"),
    ):
        shown = await reader.get(address)
        assert shown.status_code == 200 and b"canary" not in shown.content
    carol = await world.sign_in("carol")
    assert (await carol.get(f"/inspections/{inspection}/inventory/photos/{sha}")).status_code == 404


async def test_another_link_shows_neither_this_inventory_nor_its_photos(world: World, home: Property) -> None:
    asha, _, path, who = await in_their_hands(world, home)
    data = a_photo()
    await show(who, path, data)
    await say(who, path, "canary words")
    other = await sent(asha, await move_in(asha, home))
    assert "canary" not in (await who.get(other)).text
    assert (await who.get(f"{other}/photos/{hashlib.sha256(data).hexdigest()}")).status_code == 404


async def test_a_photo_out_of_sight_and_one_of_an_addendum_are_not_the_households_to_see(
    world: World, home: Property
) -> None:
    asha = await world.sign_in("asha")
    inspection = await start(asha, home, "move-in")
    photos = [a_photo("#111111"), a_photo("#222222")]
    ids = [str(uuid7()), str(uuid7())]
    for data, id in zip(photos, ids, strict=True):
        sha = hashlib.sha256(data).hexdigest()
        await asha.put(f"/media/photos/{sha}", content=data, headers={"Content-Type": "image/jpeg"})
        await post(asha, inspection, "photos", id=id, sha256=sha, item=HOB)
    await post(asha, inspection, "photos/change", photo=ids[1], withdrawn="yes")
    await post(asha, inspection, "complete", reason="Enough for a test")
    path, who = await sent(asha, inspection), world.browser()
    seen = [(await who.get(f"{path}/photos/{hashlib.sha256(data).hexdigest()}")).status_code for data in photos]
    assert seen == [200, 404]


async def test_a_link_that_is_over_or_taken_back_or_never_was_is_one_page_of_the_same_bytes(
    world: World, home: Property
) -> None:
    asha, inspection, path, who = await in_their_hands(world, home)
    unknown = await who.get("/inventory/" + "x" * 43)
    assert unknown.status_code == 404 and "ring " in unknown.text and "Harrowmere" in unknown.text
    await handed_over(inspection, timedelta(days=9))
    over = await who.get(path)
    await handed_over(inspection, timedelta(days=1))
    assert (await who.get(path)).status_code == 200
    await post(asha, inspection, "inventory/links/end")
    back = await who.get(path)
    for answer in (over, back, await who.get(f"{path}/items/{HOB}"), await say(who, path, "Too late")):
        assert (answer.status_code, answer.content) == (404, unknown.content)
    assert (await show(who, path, a_photo())).content == unknown.content
    assert (await who.post(f"{path}/nothing-to-add", data={})).content == unknown.content
    assert await InventoryComment.count() == 0 and await InventoryPhoto.count() == 0


async def test_sent_again_the_old_link_opens_nothing(world: World, home: Property) -> None:
    asha, inspection, first, who = await in_their_hands(world, home)
    await say(who, first, "By the first link")
    second = await sent(asha, inspection, "anna@example.org", "email")
    assert (await who.get(first)).status_code == 404
    assert (await who.get(second)).status_code == 200
    page = (await asha.get(f"/inspections/{inspection}")).text
    assert "By the first link" in page and "1 comment, 7 days left" in page
    await handed_over(inspection, timedelta(days=9))
    page = (await asha.get(f"/inspections/{inspection}")).text
    assert "1 comment." in page and "No reply" not in page


async def test_silence_is_no_reply_and_never_a_yes(world: World, home: Property) -> None:
    asha, inspection, path, who = await in_their_hands(world, home)
    await who.get(path)
    assert "Opened, nothing said yet, 7 days left" in (await asha.get(f"/inspections/{inspection}")).text
    await handed_over(inspection, timedelta(days=9))
    page = (await asha.get(f"/inspections/{inspection}")).text
    assert "No reply. That is not a yes." in page
    moved = await move_out(asha, home)
    assert "No reply. That is not a yes." in (await asha.get(f"/inspections/{moved}/comparison")).text
    assert not re.search("agreed|accepted", page.partition('id="inventory"')[2].partition("</section>")[0])


async def test_that_they_have_nothing_to_add_is_their_own_act(world: World, home: Property) -> None:
    asha, inspection, path, who = await in_their_hands(world, home)
    for _ in range(2):
        assert (await who.post(f"{path}/nothing-to-add", data={})).status_code == 303
    await handed_over(inspection, timedelta(days=9))
    assert "They looked and have nothing to add" in (await asha.get(f"/inspections/{inspection}")).text


async def test_the_household_is_told_which_number_to_ring(
    world: World, home: Property, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(environment.globals, "council_phone", "01632 960 114")
    _, _, path, who = await in_their_hands(world, home)
    assert "on 01632 960 114" in (await who.get(path)).text
    assert "on 01632 960 114" in (await who.get("/inventory/" + "x" * 43)).text


async def test_that_it_was_opened_is_noted_once(world: World, home: Property) -> None:
    _, _, path, who = await in_their_hands(world, home)
    await asyncio.gather(*(who.get(path) for _ in range(5)))
    assert await InventoryOpened.count() == 1


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("to", "0770", "Enter a mobile number"),
        ("to", "", "Enter a mobile number"),
        ("to", "+44 20 7946 0000", "Enter a mobile number"),
        ("channel", "fax", "Choose one of the answers."),
        ("channel", "", "Choose a text message or an e-mail."),
    ],
)
async def test_a_number_that_is_none_is_told_at_once(
    world: World, home: Property, field: str, value: str, says: str
) -> None:
    asha = await world.sign_in("asha")
    inspection = await move_in(asha, home)
    answer = await post(asha, inspection, "inventory/links", **{"channel": "sms", "to": NUMBER, field: value})
    assert answer.status_code == 422 and says in answer.text
    assert await InventoryLink.count() == 0 and await Message.count() == 0


async def test_only_a_completed_move_in_is_sent(world: World, home: Property) -> None:
    asha = await world.sign_in("asha")
    for inspection, says in (
        (await start(asha, home, "move-in"), "Complete the inspection first"),
        (await move_out(asha, home), "Only the inventory of a move-in"),
    ):
        answer = await post(asha, inspection, "inventory/links", channel="sms", to=NUMBER)
        assert answer.status_code == 422 and says in answer.text


async def test_nothing_about_a_confidential_home_is_sent(world: World, home: Property) -> None:
    asha = await world.sign_in("asha")
    inspection = await move_in(asha, home)
    await make_confidential(world, home)
    answer = await post(asha, inspection, "inventory/links", channel="sms", to=NUMBER)
    assert answer.status_code == 422 and "confidential" in answer.text
    assert await Message.count() == 0
    assert "inventory/links" not in (await asha.get(f"/inspections/{inspection}")).text


async def make_confidential(world: World, home: Property, code: str = "1") -> None:
    alert = PersonAlert(
        id=uuid7(), property=home.id, code=code, text="a", owner=world.ben.id, review_on=home.created_at.date(),
        added_at=home.created_at,
    )  # fmt: skip
    await PersonAlert.insert(alert)


@pytest.mark.parametrize("code", ["1", "20-70", "lost code"])
async def test_a_home_that_becomes_confidential_shuts_the_link_that_is_out(
    world: World, home: Property, code: str
) -> None:
    _, _, path, who = await in_their_hands(world, home)
    await make_confidential(world, home, code)
    assert (await who.get(path)).status_code == 404


async def test_with_no_way_to_send_the_officer_is_told_before_and_after(world: World, home: Property) -> None:
    asha = await world.sign_in("asha")
    inspection = await move_in(asha, home)
    with going_out():
        pass  # and back to how this test server is set up: without a provider and no demo
    answer = await post(asha, inspection, "inventory/links", channel="sms", to=NUMBER)
    assert answer.status_code == 422 and "not set up" in answer.text
    assert "not set up" in (await asha.get(f"/inspections/{inspection}")).text


async def test_sent_late_for_an_inspection_that_is_another_teams_now_it_is_held(
    world: World, home: Property
) -> None:
    asha = await world.sign_in("asha")
    inspection = await move_in(asha, home)
    await hand_to_south(world, inspection)
    answer = await post(asha, inspection, "inventory/links", channel="sms", to=NUMBER)
    assert answer.status_code == 200 and "outcome=held" in answer.headers["receipt"]
    assert await Held.count() == 1 and await Message.count() == 0
    dina = await world.sign_in("dina")
    held = await Held.select(Held.id).first()
    assert "Inventory to the household" in (await dina.get(f"/held/{(held or {})['id']}")).text


async def hand_to_south(world: World, inspection: UUID) -> None:
    from inspections.tables import Inspection

    values = {Inspection.team: world.teams["south"].id, Inspection.started_by: world.carol.id}
    await Inspection.update(values).where(Inspection.id == inspection)


@pytest.mark.parametrize(
    ("data", "status", "says"),
    [
        (b"", 422, "Choose the file first."),
        (b"GIF89a" + b"0" * 60, 415, "Send a JPEG, PNG or WebP photo."),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", 415, "Send a JPEG, PNG or WebP photo."),
        (a_photo()[:200], 422, "did not arrive whole"),
    ],
)
async def test_what_is_no_photo_is_told_so_on_the_page(
    world: World, home: Property, data: bytes, status: int, says: str
) -> None:
    _, _, path, who = await in_their_hands(world, home)
    answer = await show(who, path, data)
    assert answer.status_code == status and says in answer.text
    assert await InventoryPhoto.count() == 0


async def test_a_photo_over_its_limit_is_refused_before_it_is_read(world: World, home: Property) -> None:
    _, _, path, who = await in_their_hands(world, home)
    answer = await show(who, path, b"\xff\xd8\xff" + b"0" * (21 * 1024 * 1024))
    assert answer.status_code == 413 and "20 MB" in sentence(answer)


async def test_while_the_store_is_away_the_photo_is_not_called_received(world: World, home: Property) -> None:
    _, _, path, who = await in_their_hands(world, home)
    real = store()
    use(Away(real))  # type: ignore[arg-type]
    answer = await show(who, path, a_photo())
    use(real)
    assert answer.status_code == 503 and "still on your phone" in answer.text
    assert await InventoryPhoto.count() == 0


async def test_the_limits_hold_when_all_comes_at_once(
    world: World, home: Property, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, _, path, who = await in_their_hands(world, home)
    monkeypatch.setattr("inspections.inventory_rules.MOST_PHOTOS", 3)
    answers = await asyncio.gather(*(show(who, path, a_photo(f"#{n * 20:02x}8040")) for n in range(12)))
    assert sorted(answer.status_code for answer in answers) == [303] * 3 + [422] * 9
    assert await InventoryPhoto.count() == 3


async def test_one_link_answers_so_often_in_five_minutes_and_no_more(world: World, home: Property) -> None:
    _, _, path, who = await in_their_hands(world, home)
    answers = await asyncio.gather(*(say(who, path, f"Thing {n}") for n in range(70)))
    assert sorted(answer.status_code for answer in answers) == [303] * 60 + [429] * 10
    last = next(answer for answer in answers if answer.status_code == 429)
    assert "Wait five minutes" in last.text and "Thing " in last.text and int(last.headers["retry-after"]) > 0


async def test_pictures_are_counted_by_link_and_by_address(
    world: World, home: Property, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, _, path, who = await in_their_hands(world, home)
    monkeypatch.setattr(inventory_rules, "PICTURES_OF_LINK", Limit("pictures of one inventory", 3))
    absent = f"{path}/photos/{'0' * 64}"
    assert [(await who.get(absent)).status_code for _ in range(4)] == [404, 404, 404, 429]
    assert (await who.get(path)).status_code == 200


async def test_a_household_sees_by_a_second_link_what_it_said_by_the_first(world: World, home: Property) -> None:
    asha, inspection, first, who = await in_their_hands(world, home)
    await say(who, first, "By the first link")
    assert (await show(who, first, a_photo())).status_code == 303
    (link,) = await InventoryLink.select(InventoryLink.message)
    (message,) = await Message.select(Message.recipient).where(Message.id == link["message"])
    again = await sent(asha, inspection, message["recipient"], "sms")
    page = (await who.get(f"{again}/items/{HOB}")).text
    assert "By the first link" in page and "/photos/" in page


async def test_who_is_sent_a_link_elsewhere_sees_nothing_of_what_was_said_before(
    world: World, home: Property
) -> None:
    asha, inspection, first, who = await in_their_hands(world, home)
    await say(who, first, "By the first link")
    other = await sent(asha, inspection, "somebody.else@example.org", "email")
    for page in ("", f"/items/{HOB}"):
        assert "By the first link" not in (await who.get(f"{other}{page}")).text


async def test_an_item_there_is_not_is_not_found(world: World, home: Property) -> None:
    _, _, path, who = await in_their_hands(world, home)
    for item in ("kitchen_piano", "meters", "x"):
        assert (await who.get(f"{path}/items/{item}")).status_code == 404
        assert (await say(who, path, "a", item)).status_code == 404


@pytest.mark.parametrize("words", ["<script>alert(1)</script>", "{{7*7}}", "שלום", "line\u202eone", "' OR 1=1--"])
async def test_what_they_type_is_shown_as_typed(world: World, home: Property, words: str) -> None:
    asha, inspection, path, who = await in_their_hands(world, home)
    await say(who, path, words)
    for page in (await who.get(f"{path}/items/{HOB}"), await asha.get(f"/inspections/{inspection}")):
        assert "<script>alert" not in page.text and "\u202e" not in page.text and ">49<" not in page.text
    kept = await InventoryComment.select(InventoryComment.text).first()
    assert kept == {"text": words.replace("\u202e", "")}


async def test_the_officer_writes_only_who_it_goes_to_and_it_is_nowhere_but_in_the_message(
    world: World, home: Property
) -> None:
    asha, inspection, _, _ = await in_their_hands(world, home)
    assert (await newest(inspection))["recipient"] == "+447700900123"
    page = (await asha.get(f"/inspections/{inspection}")).text
    assert "number ending 123" in page and "900123" not in page.replace(" ", "")


async def test_a_link_not_yet_handed_over_says_so_and_its_days_have_not_begun(
    world: World, home: Property
) -> None:
    asha = await world.sign_in("asha")
    inspection = await move_in(asha, home)
    await post(asha, inspection, "inventory/links", channel="sms", to=NUMBER)
    assert "Not sent yet" in (await asha.get(f"/inspections/{inspection}")).text
    assert (await world.browser().get(await newest_path(inspection))).status_code == 200


async def test_a_message_that_did_not_arrive_is_not_called_silence(world: World, home: Property) -> None:
    asha, inspection, _, _ = await in_their_hands(world, home)
    message = await newest(inspection)
    failed = {Message.state: "failed", Message.said: "There is no such number or address."}
    await Message.update(failed).where(Message.id == message["id"])
    await handed_over(inspection, timedelta(days=9))
    page = (await asha.get(f"/inspections/{inspection}")).text
    assert "It did not reach them." in page and "There is no such number" in page and "No reply" not in page


async def test_erased_with_the_inspection_nothing_of_theirs_is_left(world: World, home: Property) -> None:
    _, _, path, who = await in_their_hands(world, home)
    await say(who, path, "canary words")
    data = a_photo()
    await show(who, path, data)
    sha = hashlib.sha256(data).hexdigest()
    assert await photos_named([sha]) == {sha}
    later = datetime.now(UTC) + timedelta(days=400)
    assert await erase_older(later, later) == 1
    for table in (InventoryLink, InventoryComment, InventoryPhoto, InventoryOpened):
        assert await table.count() == 0
    kept = await Message.select().first()
    assert kept is not None and (kept["recipient"], kept["personalisation"], kept["record"]) == ("", "", "")
    assert "What it is about" not in (await (await world.sign_in("dina")).get("/messages")).text
    assert await photos_named([sha]) == set()
    let_go = await Photo.select(Photo.leaving_at).where(Photo.sha256 == sha).first()
    assert let_go is not None and let_go["leaving_at"] is not None
    assert (await who.get(path)).status_code == 404


async def test_revoked_before_it_went_out_it_never_goes(world: World, home: Property) -> None:
    asha = await world.sign_in("asha")
    inspection = await move_in(asha, home)
    await post(asha, inspection, "inventory/links", channel="sms", to=NUMBER)
    await post(asha, inspection, "inventory/links/end")
    message = await newest(inspection)
    assert (message["state"], message["personalisation"]) == ("stopped", "")


async def test_a_browser_too_old_to_say_where_a_post_is_from_says_its_origin(world: World, home: Property) -> None:
    _, _, path, who = await in_their_hands(world, home)
    del who.headers["Sec-Fetch-Site"]
    address = f"{path}/items/{HOB}/comments"
    for origin, status in (("https://doorstep.test", 303), ("https://evil.example", 403), ("null", 403)):
        answer = await who.post(address, data={"text": "Old phone"}, headers={"Origin": origin})
        assert answer.status_code == status
    assert (await who.post(address, data={"text": "Old phone"})).status_code == 403
    assert await InventoryComment.count() == 1


@pytest.mark.parametrize(
    ("content", "status"), [(b"text=%00", 400), (b"text=a&other=b", 400), (b"text=" + b"a" * 300_000, 413)]
)
async def test_a_form_that_is_broken_is_told_so_on_a_page_of_theirs(
    world: World, home: Property, content: bytes, status: int
) -> None:
    _, _, path, who = await in_their_hands(world, home)
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = await who.post(f"{path}/items/{HOB}/comments", content=content, headers=form)
    assert answer.status_code == status
    assert 'href="/"' not in answer.text and sentence(answer)


async def test_the_lists_of_inspections_say_what_came_of_each_inventory(world: World, home: Property) -> None:
    asha, inspection, path, who = await in_their_hands(world, home)
    await say(who, path, "Chipped")
    await move_in(asha, home)
    for address in ("/inspections", f"/properties/{home.id}/inspections"):
        page = (await asha.get(address)).text
        assert page.count("Household: ") == 1 and "Household: 1 comment, 7 days left" in page
    await handed_over(inspection, timedelta(days=9))
    await post(asha, inspection, "inventory/links", channel="sms", to=NUMBER)
    assert "Household: 1 comment, not sent yet" in (await asha.get("/inspections")).text
