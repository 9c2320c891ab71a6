#!/usr/bin/env python3
"""Writes name-card.json, the template that scripts/demo renders, and the two pictures beside it.

    python3 make.py

Standard library only. Nothing but this file is edited by hand; what it writes is committed, so that nobody needs
Python to use the template. Slots of the template: texts `Name` and `Role`, picture `Logo` (300x300), and the colour
of every solid called `Accent`.
"""

import json
import math
import struct
import zlib
from base64 import b64encode
from pathlib import Path

HERE = Path(__file__).parent
W, H, FPS, FRAMES = 1920, 1080, 30, 210

# Palette.
NIGHT = (0.043, 0.055, 0.141)
INDIGO = (0.110, 0.122, 0.318)
PAPER = (0.969, 0.973, 0.988)
MIST = (0.690, 0.722, 0.882)
ACCENT = "#ff5a3c"

# Eases: leaving and arriving handle of the curve between two keyframes.
OUT = ((0.16, 1.0), (0.3, 1.0))  # arrives softly
IN = ((0.7, 0.0), (0.84, 0.0))  # leaves softly
IN_OUT = ((0.76, 0.0), (0.24, 1.0))
BACK = ((0.34, 1.56), (0.64, 1.0))  # overshoots
LINEAR = ((0.0, 0.0), (1.0, 1.0))


# --- Properties -----------------------------------------------------------------------------------------------------


def value(v):
    """A property that does not move."""
    return {"a": 0, "k": v}


def moving(*keys):
    """A property with keyframes: (frame, value) or (frame, value, ease to the next)."""
    out = []
    for i, key in enumerate(keys):
        frame, v = key[0], key[1] if isinstance(key[1], (list, tuple)) else [key[1]]
        k = {"t": frame, "s": list(v)}
        if i + 1 < len(keys):
            (ox, oy), (ix, iy) = key[2] if len(key) > 2 else OUT
            n = len(v)
            k["o"] = {"x": [ox] * n, "y": [oy] * n}
            k["i"] = {"x": [ix] * n, "y": [iy] * n}
        out.append(k)
    return {"a": 1, "k": out}


def moving_point(*keys):
    """A position with keyframes: one ease for the whole path."""
    p = moving(*keys)
    for k in p["k"]:
        for side in ("o", "i"):
            if side in k:
                k[side] = {"x": k[side]["x"][0], "y": k[side]["y"][0]}
        if "o" in k:
            k["to"], k["ti"] = [0, 0, 0], [0, 0, 0]
    return p


def transform(p=(0, 0), a=(0, 0), s=(100, 100), r=0, o=100):
    def prop(v, pad=None):
        if isinstance(v, dict):
            return v
        return value(list(v) + [pad] if isinstance(v, tuple) and pad is not None else v)

    return {"o": prop(o), "r": prop(r), "p": prop(p, 0), "a": prop(a, 0), "s": prop(s, 100)}


# --- Shapes ---------------------------------------------------------------------------------------------------------


def group(name, *items, **t):
    tr = {"ty": "tr", "nm": "Transform", "sk": value(0), "sa": value(0)}
    for key, v in transform(**t).items():
        if isinstance(v["k"], list) and v["a"] == 0 and len(v["k"]) == 3:
            v = value(v["k"][:2])
        tr[key] = v
    return {"ty": "gr", "nm": name, "it": [*items, tr]}


def ellipse(size, p=(0, 0)):
    return {"ty": "el", "nm": "Ellipse Path 1", "d": 1, "s": value([size, size]), "p": value(list(p))}


def rectangle(w, h, p=(0, 0), r=0):
    return {"ty": "rc", "nm": "Rectangle Path 1", "d": 1, "s": value([w, h]), "p": value(list(p)), "r": value(r)}


def polygon(points):
    zero = [[0, 0] for _ in points]
    return {"ty": "sh", "nm": "Path 1", "ks": value({"i": zero, "o": zero, "v": [list(p) for p in points], "c": True})}


