"""Training steps of diffusion, StyleGAN2, autoencoder and paper B's networks in eager PyTorch, as core/generators and
core/fingerprint define them: of these `signet bench train` compares one with Signet's. What the compared presets do
not have is left out: classes, learning rates that fall, path lengths, perceptual distances, immunisation. Gradient
norms, which Signet notes, are not measured here.

Random numbers are drawn from the generator that Signet seeds for the step, in the same order; only dropout's masks are
PyTorch's own.
"""

import math

import torch
import torch.nn.functional as F
from torch import nn

import stylegan2_networks
from diffusion_networks import Autoencoder, Denoiser, betas_of, kept_of
from safetensors import part
from seeds import generator_of, mixed_seed


def learning(tensors):
    """Those of a network that learn, as leaves: all but a synthesis network's fixed noise."""
    return [t.requires_grad_() for name, t in tensors.items() if "noises." not in name]


def adam_of(parameters, rate, beta1, beta2, every=0):
    """every: of so many steps one has a regulariser too, whose step takes part of rate and beta2 (Karras et al. 2020,
    appendix B)."""
    share = every / (every + 1) if every else 1
    return torch.optim.Adam(parameters, lr=rate * share, betas=(float(beta1), beta2**share))


def learn(loss, *adams):
    for adam in adams:
        adam.zero_grad()
    loss.backward()
    for adam in adams:
        adam.step()


def values_of(losses):
    return {name: loss.item() for name, loss in losses.items()}


class Average:
    """core/training/weight_average.h."""

    def __init__(self, parameters, decay):
        self.parameters, self.decay, self.steps = parameters, decay, 0
        self.averages = [p.detach().clone() for p in parameters]

    @torch.no_grad()
    def update(self):
        self.steps += 1
        decay = min(self.decay, (1 + self.steps) / (10 + self.steps))
        for average, parameter in zip(self.averages, self.parameters):
            average.lerp_(parameter, 1 - decay)


class DiffusionStep:
    """core/generators/diffusion_training.cpp and diffusion.cpp, of pictures, with a learned variance."""

    def __init__(self, options, tensors):
        self.o = options
        weights = {name: tensor for name, tensor in tensors.items() if name != "scale_factor"}
        self.parameters = learning(weights)
        self.denoiser = Denoiser(weights, options)
        self.denoiser.dropout = options["dropout"]
        self.adam = adam_of(self.parameters, options["learningRate"], 0.9, 0.999)
        self.average = Average(self.parameters, options["ema"])
        kept, beta = (torch.tensor(f(options), dtype=torch.float64) for f in (kept_of, betas_of))
        before = torch.cat([torch.ones(1, dtype=torch.float64), kept[:-1]])
        posterior = (beta * (1 - before) / (1 - kept)).log()
        posterior[0] = posterior[1]
        self.columns = {
            "picture": kept.sqrt(), "noise": (1 - kept).sqrt(), "x": kept.rsqrt(), "out": (1 / kept - 1).sqrt(),
            "of_picture": beta * before.sqrt() / (1 - kept), "of_x": (1 - before) * (1 - beta).sqrt() / (1 - kept),
            "beta": beta.log(), "posterior": posterior}

    def losses(self, pictures, numbers):
        steps = torch.randint(self.o["timesteps"], (len(pictures),), generator=numbers)
        noise = torch.randn(pictures.shape, generator=numbers)
        c = {name: column[steps].float().view(-1, 1, 1, 1) for name, column in self.columns.items()}
        x = c["picture"] * pictures + c["noise"] * noise
        found, said = self.denoiser(x, steps).chunk(2, 1)
        share = (said + 1) / 2
        logs = share * c["beta"] + (1 - share) * c["posterior"]
        mean = c["of_picture"] * (c["x"] * x - c["out"] * found.detach()) + c["of_x"] * x
        true = c["of_picture"] * pictures + c["of_x"] * x
        apart = 0.5 * (logs - c["posterior"] - 1 + (c["posterior"] - logs).exp()
                       + (true - mean).square() * (-logs).exp())
        bound = torch.where(steps == 0, -self.likelihood(pictures, mean, logs).flatten(1).mean(1),
                            apart.flatten(1).mean(1)).mean() / math.log(2)
        return {"noise": (found - noise).square().mean(), "bound": bound}

    @staticmethod
    def likelihood(pictures, mean, logs):
        """Of 8-bit values, in nats (Ho et al. 2020, Eq. 13)."""
        inverse = (-0.5 * logs).exp()
        below, above = (0.5 * (1 + torch.erf((pictures - mean + half) * inverse / math.sqrt(2)))
                        for half in (1 / 255, -1 / 255))
        share = torch.where(pictures < -0.999, below, torch.where(pictures > 0.999, 1 - above, below - above))
        return share.clamp_min(1e-12).log()

    def step(self, pictures, step, draws):
        numbers = generator_of(mixed_seed(draws.next(), 0))
        torch.manual_seed(draws.next())  # of dropout
        losses = self.losses(pictures, numbers)
        self.adam.zero_grad()
        (losses["noise"] + losses["bound"]).backward()
        if self.o["clip"] > 0:
            nn.utils.clip_grad_norm_(self.parameters, self.o["clip"])
        warm = min(1.0, (step + 1) / self.o["warmUp"]) if self.o["warmUp"] else 1.0
        self.adam.param_groups[0]["lr"] = self.o["learningRate"] * warm
        self.adam.step()
        self.average.update()
        return values_of(losses)


