"""Keep what is derived from an object that never changes, such as a scenario, while it exists."""

import weakref
from collections.abc import Callable
from functools import wraps


def kept_while_alive[O, T](derive: Callable[[O], T]) -> Callable[[O], T]:
    """Compute a value of an object once, and forget it when the object is deleted.

    Objects are compared by identity: a scenario has tables and cannot be hashed, and a changed copy
    is another object. The value must not refer to the object, which would then live forever.

    >>> class Length:
    ...     pass
    >>> calls = []
    >>> derive = kept_while_alive(lambda length: calls.append(length is one))
    >>> one = Length()
    >>> derive(one), derive(one), calls
    (None, None, [True])
    """
    kept: dict[int, T] = {}

    @wraps(derive)
    def found(of: O) -> T:
        key = id(of)
        if key not in kept:
            value = derive(of)
            if key not in kept:
                kept[key] = value
                weakref.finalize(of, kept.pop, key, None).atexit = False
            return value
        return kept[key]

    return found
