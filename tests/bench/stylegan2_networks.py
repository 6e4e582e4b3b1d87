"""StyleGAN2's networks in eager PyTorch with its defaults, for `signet bench generate` and `signet bench train`.
Written from the published description (Karras et al. 2020); t: a network's tensors by their published names."""

import math

import torch
import torch.nn.functional as F


def activated(x):
    return F.leaky_relu(x, 0.2) * math.sqrt(2)


def linear(t, name, x, rate=1.0):
    weight = t[name + ".weight"]
    return F.linear(x, weight * (rate / math.sqrt(weight.shape[1])), t[name + ".bias"] * rate)


TAPS = torch.tensor([1.0, 3.0, 3.0, 1.0])
FILTER = (TAPS[:, None] * TAPS[None, :] / 64)[None, None]


def up_fir(x, up, pads, gain):
    """Zeros between the places, pads, the filter as a convolution of each channel by itself."""
    batch, channels, height, width = x.shape
    x = x.reshape(-1, 1, height, 1, width, 1)
    x = F.pad(x, [0, up - 1, 0, 0, 0, up - 1]).reshape(-1, 1, height * up, width * up)
    x = F.conv2d(F.pad(x, [pads[0], pads[1], pads[0], pads[1]]), FILTER * gain)
    return x.reshape(batch, channels, *x.shape[2:])


def mapped(t, prefix, x, layers, rate, normalised):
    """Numbers to a style: [B,n] -> [B,style]."""
    if normalised:
        x = x * torch.rsqrt(x.square().mean(1, keepdim=True) + 1e-8)
    for layer in range(1, layers + 1):
        x = activated(linear(t, f"{prefix}{layer}", x, rate))
    return x


class Synthesis:
    def __init__(self, t, side):
        self.t, self.levels = t, int(math.log2(side)) - 1

    @property
    def layers(self):
        return 2 * self.levels

    def convolved(self, name, x, style, up=False, demodulate=True):
        weight = self.t[name + ".conv.weight"][0]
        weight = weight / math.sqrt(weight[0].numel())
        scale = None
        if name + ".conv.modulation.weight" in self.t:
            scale = linear(self.t, name + ".conv.modulation", style)
            x = x * scale[:, :, None, None]
        if up:
            x = up_fir(F.conv_transpose2d(x, weight.transpose(0, 1), stride=2), 1, (1, 1), 4)
        else:
            x = F.conv2d(x, weight, padding=weight.shape[2] // 2)
        if scale is not None and demodulate:
            length = scale.square() @ weight.square().sum((2, 3)).t()
            x = x * torch.rsqrt(length + 1e-8)[:, :, None, None]
        return x

    def styled(self, name, x, style, noise, up=False):
        x = self.convolved(name, x, style, up)
        x = x + self.t[name + ".noise.weight"] * noise(x)
        return activated(x + self.t[name + ".activate.bias"][None, :, None, None])

    def colours(self, name, x, style, skip=None):
        x = self.convolved(name, x, style, demodulate=False) + self.t[name + ".bias"]
        return x if skip is None else x + up_fir(skip, 2, (2, 1), 4)

    def __call__(self, z, styles, noise):
        """z: what enters at the input end, where that is no constant; styles: [B,layers,n]; noise: gives that of
        planes, [B,1,h,w]."""
        if "input.input" in self.t:
            x = self.t["input.input"].expand(len(styles), -1, -1, -1)
        else:
            x = activated(linear(self.t, "input", z)).reshape(len(z), -1, 4, 4)
        x = self.styled("conv1", x, styles[:, 0], noise)
        picture = self.colours("to_rgb1", x, styles[:, 1])
        for level in range(self.levels - 1):
            x = self.styled(f"convs.{2 * level}", x, styles[:, 2 * level + 1], noise, up=True)
            x = self.styled(f"convs.{2 * level + 1}", x, styles[:, 2 * level + 2], noise)
            picture = self.colours(f"to_rgbs.{level}", x, styles[:, 2 * level + 3], picture)
        return picture


def conv_layer(t, name, x, down=False):
    """A convolution, after the filter where it halves the size; bias and activation where it has them."""
    number = 1 if down else 0
    weight = t[f"{name}.{number}.weight"]
    size = weight.shape[2]
    if down:
        pad = 1 if size == 1 else 2
        x = up_fir(x, 1, (pad, pad), 1)
    x = F.conv2d(x, weight / math.sqrt(weight[0].numel()), None, 2 if down else 1, 0 if down else size // 2)
    bias = t.get(f"{name}.{number + 1}.bias")
    return x if bias is None else activated(x + bias[None, :, None, None])


def with_deviation(x):
    """The standard deviation over groups of 4 pictures, one more channel."""
    batch, channels, height, width = x.shape
    group = min(4, batch)
    while batch % group:
        group -= 1
    grouped = x.reshape(group, -1, channels, height, width)
    deviation = ((grouped - grouped.mean(0, keepdim=True)).square().mean(0) + 1e-8).sqrt()
    return torch.cat([x, deviation.mean((1, 2, 3), keepdim=True).repeat(group, 1, height, width)], 1)


def verdict(t, x, deviation=True):
    """The residual discriminator, or without the deviation paper B's decoder: [B,3,side,side] -> [B,outputs]."""
    y, block = conv_layer(t, "convs.0", x), 1
    while f"convs.{block}.conv1.0.weight" in t:
        name = f"convs.{block}"
        skip = conv_layer(t, name + ".skip", y, down=True)
        y = (conv_layer(t, name + ".conv2", conv_layer(t, name + ".conv1", y), down=True) + skip) / math.sqrt(2)
        block += 1
    y = conv_layer(t, "final_conv", with_deviation(y) if deviation else y)
    return linear(t, "final_linear.1", activated(linear(t, "final_linear.0", y.flatten(1))))
