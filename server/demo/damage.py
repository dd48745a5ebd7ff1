"""What is wrong, drawn close: mould, a leak, a crack, a hole, a stain."""

from math import cos, radians, sin

from server.demo.canvas import Canvas, Fade, damp
from server.demo.rooms import bare_wall


def mould_in_corner(seed: int) -> Canvas:
    c = bare_wall(seed)
    c.box(0, 0, 400, 16, "#f7f4ec")
    c.box(0, 16, 400, 4, "#b8ae98", alpha=0.6, blur=1)
    c.box(282, 20, 124, 280, Fade("#d8d0bf", "#bfb6a3", "right"))
    c.line([(282, 16), (282, 300)], 1.6, "#8b8370", 0.7)
    damp(c, 40, 18, 260, 210)
    return c


def mould_measured(seed: int) -> Canvas:
    c = bare_wall(seed)
    damp(c, 0, 0, 400, 300, 0.9)
    damp(c, 120, 0, 280, 220, 0.7)
    c.shape([(72, 0), (112, 0), (84, 300), (44, 300)], "#000000", 0.35, 4)
    c.shape([(68, 0), (108, 0), (80, 300), (40, 300)], Fade("#ffe06a", "#e4b83d"))
    for i in range(31):
        y = i * 10
        x = 108 - 28 * y / 300
        c.line([(x - (16 if i % 5 == 0 else 9), y + 0.6), (x - 1, y)], 1.3 if i % 5 == 0 else 0.8, "#3a2f12")
    for i in range(6):
        c.text(76 - 28 * (i * 50 + 8) / 300, i * 50 + 9, str(60 - i * 5), 11, "#3a2f12")
    return c


def hob(seed: int, cracked: bool = False) -> Canvas:
    c = Canvas(seed)
    c.box(0, 0, 400, 300, Fade("#c9b18f", "#a88c68", "slant"))
    for _ in range(26):
        y = c.random.uniform(0, 300)
        points = [(x, y + c.random.uniform(-4, 4)) for x in range(0, 401, 80)]
        c.line(points, c.random.uniform(0.5, 1.8), "#7a5f3f", 0.25)
    c.box(46, 40, 310, 232, "#000000", 12, 0.4, 5)
    c.box(44, 30, 308, 236, "#8f999b", 12)
    c.box(47, 33, 302, 230, Fade("#2c3437", "#0b0f10", "slant"), 10)
    c.shape([(64, 36), (210, 36), (128, 260), (64, 260)], "#ffffff", 0.07)
    for x, y, r in ((124, 96, 44), (268, 92, 34), (124, 190, 33), (268, 184, 46)):
        c.ring(x, y, r, 1.4, "#d8dedd", 0.9)
        c.ring(x, y, r - 6, 0.7, "#c5cccb", 0.5)
    for i in range(4):
        c.ring(176 + i * 22, 246, 4.6, 1, "#e8eceb", 0.9)
    if cracked:
        _cracks(c, 300, 190)
        c.oval(122, 104, 27, 20, "#6b4026", 0.55, 4)
        c.oval(130, 110, 15, 11, "#3a1f10", 0.8, 2)
    return c


def _cracks(c: Canvas, x: float, y: float) -> None:
    c.oval(x, y, 9, 8, "#e8eceb", 0.35, 2)
    for end in ((146, 33), (349, 168), (250, 262), (330, 262), (162, 176), (346, 236)):
        points, steps = [(x, y)], 6
        for i in range(1, steps + 1):
            jog = 0 if i == steps else 9
            points.append((x + (end[0] - x) * i / steps + c.random.uniform(-jog, jog),
                           y + (end[1] - y) * i / steps + c.random.uniform(-jog, jog)))  # fmt: skip
        c.line([(px + 1, py + 1.4) for px, py in points], 1.6, "#000000", 0.7)
        c.line(points, c.random.uniform(0.9, 1.7), "#eef3f2", 0.95)


def sink_leak(seed: int) -> Canvas:
    c = Canvas(seed)
    c.box(0, 0, 400, 300, Fade("#6d6455", "#a2957f"))
    c.box(0, 232, 400, 68, Fade("#c2b193", "#a8977a"))
    c.box(0, 0, 34, 300, "#e8e9e4")
    c.box(366, 0, 34, 300, "#dfe1dc")
    c.oval(206, 264, 130, 22, "#5e4c31", 0.6, 6)
    c.oval(230, 270, 92, 14, "#9fc0cb", 0.6, 1)
    c.oval(214, 268, 60, 5, "#dcebf0", 0.5, 2)
    c.box(110, 0, 180, 24, Fade("#dfe6e7", "#a9b4b6"))
    for x in (318, 338):
        c.line([(x, 0), (x, 300)], 9, "#a8643c")
        c.line([(x - 2, 0), (x - 2, 300)], 2, "#e0a27a", 0.7)
    trap = [(197, 20), (197, 150), (206, 178), (226, 188), (246, 178), (256, 150), (256, 128), (330, 128)]
    c.line([(x + 3, y + 4) for x, y in trap], 31, "#000000", 0.25, 3)
    c.line(trap, 30, "#d3d9d8")
    c.line([(x - 4, y - 3) for x, y in trap], 11, "#fbfcfb")
    for x, y, w in ((172, 48, 50), (176, 100, 42), (234, 116, 44)):
        c.box(x, y, w, 20, Fade("#f0f3f2", "#a9b2b1", "right"), 5)
    for y, r in ((206, 6), (232, 4.5)):
        c.shape([(226, y - r * 2.4), (226 + r, y), (226 - r, y)], "#b9dbe7")
        c.oval(226, y, r, r, "#b9dbe7")
    c.shape([(58, 196), (138, 196), (128, 272), (68, 272)], Fade("#3c7f9a", "#1f5368", "right"))
    c.oval(98, 196, 40, 9, "#174355")
    return c


