"""Define the colours of the app, on a light and on a dark background, from those of the figures."""

from experiments.plots import style
from model.outcomes import OUTCOMES

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
SIGNALS = {
    "signal-good": style.GREEN,
    "signal-bad": style.PINK,
    "signal-notice": style.AMBER,
}  # on both backgrounds
# On a dark background text is light, and the first side's blue is lighter so that it is visible.
SIDES = {False: style.SIDES, True: ("#3D9BD9", "#E8743B")}
OBSERVER = style.OBSERVER


def variables() -> str:
    """Return the colours as CSS variables for both backgrounds.

    >>> "--side-0: #0072B2" in variables()
    True
    """
    return _block(".theme--light", LIGHT, False) + _block(".theme--dark", DARK, True)


def outcome_colour(key: str) -> str:
    """Return the CSS colour of an outcome, or of any agreement, on either background.

    >>> outcome_colour("mini deal")
    'var(--end-mini-deal)'
    """
    return f"var(--end-{key.replace(' ', '-')})"


def _block(theme: str, plain: dict[str, str], dark: bool) -> str:
    colours = plain | SIGNALS
    colours |= {f"side-{number}": colour for number, colour in enumerate(SIDES[dark])}
    colours["side-2"] = OBSERVER
    colours |= {
        f"end-{outcome.slug}": outcome.colour_dark if dark else outcome.colour_light
        for outcome in OUTCOMES
    }
    colours["end-any-agreement"] = plain["accent"]
    lines = "".join(f"  --{name}: {colour};\n" for name, colour in colours.items())
    return f".v-application{theme} {{\n{lines}}}\n"
