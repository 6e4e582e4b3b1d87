"""Paper A's W and F in eager PyTorch, as Python would have them: what `signet bench train` compares with.

State-dict names and parameter counts are those of core/nn/unet.cpp and core/nn/resnet.cpp.
"""

import math

import torch
import torch.nn.functional as F
from torch import nn


def resample(x, how):
    if how == "up":
        return F.interpolate(x, scale_factor=2, mode="nearest")
    return F.avg_pool2d(x, 2) if how == "down" else x


class ResBlock(nn.Module):
    def __init__(self, channels, out, embedding, dropout=0.1, how=None):
        super().__init__()
        self.how = how
        self.in_layers = nn.Sequential(nn.GroupNorm(32, channels), nn.SiLU(), nn.Conv2d(channels, out, 3, padding=1))
        self.emb_layers = nn.Sequential(nn.SiLU(), nn.Linear(embedding, 2 * out))
        self.out_layers = nn.Sequential(
            nn.GroupNorm(32, out), nn.SiLU(), nn.Dropout(dropout), nn.Conv2d(out, out, 3, padding=1))
        self.skip_connection = nn.Identity() if channels == out else nn.Conv2d(channels, out, 1)

    def forward(self, x, embedding):
        h = resample(self.in_layers[:2](x), self.how)
        h = self.in_layers[2](h)
        scale, shift = self.emb_layers(embedding)[:, :, None, None].chunk(2, 1)
        h = self.out_layers[0](h) * (1 + scale) + shift
        return self.skip_connection(resample(x, self.how)) + self.out_layers[1:](h)


class Attention(nn.Module):
    def __init__(self, channels, head_width=64):
        super().__init__()
        self.heads = channels // head_width
        self.norm = nn.GroupNorm(32, channels)
        self.qkv = nn.Conv1d(channels, 3 * channels, 1)
        self.proj_out = nn.Conv1d(channels, channels, 1)

    def forward(self, x, _embedding):
        flat = x.flatten(2)
        split = [t.unflatten(1, (self.heads, -1)).transpose(2, 3) for t in self.qkv(self.norm(flat)).chunk(3, 1)]
        h = F.scaled_dot_product_attention(*split).transpose(2, 3).flatten(1, 2)
        return (flat + self.proj_out(h)).view_as(x)


class UNet(nn.Module):
    def __init__(self, bits, width=64, multipliers=(1, 1, 2, 2, 4, 4), blocks=2, attention=(8, 16, 32), timestep=100):
        super().__init__()
        embedding = 4 * width
        frequencies = torch.exp(torch.arange(width // 2) * (-math.log(10000) / (width // 2))) * timestep
        self.sinusoid = torch.cat([frequencies.cos(), frequencies.sin()])[None]
        self.time_embed = nn.Sequential(nn.Linear(width, embedding), nn.SiLU(), nn.Linear(embedding, embedding))
        if bits > 1:
            self.label_emb = nn.Sequential(nn.Linear(bits, embedding), nn.SiLU(), nn.Linear(embedding, embedding))
        channels, factor, skips = width, 1, [width]
        self.input_blocks = nn.ModuleList([nn.ModuleList([nn.Conv2d(3, width, 3, padding=1)])])
        for level, multiplier in enumerate(multipliers):
            for _ in range(blocks):
                layer = nn.ModuleList([ResBlock(channels, multiplier * width, embedding)])
                channels = multiplier * width
                if factor in attention:
                    layer.append(Attention(channels))
                self.input_blocks.append(layer)
                skips.append(channels)
            if level + 1 < len(multipliers):
                self.input_blocks.append(nn.ModuleList([ResBlock(channels, channels, embedding, how="down")]))
                skips.append(channels)
                factor *= 2
        self.middle_block = nn.ModuleList(
            [ResBlock(channels, channels, embedding), Attention(channels), ResBlock(channels, channels, embedding)])
        self.output_blocks = nn.ModuleList()
        for level, multiplier in reversed(list(enumerate(multipliers))):
            for i in range(blocks + 1):
                layer = nn.ModuleList([ResBlock(channels + skips.pop(), multiplier * width, embedding)])
                channels = multiplier * width
                if factor in attention:
                    layer.append(Attention(channels))
                if level > 0 and i == blocks:
                    layer.append(ResBlock(channels, channels, embedding, how="up"))
                    factor //= 2
                self.output_blocks.append(layer)
        self.out = nn.Sequential(nn.GroupNorm(32, channels), nn.SiLU(), nn.Conv2d(channels, 3, 3, padding=1))

    def forward(self, x, code):
        embedding = self.time_embed(self.sinusoid).expand(len(x), -1)
        if hasattr(self, "label_emb"):
            embedding = embedding + self.label_emb(code)
        h = self.input_blocks[0][0](x)
        skips = [h]
        for blocks in self.input_blocks[1:]:
            for block in blocks:
                h = block(h, embedding)
            skips.append(h)
        for block in self.middle_block:
            h = block(h, embedding)
        for blocks in self.output_blocks:
            h = torch.cat([h, skips.pop()], 1)
            for block in blocks:
                h = block(h, embedding)
        return self.out(h)


class BasicBlock(nn.Module):
    def __init__(self, channels, out, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, out, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(out)
        self.conv2 = nn.Conv2d(out, out, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(out)
        self.downsample = None
        if stride != 1 or channels != out:
            self.downsample = nn.Sequential(nn.Conv2d(channels, out, 1, stride, bias=False), nn.BatchNorm2d(out))
        self.relu = nn.ReLU(inplace=True)

    def forward(self, x):
        h = self.bn2(self.conv2(self.relu(self.bn1(self.conv1(x)))))
        return self.relu(h + (x if self.downsample is None else self.downsample(x)))


class ResNet34(nn.Module):
    def __init__(self, outputs):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 64, 7, 2, 3, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        channels = 64
        for i, (width, count) in enumerate(((64, 3), (128, 4), (256, 6), (512, 3))):
            layer = nn.Sequential()
            for block in range(count):
                layer.append(BasicBlock(channels, width, 2 if i > 0 and block == 0 else 1))
                channels = width
            setattr(self, f"layer{i + 1}", layer)
        self.fc = nn.Linear(512, outputs)

    def forward(self, x):
        h = F.max_pool2d(F.relu(self.bn1(self.conv1(x)), inplace=True), 3, 2, 1)
        h = self.layer4(self.layer3(self.layer2(self.layer1(h))))
        return self.fc(F.adaptive_avg_pool2d(h, 1).flatten(1))
