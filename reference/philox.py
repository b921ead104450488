"""The counter-based random numbers of `@ae/random`, in NumPy, bit for bit.

Weights and inputs are drawn anew on both sides from a seed and a purpose, so
that the reference files hold results only.
"""

import numpy as np

MASK = np.uint64(0xFFFFFFFF)
SHIFT = np.uint64(32)


def philox4x32(counter: np.ndarray, key0: int, key1: int) -> np.ndarray:
    """Ten rounds of Philox 4x32 for each row of `counter` (uint64 `[n, 4]`, 32 bits used)."""
    c0, c1, c2, c3 = (counter[:, i].astype(np.uint64) for i in range(4))
    for _ in range(10):
        product0 = np.uint64(0xD2511F53) * c0
        product1 = np.uint64(0xCD9E8D57) * c2
        c0 = (product1 >> SHIFT) ^ c1 ^ np.uint64(key0)
        c2 = (product0 >> SHIFT) ^ c3 ^ np.uint64(key1)
        c1 = product1 & MASK
        c3 = product0 & MASK
        key0 = (key0 + 0x9E3779B9) & 0xFFFFFFFF
        key1 = (key1 + 0xBB67AE85) & 0xFFFFFFFF
    return np.stack([c0, c1, c2, c3], axis=1)


def fold_in(seed: int, *purposes: "str | int") -> int:
    """The 32-bit seed of `foldIn(seed, ...purposes)`."""
    state = [0, 0, 0, 0]
    key0, key1 = seed & 0xFFFFFFFF, (seed >> 32) & 0xFFFFFFFF

    def absorb(word0: int, word1: int, kind: int) -> None:
        nonlocal state
        row = [state[0] ^ word0, state[1] ^ word1, state[2] ^ kind, state[3]]
        state = [int(word) for word in philox4x32(np.array([row], np.uint64), key0, key1)[0]]

    for purpose in purposes:
        if isinstance(purpose, int):
            absorb(purpose & 0xFFFFFFFF, (purpose >> 32) & 0xFFFFFFFF, 1)
            continue
        data = purpose.encode("utf-8")
        absorb(len(data), 0, 2)
        for i in range(0, len(data), 4):
            absorb(int.from_bytes(data[i : i + 4], "little"), 0, 3)
        key1 = (key1 + 1) & 0xFFFFFFFF
    absorb(len(purposes), 0, 4)
    return state[0]


def uniform(seed: int, shape, low: float, high: float) -> np.ndarray:
    """The float32 array that `fillUniform(seed, out, low, high)` fills."""
    size = int(np.prod(shape))
    counter = np.zeros([-(-size // 4), 4], np.uint64)
    counter[:, 0] = np.arange(len(counter))
    words = philox4x32(counter, seed & 0xFFFFFFFF, seed >> 32).reshape(-1)[:size]
    unit = (words >> np.uint64(8)).astype(np.float64) * 2.0**-24
    return (low + unit * (high - low)).astype(np.float32).reshape(shape)


if __name__ == "__main__":
    assert fold_in(0, "enc1/kernel") == 3612267127
    known = philox4x32(np.zeros([1, 4], np.uint64), 0, 0)[0]
    assert [f"{word:08x}" for word in known] == ["6627e8d5", "e169c58d", "bc57ac4c", "9b00dbd8"]
