#!/usr/bin/env python3
"""Writes models/NAME/card.md from what was measured: manifest.json, calibration.json and evaluation.jsonl (the output of
`signet evaluate NAME --images FOLDER --keep`), with the hand-written history.md of the training run. What stands before
"Training and evaluation in full" is one page of a report; the rest is printed there on request.

    models/make_card.py NAME
"""
import json
import math
import pathlib
import sys


def upper_limit(k, n):
    """One-sided 95 % Clopper-Pearson limit: the rate at which k or fewer of n would be seen 5 % of the time."""
    low, high = k / n, 1.0
    for _ in range(60):
        p = (low + high) / 2
        tail = sum(math.comb(n, i) * p**i * (1 - p) ** (n - i) for i in range(k + 1))
        low, high = (p, high) if tail > 0.05 else (low, p)
    return high


def percent(row, key):
    if key not in row or row[key]["value"] is None:
        return "–"
    low, high = row[key]["ci95"]
    return f"{100 * row[key]['value']:.2f} ({100 * low:.1f}–{100 * high:.1f})"


MOVED = "turned by up to 30°, mirrored, blurred as in paper A"
CROPPED = "cropped to {} of the area, scaled back or not"
# The treatments of an evaluation in words; a key is what stands before the colon.
TREATMENTS = {
    "none": "unchanged",
    "flip": MOVED,
    "jpeg": "JPEG, quality {}",
    "webp": "lossy WebP, quality {}",
    "resize": "scaled to {} of the side",
    "crop": CROPPED,
    "cropresize": CROPPED,
    "rotate": MOVED,
    "blur": "blurred, σ {} px",
    "noise": "noise, σ {} of the range",
    "brightness": "brightness or contrast × {}",
    "contrast": "brightness or contrast × {}",
    "paper-text": MOVED,
    "paper-code": MOVED,
}
SEVERAL = "several of these together"


def treatment(spec):
    """The words for a spec and its strength: "jpeg:90" -> ("JPEG, quality {}", "90")."""
    kind, _, strength = spec.partition(":")
    return (SEVERAL, "") if "+" in spec else (TREATMENTS[kind], strength)


def summary(rows, code):
    """The table for the reader of a report: one line a kind of treatment, the worst of its strengths."""
    groups = {}
    for row in rows:
        words, strength = treatment(row["attack"])
        groups.setdefault(words, []).append((strength, row))
    if SEVERAL in groups:
        groups[SEVERAL] = groups.pop(SEVERAL)  # at the end
    columns = [("signed, found", "true_positives", min), ("unsigned, reported", "false_positives", max)]
    if code:
        columns.append(("all bits right", "exact_code_rate", min))
    lines = ["| treated | " + " | ".join(title for title, _, _ in columns) + " |", "| --- |" + " ---: |" * len(columns)]
    for words, group in groups.items():
        cells = [percent(worst((row for _, row in group), key=lambda row: row[key]["value"]), key) for _, key, worst in columns]
        lines.append(f"| {words.format(', '.join(dict.fromkeys(strength for strength, _ in group)))} | " + " | ".join(cells) + " |")
    return lines


def visible(seen, n):
    """What a person may see of a signature, and what that means."""
    p99, p999, share = (seen[key]["value"] for key in ("p99", "p999", "share_over_1"))
    lines = [
        f"- Visible difference (CIEDE2000 after the eye's low-pass, {seen['pixels_per_degree']:g} pixels a degree; means over {n} photographs): 99 % of an image",
        f"  within {p99:.1f}, 99.9 % within {p999:.1f}; over 1, from where a difference can be seen, on {100 * share:.1f} % of it.",
    ]
    if p99 > 1:
        lines.append("  **These weights can be seen:** signing leaves faint clouds or spots of colour, most of all in even areas such as skies.")
    return lines