class Adversary:
    """core/generators/adversary.h with the logistic loss."""

    def __init__(self, options, tensors):
        self.t, self.r1, self.every = tensors, options["r1"], options["r1Every"]
        self.parameters = learning(tensors)
        self.adam = adam_of(self.parameters, options["learningRate"], 0, options["beta2"], self.every if self.r1 else 0)

    def verdict(self, pictures):
        return stylegan2_networks.verdict(self.t, pictures)

    def resistance(self, pictures):
        for parameter in self.parameters:
            parameter.requires_grad_(False)
        loss = F.softplus(-self.verdict(pictures)).mean()
        for parameter in self.parameters:
            parameter.requires_grad_()
        return loss

    def learn(self, real, drawn, step):
        loss = F.softplus(self.verdict(drawn)).mean() + F.softplus(-self.verdict(real)).mean()
        learn(loss, self.adam)
        if self.r1 and step % self.every == 0:
            here = real.clone().requires_grad_()
            slope = torch.autograd.grad(self.verdict(here).sum(), here, create_graph=True)[0]
            learn(slope.square().sum((1, 2, 3)).mean() * (self.r1 / 2 * self.every), self.adam)
        return loss


def fresh_noise(numbers):
    return lambda x: torch.randn(len(x), 1, *x.shape[2:], generator=numbers)


def average_of(parameters, options):
    return Average(parameters, 0.5 ** (options["batch"] / options["averageImages"]))


class StyleGan2Step:
    """core/generators/stylegan2_training.cpp, of a generator with a mapping."""

    def __init__(self, options, tensors):
        self.o = options
        self.t = {name: tensor for name, tensor in tensors.items() if not name.startswith("critic.")}
        self.synthesis = stylegan2_networks.Synthesis(self.t, options["side"])
        self.parameters = learning(self.t)
        self.adam = adam_of(self.parameters, options["learningRate"], 0, options["beta2"], options["pathEvery"])
        self.adversary = Adversary(options, part(tensors, "critic."))
        self.average = average_of(self.parameters, options)

    def fresh_styles(self, count, numbers):
        o = self.o
        z = torch.randn(count, o["latent"], generator=numbers)
        style = stylegan2_networks.mapped(
            self.t, "style.", z, o["mappingLayers"], o["mappingRate"], o["normalised"])
        return style[:, None].expand(-1, self.synthesis.layers, -1)

    def mixed_styles(self, count, numbers):
        layers = self.synthesis.layers
        styles = self.fresh_styles(count, numbers)
        if self.o["styleMixing"] <= 0:
            return styles
        others = self.fresh_styles(count, numbers)
        mixes = torch.rand(count, 1, generator=numbers) < self.o["styleMixing"]
        crossing = torch.randint(1, layers, (count, 1), generator=numbers)
        first = torch.arange(layers)[None] < torch.where(mixes, crossing, layers)
        return torch.where(first[:, :, None], styles, others)

    def step(self, real, step, draws):
        numbers = generator_of(mixed_seed(draws.next(), 0))
        drawn = self.synthesis(None, self.mixed_styles(len(real), numbers), fresh_noise(numbers))
        adversarial = self.adversary.resistance(drawn)
        learn(adversarial, self.adam)
        critic = self.adversary.learn(real, drawn.detach(), step)
        self.average.update()
        return values_of({"adversarial": adversarial, "critic": critic})


