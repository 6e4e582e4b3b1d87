"""One training step of Signet in eager PyTorch with its defaults (float32, NCHW, unfused Adam): what `signet bench
train` compares with. Stage 1's stand here, those of the other tasks in generator_steps.py.

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
import generator_steps
import paper_networks
import safetensors


def peak_memory():
    """MiB; getrusage would count what the process that started this one had."""
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) / 1024


class SignatureStep:
    """Injector and detector learn from the sum of losses()."""

    def __init__(self, options, tensors, injector, detector):
        self.options, self.injector, self.detector = options, injector, detector
        injector.load_state_dict(safetensors.part(tensors, "injector."))
        detector.load_state_dict(safetensors.part(tensors, "detector."))
        self.parameters = [*injector.parameters(), *detector.parameters()]
        self.adam = torch.optim.Adam(self.parameters, lr=options["learningRate"])

    def step(self, x, step, draws):
        torch.manual_seed(draws.next())
        losses = self.losses(x, step, draws)
        self.adam.zero_grad()
        sum(losses.values()).backward()
        if self.options["clip"] > 0:
            torch.nn.utils.clip_grad_norm_(self.parameters, self.options["clip"])
        self.adam.step()
        return {name: loss.item() for name, loss in losses.items()}


class PaperStep(SignatureStep):
    """Paper A's W and F, fact sheet 1.4."""

    def __init__(self, options, tensors):
        bits = options["network"]["bits"]
        super().__init__(options, tensors, paper_networks.UNet(bits), paper_networks.ResNet34(bits))

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


class PresenceStep(SignatureStep):
    """The compact networks without a code under attack: core/signature/ladder_objective.cpp."""

    def __init__(self, options, tensors):
        network = options["network"]
        super().__init__(options, tensors, compact_networks.Injector(network["injectorWidths"]),
                         compact_networks.Detector(network["detectorWidths"]))
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


def made(options, tensors):
    if options["task"] == "signature":
        return (PaperStep if options["objective"] == "paper" else PresenceStep)(options, tensors)
    return generator_steps.TASKS[options["task"]](options, tensors)


def main():
    path, threads = sys.argv[1], int(sys.argv[2])
    torch.set_num_threads(threads)
    tensors, metadata = safetensors.read(path)
    job = made(json.loads(metadata["options"]), safetensors.part(tensors, "net."))
    x = tensors["batch"]
    print(json.dumps({"parameters": sum(p.numel() for p in job.parameters), "torch": torch.__version__}), flush=True)

    for step, line in enumerate(sys.stdin):
        draws = attacks.Draws(json.loads(line)["bits"])
        start, cpu = time.perf_counter(), time.process_time()
        values = job.step(x, step + int(metadata["step"]), draws)
        seconds = time.perf_counter() - start
        if not all(map(math.isfinite, values.values())):
            sys.exit(f"a loss is not finite: {values}")
        peak = peak_memory()
        cpu = time.process_time() - cpu
        print(json.dumps({"seconds": seconds, "cpu_seconds": cpu, "losses": values, "peak_rss_mib": peak}), flush=True)


if __name__ == "__main__":
    main()
