"""Diffusion generators in eager PyTorch with its defaults: ADM (one U-Net, or a second that enlarges) and latent
diffusion, for `signet bench generate` and `signet bench train`. Written from the published descriptions (Dhariwal &
Nichol 2021; Rombach et al. 2022); a picture of a seed is the same as Signet's."""

import math

import torch
import torch.nn.functional as F

from safetensors import part


def group_norm(t, name, x, groups, eps=1e-5):
    return F.group_norm(x, groups, t[name + ".weight"], t[name + ".bias"], eps)


def conv(t, name, x, stride=1, padding=None):
    weight = t[name + ".weight"]
    return F.conv2d(x, weight, t[name + ".bias"], stride, weight.shape[2] // 2 if padding is None else padding)


def linear(t, name, x, bias=True):
    return F.linear(x, t[name + ".weight"], t[name + ".bias"] if bias else None)


def heads_of(x, heads):
    return x.unflatten(2, (heads, -1)).transpose(1, 2)


def attended(q, k, v):
    return F.scaled_dot_product_attention(q, k, v).transpose(1, 2).flatten(2)


class Denoiser:
    """The U-Net of options as a model's manifest has them; t: its tensors by their published names."""

    def __init__(self, t, options):
        self.t, self.o, self.groups = t, options, options["groups"]
        self.updown = options["resamplingBlocks"]
        self.dropout = 0.0  # of training

    def block(self, name, x, told, change=None):
        t = self.t
        h = F.silu(group_norm(t, name + ".in_layers.0", x, self.groups))
        if change:
            h, x = change(h), change(x)
        h = conv(t, name + ".in_layers.2", h)
        told = linear(t, name + ".emb_layers.1", F.silu(told))[:, :, None, None]
        if self.o["scaleShift"]:
            scale, shift = told.chunk(2, 1)
            h = group_norm(t, name + ".out_layers.0", h, self.groups) * (1 + scale) + shift
        else:
            h = group_norm(t, name + ".out_layers.0", h + told, self.groups)
        h = conv(t, name + ".out_layers.3", F.dropout(F.silu(h), self.dropout))
        return h + (conv(t, name + ".skip_connection", x) if name + ".skip_connection.weight" in t else x)

    def attention(self, name, x, context):
        t, c = self.t, x.shape[1]
        heads = self.o["heads"] or c // self.o["headWidth"]
        if self.o["context"]:
            return self.transformer(name, x, context, heads)
        rows = group_norm(t, name + ".norm", x, self.groups).flatten(2).transpose(1, 2)
        qkv = F.linear(rows, t[name + ".qkv.weight"][:, :, 0], t[name + ".qkv.bias"])
        if self.o["headsFirst"]:
            q, k, v = qkv.unflatten(2, (heads, 3, -1)).permute(3, 0, 2, 1, 4)
        else:
            q, k, v = (heads_of(part, heads) for part in qkv.chunk(3, 2))
        out = F.linear(attended(q, k, v), t[name + ".proj_out.weight"][:, :, 0], t[name + ".proj_out.bias"])
        return x + out.transpose(1, 2).reshape(x.shape)

    def transformer(self, name, x, context, heads):
        t, inner = self.t, name + ".transformer_blocks.0"

        def norm(i, rows):
            n = f"{inner}.norm{i}"
            return F.layer_norm(rows, rows.shape[-1:], t[n + ".weight"], t[n + ".bias"])

        def cross(part, rows, other):
            n = f"{inner}.{part}"
            q, k, v = (linear(t, f"{n}.to_{p}", s, False) for p, s in zip("qkv", (rows, other, other)))
            return linear(t, n + ".to_out.0", attended(heads_of(q, heads), heads_of(k, heads), heads_of(v, heads)))

        rows = conv(t, name + ".proj_in", group_norm(t, name + ".norm", x, self.groups, 1e-6))
        rows = rows.flatten(2).transpose(1, 2)
        y = norm(1, rows)
        rows = rows + cross("attn1", y, y)
        rows = rows + cross("attn2", norm(2, rows), context)
        a, b = linear(t, inner + ".ff.net.0.proj", norm(3, rows)).chunk(2, -1)
        rows = rows + linear(t, inner + ".ff.net.2", a * F.gelu(b))
        return x + conv(t, name + ".proj_out", rows.transpose(1, 2).reshape(x.shape))

    def resampled(self, name, x, told, up):
        if self.updown:
            change = (lambda y: F.interpolate(y, scale_factor=2)) if up else (lambda y: F.avg_pool2d(y, 2))
            return self.block(name, x, told, change)
        return conv(self.t, name + ".conv", F.interpolate(x, scale_factor=2)) if up else conv(
            self.t, name + ".op", x, 2)

    def __call__(self, x, step):
        """step: a timestep for all, or [B]."""
        t, o, width = self.t, self.o, self.o["width"]
        half = width // 2
        angles = torch.as_tensor(step).view(-1, 1) * torch.exp(-math.log(10000) * torch.arange(half) / half)
        told = linear(t, "time_embed.0", torch.cat([angles.cos(), angles.sin()], 1))
        told = linear(t, "time_embed.2", F.silu(told)).expand(len(x), -1)
        context = None
        if o["classes"]:
            if o["context"]:
                context = t["classes.weight"][o["classes"]].expand(len(x), 1, -1)
            else:
                told = told + t["label_emb.weight"][o["classes"]]
        levels, factor, i = len(o["multipliers"]), 1, 1
        h = conv(t, "input_blocks.0.0", x)
        skips = [h]
        for level in range(levels):
            for _ in range(o["blocks"]):
                h = self.block(f"input_blocks.{i}.0", h, told)
                if factor in o["attentionFactors"]:
                    h = self.attention(f"input_blocks.{i}.1", h, context)
                skips.append(h)
                i += 1
            if level + 1 < levels:
                h = self.resampled(f"input_blocks.{i}.0", h, told, False)
                skips.append(h)
                i, factor = i + 1, factor * 2
        h = self.block("middle_block.0", h, told)
        h = self.block("middle_block.2", self.attention("middle_block.1", h, context), told)
        i = 0
        for level in reversed(range(levels)):
            for j in range(o["blocks"] + 1):
                h = self.block(f"output_blocks.{i}.0", torch.cat([h, skips.pop()], 1), told)
                part = 1
                if factor in o["attentionFactors"]:
                    h, part = self.attention(f"output_blocks.{i}.1", h, context), 2
                if level > 0 and j == o["blocks"]:
                    h, factor = self.resampled(f"output_blocks.{i}.{part}", h, told, True), factor // 2
                i += 1
        return conv(t, "out.2", F.silu(group_norm(t, "out.0", h, self.groups)))


def betas_of(o):
    """Of each timestep, in double."""
    steps = o["timesteps"]
    if o["schedule"] == "cosine":
        root = lambda s: math.cos((s + 0.008) / 1.008 * math.pi / 2) ** 2
        return [min(1 - root((i + 1) / steps) / root(i / steps), 0.999) for i in range(steps)]
    if o["schedule"] == "linear":
        scale = 1000 / steps
        return torch.linspace(scale * 1e-4, scale * 0.02, steps, dtype=torch.float64).clamp(max=0.999).tolist()
    return (torch.linspace(0.0015**0.5, 0.0195**0.5, steps, dtype=torch.float64) ** 2).tolist()


def kept_of(o):
    """Of 1 - beta the product up to each timestep, in double."""
    kept, product = [], 1.0
    for beta in betas_of(o):
        product *= 1 - beta
        kept.append(product)
    return kept


def normal_of(randoms, shape):
    return torch.cat([torch.randn(1, *shape, generator=r) for r in randoms])


def sample(denoiser, draw, randoms, beside=None):
    o = denoiser.o
    whole, steps = kept_of(o), o["timesteps"]
    end = 1.0
    if draw["everySoMany"]:
        chosen = list(range(1, steps, steps // draw["drawSteps"]))
        end = whole[0]
    else:
        last = draw["drawSteps"] - 1
        chosen = [math.floor((steps - 1) * i / last + 0.5) if last else 0 for i in range(draw["drawSteps"])]
    shape = (o["channels"], o["side"], o["side"])
    x = normal_of(randoms, shape)
    before_of = [end] + [whole[s] for s in chosen[:-1]]
    beta_of = [1 - whole[s] / b for s, b in zip(chosen, before_of)]
    log_posterior = [math.log(beta * (1 - before) / (1 - whole[s])) if before < 1 else None
                     for s, before, beta in zip(chosen, before_of, beta_of)]
    for i in reversed(range(len(chosen))):
        kept, before, beta = whole[chosen[i]], before_of[i], beta_of[i]
        said = denoiser(x if beside is None else torch.cat([x, beside], 1), chosen[i])
        noise = said[:, : o["channels"]]
        picture = x / math.sqrt(kept) - math.sqrt(1 / kept - 1) * noise
        if o["clamped"]:
            picture = picture.clamp(-1, 1)
        if draw["ddim"]:
            deviation = draw["eta"] * math.sqrt((1 - before) / (1 - kept)) * math.sqrt(1 - kept / before)
            noise = (x - math.sqrt(kept) * picture) / math.sqrt(1 - kept)
            x = math.sqrt(before) * picture + math.sqrt(max(0.0, 1 - before - deviation**2)) * noise
            if deviation > 0:
                x = x + deviation * normal_of(randoms, shape)
        else:
            mean = (beta * math.sqrt(before) * picture + (1 - before) * math.sqrt(1 - beta) * x) / (1 - kept)
            if i == 0:
                return mean
            posterior = log_posterior[i] if log_posterior[i] is not None else log_posterior[1]
            if o["learnedVariance"]:
                share = (said[:, o["channels"] :] + 1) / 2
                logs = share * math.log(beta) + (1 - share) * posterior
                x = mean + (0.5 * logs).exp() * normal_of(randoms, shape)
            else:
                x = mean + math.exp(0.5 * posterior) * normal_of(randoms, shape)
    return x


class Adm:
    def __init__(self, tensors, options):
        self.o = options
        self.base = Denoiser(part(tensors, "base."), options["base"])
        self.upsampler = Denoiser(part(tensors, "upsampler."), options["upsampler"]) if "upsampler" in options else None

    def pictures(self, randoms):
        x = sample(self.base, self.o["baseDraw"], randoms)
        if self.upsampler is None:
            return x
        low = ((x.clamp(-1, 1) + 1) * 127.5).round() / 127.5 - 1
        side = self.o["upsampler"]["side"]
        beside = F.interpolate(low, (side, side), mode="bilinear", align_corners=False)
        return sample(self.upsampler, self.o["upsamplerDraw"], randoms, beside)


class Autoencoder:
    """Latent diffusion's first stage; dropout is left out."""

    def __init__(self, t, options):
        self.t, self.o, self.groups = t, options, options["groups"]

    def block(self, name, x):
        t = self.t
        h = conv(t, name + ".conv1", F.silu(group_norm(t, name + ".norm1", x, self.groups, 1e-6)))
        h = conv(t, name + ".conv2", F.silu(group_norm(t, name + ".norm2", h, self.groups, 1e-6)))
        return h + (conv(t, name + ".nin_shortcut", x) if name + ".nin_shortcut.weight" in t else x)

    def attention(self, name, x):
        h = group_norm(self.t, name + ".norm", x, self.groups, 1e-6)
        q, k, v = (conv(self.t, f"{name}.{p}", h).flatten(2).transpose(1, 2)[:, None] for p in "qkv")
        out = F.scaled_dot_product_attention(q, k, v)[:, 0].transpose(1, 2).reshape(x.shape)
        return x + conv(self.t, name + ".proj_out", out)

    def middle(self, name, x):
        h = self.attention(name + ".attn_1", self.block(name + ".block_1", x))
        return self.block(name + ".block_2", h)

    def level(self, name, level, blocks, x):
        for i in range(blocks):
            x = self.block(f"{name}.{level}.block.{i}", x)
            if 2**level in self.o["attentionFactors"]:
                x = self.attention(f"{name}.{level}.attn.{i}", x)
        return x

    def out(self, name, x):
        return conv(self.t, name + ".conv_out", F.silu(group_norm(self.t, name + ".norm_out", x, self.groups, 1e-6)))

    def encode(self, x):
        """Before the codebook."""
        t, levels = self.t, len(self.o["multipliers"])
        h = conv(t, "encoder.conv_in", x)
        for level in range(levels):
            h = self.level("encoder.down", level, self.o["blocksPerLevel"], h)
            if level + 1 < levels:
                h = conv(t, f"encoder.down.{level}.downsample.conv", F.pad(h, (0, 1, 0, 1)), 2, 0)
        return conv(t, "quant_conv", self.out("encoder", self.middle("encoder.mid", h)))

    def nearest(self, rows):
        """Of the codebook's vectors the numbers of those nearest to rows, [n,C]."""
        book = self.t["quantize.embedding.weight"]
        return (book.square().sum(1) - 2 * rows @ book.t()).argmin(1)

    def decode(self, z):
        t = self.t
        h = self.middle("decoder.mid", conv(t, "decoder.conv_in", conv(t, "post_quant_conv", z)))
        for level in reversed(range(len(self.o["multipliers"]))):
            h = self.level("decoder.up", level, self.o["blocksPerLevel"] + 1, h)
            if level > 0:
                h = conv(t, f"decoder.up.{level}.upsample.conv", F.interpolate(h, scale_factor=2))
        return self.out("decoder", h)


class Ldm:
    def __init__(self, tensors, options):
        self.o = options
        self.autoencoder = Autoencoder(part(tensors, "autoencoder."), options["autoencoder"])
        self.scale = tensors["scale_factor"].item()
        self.denoiser = Denoiser(part(tensors, "denoiser."), options["denoiser"])

    def pictures(self, randoms):
        z = sample(self.denoiser, self.o["draw"], randoms) / self.scale
        if self.o["autoencoder"]["codes"]:
            rows = z.permute(0, 2, 3, 1)
            nearest = self.autoencoder.nearest(rows.reshape(-1, z.shape[1]))
            z = self.autoencoder.t["quantize.embedding.weight"][nearest].view(rows.shape).permute(0, 3, 1, 2)
        return self.autoencoder.decode(z)
