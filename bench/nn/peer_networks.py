"""The built-in networks (docs/networks.md) in PyTorch, for bench/nn/peer_training.py."""
import torch
from torch import nn


class SqueezeExcite(nn.Module):
    def __init__(self, channels, inner):
        super().__init__()
        self.squeeze, self.excite = nn.Linear(channels, inner), nn.Linear(inner, channels)

    def forward(self, x):
        s = torch.relu(self.squeeze(x.mean(2)))
        return x * nn.functional.hardsigmoid(self.excite(s)).unsqueeze(2)


class Residual(nn.Module):
    def __init__(self, body, shortcut=None, last=None):
        super().__init__()
        self.body, self.shortcut, self.last = body, shortcut or nn.Identity(), last or nn.Identity()

    def forward(self, x):
        return self.last(self.body(x) + self.shortcut(x))


def dscnn(width, channels, classes):
    def normed(convolution):
        return [convolution, nn.BatchNorm1d(width), nn.ReLU()]

    layers = normed(nn.Conv1d(channels, width, 3, 2, 1, bias=False))
    for block in range(1, 11):
        layers += normed(nn.Conv1d(width, width, 3, 1, 1, groups=width, bias=False))
        layers += normed(nn.Conv1d(width, width, 1, bias=False))
        if block % 2 == 0:
            layers.append(SqueezeExcite(width, max(1, width // 4)))
    return nn.Sequential(*layers, nn.AdaptiveAvgPool1d(1), nn.Flatten(), nn.Linear(width, classes))


def to_eights(channels):
    nearest = max(8, int(channels + 4) // 8 * 8)
    return nearest + 8 if nearest < 0.9 * channels else nearest


# kernel, expanded, channels, squeezes, hard swish, stride
MOBILENETV3_SMALL = [(3, 16, 16, 1, 0, 2), (3, 72, 24, 0, 0, 2), (3, 88, 24, 0, 0, 1), (5, 96, 40, 1, 1, 2),
                     (5, 240, 40, 1, 1, 1), (5, 240, 40, 1, 1, 1), (5, 120, 48, 1, 1, 1), (5, 144, 48, 1, 1, 1),
                     (5, 288, 96, 1, 1, 2), (5, 576, 96, 1, 1, 1), (5, 576, 96, 1, 1, 1)]


def mobilenetv3(width, channels, classes):
    def scaled(c):
        return to_eights(c * width / 100)

    def normed(convolution, activation):
        layers = [convolution, nn.BatchNorm1d(convolution.out_channels)]
        return layers + [activation()] if activation else layers

    last = scaled(16)
    layers = normed(nn.Conv1d(channels, last, 3, 2, 1, bias=False), nn.Hardswish)
    for kernel, expanded, out, squeezes, swish, stride in MOBILENETV3_SMALL:
        expanded, out, activation = scaled(expanded), scaled(out), nn.Hardswish if swish else nn.ReLU
        body = normed(nn.Conv1d(last, expanded, 1, bias=False), activation) if expanded != last else []
        body += normed(nn.Conv1d(expanded, expanded, kernel, stride, kernel // 2, groups=expanded, bias=False), activation)
        if squeezes:
            body.append(SqueezeExcite(expanded, to_eights(expanded // 4)))
        body = nn.Sequential(*body, *normed(nn.Conv1d(expanded, out, 1, bias=False), None))
        layers.append(Residual(body) if stride == 1 and out == last else body)
        last = out
    layers += normed(nn.Conv1d(last, scaled(576), 1, bias=False), nn.Hardswish)
    return nn.Sequential(*layers, nn.AdaptiveAvgPool1d(1), nn.Flatten(), nn.Linear(scaled(576), scaled(1024)),
                         nn.Hardswish(), nn.Linear(scaled(1024), classes))


def resnet18_3(width, channels, classes):
    def normed(a, b, kernel, stride=1):
        return [nn.Conv2d(a, b, kernel, stride, kernel // 2, bias=False), nn.BatchNorm2d(b)]

    layers, last = [*normed(channels, width, 3), nn.ReLU()], width
    for stage in range(3):
        out = width << stage
        for block in range(2):
            stride = 2 if stage and not block else 1
            body = nn.Sequential(*normed(last, out, 3, stride), nn.ReLU(), *normed(out, out, 3))
            shortcut = nn.Sequential(*normed(last, out, 1, stride)) if stride > 1 else None
            layers.append(Residual(body, shortcut, nn.ReLU()))
            last = out
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(last, classes))