def fill(rgb, o=100):
    return {"ty": "fl", "nm": "Fill 1", "c": value([*rgb, 1]), "o": o if isinstance(o, dict) else value(o), "r": 1}


def stroke(rgb, width, o=100, dashes=None):
    s = {"ty": "st", "nm": "Stroke 1", "c": value([*rgb, 1]), "o": value(o), "w": value(width), "lc": 2, "lj": 2}
    if dashes:
        s["d"] = [{"n": "d", "nm": "dash", "v": value(dashes[0])}, {"n": "g", "nm": "gap", "v": value(dashes[1])}]
    return s


def stops(*list_of):
    """(offset, rgb, alpha) stops to the flat list of a gradient."""
    colours = [x for at, rgb, _ in list_of for x in (at, *rgb)]
    alphas = [x for at, _, alpha in list_of for x in (at, alpha)]
    return {"p": len(list_of), "k": value(colours + alphas)}


def gradient_fill(kind, start, end, *list_of):
    return {
        "ty": "gf", "nm": "Gradient Fill 1", "t": {"linear": 1, "radial": 2}[kind], "s": value(list(start)),
        "e": value(list(end)), "g": stops(*list_of), "o": value(100), "r": 1, "h": value(0), "a": value(0),
    }


def gradient_stroke(start, end, width, *list_of):
    return {
        "ty": "gs", "nm": "Gradient Stroke 1", "t": 1, "s": value(list(start)), "e": value(list(end)),
        "g": stops(*list_of), "o": value(100), "w": value(width), "lc": 2, "lj": 2,
    }


def trim(start, end):
    prop = lambda v: v if isinstance(v, dict) else value(v)
    return {"ty": "tm", "nm": "Trim Paths 1", "s": prop(start), "e": prop(end), "o": value(0), "m": 1}


# --- Layers ---------------------------------------------------------------------------------------------------------


class Stack:
    """Layers of a composition, topmost first, numbered as they come."""

    def __init__(self):
        self.layers = []

    def add(self, kind, name, ks, **more):
        layer = {
            "ddd": 0, "ind": len(self.layers) + 1, "ty": kind, "nm": name, "sr": 1, "ks": ks, "ao": 0,
            "ip": 0, "op": FRAMES, "st": 0, "bm": 0, **more,
        }
        self.layers.append(layer)
        return layer["ind"]

    def shape(self, name, *groups, matte=None, hidden_matte=False, **t):
        more = {"shapes": list(groups)}
        if hidden_matte:
            more["td"] = 1
        if matte:
            more["tt"] = 1
        return self.add(4, name, transform(**t), **more)

    def solid(self, name, w, h, matted=False, **t):
        more = {"tt": 1} if matted else {}
        return self.add(1, name, transform(**t), sw=w, sh=h, sc=ACCENT, **more)

    def text(self, name, text, font, size, rgb, tracking=0, matted=False, **t):
        document = {
            "s": size, "f": font, "t": text, "ca": 0, "j": 0, "tr": tracking, "lh": size * 1.2, "ls": 0, "fc": list(rgb),
        }
        data = {"d": {"k": [{"s": document, "t": 0}]}, "p": {}, "m": {"g": 1, "a": value([0, 0])}, "a": []}
        return self.add(5, name, transform(**t), t=data, **({"tt": 1} if matted else {}))


def enter_and_leave(first, last, hidden, shown, length=28, out=22):
    """Slides from hidden to shown, stays, and goes back."""
    return moving_point((first, hidden, OUT), (first + length, shown, LINEAR), (last, shown, IN), (last + out, hidden))


# --- The panel on the right: an accent solid under light, shade and rings ------------------------------------------

CENTRE = (1452, 540)


