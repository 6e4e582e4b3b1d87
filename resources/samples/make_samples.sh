#!/usr/bin/env bash
# Makes the signed and attacked samples beside this script from the photographs beside it, with the built program:
#   resources/samples/make_samples.sh [PATH OF signet]
# Codes and seeds are fixed, so a run with the same weights gives the same files.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
signet=$(realpath "${1:-$here/../../build/bin/signet}")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

rm -f "$here"/*-signed.* "$here"/*-attacked-*

# signed NAME.EXT MODEL CODE: NAME-signed.jpg
signed() {
    "$signet" sign --quiet --model "$2" --code "$3" --format jpg --quality 92 -o "$here/${1%.*}-signed.jpg" "$here/$1"
}
# attacked NAME LABEL SPEC: NAME-attacked-LABEL.EXT from NAME-signed.jpg
attacked() {
    local out="$work/$2" file
    "$signet" attack "$3" --quiet --seed 1 -o "$out" "$here/$1-signed.jpg"
    file=$(find "$out" -type f -print -quit)
    cp "$file" "$here/$1-attacked-$2.${file##*.}"
}

signed astronaut.png photo-keyed32 5a17c0de
signed coffee.png photo-keyed32 0c0ffee1
signed chelsea.png photo-keyed32 00ca7ca7
attacked astronaut jpeg50 jpeg:50
attacked coffee crop crop:0.75
attacked chelsea blur blur:2.0
# coffee-cut-signed.jpg: cut to 70 % of its sides, then signed, with the metadata and the thumbnail of a camera's file as
# they were before (needs the commands exiv2, djpeg and cjpeg): its layers conflict.
conflicting() {
    local cut="$work/coffee-cut.png" thumbnail="$work/coffee-cut-signed-thumb.jpg" out="$here/coffee-cut-signed.jpg"
    "$signet" attack crop:0.49 --quiet -o "$work/cut" "$here/coffee.png"
    cp "$(find "$work/cut" -type f -print -quit)" "$cut"
    "$signet" sign --quiet --model photo-keyed32 --code 0c0ffee2 --format jpg --quality 92 -o "$out" "$cut"
    djpeg -scale 1/4 "$here/coffee-signed.jpg" | cjpeg -quality 70 >"$thumbnail"
    exiv2 -M "set Exif.Image.Make Signet" -M "set Exif.Image.Model Sample camera" \
        -M "set Exif.Photo.PixelXDimension 600" -M "set Exif.Photo.PixelYDimension 400" "$out"
    exiv2 -it -l "$work" "$out"
}
conflicting
ls -l "$here"/*-signed.* "$here"/*-attacked-*
