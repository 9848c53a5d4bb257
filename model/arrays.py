"""Array types that the rules share: every array ends in the world axis."""

import numpy as np
from numpy.typing import NDArray

type Array = NDArray[np.float64]
type Mask = NDArray[np.bool_]
type Index = NDArray[np.intp]
