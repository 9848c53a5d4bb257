"""Special functions of the normal distribution as plain scalar functions, which numba compiles.

`ndtri` is the rational approximation of Cephes (Moshier 1989), as in SciPy. `ndtr` and `erfcx` use
erf and erfc of the C library. Tests compare all three with SciPy.
"""

from math import erf, erfc, exp, inf, log, nan, sqrt

HALF_ROOT = 0.7071067811865476  # 1 / sqrt(2)
ROOT_TAU = 2.5066282746310002  # sqrt(2 pi)
ROOT_PI = 1.7724538509055159
EDGE = 0.13533528323661269189  # exp(-2), where the tails of ndtri begin
SPLITTER = 134217729.0  # 2^27 + 1, splits a number in two halves whose products are exact


def ndtr(x: float) -> float:
    """Return the standard normal distribution function.

    >>> ndtr(0.0)
    0.5
    """
    z = abs(x) * HALF_ROOT
    if z < 1.0:
        return 0.5 + 0.5 * erf(x * HALF_ROOT)
    tail = 0.5 * erfc(z)
    return 1.0 - tail if x > 0.0 else tail


def ndtri(p: float) -> float:
    """Return the quantile of the standard normal distribution; infinite at 0 and 1.

    >>> round(ndtri(0.975), 2)
    1.96
    """
    if p == 0.0:
        return -inf
    if p == 1.0:
        return inf
    if not 0.0 < p < 1.0:
        return nan
    upper = p > 1.0 - EDGE
    y = 1.0 - p if upper else p
    if y > EDGE:
        return _centre(y - 0.5)
    x = sqrt(-2.0 * log(y))
    first = x - log(x) / x
    z = 1.0 / x
    found = first - (_near(z) if x < 8.0 else _far(z))
    return found if upper else -found


def _centre(y: float) -> float:
    s = y * y
    top = -59.9633501014107895267
    top = top * s + 98.0010754185999661536
    top = top * s - 56.6762857469070293439
    top = top * s + 13.9312609387279679503
    top = top * s - 1.23916583867381258016
    low = s + 1.95448858338141759834
    low = low * s + 4.67627912898881538453
    low = low * s + 86.3602421390890590575
    low = low * s - 225.462687854119370527
    low = low * s + 200.260212380060660359
    low = low * s - 82.0372256168333339912
    low = low * s + 15.9056225126211695515
    low = low * s - 1.18331621121330003142
    return (y + y * (s * top / low)) * ROOT_TAU


def _near(z: float) -> float:
    top = 4.05544892305962419923
    top = top * z + 31.5251094599893866154
    top = top * z + 57.1628192246421288162
    top = top * z + 44.0805073893200834700
    top = top * z + 14.6849561928858024014
    top = top * z + 2.18663306850790267539
    top = top * z - 0.140256079171354495875
    top = top * z - 0.0350424626827848203418
    top = top * z - 8.57456785154685413611e-4
    low = z + 15.7799883256466749731
    low = low * z + 45.3907635128879210584
    low = low * z + 41.3172038254672030440
    low = low * z + 15.0425385692907503408
    low = low * z + 2.50464946208309415979
    low = low * z - 0.142182922854787788574
    low = low * z - 0.0380806407691578277194
    low = low * z - 9.33259480895457427372e-4
    return z * top / low


def _far(z: float) -> float:
    top = 3.23774891776946035970
    top = top * z + 6.91522889068984211695
    top = top * z + 3.93881025292474443415
    top = top * z + 1.33303460815807542389
    top = top * z + 0.201485389549179081538
    top = top * z + 0.0123716634817820021358
    top = top * z + 3.01581553508235416007e-4
    top = top * z + 2.65806974686737550832e-6
    top = top * z + 6.23974539184983293730e-9
    low = z + 6.02427039364742014255
    low = low * z + 3.67983563856160859403
    low = low * z + 1.37702099489081330271
    low = low * z + 0.216236993594496635890
    low = low * z + 0.0134204006088543189037
    low = low * z + 3.28014464682127739104e-4
    low = low * z + 2.89247864745380683936e-6
    low = low * z + 6.79019408009981274425e-9
    return z * top / low


def erfcx(x: float) -> float:
    """Return exp(x^2) erfc(x), which is finite where erfc vanishes.

    >>> erfcx(0.0)
    1.0
    """
    if x < -26.7:
        return inf
    if x < 25.0:  # x^2 as a sum of two numbers, so that exp does not magnify its rounding
        square = x * x
        half = SPLITTER * x
        high = half - (half - x)
        low = x - high
        rest = ((high * high - square) + 2.0 * high * low) + low * low
        return exp(square) * (1.0 + rest) * erfc(x)
    if x != x:
        return x
    t = 0.5 / (x * x)
    series = 1.0 - t * (1.0 - 3.0 * t * (1.0 - 5.0 * t * (1.0 - 7.0 * t * (1.0 - 9.0 * t))))
    return series / x / ROOT_PI
