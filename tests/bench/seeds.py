"""Seeds of random numbers, and generators of them, as Signet makes them."""

import torch

MASK = (1 << 64) - 1


def mixed_seed(seed, number):
    """SplitMix64's finaliser, as core/base/random.h has it."""
    z = (seed + 0x9E3779B97F4A7C15 * (number + 1)) & MASK
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
    return z ^ (z >> 31)


def generator_of(seed):
    """core/generators/player.h's."""
    return torch.Generator().manual_seed(seed)
