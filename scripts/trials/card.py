#!/usr/bin/env python3
"""The name card of templates/ at another size and length, for trials: card.py WIDTH HEIGHT FRAMES > card.json

It shows what the card shows from its first second on, as a composition in a composition. The slots stay what they are.
"""

import json
import pathlib
import sys

width, height, frames = map(int, sys.argv[1:])
folder = pathlib.Path(__file__).parent.parent.parent / "templates" / "name-card"
card = json.loads((folder / "name-card.json").read_text())
begin = 30  # before that, little of it is there
scale = 100 * width / card["w"]
card["assets"].append({"id": "card", "nm": "Card", "layers": card["layers"]})
card["layers"] = [
    {
        "ddd": 0,
        "ty": 0,
        "ind": 1,
        "nm": "Card",
        "refId": "card",
        "w": card["w"],
        "h": card["h"],
        "sr": 1,
        "st": -begin,
        "ip": 0,
        "op": frames,
        "bm": 0,
        "ao": 0,
        "ks": {
            "o": {"a": 0, "k": 100},
            "r": {"a": 0, "k": 0},
            "p": {"a": 0, "k": [width / 2, height / 2, 0]},
            "a": {"a": 0, "k": [card["w"] / 2, card["h"] / 2, 0]},
            "s": {"a": 0, "k": [scale, scale, 100]},
        },
    }
]
card.update(nm="Trial card", w=width, h=height, ip=0, op=frames)
json.dump(card, sys.stdout)
