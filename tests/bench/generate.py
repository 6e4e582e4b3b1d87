"""Pictures of a generator in eager PyTorch with its defaults (float32, NCHW): what `signet bench generate` compares
with. StyleGAN2's form stands here, diffusions in diffusion_networks.py. Written from the published descriptions; a
picture of a seed is the same as Signet's.

    generate.py ARCH WEIGHTS.safetensors OPTIONS.json THREADS

Answers each line {"seed": s, "count": n} on stdin with {"seconds", "means", "peak_rss_mib"} on stdout: the mean level
of each picture says whether both draw the same.
"""

import json
import math
import sys
import time

import torch
import torch.nn.functional as F

import diffusion_networks
import safetensors
from train_step import peak_memory

MASK = (1 << 64) - 1


def mixed_seed(seed, number):
    """SplitMix64's finaliser, as core/base/random.h has it."""
    z = (seed + 0x9E3779B97F4A7C15 * (number + 1)) & MASK
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
    return z ^ (z >> 31)


def activated(x):
    return F.leaky_relu(x, 0.2) * math.sqrt(2)


def linear(x, weight, bias, rate=1.0):
    return F.linear(x, weight * (rate / math.sqrt(weight.shape[1])), bias * rate)


TAPS = torch.tensor([1.0, 3.0, 3.0, 1.0])
FILTER = (TAPS[:, None] * TAPS[None, :] / 64)[None, None]


def up_fir(x, up, pads, gain):
    """Zeros between the places, pads, the filter as a convolution of each channel by itself."""
    batch, channels, height, width = x.shape
    x = x.reshape(-1, 1, height, 1, width, 1)
    x = F.pad(x, [0, up - 1, 0, 0, 0, up - 1]).reshape(-1, 1, height * up, width * up)
    x = F.conv2d(F.pad(x, [pads[0], pads[1], pads[0], pads[1]]), FILTER * gain)
    return x.reshape(batch, channels, *x.shape[2:])


class Generator:
    def __init__(self, tensors, options):
        self.t, self.o = tensors, options
        self.mapped = options["mappingLayers"] > 0

    def convolved(self, name, x, style, up=False, demodulate=True):
        weight = self.t[name + ".conv.weight"][0]
        weight = weight / math.sqrt(weight[0].numel())
        scale = None
        if name + ".conv.modulation.weight" in self.t:
            scale = linear(style, self.t[name + ".conv.modulation.weight"], self.t[name + ".conv.modulation.bias"])
            x = x * scale[:, :, None, None]
        if up:
            x = up_fir(F.conv_transpose2d(x, weight.transpose(0, 1), stride=2), 1, (1, 1), 4)
        else:
            x = F.conv2d(x, weight, padding=weight.shape[2] // 2)
        if scale is not None and demodulate:
            length = scale.square() @ weight.square().sum((2, 3)).t()
            x = x * torch.rsqrt(length + 1e-8)[:, :, None, None]
        return x

    def styled(self, name, x, style, randoms, up=False):
        x = self.convolved(name, x, style, up)
        noise = torch.cat([torch.randn(1, 1, *x.shape[2:], generator=r) for r in randoms])
        x = x + self.t[name + ".noise.weight"] * noise
        return activated(x + self.t[name + ".activate.bias"][None, :, None, None])

    def colours(self, name, x, style, skip=None):
        x = self.convolved(name, x, style, demodulate=False) + self.t[name + ".bias"]
        return x if skip is None else x + up_fir(skip, 2, (2, 1), 4)

    def pictures(self, randoms):
        count = len(randoms)
        z = torch.cat([torch.randn(1, self.o["latent"], generator=r) for r in randoms])
        style = z
        if self.mapped:
            if self.o["normalised"]:
                style = style * torch.rsqrt(style.square().mean(1, keepdim=True) + 1e-8)
            for layer in range(1, self.o["mappingLayers"] + 1):
                style = activated(linear(style, self.t[f"style.{layer}.weight"], self.t[f"style.{layer}.bias"],
                                         self.o["mappingRate"]))
            x = self.t["input.input"].expand(count, -1, -1, -1)
        else:
            x = activated(linear(z, self.t["input.weight"], self.t["input.bias"])).reshape(count, -1, 4, 4)
        x = self.styled("conv1", x, style, randoms)
        picture = self.colours("to_rgb1", x, style)
        for level in range(int(math.log2(self.o["side"])) - 2):
            x = self.styled(f"convs.{2 * level}", x, style, randoms, up=True)
            x = self.styled(f"convs.{2 * level + 1}", x, style, randoms)
            picture = self.colours(f"to_rgbs.{level}", x, style, picture)
        return picture


FORMS = {"stylegan2": Generator, "adm": diffusion_networks.Adm, "ldm": diffusion_networks.Ldm}


def drawn(generator, seed, count):
    randoms = [torch.Generator().manual_seed(mixed_seed(seed, i)) for i in range(count)]
    pictures = generator.pictures(randoms)
    return ((pictures.clamp(-1, 1) + 1) * 127.5).round().to(torch.uint8).permute(0, 2, 3, 1).contiguous()


def main():
    arch, weights, options, threads = sys.argv[1], sys.argv[2], json.loads(open(sys.argv[3]).read()), int(sys.argv[4])
    torch.set_num_threads(threads)
    generator = FORMS[arch](safetensors.read(weights)[0], options)
    print(json.dumps({"torch": torch.__version__}), flush=True)
    for line in sys.stdin:
        question = json.loads(line)
        start = time.perf_counter()
        with torch.inference_mode():
            pictures = drawn(generator, question["seed"], question["count"])
        seconds = time.perf_counter() - start
        means = [p.float().mean().item() for p in pictures]
        print(json.dumps({"seconds": seconds, "means": means, "peak_rss_mib": peak_memory()}), flush=True)


if __name__ == "__main__":
    main()