def panel():
    s = Stack()
    rings = [
        group(f"Ring {i + 1}", ellipse(560 + 190 * i), stroke((1, 1, 1), 2, 26 - 4 * i), p=CENTRE)
        for i in range(5)
    ]
    s.shape("Rings", *rings)
    ticks = group("Ticks", ellipse(655), stroke((1, 1, 1), 10, 30, dashes=(0.1, 42.77)))
    s.shape("Ticks", ticks, p=(*CENTRE,), r=moving((0, 0, LINEAR), (FRAMES, 48)))
    sweep = group("Sweep", ellipse(845), trim(0, 18), stroke((1, 1, 1), 5, 75))
    s.shape("Sweep", sweep, p=(*CENTRE,), r=moving((0, -150, LINEAR), (FRAMES, 75)))
    back = group("Sweep back", ellipse(1035), trim(0, 9), stroke((1, 1, 1), 3, 55))
    s.shape("Sweep back", back, p=(*CENTRE,), r=moving((0, 100, LINEAR), (FRAMES, -60)))
    light = gradient_fill("radial", (1700, 60), (2500, 60), (0, (1, 1, 1), 0.42), (1, (1, 1, 1), 0.0))
    s.shape("Light", group("Light", rectangle(W, H, (W / 2, H / 2)), light))
    shade = gradient_fill(
        "linear", (1000, 1080), (1640, 330), (0, (0.10, 0.0, 0.12), 0.62), (1, (0.10, 0.0, 0.12), 0.0)
    )
    s.shape("Shade", group("Shade", rectangle(W, H, (W / 2, H / 2)), shade))
    s.solid("Accent", W, H, p=(W / 2, H / 2), a=(W / 2, H / 2))
    return s.layers


def slanted(left, right, lean=210):
    return polygon([(left + lean, -20), (right + lean, -20), (right, H + 20), (left, H + 20)])


# --- The composition ------------------------------------------------------------------------------------------------

LEFT = 150
LEAVE = 180


