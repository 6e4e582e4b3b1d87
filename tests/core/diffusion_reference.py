#!/usr/bin/env python3
"""Prints what test_diffusion.cpp compares the networks of core/nn/unet.h and autoencoder.h with.

The U-Net of guided-diffusion and latent-diffusion and the first stage of the latter, written down once more in numpy
and double precision from the published descriptions (Dhariwal & Nichol 2021; Rombach et al. 2022; the names of the
tensors of the published checkpoints). Every tensor has the values 0.1 sin(0.7 k + s), k its index and s the sum of its
name's characters modulo 101, and weights of normalisations 1 more."""
import math

import numpy as np


def made(name, *shape):
    k = np.arange(int(np.prod(shape)))
    return np.sin(0.7 * k + sum(map(ord, name)) % 101).reshape(shape)


def weights(name, *shape):
    values = 0.1 * made(name, *shape) + (1 if len(shape) == 1 and name.endswith("weight") else 0)
    return values.astype(np.float32).astype(np.float64)


def conv(name, x, out, size, stride=1, pads=None):
    w, b = weights(name + ".weight", out, len(x), size, size), weights(name + ".bias", out)
    before, after = pads if pads else (size // 2, size // 2)
    x = np.pad(x, ((0, 0), (before, after), (before, after)))
    rows, columns = (x.shape[1] - size) // stride + 1, (x.shape[2] - size) // stride + 1
    y = np.zeros((out, rows, columns))
    for i in range(size):
        for j in range(size):
            part = x[:, i : i + stride * rows : stride, j : j + stride * columns : stride]
            y += np.einsum("oc,chw->ohw", w[:, :, i, j], part)
    return y + b[:, None, None]


def linear(name, x, out, bias=True):
    y = x @ weights(name + ".weight", out, x.shape[-1]).T
    return y + weights(name + ".bias", out) if bias else y


def group_norm(name, x, eps):
    groups = x.reshape(32, -1)
    groups = (groups - groups.mean(1, keepdims=True)) / np.sqrt(groups.var(1, keepdims=True) + eps)
    w, b = weights(name + ".weight", len(x)), weights(name + ".bias", len(x))
    return groups.reshape(x.shape) * w[:, None, None] + b[:, None, None]


def layer_norm(name, x):
    y = (x - x.mean(-1, keepdims=True)) / np.sqrt(x.var(-1, keepdims=True) + 1e-5)
    return y * weights(name + ".weight", x.shape[-1]) + weights(name + ".bias", x.shape[-1])


def silu(x):
    return x / (1 + np.exp(-x))


def gelu(x):
    return 0.5 * x * (1 + np.vectorize(math.erf)(x / math.sqrt(2)))


def softmax(x):
    e = np.exp(x - x.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


def twice(x):
    return x.repeat(2, 1).repeat(2, 2)


def half(x):
    return x.reshape(len(x), x.shape[1] // 2, 2, x.shape[2] // 2, 2).mean((2, 4))


def attend(q, k, v):
    """q [T,w], k, v [S,w] of one head."""
    return softmax(q @ k.T / math.sqrt(q.shape[1])) @ v


class UNet:
    def __init__(self, out, heads_first=False, scale_shift=True, blocks_resample=True, context=None, classes=0, width=32):
        self.out, self.heads_first, self.scale_shift = out, heads_first, scale_shift
        self.blocks_resample, self.context, self.classes, self.width = blocks_resample, context, classes, width

    def block(self, name, x, out, change=lambda x: x):
        h = conv(name + ".in_layers.2", change(silu(group_norm(name + ".in_layers.0", x, 1e-5))), out, 3)
        x = change(x)
        told = linear(name + ".emb_layers.1", silu(self.told), (2 if self.scale_shift else 1) * out)[:, None, None]
        if self.scale_shift:
            h = group_norm(name + ".out_layers.0", h, 1e-5) * (1 + told[:out]) + told[out:]
        else:
            h = group_norm(name + ".out_layers.0", h + told, 1e-5)
        h = conv(name + ".out_layers.3", silu(h), out, 3)
        return h + (x if len(x) == out else conv(name + ".skip_connection", x, out, 1))

    def attention(self, name, x):
        heads, c = 2, len(x)
        if self.context is not None:
            return self.transformer(name, x, heads)
        rows = group_norm(name + ".norm", x, 1e-5).reshape(c, -1).T
        w, b = weights(name + ".qkv.weight", 3 * c, c, 1)[:, :, 0], weights(name + ".qkv.bias", 3 * c)
        qkv, n, result = rows @ w.T + b, c // heads, []
        for h in range(heads):
            if self.heads_first:
                q, k, v = (qkv[:, (3 * h + i) * n : (3 * h + i + 1) * n] for i in range(3))
            else:
                q, k, v = (qkv[:, i * c + h * n : i * c + (h + 1) * n] for i in range(3))
            result.append(attend(q, k, v))
        w, b = weights(name + ".proj_out.weight", c, c, 1)[:, :, 0], weights(name + ".proj_out.bias", c)
        return x + (np.concatenate(result, 1) @ w.T + b).T.reshape(x.shape)

    def cross(self, name, x, context, heads):
        c = x.shape[1]
        q, k, v = (linear(name + t, s, c, False) for t, s in ((".to_q", x), (".to_k", context), (".to_v", context)))
        n = c // heads
        parts = [attend(*(t[:, h * n : (h + 1) * n] for t in (q, k, v))) for h in range(heads)]
        return linear(name + ".to_out.0", np.concatenate(parts, 1), c)

    def transformer(self, name, x, heads):
        c, inner = len(x), name + ".transformer_blocks.0"
        rows = conv(name + ".proj_in", group_norm(name + ".norm", x, 1e-6), c, 1).reshape(c, -1).T
        y = layer_norm(inner + ".norm1", rows)
        rows = rows + self.cross(inner + ".attn1", y, y, heads)
        rows = rows + self.cross(inner + ".attn2", layer_norm(inner + ".norm2", rows), self.context, heads)
        y = linear(inner + ".ff.net.0.proj", layer_norm(inner + ".norm3", rows), 8 * c)
        rows = rows + linear(inner + ".ff.net.2", y[:, : 4 * c] * gelu(y[:, 4 * c :]), c)
        return x + conv(name + ".proj_out", rows.T.reshape(x.shape), c, 1)

    def resample(self, name, x, up):
        if self.blocks_resample:
            return self.block(name, x, len(x), twice if up else half)
        return conv(name + ".conv", twice(x), len(x), 3) if up else conv(name + ".op", x, len(x), 3, 2)

    def __call__(self, x, t, label=0):
        c = self.width
        f = np.exp(-math.log(10000) * np.arange(c // 2) / (c // 2))
        told = linear("time_embed.0", np.concatenate([np.cos(t * f), np.sin(t * f)]), 4 * c)
        self.told = linear("time_embed.2", silu(told), 4 * c)
        if self.classes:
            self.told = self.told + weights("label_emb.weight", self.classes, 4 * c)[label]
        # Two levels, one block each, attention at the coarse one.
        h0 = conv("input_blocks.0.0", x, c, 3)
        h1 = self.block("input_blocks.1.0", h0, c)
        h2 = self.resample("input_blocks.2.0", h1, False)
        h3 = self.attention("input_blocks.3.1", self.block("input_blocks.3.0", h2, 2 * c))
        h = self.block("middle_block.0", h3, 2 * c)
        h = self.block("middle_block.2", self.attention("middle_block.1", h), 2 * c)
        h = self.attention("output_blocks.0.1", self.block("output_blocks.0.0", np.concatenate([h, h3]), 2 * c))
        h = self.attention("output_blocks.1.1", self.block("output_blocks.1.0", np.concatenate([h, h2]), 2 * c))
        h = self.resample("output_blocks.1.2", h, True)
        h = self.block("output_blocks.2.0", np.concatenate([h, h1]), c)
        h = self.block("output_blocks.3.0", np.concatenate([h, h0]), c)
        return conv("out.2", silu(group_norm("out.0", h, 1e-5)), self.out, 3)


def latent_block(name, x, out):
    h = conv(name + ".conv1", silu(group_norm(name + ".norm1", x, 1e-6)), out, 3)
    h = conv(name + ".conv2", silu(group_norm(name + ".norm2", h, 1e-6)), out, 3)
    return h + (x if len(x) == out else conv(name + ".nin_shortcut", x, out, 1))


def latent_attention(name, x):
    h, c = group_norm(name + ".norm", x, 1e-6), len(x)
    q, k, v = (conv(name + "." + t, h, c, 1).reshape(c, -1).T for t in "qkv")
    return x + conv(name + ".proj_out", attend(q, k, v).T.reshape(x.shape), c, 1)


def middle(name, x):
    h = latent_attention(name + ".attn_1", latent_block(name + ".block_1", x, len(x)))
    return latent_block(name + ".block_2", h, len(x))


def encoder(x, c=32, z=3):
    """Multipliers 1, 2; one block; attention at half the size."""
    h = latent_block("encoder.down.0.block.0", conv("encoder.conv_in", x, c, 3), c)
    h = conv("encoder.down.0.downsample.conv", h, c, 3, 2, (0, 1))
    h = latent_attention("encoder.down.1.attn.0", latent_block("encoder.down.1.block.0", h, 2 * c))
    h = silu(group_norm("encoder.norm_out", middle("encoder.mid", h), 1e-6))
    return conv("quant_conv", conv("encoder.conv_out", h, z, 3), 4, 1)


def quantised(h, codes=7):
    book = weights("quantize.embedding.weight", codes, len(h))
    rows = h.reshape(len(h), -1).T
    nearest = ((rows[:, None] - book[None]) ** 2).sum(2).argmin(1)
    return book[nearest].T.reshape(h.shape), nearest


def decoder(h, c=32, z=3):
    h = middle("decoder.mid", conv("decoder.conv_in", conv("post_quant_conv", h, z, 1), 2 * c, 3))
    for i in range(2):
        h = latent_block("decoder.up.1.block.%d" % i, h, 2 * c)
        h = latent_attention("decoder.up.1.attn.%d" % i, h)
    h = conv("decoder.up.1.upsample.conv", twice(h), 2 * c, 3)
    for i in range(2):
        h = latent_block("decoder.up.0.block.%d" % i, h, c)
    return conv("decoder.conv_out", silu(group_norm("decoder.norm_out", h, 1e-6)), 3, 3)


def show(what, y):
    print(what, "mean %.6f" % y.mean(), " ".join("%.6f" % v for v in y.ravel()[::37][:5]))


x = made("x", 3, 8, 8)
show("adm", UNet(6, classes=3)(x, 250, 2))
show("heads first", UNet(3, heads_first=True, scale_shift=False, blocks_resample=False)(x, 7))
show("transformer", UNet(3, scale_shift=False, blocks_resample=False, context=made("context", 2, 5))(x, 999))
latent = encoder(x)
show("encoded", latent)
book, nearest = quantised(latent)
print("codes", *nearest)
show("decoded", decoder(latent))
