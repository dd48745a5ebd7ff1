"""Things in a home, drawn close: the meters, the front door, the keys, an alarm."""

from server.demo.canvas import Canvas, Fade
from server.demo.rooms import bare_wall

SEGMENTS = {
    "0": "abcdef", "1": "bc", "2": "abged", "3": "abgcd", "4": "fgbc", "5": "afgcd", "6": "afgedc", "7": "abc",
    "8": "abcdefg", "9": "abcdfg",
}  # fmt: skip


def electric_meter(seed: int, reading: str) -> Canvas:
    c = _meter_cupboard(seed)
    c.box(112, 40, 210, 224, "#000000", 14, 0.3, 5)
    c.box(106, 28, 210, 226, Fade("#fdfdfb", "#cfd4d3", "slant"), 14)
    c.box(130, 54, 162, 66, "#39423a", 6)
    c.box(135, 59, 152, 56, Fade("#bdcba8", "#a3b28c"), 3)
    for i, digit in enumerate(reading):
        _digit(c, digit, 148 + i * 25, 68, 17, 34)
    c.text(273, 108, "kWh", 9, "#20281b")
    for x in (158, 211, 264):
        c.oval(x, 150, 13, 13, Fade("#d9dfde", "#aeb7b5"))
    for y, w in ((184, 150), (196, 110), (208, 130)):
        c.line([(136, y), (136 + w, y)], 3, "#a9b1af")
    c.oval(276, 206, 5, 5, "#c8382d")
    c.shape([(140, 60), (184, 60), (154, 114), (140, 114)], "#ffffff", 0.24)
    return c


def gas_meter(seed: int, reading: str) -> Canvas:
    c = _meter_cupboard(seed)
    for x in (128, 292):
        c.line([(x, 0), (x, 90)], 22, "#b9852f")
        c.line([(x - 5, 0), (x - 5, 90)], 5, "#eccb85", 0.8)
    c.box(84, 84, 252, 190, "#000000", 22, 0.3, 6)
    c.box(78, 74, 252, 190, Fade("#c9ced0", "#8d969a", "slant"), 22)
    c.box(98, 104, 212, 72, "#f3f3ee", 5)
    for i, digit in enumerate(reading):
        red = i >= len(reading) - 2
        c.box(108 + i * 28, 116, 25, 46, "#a3231d" if red else "#15181a", 2)
        c.text(120.5 + i * 28, 139, digit, 30, "#ffffff")
    c.text(204, 204, "SEMI-CONCEALED · U6", 10, "#4c5558")
    for y, w in ((222, 120), (236, 84)):
        c.line([(144, y), (144 + w, y)], 3, "#747e82")
    return c


def _meter_cupboard(seed: int) -> Canvas:
    c = bare_wall(seed, "#d9d4c6")
    c.box(0, 0, 60, 300, Fade("#8d7c62", "#74654d", "right"))
    c.box(60, 0, 9, 300, "#5f523e")
    for x in (160, 204, 250):
        c.line([(x, 250), (x, 300)], 10, "#4a4f50")
    return c


def _digit(c: Canvas, digit: str, x: float, y: float, w: float, h: float) -> None:
    """Seven strokes, as a meter shows them; the unlit ones can just be seen."""
    half = y + h / 2
    strokes = {
        "a": [(x, y), (x + w, y)], "b": [(x + w, y), (x + w, half)], "c": [(x + w, half), (x + w, y + h)],
        "d": [(x, y + h), (x + w, y + h)], "e": [(x, half), (x, y + h)], "f": [(x, y), (x, half)],
        "g": [(x, half), (x + w, half)],
    }  # fmt: skip
    for name, points in strokes.items():
        c.line(points, 3.4, "#20281b", 1.0 if name in SEGMENTS[digit] else 0.06)


