"""The colours of the app, from those of all figures, on light and on dark ground."""

from experiments.plots import style

LIGHT = {
    "ground": "#F6F7F9",
    "card": "#FFFFFF",
    "ink": style.INK,
    "grey": "#5C5C5C",
    "pale": style.PALE,
    "accent": style.BLUE,
    "warn": "#FFF4DC",
}
DARK = {
    "ground": "#121417",
    "card": "#1D2024",
    "ink": "#EEEEEE",
    "grey": "#B0B0B0",
    "pale": "#3A3E44",
    "accent": style.SKY,
    "warn": "#3A2F14",
}
# On dark ground ink is light, and the first side's blue is lifted so that it can be told.
SIDES = {False: style.SIDES, True: ("#3D9BD9", "#E8743B")}
OUTCOMES = {
    False: style.OUTCOME,
    True: style.OUTCOME | {"decoupled": "#EEEEEE", "stalemate": "#9A9A9A"},
}
OBSERVER = style.OBSERVER


def variables() -> str:
    """Return the colours as CSS variables of both grounds.

    >>> "--side-0: #0072B2" in variables()
    True
    """
    return _block(".theme--light", LIGHT, False) + _block(".theme--dark", DARK, True)


def _block(ground: str, plain: dict[str, str], dark: bool) -> str:
    colours = dict(plain)
    colours |= {f"side-{place}": colour for place, colour in enumerate(SIDES[dark])}
    colours["side-2"] = OBSERVER
    colours |= {f"end-{name.replace(' ', '-')}": c for name, c in OUTCOMES[dark].items()}
    colours["end-any-agreement"] = plain["accent"]
    lines = "".join(f"  --{name}: {colour};\n" for name, colour in colours.items())
    return f".v-application{ground} {{\n{lines}}}\n"
