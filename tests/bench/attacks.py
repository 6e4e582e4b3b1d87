"""The attacks of training, on batches [B,3,H,W] in [-1,1], as core/attacks/tensor_attacks.cpp defines them.

`draws` gives random numbers in the order in which Signet draws them, so that both sides attack alike.
"""

import io
import math

import numpy
import torch
import torch.nn.functional as F
from PIL import Image

from seeds import generator_of, mixed_seed

KINDS = 9  # none, JPEG, WebP, noise, blur, resize, brightness, contrast, colour


class Draws:
    """core/base/random.h's transforms of 64-bit numbers that were drawn there."""

    def __init__(self, bits):
        self.next = iter(bits).__next__

    def uniform(self, low=0.0, high=1.0):
        return low + (high - low) * ((self.next() >> 11) * 2.0**-53)

    def index(self, n):
        return int(self.uniform() * n)

    def chance(self, p):
        return self.uniform() < p


def normal_like(x, seed):
    """core/nn/image_random.h: a generator an image, seeded by core/base/random.h's mixedSeed."""
    result = torch.empty_like(x)
    for image in range(len(x)):
        result[image].normal_(generator=generator_of(mixed_seed(seed, image)))
    return result


def gaussian(sigma, radius):
    kernel = torch.exp(-torch.arange(-radius, radius + 1.0) ** 2 / (2 * sigma * sigma))
    return kernel / kernel.sum()


def blur(x, sigma, radius, reflect=True):
    kernel = gaussian(sigma, radius)
    x = F.pad(x, (radius,) * 4, mode="reflect" if reflect else "constant")
    x = F.conv2d(x, kernel.view(1, 1, 1, -1).expand(3, 1, 1, -1), groups=3)
    return F.conv2d(x, kernel.view(1, 1, -1, 1).expand(3, 1, -1, 1), groups=3)


def codec(x, name, draws):
    pixels = ((x.detach().clamp(-1, 1) + 1) * 127.5).round().to(torch.uint8).permute(0, 2, 3, 1).numpy()
    decoded = []
    for picture in pixels:
        options = {"quality": 40 + draws.index(56)}
        halved = draws.chance(0.7)
        if name == "JPEG":
            options["subsampling"] = 2 if halved else 0
        file = io.BytesIO()
        Image.fromarray(picture).save(file, name, **options)
        decoded.append(numpy.asarray(Image.open(file).convert("RGB")))
    result = torch.from_numpy(numpy.stack(decoded)).permute(0, 3, 1, 2).float() / 127.5 - 1
    return x + (result - x).detach()


def photometric(kind, x, draws):
    if kind == 1 or kind == 2:
        return codec(x, ("JPEG", "WEBP")[kind - 1], draws)
    if kind == 3:
        sigma = 2 * draws.uniform(0, 0.06)
        return x + normal_like(x, draws.next()) * sigma
    if kind == 4:
        return blur(x, draws.uniform(0.2, 2.0), 6)
    if kind == 5:
        small = round(x.shape[2] * draws.uniform(0.4, 0.95))
        x_small = F.interpolate(x, size=(small, small), mode="bilinear", antialias=True)
        return F.interpolate(x_small, size=x.shape[2:], mode="bilinear")
    if kind == 6:
        return ((x + 1) * draws.uniform(0.5, 1.6)).clamp(0, 2) - 1
    if kind == 7:
        mean = x.mean((1, 2, 3), keepdim=True)
        return ((x - mean) * draws.uniform(0.5, 1.6) + mean).clamp(-1, 1)
    if kind == 8:
        grey = x.mean(1, keepdim=True)
        x = (x - grey) * draws.uniform(0.5, 1.5) + grey
        gains = torch.tensor([draws.uniform(0.9, 1.1) for _ in range(3)])
        return ((x + 1) * gains.view(1, 3, 1, 1)).clamp(0, 2) - 1
    return x


def geometry(batch, crop_side, degrees, flip_share, draws, aspect=0.08, identity_share=0.2):
    """Maps from attacked-view to original coordinates, [batch,2,3]."""
    maps = []
    for _ in range(batch):
        sx = sy = mirror = 1.0
        tx = ty = angle = 0.0
        if not draws.chance(identity_share):
            kind = draws.uniform()
            if kind < 0.45 or kind > 0.8:
                side = draws.uniform(crop_side, 1)
                sx = min(1.0, side * draws.uniform(1 - aspect, 1 + aspect))
                sy = min(1.0, side * draws.uniform(1 - aspect, 1 + aspect))
                if not draws.chance(0.4):
                    tx = draws.uniform(-(1 - sx), 1 - sx)
                    ty = draws.uniform(-(1 - sy), 1 - sy)
            if kind >= 0.45:
                reach = 0.4 * degrees if draws.chance(0.6) else degrees
                angle = math.radians(draws.uniform(-reach, reach))
            if draws.chance(flip_share):
                mirror = -1.0
        c, s = math.cos(angle), math.sin(angle)
        maps.append([[c * sx * mirror, -s * sy, tx], [s * sx * mirror, c * sy, ty]])
    return torch.tensor(maps)


def warp(x, maps):
    return F.grid_sample(x, F.affine_grid(maps, x.shape, align_corners=False), align_corners=False)


def quantized(x):
    levels = ((x.detach().clamp(-1, 1) + 1) * 127.5).round() / 127.5 - 1
    return x + (levels - x).detach()


def paper_augmentation(x, draws):
    degrees, sigma = draws.uniform(-30, 30), math.sqrt(draws.uniform(0.01, 10))
    c, s = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    x = warp(x, torch.tensor([[[c, -s, 0], [s, c, 0]]]).expand(len(x), 2, 3))
    x = blur(x, sigma, 10)
    return x.flip(3) if draws.chance(0.5) else x
