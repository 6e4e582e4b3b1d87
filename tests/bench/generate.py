"""Pictures of a generator in eager PyTorch with its defaults (float32, NCHW): what `signet bench generate` compares
with. The networks stand in stylegan2_networks.py and diffusion_networks.py; a picture of a seed is the same as
Signet's.

    generate.py ARCH WEIGHTS.safetensors OPTIONS.json THREADS

Answers each line {"seed": s, "count": n} on stdin with {"seconds", "means", "peak_rss_mib"} on stdout: the mean level
of each picture says whether both draw the same.
"""

import json
import sys
import time

import torch

import diffusion_networks
import safetensors
import stylegan2_networks
from seeds import generator_of, mixed_seed
from train_step import peak_memory


class StyleGan2:
    def __init__(self, tensors, options):
        self.t, self.o = tensors, options
        self.synthesis = stylegan2_networks.Synthesis(tensors, options["side"])

    def pictures(self, randoms):
        o = self.o
        style = z = torch.cat([torch.randn(1, o["latent"], generator=r) for r in randoms])
        if o["mappingLayers"] > 0:
            style = stylegan2_networks.mapped(
                self.t, "style.", z, o["mappingLayers"], o["mappingRate"], o["normalised"])
        styles = style[:, None].expand(-1, self.synthesis.layers, -1)
        return self.synthesis(
            z, styles, lambda x: torch.cat([torch.randn(1, 1, *x.shape[2:], generator=r) for r in randoms]))


FORMS = {"stylegan2": StyleGan2, "adm": diffusion_networks.Adm, "ldm": diffusion_networks.Ldm}


def drawn(generator, seed, count):
    randoms = [generator_of(mixed_seed(seed, i)) for i in range(count)]
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
