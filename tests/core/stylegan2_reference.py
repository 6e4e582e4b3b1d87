#!/usr/bin/env python3
"""Prints what test_stylegan2.cpp compares the networks of core/nn/stylegan2.h with.

StyleGAN2 written down once more, in numpy and double precision, from the published description (Karras et al. 2020,
"Analyzing and Improving the Image Quality of StyleGAN", and the names of the tensors of the published PyTorch
checkpoints): filters are made for each picture by themselves, and convolutions are sums over their taps. Every tensor
has the values sin(0.7 k + s), k its index and s the sum of its name's characters modulo 101."""
import numpy as np

SIDE, BASE, MOST, STYLE, INPUT = 16, 64, 12, 8, 6


def tensor(name, *shape):
    k = np.arange(int(np.prod(shape)))
    return np.sin(0.7 * k + sum(map(ord, name)) % 101).astype(np.float32).astype(np.float64).reshape(shape)


def channels(side):
    return int(np.clip(2 * BASE // side, 1, MOST))


def lrelu(x):
    return np.where(x > 0, x, 0.2 * x) * np.sqrt(2)


def conv(x, w, stride=1, pad=0):
    """x [C,H,W], w [O,C,k,k]: cross-correlation, as frameworks call a convolution."""
    k = w.shape[2]
    x = np.pad(x, ((0, 0), (pad, pad), (pad, pad)))
    rows, columns = (x.shape[1] - k) // stride + 1, (x.shape[2] - k) // stride + 1
    out = np.zeros((w.shape[0], rows, columns))
    for i in range(k):
        for j in range(k):
            part = x[:, i : i + stride * rows : stride, j : j + stride * columns : stride]
            out += np.einsum("oc,chw->ohw", w[:, :, i, j], part)
    return out


def upconv(x, w):
    """Transposed convolution of stride 2: every place adds the filter to twice its own place."""
    k = w.shape[2]
    out = np.zeros((w.shape[0], 2 * x.shape[1] + k - 2, 2 * x.shape[2] + k - 2))
    for i in range(k):
        for j in range(k):
            out[:, i : i + 2 * x.shape[1] : 2, j : j + 2 * x.shape[2] : 2] += np.einsum(
                "oc,chw->ohw", w[:, :, i, j], x
            )
    return out


def fir(x, before, after, gain=1, up=1):
    if up > 1:
        wide = np.zeros((x.shape[0], x.shape[1] * up, x.shape[2] * up))
        wide[:, ::up, ::up] = x
        x = wide
    x = np.pad(x, ((0, 0), (before, after), (before, after)))
    taps = np.outer([1, 3, 3, 1], [1, 3, 3, 1]) / 64 * gain
    return np.stack([conv(plane[None], taps[None, None])[0] for plane in x])


def linear(name, x, out, activated=False):
    w, b = tensor(name + ".weight", out, len(x)), tensor(name + ".bias", out)
    y = w @ x / np.sqrt(len(x)) + b
    return lrelu(y) if activated else y


def modulated(name, x, style, out, size, demodulate=True, up=False):
    w = tensor(name + ".weight", 1, out, len(x), size, size)[0] / np.sqrt(len(x) * size * size)
    w = w * linear(name + ".modulation", style, len(x))[None, :, None, None]
    if demodulate:
        w = w / np.sqrt((w**2).sum((1, 2, 3), keepdims=True) + 1e-8)
    return fir(upconv(x, w), 1, 1, 4) if up else conv(x, w, pad=size // 2)


def styled(name, x, style, out, layer, up=False):
    y = modulated(name + ".conv", x, style, out, 3, up=up)
    noise = tensor("noises.noise_%d" % layer, 1, 1, y.shape[1], y.shape[2])[0]
    y = y + tensor(name + ".noise.weight", 1)[0] * noise
    return lrelu(y + tensor(name + ".activate.bias", out)[:, None, None])


def colours(name, x, style, skip):
    y = modulated(name + ".conv", x, style, 3, 1, demodulate=False) + tensor(name + ".bias", 1, 3, 1, 1)[0]
    return y if skip is None else y + fir(skip, 2, 1, 4, up=2)


def generator(z, styles):
    x = linear("input", z, channels(4) * 16, True).reshape(-1, 4, 4)
    x = styled("conv1", x, styles[0], channels(4), 0)
    picture = colours("to_rgb1", x, styles[1], None)
    side, i = 8, 1
    while side <= SIDE:
        x = styled("convs.%d" % (i - 1), x, styles[i], channels(side), i, up=True)
        x = styled("convs.%d" % i, x, styles[i + 1], channels(side), i + 1)
        picture = colours("to_rgbs.%d" % (i // 2), x, styles[i + 2], picture)
        side, i = 2 * side, i + 2
    return picture


def layer(name, x, out, size, down=False, activated=True):
    first = 1 if down else 0
    w = tensor("%s.%d.weight" % (name, first), out, len(x), size, size) / np.sqrt(len(x) * size * size)
    if down:
        pad = 2 if size == 3 else 1
        x = fir(x, pad, pad)
    y = conv(x, w, 2 if down else 1, 0 if down else size // 2)
    if activated:
        y = lrelu(y + tensor("%s.%d.bias" % (name, first + 1), out)[:, None, None])
    return y


def critic(pictures):
    features = []
    for x in pictures:
        y, side, i = layer("convs.0", x, channels(SIDE), 1), SIDE, 1
        while side > 4:
            name, out = "convs.%d" % i, channels(side // 2)
            main = layer(name + ".conv2", layer(name + ".conv1", y, len(y), 3), out, 3, True)
            y = (main + layer(name + ".skip", y, out, 1, True, False)) / np.sqrt(2)
            side, i = side // 2, i + 1
        features.append(y)
    features = np.stack(features)
    deviation = np.sqrt(features.var(0) + 1e-8).mean()  # the whole batch is one group of 4
    verdicts = []
    for y in features:
        y = np.concatenate([y, np.full((1,) + y.shape[1:], deviation)])
        y = layer("final_conv", y, channels(4), 3)
        verdicts.append(linear("final_linear.1", linear("final_linear.0", y.ravel(), channels(4), True), 1)[0])
    return verdicts


layers = 2 * int(np.log2(SIDE)) - 2
z, styles = tensor("z", 2, INPUT), tensor("styles", 2, layers, STYLE)
for picture in range(2):
    out = generator(z[picture], styles[picture])
    print("generator", picture, "mean %.6f" % out.mean(), " ".join("%.6f" % v for v in out.ravel()[:: 3 * 64 - 1][:5]))
print("critic", " ".join("%.6f" % v for v in critic(tensor("x", 4, 3, SIDE, SIDE))))