def front_door(seed: int, number: str) -> Canvas:
    c = Canvas(seed)
    c.box(0, 0, 400, 300, "#8f5a48")
    for row in range(22):
        for column in range(-1, 11):
            tone = c.random.choice(("#a9684e", "#9c5c45", "#b4745a", "#a2624b", "#8f543f"))
            c.box(column * 40 + (row % 2) * 20 + 0.8, row * 14 + 0.8, 38.4, 12.4, tone, 0.6)
    leaf, dark = c.random.choice((("#2b6f78", "#123f47"), ("#7d2f36", "#4a181d"), ("#3f5a86", "#233557"),
                                  ("#4f6b45", "#2d4127"), ("#3a3f44", "#1d2124")))  # fmt: skip
    c.box(128, 4, 154, 290, "#000000", alpha=0.35, blur=5)
    c.box(126, 0, 148, 292, "#f4f2ea")
    c.box(138, 14, 124, 278, Fade(leaf, dark, "slant"))
    c.box(158, 26, 84, 50, "#f4f2ea", 20)
    c.box(162, 30, 76, 42, Fade("#bfe0ea", "#f0f2e0", "slant"), 17)
    for x in (180, 200, 220):
        c.line([(x, 30), (x, 72)], 2, "#f4f2ea")
    for x, y, w, h in ((154, 92, 40, 66), (206, 92, 40, 66), (154, 196, 92, 64)):
        c.box(x, y, w, h, dark, 1, 0.9)
        c.box(x + 2.5, y + 2.5, w - 3, h - 3, leaf, 1)
        c.box(x + 7, y + 7, w - 14, h - 14, Fade(dark, leaf, "slant"), alpha=0.45)
    c.box(176, 168, 48, 13, "#caa24a", 3)
    c.box(180, 172, 40, 5, "#7c5c1c", 2)
    c.oval(250, 176, 6, 6, Fade("#f1d58b", "#a87a2a"))
    c.text(200, 124, number, 30, "#e9c76a")
    c.box(306, 116, 36, 48, "#2c3336", 3)
    c.oval(324, 152, 4, 4, "#e6ebea")
    c.shape([(96, 292), (304, 292), (330, 300), (70, 300)], Fade("#cfc9bc", "#a9a294"))
    return c


def key_tag(seed: int, code: str) -> Canvas:
    c = Canvas(seed)
    c.box(0, 0, 400, 300, Fade("#dfe5e3", "#9fb0b1", "slant"))
    c.shape([(0, 210), (400, 120), (400, 300), (0, 300)], "#ffffff", 0.12)
    c.line([(236, 130), (170, 236)], 17, "#000000", 0.3, 4)
    c.line([(232, 124), (166, 230)], 15, "#b98a2e")
    c.line([(228, 122), (164, 226)], 4, "#edcb7c", 0.8)
    for i in range(4):
        c.shape([(196 - i * 9, 196 + i * 12), (206 - i * 9, 202 + i * 12), (194 - i * 9, 210 + i * 12)], "#b98a2e")
    c.line([(246, 132), (252, 272)], 15, "#98a3a7")
    c.line([(243, 132), (248, 268)], 4, "#f1f4f5", 0.8)
    c.oval(252, 132, 30, 34, Fade("#dfe5e6", "#8f9b9f", "slant"))
    c.oval(250, 124, 13, 11, "#c3cccd")
    c.ring(246, 108, 34, 5, "#7f8a8d")
    c.ring(245, 107, 34, 2, "#eef2f2", 0.8)
    tag = [(40, 74), (196, 44), (214, 130), (56, 164)]
    c.shape([(x + 6, y + 8) for x, y in tag], "#000000", 0.35, 5)
    c.shape(tag, Fade("#0f7c83", "#06545c", "slant"))
    c.shape([(56, 86), (114, 75), (126, 134), (68, 146)], "#fdfefe")
    for row in range(7):
        for column in range(7):
            edge = row in (0, 6) and column in (0, 6)
            if edge or c.random.random() < 0.48:
                x, y = 61 + column * 7.2 + row * 1.5, 89 + row * 7.4 - column * 1.4
                c.shape([(x, y), (x + 7, y - 1.4), (x + 8.5, y + 5.6), (x + 1.5, y + 7)], "#10282c")
    c.text(160, 104, code, 21, "#ffffff")
    c.oval(190, 66, 7, 7, "#cfd8d8")
    return c


def smoke_alarm(seed: int) -> Canvas:
    c = Canvas(seed)
    c.box(0, 0, 400, 300, Fade("#f6f3ec", "#d5cec0", "slant"))
    c.oval(210, 168, 106, 100, "#000000", 0.28, 8)
    c.oval(200, 150, 104, 100, Fade("#ffffff", "#d9dcda", "slant"))
    c.oval(200, 148, 84, 80, Fade("#f0f1ef", "#fdfdfc", "slant"))
    for i in range(5):
        c.ring(200, 148, 76 - i * 7, 1.6, "#b4bab8", 0.8)
    c.oval(200, 148, 30, 29, Fade("#ffffff", "#d4d8d6", "slant"))
    c.text(200, 148, "TEST", 12, "#7a8482")
    c.oval(262, 106, 3.4, 3.4, "#36b45a")
    c.oval(262, 106, 8, 8, "#36b45a", 0.3, 3)
    return c
