"""Whole rooms, drawn: what an officer photographs from the doorway."""

from PIL import ImageChops

from server.demo.canvas import UNIT, Canvas, Fade, Point, cloud, damp

WALLS = ("#efe8da", "#e9ebe6", "#f0e6d6", "#e3e8ea")
FLOORS = ("#8d8f93", "#a99577", "#7c8a86", "#b09f8c")


def _between(a: Point, b: Point, share: float) -> Point:
    return a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share


def _shade(colour: str, by: float) -> str:
    return "#" + "".join(f"{max(0, min(255, round(int(colour[i : i + 2], 16) * by))):02x}" for i in (1, 3, 5))


def box_room(c: Canvas, wall: str, floor: str, boards: bool) -> tuple[float, float, float, float]:
    """Walls, floor and ceiling seen from the doorway. Returns the back wall: left, top, right, bottom."""
    left, right = 92 + c.random.uniform(-22, 22), 312 + c.random.uniform(-22, 22)
    top, bottom = 48.0, 196 + c.random.uniform(-8, 8)
    c.shape([(0, 0), (400, 0), (right, top), (left, top)], Fade("#fbf9f4", "#e4dfd4"))
    c.shape([(0, 0), (left, top), (left, bottom), (0, 300)], Fade(_shade(wall, 0.84), _shade(wall, 0.95), "right"))
    c.shape(
        [(400, 0), (right, top), (right, bottom), (400, 300)], Fade(_shade(wall, 0.9), _shade(wall, 0.76), "right")
    )
    c.box(left, top, right - left, bottom - top, Fade(wall, _shade(wall, 0.92), "slant"))
    c.shape(
        [(0, 300), (left, bottom), (right, bottom), (400, 300)], Fade(_shade(floor, 0.82), _shade(floor, 1.08))
    )
    if boards:
        for share in (i / 11 for i in range(1, 11)):
            c.line([_between((left, bottom), (right, bottom), share), (400 * share, 300)], 0.7, "#40301d", 0.4)
    else:
        mask = cloud((round(400 * UNIT), round((300 - bottom) * UNIT)), 60, 2).point(
            lambda v: max(0, v - 110) // 5
        )
        c.through(
            ImageChops.multiply(mask, c.floor_mask(left, right, bottom)), "#2b2f33", (0, round(bottom * UNIT))
        )
    for edge in ([(0, 0), (left, top)], [(400, 0), (right, top)], [(left, top), (right, top)]):
        c.line(edge, 2.6, "#d8d2c4", 0.9)
    skirting = [(-2, 302), (left, bottom), (right, bottom), (402, 302)]
    c.line([(x, y - 3) for x, y in skirting], 6, "#f4f2ec")
    c.line(skirting, 1.2, "#6e6a60", 0.5)
    return left, top, right, bottom


def window(c: Canvas, x: float, y: float, w: float, h: float) -> None:
    c.oval(x + w / 2, y + h / 2, w, h, "#fffdf2", 0.4, 14)
    c.box(x - 5, y - 5, w + 10, h + 10, "#fbfbf8")
    c.box(x, y, w, h, Fade("#c3def0", "#f4f7ee"))
    c.shape([(x, y + h), (x, y + h * 0.72), (x + w * 0.3, y + h * 0.58), (x + w * 0.62, y + h * 0.7),
             (x + w, y + h * 0.56), (x + w, y + h)], "#a5bb9b")  # fmt: skip
    c.shape([(x + w * 0.55, y + h), (x + w * 0.55, y + h * 0.66), (x + w * 0.7, y + h * 0.52),
             (x + w * 0.85, y + h * 0.66), (x + w * 0.85, y + h)], "#a8796a", 0.75)  # fmt: skip
    c.box(x + w / 2 - 2, y, 4, h, "#fbfbf8")
    c.box(x, y + h * 0.36, w, 3, "#fbfbf8")
    c.box(x - 9, y + h + 4, w + 18, 6, "#ffffff")
    c.box(x - 9, y + h + 10, w + 18, 2.5, "#93886f", alpha=0.6, blur=0.8)


