"""What the scripts share: their arguments, and how a step is timed and reported."""
import json
import statistics
import sys
import time

# As in process.ts, so that the figures compare.
SAMPLE_SECONDS = 0.03
WARM_UP_SECONDS = 0.4


def arguments():
    """MODEL THREADS ROUNDS. A model is "auto-encoder", or "dense-" and sizes with dashes between."""
    model, threads, rounds = sys.argv[1:]
    return model, int(threads), int(rounds)


def dense_sizes(model):
    """Of the image, and of what each layer gives."""
    return [int(size) for size in model.removeprefix("dense-").split("-")]


def report(steps, rounds):
    """Prints [{"variant", "ms"}]: medians of the steps, given by variant and measured in turn."""
    runs = {variant: warm_up(step) for variant, step in steps.items()}
    samples = {variant: [] for variant in steps}
    for _ in range(rounds):
        for variant, step in steps.items():
            samples[variant].append(seconds(step, runs[variant]))
    print(
        json.dumps(
            [
                {"variant": variant, "ms": statistics.median(times) * 1e3}
                for variant, times in samples.items()
            ]
        )
    )


def warm_up(step):
    """Runs it until its compilers are done; returns how many runs make a sample."""
    start = time.perf_counter()
    best = seconds(step, 1)
    while time.perf_counter() - start < WARM_UP_SECONDS:
        best = min(best, seconds(step, 1))
    # The first run may have taken all of that time.
    best = min(best, seconds(step, 1))
    return max(1, min(1000, round(SAMPLE_SECONDS / best)))


def seconds(step, runs):
    start = time.perf_counter()
    for _ in range(runs):
        step()
    return (time.perf_counter() - start) / runs
