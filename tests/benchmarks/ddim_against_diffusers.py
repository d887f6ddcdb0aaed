"""Our DDIM sampler and denoiser beside those of `diffusers`: same pictures, and how fast.

    python tests/benchmarks/ddim_against_diffusers.py [--steps 25] [--batch 1 16] [--repeats 5]

First table: largest difference between the two samplers over all pixels, up and down, for a fixed function in place of
the network, with the same betas and eta = 0 (double precision; the demand is 1e-5). Second table: processor seconds of
sampling with networks of the same number of parameters, one thread on both sides, the two taken in turns; imports and
first calls are not timed. "fold" is how many pixels, along each side, our network packs into channels first; with 1
both networks see the same picture. Without `diffusers` (extra "checks") it says so and stops.
"""

import argparse
import itertools
import os
import platform
import statistics
import sys
import time
from collections.abc import Callable

import torch
from torch import Tensor

from engines.counterfactual_images.causal_diffae.diffusion import Prediction, Sampler, signal_shares
from engines.networks.unet import UNet

STEPS_TRAINED = 1000
SIDE = 28


def fixed(x: Tensor, t: int) -> Tensor:
    """A function in place of a network: smooth in the picture and in time."""
    return torch.tanh(x * (0.3 + t / STEPS_TRAINED)) + 0.1 * torch.roll(x, 1, dims=-1)


def agreement(steps: int, prediction: Prediction) -> tuple[float, float]:
    """Largest difference to `diffusers` on the way down and on the way up."""
    from diffusers import DDIMInverseScheduler, DDIMScheduler

    shares = signal_shares("linear", STEPS_TRAINED)
    betas = torch.linspace(1e-4, 0.02, STEPS_TRAINED, dtype=torch.float64)
    settings = {
        "num_train_timesteps": STEPS_TRAINED, "trained_betas": betas.numpy(), "clip_sample": False,
        "prediction_type": "epsilon" if prediction == "noise" else "v_prediction", "timestep_spacing": "trailing",
    }
    x = torch.randn(4, 1, SIDE, SIDE, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    ours = Sampler(shares, prediction)
    times = ours.times(steps)

    down = DDIMScheduler(**settings, set_alpha_to_one=True)
    down.alphas_cumprod = torch.cumprod(1 - betas, 0)        # it keeps them in single precision
    down.set_timesteps(steps)
    theirs = x
    for t in down.timesteps:
        theirs = down.step(fixed(theirs, int(t)), t, theirs, eta=0.0).prev_sample
    *_, landed = ours.denoise(x, fixed, times)

    if prediction == "velocity":        # their way up reads a velocity at the level it comes from; no common ground
        return float((landed - theirs).abs().max()), float("nan")
    up = DDIMInverseScheduler(**settings, set_alpha_to_one=True)
    up.alphas_cumprod = torch.cumprod(1 - betas, 0)
    up.set_timesteps(steps)
    risen = x
    for t in up.timesteps:
        risen = up.step(fixed(risen, int(t)), t, risen).prev_sample
    return float((landed - theirs).abs().max()), float((ours.invert(x, fixed, times) - risen).abs().max())


def ours_and_theirs(fold: int) -> tuple[torch.nn.Module, torch.nn.Module]:
    """Two denoisers for 28 x 28 pixels with about as many parameters, both of two levels and without attention."""
    from diffusers import UNet2DModel

    own = UNet(channels=1, conditioning=24, base=24, multipliers=(1, 2), fold=fold)
    wanted = sum(p.numel() for p in own.parameters())
    best = min(range(16, 49, 4), key=lambda width: abs(count(peer(UNet2DModel, width)) - wanted))
    return own.eval(), peer(UNet2DModel, best).eval()


def peer(kind: type, width: int) -> torch.nn.Module:
    """A `UNet2DModel` of two levels, one block each."""
    return kind(sample_size=SIDE, in_channels=1, out_channels=1, layers_per_block=1, norm_num_groups=4,
                block_out_channels=(width, 2 * width), down_block_types=("DownBlock2D", "DownBlock2D"),
                up_block_types=("UpBlock2D", "UpBlock2D"), add_attention=False)


def count(network: torch.nn.Module) -> int:
    return sum(p.numel() for p in network.parameters())


def sampling(steps: int, batch: int, fold: int) -> tuple[list[Callable[[], object]], list[int]]:
    """Two functions that sample a batch, ours and theirs, and the sizes of their networks."""
    from diffusers import DDIMScheduler

    own, other = ours_and_theirs(fold)
    x, z = torch.randn(batch, 1, SIDE, SIDE), torch.randn(batch, 24)
    sampler = Sampler(signal_shares("linear", STEPS_TRAINED), "noise")
    scheduler = DDIMScheduler(num_train_timesteps=STEPS_TRAINED, clip_sample=False, timestep_spacing="trailing")
    scheduler.set_timesteps(steps)

    @torch.inference_mode()
    def ours() -> object:
        *_, picture = sampler.denoise(x, lambda x, t: own(x, torch.full((batch,), t), z), sampler.times(steps))
        return picture

    @torch.inference_mode()
    def theirs() -> object:
        picture = x
        for t in scheduler.timesteps:
            picture = scheduler.step(other(picture, t).sample, t, picture, eta=0.0).prev_sample
        return picture

    return [ours, theirs], [count(own), count(other)]


def main() -> int:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--steps", type=int, default=25)
    parser.add_argument("--batch", type=int, nargs="+", default=[1, 16])
    parser.add_argument("--fold", type=int, nargs="+", default=[2, 1], help="2 is what the method uses at 28 pixels")
    parser.add_argument("--repeats", type=int, default=5)
    options = parser.parse_args()
    try:
        import diffusers
    except ImportError as error:
        print(f"Skipped: diffusers is not installed ({error}). pip install 'otherwise-studio[checks]' installs it.")
        return 0
    torch.set_num_threads(1)
    torch.manual_seed(0)
    print(f"diffusers {diffusers.__version__}, torch {torch.__version__}, {platform.machine()}, {os.cpu_count()} cores")
    print(f"\n{'prediction':<12}{'steps':>6}{'down, max difference':>24}{'up, max difference':>24}")
    for prediction in ("noise", "velocity"):
        for steps in (10, options.steps, 250):
            down, up = agreement(steps, prediction)
            print(f"{prediction:<12}{steps:>6}{down:>24.2e}{up:>24.2e}")
    print(f"\n{'batch':>6}{'steps':>6}{'fold':>6}{'threads':>9}{'ours: parameters':>18}{'CPU ms':>9}"
          f"{'diffusers: parameters':>23}{'CPU ms':>9}{'ratio':>8}{'wall ratio':>12}")
    for fold, batch in itertools.product(options.fold, options.batch):
        work, sizes = sampling(options.steps, batch, fold)
        cpu: list[list[float]] = [[], []]
        wall: list[list[float]] = [[], []]
        for repeat in range(options.repeats + 1):
            for side, run in enumerate(work):
                began = time.process_time(), time.perf_counter()
                run()
                if repeat:
                    cpu[side].append(time.process_time() - began[0])
                    wall[side].append(time.perf_counter() - began[1])
        ours, theirs = (statistics.median(side) for side in cpu)
        walls = [statistics.median(side) for side in wall]
        print(f"{batch:>6}{options.steps:>6}{fold:>6}{1:>9}{sizes[0]:>18,}{1000 * ours:>9.1f}"
              f"{sizes[1]:>23,}{1000 * theirs:>9.1f}{ours / theirs:>8.2f}{walls[0] / walls[1]:>12.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