def main():
    s = Stack()

    # The logo on its plate.
    pop = moving(
        (34, (0, 0, 100), BACK), (62, (100, 100, 100), LINEAR), (LEAVE - 2, (100, 100, 100), IN), (LEAVE + 16, (0, 0, 100))
    )
    s.add(
        2, "Logo",
        transform(
            p=(*CENTRE,), a=(150, 150), s=pop,
            o=moving((34, 0, LINEAR), (44, 100, LINEAR), (LEAVE + 8, 100, LINEAR), (LEAVE + 16, 0)),
        ),
        refId="logo",
    )
    plate = moving(
        (26, (0, 0, 100), BACK), (54, (100, 100, 100), LINEAR), (LEAVE, (100, 100, 100), IN), (LEAVE + 18, (0, 0, 100))
    )
    s.shape(
        "Plate",
        group("Plate", ellipse(430), fill(PAPER)),
        group(
            "Shadow", ellipse(560),
            gradient_fill("radial", (0, 0), (280, 0), (0, (0.1, 0, 0.1), 0.42), (0.76, (0.1, 0, 0.1), 0.36), (1, (0.1, 0, 0.1), 0)),
            p=(0, 16),
        ),
        p=(*CENTRE,), s=plate,
    )

    # Panel and stripes slide in one after the other, each behind a slanted matte.
    far = 1150
    for name, left, right, first, kind in (
        ("Panel", 985, 2200, 6, "panel"),
        ("Stripe", 905, 951, 12, "stripe"),
        ("Thin stripe", 861, 875, 18, "thin"),
    ):
        s.shape(
            f"{name} matte", group("Slant", slanted(left, right), fill((1, 1, 1))), hidden_matte=True,
            p=enter_and_leave(first, LEAVE + 6 - first // 6, (far, 0, 0), (0, 0, 0), length=36),
        )
        if kind == "panel":
            s.add(0, "Panel", transform(p=(W / 2, H / 2), a=(W / 2, H / 2)), refId="panel", w=W, h=H, tt=1)
        else:
            s.solid("Accent", W, H, matted=True, p=(W / 2, H / 2), a=(W / 2, H / 2), o=72 if kind == "stripe" else 38)

    # Texts rise from behind an edge.
    for name, text, font, size, rgb, tracking, baseline, height, first in (
        ("Name", "Your Name", "NotoSans-Bold", 112, PAPER, -12, 562, 190, 30),
        ("Role", "What you do", "NotoSans-Regular", 46, MIST, 18, 652, 96, 38),
    ):
        top = baseline - size
        box = rectangle(1200, height, (LEFT + 590, top + height / 2 - 4))
        s.shape(f"{name} matte", group("Window", box, fill((1, 1, 1))), hidden_matte=True)
        s.text(
            name, text, font, size, rgb, tracking, matted=True,
            p=enter_and_leave(first, LEAVE - 6, (LEFT, baseline + height + 10, 0), (LEFT, baseline, 0)),
        )

    # The short bar over the name, and a hairline under the role that draws itself.
    grow = moving(
        (22, (0, 100, 100), OUT), (50, (100, 100, 100), LINEAR), (LEAVE - 2, (100, 100, 100), IN), (LEAVE + 16, (0, 100, 100))
    )
    s.solid("Accent", 132, 12, p=(LEFT + 3, 400), a=(0, 6), s=grow)
    line = polygon([(LEFT + 3, 716), (LEFT + 643, 716)])
    line["ks"]["k"]["c"] = False
    ends = moving((46, 0, IN_OUT), (84, 100))
    starts = moving((LEAVE - 4, 0, IN_OUT), (LEAVE + 16, 100))
    s.shape(
        "Hairline",
        group(
            "Hairline", line, trim(starts, ends),
            gradient_stroke((LEFT, 716), (LEFT + 643, 716), 3, (0, MIST, 0.9), (1, MIST, 0.0)),
        ),
    )

    # A field of dots, row by row.
    dots = []
    for row in range(4):
        for column in range(9):
            first = 40 + 2 * (row + column)
            dots.append(
                group(
                    f"Dot {row * 9 + column + 1}", ellipse(6), fill(MIST, 55), p=(LEFT + 6 + 34 * column, 860 + 34 * row),
                    s=moving((first, (0, 0), BACK), (first + 14, (100, 100), LINEAR), (LEAVE, (100, 100), IN), (LEAVE + 14, (0, 0))),
                )
            )
    s.shape("Dots", *dots)

    # Slow circles, a glow, the night.
    ring = gradient_stroke((-330, -330), (330, 330), 2, (0, MIST, 0.0), (0.5, MIST, 0.55), (1, MIST, 0.0))
    s.shape(
        "Orbit", group("Orbit", ellipse(660), trim(0, moving((8, 0, IN_OUT), (76, 100))), ring), p=(250, 90),
        r=moving((0, -40, LINEAR), (FRAMES, 50)),
    )
    inner = gradient_stroke((-220, 220), (220, -220), 2, (0, MIST, 0.0), (0.5, MIST, 0.35), (1, MIST, 0.0))
    s.shape(
        "Inner orbit", group("Orbit", ellipse(440), trim(0, moving((18, 0, IN_OUT), (86, 100))), inner), p=(250, 90),
        r=moving((0, 60, LINEAR), (FRAMES, -40)),
    )
    glow = gradient_fill("radial", (0, 0), (820, 0), (0, (0.33, 0.36, 0.86), 0.55), (0.5, (0.27, 0.28, 0.74), 0.2), (1, (0.2, 0.2, 0.6), 0))
    s.shape(
        "Glow", group("Glow", ellipse(1640), glow),
        p=moving_point((0, (420, 980, 0), LINEAR), (FRAMES, (620, 860, 0))), o=moving((0, 40, IN_OUT), (60, 100)),
    )
    night = gradient_fill("linear", (0, 0), (W, H), (0, NIGHT, 1), (1, INDIGO, 1))
    s.shape("Night", group("Night", rectangle(W, H, (W / 2, H / 2)), night))
    return s.layers


# --- Pictures -------------------------------------------------------------------------------------------------------


def png(size, pixel):
    """A PNG of size x size; pixel(x, y) gives straight RGBA 0..1 at a point of the square -1..1."""
    fine = 3
    rows = bytearray()
    for y in range(size):
        rows.append(0)
        for x in range(size):
            total = [0.0] * 4
            for j in range(fine):
                for i in range(fine):
                    at = lambda n, k: ((n + (k + 0.5) / fine) / size) * 2 - 1
                    r, g, b, a = pixel(at(x, i), at(y, j))
                    total = [t + c for t, c in zip(total, (r * a, g * a, b * a, a))]
            a = total[3] / fine**2
            rows += bytes(round(255 * (c / total[3] if total[3] else 0)) for c in total[:3]) + bytes([round(255 * a)])

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", size, size, 8, 6, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(rows), 9)) + chunk(b"IEND", b"")


def rounded(x, y, half, radius):
    """Distance to a rounded square around the origin; negative inside."""
    dx, dy = abs(x) - half + radius, abs(y) - half + radius
    return math.hypot(max(dx, 0), max(dy, 0)) + min(max(dx, dy), 0) - radius


def placeholder(x, y):
    """A grey picture frame with a mountain: what stands in the slot until a job fills it."""
    grey, none = (0.60, 0.63, 0.75, 1.0), (0.60, 0.63, 0.75, 0.0)
    edge = abs(rounded(x, y, 0.62, 0.16)) < 0.045
    sun = math.hypot(x - 0.26, y + 0.26) < 0.13
    hill = rounded(x, y, 0.5, 0.08) < 0 and (y > 0.42 - 0.75 * (0.52 - abs(x + 0.14) * 1.1) or y > 0.30 - 0.45 * (0.3 - abs(x - 0.28)))
    return grey if edge or sun or hill else none


def demo_logo(x, y):
    """The mark of the demo: a press seen from the side, a roller over a running film."""
    deep, warm = (0.10, 0.11, 0.29), (1.0, 0.353, 0.235)
    t = min(max((x + y + 1.2) / 2.4, 0), 1)
    blend = tuple(a + (b - a) * t for a, b in zip((1.0, 0.55, 0.22), (0.93, 0.17, 0.36)))
    film = abs(y - 0.52) < 0.25 and abs(x) < 0.86
    if film:
        hole = abs((x * 5.2) % 1 - 0.5) < 0.26 and (abs(y - 0.36) < 0.045 or abs(y - 0.68) < 0.045)
        return (*deep, 0.0 if hole else 1.0)
    d = math.hypot(x, y + 0.28)
    if d < 0.16:
        return (1, 1, 1, 0)
    if d < 0.50:
        return (*blend, 1.0)
    return (*warm, 0.0)


def write():
    slot = png(300, placeholder)
    (HERE / "demo-logo.png").write_bytes(png(300, demo_logo))
    template = {
        "v": "5.9.0", "fr": FPS, "ip": 0, "op": FRAMES, "w": W, "h": H, "nm": "Name card", "ddd": 0,
        "assets": [
            {"id": "logo", "nm": "logo.png", "w": 300, "h": 300, "u": "", "e": 1,
             "p": "data:image/png;base64," + b64encode(slot).decode()},
            {"id": "panel", "nm": "Panel", "fr": FPS, "layers": panel()},
        ],
        "fonts": {"list": [
            {"fName": "NotoSans-Bold", "fFamily": "Noto Sans", "fStyle": "Bold", "ascent": 106.9},
            {"fName": "NotoSans-Regular", "fFamily": "Noto Sans", "fStyle": "Regular", "ascent": 106.9},
        ]},
        "layers": main(),
        "markers": [],
    }
    (HERE / "name-card.json").write_text(json.dumps(template, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    write()