class AutoencoderStep:
    """core/generators/autoencoder_training.cpp, with a codebook."""

    def __init__(self, options, tensors):
        self.o = options
        self.t = {name: tensor for name, tensor in tensors.items() if not name.startswith("critic.")}
        self.autoencoder = Autoencoder(self.t, options)
        self.parameters = learning(self.t)
        self.critic = self.patch_critic(options["criticWidth"], options["criticHalvings"])
        self.critic.load_state_dict(part(tensors, "critic.main."))
        self.adam, self.judging = (adam_of(parameters, options["learningRate"], 0.5, 0.9)
                                   for parameters in (self.parameters, self.critic.parameters()))
        self.used = torch.zeros(options["codes"], dtype=torch.int64)

    @staticmethod
    def patch_critic(width, halvings):
        critic, channels = nn.Sequential(nn.Conv2d(3, width, 4, 2, 1), nn.LeakyReLU(0.2)), width
        for i in range(1, halvings + 1):
            out = width * min(2**i, 8)
            critic.extend([nn.Conv2d(channels, out, 4, 2 if i < halvings else 1, 1, bias=False), nn.BatchNorm2d(out),
                           nn.LeakyReLU(0.2)])
            channels = out
        return critic.append(nn.Conv2d(channels, 1, 4, 1, 1))

    def quantised(self, z):
        """Latent, loss, numbers of the codes."""
        rows = z.permute(0, 2, 3, 1)
        with torch.no_grad():
            codes = self.autoencoder.nearest(rows.reshape(-1, rows.shape[3]))
        found = F.embedding(codes, self.t["quantize.embedding.weight"]).view(rows.shape)
        loss = (found.detach() - rows).square().mean() + 0.25 * (found - rows.detach()).square().mean()
        return (rows + (found - rows).detach()).permute(0, 3, 1, 2), loss, codes

    @torch.no_grad()
    def count(self, codes, latents, numbers, step):
        """Restarts codes that no place took."""
        every = self.o["restartEvery"]
        if not every:
            return
        self.used += torch.bincount(codes, minlength=len(self.used))
        if (step + 1) % every:
            return
        dead = (self.used == 0).nonzero().flatten()
        self.used.zero_()
        if len(dead):
            rows = latents.permute(0, 2, 3, 1).flatten(0, 2)
            chosen = torch.randint(len(rows), (len(dead),), generator=numbers)
            self.t["quantize.embedding.weight"].index_copy_(0, dead, rows[chosen])

    def step(self, pictures, step, draws):
        numbers = generator_of(mixed_seed(draws.next(), 0))
        encoded = self.autoencoder.encode(pictures)
        latent, loss, codes = self.quantised(encoded)
        back = self.autoencoder.decode(latent)
        self.count(codes, encoded, numbers, step)
        losses = {"error": (pictures - back).abs().mean(), "latent": loss * self.o["codebook"]}
        total = losses["error"] + losses["latent"]
        judged = self.o["adversarial"] > 0 and step >= self.o["adversarialFrom"]
        if judged:
            self.critic.requires_grad_(False)
            losses["adversarial"] = -self.critic(back).mean()
            last = self.t["decoder.conv_out.weight"]
            error, verdict = (torch.autograd.grad(losses[name], last, retain_graph=True)[0].norm()
                              for name in ("error", "adversarial"))
            weight = (error / (verdict + 1e-4)).clamp(0, 1e4).item() * self.o["adversarial"]
            total = total + weight * losses["adversarial"]
        learn(total, self.adam)
        if judged:
            self.critic.requires_grad_()
            losses["critic"] = 0.5 * (F.relu(1 - self.critic(pictures)).mean()
                                      + F.relu(1 + self.critic(back.detach())).mean())
            learn(losses["critic"], self.judging)
        return values_of(losses)


class FingerprintStep:
    """core/fingerprint/fingerprint_training.cpp, paper B's published variant with all bits and the paper's losses."""

    def __init__(self, options, tensors):
        self.o, self.encoder, self.decoder = options, part(tensors, "encoder."), part(tensors, "decoder.")
        generator = part(tensors, "generator.")
        self.synthesis = stylegan2_networks.Synthesis(generator, options["side"])
        drawing, decoding = learning(self.encoder) + learning(generator), learning(self.decoder)
        self.parameters = drawing + decoding
        self.adams = [adam_of(parameters, options["learningRate"] * times, 0, options["beta2"], options["pathEvery"])
                      for parameters, times in ((drawing, 1), (decoding, options["decoderRate"]))]
        self.adversary = Adversary(options, part(tensors, "critic."))
        self.average = average_of(drawing, options)

    def fresh_codes(self, count, numbers):
        return torch.randint(2, (count, self.o["bits"]), generator=numbers, dtype=torch.float32)

    def drawn(self, z, codes, numbers):
        bits = codes * 2 - 1 if self.o["signedBits"] else codes
        style = stylegan2_networks.mapped(
            self.encoder, "", bits, self.o["mappingLayers"], self.o["mappingRate"], False)
        return self.synthesis(z, style[:, None].expand(-1, self.synthesis.layers, -1), fresh_noise(numbers))

    def step(self, real, step, draws):
        o, count = self.o, len(real)
        numbers = generator_of(mixed_seed(draws.next(), 0))
        z = torch.randn(count, o["latent"], generator=numbers)
        codes = self.fresh_codes(count, numbers)
        drawn = self.drawn(z, codes, numbers)
        again = self.drawn(z, self.fresh_codes(count, numbers), numbers)
        latent, logits = stylegan2_networks.verdict(self.decoder, drawn, deviation=False).split(
            [o["latent"], o["bits"]], 1)
        losses = {"bits": F.binary_cross_entropy_with_logits(logits, codes),
                  "adversarial": self.adversary.resistance(drawn),
                  "latent": (z - latent).square().mean(),
                  "consistency": (drawn - again).square().mean()}
        weights = {"bits": "bitsWeight", "adversarial": "adversarial", "latent": "latentWeight",
                   "consistency": "consistency"}
        learn(sum(losses[name] * o[weight] for name, weight in weights.items()), *self.adams)
        self.accuracy = ((logits > 0) == (codes > 0.5)).float().mean().item()
        losses["critic"] = self.adversary.learn(real, drawn.detach(), step)
        self.average.update()
        return values_of(losses)


TASKS = {"diffusion": DiffusionStep, "stylegan2": StyleGan2Step, "autoencoder": AutoencoderStep,
         "fingerprint": FingerprintStep}