def main():
    folder = pathlib.Path(__file__).resolve().parent / sys.argv[1]
    manifest = json.loads((folder / "manifest.json").read_text())
    calibration = json.loads((folder / "calibration.json").read_text())
    rows = [json.loads(line) for line in (folder / "evaluation.jsonl").read_text().splitlines()]
    history = (folder / "history.md").read_text().strip()
    name, code = manifest["name"], manifest["bits"] > 1
    n = calibration["originals"]
    wrong = calibration["false_positives"]
    rate = f"{wrong} of {n} originals; one-sided 95 % upper limit {100 * upper_limit(wrong, n):.2f} %"
    first = rows[0]
    lines = [
        f"# {name}",
        "",
        manifest["title"] + ".",
        "",
        "## What it detects",
        "",
        "Whether an image carries the signature of this model, a pattern that its injector added to the pixels"
        + (f"; the {manifest['bits']} bits of its code are read as well." if code else ".")
        + " Signatures of other models and programs are not found.",
        "",
        f"- Signed images, 256×256 after 8-bit rounding: PSNR {first['psnr_db']['value']:.2f} dB "
        f"(95 % interval of the mean {first['psnr_db']['ci95'][0]:.2f}–{first['psnr_db']['ci95'][1]:.2f}, n = {first['psnr_db']['n']}), "
        f"SSIM {first['ssim']['value']:.4f}.",
        *visible(first["visible"], first["n"]),
        "",
        "## What it was measured on",
        "",
        f"- Thresholds: {calibration['photographs']} photographs of {n} originals that were used neither in training nor in the rates below, reduced to 256×256, each through",
        f"  {', '.join(words.format(strength) for words, strength in map(treatment, calibration['codecs']))}. A signature is reported from a score of {calibration['threshold']}; between {calibration['lower_threshold']} and that the answer",
        f"  is inconclusive. False positives: {rate}. An original counts once, by the highest score of its crops and codecs.",
        f"- Rates: {first['n']} photographs never seen, one an original, signed and unsigned alike through each treatment. Per cent with 95 % intervals",
        "  (Clopper–Pearson); where a line names several strengths, the worst of them.",
        "",
        *summary(rows, code),
        "",
        "## Limits",
        "",
        "- Regeneration by a diffusion model or an autoencoder removes it; so may heavy editing. Its absence says nothing about how an image came to be.",
        "- It shows that this injector was applied, or its effect copied: whoever has the model can put it on any image.",
        "- Trained and measured on colour photographs. Drawings, charts and screenshots are recognised as such where their file shows it, and get no rate.",
        "- Not measured: crops off the centre, other aspect ratios, perspective and rotations beyond 30° (read only where the locator finds them);",
        "  scans and medical images.",
        "",
        "## Training and evaluation in full",
        "",
        f"Networks: `{manifest['arch']}`, {manifest['parameters']:,} parameters, injector at {manifest['resolution']} px; "
        f"weights SHA-256 `{manifest['weights_sha256']}`.",
        "",
        "### Training",
        "",
        history,
        "",
        "### Calibration",
        "",
        f"`signet evaluate {name} --images ../shared/data/photos --calibrate`; file list SHA-256 `{calibration['images_sha256']}`.",
        "",
        "### Evaluation",
        "",
        f"`signet evaluate {name} --images ../shared/data/photos_test --keep`: the same thresholds for all rows, set on the calibration set. Values in per",
        "cent with their 95 % intervals (Clopper–Pearson; bits: Student's t over images, exact where all images agree). Presence: right answers, signed and unsigned together, at the",
        f"balanced threshold {calibration['balanced_threshold']}. Found and false positives: at the threshold {calibration['threshold']} at which a signature is reported.",
        (
            "TPR: share of signed images above the highest score of all but one in a thousand calibration originals."
            if first["tpr_at_fpr"]["value"] is not None
            else f"No TPR at a false positive rate of {first['tpr_at_fpr']['fpr']:g}: {first['tpr_at_fpr']['calibration_originals']} originals do not support it."
        )
        + (
            f" Code TPR: at least {first['code_tpr_at_fpr']['matched_bits_needed']} bits as embedded: one in a thousand for one code,"
            f" corrected for the up to {first['code_tpr_at_fpr']['geometries_tried']} geometries tried."
            if code
            else ""
        ),
        "",
    ]
    columns = [("presence", "presence_accuracy"), ("found", "true_positives"), ("false positives", "false_positives"), ("TPR", "tpr_at_fpr")]
    if code:
        columns += [("bits", "bit_accuracy"), ("code TPR", "code_tpr_at_fpr"), ("all bits", "exact_code_rate")]
    columns = [column for column in columns if any(row[column[1]]["value"] is not None for row in rows)]
    lines.append("| attack | " + " | ".join(title for title, _ in columns) + " | AUC |")
    lines.append("| --- |" + " ---: |" * (len(columns) + 1))
    for row in rows:
        lines.append(f"| {row['attack']} | " + " | ".join(percent(row, key) for _, key in columns) + f" | {row['auc']['value']:.5f} |")
    lines += [
        "",
        "crop: centre crop to that share of the area, not resized back; cropresize: the same, resized back. paper-text and paper-code: the",
        "augmentations of paper A (rotation to ±30°, blur, flip) as its text and as its code give them.",
    ]
    (folder / "card.md").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