def radiator(c: Canvas, x: float, y: float, w: float, h: float) -> None:
    c.box(x + 2, y + 4, w, h, "#000000", 3, 0.22, 3)
    c.box(x, y, w, h, Fade("#ffffff", "#dcdfdd"), 2)
    for i in range(1, int(w // 7)):
        c.line([(x + i * 7, y + 4), (x + i * 7, y + h - 4)], 0.9, "#aab0ae", 0.8)
    c.box(x - 5, y + h - 8, 5, 6, "#f4f4f2", 1)


def light_on_floor(c: Canvas, left: float, right: float, bottom: float) -> None:
    middle = (left + right) / 2
    c.shape([(middle - 30, bottom + 8), (middle + 34, bottom + 8), (middle + 74, bottom + 66),
             (middle - 10, bottom + 66)], "#fff4d8", 0.26, 4)  # fmt: skip


def bare_wall(seed: int, colour: str = "") -> Canvas:
    c = Canvas(seed)
    colour = colour or c.random.choice(WALLS)
    c.box(0, 0, 400, 300, Fade(colour, "#cfc6b4", "slant"))
    return c


def living_room(seed: int) -> Canvas:
    c = Canvas(seed)
    left, top, right, bottom = box_room(c, c.random.choice(WALLS), c.random.choice(FLOORS), boards=False)
    middle = (left + right) / 2
    window(c, middle - 46, top + 22, 92, 68)
    radiator(c, middle - 40, bottom - 40, 80, 30)
    light_on_floor(c, left, right, bottom)
    c.box(right - 28, bottom - 24, 12, 9, "#fdfdfb", 1)
    c.line([(middle, 0), (middle, 30)], 1, "#cfc8b8")
    c.shape([(middle - 16, 46), (middle + 16, 46), (middle + 9, 28), (middle - 9, 28)], Fade("#fffdf5", "#ddd3bd"))
    return c


def bedroom(seed: int) -> Canvas:
    c = Canvas(seed)
    left, top, right, bottom = box_room(
        c, c.random.choice(WALLS), c.random.choice(FLOORS), c.random.random() < 0.5
    )
    window(c, left + 22, top + 24, 66, 60)
    light_on_floor(c, left, right - 60, bottom)
    x = right - 96
    c.oval(x + 60, 262, 110, 18, "#000000", 0.35, 6)
    c.box(x + 4, bottom - 58, 92, 60, Fade("#9c7a52", "#7c5d3a"), 3)
    c.shape([(x, bottom - 8), (x + 98, bottom - 8), (x + 128, 262), (x - 34, 262)], Fade("#f7f6f1", "#d9dbdb"))
    c.shape([(x - 34, 262), (x + 128, 262), (x + 128, 284), (x - 34, 284)], Fade("#d5d6d6", "#b3b5b6"))
    for share in (0.25, 0.5, 0.75):
        c.line([(x + 98 * share, bottom - 8), (x - 34 + 162 * share, 262)], 0.8, "#aab0b4", 0.7)
    c.line([(x - 36, 263), (x + 130, 263)], 1.2, "#8fa2ac", 0.8)
    c.shape([(x + 22, bottom - 4), (x + 78, bottom - 4), (x + 84, bottom + 14), (x + 18, bottom + 14)], "#fdfdfb")
    return c


def bathroom(seed: int) -> Canvas:
    c = Canvas(seed)
    left, top, right, bottom = box_room(c, "#e8eeee", "#9aa4a6", boards=False)
    for row in range(9):
        for column in range(13):
            x, y = left + column * (right - left) / 13, top + 24 + row * (bottom - top - 24) / 9
            tone = c.random.choice(("#f6f9f8", "#eef4f3", "#f9fbfa", "#e9f1f0"))
            c.box(x + 0.6, y + 0.6, (right - left) / 13 - 1.2, (bottom - top - 24) / 9 - 1.2, tone)
    c.box(left + 24, top + 12, 54, 66, Fade("#dfeaf0", "#b9cbd3", "slant"), 2)
    c.shape(
        [(left + 32, top + 74), (left + 60, top + 14), (left + 70, top + 14), (left + 42, top + 74)],
        "#ffffff",
        0.4,
    )
    c.box(left + 40, bottom - 44, 24, 52, Fade("#f2f4f4", "#c6cccd", "right"), 4)
    c.oval(left + 52, bottom - 46, 34, 11, "#ffffff")
    c.oval(left + 52, bottom - 47, 27, 7, Fade("#cfd8da", "#eef2f2"))
    c.line([(left + 52, bottom - 52), (left + 52, bottom - 64), (left + 58, bottom - 64)], 3, "#a9b4b7")
    c.oval(300, 288, 120, 14, "#000000", 0.3, 6)
    c.shape([(right - 52, bottom - 24), (right + 30, bottom - 20), (400, 226), (400, 300), (214, 300), (206, 246)],
            Fade("#ffffff", "#d3d9da"))  # fmt: skip
    c.shape(
        [(right - 44, bottom - 18), (right + 24, bottom - 14), (392, 224), (224, 240)], Fade("#b9c4c7", "#e8eeee")
    )
    c.line([(206, 245), (right - 52, bottom - 24), (right + 30, bottom - 20)], 4, "#ffffff")
    c.line([(right - 6, bottom - 22), (right - 6, bottom - 44), (right - 16, bottom - 44)], 3, "#9aa6a9")
    return c


def hall(seed: int) -> Canvas:
    c = Canvas(seed)
    wall = c.random.choice(WALLS)
    c.shape([(0, 0), (400, 0), (244, 76), (156, 76)], "#f2eee5")
    c.shape([(0, 0), (156, 76), (156, 196), (0, 300)], Fade(_shade(wall, 0.8), _shade(wall, 0.96), "right"))
    c.shape([(400, 0), (244, 76), (244, 196), (400, 300)], Fade(_shade(wall, 0.94), _shade(wall, 0.74), "right"))
    c.shape([(0, 300), (156, 196), (244, 196), (400, 300)], Fade("#8a7357", "#5d4a34"))
    for share in (i / 9 for i in range(1, 9)):
        c.line([(156 + 88 * share, 196), (400 * share, 300)], 0.7, "#33271a", 0.45)
    c.box(156, 76, 88, 120, wall)
    c.box(170, 92, 60, 104, "#f6f4ee")
    c.box(174, 96, 52, 100, Fade("#3f6f63", "#2b4f47", "slant"))
    c.box(180, 104, 40, 30, Fade("#dbe9ee", "#f6f1dc"), 2)
    c.oval(200, 128, 80, 70, "#fff8e2", 0.22, 16)
    for x, y, w in ((36, 62, 52), (312, 62, 52)):
        inner = 1 if x < 200 else -1
        near, far = (x, x + w) if inner > 0 else (x + w, x)
        c.shape([(near, y), (far, y + 26), (far, 224), (near, 274)], "#faf9f5")
        c.oval(x + (44 if inner > 0 else 8), 168, 2.6, 3.2, "#c9a24a")
    c.line([(0, 296), (156, 193), (244, 193), (400, 296)], 5, "#f4f2ec")
    c.oval(200, 40, 16, 5, "#fffef8")
    return c


def kitchen(seed: int, wet: bool = False) -> Canvas:
    c = Canvas(seed)
    front = c.random.choice(("#f2f3f0", "#dfe6e4", "#e9e2d4", "#cfd9de"))
    c.box(0, 0, 400, 300, Fade("#efe8da", "#cfc3ad", "slant"))
    c.box(0, 0, 400, 14, "#f7f3ea")
    c.box(0, 14, 400, 4, "#c9bda6", alpha=0.5)
    window(c, 40, 50, 112, 98)
    c.box(56, 132, 15, 17, "#b5653f", 2)
    for dx in (-9, -4, 3, 8):
        c.shape([(61, 133), (63 + dx * 1.4, 112 + abs(dx)), (67, 133)], "#4d7c4b")
    for row in range(2):
        for column in range(13):
            c.box(
                166 + column * 18 - row * 9,
                180 + row * 17,
                17,
                16,
                c.random.choice(("#e9efee", "#dfe8e6", "#eef3f1")),
            )
    c.box(0, 212, 400, 16, Fade("#8d7358", "#6f583f"))
    c.box(0, 228, 400, 72, Fade(front, _shade(front, 0.84)))
    for x in (96, 198, 300):
        c.line([(x, 232), (x, 300)], 1.2, "#9aa3a2")
    for x in (22, 124, 226, 328):
        c.box(x + 12, 246, 32, 4, "#6f7a7b", 2)
    c.box(72, 207, 86, 6, "#b8c2c4", 2)
    c.line([(112, 208), (112, 178), (118, 168), (130, 168), (134, 178), (134, 182)], 4, "#9fabae")
    c.box(318, 26, 82, 114, "#000000", alpha=0.25, blur=4)
    c.box(322, 22, 80, 112, Fade(front, _shade(front, 0.86)), 1)
    c.line([(364, 22), (364, 134)], 1.2, "#9aa3a2")
    c.box(354, 108, 4, 18, "#6f7a7b", 2)
    c.box(236, 182, 36, 32, Fade("#44606b", "#2c434d", "right"), 7)
    c.ring(274, 196, 9, 3.4, "#2c434d")
    c.box(246, 176, 16, 8, "#26383f", 3)
    if wet:
        damp(c, 196, 20, 128, 116)
    return c
