"""Format numbers for readers: three digits, a typographic minus sign, no powers of ten."""

import numpy as np


def number(value: float) -> str:
    """Return a number with three digits and a typographic minus sign, without powers of ten.

    >>> number(-12.345), number(0.0000123), number(1234.5), number(float("nan"))
    ('−12.3', '0.0000123', '1,234', '-')
    """
    if not np.isfinite(value):
        return "-"
    if value == 0.0:
        return "0"
    digits = max(0, 2 - int(np.floor(np.log10(abs(value)))))
    text = f"{value:,.{min(digits, 9)}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return text.replace("-", "−")


def signed(value: float) -> str:
    """Return a number formatted as in `number`, with its sign.

    >>> signed(0.5), signed(-0.5), signed(0.0)
    ('+0.5', '−0.5', '0')
    """
    return f"+{number(value)}" if value > 0.0 else number(value)
