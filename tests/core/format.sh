#!/usr/bin/env bash
# Fails where clang-format 14 would change a source file: tests/core/format.sh ROOT CLANG_FORMAT
# Skipped (77) where clang-format is missing or another version: other versions format differently.
set -euo pipefail
cd "${1:?usage: format.sh ROOT CLANG_FORMAT}"
version=$("${2:-clang-format-14}" --version 2>/dev/null) || version=none
[[ $version == *"version 14."* ]] || { echo "clang-format 14 is not here ($version); skipped" && exit 77; }

if git rev-parse --is-inside-work-tree >/dev/null 2>&1; then
    mapfile -t sources < <(git ls-files '*.h' '*.cpp' '*.cu')
else
    mapfile -t sources < <(find core ui app tests -name '*.h' -o -name '*.cpp' -o -name '*.cu')
fi
[ ${#sources[@]} -gt 0 ] || { echo "no sources under $PWD" && exit 1; }
"$2" --dry-run --Werror "${sources[@]}"
echo "${#sources[@]} files are formatted"