def hole_in_wall(seed: int) -> Canvas:
    c = bare_wall(seed)
    rim = [(200 + r * x, 150 + r * 0.8 * y) for x, y, r in
           ((1, 0, 74), (0.8, 0.6, 82), (0.4, 0.9, 66), (-0.1, 1, 80), (-0.6, 0.8, 62), (-1, 0.3, 84),
            (-0.9, -0.4, 66), (-0.5, -0.9, 78), (0, -1, 64), (0.5, -0.8, 82), (0.9, -0.4, 70))]  # fmt: skip
    c.shape([(x * 1.06 - 12, y * 1.06 - 9) for x, y in rim], "#b9ae99", 0.8, 2)
    c.shape([(x * 1.03 - 6, y * 1.03 - 4) for x, y in rim], "#fbfaf6")
    c.shape(rim, Fade("#241d15", "#4b3e2c"))
    c.box(150, 100, 26, 104, Fade("#8d6a3e", "#6d4f2b", "right"), alpha=0.9)
    for start, end in (((268, 150), (352, 128)), ((190, 84), (176, 34)), ((140, 176), (78, 206))):
        c.line([start, ((start[0] + end[0]) / 2 + 6, (start[1] + end[1]) / 2 - 5), end], 1.2, "#6b6252", 0.8)
    c.box(0, 262, 400, 38, Fade("#f6f4ee", "#dcd6c8"))
    for _ in range(24):
        x, r = c.random.uniform(110, 290), c.random.uniform(1.5, 6)
        c.shape([(x, 262), (x + r, 262 - r), (x + 2 * r, 262)], c.random.choice(("#efece4", "#cfc7b6")))
    return c


def stained_carpet(seed: int) -> Canvas:
    c = Canvas(seed)
    c.box(0, 0, 400, 300, Fade("#8c8f96", "#767a82", "slant"))
    for _ in range(1500):
        x, y = c.random.uniform(0, 400), c.random.uniform(0, 300)
        c.line([(x, y), (x + c.random.uniform(-3, 3), y + 3)], 0.7, c.random.choice(("#5f636b", "#a9adb5")), 0.6)
    c.box(0, 0, 400, 30, Fade("#f8f6f0", "#dcd7ca"))
    c.box(0, 30, 400, 7, "#000000", alpha=0.35, blur=3)
    for x, y, rx, ry in ((210, 170, 96, 62), (164, 196, 62, 44), (262, 146, 48, 36)):
        c.oval(x, y, rx, ry, "#43281c", 0.42, 7)
    c.oval(206, 174, 60, 36, "#2a160e", 0.35, 10)
    for _ in range(14):
        c.oval(c.random.uniform(90, 340), c.random.uniform(90, 260), 4, 3, "#3a2218", 0.5, 1)
    return c


def cracked_pane(seed: int) -> Canvas:
    c = Canvas(seed)
    c.box(0, 0, 400, 300, Fade("#bcd9ee", "#f3f5ea"))
    c.shape([(0, 300), (0, 226), (90, 190), (190, 226), (300, 180), (400, 214), (400, 300)], "#9fb793", blur=3)
    c.shape([(230, 300), (230, 196), (278, 160), (326, 196), (326, 300)], "#a3705f", blur=2.5)
    c.shape([(60, 0), (150, 0), (20, 300), (0, 300), (0, 160)], "#ffffff", 0.16)
    x, y = 186.0, 138.0
    for i in range(11):
        angle = i * 33 + c.random.uniform(-9, 9)
        far = [(x, y)]
        for step in range(1, 6):
            from_here = step * c.random.uniform(36, 62)
            turn = radians(angle + c.random.uniform(-7, 7))
            far.append((x + from_here * cos(turn), y + from_here * sin(turn)))
        c.line(far, 1.1, "#ffffff", 0.95)
        c.line([(px + 1, py + 1) for px, py in far], 0.6, "#3d5561", 0.7)
    c.oval(x, y, 7, 6, "#ffffff", 0.8, 1)
    for frame in ((0, 0, 400, 22), (0, 276, 400, 24), (0, 0, 24, 300), (376, 0, 24, 300)):
        c.box(*frame, Fade("#ffffff", "#dfe2df", "slant"))
    return c
