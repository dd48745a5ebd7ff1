"""Every file of the corpus, at the door and behind it."""

from io import BytesIO

import pytest
from PIL import Image, ImageOps

from media import due, imaging, rules
from media.folder_store import FolderStore
from media.tables import Photo
from tests.conftest import World
from tests.media import files
from tests.media.conftest import send
from tests.media.corpus import File, corpus, pixel

NAMES = [file.name for file in corpus()]
ACCEPTED = [file for file in corpus() if file.status == 201]
READY = [file for file in ACCEPTED if file.state == "ready"]
PASSENGERS = (b"<script", b"<?php", b"PK\x03\x04", b"evil.exe", b"Exif", b"xmpmeta", b"ICC_PROFILE", b"Comment")


@pytest.fixture(scope="module")
async def copies() -> dict[str, list[bytes]]:
    """The clean copies of every file that opens, made once."""
    decoder, made = imaging.Decoder(), {}
    for file in READY:
        made[file.name] = (await decoder.open(file.data, kind_of(file)))[1]
    await decoder.close()
    return made


def kind_of(file: File) -> rules.Kind:
    seen = rules.look_at(file.data)
    assert isinstance(seen, rules.Picture)
    return seen.kind


def test_the_corpus_is_large_and_its_names_differ() -> None:
    assert len(NAMES) >= 100
    assert len(set(NAMES)) == len(NAMES)


@pytest.mark.parametrize("file", corpus(), ids=NAMES)
async def test_every_file_gets_its_exact_answer(file: File, world: World, used: FolderStore) -> None:
    phone = await world.sign_in("asha")
    answer = await send(phone, file.data)
    assert answer.status_code == file.status
    if file.status != 201:
        assert file.sentence in answer.text
        assert "receipt" not in answer.headers
        assert not await used.exists(f"photos/{file.sha256}")
        assert await Photo.count() == 0
        return
    assert f"sha256={file.sha256}" in answer.headers["receipt"]
    assert await used.get(f"photos/{file.sha256}") == file.data
    photo = await Photo.objects().first()
    assert photo is not None
    assert photo.state == "received"
    await due.run_due(photo.received_at)
    await photo.refresh()
    assert photo.state == file.state
    if file.state == "ready":
        assert (photo.width, photo.height) == file.size
        assert not photo.problem
    else:
        assert photo.problem.endswith("Take the photo again if you can.")
        assert await used.get(f"photos/{file.sha256}") == file.data


@pytest.mark.parametrize("file", READY, ids=[file.name for file in READY])
def test_a_clean_copy_is_a_plain_jpeg_with_no_passengers(file: File, copies: dict[str, list[bytes]]) -> None:
    for copy, longest in zip(copies[file.name], rules.COPY_SIDES, strict=True):
        assert rules.is_clean_copy(copy, longest)
        with Image.open(BytesIO(copy)) as picture:
            assert picture.format == "JPEG"
            assert max(picture.size) == min(longest, max(file.size or (0, 0)))
            assert set(picture.info) <= {
                "jfif",
                "jfif_version",
                "jfif_unit",
                "jfif_density",
                "progressive",
                "progression",
            }
            picture.load()
        for passenger in PASSENGERS:
            assert passenger not in copy


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photo_held_any_way_is_shown_upright(orientation: int, copies: dict[str, list[bytes]]) -> None:
    for copy in copies[f"jpeg orientation {orientation}"]:
        with Image.open(BytesIO(copy)) as picture:
            for colour, place in zip(files.CORNERS, ((0.2, 0.2), (0.8, 0.2), (0.2, 0.8), (0.8, 0.8)), strict=True):
                assert near(pixel(picture, *place), colour)
    with Image.open(BytesIO(files.turned(orientation))) as stored:
        assert ImageOps.exif_transpose(stored).size == files.scene().size


@pytest.mark.parametrize(
    "name", ["jpeg cmyk", "jpeg with a colour profile", "png palette", "webp", "jpeg with a zip behind"]
)
def test_colours_survive(name: str, copies: dict[str, list[bytes]]) -> None:
    with Image.open(BytesIO(copies[name][0])) as picture:
        assert near(pixel(picture, 0.2, 0.2), files.CORNERS[0], by=40)


def test_sixteen_bits_are_scaled_and_what_is_see_through_becomes_white(copies: dict[str, list[bytes]]) -> None:
    with Image.open(BytesIO(copies["png 16-bit colour"][0])) as deep:
        assert near(pixel(deep, 0.5, 0.5), (255, 128, 0), by=12)
    with Image.open(BytesIO(copies["png 16-bit grey"][0])) as grey:
        assert near(pixel(grey, 0.5, 0.5), (128, 128, 128), by=3)
    with Image.open(BytesIO(copies["png see-through"][0])) as clear:
        # blue over white, as see-through as blue is dark
        assert pixel(clear, 0.2, 0.8)[0] > 150


def near(found: tuple[int, int, int], wanted: tuple[int, int, int], by: int = 24) -> bool:
    return all(abs(one - other) <= by for one, other in zip(found, wanted, strict=True))


def test_a_format_we_can_convert_is_taken_in_only_when_its_converter_is_installed() -> None:
    first = b"\0\0\0\x18ftypheic" + bytes(40)
    assert rules.sniff(first, heic=True) is rules.Kind.heic
    assert rules.sniff(first) == rules.NOT_A_PHOTO


async def test_a_heic_original_is_converted_when_the_converter_is_installed(decoder: imaging.Decoder) -> None:
    heif = pytest.importorskip("pillow_heif")
    heif.register_heif_opener()
    data = files.saved(files.scene(640, 480), "HEIF", exif=files.exif(orientation=1))
    assert rules.look_at(data, heic=True) == rules.Picture(rules.Kind.heic, 640, 480)
    assert rules.look_at(data[:-200], heic=True) == rules.NOT_WHOLE
    said, copies = await decoder.open(data, rules.Kind.heic)
    assert (said.width, said.height) == (640, 480)
    assert rules.is_clean_copy(copies[0], 1600)
