"""Text of a compiled function that draws the random bits of many purposes at once.

The bits are those of NumPy's Philox in model/state/random_streams.py (Philox 4x64 with ten rounds,
Salmon et al. 2011). NumPy needs a call for each purpose, and draws for worlds that have ended, too.
"""

TEXT = '''

M0, M1 = np.uint64(0xD2E7470EE14C6C93), np.uint64(0xCA5A826395121157)
W0, W1 = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBB67AE8584CAA73B)


@intrinsic
def high(context, x, y):
    """Return the upper 64 bits of the product of two unsigned numbers of 64 bits."""

    def generate(target, builder, signature, values):
        wide = ir.IntType(128)
        x, y = (builder.zext(value, wide) for value in values)
        product = builder.lshr(builder.mul(x, y), ir.Constant(wide, 64))
        return builder.trunc(product, ir.IntType(64))

    return types.uint64(types.uint64, types.uint64), generate


@njit(nogil=True, cache=True)
def draw(raw, keys, seed, numbers, where, worlds, block, branch):
    for p in range(keys.shape[0]):
        for i in range(worlds):
            place = where[i]
            c0 = numbers[place] + np.uint64(1)
            c1 = np.uint64(0)
            c2 = block
            c3 = branch
            k0 = seed
            k1 = keys[p]
            for _ in range(10):
                h0 = high(M0, c0)
                l0 = M0 * c0
                h1 = high(M1, c2)
                l1 = M1 * c2
                c0 = h1 ^ c1 ^ k0
                c1 = l1
                c2 = h0 ^ c3 ^ k1
                c3 = l0
                k0 = k0 + W0
                k1 = k1 + W1
            raw[p, place, 0] = c0
            raw[p, place, 1] = c1
            raw[p, place, 2] = c2
            raw[p, place, 3] = c3
'''
