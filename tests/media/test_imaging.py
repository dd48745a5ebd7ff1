"""The decoding child: limited by the kernel, killed when it must be, and never the end of the worker."""

import asyncio
import os
import signal
from collections.abc import Awaitable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from media import imaging, rules
from media.child import MEMORY
from tests.media import files

SMALL = files.jpeg()


def status_of(pid: int) -> dict[str, str]:
    """/proc/<pid>/status as a dictionary."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return {name: value.strip() for name, value in (line.split(":", 1) for line in lines)}


async def started(decoder: imaging.Decoder) -> imaging.Child:
    """A child that has answered once and is idle."""
    await decoder.open(SMALL, rules.Kind.jpeg)
    return decoder._idle[-1]


async def stopped_while(decoder: imaging.Decoder, child: imaging.Child) -> asyncio.Task[object]:
    """A photograph under way in a child that was frozen before it came."""
    os.kill(child.process.pid, signal.SIGSTOP)
    under_way = asyncio.ensure_future(as_future(decoder.open(SMALL, rules.Kind.jpeg)))
    while child in decoder._idle:  # noqa: ASYNC110 - there is no event to wait for
        await asyncio.sleep(0)
    return under_way


async def as_future(work: Awaitable[object]) -> object:
    return await work


async def test_copies_are_made_and_the_child_is_kept_for_the_next(decoder: imaging.Decoder) -> None:
    said, copies = await decoder.open(files.photograph(2400, 1800), rules.Kind.jpeg)
    assert (said.width, said.height) == (2400, 1800)
    assert [rules.look_at(copy) for copy in copies] == [
        rules.Picture(rules.Kind.jpeg, 1600, 1200),
        rules.Picture(rules.Kind.jpeg, 400, 300),
    ]
    first = decoder._idle[-1].process.pid
    await decoder.open(SMALL, rules.Kind.jpeg)
    assert decoder._idle[-1].process.pid == first


async def test_what_the_camera_wrote_is_kept_apart(decoder: imaging.Decoder) -> None:
    data = files.jpeg(exif=files.exif(orientation=6, latitude=51.5079, longitude=-0.1281))
    said, _ = await decoder.open(data, rules.Kind.jpeg)
    assert (said.taken_at, said.offset) == ("2026-11-20T09:12:44", "+00:00")
    assert said.latitude == pytest.approx(51.5079, abs=1e-3)
    assert said.longitude == pytest.approx(-0.1281, abs=1e-3)
    assert said.accuracy == 4.5
    assert said.orientation == 6


@pytest.mark.parametrize(("latitude", "longitude"), [(91.0, 0.0), (0.0, 0.0), (51.0, 181.0)])
async def test_a_position_that_cannot_be_true_is_not_there(
    decoder: imaging.Decoder, latitude: float, longitude: float
) -> None:
    data = files.jpeg(exif=files.exif(latitude=latitude, longitude=longitude))
    said, _ = await decoder.open(data, rules.Kind.jpeg)
    assert (said.latitude, said.longitude) == (None, None)
    assert said.taken_at == "2026-11-20T09:12:44"


async def test_a_child_has_no_environment_and_hard_limits(decoder: imaging.Decoder) -> None:
    os.environ["DOORSTEP_S3_SECRET_OF_THE_TEST"] = "canary"
    try:
        child = await started(decoder)
    finally:
        del os.environ["DOORSTEP_S3_SECRET_OF_THE_TEST"]
    process = Path(f"/proc/{child.process.pid}")
    environment = (process / "environ").read_bytes()
    assert b"DOORSTEP" not in environment
    assert b"HOME" not in environment
    limits = (process / "limits").read_text()
    for what, most in (
        ("Max open files", "3"),
        ("Max file size", "0"),
        ("Max processes", "0"),
        ("Max core file size", "0"),
    ):
        line = next(line for line in limits.splitlines() if line.startswith(what))
        assert line.split()[-3:-1] == [most, most] or line.split()[-2:] == [most, most]
    space = next(line for line in limits.splitlines() if line.startswith("Max address space"))
    assert int(space.split()[-2]) < MEMORY + 64 * 1024 * 1024


async def test_a_child_that_hangs_is_killed_and_the_next_photo_opens(
    decoder: imaging.Decoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    child = await started(decoder)
    monkeypatch.setattr(imaging, "WALL_SECONDS", 0.2)
    under_way = await stopped_while(decoder, child)
    with pytest.raises(imaging.NotNow):
        await under_way
    assert child.process.returncode == -signal.SIGKILL
    monkeypatch.undo()
    assert (await decoder.open(SMALL, rules.Kind.jpeg))[0].width == files.scene().width


async def test_a_child_out_of_processor_time_means_the_photo_is_too_heavy(decoder: imaging.Decoder) -> None:
    child = await started(decoder)
    under_way = await stopped_while(decoder, child)
    os.kill(child.process.pid, signal.SIGXCPU)
    os.kill(child.process.pid, signal.SIGCONT)
    with pytest.raises(imaging.CannotOpen) as refused:
        await under_way
    assert refused.value.sentence == rules.TOO_HEAVY
    assert (await decoder.open(SMALL, rules.Kind.jpeg))[0].width == files.scene().width


async def test_a_child_killed_from_outside_is_worth_another_try(decoder: imaging.Decoder) -> None:
    child = await started(decoder)
    under_way = await stopped_while(decoder, child)
    os.kill(child.process.pid, signal.SIGKILL)
    with pytest.raises(imaging.NotNow):
        await under_way
    assert (await decoder.open(SMALL, rules.Kind.jpeg))[0].width == files.scene().width


async def test_a_child_killed_while_idle_is_replaced_and_nobody_notices(decoder: imaging.Decoder) -> None:
    child = await started(decoder)
    child.process.kill()
    await child.process.wait()
    assert (await decoder.open(SMALL, rules.Kind.jpeg))[0].width == files.scene().width


async def test_a_picture_that_needs_too_much_memory_is_said_to_and_the_worker_lives(
    decoder: imaging.Decoder,
) -> None:
    heavy = files.saved(files.scene(6000, 5000), "WEBP", method=0)
    with pytest.raises(imaging.CannotOpen):
        await decoder.open(heavy, rules.Kind.webp)
    assert (await decoder.open(SMALL, rules.Kind.jpeg))[0].width == files.scene().width


@pytest.mark.parametrize("side", [12_000, 20_000])
async def test_a_bomb_that_got_past_the_door_is_refused_by_the_child_too(
    decoder: imaging.Decoder, side: int
) -> None:
    with pytest.raises(imaging.CannotOpen):
        await decoder.open(files.png(side, side, 1), rules.Kind.png)
    child = await started(decoder)
    assert int(status_of(child.process.pid)["VmHWM"].split()[0]) * 1024 < MEMORY


async def test_the_largest_photographs_open_within_the_memory(decoder: imaging.Decoder) -> None:
    for data, kind in (
        (files.jpeg(files.scene(8192, 6144), progressive=True), rules.Kind.jpeg),
        (files.png(8192, 6144, 8, 6), rules.Kind.png),
    ):
        said, _ = await decoder.open(data, kind)
        assert (said.width, said.height) == (8192, 6144)
        child = decoder._idle[-1]
        assert int(status_of(child.process.pid)["VmHWM"].split()[0]) * 1024 < MEMORY


async def test_a_file_is_decoded_as_what_it_was_found_to_be_and_nothing_else(decoder: imaging.Decoder) -> None:
    with pytest.raises(imaging.CannotOpen):
        await decoder.open(files.saved(files.scene(), "TIFF"), rules.Kind.jpeg)
    with pytest.raises(imaging.CannotOpen):
        await decoder.open(SMALL, rules.Kind.png)


async def test_children_are_at_most_as_many_as_were_asked_for() -> None:
    decoder = imaging.Decoder(most=2)
    await asyncio.gather(*(decoder.open(SMALL, rules.Kind.jpeg) for _ in range(6)))
    assert 1 <= len(decoder._idle) <= 2
    pids = [child.process.pid for child in decoder._idle]
    await decoder.close()
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


@pytest.mark.parametrize(
    ("said", "copies"),
    [
        (imaging.Said(problem=None, sizes=[]), []),
        (imaging.Said(problem=None, sizes=[9, 9]), [b"<script>x"] * 2),
        (imaging.Said(problem=None, sizes=[1, 1]), [SMALL + b"PK", SMALL]),
        (imaging.Said(problem=None, sizes=[1, 1]), [files.jpeg(files.scene(1700, 10)), SMALL]),
    ],
)
def test_what_a_child_says_is_not_believed_unless_it_is_a_clean_copy(
    said: imaging.Said, copies: list[bytes]
) -> None:
    with pytest.raises(imaging.CannotOpen):
        imaging._believed(said, copies)


# Anything at all


WHOLE = {
    rules.Kind.jpeg: files.jpeg(exif=files.exif(latitude=51.0, longitude=0.5), icc_profile=files.profile()),
    rules.Kind.png: files.png(40, 30, 8, 2, extra=[files.chunk(b"zTXt", b"a\0\0x\x9c\x03\0\0\0\0\1")]),
    rules.Kind.webp: files.saved(files.scene(), "WEBP", exif=files.exif()),
}
ANSWERS = {rules.TOO_BIG, rules.NOT_WHOLE, rules.TOO_LARGE, rules.NOT_A_PHOTO}
changes = st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), min_size=1, max_size=12)


def changed(data: bytes, edits: list[tuple[float, int]], cut: float) -> bytes:
    """The file with some bytes set and its end missing."""
    mutable = bytearray(data)
    for place, value in edits:
        mutable[int(place * (len(mutable) - 1))] = value
    return bytes(mutable[: int(len(mutable) * cut)])


@settings(max_examples=400, deadline=None)
@given(
    st.binary(max_size=400),
    st.sampled_from([b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF\x40\0\0\0WEBP", b"\0\0\0\x18ftypheic"]),
)
def test_random_bytes_always_get_one_of_the_answers(tail: bytes, head: bytes) -> None:
    for heic in (False, True):
        seen = rules.look_at(head + tail, heic)
        assert isinstance(seen, rules.Picture) or seen in ANSWERS


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(list(WHOLE)), changes, st.sampled_from([1.0, 1.0, 0.9, 0.5]))
async def test_a_mutated_photo_is_refused_or_opened_or_flagged_and_never_breaks_the_worker(
    decoder: imaging.Decoder, kind: rules.Kind, edits: list[tuple[float, int]], cut: float
) -> None:
    data = changed(WHOLE[kind], edits, cut)
    seen = rules.look_at(data)
    if isinstance(seen, rules.Refusal):
        assert seen in ANSWERS
        return
    try:
        said, copies = await decoder.open(data, seen.kind)
    except imaging.CannotOpen as wrong:
        assert wrong.sentence in (rules.CANNOT_OPEN, rules.TOO_HEAVY)
    else:
        assert len(copies) == 2
        assert said.problem is None
