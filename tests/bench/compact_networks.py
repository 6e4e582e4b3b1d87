"""The compact injector and locator in eager PyTorch, with the state-dict names of core/nn/compact.cpp."""

import torch
import torch.nn.functional as F
from torch import nn


class ConvNormSilu(nn.Module):
    def __init__(self, channels, out):
        super().__init__()
        self.conv = nn.Conv2d(channels, out, 3, padding=1)
        self.norm = nn.GroupNorm(8, out)

    def forward(self, x):
        return F.silu(self.norm(self.conv(x)))


def enlarge(x, like):
    return F.interpolate(x, size=like.shape[2:], mode="bilinear")


class Injector(nn.Module):
    def __init__(self, widths, code_channels=16, grid=8):
        super().__init__()
        fine, medium, coarse = widths
        self.map = (code_channels, grid, grid)
        self.encode1 = ConvNormSilu(12, fine)
        self.encode2 = ConvNormSilu(fine, medium)
        self.encode3 = ConvNormSilu(medium, coarse)
        self.middle = ConvNormSilu(coarse, coarse)
        self.decode3 = ConvNormSilu(2 * coarse, coarse)
        self.decode2 = ConvNormSilu(coarse + medium, medium)
        self.decode1 = ConvNormSilu(medium + fine, fine)
        self.code = nn.Linear(1, code_channels * grid * grid)
        self.code3 = nn.Conv2d(code_channels, coarse, 1)
        self.code2 = nn.Conv2d(code_channels, medium, 1)
        self.code1 = nn.Conv2d(code_channels, fine, 1)
        self.out = nn.Conv2d(fine, 12, 3, padding=1)

    def forward(self, x):
        code = self.code(torch.ones(len(x), 1)).view(-1, *self.map)
        e1 = self.encode1(F.pixel_unshuffle(x, 2))
        e2 = self.encode2(F.avg_pool2d(e1, 2))
        e3 = self.encode3(F.avg_pool2d(e2, 2))
        h = self.decode3(torch.cat([self.middle(e3), e3], 1))
        h = h + self.code3(enlarge(code, h))
        h = self.decode2(torch.cat([enlarge(h, e2), e2], 1))
        h = h + self.code2(enlarge(code, h))
        h = self.decode1(torch.cat([enlarge(h, e1), e1], 1))
        h = h + self.code1(enlarge(code, h))
        return F.pixel_shuffle(self.out(h), 2)


class Block(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.norm1 = nn.BatchNorm2d(channels)
        self.conv2 = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.norm2 = nn.BatchNorm2d(channels)

    def forward(self, x):
        return F.relu(x + self.norm2(self.conv2(F.relu(self.norm1(self.conv1(x))))))


class Locator(nn.Module):
    def __init__(self, widths, last_blocks=3):
        super().__init__()
        self.trunk = nn.Sequential()
        channels = 3
        for i, width in enumerate(widths):
            self.trunk.extend([nn.Conv2d(channels, width, 3, 2, 1, bias=False), nn.BatchNorm2d(width), nn.ReLU(True)])
            self.trunk.extend(Block(width) for _ in range(last_blocks if i == 2 else 1))
            channels = width
        self.head = nn.Conv2d(channels, 1, 1)

    def forward(self, x):
        return self.head(self.trunk(x))


class Detector(nn.Module):
    def __init__(self, widths):
        super().__init__()
        self.locator = Locator(widths)
