"""One training step of Signet's stage 1 in eager PyTorch with its defaults (float32, NCHW, unfused Adam): what
`signet bench train` compares with.

    train_step.py START.safetensors THREADS

START holds the weights ("net.*") and the batch Signet starts from, and its options as metadata. Answers each line of
random numbers on stdin, {"bits": [...]}, with one step: {"seconds", "cpu_seconds", "losses", "peak_rss_mib"} on stdout.
"""

import json
import math
import sys
import time

import torch
import torch.nn.functional as F

import attacks
import compact_networks
import paper_networks
import safetensors


def peak_memory():
    """MiB; getrusage would count what the process that started this one had."""
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) / 1024


class PaperStep:
    """Paper A's W and F, fact sheet 1.4."""

    def __init__(self, options):
        self.options = options
        bits = options["network"]["bits"]
        self.injector, self.detector = paper_networks.UNet(bits), paper_networks.ResNet34(bits)

    def losses(self, x, step, draws):
        code = torch.ones(len(x), 1)
        image = torch.tanh(self.injector(x, code))
        views = torch.cat([attacks.paper_augmentation(attacks.quantized(image), draws),
                           attacks.paper_augmentation(x, draws)])
        logits = self.detector(views)
        labels = torch.cat([code, torch.zeros_like(code)])
        weight = self.options["lambda"] * min(1.0, step / self.options["ramp"])
        self.accuracy = ((logits > 0) == (labels > 0.5)).float().mean().item()
        return {"reconstruction": F.mse_loss(image, x),
                "classification": weight * F.binary_cross_entropy_with_logits(logits, labels)}


class PresenceStep:
    """The compact networks without a code under attack: core/signature/ladder_objective.cpp."""

    def __init__(self, options):
        self.options = options
        network = options["network"]
        self.injector = compact_networks.Injector(network["injectorWidths"])
        self.detector = compact_networks.Detector(network["detectorWidths"])
        self.errors = [0.1] * attacks.KINDS
        self.db = options["startDb"]

    def kind(self, draws):
        if not draws.chance(self.options["worstShare"]):
            return draws.index(attacks.KINDS)
        at = draws.uniform() * sum(self.errors)
        for kind, error in enumerate(self.errors[:-1]):
            at -= error
            if at < 0:
                return kind
        return attacks.KINDS - 1

    def attacked(self, x, draws):
        parts, kinds = [], []
        for part in x.split(3):
            kind = self.kind(draws)
            kinds += [kind] * len(part)
            part = attacks.photometric(kind, part, draws)
            if draws.chance(self.options["attackBoth"]):
                part = attacks.photometric(self.kind(draws), part, draws)
            parts.append(part)
        return torch.cat(parts), kinds

    def losses(self, x, _step, draws):
        o = self.options
        raw = self.injector(F.avg_pool2d(x, 2))
        rms = raw.square().mean((1, 2, 3), keepdim=True).sqrt() + 1e-8
        residual = raw / rms * (2 * 10 ** (-self.db / 20))
        signed = attacks.quantized((x + F.interpolate(residual, size=x.shape[2:], mode="bilinear")).clamp(-1, 1))
        (signed, kinds), (real, _) = self.attacked(signed, draws), self.attacked(x, draws)
        maps = [attacks.geometry(len(x), o["cropSide"], o["rotation"], o["flipShare"], draws) for _ in range(2)]
        views = torch.cat([attacks.warp(signed, maps[0]), attacks.warp(real, maps[1])])
        presence = self.detector.locator(F.avg_pool2d(views, 2)).mean((1, 2, 3))
        signed, real = presence.split(len(x))
        for kind, found in zip(kinds, (signed > 0).float().tolist()):
            self.errors[kind] = 0.99 * self.errors[kind] + 0.01 * max(0.01, 1 - found)
        self.accuracy = 0.5 * ((signed > 0).float().mean() + (real <= 0).float().mean()).item()
        return {"presence": 0.5 * (F.softplus(-signed).mean() + F.softplus(real).mean())}


def main():
    path, threads = sys.argv[1], int(sys.argv[2])
    torch.set_num_threads(threads)
    tensors, metadata = safetensors.read(path)
    options = json.loads(metadata["options"])
    job = (PaperStep if options["objective"] == "paper" else PresenceStep)(options)
    networks = {"injector": job.injector, "detector": job.detector}
    for name, network in networks.items():
        prefix = f"net.{name}."
        network.load_state_dict({k[len(prefix):]: v for k, v in tensors.items() if k.startswith(prefix)})
    parameters = [p for network in networks.values() for p in network.parameters()]
    if metadata.get("dropout") == "off":
        for module in job.injector.modules():
            if isinstance(module, torch.nn.Dropout):
                module.p = 0.0
    adam = torch.optim.Adam(parameters, lr=options["learningRate"])
    x = tensors["batch"]
    print(json.dumps({"parameters": sum(p.numel() for p in parameters), "torch": torch.__version__}), flush=True)

    for step, line in enumerate(sys.stdin):
        draws = attacks.Draws(json.loads(line)["bits"])
        start, cpu = time.perf_counter(), time.process_time()
        torch.manual_seed(draws.next())
        losses = job.losses(x, step + int(metadata["step"]), draws)
        adam.zero_grad()
        sum(losses.values()).backward()
        if options["clip"] > 0:
            torch.nn.utils.clip_grad_norm_(parameters, options["clip"])
        adam.step()
        values = {name: loss.item() for name, loss in losses.items()}
        seconds = time.perf_counter() - start
        if not all(map(math.isfinite, values.values())):
            sys.exit(f"a loss is not finite: {values}")
        peak = peak_memory()
        cpu = time.process_time() - cpu
        print(json.dumps({"seconds": seconds, "cpu_seconds": cpu, "losses": values, "peak_rss_mib": peak}), flush=True)


if __name__ == "__main__":
    main()
